"""What no case can hold altogether, each refused at its place."""

from typing import Any

import pytest

from riskfactors.published import catalogue
from tests.domain.cases import (
    BORN,
    Json,
    bridging,
    case,
    event,
    line,
    places,
    problems,
    salvage,
    text,
)
from tests.domain.document_parts import observed, whole

DEATH = event("death", "2024-05-01")
GRADE_1 = {"grade": 1}


@pytest.mark.parametrize(
    ("document", "place"),
    [
        (case(day_90={}, events=(DEATH,)), "assessments[0].date"),
        (case(treatments=(salvage("2024-05-02"),), events=(DEATH,)), "treatments[0].start"),
        (
            case(treatments=(line("2024-01-01", end="2024-05-02"),), events=(DEATH,)),
            "treatments[0].end",
        ),
        (
            case(treatments=(line("2024-01-01", response_on="2024-05-02"),), events=(DEATH,)),
            "treatments[0].response_on",
        ),
        (case(events=(DEATH, event("crs", "2024-05-02"))), "events[1].date"),
        (case(events=(DEATH, event("crs", "2024-05-01", end="2024-05-02"))), "events[1].end"),
        (case(events=(DEATH, event("death", "2024-06-01"))), "events[1].kind"),
        (case(events=(event("death", "2024-06-01"), DEATH)), "events[1].kind"),
        (whole(birth_date="1899-12-31"), "birth_date"),
        (case(events=(event("crs", "2024-05-02", end="2024-05-01"),)), "events[0].end"),
    ],
)
def test_a_course_that_cannot_be_is_refused_at_its_place(document: Json, place: str) -> None:
    assert places(document) == [place]


@pytest.mark.parametrize(
    "document",
    [
        case(
            dates={"day_90": "2024-05-01"},
            day_90={},
            treatments=(salvage("2024-05-01", end="2024-05-01", response_on="2024-05-01"),),
            events=(DEATH, event("crs", "2024-05-01", end="2024-05-01")),
        ),
        whole(birth_date="1900-01-01"),
    ],
)
def test_the_day_itself_is_accepted(document: Json) -> None:
    assert places(document) == []


def test_a_death_before_the_birth_is_refused() -> None:
    assert places(case(events=(event("death", "1973-12-31"),))) == ["events[0].date"]


@pytest.mark.parametrize(
    ("name", "most", "item"),
    [
        ("assessments", 500, {"milestone": "interim", "date": "2024-03-06"}),
        ("treatments", 500, {"role": "line", "start": "2024-03-06"}),
        ("events", 1_000, {"kind": "crs", "date": "2024-03-06"}),
    ],
)
def test_lists_are_limited(name: str, most: int, item: Json) -> None:
    found = [places(whole(**{name: [item] * number})) for number in (most, most + 1)]

    assert found == [[], [name]]


@pytest.mark.parametrize(
    ("written", "accepted"),
    [
        ("x" * 2_000, True),
        ("x" * 2_001, False),
        ("R-CHOP\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}", True),
        ("R-CHOP\n", False),
        ("R-CHOP\t", False),
        ("R-CHOP\x00", False),
        ("R-CHOP\x7f", False),
        ("R-CHOP\x85", False),
        ("R-CHOP\N{RIGHT-TO-LEFT MARK}", False),
        ("R-CHOP\N{RIGHT-TO-LEFT OVERRIDE}", False),
        ("R-CHOP\N{FIRST STRONG ISOLATE}", False),
        ("R-CHOP\N{ARABIC LETTER MARK}", False),
    ],
)
def test_a_text_is_one_that_reads_as_it_is_written(written: str, accepted: bool) -> None:
    document = whole(treatments=[{"role": "line", "start": "2024-01-01", "regimen": written}])

    assert places(document) == ([] if accepted else ["treatments[0].regimen"])


def test_a_note_may_have_lines_and_a_pseudonym_none() -> None:
    noted = observed(tp53={"value": "altered", "note": "of\r\ntwo\n\tlines"})

    assert places(noted) == []
    assert places(observed(tp53={"value": "altered", "note": "a\N{RIGHT-TO-LEFT MARK}"})) == [
        "assessments[0].observations.tp53.note"
    ]
    assert places(whole(case_id="A\n1")) == ["case_id"]


