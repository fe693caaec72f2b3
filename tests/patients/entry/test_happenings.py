"""Treatments, events and gaps are entered where they are asked for, in the form of a visit."""

import re
from datetime import date
from typing import Any

import pytest

from patients.models import Case, Entry, EventRevision, Observation, Role, TreatmentRevision, User
from patients.records.chain import breaks
from tests.patients import courses
from tests.patients.courses import event, known, record, visit
from tests.patients.desks import Desk, fields, hidden_in, text_of

IN_DL = {"crp": "90", "crp__unit": "mg/dL"}
DAY_7, DAY_28 = "visits/new/day_7/", "visits/new/day_28/"
BEFORE = "visits/new/lymphodepletion/"


@pytest.fixture
def ana(db: None) -> User:
    return courses.person("ana.ruiz", Role.CLINICIAN)


@pytest.fixture
def case(ana: User) -> Case:
    """Election, infusion on 6 March with C-reactive protein 90."""
    return courses.case(ana, *visit("election", date(2024, 2, 1)), *visit(crp="90"))


@pytest.fixture
def desk(ana: User, case: Case) -> Desk:
    return Desk(ana, case)


def said(of: Case, milestone: str) -> dict[str, Any]:
    """What is recorded at a milestone: values, and reasons why there is none."""
    (found,) = (a for a in known(of).assessments if a.milestone == milestone)
    return {name: o.fact.value for name, o in found.observations.items()} | {
        name: absence.reason for name, absence in found.absences.items()
    }


def events(of: Case) -> list[tuple[Any, ...]]:
    rows = EventRevision.objects.filter(event__case=of)
    return list(rows.values_list("kind", "date", "end", "grade"))


# Standing facts


def test_a_new_case_begins_with_its_standing_facts_and_goes_on_to_the_first_visit(
    ana: User,
) -> None:
    case = courses.case(ana)
    desk = Desk(ana, case)
    line = {"line1__regimen": "R-CHOP", "line1__start": "2022-01-10", "line1__end": "2022-05-16"}
    second = {"line2__regimen": "R-DHAP", "line2__start": "2023-02-06"}

    answer = desk.type(
        "visits/new/election/standing/",
        date="2024-01-08",
        histology="pmbcl",
        prior_lines="2",
        next="election",
        **line,
        **second,
    )

    assert answer.headers["Location"] == desk.address("visits/1/")
    assert case.entries.count() == 2
    assert said(case, "election") == {"histology": "pmbcl", "prior_lines": 2}
    assert [(t.regimen, t.start) for t in known(case).treatments] == [
        ("R-CHOP", date(2022, 1, 10)),
        ("R-DHAP", date(2023, 2, 6)),
    ]
    assert breaks(case) == []
    assert "R-CHOP" in desk.look("visits/1/standing/")


def test_two_who_begin_with_standing_facts_meet_and_nothing_typed_is_lost(ana: User) -> None:
    case = courses.case(ana)
    mine, theirs = Desk(ana, case), Desk(courses.person("leo.vidal", Role.CLINICIAN), case)
    path = "visits/new/election/standing/"
    form = mine.opened(path) | fields(
        {"date": "2024-01-08", "tp53": "altered", "line1__start": "2022-01-10"}
    )
    theirs.type(path, date="2024-01-08", histology="pmbcl")

    met = mine.send(path, form)
    settled = hidden_in(met) | {"clash-date": "theirs"}
    answer = mine.send("visits/1/standing/", settled)

    assert (met.status_code, answer.status_code) == (409, 302)
    assert said(case, "election") == {"histology": "pmbcl", "tp53": "altered"}
    assert [t.start for t in known(case).treatments] == [date(2022, 1, 10)]


# What happened


def test_a_grade_with_its_day_is_an_event_and_one_without_is_the_worst_of_the_visit(
    desk: Desk, case: Case
) -> None:
    desk.type(
        DAY_7,
        date="2024-03-13",
        crs_grade_max="3",
        crs_grade_max__when="2024-03-08",
        icans_grade_max="1",
        tocilizumab_given="yes",
        tocilizumab_given__when="2024-03-08",
        steroids_given="yes",
        steroids_given__when="2024-03-09",
        steroids_given__until="2024-03-12",
    )

    assert said(case, "day_7") == {"icans_grade_max": 1}
    assert events(case) == [
        ("crs", date(2024, 3, 8), None, 3),
        ("tocilizumab", date(2024, 3, 8), None, None),
        ("steroids", date(2024, 3, 9), date(2024, 3, 12), None),
    ]
    assert Entry.objects.filter(case=case).count() == 2
    assert "Cytokine release syndrome, grade 3, 8 Mar 2024" in desk.look(DAY_28)


