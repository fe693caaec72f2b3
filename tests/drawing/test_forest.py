"""Forest plots: one kind of estimate on one logarithmic axis, a line at 1, both sides in words."""

import json
from decimal import Decimal

import pytest

from riskfactors.domain.evidence import PER_COMPARISON, Factor
from riskfactors.domain.vocabulary import Direction, Kind, Measure
from riskfactors.drawing.forest import (
    MOST_TICKS,
    MOST_TICKS_NARROW,
    comparisons,
    forest,
    rows_of,
    ticks_between,
)
from riskfactors.drawing.look import DOUBTFUL, MARK
from riskfactors.published import catalogue
from tests.drawing.figures import problems_of

FACTORS = {factor.key: factor for factor in catalogue().factors}
COMPARED = [key for key, factor in FACTORS.items() if comparisons(factor)]
WORSE = {"more events", "fewer responses", "fewer complete responses"}
BETTER = {"fewer events", "more responses", "more complete responses"}


@pytest.fixture(params=COMPARED)
def compared(request: pytest.FixtureRequest) -> Factor:
    """Each factor that has a forest plot."""
    return FACTORS[request.param]


def test_every_hazard_and_odds_ratio_stands_in_exactly_one_plot() -> None:
    published = [
        (factor.key, estimate)
        for factor in FACTORS.values()
        for estimate in factor.evidence
        if estimate.measure in PER_COMPARISON
    ]

    drawn = [
        (factor.key, estimate)
        for factor in FACTORS.values()
        for comparison in comparisons(factor)
        for estimate in comparison.estimates
    ]

    assert sorted(map(repr, drawn)) == sorted(map(repr, published))


def test_no_plot_mixes_measures_units_contrasts_or_meanings(compared: Factor) -> None:
    mixed = [
        comparison
        for comparison in comparisons(compared)
        if len({(e.measure, e.per, e.contrast) for e in comparison.estimates}) != 1
    ]

    assert mixed == []


def test_what_cannot_be_compared_stands_on_plots_of_its_own() -> None:
    plots = {
        key: [[e.outcome for e in comparison.estimates] for comparison in comparisons(FACTORS[key])]
        for key in ("ecog_ge_2", "tp53_altered", "car_t_product", "expansion", "ferritin_peak")
    }

    assert plots == {
        "ecog_ge_2": [["PFS", "OS", "PFS", "OS", "PFS", "OS"], ["OS"]],
        "tp53_altered": [["CR"], ["OS"]],
        "car_t_product": [["PFS"], ["PFS", "OS"]],
        "expansion": [["ORR"]],
        "ferritin_peak": [],
    }


def test_every_plot_has_a_logarithmic_axis_and_one_line_at_1(compared: Factor) -> None:
    figures = [forest(comparison) for comparison in comparisons(compared)]

    assert [
        (
            figure["layout"]["xaxis"]["type"],
            [(shape["x0"], shape["x1"]) for shape in figure["layout"]["shapes"]],
        )
        for figure in figures
    ] == [("log", [(1, 1)])] * len(figures)


def test_every_plot_draws_the_published_numbers_and_shows_all_of_them(compared: Factor) -> None:
    for comparison in comparisons(compared):
        rows = rows_of(comparison)
        *intervals, estimates = forest(comparison)["data"]
        drawn = [x for trace in intervals for x in trace["x"]]
        low, high = forest(comparison)["layout"]["xaxis"]["range"]

        ends = [e for row in rows for e in (float(row.interval.low), float(row.interval.high))]
        assert estimates["x"] == [float(row.estimate) for row in rows]
        assert sorted(x for x in drawn if x is not None) == sorted(ends)
        assert drawn[2::3] == [None] * len(rows)
        assert 10**low < min(1, *ends)
        assert 10**high > max(1, *ends)


def test_the_ticks_are_few_exact_and_have_1_among_them(compared: Factor) -> None:
    for comparison in comparisons(compared):
        axis = forest(comparison)["layout"]["xaxis"]

        assert [float(text) for text in axis["ticktext"]] == axis["tickvals"]
        assert 1 in axis["tickvals"]
        assert 2 <= len(axis["tickvals"]) <= MOST_TICKS


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0.89, 1.21, ["0.9", "0.95", "1", "1.05", "1.1", "1.15", "1.2"]),
        (0.69, 2.8, ["0.7", "1", "1.5", "2"]),
        (0.04, 3, ["0.05", "0.1", "0.2", "0.5", "1", "2"]),
        (0.009, 90, ["0.01", "0.1", "1", "10"]),
    ],
)
def test_ticks_get_coarser_as_the_axis_gets_longer(
    low: float, high: float, ticks: list[str]
) -> None:
    assert ticks_between(low, high) == tuple(map(Decimal, ticks))


def test_both_sides_are_written_in_words(compared: Factor) -> None:
    for comparison in comparisons(compared):
        written = [note["text"] for note in forest(comparison)["layout"]["annotations"]]

        assert written == [f"← {comparison.sides.lower}", f"{comparison.sides.higher} →"]
        assert comparison.sides.lower != comparison.sides.higher


