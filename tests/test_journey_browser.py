"""The main job at a real Chromium, by keyboard alone: a case is entered, read, and taken out.

With a folder in PICTURES it is recorded there as numbered pictures (docs/journey.md).
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any, Final

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from patients.course.columns import short_milestone
from patients.models import Role, User
from riskfactors.domain.documents import parse_case
from riskfactors.domain.findings import assess
from riskfactors.domain.timepoints import Milestone
from riskfactors.published import catalogue
from riskfactors.words import name_of
from riskfactors.words.facts import value_words
from tests.conftest import PASSWORD
from tests.domain.cases import Json, text
from tests.patients.courses import person
from tests.patients.screens import VIGNETTES, plain
from tests.test_vignettes import findings_by_milestone

REVIEW: Final[Json] = json.loads(VIGNETTES[0].read_text())
CASE: Final[Json] = REVIEW["case"] | {
    "assessments": [a for a in REVIEW["case"]["assessments"] if a["milestone"] != "relapse"],
    "events": [e for e in REVIEW["case"]["events"] if e["kind"] in ("crs", "tocilizumab")],
}
"""The case of the review to day +90: without its relapse, and of the events those that matter."""

PICTURES: Final = os.environ.get("PICTURES")
DICTIONARY: Final = catalogue().dictionary
CHOICE: Final = """([name, value]) => {
  const group = [...document.querySelectorAll(`[name="${name}"]`)];
  (group.find(radio => radio.checked) ?? group[0]).focus();
  return group.find(radio => radio.value === value).parentElement.innerText.trim()[0];
}"""
"""Goes to a group of buttons, and says by which key one of them is chosen."""
IS_CHOSEN: Final = """([name, value]) =>
  document.querySelector(`[name="${name}"][value="${value}"]`).checked"""

SAID: Final = """card => [...card.querySelectorAll("[data-factor]")].map(finding => {
  const plain = node => (node?.textContent ?? "").replace(/\\s+/g, " ").trim();
  const verdict = plain(finding.querySelector(".verdict").firstChild);
  const undecided = finding.dataset.verdict === "unknown";
  const missing = undecided ? plain(finding.querySelector(":scope > .missing")) : "";
  return [finding.dataset.factor, `${verdict} ${missing}`.trim(), plain(finding)];
})"""

SHOW: Final = "place => { getSelection().removeAllRanges(); place.scrollIntoView(); }"


class Keyboard:
    """Somebody without a mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.numbers = count(1)

    def picture(self, what: str, at: str = "body") -> None:
        """One more picture of the recording, where one is made, of what is seen at a place."""
        if PICTURES:
            name = re.sub(r"\W+", "-", what.lower()).strip("-")
            self.page.locator(at).evaluate(SHOW)
            self.page.screenshot(path=Path(PICTURES, f"{next(self.numbers):02}-{name}.png"))

    def follow(self, name: str) -> None:
        """Go where a link or button leads."""
        link = self.page.get_by_role("link", name=name, exact=True)
        link.or_(self.page.get_by_role("button", name=name, exact=True)).focus()
        self.enter()

    def enter(self) -> None:
        """Press Enter, which leads to another page or place."""
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            self.page.keyboard.press("Enter")

    def type(self, fields: Mapping[str, str]) -> None:
        """Fill in fields, by their names: a day month first, as this browser asks for it."""
        for name, value in fields.items():
            field = self.page.locator(f"[name='{name}']").first
            kind = field.evaluate("field => field.type")
            if kind == "radio":
                self.choose(name, value)
                continue
            field.focus()
            if kind == "date":
                self.page.keyboard.type(date.fromisoformat(value).strftime("%m%d%Y"))
            elif kind == "select-one":
                self.page.keyboard.type(field.locator(f"option[value='{value}']").inner_text())
            else:
                self.page.keyboard.press("Control+a")
                self.page.keyboard.type(value)

    def choose(self, name: str, value: str) -> None:
        """Press the letter or digit that a choice begins with, until it is chosen."""
        key = self.page.evaluate(CHOICE, [name, value])
        while not self.page.evaluate(IS_CHOSEN, [name, value]):
            self.page.keyboard.press(key)

    def unfold(self, name: str) -> None:
        """Open what belongs to a field, from the field."""
        self.page.locator(f"[name='{name}']").first.focus()
        self.page.keyboard.press("Alt+ArrowDown")

    def record(self, fields: Mapping[str, str], *sure: str, by: str = "Record") -> None:
        """Fill in a form and record it, with these answers to what it asks about."""
        self.type(fields)
        title = self.page.locator("h1").inner_text()
        self.picture(title)
        self.follow(by)
        for answer in sure:
            expect(self.page.get_by_role("alert")).to_be_focused()
            self.picture(f"{title} asked")
            self.page.get_by_label(answer).focus()
            self.page.keyboard.press("Space")
            self.follow(by)
        expect(self.page.get_by_role("status")).to_contain_text("ecorded.")

    def sign_in(self, name: str) -> None:
        self.type({"login": name, "password": PASSWORD})
        self.picture("sign in")
        self.enter()