def test_none_is_recorded_with_the_visit(desk: Desk, case: Case) -> None:
    desk.type(DAY_7, date="2024-03-13", crs_grade_max="0", tocilizumab_given="no")

    assert said(case, "day_7") == {"crs_grade_max": 0, "tocilizumab_given": "no"}
    assert events(case) == []


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (
            {"crs_grade_max__when": "2024-03-08"},
            "A day belongs to what happened: choose what it was.",
        ),
        (
            {"tocilizumab_given": "no", "tocilizumab_given__when": "2024-03-08"},
            "A day belongs to what happened: choose what it was.",
        ),
        (
            {"steroids_given": "yes", "steroids_given__until": "2024-03-12"},
            "Give the day on which it began.",
        ),
        ({"crs_grade_max": "2", "crs_grade_max__when": "2999-03-08"}, "has not come yet"),
        (
            {
                "steroids_given": "yes",
                "steroids_given__when": "2024-03-12",
                "steroids_given__until": "2024-03-11",
            },
            "It is before the date of the event.",
        ),
    ],
)
def test_what_cannot_have_happened_is_refused_at_its_field(
    desk: Desk, case: Case, typed: dict[str, str], told: str
) -> None:
    answer = desk.type(DAY_7, date="2024-03-13", **typed)

    assert answer.status_code == 422
    assert told in text_of(answer)
    assert (case.entries.count(), events(case)) == (1, [])


def test_what_is_asked_about_an_event_waits_and_the_rest_is_recorded(
    desk: Desk, case: Case
) -> None:
    shown = desk.type(
        DAY_7,
        date="2024-03-13",
        ldh="300",
        ldh__limit="250",
        crs_grade_max="2",
        crs_grade_max__when="2024-03-05",
    )

    assert (said(case, "day_7"), events(case)) == ({"ldh": 300}, [])
    assert "is before the infusion" in text_of(shown)
    (given,) = re.findall('name="crs_grade_max-sure" id="[^"]+" value="([^"]+)"', text_of(shown))
    answer = desk.answer(shown, {"crs_grade_max-sure": given})
    assert answer.status_code == 302
    assert events(case) == [("crs", date(2024, 3, 5), None, 2)]


BRIDGED = {
    "bridging": "yes",
    "bridging__modality": "systemic",
    "bridging__regimen": "pola-BR",
    "bridging__start": "2024-02-10",
    "bridging__best_response": "PD",
    "bridging__response_on": "2024-02-27",
}


def test_bridging_and_lymphodepletion_are_entered_with_the_visit(desk: Desk, case: Case) -> None:
    desk.type(BEFORE, date="2024-02-28", **BRIDGED, lymphodepletion1__start="2024-03-01")

    assert said(case, "lymphodepletion") == {}
    rows = TreatmentRevision.objects.filter(treatment__case=case)
    assert list(rows.values_list("role", "modality", "regimen", "start", "best_response")) == [
        ("bridging", "systemic", "pola-BR", date(2024, 2, 10), "PD"),
        ("lymphodepletion", "", "", date(2024, 3, 1), ""),
    ]
    assert "pola-BR" in desk.look("visits/3/")


def test_bridging_of_which_nothing_more_is_known_is_recorded_with_the_visit(
    desk: Desk, case: Case
) -> None:
    desk.type(BEFORE, date="2024-02-28", bridging="yes")

    assert said(case, "lymphodepletion") == {"bridging": "yes"}
    assert known(case).treatments == ()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"bridging": "no"}, "What was given is described below: choose Yes."),
        ({"bridging__start": ""}, "Give the day on which it started."),
        ({"bridging__modality": ""}, "Choose what it was."),
        ({"bridging__best_response": ""}, "A date of the response needs the response."),
        ({"bridging__response_on": "2024-02-09"}, "It is before the start of the treatment."),
    ],
)
def test_a_treatment_that_is_half_told_is_refused_at_its_field(
    desk: Desk, case: Case, changed: dict[str, str], told: str
) -> None:
    answer = desk.type(BEFORE, date="2024-02-28", **(BRIDGED | changed))

    assert answer.status_code == 422
    assert told in text_of(answer)
    assert case.entries.count() == 1