def test_the_first_hundred_problems_are_listed_and_all_are_counted() -> None:
    document = whole(events=[{"kind": "fever", "date": "2024-03-06"}] * 101)

    found = problems(document)

    assert len(found) == 101
    assert found[-1] == "document: 101 problems in all, of which the first are listed"


def test_a_hundred_problems_are_listed_and_no_more_is_said() -> None:
    document = whole(events=[{"kind": "fever", "date": "2024-03-06"}] * 100)

    assert places(document) == [f"events[{place}].kind" for place in range(100)]


@pytest.mark.parametrize(
    ("treatment", "found"),
    [
        ({"role": "other", "class": "autologous"}, []),
        ({"role": "other"}, []),
        ({"role": "salvage", "class": "bispecific"}, []),
        ({"role": "other", "class": "bispecific"}, ["treatments[0].class"]),
        ({"role": "salvage", "class": "autologous"}, ["treatments[0].class"]),
        ({"role": "line", "class": "autologous"}, ["treatments[0].class"]),
        ({"role": "spare", "class": "autologous"}, ["treatments[0].role"]),
    ],
)
def test_a_class_belongs_to_its_role(treatment: Json, found: list[str]) -> None:
    assert places(whole(treatments=[{"start": "2024-01-01", **treatment}])) == found


KINDS = catalogue().dictionary.events


@pytest.mark.parametrize("kind", [kind for kind, of in KINDS.items() if of.grades])
def test_these_kinds_of_event_have_a_grade(kind: str) -> None:
    found = [places(case(events=(event(kind, "2024-03-09", grade=grade),))) for grade in (1, 5, 6)]

    assert found == [[], [], ["events[0].grade"]]


@pytest.mark.parametrize("kind", [kind for kind, of in KINDS.items() if not of.grades])
def test_other_kinds_of_event_have_none(kind: str) -> None:
    found = [places(case(events=(event(kind, "2024-03-09", **given),))) for given in ({}, GRADE_1)]

    assert found == [[], ["events[0].grade"]]


def test_both_schemas_are_read_alike_and_a_byte_order_mark_is_no_fault() -> None:
    first, second = (whole(schema=f"cartapp-case/{version}") for version in (1, 2))

    assert places(first) == places(second) == []
    assert places(b"\xef\xbb\xbf" + text(second)) == []


UNITS: list[tuple[str, Any, str]] = [
    ("creatinine", 80, "µmol/L"),
    ("creatinine", 80, "\N{GREEK SMALL LETTER MU}mol/L"),
    ("ldh", 4, "µkat/L"),
    ("ldh", 4, "\N{GREEK SMALL LETTER MU}kat/L"),
    *(("ldh", 240, unit) for unit in ("[IU]/L", "[iU]/L", "IU/L", "U/l")),
    ("crp", 3, "mg/dl"),
    ("crp", 3, "mg/l"),
    ("hemoglobin", 9, "g/dl"),
    ("hemoglobin", 90, "g/l"),
    ("ferritin", 90, "ng/ml"),
    ("il6", 9, "pg/ml"),
    *(("platelets", 90, unit) for unit in ("10*3/uL", "10^9/L", "x10^9/L", "×10⁹/L")),
    *(("platelets", 90_000, unit) for unit in ("/µL", "/\N{GREEK SMALL LETTER MU}L")),
]


@pytest.mark.parametrize(("name", "value", "unit"), UNITS)
def test_a_unit_is_read_in_every_spelling_of_laboratories(
    name: str, value: object, unit: str
) -> None:
    assert places(observed(**{name: {"value": value, "unit": unit}})) == []


def test_every_spelling_is_tried() -> None:
    tried = {unit for _name, _value, unit in UNITS}

    assert set(catalogue().dictionary.unit_aliases) - tried == set()


def test_birth_death_and_infusion_on_one_day_is_accepted() -> None:
    document = case(
        born=BORN,
        dates={"infusion": BORN},
        infusion={},
        treatments=(bridging(BORN),),
        events=(event("death", BORN),),
    )

    assert places(document) == []
