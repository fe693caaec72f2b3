"""What was published stands on the row of a finding: each figure once, and no side without one."""

import re
from collections.abc import Sequence

import pytest
from django.test import Client

from patients.course.facts import FACTS, KnownFact
from riskfactors.beside.caveats import FITS
from riskfactors.beside.citations import cited
from riskfactors.beside.evidence import evidence_of
from riskfactors.beside.figures import Brief, briefly, estimates_by_study, studies
from riskfactors.domain.evidence import IN_GROUPS, PER_COMPARISON, Estimate
from riskfactors.domain.vocabulary import Direction, Kind
from riskfactors.published import catalogue
from riskfactors.words.estimates import estimate_with_interval
from tests.domain.cases import Json, case, event, findings, relapsed
from tests.patients.screens import (
    NAMES,
    cards,
    cells,
    imported,
    opened,
    page_of,
    plain,
    row_figures,
    shown,
    vignette,
    words,
)

pytestmark = pytest.mark.one_database("test_documents.py: a case is read alike on both")

FOLD = "Rule and figures"
FACTORS = {factor.key: factor for factor in catalogue().factors}


def rows(page: str) -> dict[tuple[str, str], str]:
    """What stands on each row without unfolding anything, by milestone and factor."""
    return {(s.milestone, s.factor): s.words.partition(FOLD)[0].strip() for s in shown(page)}


def markup_of(page: str, milestone: str, factor: str) -> str:
    """The markup of one row, up to its fold."""
    found = cards(page)[milestone].partition(f'data-factor="{factor}"')[2]
    return found.partition('class="in-full"')[0]


def test_a_row_says_what_it_rests_on_and_what_was_published(manager: Client) -> None:
    page = page_of(manager, vignette("01"))

    assert cells(page)["relapse", "relapse_crs_grade_3_4"] == ("met", "adverse", "met 3")
    assert row_figures(page)["relapse_crs_grade_3_4"] == "OS HR 5.39 (2.48–11.7); axi-cel [40] ‡"
    assert rows(page)["relapse", "relapse_crs_grade_3_4"] == (
        "Grade 3 or 4 cytokine release syndrome Criterion met Published association: Adverse "
        "Worst cytokine release syndrome, grade: 3 10 Sep 2019, Day +28"
    )


def test_the_grade_of_a_toxicity_stands_on_its_row_wherever_it_is_recorded(manager: Client) -> None:
    crs = event("crs", "2024-03-10", grade=3)
    page = page_of(manager, relapsed(events=(crs,)))

    assert cells(page)["relapse", "relapse_crs_grade_3_4"] == ("met", "adverse", "met 3")


def leading_study(key: str) -> Sequence[Estimate]:
    """The estimates of the first study with a figure; of the others the number stands there."""
    found = list(estimates_by_study(FACTORS[key]).values())
    figured = [
        study for study in found if any(e.measure in (*PER_COMPARISON, *IN_GROUPS) for e in study)
    ]
    return next(iter(figured or found))


