"""Every address x person x centre x method, generated from the URL configuration: what leaks?

Two centres are seeded with words and dates that stand nowhere else. Whatever an answer holds of
what its reader may not see is a fault, as is an answer that tells a foreign case from none.
"""

import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import copy
from datetime import date
from functools import cache
from importlib import import_module
from io import BytesIO
from itertools import cycle, product
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.db import transaction
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver
from django.urls.converters import get_converters
from pypdf import PdfReader

from patients.emergency.opening import open_in_emergency
from patients.frame.policy import Policy
from patients.models import Access, AccessKind, Centre, Membership, Revocation, Role, User
from patients.permissions import RIGHTS, Right
from tests.patients import courses
from tests.patients.seeded import seed

SAFE: Final = ("GET", "HEAD", "OPTIONS")
UNSAFE: Final = ("POST", "PUT", "PATCH", "DELETE")
ANSWERED: Final = ("GET", "POST")
"""The methods that views answer: asked of everybody everywhere."""

OTHERS: Final = tuple(sorted({*SAFE, *UNSAFE} - {*ANSWERED}))
"""Asked of everybody as well, the places taking turns: each place hears each method."""
READABLE: Final = {
    *("text/html", "application/json", "text/plain", "image/svg+xml", "text/calendar", ""),
    "application/pdf",
}
"""Kinds of answers that can be searched as they are; another one is a fault until it can be."""

WITHOUT_POLICY: Final = {
    "home",
    "account_login",
    "account_logout",
    "look",
    "mfa_authenticate",
    "health",
    "ready",
    "metrics",
}  # and published evidence
OPEN_TO_ALL: Final = {
    *("home", "account_login", "account_logout", "mfa_authenticate", "look", "health", "ready")
}
BY_TOKEN: Final = {"metrics"}
"""For no person: what asks has a token, without which there is no such page."""
EMERGENCY: Final = "in an emergency"
"""Somebody of a third centre who has opened the own case in an emergency, and nothing else."""
OUTSIDERS: Final = ("without role", "superuser", "revoked", "anonymous")

CHANCE = re.compile(
    r"Set-Cookie: (?:sessionid|messages)=[^\n]*"
    r"|\b[A-Za-z0-9]{64}\b|\b[A-Za-z0-9]{32}\b|expires=[^;]+"
    r'|data-day="[^"]*"'
)
"""What differs from answer to answer: tokens, cookies that are signed with their second, and how
long a session still lasts."""


class Route(NamedTuple):
    """An address of the URL configuration."""

    name: str
    template: str
    kwargs: tuple[str, ...]
    view: Callable[..., Any]

    @property
    def policy(self) -> Policy | None:
        """What the view declares that it asks of a person."""
        declared: Policy | None = getattr(self.view, "policy", None)
        return declared

    @property
    def of_a_centre(self) -> bool:
        """Whether the address names something that belongs to a centre."""
        return bool({"public_id", "code"} & set(self.kwargs))

    def path(self, examples: Mapping[str, str]) -> str:
        """The address with an example for each of its parts."""
        path = self.template
        for name in self.kwargs:
            assert name in examples, f"add an example for kwarg {name} ({self.name})"
            path = path.replace(f"<{name}>", examples[name])
        return path


def routes() -> list[Route]:
    """Every address of the URL configuration."""
    return list(_walk(import_module(settings.ROOT_URLCONF).urlpatterns, "", "/"))


def _walk(patterns: list[Any], namespace: str, prefix: str) -> Iterator[Route]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, inner, path)
        elif isinstance(pattern, URLPattern):
            kinds = "|".join(get_converters())
            template = re.sub(f"<(?:(?:{kinds}):)?([a-z_]+)>", r"<\1>", path)
            names = tuple(re.findall(r"<([a-z_]+)>", template))
            yield Route(f"{namespace}{pattern.name}", template, names, pattern.callback)


class Cell(NamedTuple):
    """One question to the site."""

    route: Route
    who: str
    method: str
    where: str
    path: str

    def __str__(self) -> str:
        return f"{self.method} {self.route.name} of {self.where} as {self.who}"


class Answer(NamedTuple):
    """What came back, and how many looks and refusals it left on record."""

    status: int
    text: str
    kind: str
    looks: int
    refusals: int

    @property
    def shown(self) -> bool:
        """Whether it is a page, a file, or leads on: not a refusal."""
        return self.status in (200, 302, 422)


def _words_in(body: bytes, kind: str) -> str:
    """An answer as text."""
    return _words_on(body) if kind == "application/pdf" and body else body.decode()


@cache
def _words_on(paper: bytes) -> str:
    """What stands on paper and what it says of itself."""
    read = PdfReader(BytesIO(paper))
    return "\n".join([str(read.metadata), *(page.extract_text() for page in read.pages)])


