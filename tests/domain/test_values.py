"""Values of the domain: frozen, complete at birth, and never taken for yes or no."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from riskfactors.domain.documents import parse_case
from riskfactors.domain.findings import assess
from riskfactors.domain.reading import number_of
from riskfactors.domain.snapshot import Assessment, Event, Fact, Observation
from riskfactors.domain.timepoints import Milestone
from riskfactors.domain.variables import Interval, Number
from riskfactors.domain.vocabulary import Phrase, Verdict
from riskfactors.published import catalogue
from tests.domain.cases import everywhere, text

COURSE = parse_case(text(everywhere(infusion={"ecog": 2})), catalogue().dictionary)


@pytest.mark.parametrize("verdict", Verdict)
def test_a_verdict_is_neither_true_nor_false(verdict: Verdict) -> None:
    with pytest.raises(TypeError):
        bool(verdict)


@pytest.mark.parametrize(
    ("value", "field"),
    [
        (COURSE, "case_id"),
        (COURSE.assessments[0], "date"),
        (COURSE.assessments[3].observations["ecog"], "value"),
        (COURSE.assessments[3].observations["ecog"].fact, "value"),
        (assess(COURSE, catalogue().agenda)[0], "findings"),
        (assess(COURSE, catalogue().agenda)[0].findings[0], "verdict"),
        (assess(COURSE, catalogue().agenda)[0].scores[0], "low"),
        (assess(COURSE, catalogue().agenda)[0].scores[0].components[0], "value"),
        (catalogue(), "digest"),
        (catalogue().dictionary, "variable"),
        (catalogue().dictionary.variable[0], "range"),
        (catalogue().factors[0], "criterion"),
        (catalogue().factors[0].criterion, "at_least"),
        (catalogue().factors[0].evidence[0], "estimate"),
        (catalogue().references[0], "doi"),
        (catalogue().publications[0], "journal"),
        (catalogue().claims[0], "fact"),
        (Phrase("obligatory"), "key"),
        (Interval(Decimal(0), Decimal(1)), "low"),
    ],
)
def test_a_value_does_not_change(value: Any, field: str) -> None:
    before = getattr(value, field)

    with pytest.raises(AttributeError):
        setattr(value, field, before)

    assert getattr(value, field) is before


def test_equal_phrases_are_one() -> None:
    phrases = {Phrase("unit_expected", "mg/L"), Phrase("unit_expected", "mg/L")}

    assert phrases == {Phrase("unit_expected", "mg/L")}
    assert Phrase("unit_expected", "mg/L") != Phrase("unit_expected", "mg/dL")
    assert Phrase("unit_expected") != "unit_expected"
    assert repr(Phrase("unit_expected", "mg/L")) == "Phrase('unit_expected', 'mg/L')"


def test_the_date_of_death_is_that_of_its_event() -> None:
    died = Event(kind="death", date=date(2024, 5, 2))
    earlier = Event(kind="crs", date=date(2024, 3, 9), grade=2)

    assert replace(COURSE, events=(earlier, died)).died_on == died.date
    assert replace(COURSE, events=(earlier,)).died_on is None


def test_an_interim_visit_is_no_milestone_that_was_reached() -> None:
    interim, infusion, relapse = (
        Assessment(milestone=milestone, date=date(2024, month, 6))
        for milestone, month in (
            (Milestone.INTERIM, 4),
            (Milestone.INFUSION, 3),
            (Milestone.RELAPSE, 5),
        )
    )

    course = replace(COURSE, assessments=(relapse, interim, infusion))

    assert course.in_time == [infusion, interim, relapse]
    assert course.reached == [infusion, relapse]


def test_a_code_is_not_a_number() -> None:
    fact = Fact("tp53", "altered", None, Milestone.INFUSION, date(2024, 3, 6))

    with pytest.raises(TypeError):
        _ = Observation((fact,), "altered").number


def test_an_interval_does_not_run_backwards() -> None:
    with pytest.raises(ValueError, match="above"):
        Interval(Decimal(2), Decimal(1))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12),
        ("-0", 0),
        ("12.50", Decimal("12.50")),
        ("1E+2", Decimal("1E+2")),
        ("1e-7", Decimal("1e-7")),
        *(
            (text, None)
            for text in (
                *("", " 12", "12 ", "1,5", "1.", ".5", "+1", "0x1", "1_000", "NaN", "Infinity"),
                *("٣", "1e99999999999999999999", "9" * 5000, "1\n"),
            )
        ),
    ],
)
def test_a_text_spells_a_number_as_json_does_or_none(text: str, number: Number | None) -> None:
    spelled = number_of(text)

    assert (spelled, str(spelled)) == (number, str(number))


# What a visit asks for


def test_a_visit_asks_for_its_own_and_for_standing_facts_only_where_they_are_asked_again() -> None:
    asked = {m: {v.name for v in some} for m, some in catalogue().dictionary.asked.items()}

    assert {"ecog", "ldh"} <= asked[Milestone.ELECTION]
    assert "tp53" not in asked[Milestone.ELECTION]
    assert "product" in asked[Milestone.INFUSION]


def test_an_interim_visit_asks_what_follows_the_infusion() -> None:
    asked = {v.name for v in catalogue().dictionary.asked[Milestone.INTERIM]}

    assert {"response", "neutrophils", "platelets", "crp"} <= asked
    assert {"tp53", "stage", "bridging"} & asked == set()
