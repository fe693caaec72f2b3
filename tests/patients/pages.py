"""Reads pages as people do: their words, what is announced, the password that is shown."""

import re
from html import unescape
from typing import Any

from django.test import Client


def words(page: Any) -> str:
    """What a page says, in one line."""
    main = page.content.decode().partition("<main")[2].partition("</main>")[0].partition(">")[2]
    said = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", main)))
    return said.replace("\N{NO-BREAK SPACE}", " ").replace("\N{WORD JOINER}", "").strip()


def case_ids(page: Any) -> list[str]:
    """The pseudonyms in the rows of a list."""
    return re.findall(r'<th scope="row"><a href="[^"]+">(.*?)</a>', page.content.decode())


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
