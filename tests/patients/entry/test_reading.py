"""What is typed about a variable: recorded, refused with what is possible, or asked about once."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patients.entry.questions import Limit, Surroundings
from patients.entry.reading import Doubts, Statement, Typed, read_statement
from riskfactors.domain.reading import Reading, number_of
from riskfactors.domain.reading import read as reader
from riskfactors.domain.snapshot import Fact, Observation
from riskfactors.domain.timepoints import Milestone
from riskfactors.domain.variables import EXACT, Variable
from riskfactors.domain.vocabulary import Comparator
from riskfactors.published import catalogue
from riskfactors.words.facts import day_words

VISIT = date(2024, 3, 6)
BEFORE = day_words(date(2024, 1, 2))
QUANTITIES = [v for v in catalogue().dictionary.variable if v.type == "quantity"]


def variable(name: str) -> Variable:
    return catalogue().dictionary.variables[name]


def read(
    name: str, value: str = "", *, before: str | None = None, centre: str = "", **typed: Any
) -> Statement | Doubts | None:
    """A statement typed at a visit, after a value before it in the unit of the dictionary."""
    return read_statement(
        variable(name),
        Typed(value=value, **typed),
        Surroundings(
            visited_on=VISIT,
            previous=earlier(name, before) if before else None,
            centre_limit=Limit(centre, "U/L") if centre else None,
        ),
    )


def earlier(name: str, value: str) -> Observation:
    number: Any = value if variable(name).codes else Decimal(value)
    fact = Fact(name, number, variable(name).unit, Milestone.ELECTION, date(2024, 1, 2))
    return Observation((fact,), number)


def errors(read: object) -> dict[str, str]:
    assert isinstance(read, Doubts)
    assert read.question is None
    return read.errors


def question(read: object) -> tuple[str, dict[str, str]]:
    assert isinstance(read, Doubts)
    assert read.errors == {}
    assert read.question is not None
    return read.question.sentence, dict(read.question.answers)


def test_nothing_typed_says_nothing() -> None:
    assert read("crp") is None
    assert read("crp", unit="mg/L") is None


def test_a_value_is_kept_as_it_was_typed() -> None:
    assert read("crp", "12,50", unit="mg/L") == Statement(
        variable="crp", value="12.50", unit="mg/L"
    )
    assert read("ecog", "1") == Statement(variable="ecog", value="1")
    assert read("histology", "pmbcl") == Statement(variable="histology", value="pmbcl")


def test_a_day_of_its_own_is_kept_and_that_of_the_visit_is_not() -> None:
    days = [date(2024, 3, 5), VISIT]

    read_ones = [read("crp", "12", observed_on=day) for day in days]

    assert [s.observed_on for s in read_ones if isinstance(s, Statement)] == [days[0], None]


def test_a_reason_stands_for_a_value() -> None:
    assert read("crp", absent="not-performed", note="lost") == Statement(
        variable="crp", absent="not-performed", note="lost"
    )


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ({"value": "12", "absent": "error"}, "absent"),
        ({"absent": "error", "upper_limit": "250"}, "limit"),
        ({"note": "haemolytic"}, ""),
        ({"observed_on": date(2024, 3, 5)}, ""),
        ({"upper_limit": "250"}, ""),
        ({"centre_limit": True}, ""),
    ],
)
def test_what_belongs_to_a_value_needs_one_and_only_one(typed: dict[str, Any], at: str) -> None:
    assert list(errors(read("ldh", **typed))) == [at]


@pytest.mark.parametrize("text", ["many", "<", "1e3", "-3", "3 g/dL", "3-5"])
def test_what_is_no_number_is_refused_with_what_was_given(text: str) -> None:
    assert errors(read("crp", text)) == {
        "": "A number is expected, in digits; < or > may stand before it, its unit behind it "
        f"(mg/L, mg/dL). Given: {text}."
    }
    assert errors(read("suvmax", text)) == {
        "": f"A number is expected, in digits; < or > may stand before it. Given: {text}."
    }
    assert errors(read("extranodal_sites", text)) == {
        "": f"A number is expected, in digits. Given: {text}."
    }


@pytest.mark.parametrize(
    ("name", "text", "recorded"),
    [
        ("crp", "<0.6", {"value": "0.6", "comparator": "<", "unit": "mg/L"}),
        ("crp", "<0.6 mg/dL", {"value": "0.6", "comparator": "<", "unit": "mg/dL"}),
        ("ferritin", ">2000", {"value": "2000", "comparator": ">", "unit": "ng/mL"}),
        ("crp", "≤ 5", {"value": "5", "comparator": "<=", "unit": "mg/L"}),
        ("crp", ">=5", {"value": "5", "comparator": ">=", "unit": "mg/L"}),
        ("crp", "3.1\u200b", {"value": "3.1", "unit": "mg/L"}),
        ("crp", "\ufeff3.1\u00a0", {"value": "3.1", "unit": "mg/L"}),
        ("crp", "64 mg/L", {"value": "64", "unit": "mg/L"}),
        ("crp", "6.4 mg/dl", {"value": "6.4", "unit": "mg/dL"}),
        ("crp", "64\u00a0mg/L", {"value": "64", "unit": "mg/L"}),
        ("platelets", "150 ×10⁹/L", {"value": "150", "unit": "10*9/L"}),
        ("platelets", "150000 /µL", {"value": "150000", "unit": "/uL"}),
        ("hemoglobin", "105 g/l", {"value": "105", "unit": "g/L"}),
        ("crp", ".5", {"value": "0.5", "unit": "mg/L"}),
        ("ferritin", "720 H", {"value": "720", "unit": "ng/mL"}),
        ("ferritin", "1500*", {"value": "1500", "unit": "ng/mL"}),
        ("crp", "3 L mg/L", {"value": "3", "unit": "mg/L"}),
        ("extranodal_sites", "3 *", {"value": "3"}),
    ],
)
def test_what_laboratories_write_is_read(name: str, text: str, recorded: dict[str, Any]) -> None:
    assert read(name, text) == Statement(variable=name, **recorded)


def test_a_value_and_its_limit_are_read_as_they_are_pasted() -> None:
    assert read("ldh", "245 IU/L", upper_limit="250 U/L") == Statement(
        variable="ldh", value="245", unit="U/L", upper_limit="250"
    )
    assert errors(read("ldh", "245 U/L", upper_limit="4.2 µkat/L")) == {
        "limit": "Give the upper limit in the unit of the value, U/L."
    }
    assert errors(read("ldh", "245 U/L", upper_limit="<250")) == {
        "limit": "A number is expected, in digits. Given: <250."
    }


def test_the_unit_that_was_pasted_counts_and_not_the_one_that_stood_beside() -> None:
    assert read("crp", "6.4 mg/dL", unit="mg/L", before="64") == Statement(
        variable="crp", value="6.4", unit="mg/dL"
    )
    # It is meant: that another would fit better is not asked.
    assert isinstance(read("crp", "3 mg/L", before="35"), Statement)
    assert question(read("crp", "3", before="35"))


def test_a_number_that_may_mean_two_is_asked_about_with_its_unit_and_its_sign() -> None:
    _sentence, answers = question(read("ferritin", ">1,500 ng/mL"))

    assert answers == {"1,500=1500": "1500", "1,500=1.500": "1.5"}
    assert read("ferritin", ">1,500 ng/mL", sure=["1,500=1500"]) == Statement(
        variable="ferritin", value="1500", comparator=">", unit="ng/mL", confirmed=True
    )
    assert list(errors(read("ferritin", "1,500 H"))) == [""]


def test_a_side_that_leaves_no_value_or_belongs_to_none_is_refused() -> None:
    assert errors(read("crp", "<0")) == {
        "": "Nothing lies below 0: give the value, or another limit."
    }
    assert errors(read("extranodal_sites", ">3")) == {
        "": "Give the number itself: < and > belong to measured quantities."
    }
    assert errors(read("crp", ">1001")) == {
        "": "1001 mg/L is impossible: from 0 to 1000 mg/L is possible."
    }


def test_an_impossible_value_is_refused_with_what_is_possible() -> None:
    assert errors(read("ecog", "5")) == {"": "A whole number from 0 to 4 is possible."}
    assert errors(read("ecog", "1.5")) == {"": "A whole number from 0 to 4 is possible."}
    assert errors(read("histology", "other lymphoma")) == {"": "Choose one of the list."}
    assert errors(read("suvmax", "151")) == {"": "151 is impossible: from 0 to 150 is possible."}


def test_a_value_that_is_possible_in_another_unit_is_refused_with_that_unit() -> None:
    assert errors(read("hemoglobin", "105")) == {
        "": "105 g/dL is impossible: from 2 to 25 g/dL is possible. "
        "Is it 105 g/L, which is 10.5 g/dL?"
    }


@pytest.mark.parametrize("name", [v.name for v in QUANTITIES])
def test_every_quantity_is_refused_outside_its_limits_in_each_of_its_units(name: str) -> None:
    """Below, at and above both limits, after conversion; at them it is at most asked about."""
    limits = variable(name).impossible_outside
    step = Decimal("0.0001")
    for unit, factor in variable(name).accepts.items():
        for inside, outside in (
            (limits.low / factor, (limits.low - step) / factor),
            (limits.high / factor, (limits.high + step) / factor),
        ):
            if outside >= 0:
                assert list(errors(read(name, f"{outside:f}", unit=unit))) == [""]
            if EXACT.multiply(inside, factor) in (limits.low, limits.high):  # not 25 / 1.611
                typed = read(name, f"{inside:f}", unit=unit)
                assert isinstance(typed, Statement) or question(typed)


def test_the_value_before_is_told_in_the_unit_that_it_is_compared_in() -> None:
    recorded = Fact("crp", Decimal("8.6"), "mg/dL", Milestone.ELECTION, date(2024, 1, 2))
    near = Surroundings(visited_on=VISIT, previous=Observation((recorded,), Decimal("86")))

    sentence, _answers = question(read_statement(variable("crp"), Typed(value="12"), near))

    assert f"12 mg/L is far from the value before, 86 mg/L ({BEFORE})" in sentence


@pytest.mark.parametrize(
    ("name", "typed", "before", "other"),
    [
        ("crp", "3", "35", "3 mg/dL would be 30 mg/L"),
        ("crp", "0.4", "4", "0.4 mg/dL would be 4 mg/L"),
        ("ldh", "5", "300", None),  # impossible as it stands: refused with the other unit
        ("ferritin", "1200", "500", None),  # a rise like this needs no other unit
        ("crp", "8", "35", None),
        ("crp", "35", "35", None),
        ("crp", "300", "35", None),  # ten times more fits no other unit
        ("creatinine", "0.9", "0.8", None),
    ],
)
def test_a_value_that_fits_far_better_in_another_unit_is_asked_about(
    name: str, typed: str, before: str, other: str | None
) -> None:
    found = read(name, typed, before=before)

    if other is None:
        assert not (isinstance(found, Doubts) and found.question)
    else:
        sentence, answers = question(found)
        assert other in sentence
        assert BEFORE in sentence
        confirmed = read(name, typed, before=before, sure=list(answers))
        assert isinstance(confirmed, Statement)
        assert confirmed.confirmed


def test_an_ambiguous_number_is_asked_about_and_read_as_answered() -> None:
    sentence, answers = question(read("ferritin", "1,500"))

    assert sentence == "Which number is meant by “1,500”?"
    assert answers == {"1,500=1500": "1500", "1,500=1.500": "1.5"}
    thousands = read("ferritin", "1,500", sure=["1,500=1500"])
    assert thousands == Statement(variable="ferritin", value="1500", unit="ng/mL", confirmed=True)
    # The answers do not ask the same again in another spelling.
    assert question(read("platelets", "150,000"))[1] == {"150,000=150.000": "150"}
    # The answer belongs to these digits: others are asked about again.
    assert question(read("ferritin", "2,500", sure=["1,500=1500"]))


def test_of_two_readings_an_impossible_one_is_not_offered() -> None:
    assert question(read("ldh", "1,500", upper_limit="250"))[1] == {"1,500=1500": "1500"}
    assert read("creatinine", "1.234") == Statement(
        variable="creatinine", value="1.234", unit="mg/dL"
    )
    assert question(read("creatinine", "1,234"))[1] == {
        "1,234=1.234": "1.234 (1 and three decimals)"
    }
    assert list(errors(read("suvmax", "1,234,567"))) == [""]


def test_the_limit_of_lactate_dehydrogenase_is_typed_or_confirmed_or_said_to_be_unknown() -> None:
    typed = read("ldh", "300", upper_limit="240")
    confirmed = read("ldh", "300", centre_limit=True, centre="250")
    _sentence, answers = question(read("ldh", "300", centre="250"))
    unknown = read("ldh", "300", centre="250", sure=list(answers))

    assert typed == Statement(variable="ldh", value="300", unit="U/L", upper_limit="240")
    assert confirmed == Statement(variable="ldh", value="300", unit="U/L", upper_limit="250")
    assert list(answers.values()) == ["The upper limit is not known"]
    assert unknown == Statement(variable="ldh", value="300", unit="U/L", confirmed=True)


def test_the_limit_of_the_centre_is_not_taken_for_another_unit() -> None:
    assert errors(read("ldh", "5", unit="ukat/L", centre_limit=True, centre="250")) == {
        "limit": "The centre's limit is in U/L: type the limit in your unit."
    }
    assert errors(read("ldh", "300", centre_limit=True)) == {
        "limit": "The centre has no limit of its own: type the limit."
    }


def test_an_impossible_limit_is_refused() -> None:
    assert errors(read("ldh", "600", upper_limit="99")) == {
        "limit": "99 U/L is impossible: from 100 to 700 U/L is possible."
    }


@settings(deadline=None)
@given(
    name=st.sampled_from([v.name for v in catalogue().dictionary.variable]),
    text=st.one_of(
        st.from_regex(r"[0-9]{1,6}([.,][0-9]{1,4})?", fullmatch=True),
        st.sampled_from(["<5", "≤ 0.5", ">2000", "245 U/L", "6.4 mg/dl", "720 H", ".5", "<0"]),
        st.sampled_from(["1,500", "1.500", "yes", "no", "CR", "axi_cel", "pmbcl", "altered"]),
        st.text(max_size=8),
    ),
    unit=st.integers(min_value=0, max_value=3),
    limit=st.sampled_from(["", "250", "4,2", "1,5"]),
)
def test_what_the_form_accepts_a_case_document_holds(
    name: str, text: str, unit: int, limit: str
) -> None:
    """Every question is answered with its first answer, until nothing more is asked."""
    accepts = [*variable(name).accepts, ""]
    typed = Typed(value=text, unit=accepts[unit % len(accepts)], upper_limit=limit)
    said = read_statement(variable(name), typed, Surroundings(visited_on=VISIT))
    while isinstance(said, Doubts) and said.question:
        typed = replace(typed, sure=[*typed.sure, next(iter(said.question.answers))])
        said = read_statement(variable(name), typed, Surroundings(visited_on=VISIT))

    if isinstance(said, Statement):
        numeric = not variable(name).codes
        reading = reader(
            variable(name),
            number_of(said.value) if numeric else said.value,
            unit=said.unit or None,
            comparator=Comparator(said.comparator) if said.comparator else None,
            upper_limit=number_of(said.upper_limit) if said.upper_limit else None,
        )
        assert isinstance(reading, Reading)
        assert str(reading.recorded) == said.value
