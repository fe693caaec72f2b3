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

from patients.models import Role, User
from riskfactors.domain.documents import parse_case
from riskfactors.domain.findings import assess
from riskfactors.published import catalogue
from riskfactors.words import milestone_name, name_of
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
ROLES: Final = {
    "line": "Line of therapy",
    "bridging": "Bridging",
    "lymphodepletion": "Lymphodepletion",
}
PLACES: Final = """() => Object.fromEntries(
  [...document.querySelectorAll("label")].filter(label => label.checkVisibility()).map(
    label => [label.textContent.replace(/\\s+/g, " ").replace("*", "").trim(), label.htmlFor]
  )
)"""
"""The fields that can be seen, by their labels; those of required ones end with an asterisk."""

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
        """Type into fields, by their labels."""
        places = self.page.evaluate(PLACES)
        for label, keys in fields.items():
            self.page.focus(f"[id='{places[label]}']")
            self.page.keyboard.press("Control+a")
            self.page.keyboard.type(keys)

    def unfold(self, name: str) -> None:
        """Open what is folded."""
        self.page.locator("summary").filter(has_text=re.compile(rf"^{name}$")).focus()
        self.page.keyboard.press("Enter")

    def record(self, fields: Mapping[str, str], *sure: str) -> None:
        """Fill in a form and record it, with these answers to what it asks about."""
        self.type(fields)
        title = self.page.locator("h1").inner_text()
        self.picture(title)
        self.follow("Record")
        for answer in sure:
            expect(self.page.get_by_role("alert")).to_be_focused()
            self.picture(f"{title} asked")
            self.type({answer: " "})
            self.follow("Record")
        expect(self.page.get_by_role("status")).to_contain_text("ecorded.")

    def sign_in(self, name: str) -> None:
        self.type({"User name": name, "Password": PASSWORD})
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


def typed_day(day: str) -> str:
    """A day as this browser takes it: month first."""
    return date.fromisoformat(day).strftime("%m%d%Y")


def typed(observations: Mapping[str, Any], *, standing: bool) -> dict[str, str]:
    """What is typed into the form of a visit or into the panel of standing facts, by label."""
    fields: dict[str, str] = {}
    for name, said in observations.items():
        variable = DICTIONARY.variables[name]
        given = said if isinstance(said, dict) else {"value": said}
        if variable.standing is not standing:
            continue
        if "absent" in given:
            fields["No value because"] = DICTIONARY.absent_reasons[given["absent"]].split()[0]
            continue
        value = str(given["value"])
        fields[variable.label] = (variable.codes or {}).get(value, value).split()[0]
        if "upper_limit" in given:
            fields["Upper limit of normal"] = str(given["upper_limit"])
    return fields


def open_records(keys: Keyboard) -> None:
    if not keys.page.url.endswith("/records/"):
        keys.follow("Records")


def record_visit(keys: Keyboard, milestone: str, *sure: str) -> None:
    (visit,) = (a for a in CASE["assessments"] if a["milestone"] == milestone)
    interim = milestone == "interim"
    open_records(keys)
    keys.follow("Add an interim visit" if interim else f"Record {milestone_name(milestone)}")
    for name, said in visit["observations"].items():
        if isinstance(said, dict) and "absent" in said:
            keys.unfold(f"Date, reason, note {DICTIONARY.variables[name].label}")
    day = {"Date of the visit": typed_day(visit["date"])}
    keys.record(day | typed(visit["observations"], standing=False), *sure)


def record_treatments(keys: Keyboard, role: str) -> None:
    for treatment in (t for t in CASE["treatments"] if t["role"] == role):
        fields = {"Regimen or treatment": treatment["regimen"]}
        if "modality" in treatment:
            fields["Modality"] = treatment["modality"]
        if "best_response" in treatment:
            response = DICTIONARY.variables["response"].codes[treatment["best_response"]]
            fields["Best response"] = response.split()[0]
        days = {"start": "Start", "end": "End", "response_on": "Date of the response"}
        for day, label in days.items():
            if day in treatment:
                fields[label] = typed_day(treatment[day])
        open_records(keys)
        keys.follow(ROLES[role])
        keys.record(fields)


def record_events(keys: Keyboard) -> None:
    for event in CASE["events"]:
        open_records(keys)
        keys.follow(DICTIONARY.events[event["kind"]].label)
        grade = {"Grade": str(event["grade"])} if "grade" in event else {}
        keys.record({"Date": typed_day(event["date"]), **grade})


def register(keys: Keyboard) -> None:
    keys.follow("Register a patient")
    keys.type(
        {
            "Name": "Invented, Name",
            "Hospital number": "H-17",
            "Birth date": typed_day(CASE["birth_date"]),
            "Sex": CASE["sex"],
            "Case": CASE["case_id"],
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
        keys.follow(milestone_name(milestone))
        card = keys.page.locator(f"details[data-milestone={milestone}]")
        expect(card.locator(".card-body")).to_be_visible()
        keys.picture(f"card {milestone}", at=f"details[data-milestone={milestone}]")
        said = card.evaluate(SAID)
        verdicts[milestone] = {factor: verdict for factor, verdict, _all in said}
        everything[milestone] = {factor: words for factor, _verdict, words in said}
    return verdicts, everything


EXPECTED: Final = {m: of for m, of in REVIEW["verdicts"].items() if m != "relapse"}


def enter(keys: Keyboard) -> None:
    """Everything from election to day +90, visit by visit."""
    record_visit(keys, "election")
    keys.follow("Standing facts")
    (election,) = (a for a in CASE["assessments"] if a["milestone"] == "election")
    keys.record(typed(election["observations"], standing=True))
    record_treatments(keys, "line")
    record_visit(keys, "apheresis")
    record_treatments(keys, "bridging")
    record_visit(keys, "lymphodepletion")
    record_treatments(keys, "lymphodepletion")
    record_visit(keys, "infusion")
    record_events(keys)
    record_visit(keys, "day_7", "Yes, it is 9 mg/L")
    record_visit(keys, "day_28", "Yes, it is so")
    record_visit(keys, "interim")
    record_visit(keys, "day_90", "Yes, it is so")


def test_the_case_of_the_review_is_entered_read_and_taken_out(
    keys: Keyboard, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    keys.sign_in("ana.ruiz")
    register(keys)
    enter(keys)

    open_records(keys)
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
