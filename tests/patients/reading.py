"""Reads pages as people do: their words, what is announced, the password that is shown."""

import re
from typing import Any

from django.test import Client


def words(response: Any) -> str:
    """What a page says, without its marks."""
    plain = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", plain)


def alert(response: Any) -> str:
    found = re.search(r'role="alert".*?</div>', response.content.decode(), re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[0])) if found else ""


def password_in(response: Any) -> str:
    found = re.search(r"[a-z2-9]{4}(-[a-z2-9]{4}){4}", response.content.decode())
    assert found
    return found[0]


def signed_in(username: str, password: str) -> Client:
    client = Client()
    client.post("/sign-in/", {"login": username, "password": password})
    return client
