"""A course laid on days: lanes, tracks with their breaks, cut-offs at their time, visits due."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from riskfactors.domain.documents import parse_case
from riskfactors.domain.findings import assess
from riskfactors.domain.progress import Timing
from riskfactors.domain.timeline import (
    Lane,
    Timeline,
    Track,
    Worst,
    build,
    confounders,
    cut_off_of,
    worst,
)
from riskfactors.domain.timepoints import Milestone
from riskfactors.published import catalogue
from tests.domain.cases import Json, bridging, case, event, interim, line, salvage, text

TODAY = date(2024, 12, 1)


def laid(document: Json, as_of: date = TODAY) -> Timeline:
    published = catalogue()
    snapshot = parse_case(text(document), published.dictionary).as_of(as_of)
    return build(snapshot, assess(snapshot, published.agenda), published, as_of=as_of)


def values(timeline: Timeline, track: Track) -> list[tuple[int, str | None]]:
    """Each day with its value, None where the line breaks."""
    return [(p.day, None if p.value is None else f"{p.value:f}") for p in timeline.tracks[track]]


def cut_offs(timeline: Timeline) -> list[tuple[str, str, int]]:
    return [(c.track.value, f"{c.number:f}", c.day) for c in timeline.cut_offs]


def due(timeline: Timeline) -> list[tuple[str, str]]:
    return [(e.milestone.value, e.timing.value) for e in timeline.expected]


def ldh(value: float, limit: float | None = 250) -> Any:
    return {"value": value} | ({"upper_limit": limit} if limit else {})


# Days


def test_days_count_from_the_infusion() -> None:
    timeline = laid(case(election={}, infusion={}, day_28={}))

    assert (timeline.origin, timeline.from_infusion) == (date(2024, 3, 6), True)
    assert [(v.milestone.value, v.day) for v in timeline.visits] == [
        ("election", -65),
        ("infusion", 0),
        ("day_28", 28),
    ]
    assert timeline.today == 270


def test_days_count_from_the_first_assessment_without_an_infusion() -> None:
    timeline = laid(case(election={}, apheresis={}))

    assert (timeline.origin, timeline.from_infusion) == (date(2024, 1, 1), False)
    assert [v.day for v in timeline.visits] == [0, 31]
    assert timeline.happenings == ()


def test_a_case_without_assessments_begins_today() -> None:
    timeline = laid(case(treatments=(line("2023-01-01", end="2023-03-01"),)))

    assert (timeline.origin, timeline.today) == (TODAY, 0)
    assert [(s.start, s.end) for s in timeline.spans] == [(-700, -641)]


# Lanes


def test_treatments_and_events_lie_in_their_lanes_in_the_order_of_time() -> None:
    timeline = laid(
        case(
            infusion={},
            relapse={},
            treatments=(
                salvage("2024-09-10", "pola_br"),
                bridging("2024-02-10"),
                line("2023-01-01"),
                {"role": "lymphodepletion", "start": "2024-03-01", "end": "2024-03-03"},
            ),
            events=(
                event("death", "2024-11-01", cause="lymphoma"),
                event("crs", "2024-03-08", grade=2),
            ),
        )
    )

    assert [(s.lane, s.start, s.end) for s in timeline.spans] == [
        (Lane.LINE, -430, None),
        (Lane.BRIDGING, -25, None),
        (Lane.LYMPHODEPLETION, -5, -3),
        (Lane.SALVAGE, 188, None),
    ]
    assert [(h.lane, h.day, h.event and h.event.kind) for h in timeline.happenings] == [
        (Lane.INFUSION, 0, None),
        (Lane.TOXICITY, 2, "crs"),
        (Lane.OTHER, 240, "death"),
    ]


def test_every_kind_of_event_with_a_grade_stands_with_the_toxicities() -> None:
    kinds = {kind for kind, of in catalogue().dictionary.events.items() if of.grades}

    timeline = laid(case(infusion={}, events=tuple(event(k, "2024-03-08") for k in sorted(kinds))))

    found = {h.event.kind for h in timeline.happenings if h.event and h.lane is Lane.TOXICITY}
    assert found == kinds


# Tracks


def test_ldh_is_a_multiple_of_its_limit_and_unknown_without_one() -> None:
    timeline = laid(case(election={"ldh": ldh(250)}, infusion={"ldh": ldh(905, None)}))

    assert values(timeline, Track.LDH) == [(-65, "1.00"), (0, None)]
    assert [p.observation is None for p in timeline.tracks[Track.LDH]] == [False, False]


@pytest.mark.parametrize(("recorded", "multiple"), [(624, "2.50"), (626, "2.50"), (627, "2.51")])
def test_a_multiple_has_two_decimals_and_halves_round_up(recorded: float, multiple: str) -> None:
    timeline = laid(case(infusion={"ldh": ldh(recorded)}))

    assert values(timeline, Track.LDH) == [(0, multiple)]


@pytest.mark.parametrize(
    ("recorded", "multiple"), [(249, "0.996"), (250, "1.00"), (251, "1.004"), (252, "1.01")]
)
def test_a_multiple_beside_1_is_not_rounded_to_1(recorded: float, multiple: str) -> None:
    timeline = laid(case(infusion={"ldh": ldh(recorded)}))

    assert values(timeline, Track.LDH) == [(0, multiple)]


def test_a_line_breaks_where_a_value_was_asked_for_and_is_missing() -> None:
    timeline = laid(
        case(
            election={},
            apheresis={"suvmax": 10},
            lymphodepletion={},
            infusion={},
            day_28={"suvmax": {"absent": "not-performed"}},
            day_90={"suvmax": 3.5},
        )
    )

    # It is not asked for at the infusion.
    assert values(timeline, Track.SUVMAX) == [
        (-65, None),
        (-34, "10"),
        (-5, None),
        (28, None),
        (90, "3.5"),
    ]


def test_an_interim_visit_breaks_a_line_only_where_it_says_that_there_is_no_value() -> None:
    document = case(infusion={"crp": 5})
    document["assessments"] += [
        interim("2024-03-08", crp=40),
        interim("2024-03-09"),
        interim("2024-03-10", crp={"absent": "error"}),
    ]

    assert values(laid(document), Track.CRP) == [(0, "5"), (2, "40"), (4, None)]


def test_a_value_lies_on_the_day_it_was_observed_and_is_in_the_unit_of_the_dictionary() -> None:
    crp = {"value": 4, "unit": "mg/dL", "observed_on": "2024-03-04"}
    timeline = laid(case(lymphodepletion={"crp": 9}, infusion={"crp": crp}))

    assert values(timeline, Track.CRP) == [(-5, "9"), (-2, "40")]


# Confounders


def test_what_can_move_a_value_is_named_with_it() -> None:
    timeline = laid(
        case(
            infusion={"crp": 80, "infection_active": "no"},
            day_7={"crp": 9, "tocilizumab_given": "yes", "steroids_given": "no", "ferritin": 900},
            events=(event("infection", "2024-03-10"), event("crs", "2024-03-08", grade=1)),
        )
    )

    names = ("tocilizumab_given", "events.infection")
    assert [p.confounders for p in timeline.tracks[Track.CRP]] == [(), names]
    assert [p.confounders for p in timeline.tracks[Track.FERRITIN]] == [(), names]


@pytest.mark.parametrize(
    ("on", "confounds"),
    [("2024-02-27", True), ("2024-02-26", False), ("2024-03-12", True), ("2024-03-14", False)],
)
def test_an_event_counts_for_the_days_before_a_value(on: str, confounds: bool) -> None:
    """As long as the dictionary lets a confounder count: fourteen days, and none after it."""
    observed = {"value": 9, "observed_on": "2024-03-12"}
    timeline = laid(case(infusion={}, day_7={"crp": observed}, events=(event("infection", on),)))

    found = timeline.tracks[Track.CRP][-1].confounders
    assert found == (("events.infection",) if confounds else ())


# Cut-offs


def test_cut_offs_stand_only_at_the_visit_where_they_were_studied() -> None:
    timeline = laid(
        case(
            apheresis={"crp": 50, "mtv": 300, "mtv_method": "other"},
            lymphodepletion={"crp": 50, "mtv": 100, "mtv_method": "other"},
            infusion={"crp": 50},
            day_28={"response": "PR", "suvmax": 12, "crp": 40, "mtv": 90},
            day_90={"suvmax": 12},
        )
    )

    assert cut_offs(timeline) == [
        ("crp", "30", 0),
        ("mtv", "25", -5),
        ("mtv", "80", -5),
        ("mtv", "147.5", -5),
        ("suvmax", "10", 28),
    ]


@pytest.mark.parametrize("response", ["CR", "PD", None])
def test_the_cut_off_of_uptake_needs_a_partial_response_or_stable_disease(
    response: str | None,
) -> None:
    recorded = {"suvmax": 12} | ({"response": response} if response else {})

    assert cut_offs(laid(case(infusion={}, day_28=recorded))) == []


def test_a_volume_from_before_a_treatment_has_no_cut_off_at_lymphodepletion() -> None:
    timeline = laid(
        case(apheresis={"mtv": 100}, lymphodepletion={}, treatments=(bridging("2024-02-10"),))
    )

    assert cut_offs(timeline) == []


def test_only_a_comparison_with_one_number_has_a_cut_off() -> None:
    factors = {factor.key: factor for factor in catalogue().factors}

    assert cut_off_of(factors["mtv_low_baseline"]) == Decimal("147.5")
    assert cut_off_of(factors["crp_group_infusion"]) == 30
    assert cut_off_of(factors["deauville_day_28"]) is None
    assert cut_off_of(factors["double_hit"]) is None


# Markers and the worst grade


def test_markers_keep_their_visit_and_the_worst_grade_is_over_all() -> None:
    """H28: a later, milder grade does not replace it, and an interim visit counts too."""
    document = case(
        infusion={},
        day_7={"crs_grade_max": 1},
        day_28={"response": "PR", "deauville": 4, "ctdna": "detectable", "crs_grade_max": 0},
        events=(event("crs", "2024-03-08", grade=2), event("crs", "2024-03-09")),
    )
    document["assessments"].append(interim("2024-03-10", crs_grade_max=3))
    timeline = laid(document)

    assert [(m.variable, m.day, m.milestone) for m in timeline.markers] == [
        ("crs_grade_max", 4, Milestone.INTERIM),
        ("crs_grade_max", 7, Milestone.DAY_7),
        ("response", 28, Milestone.DAY_28),
        ("deauville", 28, Milestone.DAY_28),
        ("ctdna", 28, Milestone.DAY_28),
        ("crs_grade_max", 28, Milestone.DAY_28),
    ]
    assert worst(timeline, "crs_grade_max", "crs") == Worst(3, True)
    assert worst(timeline, "icans_grade_max", "icans") == Worst(None, False)


def test_the_worst_grade_may_be_that_of_an_event() -> None:
    timeline = laid(
        case(infusion={}, day_7={"crs_grade_max": 1}, events=(event("crs", "2024-03-08", grade=4),))
    )

    assert worst(timeline, "crs_grade_max", "crs") == Worst(4, False)


@pytest.mark.parametrize(
    ("day", "found"),
    [
        ("2024-03-05", Worst(1, False)),
        ("2024-03-06", Worst(4, False)),
        ("2024-09-30", Worst(4, False)),
        ("2024-10-01", Worst(1, False)),
    ],
)
def test_toxicity_of_another_treatment_is_none_of_this_one(day: str, found: Worst) -> None:
    timeline = laid(
        case(
            infusion={},
            day_7={"crs_grade_max": 1},
            relapse={},
            treatments=(salvage("2024-10-01", "bispecific"),),
            events=(event("crs", day, grade=4),),
        )
    )

    assert worst(timeline, "crs_grade_max", "crs") == found


def test_without_an_infusion_there_is_no_toxicity_of_this_treatment() -> None:
    timeline = laid(case(election={}, events=(event("crs", "2024-03-08", grade=4),)))

    assert worst(timeline, "crs_grade_max", "crs") == Worst(None, False)


def test_only_a_response_that_was_looked_for_and_could_not_be_told_is_marked_without_one() -> None:
    asked = {"response": {"absent": "asked-unknown", "note": "mixed"}}
    pending = {"response": {"absent": "temp-unknown"}}
    not_done = {"response": {"absent": "not-performed"}}

    timeline = laid(case(infusion={}, day_7=not_done, day_28=asked, day_90=pending))

    assert [(m.day, m.observation, m.absence and m.absence.note) for m in timeline.markers] == [
        (28, None, "mixed")
    ]


@pytest.mark.parametrize(
    ("event_of", "value", "moved_by"),
    [
        ("transfusion", "platelets", ("events.transfusion",)),
        ("transfusion", "hemoglobin", ("events.transfusion",)),
        ("transfusion", "crp", ()),
        ("growth_factor", "neutrophils", ("events.growth_factor",)),
        ("growth_factor", "platelets", ()),
        ("tocilizumab", "crp", ("events.tocilizumab",)),
        ("tocilizumab", "ferritin", ("events.tocilizumab",)),
        ("tocilizumab", "ldh", ()),
        ("infection", "platelets", ()),
    ],
)
def test_a_value_is_moved_by_what_moves_it_and_by_nothing_else(
    event_of: str, value: str, moved_by: tuple[str, ...]
) -> None:
    document = case(infusion={}, day_7={value: 20}, events=(event(event_of, "2024-03-12"),))
    read = parse_case(text(document), catalogue().dictionary)

    found = confounders(value, read.assessments[1], read.events, catalogue().dictionary)

    assert found == moved_by


@pytest.mark.parametrize(
    ("red_cells", "platelets", "moved"),
    [
        ("no", "yes", [(), ("platelets_transfused_7d", "events.transfusion")]),
        ("yes", "no", [("red_cells_transfused_30d", "events.transfusion"), ()]),
        (None, "no", [("events.transfusion",), ()]),
    ],
)
def test_a_transfusion_moves_nothing_that_its_visit_says_was_not_transfused(
    red_cells: str | None, platelets: str, moved: list[tuple[str, ...]]
) -> None:
    """An event does not say of what it was."""
    said = {"platelets_transfused_7d": platelets, "hemoglobin": 9, "platelets": 20}
    if red_cells is not None:
        said["red_cells_transfused_30d"] = red_cells
    document = case(lymphodepletion=said, events=(event("transfusion", "2024-02-29"),))
    read = parse_case(text(document), catalogue().dictionary)

    of = (read.assessments[0], read.events, catalogue().dictionary)
    assert [confounders(name, *of) for name in ("hemoglobin", "platelets")] == moved


@pytest.mark.parametrize(
    ("begun", "end", "moves"),
    [
        ("2024-02-28", None, True),
        ("2024-02-27", None, False),
        ("2024-02-20", "2024-02-28", True),
        ("2024-02-20", "2024-02-27", False),
        ("2024-03-14", None, False),
    ],
)
def test_what_moves_a_value_was_going_on_or_ended_shortly_before(
    begun: str, end: str | None, moves: bool
) -> None:
    fields = {"end": end} if end else {}
    document = case(day_7={"crp": 90}, events=(event("steroids", begun, **fields),))
    read = parse_case(text(document), catalogue().dictionary)

    found = confounders("crp", read.assessments[0], read.events, catalogue().dictionary)

    assert found == (("events.steroids",) if moves else ())


# Expected visits


@pytest.mark.parametrize(
    ("as_of", "state"),
    [
        (date(2024, 3, 26), Timing.UPCOMING),  # day 20
        (date(2024, 3, 27), Timing.DUE),
        (date(2024, 4, 17), Timing.DUE),
        (date(2024, 4, 18), Timing.OVERDUE),  # day 43
    ],
)
def test_a_visit_is_due_in_its_window_and_overdue_after_it(as_of: date, state: Timing) -> None:
    timeline = laid(case(infusion={}, day_7={}), as_of)

    expected = {e.milestone: (e.opens, e.closes, e.timing) for e in timeline.expected}
    assert expected[Milestone.DAY_28] == (21, 42, state)


def test_a_recorded_visit_is_expected_no_more_and_none_before_it() -> None:
    timeline = laid(case(infusion={}, day_28={}), date(2024, 7, 1))

    assert due(timeline) == [
        ("day_90", "overdue"),
        ("month_6", "upcoming"),
    ]


@pytest.mark.parametrize(
    "ending",
    [{"relapse": {}}, {"events": (event("death", "2024-03-20"),)}],
    ids=["relapse", "death"],
)
def test_death_and_relapse_end_what_is_expected(ending: dict[str, Any]) -> None:
    assert due(laid(case(infusion={}, **ending))) == []


def test_another_event_ends_nothing() -> None:
    timeline = laid(case(infusion={}, events=(event("discharge", "2024-03-20"),)))

    assert [str(e.milestone) for e in timeline.expected] == [
        *("day_7", "day_28", "day_90", "month_6", "month_12")
    ]


def test_of_what_is_not_due_yet_the_next_visit_alone_is_expected() -> None:
    timeline = laid(case(infusion={}, day_7={}), date(2024, 3, 15))

    assert due(timeline) == [("day_28", "upcoming")]


def test_nothing_is_expected_before_the_infusion() -> None:
    assert due(laid(case(election={}))) == []
