"""Light and dark: one file of colours, and a choice that a machine keeps."""

import re
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from cartapp.middleware import OPEN_BEFORE
from patients.models import User
from riskfactors.drawing.look import FONT

ROOT = Path(__file__).resolve().parent.parent
TOKENS = (ROOT / "static" / "tokens.css").read_text()
DEFINED = set(re.findall(r"^  (--[a-z0-9-]+):", TOKENS, re.MULTILINE))
WRITTEN = {
    str(path.relative_to(ROOT)): path.read_text()
    for pattern in ("static/*.css", "static/*.js", "riskfactors/drawing/*.py")
    for path in sorted(ROOT.glob(pattern))
    if path.name != "tokens.css"
}
COLOUR = re.compile(r"#(?:[0-9a-f]{3,4}){1,2}\b(?!\))|(?:rgb|hsl)a?\((?!0,0,0,0\))", re.IGNORECASE)
NAMED = re.compile(r"var\((--[a-z0-9-]+)|\"(--[a-z-]+)\"")
OWN = re.compile(r"(--[a-z0-9-]+):")


def test_every_colour_stands_in_the_file_of_tokens() -> None:
    elsewhere = {name: COLOUR.findall(text) for name, text in WRITTEN.items()}

    assert {name: found for name, found in elsewhere.items() if found} == {}


def test_every_token_that_is_named_is_there() -> None:
    unknown = {
        name: {one or other for one, other in NAMED.findall(text)} - DEFINED - {*OWN.findall(text)}
        for name, text in WRITTEN.items()
    }

    assert {name: found for name, found in unknown.items() if found} == {}


def test_figures_are_written_in_the_font_of_the_page() -> None:
    assert f"  --font: {FONT};\n" in TOKENS


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("cookie", "look"), [(None, "system"), ("light", "light"), ("dark", "dark"), ("x", "system")]
)
def test_a_page_says_its_look_before_anything_is_drawn(
    client: Client, cookie: str | None, look: str
) -> None:
    if cookie is not None:
        client.cookies["look"] = cookie

    page = client.get("/sign-in/").content.decode()

    assert f'<html lang="en-gb" data-look="{look}">' in page


@pytest.mark.django_db
def test_a_choice_is_kept_on_this_machine_and_leads_back(client: Client) -> None:
    left = "http://testserver/evidence/about/"

    answer = client.post("/look/", {"look": "dark"}, headers={"Referer": left})

    kept = client.cookies["look"]
    assert (answer.status_code, answer.headers["Location"]) == (302, left)
    assert (kept.value, kept["httponly"], kept["samesite"]) == ("dark", True, "Lax")


@pytest.mark.django_db
@pytest.mark.parametrize("left", ["", "https://elsewhere.example/", "//elsewhere.example/", "\x00"])
def test_nobody_is_led_to_another_site(client: Client, left: str) -> None:
    answer = client.post("/look/", {"look": "dark"}, headers={"Referer": left})

    assert answer.headers["Location"] == "/"


@pytest.mark.django_db
@pytest.mark.parametrize("form", [{}, {"look": "red"}, {"look": "dark\x00"}])
def test_a_look_that_there_is_not_is_not_kept(client: Client, form: dict[str, str]) -> None:
    answer = client.post("/look/", form)

    assert (answer.status_code, "look" in client.cookies) == (302, False)


def test_whoever_is_kept_from_all_else_may_choose_a_look() -> None:
    assert ["look" in opened for opened in OPEN_BEFORE.values()] == [True, True]


GROUND = "getComputedStyle(document.body).backgroundColor"


@pytest.mark.one_database("test_look.py chooses one without a browser on both", sends=True)
def test_the_switch_works_and_stays(page: Page, clinician: User, transactional_db: None) -> None:
    page.goto("/sign-in/")
    by_day = page.evaluate(GROUND)

    page.get_by_label("Light or dark").click()
    page.get_by_role("button", name="Dark").click()
    by_night = page.evaluate(GROUND)
    page.goto("/nowhere/")

    expect(page.locator("html")).to_have_attribute("data-look", "dark")
    assert page.evaluate(GROUND) == by_night != by_day
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
