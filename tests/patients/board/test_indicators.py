"""The indicators of a centre: counted exactly, with denominators, and nothing of a few cases."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patients.board.indicators import (
    ALL,
    FEWEST,
    CaseFacts,
    Cell,
    Days,
    Partition,
    counted,
    days,
    hidden,
)
from patients.board.indicators_page import (
    Counts,
    IndicatorsPage,
    days_words,
    facts_of,
    indicators_page,
    share_words,
)
from patients.models import ClearanceRevision, Role, User
from tests.patients import boards, courses

DAY = date(2024, 1, 1)
PARTITIONS: Sequence[Partition] = (("all", ("a", "b", "c")), ("a", ("x", "y")))


def cells(counts: Mapping[str, int]) -> Counter[Cell]:
    """Cells of one year, which are those of all years too."""
    return Counter({(line, c): n for line, n in counts.items() for c in ("2024", ALL)})


def test_everyone_is_in_one_line_of_each_partition() -> None:
    stopped = CaseFacts(referred=DAY, not_eligible="wish", not_infused="died")
    infused = CaseFacts(indicated=DAY, infusion=DAY, not_infused="died")
    both = CaseFacts(indicated=DAY, apheresis=DAY, infusion=DAY)

    assert [list(each.lines) for each in (stopped, infused, both)] == [
        [
            *("cases", "referred", "not_eligible", "not_eligible:wish", "no_apheresis"),
            *("not_infused", "not_infused:died"),
        ],
        ["cases", "no_referral", "not_eligible:", "no_apheresis", "infused", "to_infusion"],
        [
            *("cases", "no_referral", "not_eligible:", "apheresed", "to_apheresis", "infused"),
            "to_infusion",
        ],
    ]


def test_days_are_those_of_cases_that_have_both_dates_in_order() -> None:
    spans = [(DAY, DAY + timedelta(length)) for length in (10, 20, 30, 40, 50)]

    found = days([*spans, (DAY, DAY - timedelta(1)), (None, DAY), (DAY, None)])

    assert found == Days(5, 20, 30, 40)


@pytest.mark.parametrize(
    ("counts", "lines"),
    [
        ({"all": 4, "a": 4}, {"all", "a"}),
        ({"all": 10, "a": 5, "b": 5}, set()),
        ({"all": 10, "a": 10}, set()),
        ({"all": 10, "a": 6, "b": 4}, {"a", "b"}),  # the complement of four is hidden too
        ({"all": 30, "a": 6, "b": 4, "c": 20}, {"a", "b"}),
        ({"all": 22, "a": 1, "b": 1, "c": 20}, {"a", "b", "c"}),  # a sum of two is told otherwise
        ({"all": 26, "a": 3, "b": 3, "c": 20}, {"a", "b"}),
        ({"all": 20, "a": 10, "b": 10, "x": 7, "y": 3}, {"x", "y"}),
    ],
)
def test_what_would_tell_of_a_few_is_hidden(counts: dict[str, int], lines: set[str]) -> None:
    partitions = [each for each in PARTITIONS if set(each[1]) & set(counts)]

    found = hidden(cells(counts), partitions)

    assert found == {(line, column) for line in lines for column in ("2024", ALL)}


def test_a_year_is_not_worked_out_from_the_others() -> None:
    """Of 2022 four are counted: all years less 2023 and 2024 would be four."""
    years = {"2022": 4, "2023": 6, "2024": 20}
    counts = counted((year, ("all", "a")) for year, n in years.items() for _case in range(n))

    found = hidden(counts, PARTITIONS[:1])

    assert {column for _line, column in found} == {"2022", "2023"}


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("123"), st.sampled_from(("a x", "a y", "b", "c"))), max_size=60
    )
)
def test_of_no_sum_a_single_cell_is_hidden(things: list[tuple[str, str]]) -> None:
    counts = counted((column, ["all", *lines.split()]) for column, lines in things)

    found = hidden(counts, PARTITIONS)

    columns = {column for column, _lines in things}
    down = [[(line, c) for line in (total, *parts)] for total, parts in PARTITIONS for c in columns]
    along = [[(line, c) for c in (ALL, *columns)] for line in ("all", *"abcxy")]
    alone = [cells for cells in (*down, *along) if len(found.intersection(cells)) == 1]
    assert alone == []
    assert {cell for cell, count in counts.items() if 0 < count < FEWEST} <= found


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({"cases": 4, "infused": 4}, "not shown"),
        ({"cases": 20, "infused": 4, "other": 16}, "not shown"),
        ({"cases": 20, "infused": 16, "other": 4}, "not shown"),
        ({"cases": 20, "infused": 5, "other": 15}, "5 of 20 (25\N{NO-BREAK SPACE}%)"),
        ({"cases": 20, "other": 20}, "0 of 20 (0\N{NO-BREAK SPACE}%)"),
        ({"cases": 5, "infused": 5}, "5 of 5 (100\N{NO-BREAK SPACE}%)"),
        ({}, "none"),
    ],
)
def test_a_share_has_its_denominator_unless_it_tells_too_much(
    counts: dict[str, int], words: str
) -> None:
    found = cells(counts)
    shown = Counts(ALL, found, hidden(found, [("cases", ("infused", "other"))]))

    assert share_words(shown, "infused", "cases") == words


@pytest.mark.parametrize(
    ("found", "counted", "words"),
    [
        (Days(4), True, "not shown"),
        (Days(5, 20, 30.5, 40), True, "median 30.5 days (quartiles 20 to 40), 5 cases"),
        (Days(5, 20, 30.5, 40), False, "not shown"),
    ],
)
def test_days_of_a_few_cases_are_not_shown(found: Days, counted: bool, words: str) -> None:
    assert days_words(found, counted=counted) == words


@pytest.fixture
def ines(db: None) -> User:
    return courses.person("ines.gil", Role.CLINICIAN)


def test_what_is_counted_is_read_as_it_stands(ines: User) -> None:
    """The decision is the answer "eligible", else the election; what is withdrawn says nothing."""
    election = courses.visit("election", DAY)
    case = courses.case(ines, *election, *courses.visit(), case_id="A-1")
    referral = courses.event("referral", DAY - timedelta(9))
    courses.record(case, ines, referral, courses.event("not_infused", DAY, cause="other"))
    referral.event.refresh_from_db()
    withdrawn = courses.event("not_infused", DAY)
    withdrawn.event = case.event_set.get(number=2)
    withdrawn.revision, withdrawn.withdrawn, withdrawn.kind = 2, True, ""
    withdrawn.date = None
    courses.record(case, ines, withdrawn, reason="in error")
    decided = DAY + timedelta(3)
    courses.record(
        case,
        ines,
        ClearanceRevision(case=case, kind="eligibility", revision=1, answer="eligible", on=decided),
    )

    assert facts_of(case.centre)[case.pk] == CaseFacts(
        referred=DAY - timedelta(9), indicated=decided, infusion=courses.INFUSION_DAY
    )


def test_a_year_holds_the_cases_decided_in_it(ines: User) -> None:
    for number in range(6):
        courses.case(ines, *courses.visit("election", DAY), case_id=f"A-{number}")
    for number in range(5):
        courses.case(ines, case_id=f"B-{number}")
    centre = courses.centre()

    values = [indicators_page(centre, year).cases[0].value for year in (None, 2024, 2023)]

    assert values == ["11", "6", "0"]
    assert indicators_page(centre, None).years == (2024,)


def named(page: IndicatorsPage) -> dict[str, str]:
    return {line.name: line.value for line in (*page.cases, *page.recommendations)}


def test_what_is_not_recorded_stands_beside_what_is(ines: User) -> None:
    """More may be infused than have an apheresis that is recorded."""
    for number in range(12):
        rows = courses.visit("apheresis", date(2024, 2, 1)) if number < 6 else []
        courses.case(ines, *rows, *courses.visit(), case_id=f"A-{number}")

    found = named(indicators_page(courses.centre(), None))

    half = "6 of 12 (50\N{NO-BREAK SPACE}%)"
    assert [found[name] for name in ("Cases", "Referral recorded", "Infused")] == [
        "12",
        "0 of 12 (0\N{NO-BREAK SPACE}%)",
        "12 of 12 (100\N{NO-BREAK SPACE}%)",
    ]
    assert (found["Apheresis recorded"], found["apheresis not recorded"]) == (half, half)


def test_recommendations_are_counted_as_such_and_give_no_few_away(ines: User) -> None:
    cases = [courses.case(ines, *courses.visit(), case_id=f"A-{n}") for n in range(7)]
    chair = boards.chair(at=cases[0])
    for case in cases:
        boards.signed(boards.item(case, ines), chair)
    boards.carried_out(cases[0], ines)

    found = named(indicators_page(courses.centre(), None))

    assert [
        found[name]
        for name in ("Recommendations signed", "Carried out", "Not recorded yet what came of it")
    ] == ["7", "not shown", "not shown"]


def test_every_reason_stands_there_once_anybody_has_one(ines: User) -> None:
    for number in range(12):
        case = courses.case(ines, *courses.visit("election", DAY), case_id=f"A-{number}")
        if number < 6:
            courses.record(case, ines, courses.event("not_infused", DAY, cause="progression"))

    page = indicators_page(courses.centre(), None)

    of_six = "6 of 6 (100\N{NO-BREAK SPACE}%)", "0 of 6 (0\N{NO-BREAK SPACE}%)"
    at = [line.name for line in page.cases].index("Course ended without infusion")
    assert [(line.name, line.value) for line in page.cases[at - 1 : at + 6]] == [
        ("Infused", "0 of 12 (0\N{NO-BREAK SPACE}%)"),
        ("Course ended without infusion", "6 of 12 (50\N{NO-BREAK SPACE}%)"),
        ("progression", of_six[0]),
        ("manufacturing", of_six[1]),
        ("death", of_six[1]),
        ("other", of_six[1]),
        ("not recorded", of_six[1]),
    ]
    assert named(page)["Not eligible"] == "0 of 12 (0\N{NO-BREAK SPACE}%)"