class Matrix:
    """The two centres, the people who ask, and what is wrong with the answers."""

    def __init__(self) -> None:
        self.own = seed("ALFA", born=date(1931, 7, 23), infused=date(2011, 5, 17), crp="31.7731")
        self.foreign = seed("OMEGA", born=date(1937, 3, 9), infused=date(2013, 10, 3), crp="29.991")
        self.people = dict(self._people())
        self.sessions = {who: _session_of(user) for who, user in self.people.items()}
        self.sessions["anonymous"] = ""
        self.others = OTHERS
        self.handler = BaseHandler()
        self.handler.load_middleware()
        self.answering: set[str] = set()
        """The names of the addresses that have shown something to somebody."""

    def _people(self) -> Iterator[tuple[str, User]]:
        for role in Role:
            yield role.value, courses.person(f"a.{role}", role, at=self.own.centre)
        yield "without role", courses.person("nobody.yet")
        yield "superuser", User.objects.create_superuser("root")
        gone = courses.person("has.left", *Role, at=self.own.centre)
        for membership in Membership.objects.filter(user=gone):
            Revocation.objects.create(membership=membership, revoked_by=gone)
        yield "revoked", gone

    def break_glass(self) -> None:
        """From now on somebody asks who has opened the own case in an emergency, and nobody
        else."""
        Centre.objects.filter(pk=self.own.centre.pk).update(opens_in_emergency=True)
        elsewhere = courses.centre("third")
        by = courses.person("in.an.emergency", Role.CLINICIAN, at=elsewhere)
        number = self.own.case.case_id
        open_in_emergency(centre=self.own.centre, number=number, reason="Fever in the night", by=by)
        self.sessions = {EMERGENCY: _session_of(by)}

    def rights_of(self, cell: Cell) -> frozenset[Right]:
        """At the centre that is asked about; at the other one nobody has any."""
        policy = cell.route.policy
        if cell.who == EMERGENCY:
            if policy is not None and policy.of == "somewhere":
                return RIGHTS[Role.CLINICIAN]
            own_case = policy is not None and policy.of == "case" and cell.where == "own"
            return frozenset({Right.SEE}) if own_case else frozenset()
        closed = cell.who in OUTSIDERS or cell.where == "foreign"
        return frozenset() if closed else RIGHTS[Role(cell.who)]

    def faults(self, asked: Iterable[Route]) -> list[str]:
        """What is wrong, a line for each; empty when nothing is."""
        return [f"{cell}: {why}" for cell in self._cells(asked) for why in self._wrong(cell)]

    def _cells(self, asked: Iterable[Route]) -> Iterator[Cell]:
        """Every address, person and method, at the own centre, the other one, and mixed."""
        for route in asked:
            places = list(self._places(route))
            for (where, path), who, method in product(places, self.sessions, ANSWERED):
                yield Cell(route, who, method, where, path)
            taking_turns = cycle(places)
            for method, who in product(self.others, self.sessions):
                where, path = next(taking_turns)
                yield Cell(route, who, method, where, path)

    def _places(self, route: Route) -> Iterator[tuple[str, str]]:
        own, foreign = self.own.examples, self.foreign.examples
        yield "own", route.path(own)
        if route.of_a_centre:
            yield "foreign", route.path(foreign)
        else:  # a page of several centres may be asked for one of them
            yield "own", f"{route.path(own)}?centre={self.foreign.centre.code}"
        if {"code", "username"} <= set(route.kwargs):
            yield "mixed", route.path(own | {"username": foreign["username"]})
        if route.policy and route.policy.beside:
            yield "mixed", f"{route.path(own)}?{route.policy.beside}={foreign['public_id']}"

    def ask(self, cell: Cell, path: str = "", *, forged: bool = False) -> Answer:
        """Ask, and take back whatever was written."""
        request = RequestFactory().generic(
            cell.method,
            path or cell.path,
            f"centre={self.foreign.centre.code}&q=zq" if cell.method in UNSAFE else "",
            content_type="application/x-www-form-urlencoded",
        )
        request.COOKIES["sessionid"] = self.sessions[cell.who]
        request._dont_enforce_csrf_checks = not forged  # type: ignore[attr-defined]  # as Client does
        again = path or forged or cell.method in OTHERS
        if again and (user := self.people.get(cell.who)):
            # Whose session it is was asked before, at each address, by GET and POST.
            request._cached_user = copy(user)  # type: ignore[attr-defined]  # as the site keeps it
        with transaction.atomic():
            response = self.handler.get_response(request)
            of_a_case = "public_id" in cell.route.kwargs
            noted = Access.objects.exclude(kind=AccessKind.EMERGENCY)
            looks = list(noted.values_list("kind", flat=True)) if of_a_case else []
            transaction.set_rollback(True)
        body = b"".join(response)
        kind = str(response.headers.get("Content-Type", "")).partition(";")[0]
        head = [response.reason_phrase, *map(str, response.items()), response.cookies.output()]
        return Answer(
            response.status_code,
            "\n".join([*head, _words_in(body, kind)]),
            kind,
            len(looks) - looks.count(AccessKind.REFUSED),
            looks.count(AccessKind.REFUSED),
        )

    def _wrong(self, cell: Cell) -> Iterator[str]:
        answer = self.ask(cell)
        yield from self._shows_too_much(cell, answer)
        if answer.status >= 500 or answer.status not in self._expected(cell, answer):
            yield f"answers {answer.status}"
        if cell.where == "foreign" and cell.method in ("GET", "POST"):
            none = self.ask(cell, cell.route.path(self._none))
            if self._plain(cell, answer) != self._plain(cell, none):
                yield "differs from what does not exist"
        forgeable = cell.method in UNSAFE and cell.who == "data_manager"
        if forgeable and self.ask(cell, forged=True).status != 403:
            yield "is accepted without a token against forgery"
        yield from self._logs_wrongly(cell, answer)
        if answer.shown and cell.who not in OUTSIDERS and cell.method in ("GET", "POST"):
            self.answering.add(cell.route.name)

    def _shows_too_much(self, cell: Cell, answer: Answer) -> Iterator[str]:
        words = [*self.foreign.patients_words, *self.foreign.staffs_words]
        if Right.SEE not in self.rights_of(cell):
            words += self.own.patients_words
        elsewhere = cell.who == EMERGENCY and cell.route.name != "patients:emergency"
        if cell.who in OUTSIDERS or (elsewhere and not self.rights_of(cell)):
            words += self.own.staffs_words
        searched, sent = answer.text.lower(), cell.path.lower()
        for word in words:
            if word in searched and word not in sent:
                yield f"shows {word}"
        if " at 0x" in answer.text:
            yield "shows an object of the program"
        if answer.kind not in READABLE:
            yield f"the matrix cannot read {answer.kind}"

    def _logs_wrongly(self, cell: Cell, answer: Answer) -> Iterator[str]:
        """A page of a case is logged as a look, with whatever else its action logs."""
        policy = cell.route.policy
        of_a_case = policy is not None and policy.of == "case" and cell.who != "anonymous"
        looks = of_a_case and policy is not None and policy.shows
        if of_a_case and not looks and answer.shown and answer.text.rpartition("\n")[2]:
            yield "is no look, and shows something"
        if looks and answer.shown and answer.looks == 0:
            yield "is not logged as a look"
        if looks and cell.method == "GET" and answer.looks > 1:
            yield "is logged as several looks"
        if answer.looks and not (looks and answer.shown):
            yield "is refused but logged as a look"
        if answer.refusals != (of_a_case and self._is_refused(cell, answer)):
            yield f"is logged as {answer.refusals} refusals"

    def _is_refused(self, cell: Cell, answer: Answer) -> bool:
        """Whether the answer keeps a case from somebody; 405 is said before anybody asks."""
        policy, allowed = cell.route.policy, self.rights_of(cell)
        if policy is None or answer.status == 405:
            return False
        needed = policy.post if policy.post and cell.method not in SAFE else policy.right
        return cell.where == "mixed" or needed not in allowed

    def _expected(self, cell: Cell, answer: Answer) -> set[int]:
        """The answers that are right; where the page itself decides, the one it gave."""
        policy = cell.route.policy
        if cell.route.name in BY_TOKEN:
            return {404, 405}
        if cell.who == "anonymous" and cell.route.name not in OPEN_TO_ALL:
            return {302}
        if policy is None or policy.right is None:
            return {answer.status}
        rights = self.rights_of(cell)
        needed = policy.post if policy.post and cell.method not in SAFE else policy.right
        if needed in rights:
            return {404, 405} if cell.where == "mixed" else {answer.status}
        # 405 is said before anybody looks whether the case exists.
        known = {"centre": rights, "case": rights & {Right.SEE}, "somewhere": True}[policy.of]
        return {403 if known else 404, 405}

    @property
    def _none(self) -> dict[str, str]:
        """Examples of what does not exist."""
        none = {"public_id": str(uuid.UUID(int=1)), "code": "NONE", "username": "nobody.at.all"}
        return self.foreign.examples | none

    def _plain(self, cell: Cell, answer: Answer) -> tuple[int, str]:
        """An answer without what was asked for in it."""
        text = answer.text
        for name in cell.route.kwargs:
            text = text.replace(self.foreign.examples[name], "X").replace(self._none[name], "X")
        return answer.status, CHANCE.sub("", text)


def _session_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value
