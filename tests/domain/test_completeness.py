"""How complete each milestone is recorded, and why one that is not recorded is missing or not."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

import pytest

from riskfactors.domain.completeness import Answers, Completeness, RecordedCourse, completeness
from riskfactors.domain.progress import Happenings
from riskfactors.domain.snapshot import Event, Treatment
from riskfactors.domain.timepoints import MILESTONES, Milestone
from riskfactors.domain.vocabulary import Role
from riskfactors.published import catalogue

INFUSION = date(2024, 3, 6)
DICTIONARY = catalogue().dictionary
M, C = Milestone, Completeness
DAY_28 = {variable.name for variable in DICTIONARY.routine[M.DAY_28]}


def on(day: int) -> date:
    return INFUSION + timedelta(days=day)


def course(days: dict[Milestone, int], **fields: Any) -> RecordedCourse:
    """A course with visits so many days after the infusion."""
    given = {"said": {}, "answered": set(), "awaited": set()} | fields
    return RecordedCourse(reached={m: on(day) for m, day in days.items()}, **given)


def events(*days: tuple[str, int], grade: int | None = None) -> Happenings:
    """Events by kind so many days after the infusion."""
    return Happenings([Event(kind=kind, date=on(day), grade=grade) for kind, day in days])


def states(of: RecordedCourse, day: int) -> dict[Milestone, Completeness]:
    return {v.milestone: v.state for v in completeness(of, DICTIONARY, today=on(day))}


def unrecorded(days: dict[Milestone, int], day: int, **fields: Any) -> dict[str, str]:
    """The states of the milestones without a visit."""
    found = states(course(days, **fields), day)
    return {m.value: state.value for m, state in found.items() if m not in days}


def test_every_milestone_of_the_course_has_a_state_in_its_order() -> None:
    found = [v.milestone for v in completeness(course({}), DICTIONARY, today=INFUSION)]

    assert found == list(MILESTONES)


def test_before_anything_is_recorded_nothing_is_due() -> None:
    assert set(unrecorded({}, 0).values()) == {"not_due", "not_applicable"}
    assert unrecorded({}, 0)["relapse"] == "not_applicable"


def test_a_visit_before_one_that_was_recorded_is_missing() -> None:
    found = unrecorded({M.LYMPHODEPLETION: -5}, 0)

    assert {m: s for m, s in found.items() if s == "missing"} == {
        "election": "missing",
        "apheresis": "missing",
    }
    assert (found["infusion"], found["day_7"]) == ("not_due", "not_due")


@pytest.mark.parametrize(
    ("day", "state"),
    [(4, C.NOT_DUE), (5, C.DUE), (8, C.DUE), (9, C.MISSING)],
)
def test_a_visit_is_due_within_its_window_and_missing_after_it(
    day: int, state: Completeness
) -> None:
    assert states(course({M.INFUSION: 0}), day)[M.DAY_7] is state


def test_a_missed_visit_stays_missing_when_a_later_one_is_recorded() -> None:
    assert unrecorded({M.INFUSION: 0, M.DAY_28: 28}, 30)["day_7"] == "missing"


@pytest.mark.parametrize(
    ("died", "day_28"),
    [(20, "not_applicable"), (42, "not_applicable"), (43, "missing")],
)
def test_what_would_have_come_after_a_death_is_not_missing(died: int, day_28: str) -> None:
    found = unrecorded({M.INFUSION: 0}, 100, happened=events(("death", died)))

    assert (found["day_7"], found["day_28"], found["day_90"]) == (
        "missing",
        day_28,
        "not_applicable",
    )


def test_after_a_relapse_no_visit_is_asked_for_but_those_before_it_are() -> None:
    found = unrecorded({M.INFUSION: 0, M.RELAPSE: 60}, 400)

    assert (found["day_7"], found["day_28"], found["day_90"]) == (
        "missing",
        "missing",
        "not_applicable",
    )


def test_without_an_infusion_nothing_after_it_is_asked_for() -> None:
    found = unrecorded({M.ELECTION: -60}, 0, happened=events(("not_infused", -10)))

    assert set(found.values()) == {"not_applicable"}


def test_a_relapse_without_an_infusion_says_that_the_infusion_is_missing() -> None:
    assert unrecorded({M.RELAPSE: 60}, 100)["infusion"] == "missing"


# A visit that is recorded


def recorded(
    values: Collection[str], reasons: Collection[str] = (), pending: Collection[str] = ()
) -> tuple[str, int, int, int]:
    """Day 28 with these answers: its state, how many have an answer, are missing, are awaited."""
    of = course(
        {M.INFUSION: 0, M.DAY_28: 28},
        said={M.DAY_28: Answers(values, reasons, pending)},
        answered={*values, *reasons},
        awaited=pending,
    )
    (visit,) = (v for v in completeness(of, DICTIONARY, today=on(30)) if v.milestone is M.DAY_28)
    assert visit.asked == len(DAY_28)
    return visit.state.value, visit.answered, len(visit.missing), len(visit.pending)


def test_a_visit_is_filled_when_each_routine_item_has_a_value_or_a_reason() -> None:
    number = len(DAY_28)

    assert recorded(DAY_28) == ("filled", number, 0, 0)
    assert recorded(DAY_28 - {"ldh"}, {"ldh"}) == ("filled", number, 0, 0)


def test_one_item_without_an_answer_makes_it_partly_filled() -> None:
    number = len(DAY_28)

    assert recorded(DAY_28 - {"ldh"}) == ("partly", number - 1, 1, 0)
    assert recorded(set()) == ("partly", 0, number, 0)


def test_results_that_are_awaited_are_a_state_of_their_own() -> None:
    number = len(DAY_28)

    assert recorded(DAY_28 - {"ldh"}, pending={"ldh"}) == ("pending", number - 1, 0, 1)
    assert recorded(DAY_28 - {"ldh", "crp"}, pending={"ldh"}) == ("partly", number - 2, 1, 1)


def test_a_visit_of_which_every_item_has_a_reason_was_not_done() -> None:
    assert recorded(set(), DAY_28) == ("not_done", len(DAY_28), 0, 0)


def test_a_visit_without_anything_said_is_partly_filled_with_nothing() -> None:
    of = course({M.INFUSION: 0, M.DAY_28: 28})

    (visit,) = (v for v in completeness(of, DICTIONARY, today=on(30)) if v.milestone is M.DAY_28)

    assert (visit.state, visit.answered, set(visit.missing)) == (C.PARTLY, 0, DAY_28)


def test_a_fact_that_stays_true_is_answered_and_awaited_anywhere() -> None:
    asked = {v.name for v in DICTIONARY.routine[M.ELECTION]}
    assert DICTIONARY.variables["histology"].standing
    other = {M.ELECTION: Answers(asked - {"histology"})}

    def election(**known: Any) -> tuple[Completeness, tuple[str, ...], tuple[str, ...]]:
        given = {"answered": asked - {"histology"}, "awaited": ()} | known
        of = course({M.ELECTION: -60}, said=other, **given)
        visit = next(iter(completeness(of, DICTIONARY, today=INFUSION)))
        return visit.state, visit.missing, visit.pending

    assert election() == (C.PARTLY, ("histology",), ())
    assert election(answered=asked) == (C.FILLED, (), ())
    assert election(awaited={"histology"}) == (C.PENDING, (), ("histology",))


def test_what_happened_by_the_visit_is_not_missing_there() -> None:
    known = {v.name for v in DICTIONARY.routine[M.DAY_28]} - {"crs_grade_max"}

    def day_28(happened: Happenings) -> tuple[Completeness, tuple[str, ...]]:
        of = course(
            {M.INFUSION: 0, M.DAY_28: 28}, said={M.DAY_28: Answers(known)}, happened=happened
        )
        found = {v.milestone: v for v in completeness(of, DICTIONARY, today=on(30))}
        return found[M.DAY_28].state, found[M.DAY_28].missing

    assert day_28(Happenings()) == (C.PARTLY, ("crs_grade_max",))
    assert day_28(events(("crs", 3), grade=2)) == (C.FILLED, ())
    assert day_28(events(("crs", 29), grade=2)) == (C.PARTLY, ("crs_grade_max",))


def test_a_result_that_is_awaited_is_not_once_an_event_says_it() -> None:
    known = {v.name for v in DICTIONARY.routine[M.DAY_28]} - {"crs_grade_max"}
    of = course(
        {M.INFUSION: 0, M.DAY_28: 28},
        said={M.DAY_28: Answers(known, pending={"crs_grade_max"})},
        happened=events(("crs", 3), grade=2),
    )

    assert states(of, 30)[M.DAY_28] is C.FILLED


def test_a_visit_that_was_not_done_stays_so_whatever_happened() -> None:
    reasons = {v.name for v in DICTIONARY.routine[M.DAY_28]} - {"crs_grade_max"}
    of = course(
        {M.INFUSION: 0, M.DAY_28: 28},
        said={M.DAY_28: Answers(reasons=reasons)},
        happened=events(("crs", 3), grade=2),
    )

    assert states(of, 30)[M.DAY_28] is C.NOT_DONE


def test_bridging_before_lymphodepletion_is_said_by_the_treatment() -> None:
    given = Happenings(treatments=[Treatment(role=Role.BRIDGING, start=on(-20))])
    found = {
        v.milestone: v.missing
        for v in completeness(
            course({M.LYMPHODEPLETION: -5}, happened=given), DICTIONARY, today=on(0)
        )
    }

    assert "bridging" not in found[M.LYMPHODEPLETION]


@pytest.mark.parametrize("milestone", MILESTONES)
def test_research_items_are_never_missing(milestone: Milestone) -> None:
    research = {v.name for v in DICTIONARY.variable if v.availability == "research"}

    found = {
        v.milestone: set(v.missing)
        for v in completeness(course({milestone: 0}), DICTIONARY, today=on(900))
    }

    assert found[milestone] & research == set()