@pytest.fixture
def keys(page: Page, transactional_db: None) -> Keyboard:
    for name, role in (("ana.ruiz", Role.CLINICIAN), ("ines.gil", Role.DATA_MANAGER)):
        allow_password(person(name, role))
    page.emulate_media(reduced_motion="reduce")  # no picture is taken on the way to a place
    page.goto("/sign-in/?next=/cases/")
    return Keyboard(page)


def allow_password(user: User) -> None:
    user.set_password(PASSWORD)
    user.save()


def typed(observations: Mapping[str, Any], *, standing: bool) -> dict[str, str]:
    """What is typed into the form of a visit or of the standing facts, by the names of fields."""
    fields: dict[str, str] = {}
    for name, said in observations.items():
        given = said if isinstance(said, dict) else {"value": said}
        if DICTIONARY.variables[name].standing is not standing:
            continue
        if "absent" in given:
            fields[f"{name}-absent"] = given["absent"]
            continue
        fields[name] = str(given["value"])
        if "upper_limit" in given:
            fields[f"{name}-limit"] = str(given["upper_limit"])
    return fields


def visit_of(milestone: str) -> Json:
    (visit,) = (a for a in CASE["assessments"] if a["milestone"] == milestone)
    return dict(visit)


def fill_visit(
    keys: Keyboard, milestone: str, *sure: str, by: str, also: Mapping[str, str] | None = None
) -> None:
    """The form of a visit, which is open."""
    visit = visit_of(milestone)
    for name, said in visit["observations"].items():
        if isinstance(said, dict) and "absent" in said:
            keys.unfold(name)
    day = {} if milestone == "election" else {"date": visit["date"]}
    fields = day | typed(visit["observations"], standing=False) | dict(also or {})
    keys.record(fields, *sure, by=by)


def treatments(role: str, name: str) -> dict[str, str]:
    """The treatments of a role, each in a row of its own: `name`, or `name` and its number."""
    given = [t for t in CASE["treatments"] if t["role"] == role]
    rows = {name.format(number): treatment for number, treatment in enumerate(given, 1)}
    return {
        f"{row}-{field}": value
        for row, treatment in rows.items()
        for field, value in treatment.items()
        if field != "role"
    }


def record_events(keys: Keyboard) -> None:
    for event in CASE["events"]:
        if not keys.page.url.endswith("/records/"):
            keys.follow("Records")
        keys.follow(DICTIONARY.events[event["kind"]].label)
        grade = {"grade": str(event["grade"])} if "grade" in event else {}
        keys.record({"date": event["date"], **grade})


def register(keys: Keyboard) -> None:
    keys.follow("Register a patient")
    keys.type(
        {
            "name": "Invented, Name",
            "hospital_number": "H-17",
            "birth_date": CASE["birth_date"],
            "sex": CASE["sex"],
            "case_id": CASE["case_id"],
        }
    )
    keys.picture("register")
    keys.follow("Register")


def worded(verdicts: Mapping[str, Mapping[str, str]]) -> Json:
    """Verdicts as vignettes write them, in the words of the screen."""
    return {
        milestone: {
            factor: " ".join(_words(milestone, factor, verdict)) for factor, verdict in of.items()
        }
        for milestone, of in verdicts.items()
    }