def test_of_another_study_the_number_stands_there_and_its_figure_in_the_fact(
    manager: Client,
) -> None:
    page = page_of(manager, vignette("01"))

    assert row_figures(page)["ecog_ge_2"] == (
        "PFS HR 1.7 (1.1–2.7), OS 1.8 (1.10–3.00); axi-cel [9] also [10] ‡ [11] ‡ [8] ‡"
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_figure_is_printed_once_on_the_row_of_what_is_told(manager: Client, name: str) -> None:
    page = page_of(manager, vignette(name))

    told = {
        key
        for (_at, key), seen in cells(page).items()
        if seen.verdict in ("met", "stratum", "graded") and seen.look != "neutral"
    }
    printed = row_figures(page)
    assert set(printed) == told
    ratios = {
        key: [
            estimate_with_interval(e.estimate, e.interval)
            for e in leading_study(key)
            if e.interval is not None and not e.per and not e.groups
        ]
        for key in told
    }
    counted = {
        key: [printed[key].count(f) == found.count(f) for f in found]
        for key, found in ratios.items()
    }
    assert {key for key, once in counted.items() if not all(once)} == set()
    elsewhere = plain(" ".join(cards(page).values()))
    assert [f for found in ratios.values() for f in found if f in elsewhere] == []


@pytest.mark.parametrize("key", FACTORS)
def test_every_estimate_has_its_figure_with_its_reference(key: str) -> None:
    factor = FACTORS[key]

    said = studies(key)

    results = [result for study in said for result in study.results]
    assert len(results) == len(factor.evidence)
    assert {c.number for study in said for c in study.citations} == set(factor.references)
    words = plain(" ".join([r.words for r in results]))
    assert [
        figure
        for e in factor.evidence
        if e.interval and (figure := estimate_with_interval(e.estimate, e.interval)) not in words
    ] == []
    assert [r.groups for r in results if r.groups] == [
        r.groups for r in results if r.words[-1:] == ":"
    ]


# No side without a cut-off


@pytest.mark.parametrize("name", NAMES)
def test_a_value_without_a_cut_off_lies_on_no_side(manager: Client, name: str) -> None:
    """H43: whether it is high or normal."""
    page = page_of(manager, vignette(name))

    graded = [s for s in shown(page) if s.verdict == "graded"]
    said = {(s.milestone, s.factor): rows(page)[s.milestone, s.factor] for s in graded}
    assert {at for at, words in said.items() if "No cut-off published" not in words} == set()
    sides = {at: re.findall("side-|dverse|avourable", markup_of(page, *at)) for at in said}
    assert {at: found for at, found in sides.items() if found} == {}


@pytest.mark.parametrize("crp", [5, 86])
def test_of_a_value_the_row_says_what_goes_with_higher_ones(manager: Client, crp: int) -> None:
    page = page_of(manager, case(infusion={"crp": crp}))

    assert cells(page)["infusion", "crp_infusion"] == ("graded", "value", f"Value {crp} mg/L")
    assert row_figures(page)["crp_infusion"] == (
        "higher values: more relapses, HR 1.12 (1.07–1.17) per unit, unit not printed"
        "; axi-cel/tisa-cel, n=116 [19] ‡"
    )


def test_a_group_between_others_lies_on_no_side_and_stands_among_their_figures(
    manager: Client,
) -> None:
    page = page_of(manager, case(infusion={}, day_28={"response": "PR", "deauville": 4}))

    assert cells(page)["day_28", "deauville_day_28"] == ("stratum", "group-mixed", "DS 4")
    assert row_figures(page)["deauville_day_28"] == (
        "PFS at 12 months: DS 1-2 77.1%, DS 3 63.5%, DS 4 43.5% , DS 5 0%"
        "; axi-cel/tisa-cel, n=171 [29]"
    )
    assert "side-" not in markup_of(page, "day_28", "deauville_day_28")


@pytest.mark.parametrize("name", NAMES)
def test_only_what_is_met_or_a_group_of_one_side_has_a_side(manager: Client, name: str) -> None:
    page = page_of(manager, vignette(name))

    sided = {
        (s.milestone, s.factor)
        for s in shown(page)
        if "side-" in markup_of(page, s.milestone, s.factor)
    }
    assert {s.verdict for s in shown(page) if (s.milestone, s.factor) in sided} <= {
        "met",
        "stratum",
    }
    assert "side-mixed" not in page


# What stands one step away


def test_cohort_and_doubt_stand_one_step_away(manager: Client) -> None:
    of = imported(vignette("01"))

    row = row_figures(opened(manager, of))["mtv_high_lymphodepletion"]
    in_full = words(opened(manager, of, "facts/metabolic-tumour-volume/"))

    assert "Relapse HR 2.18 (1.23–3.89)" in row
    assert "as quoted in the review" not in row
    assert "Relapse HR 2.18 (1.23–3.89), p 0.00794" in in_full
    assert (
        "Relapse, Early relapse, Death. In Vercellino et al. 2020, as quoted in the review "
        "(axi-cel and tisa-cel; 116 patients; line and period not given there), those with “High "
        "metabolic tumour volume before lymphodepletion” compared with those without: other "
        "patients' results, not a forecast. [19] Doubt (Death). The interval excludes 1"
    ) in in_full
    assert "Products: axi-cel and tisa-cel. Patients: 116." in in_full


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.key)
def test_a_fact_in_full_says_how_each_of_its_factors_stands_and_whose_the_results_are(
    manager: Client, fact: KnownFact
) -> None:
    of = imported(vignette("01"))
    found = findings(vignette("01"))["milestones"]

    page = opened(manager, of, f"facts/{fact.key}/")

    keys = {key for row in fact.rows for key in row.factors}
    stands = re.findall(r'<li data-factor="(\w+)" data-verdict="(\w+)">', page)
    expected = [(f["factor"], f["verdict"]) for m in found for f in m["findings"]]
    assert sorted(stands) == sorted(pair for pair in expected if pair[0] in keys)
    said = words(page)
    assert [
        key for key in {key for key, _verdict in stands} if plain(evidence_of(key)) not in said
    ] == []