@pytest.mark.parametrize(
    ("key", "place", "lower", "higher"),
    [
        (
            "ecog_ge_2",
            0,
            "fewer events with “ECOG performance status 2 or more” than without",
            "more events with “ECOG performance status 2 or more” than without",
        ),
        (
            "ecog_ge_2",
            1,
            "fewer events the higher the value (per 1 ECOG point)",
            "more events the higher the value (per 1 ECOG point)",
        ),
        (
            "crp_infusion",
            0,
            "fewer events the higher the value (per unit, unit not printed)",
            "more events the higher the value (per unit, unit not printed)",
        ),
        (
            "car_t_product",
            1,
            "fewer events with axi-cel than with tisa-cel",
            "more events with axi-cel than with tisa-cel",
        ),
        (
            "age_ge_65",
            0,
            "fewer responses with “Age 65 years or older” than without",
            "more responses with “Age 65 years or older” than without",
        ),
        (
            "tp53_altered",
            0,
            "more complete responses with “TP53 gene alteration” than without",
            "fewer complete responses with “TP53 gene alteration” than without",
        ),
        (
            "relapse_older_age",
            0,
            "fewer events with “Older age” (the groups compared are not given in the review)",
            "more events with “Older age” (the groups compared are not given in the review)",
        ),
    ],
)
def test_the_sides_say_who_has_more_of_what(key: str, place: int, lower: str, higher: str) -> None:
    sides = comparisons(FACTORS[key])[place].sides

    assert (sides.lower_in_full, sides.higher_in_full) == (lower, higher)


def test_the_side_of_each_estimate_agrees_with_the_published_association() -> None:
    contradictions = []
    for factor in FACTORS.values():
        if factor.kind is not Kind.BINARY or factor.direction not in ("adverse", "favourable"):
            continue
        agreeing = WORSE if factor.direction is Direction.ADVERSE else BETTER
        for comparison in comparisons(factor):
            for estimate in comparison.estimates:
                value, _ = estimate.as_read
                sides = comparison.sides
                side = sides.higher if value is not None and value > 1 else sides.lower
                if side not in agreeing:
                    contradictions.append((factor.key, estimate.outcome, side))

    assert contradictions == []


def test_a_reading_is_drawn_in_full_beside_a_doubtful_print() -> None:
    (comparison,) = comparisons(FACTORS["bridging_given"])

    figure = forest(comparison)
    doubtful, ours, estimates = figure["data"]
    assert [row.words for row in rows_of(comparison)] == [
        "HR 1.7 (0.04–2.70), p = 0.0300",
        "HR 1.7 (1.04–2.70), p = 0.0300",
    ]
    assert figure["layout"]["yaxis"]["ticktext"] == [
        "OS · ref. 9, as printed, doubtful",
        "OS · ref. 9, as we read it",
    ]
    assert [(doubtful["x"][0], doubtful["y"][0]), (ours["x"][0], ours["y"][0])] == [
        (0.04, 0),
        (1.04, 1),
    ]
    assert estimates["marker"]["symbol"] == ["square-open", "square"]
    assert estimates["marker"]["color"] == [DOUBTFUL, MARK]
    assert (doubtful["line"]["color"], ours["line"]["color"]) == (DOUBTFUL, MARK)


def test_where_there_is_little_room_there_are_few_ticks_and_no_words_beside_1(
    compared: Factor,
) -> None:
    for comparison in comparisons(compared):
        narrow = forest(comparison)["narrow"]

        axis = narrow["xaxis"]
        assert narrow["annotations"] == []
        assert [float(text) for text in axis["ticktext"]] == axis["tickvals"]
        assert 1 in axis["tickvals"]
        assert len(axis["tickvals"]) <= MOST_TICKS_NARROW == 4
        assert axis["tickangle"] == 0
        assert len(narrow["yaxis"]["ticktext"]) == len(rows_of(comparison))


def test_figures_are_plain_json_and_send_nothing(compared: Factor) -> None:
    for comparison in comparisons(compared):
        figure = forest(comparison)

        assert json.loads(json.dumps(figure)) == figure
        assert figure["config"] == {
            "displayModeBar": False,
            "displaylogo": False,
            "plotlyServerURL": "",
            "responsive": True,
            "scrollZoom": False,
            "showSendToCloud": False,
        }


def test_no_text_in_a_figure_needs_a_style_of_its_own(compared: Factor) -> None:
    written = json.dumps([forest(comparison) for comparison in comparisons(compared)])

    assert [mark for mark in ("<b>", "<i>", "<sup>", "<a ", "<span") if mark in written] == []


def test_only_hazard_and_odds_ratios_are_drawn() -> None:
    drawn = {c.measure for factor in FACTORS.values() for c in comparisons(factor)}

    assert drawn == {Measure.HAZARD_RATIO, Measure.ODDS_RATIO}


def test_every_figure_is_one_that_plotly_draws(compared: Factor) -> None:
    for comparison in comparisons(compared):
        assert problems_of(forest(comparison)) == []