def _words(milestone: str, factor: str, verdict: str) -> Iterator[str]:
    kind, _, missing = verdict.partition(" missing ")
    kind, _, stratum = kind.partition(":")
    factors = {each.key: each for each in catalogue().factors}
    match kind:
        case "met":
            yield "Criterion met"
        case "not_met":
            yield "Criterion not met"
        case "stratum":
            yield f"Group: {factors[factor].strata[stratum].name}"
        case "graded":
            yield "Value"
            if factor in REVIEW["scores"].get(milestone, {}):
                yield str(REVIEW["scores"][milestone][factor][0])
        case "unknown":
            yield "Cannot be decided"
        case "not_applicable":
            yield "Not studied here"
    if missing:
        yield f"Not recorded: {', '.join(map(name_of, missing.split(', ')))}"


def differing(one: Json, other: Json) -> list[Any]:
    """Where the words for a factor at a milestone are not the same."""
    both = [
        (milestone, factor, one[milestone].get(factor), other[milestone].get(factor))
        for milestone in one.keys() & other.keys()
        for factor in one[milestone] | other[milestone]
    ]
    return [*(one.keys() ^ other.keys()), *(each for each in both if each[2] != each[3])]


def read_cards(keys: Keyboard) -> tuple[Json, Json]:
    """What each card says of each factor: the verdict, and everything."""
    verdicts: Json = {}
    everything: Json = {}
    for milestone in EXPECTED:
        keys.follow(short_milestone(Milestone(milestone)))
        card = keys.page.locator(f"details[data-milestone={milestone}]")
        expect(card.locator(".finding").first).to_be_visible()
        keys.picture(f"card {milestone}", at=f"details[data-milestone={milestone}]")
        said = card.evaluate(SAID)
        verdicts[milestone] = {factor: verdict for factor, verdict, _all in said}
        everything[milestone] = {factor: words for factor, _verdict, words in said}
    return verdicts, everything


EXPECTED: Final = {m: of for m, of in REVIEW["verdicts"].items() if m != "relapse"}


def enter(keys: Keyboard) -> None:
    """Everything from election to day +90: each form leads to the next one."""
    election = visit_of("election")
    standing = {"date": election["date"]} | typed(election["observations"], standing=True)
    keys.record(standing | treatments("line", "line{}"), by="Record and go to election")
    fill_visit(keys, "election", by="Record and go to apheresis")
    fill_visit(keys, "apheresis", by="Record and go to lymphodepletion")
    given = treatments("bridging", "bridging") | treatments("lymphodepletion", "lymphodepletion{}")
    fill_visit(keys, "lymphodepletion", by="Record and go to infusion (day 0)", also=given)
    fill_visit(keys, "infusion", by="Record and go to day +7")
    fill_visit(keys, "day_7", by="Record and go to day +28")
    fill_visit(keys, "day_28", "Yes, it is so", by="Record")
    keys.follow("Records")
    keys.follow("Add an interim visit")
    fill_visit(keys, "interim", by="Record")
    keys.follow("Day +90")
    fill_visit(keys, "day_90", "Yes, it is so", by="Record")
    record_events(keys)


@pytest.mark.long
def test_the_case_of_the_review_is_entered_read_and_taken_out(
    keys: Keyboard, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    keys.sign_in("ana.ruiz")
    register(keys)
    enter(keys)

    keys.picture("records")
    keys.follow("Timeline")
    keys.picture("summary")
    keys.picture("timeline", at="section.timeline")
    verdicts, everything = read_cards(keys)

    assert differing(verdicts, worded(EXPECTED)) == []
    for at in assess(parse_case(text(CASE), DICTIONARY), catalogue().agenda):
        for finding in at.findings:
            said = everything[at.milestone][finding.factor]
            assert [f for f in finding.basis if plain(value_words(f)) not in said] == []

    keys.follow("Sign out")
    keys.sign_in("ines.gil")
    keys.follow("Cases")
    keys.follow(CASE["case_id"])
    keys.follow("Export")
    keys.page.get_by_role("button", name="Export the case").focus()
    with keys.page.expect_download() as download:
        keys.page.keyboard.press("Enter")
    exported = tmp_path / "exported.json"
    download.value.save_as(exported)

    of_export = findings_by_milestone(json.loads(exported.read_bytes()))
    assert differing(verdicts, worded(of_export)) == []
    call_command("assess", str(exported))
    found = json.loads(capsysbinary.readouterr().out)
    (tmp_path / "vignette.json").write_bytes(text(CASE))
    call_command("assess", str(tmp_path / "vignette.json"))
    assert found == json.loads(capsysbinary.readouterr().out)