def test_a_treatment_of_a_visit_is_asked_about_once(desk: Desk, case: Case) -> None:
    undated = {**BRIDGED, "bridging__response_on": ""}

    shown = desk.type(BEFORE, date="2024-02-28", ecog="1", **undated)

    assert said(case, "lymphodepletion") == {"ecog": 1}
    assert "The response has no date" in text_of(shown)
    (given,) = re.findall('name="bridging-sure" id="[^"]+" value="([^"]+)"', text_of(shown))
    assert desk.answer(shown, {"bridging-sure": given}).status_code == 302
    assert [t.regimen for t in known(case).treatments] == ["pola-BR"]


def test_a_form_with_treatments_and_events_sent_twice_is_one_entry(desk: Desk, case: Case) -> None:
    form = desk.opened(DAY_7) | fields(
        {"date": "2024-03-13", "crs_grade_max": "1", "crs_grade_max__when": "2024-03-08"}
    )

    answers = [desk.send(DAY_7, form) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert (case.entries.count(), len(events(case))) == (2, 1)


# Gaps


def test_one_reason_stands_for_a_group(desk: Desk, case: Case) -> None:
    desk.type(DAY_28, date="2024-04-03", hemoglobin="9.8", **{"gap-laboratory": "not-performed"})

    recorded = said(case, "day_28")
    assert {recorded[n] for n in ("ldh", "crp", "ferritin", "platelets")} == {"not-performed"}
    assert str(recorded["hemoglobin"]) == "9.8"
    assert not {"response", "ecog", "crs_grade_max", "car_t_peak"} & recorded.keys()


def test_one_reason_stands_for_a_whole_visit_and_leaves_what_is_recorded(
    desk: Desk, case: Case
) -> None:
    desk.type("visits/2/", gap="asked-unknown")

    recorded = said(case, "infusion")
    assert recorded["crp"] == 90
    assert {recorded[n] for n in ("ecog", "ldh", "ferritin", "product")} == {"asked-unknown"}
    assert Observation.objects.filter(assessment__case=case, variable="crp").count() == 1


# What explains a change


@pytest.mark.parametrize(
    ("path", "typed", "asked"),
    [
        (DAY_7, {"date": "2024-03-13", "crp": "8"}, True),
        (DAY_7, {"date": "2024-03-13", "crp": "8", "tocilizumab_given": "yes"}, False),
        (DAY_7, {"date": "2024-03-13", "crp": "8", "steroids_given": "yes"}, False),
        (
            DAY_7,
            IN_DL | {"date": "2024-03-13", "steroids_given": "yes"},
            True,
        ),
        (DAY_28, {"date": "2024-04-03", "crp": "8"}, False),
        (DAY_28, IN_DL | {"date": "2024-04-03"}, True),
    ],
)
def test_a_change_that_something_explains_is_no_question_of_the_unit(
    desk: Desk, ana: User, path: str, typed: dict[str, str], asked: bool
) -> None:
    answer = desk.type(path, **typed)

    assert ("is far from the value before" in text_of(answer)) is asked


def test_a_recorded_event_explains_a_change(desk: Desk, case: Case, ana: User) -> None:
    record(case, ana, event("tocilizumab", date(2024, 3, 9)))

    assert desk.type(DAY_7, date="2024-03-13", crp="8").status_code == 302


# On to the next


@pytest.mark.parametrize(
    ("path", "offered"),
    [
        ("visits/new/election/standing/", ["election"]),
        ("visits/1/", ["apheresis"]),
        ("visits/2/", ["day_7"]),
        (DAY_28, ["day_90", "relapse"]),
        ("visits/new/month_24/", ["relapse"]),
        ("visits/new/interim/", ["relapse"]),
        ("visits/new/relapse/", []),
    ],
)
def test_a_save_goes_on_to_what_is_next_and_not_recorded(
    desk: Desk, path: str, offered: list[str]
) -> None:
    page = desk.client.get(desk.address(path), follow=True).content.decode()

    assert re.findall('name="next" value="([a-z0-9_]+)"', page) == offered


def test_going_on_with_an_empty_form_records_nothing(desk: Desk, case: Case) -> None:
    answer = desk.type("visits/2/", next="day_7")

    assert answer.headers["Location"] == desk.address(DAY_7)
    assert case.entries.count() == 1


# What a field means


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (DAY_7, "ASTCT grades: 1 fever alone"),
        (DAY_7, "ASTCT grades by the ICE test"),
        (DAY_28, "5 markedly above it, or new lesions"),
        (DAY_28, "Deauville 4 or 5 with less uptake than before"),
        ("visits/1/standing/", "each graded 0 (none) to 4"),
    ],
)
def test_definitions_stand_beside_what_is_graded(desk: Desk, path: str, words: str) -> None:
    assert words in desk.look(path)
