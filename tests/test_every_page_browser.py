"""Every page as each kind of person: by day, by night, at 200 %, and with colours of one's own.

The addresses are those of the URL configuration. A page that shows a person nothing of another
shape than what somebody who may do more was shown at this address is not looked at again.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from django.conf import settings as site
from django.test import Client
from playwright.sync_api import Page, ViewportSize
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from patients.models import AgendaItem, Meeting, Role, User
from tests.accessibility import broken_rules
from tests.patients import boards
from tests.patients.courses import centre, person
from tests.patients.matrix import Route, routes
from tests.patients.screens import imported, vignette
from tests.patients.seeded import EXAMPLES

pytestmark = [
    pytest.mark.one_database("pages are only asked for, alike on both databases"),
    pytest.mark.usefixtures("paper_as_text"),
]

PROJECTOR: ViewportSize = {"width": 1280, "height": 720}
AT_200_PERCENT: ViewportSize = {"width": 640, "height": 360}
SHAPE = re.compile(r'<(\w+)(?:[^>]*? class="([^"]*)")?')
MOVING = """[...document.querySelectorAll('*')].filter(each => {
  const { animationName, transitionDuration } = getComputedStyle(each);
  return animationName !== 'none' || /[1-9]/.test(transitionDuration);
}).map(each => each.className)"""
ONE_OF_A_KIND = """() => {
  const kind = each => `${each.tagName}.${each.getAttribute('class')}.${each.open}(${
    [...new Set([...each.children].map(kind))].join()})`;
  for (const parent of document.querySelectorAll('main *')) {
    const kinds = new Set();
    for (const each of [...parent.children]) {
      if (!each.matches('tr, tbody, li, section, details, p, dl > div')) continue;
      if (kinds.has(kind(each))) each.remove();
      kinds.add(kind(each));
    }
  }
}"""
"""Of rows, items and parts side by side that are built alike one is enough for axe."""
WIDTH = "document.documentElement.scrollWidth"


class Seen(NamedTuple):
    """A page and who is to look at it."""

    who: str
    path: str


@pytest.fixture
def examples(transactional_db: None, settings: Settings) -> dict[str, str]:
    """What stands in addresses: of the case that the review describes."""
    settings.DEMONSTRATION = True
    case = imported(vignette("01"))
    boards.followed_up(case, User.objects.get(username="ines.gil"))
    ines = User.objects.get(username="ines.gil")
    Meeting.objects.update(shown=AgendaItem.objects.get(), presenter=ines)
    return EXAMPLES | {
        "public_id": str(case.public_id),
        "code": centre().code,
        "username": "ines.gil",
        "milestone": "month_6",
        "variable": "ecog",
        "purpose": "bridging",
        "kind": "crs",
    }


@pytest.fixture
def sessions(transactional_db: None) -> dict[str, str]:
    """A session of each kind of person, of those first who may do most."""
    people = {"everybody": person("all.roles", *Role)}
    people |= {role.value: person(f"a.{role.value}", role) for role in Role}
    people["without role"] = person("nobody.yet")
    return {who: session_of(user) for who, user in people.items()} | {"anonymous": ""}


def session_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies[site.SESSION_COOKIE_NAME].value


def pages(sessions: dict[str, str], examples: dict[str, str]) -> Iterator[Seen]:
    """Each page that is to be looked at, by person."""
    shown: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for who, session in sessions.items():
        client = Client()
        client.cookies[site.SESSION_COOKIE_NAME] = session
        for route in routes():
            if route.name.startswith("riskfactors:") and who not in ("everybody", "anonymous"):
                continue  # published evidence is the same for everybody
            new = False
            for part, shapes in parts(client, route, examples):
                new |= not shapes <= shown[part]
                shown[part] |= shapes
            if new:
                yield Seen(who, route.path(examples))


def parts(
    client: Client, route: Route, examples: dict[str, str]
) -> Iterator[tuple[str, set[tuple[str, str]]]]:
    """The frame of a page, alike at all addresses, and what it holds: its own, or a refusal."""
    answer = client.get(route.path(examples))
    page = answer.headers.get("Content-Type", "").startswith("text/html")
    if not page or answer.status_code == 302:  # it is a file, or leads on
        return
    before, _, rest = answer.content.decode().partition("<main")
    held, _, after = rest.partition("</main>")
    yield "frame", set(SHAPE.findall(before + after))
    yield route.name if answer.status_code == 200 else "refused", set(SHAPE.findall(held))


@pytest.mark.long
def test_every_page_is_accessible_by_day_by_night_and_at_200_percent(
    page: Page, live_server: LiveServer, sessions: dict[str, str], examples: dict[str, str]
) -> None:
    faults = []

    for who, path in pages(sessions, examples):
        page.context.add_cookies(
            [{"name": site.SESSION_COOKIE_NAME, "value": sessions[who], "url": live_server.url}]
        )
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        page.set_viewport_size(AT_200_PERCENT)
        page.goto(path)
        if page.evaluate(WIDTH) > AT_200_PERCENT["width"]:
            faults.append(f"{path} as {who}: scrolls sideways at 200 %")
        faults += [f"{path} as {who}: {what} moves" for what in page.evaluate(MOVING)]
        page.evaluate(ONE_OF_A_KIND)
        faults += [f"{path} as {who}, dark, at 200 %: {rule}" for rule in broken_rules(page)]
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(PROJECTOR)
        faults += [f"{path} as {who}: {rule}" for rule in broken_rules(page)]

    assert faults == []


GROUNDS = """elements => elements.map(each => getComputedStyle(each).backgroundColor)"""


def test_shapes_and_choices_are_told_apart_where_colours_are_forced(
    page: Page, live_server: LiveServer, sessions: dict[str, str], examples: dict[str, str]
) -> None:
    page.context.add_cookies(
        [{"name": site.SESSION_COOKIE_NAME, "value": sessions["everybody"], "url": live_server.url}]
    )
    page.emulate_media(forced_colors="active", color_scheme="dark")
    case = f"/cases/{examples['public_id']}/"
    page.goto(f"{case}visits/new/month_6/")
    page.locator("[name=response][value=PD]").check(force=True)

    choices = page.locator(".choice:has([name=response]) span").evaluate_all(GROUNDS)
    page.goto(case)
    shapes = page.locator(".matrix-legend .shape").evaluate_all(GROUNDS)
    letters = page.locator(".tl text.tl-on-response-pd").first.evaluate(
        "each => getComputedStyle(each).fill"
    )

    assert sorted(Counter(choices).values())[0] == 1
    assert len({*shapes}) == 2
    assert letters == "rgb(0, 0, 0)"
