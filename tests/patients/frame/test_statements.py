"""One statement is one sentence: the same words wherever it stands."""

import re
from datetime import date, timedelta
from typing import Any

import pytest

from patients.models import (
    Case,
    EventRevision,
    Observation,
    Revision,
    Role,
    TreatmentRevision,
    User,
)
from tests.patients import courses
from tests.patients.courses import INFUSION_DAY, infusion, record, value, visit
from tests.patients.desks import Desk, text_of
from tests.patients.screens import plain

TREATMENT = (
    "Bridging: R-GemOx, systemic, 2 Jan 2024 to 20 Jan 2024, "
    "best response: Partial response (25 Jan 2024)"
)
EVENT = "Cytokine release syndrome, grade 2, 9 Mar 2024"
LIMITED = "300 U/L (upper limit 250 U/L)"
BESIDE = "on 5 Mar 2024, note: haemolysed"
WITHDRAWN = "Withdrawn: it was recorded in error"


@pytest.fixture
def ana(db: None) -> User:
    return courses.person("ana.ruiz", Role.CLINICIAN)


@pytest.fixture
def case(ana: User) -> Case:
    """One of each: a treatment, an event, a value and an absence."""
    case = courses.case(
        ana,
        *visit(),
        courses.line(
            "R-GemOx",
            role="bridging",
            modality="systemic",
            start=date(2024, 1, 2),
            end=date(2024, 1, 20),
            best_response="PR",
            response_on=date(2024, 1, 25),
        ),
        courses.event("crs", INFUSION_DAY + timedelta(days=3), grade=2, note="settled"),
    )
    about: dict[str, Any] = {
        "upper_limit": "250",
        "observed_on": date(2024, 3, 5),
        "note": "haemolysed",
    }
    record(
        case,
        ana,
        value(infusion(case), "ldh", "300", **about),
        Observation(
            assessment=infusion(case),
            variable="crp",
            revision=1,
            absent="not-performed",
            note="lost",
        ),
    )
    return case


@pytest.fixture
def desk(ana: User, case: Case) -> Desk:
    return Desk(ana, case)


def read(desk: Desk, path: str) -> str:
    """The words of a page."""
    return plain(desk.look(path))


def asked(desk: Desk, path: str, **typed: str) -> str:
    """The words of the page that shows what a correction changes."""
    return plain(text_of(desk.type(path, **typed)))


def test_a_treatment_is_worded_alike_everywhere(desk: Desk) -> None:
    paths = ("records/", "history/", "treatments/1/", "")
    pages = {path: TREATMENT in read(desk, path) for path in paths}
    preview = asked(desk, "treatments/1/", start="2024-01-03", modality="systemic", reason="error")

    assert pages == dict.fromkeys(paths, True)
    assert TREATMENT in preview
    assert "Bridging: systemic, from 3 Jan 2024" in preview


def test_an_event_is_worded_alike_everywhere_and_the_timeline_adds_its_day(desk: Desk) -> None:
    noted, paths = f"{EVENT}, note: settled", ("records/", "history/", "events/1/")

    pages = {path: noted in read(desk, path) for path in paths}
    preview = asked(desk, "events/1/", date="2024-03-10", reason="error")

    assert pages == dict.fromkeys(paths, True)
    assert f"{EVENT} (day +3), note: settled" in read(desk, "")
    assert noted in preview
    assert "Cytokine release syndrome, 10 Mar 2024" in preview


def test_a_value_is_worded_alike_everywhere(desk: Desk) -> None:
    paths = ("visits/1/", "visits/1/values/ldh/", "history/")

    pages = {path: (LIMITED in read(desk, path), BESIDE in read(desk, path)) for path in paths}

    assert pages == dict.fromkeys(paths, (True, True))
    assert f"Lactate dehydrogenase: {LIMITED}, {BESIDE}" in read(desk, "history/")
    assert f"Before: {LIMITED} (5 Mar 2024)" in read(desk, "visits/new/day_28/")


def test_an_absence_is_worded_alike_everywhere(desk: Desk) -> None:
    paths = ("visits/1/", "visits/1/values/crp/", "history/")

    assert ["No value: Not done" in read(desk, path) for path in paths] == [True] * 3
    assert "C-reactive protein: No value: Not done, note: lost" in read(desk, "history/")


def test_a_withdrawal_is_worded_alike_everywhere(desk: Desk, case: Case, ana: User) -> None:
    treatment = TreatmentRevision.objects.get(treatment__case=case).treatment
    event = EventRevision.objects.get(event__case=case).event
    gone: list[Revision] = [
        Observation(assessment=infusion(case), variable="ldh", revision=2, withdrawn=True),
        TreatmentRevision(treatment=treatment, revision=2, withdrawn=True),
        EventRevision(event=event, revision=2, withdrawn=True),
    ]

    record(case, ana, *gone, reason="of another patient")

    pages = ("records/", "history/", "visits/1/values/ldh/", "treatments/1/", "events/1/")
    assert [WITHDRAWN in read(desk, path) for path in pages] == [True] * 5


def test_both_sides_of_a_conflict_are_worded_as_on_other_pages(
    desk: Desk, case: Case, ana: User
) -> None:
    typed = desk.opened("visits/1/") | {"ferritin": "400", "ferritin-note": "fasting"}
    record(case, ana, value(infusion(case), "ferritin", "500", note="at night"))

    conflict = plain(text_of(desk.send("visits/1/", typed)))

    assert "Recorded since 500 ng/mL, note: at night" in conflict
    assert "Typed by you 400 ng/mL, note: fasting" in conflict


def test_a_value_that_was_confirmed_says_so_where_it_was_written(desk: Desk) -> None:
    form = desk.opened("visits/1/") | {"ferritin": "20000"}
    asked = text_of(desk.send("visits/1/", form))

    desk.send(
        "visits/1/", form | dict(re.findall('name="(ferritin-sure)".*? value="(.+?)"', asked))
    )

    assert "20000 ng/mL, confirmed as meant" in read(desk, "visits/1/values/ferritin/")
    assert "20000 ng/mL, confirmed as meant" in read(desk, "history/")
