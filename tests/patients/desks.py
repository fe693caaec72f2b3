"""Somebody at a screen: opens a form of a case, types into it and sends it."""

import re
from html import unescape
from typing import Any

from django.http import HttpResponse
from django.test import Client

from patients.models import Case, User

TOKEN = re.compile(r'name="token" value="([^"]+)"')
SEEN = re.compile(r'name="([a-z0-9_]+-)?seen" value="([0-9]+)"')
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


class Desk:
    """A person who has signed in, and one case."""

    def __init__(self, person: User, case: Case) -> None:
        self.client = Client()
        self.client.force_login(person)
        self.case = case

    def address(self, path: str) -> str:
        """The address of a page of the case."""
        return f"/cases/{self.case.public_id}/{path}"

    def look(self, path: str) -> str:
        """What a page shows."""
        response = self.client.get(self.address(path))
        assert response.status_code == 200, response.status_code
        return plainly(response.content)

    def opened(self, path: str) -> dict[str, str]:
        """A form as it is opened: its token, and the revisions that it shows."""
        shown = self.look(path)
        form = {"token": TOKEN.findall(shown)[0]}
        return form | {f"{name}seen": number for name, number in SEEN.findall(shown)}

    def send(self, path: str, typed: dict[str, Any]) -> Any:
        """Send a form."""
        return self.client.post(self.address(path), typed)

    def answer(self, shown: Any, typed: dict[str, Any] | None = None) -> Any:
        """Send the form that an answer shows, as it stands there, with something typed into it."""
        form = shown.content.decode().partition('<form class="records')[2].partition("</form>")[0]
        action = re.findall(r'action="([^"]*)"', form.partition(">")[0])
        return self.client.post(
            action[0] if action else shown.request["PATH_INFO"],
            {**filled_in(form), **(typed or {})},
        )

    def type(self, path: str, **typed: Any) -> Any:
        """Open a form, type into it and send it: `crp_unit="mg/dL"` is the field crp-unit."""
        return self.send(path, self.opened(path) | fields(typed))


def filled_in(form: str) -> dict[str, list[str]]:
    """What a form would send as it stands."""
    sent: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        said = dict(re.findall(r'([a-z-]+)="([^"]*)"', tag))
        if said["type"] not in ("radio", "checkbox") or " checked" in tag:
            sent.setdefault(unescape(said["name"]), []).append(unescape(said.get("value", "")))
    for name, text in re.findall(r'<textarea name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form, re.S):
        sent[unescape(name)] = [unescape(text)]
    for name, options in re.findall(r'<select[^>]* name="([^"]+)".*?>(.*?)</select>', form, re.S):
        chosen = re.findall(r'value="([^"]*)"[^>]* selected', options)
        sent[name] = chosen[:1] or re.findall(r'value="([^"]*)"', options)[:1]
    return sent


def fields(typed: dict[str, Any]) -> dict[str, Any]:
    """Names of fields from names of arguments, in which two underscores stand for the hyphen."""
    return {name.replace("__", "-"): value for name, value in typed.items()}


def text_of(response: HttpResponse) -> str:
    """What an answer shows."""
    return plainly(response.content)


def plainly(content: bytes) -> str:
    """Markup as it is read, with plain spaces."""
    said = unescape(content.decode())
    return said.replace("\N{NO-BREAK SPACE}", " ").replace("\N{WORD JOINER}", "")


def hidden_in(response: HttpResponse) -> dict[str, str]:
    """The fields that an answer carries without showing them."""
    return {unescape(n): unescape(v) for n, v in HIDDEN.findall(response.content.decode())}
