"""What is expected next, what is missing, and what came last."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from riskfactors.domain.progress import (
    PENDING,
    Happenings,
    LastResponse,
    RecordedCode,
    Timing,
    expected_visits,
    last_response,
    last_statement,
    last_visit,
    missing_items,
)
from riskfactors.domain.snapshot import Event, Treatment
from riskfactors.domain.timepoints import AFTER_INFUSION, MILESTONES, Milestone
from riskfactors.domain.vocabulary import Role
from riskfactors.published import catalogue

INFUSION = date(2024, 3, 6)
DICTIONARY = catalogue().dictionary
WINDOWS = tuple(DICTIONARY.windows_days_after_infusion.items())
DAY_7, DAY_28, DAY_90 = Milestone.DAY_7, Milestone.DAY_28, Milestone.DAY_90
DUE, OVERDUE = Timing.DUE, Timing.OVERDUE


def expected(
    day: int, *reached: Milestone, events: tuple[str, ...] = ()
) -> list[tuple[Milestone, Timing]]:
    """What is due or overdue so many days after the infusion."""
    visits = expected_visits(
        infusion=INFUSION,
        reached={Milestone.INFUSION, *reached},
        events=events,
        today=INFUSION + timedelta(days=day),
        windows=WINDOWS,
    )
    return [(v.milestone, v.timing) for v in visits if v.timing is not Timing.UPCOMING]


@pytest.mark.parametrize(
    ("day", "found"),
    [
        (4, []),
        (5, [(DAY_7, DUE)]),
        (8, [(DAY_7, DUE)]),
        (9, [(DAY_7, OVERDUE)]),
        (20, [(DAY_7, OVERDUE)]),
        (21, [(DAY_7, OVERDUE), (DAY_28, DUE)]),
        (42, [(DAY_7, OVERDUE), (DAY_28, DUE)]),
        (43, [(DAY_7, OVERDUE), (DAY_28, OVERDUE)]),
        (75, [(DAY_7, OVERDUE), (DAY_28, OVERDUE), (DAY_90, DUE)]),
        (115, [(DAY_7, OVERDUE), (DAY_28, OVERDUE), (DAY_90, DUE)]),
        (116, [(DAY_7, OVERDUE), (DAY_28, OVERDUE), (DAY_90, OVERDUE)]),
    ],
)
def test_a_visit_is_due_within_its_window_and_overdue_after_it(
    day: int, found: list[tuple[Milestone, Timing]]
) -> None:
    assert expected(day) == found


def test_a_recorded_visit_is_not_expected() -> None:
    assert expected(30, DAY_7, DAY_28) == []
    assert expected(116, DAY_7, DAY_28) == [(DAY_90, OVERDUE)]


def test_a_missed_visit_is_overdue_until_a_later_one_is_recorded() -> None:
    assert expected(30) == [(DAY_7, OVERDUE), (DAY_28, DUE)]
    assert expected(30, DAY_28) == []
    assert expected(116, DAY_28) == [(DAY_90, OVERDUE)]
    assert expected(120, DAY_90) == []


def test_an_interim_visit_takes_the_place_of_none() -> None:
    assert expected(30, Milestone.INTERIM) == [(DAY_7, OVERDUE), (DAY_28, DUE)]


def test_the_last_visit_of_the_dictionary_is_expected_until_it_is_recorded() -> None:
    *_earlier, (last, window) = WINDOWS

    assert expected(int(window.high) + 1)[-1] == (last, OVERDUE)
    assert expected(int(window.high) + 1, last) == []


@pytest.mark.parametrize("event", ["death", "not_infused"])
def test_after_a_death_or_without_infusion_nothing_is_expected(event: str) -> None:
    assert expected(30, events=("crs", event)) == []


def test_after_a_relapse_or_progression_nothing_is_expected() -> None:
    assert expected(80, Milestone.RELAPSE) == []


@pytest.mark.parametrize("event", ["crs", "discharge", "last_contact", "infection"])
def test_other_events_end_nothing(event: str) -> None:
    assert expected(6, events=(event,)) == [(DAY_7, DUE)]


def test_before_the_infusion_nothing_is_expected() -> None:
    visits = expected_visits(infusion=None, reached=(), events=(), today=INFUSION, windows=WINDOWS)

    assert visits == ()


def test_an_expected_visit_says_when_its_window_opens_and_closes() -> None:
    (visit,) = expected_visits(
        infusion=INFUSION,
        reached={DAY_7},
        events=(),
        today=date(2024, 4, 1),
        windows=WINDOWS[:2],
    )

    assert (visit.opens, visit.closes) == (date(2024, 3, 27), date(2024, 4, 17))


def test_every_window_belongs_to_a_milestone_after_the_infusion() -> None:
    assert {milestone for milestone, _ in WINDOWS} == AFTER_INFUSION


def missing(milestone: Milestone, here: set[str], anywhere: set[str] | None = None) -> set[str]:
    return set(missing_items(milestone, DICTIONARY, here=here, anywhere=here | (anywhere or set())))


def test_what_is_asked_and_has_no_answer_is_missing() -> None:
    routine = [v for v in DICTIONARY.variable if v.availability == "routine"]
    asked = {variable.name for variable in routine if DAY_7 in variable.asked_at}

    assert missing(DAY_7, set()) == asked
    assert missing(DAY_7, {"crp", "mtv"}) == asked - {"crp"}


@pytest.mark.parametrize("milestone", MILESTONES)
def test_a_research_item_is_never_missing(milestone: Milestone) -> None:
    research = {v.name for v in DICTIONARY.variable if v.availability == "research"}

    assert missing(milestone, set()) & research == set()


def test_a_fact_that_stays_true_is_enough_anywhere_and_another_value_only_here() -> None:
    at_infusion = missing(Milestone.INFUSION, set(), anywhere={"tp53", "crp", "ecog"})

    assert {"tp53", "crp", "ecog"} & at_infusion == {"crp", "ecog"}


def test_missing_items_stand_in_the_order_of_the_dictionary() -> None:
    names = missing_items(DAY_28, DICTIONARY, here={"ecog"}, anywhere=set())

    order = [variable.name for variable in DICTIONARY.variable]
    assert list(names) == sorted(names, key=order.index)


# What happened


def happened(kind: str, day: int, grade: int | None = None) -> Happenings:
    return Happenings([Event(kind=kind, date=INFUSION + timedelta(days=day), grade=grade)])


def answers(of: Happenings, *, on: int = 28, infused: bool = True) -> set[str]:
    """What they answer so many days after the infusion, or without one."""
    day = INFUSION + timedelta(days=on)
    return of.answers(day, DICTIONARY, infusion=INFUSION if infused else None)


@pytest.mark.parametrize(
    ("of", "answered"),
    [
        (happened("crs", -1, 2), set()),
        (happened("crs", 0, 2), {"crs_grade_max"}),
        (happened("crs", 28, 2), {"crs_grade_max"}),
        (happened("crs", 29, 2), set()),
        (happened("crs", 3), set()),
        (happened("icans", 3, 1), {"icans_grade_max"}),
        (happened("tocilizumab", 3), {"tocilizumab_given"}),
        (happened("steroids", 3), {"steroids_given"}),
        (happened("death", 3), set()),
    ],
)
def test_an_event_from_the_infusion_to_the_visit_answers_what_it_says(
    of: Happenings, answered: set[str]
) -> None:
    assert answers(of) == answered
    assert answers(of, infused=False) == set()


@pytest.mark.parametrize(
    ("start", "infused", "answered"),
    [
        (-20, True, {"bridging"}),
        (-5, True, {"bridging"}),
        (-4, True, set()),
        (0, True, set()),
        (-4, False, set()),
        (-5, False, {"bridging"}),
    ],
)
def test_bridging_started_by_the_visit_and_before_the_infusion_is_known(
    start: int, infused: bool, answered: set[str]
) -> None:
    given = Treatment(role=Role.BRIDGING, start=INFUSION + timedelta(days=start))

    assert answers(Happenings(treatments=[given]), on=-5, infused=infused) == answered


def test_bridging_on_the_day_of_infusion_is_none() -> None:
    given = Treatment(role=Role.BRIDGING, start=INFUSION)

    assert answers(Happenings(treatments=[given]), on=0) == set()
    assert answers(Happenings(treatments=[given]), on=0, infused=False) == {"bridging"}


def test_a_line_of_therapy_answers_nothing() -> None:
    given = Treatment(role=Role.LINE, start=INFUSION - timedelta(days=90))

    assert answers(Happenings(treatments=[given])) == set()


def test_of_several_ends_of_one_kind_the_last_counts() -> None:
    days = [INFUSION + timedelta(days=day) for day in (0, 3, -2)]
    others = [Event(kind="crs", date=INFUSION), Event(kind="not_infused", date=INFUSION)]

    found = Happenings([*others, *(Event(kind="death", date=day) for day in days)])

    assert found.ends == {"death": days[1], "not_infused": INFUSION}


def test_pending_is_a_reason_of_the_dictionary() -> None:
    assert PENDING in DICTIONARY.absent_reasons


def test_the_last_visit_of_one_day_is_the_later_in_the_course() -> None:
    visits = [(INFUSION, DAY_7), (INFUSION, Milestone.RELAPSE), (date(2024, 1, 1), DAY_90)]

    assert last_visit(visits) == (INFUSION, Milestone.RELAPSE)
    assert last_visit([]) is None


def test_the_last_response_is_that_of_the_last_visit_however_old_the_picture() -> None:
    early = RecordedCode("CR", DAY_28, date(2024, 4, 3), date(2024, 4, 3))
    late = RecordedCode("PD", DAY_90, date(2024, 6, 4), date(2024, 4, 1))

    assert last_statement([late, early]) == late
    assert last_statement([]) is None


EARLY = RecordedCode("PR", DAY_28, date(2024, 4, 3), date(2024, 4, 3))
LATE = RecordedCode("CR", Milestone.INTERIM, date(2024, 6, 4), date(2024, 6, 1))
PROGRESSED = RecordedCode("PD", DAY_90, date(2024, 6, 1), date(2024, 6, 1))
AT_RELAPSE = RecordedCode("PD", Milestone.RELAPSE, date(2024, 6, 1), date(2024, 6, 1))


@pytest.mark.parametrize(
    ("relapse", "said", "response", "leads"),
    [
        (None, [EARLY], EARLY, False),
        (date(2024, 4, 2), [EARLY], EARLY, False),
        (date(2024, 4, 3), [EARLY], EARLY, True),
        (date(2024, 4, 4), [EARLY], EARLY, True),
        (date(2024, 5, 31), [EARLY, LATE], LATE, False),
        (date(2024, 6, 1), [EARLY, LATE], LATE, True),
        (date(2024, 6, 1), [EARLY, AT_RELAPSE], EARLY, True),
        (date(2024, 6, 1), [EARLY, PROGRESSED], EARLY, True),
        (date(2024, 6, 2), [EARLY, PROGRESSED], PROGRESSED, True),
        (date(2024, 6, 1), [AT_RELAPSE], None, True),
        (date(2024, 6, 1), [], None, True),
        (None, [], None, False),
    ],
)
def test_a_relapse_on_the_day_of_the_last_response_or_later_leads(
    relapse: date | None, said: list[RecordedCode], response: RecordedCode | None, leads: bool
) -> None:
    assert last_response(said, relapse=relapse) == LastResponse(response, relapse, leads)


AT_INFUSION = RecordedCode("PD", Milestone.INFUSION, INFUSION, INFUSION)
DAY_AFTER = RecordedCode("PD", Milestone.INTERIM, date(2024, 3, 7), date(2024, 3, 6))


@pytest.mark.parametrize(
    ("last", "infusion", "established", "progressed"),
    [
        (LastResponse(EARLY, date(2024, 6, 1), True), INFUSION, date(2024, 6, 1), date(2024, 6, 1)),
        (LastResponse(None, date(2024, 6, 1), True), None, date(2024, 6, 1), date(2024, 6, 1)),
        (LastResponse(LATE, None, False), INFUSION, date(2024, 6, 1), None),
        (LastResponse(AT_INFUSION, None, False), INFUSION, None, None),
        (LastResponse(DAY_AFTER, None, False), INFUSION, date(2024, 3, 6), date(2024, 3, 6)),
        (LastResponse(DAY_AFTER, None, False), None, date(2024, 3, 6), None),
        (LastResponse(None, None, False), INFUSION, None, None),
    ],
    ids=["relapse", "relapse alone", "remission", "at infusion", "after", "undated", "nothing"],
)
def test_what_stands_first_has_its_day_unless_it_comes_from_before_the_infusion(
    last: LastResponse, infusion: date | None, established: date | None, progressed: date | None
) -> None:
    assert last.established_on(infusion) == established
    assert last.progressed_on(infusion) == progressed


UNTOLD = RecordedCode("error", Milestone.DAY_90, date(2024, 6, 4), date(2024, 6, 4))
UNTOLD_BEFORE = RecordedCode("error", Milestone.INFUSION, INFUSION, INFUSION)


@pytest.mark.parametrize(
    ("response", "visits", "infusion", "untold"),
    [
        (EARLY, [UNTOLD_BEFORE, UNTOLD], INFUSION, UNTOLD),
        (None, [UNTOLD], INFUSION, UNTOLD),
        (None, [UNTOLD_BEFORE], INFUSION, None),
        (None, [UNTOLD_BEFORE], None, UNTOLD_BEFORE),
        (replace(EARLY, observed_on=date(2024, 6, 4)), [UNTOLD], INFUSION, None),
        (EARLY, [], INFUSION, None),
    ],
    ids=["since", "alone", "before", "no infusion", "told on that day", "always told"],
)
def test_a_response_that_could_not_be_told_stands_until_one_is(
    response: RecordedCode | None,
    visits: list[RecordedCode],
    infusion: date | None,
    untold: RecordedCode | None,
) -> None:
    last = LastResponse(response, None, leads=False)

    assert last.untold_since(visits, infusion) == untold