def test_a_fact_that_is_none_has_no_page(manager: Client) -> None:
    of = imported(vignette("01"))

    assert manager.get(f"/cases/{of.public_id}/facts/luck/").status_code == 404


@pytest.mark.parametrize("key", FACTORS)
def test_what_is_wrong_with_a_reference_stands_wherever_it_is_cited(key: str) -> None:
    doubtful = [study.doubtful for study in briefly(key, None)]
    in_full = plain(evidence_of(key))

    cited_by = [n for n in FACTORS[key].references if cited(n).discrepancies]
    assert [d for n in cited_by for d in cited(n).discrepancies if plain(d) not in in_full] == []
    marked = {n for s in briefly(key, None) if s.doubtful for n in numbers(s)}
    assert {n for s in briefly(key, None) for n in numbers(s)} & set(cited_by) <= marked
    assert doubtful


def numbers(study: Brief) -> list[int]:
    return list(map(int, re.findall(r"\d+", study.numbers)))


@pytest.mark.parametrize("key", FACTORS)
def test_what_was_read_outside_the_review_stands_one_step_away(key: str) -> None:
    in_full = plain(evidence_of(key))

    later = [later for estimate in FACTORS[key].evidence for later in estimate.later]
    unsaid = [
        each.fact
        for each in later
        if plain(each.fact) not in in_full or f"[{each.reference}]" not in in_full
    ]
    assert unsaid == []


# Caveats fit the patient


@pytest.mark.parametrize("deauville", [4, 5])
@pytest.mark.parametrize("response", ["PR", "SD"])
def test_deauville_4_and_5_stand_with_the_caveat_on_conversion(
    manager: Client, deauville: int, response: str
) -> None:
    """H22: open, beside the group, not behind a fold."""
    observed = {"response": response, "deauville": deauville}

    page = page_of(manager, case(infusion={}, day_28=observed))

    assert "may still convert" in rows(page)["day_28", "deauville_day_28"]


@pytest.mark.parametrize(
    "observed",
    [
        {"response": "PD", "deauville": 5},
        {"response": "CR", "deauville": 4},
        {"response": "PR", "deauville": 3},
        {"deauville": 5},
    ],
)
def test_the_caveat_on_conversion_stands_with_nothing_else(manager: Client, observed: Json) -> None:
    page = page_of(manager, case(infusion={}, day_28=observed))

    assert "may still convert" not in rows(page)["day_28", "deauville_day_28"]


@pytest.mark.parametrize("deauville", [2, 3, 4, 5])
def test_the_caveat_on_deauville_4_stands_with_it_alone(manager: Client, deauville: int) -> None:
    page = page_of(manager, case(infusion={}, day_28={"response": "PR", "deauville": deauville}))

    row = rows(page)["day_28", "deauville_day_28"]
    assert ("DS 4 differs between cohorts" in row) is (deauville == 4)


def test_every_fit_is_of_one_caveat_and_of_groups_that_exist() -> None:
    of_caveats = {
        (key, beginning): sum(text.startswith(beginning) for text in FACTORS[key].caveats)
        for key, fits in FITS.items()
        for beginning in fits
    }
    of_groups = {
        (key, stratum)
        for key, fits in FITS.items()
        for fit in fits.values()
        for stratum in fit.strata
    }

    assert set(of_caveats.values()) == {1}
    assert {at for at in of_groups if at[1] not in FACTORS[at[0]].strata} == set()


def test_a_mixed_group_is_the_only_one_without_a_side() -> None:
    """What `_said` leaves out is what the catalogue calls mixed, and only groups are called so."""
    mixed = {
        (key, stratum)
        for key, factor in FACTORS.items()
        for stratum, group in factor.strata.items()
        if group.direction is Direction.MIXED
    }

    assert {key for key, _stratum in mixed} <= {
        key for key, factor in FACTORS.items() if factor.kind is Kind.STRATIFIED
    }
    assert ("deauville_day_28", "ds_4") in mixed
