"""What cases are ordered by follows from what is recorded, whatever was recorded how."""

from datetime import date
from typing import Any

import pytest

from patients.models import (
    Assessment,
    AssessmentDate,
    Case,
    Event,
    EventRevision,
    OrderKey,
    Role,
    User,
)
from patients.records.ordering import KEYS, put_all_in_order
from riskfactors.domain.timepoints import ORDER, Milestone
from riskfactors.published import catalogue
from tests.patients import boards, courses, screens
from tests.patients.courses import INFUSION_DAY, event, record, value, visit

PENDING = "temp-unknown"


@pytest.fixture
def ana(db: None) -> User:
    return courses.person("ana.ruiz", Role.CLINICIAN)


def on(day: int) -> date:
    return date.fromordinal(INFUSION_DAY.toordinal() + day)


def key(case: Case, *fields: str) -> list[Any]:
    """Some fields of the key of a case."""
    found = OrderKey.objects.get(case=case)
    return [getattr(found, field) for field in fields]


def test_a_new_case_has_a_key_of_its_entry_and_nothing_to_be_ordered_by(ana: User) -> None:
    case = courses.case(ana)

    assert key(case, "centre", "entry") == [case.centre, case.entries.get()]
    assert key(case, *KEYS[1:]) == [None] * 6 + [0, None, 0, None]


def test_every_entry_makes_the_key_anew(ana: User) -> None:
    case = courses.case(ana, *visit())
    fields = ("infusion", "expected_from", "expected_until", "responded_on", "died_on")
    told = [key(case, *fields)]
    record(case, ana, *visit("day_28", on(28), response="PR"))
    told.append(key(case, *fields))
    record(case, ana, event("death", on(50)))
    told.append(key(case, *fields))

    assert told == [
        [on(0), on(5), on(8), None, None],
        [on(0), on(75), on(115), on(28), None],
        [on(0), None, None, on(28), on(50)],
    ]
    assert key(case, "entry") == [case.entries.latest("sequence")]


def test_a_withdrawal_takes_what_it_gave(ana: User) -> None:
    progressed = visit("day_28", on(28), response="PD")
    case = courses.case(ana, *visit(), *progressed, event("death", on(50)))
    before = key(case, "progressed_on", "died_on")
    at = Assessment.objects.get(case=case, milestone="day_28")
    record(case, ana, AssessmentDate(assessment=at, revision=2, date=None), reason="not his")
    gone = EventRevision(event=Event.objects.get(), revision=2, withdrawn=True)
    record(case, ana, gone, reason="another patient")

    assert before == [on(28), on(50)]
    assert key(case, "progressed_on", "died_on", "expected_until") == [None, None, on(8)]


def test_a_response_from_before_the_infusion_is_none_of_this_treatment(ana: User) -> None:
    early = visit("lymphodepletion", on(-5), response="PD")
    planned = courses.case(ana, *visit("lymphodepletion", on(-5), response="PD"), case_id="A-1")
    infused = courses.case(ana, *early, *visit(), case_id="A-2")

    assert key(planned, "responded_on", "progressed_on") == [on(-5), None]
    assert key(infused, "responded_on", "progressed_on") == [None, None]


def test_routine_results_are_pending_until_they_have_an_answer(ana: User) -> None:
    case = courses.case(ana, *visit("election", on(-60)), *visit(on=on(0)))
    election, infusion = case.assessment_set.order_by("number")
    told = []
    for entry in (
        [
            value(election, "histology", "", absent=PENDING),
            value(infusion, "crp", "", absent=PENDING),
        ],
        [value(infusion, "cd19_at_relapse", "", absent="not-performed")],
        [value(infusion, "crp", "5", revision=2, unit="mg/L")],
        [value(infusion, "histology", "dlbcl_nos")],
    ):
        record(case, ana, *entry, reason="came in")
        told.append(key(case, "pending", "pending_since"))

    assert told == [[2, on(-60)], [2, on(-60)], [1, on(-60)], [0, None]]


def test_what_an_event_answers_is_neither_pending_nor_a_gap(ana: User) -> None:
    case = courses.case(ana, *visit(), *visit("day_28", on(28)))
    at = Assessment.objects.get(case=case, milestone="day_28")
    others = [v.name for v in catalogue().dictionary.routine[Milestone.DAY_28]]
    others.remove("crs_grade_max")
    record(case, ana, *(value(at, name, "", absent="not-performed") for name in others))
    record(case, ana, value(at, "crs_grade_max", "", absent=PENDING))
    gap = 1 << ORDER[Milestone.DAY_28]
    told = [(key(case, "pending")[0], key(case, "gaps")[0] & gap)]
    again = value(at, "crs_grade_max", "", 2, withdrawn=True)
    record(case, ana, again, reason="nobody is asked")
    told.append((key(case, "pending")[0], key(case, "gaps")[0] & gap))

    record(case, ana, event("crs", on(3), grade=2))
    told.append((key(case, "pending")[0], key(case, "gaps")[0] & gap))

    assert told == [(1, 0), (0, gap), (0, 0)]


def test_a_pending_grade_is_awaited_no_more_once_an_event_has_it(ana: User) -> None:
    case = courses.case(ana, *visit(), *visit("day_28", on(28)))
    at = Assessment.objects.get(case=case, milestone="day_28")
    record(case, ana, value(at, "crs_grade_max", "", absent=PENDING))
    before = key(case, "pending", "pending_since")

    record(case, ana, event("crs", on(3), grade=2))

    assert (before, key(case, "pending", "pending_since")) == ([1, on(28)], [0, None])


def test_a_research_result_is_awaited_by_no_list(ana: User) -> None:
    research = next(v for v in catalogue().dictionary.variable if v.availability == "research")
    case = courses.case(ana, *visit())

    record(case, ana, value(courses.infusion(case), research.name, "", absent=PENDING))

    assert key(case, "pending", "pending_since") == [0, None]


@pytest.mark.parametrize("name", screens.NAMES)
def test_keys_that_were_lost_are_made_anew_as_they_were(db: None, name: str) -> None:
    case = screens.imported(screens.vignette(name))
    before = key(case, *KEYS)
    OrderKey.objects.all().delete()

    put_all_in_order()

    assert key(case, *KEYS) == before


def test_of_two_responses_of_one_day_lists_read_what_a_save_read(ana: User) -> None:
    progressed, responded = (visit("interim", on(20), response=said) for said in ("PD", "PR"))
    case = courses.case(ana, *visit(), *progressed, *responded)
    at = Assessment.objects.get(case=case, number=2)
    record(case, ana, AssessmentDate(assessment=at, revision=2, date=on(20)), reason="as said")
    before = key(case, *KEYS)

    put_all_in_order()

    assert key(case, *KEYS) == before
    assert key(case, "responded_on", "progressed_on") == [on(20), on(20)]


def test_what_a_board_recommends_is_no_entry_that_a_key_is_made_of(ana: User) -> None:
    case = courses.case(ana, *visit())
    boards.followed_up(case, ana)
    before = key(case, *KEYS)

    put_all_in_order()

    assert key(case, *KEYS) == before


def test_the_windows_of_visits_are_those_that_keys_were_made_by() -> None:
    windows = catalogue().dictionary.windows_days_after_infusion

    assert {m.value: (int(w.low), int(w.high)) for m, w in windows.items()} == {
        "day_7": (5, 8),
        "day_28": (21, 42),
        "day_90": (75, 115),
        "month_6": (150, 210),
        "month_12": (330, 400),
        "month_24": (690, 770),
    }, "With other windows a migration puts all cases in order again (put_all_in_order)."
