"""What was published stands on the row of a finding: each figure once, and no side without one."""

import re

import pytest
from django.test import Client

from patients.models import Role
from riskfactors.beside.caveats import FITS
from riskfactors.beside.citations import cited
from riskfactors.beside.figures import studies
from riskfactors.domain.vocabulary import Direction, Kind
from riskfactors.published import catalogue
from riskfactors.words.estimates import estimate_with_interval
from tests.domain.cases import Json, case
from tests.patients.screens import NAMES, cards, imported, opened, plain, shown, somebody, vignette

FOLD = "Rule, cohorts and doubts"
FACTORS = {factor.key: factor for factor in catalogue().factors}


@pytest.fixture
def manager(client: Client, db: None) -> Client:
    client.force_login(somebody(Role.DATA_MANAGER))
    return client


def page_of(client: Client, document: Json) -> str:
    return opened(client, imported(document))


def rows(page: str) -> dict[tuple[str, str], str]:
    """What stands on each row without unfolding anything, by milestone and factor."""
    return {(s.milestone, s.factor): s.words.partition(FOLD)[0].strip() for s in shown(page)}


def markup_of(page: str, milestone: str, factor: str) -> str:
    """The markup of one row, up to its fold."""
    found = cards(page)[milestone].partition(f'data-factor="{factor}"')[2]
    return found.partition("<details")[0]


def test_a_row_says_what_it_rests_on_and_what_was_published(manager: Client) -> None:
    page = page_of(manager, vignette("01"))

    assert rows(page)["relapse", "relapse_crs_grade_3_4"] == (
        "Grade 3 or 4 cytokine release syndrome Criterion met Published association: Adverse "
        "Worst cytokine release syndrome, grade: 3 10 Sep 2019, Day +28 "
        "OS HR 5.39 (2.48–11.7), p 2.2 × 10⁻⁵ axi-cel; Spiegel et al. 2020 [40] discrepancy doubt"
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_figure_is_printed_once(manager: Client, name: str) -> None:
    page = page_of(manager, vignette(name))

    printed = {
        (s.milestone, s.factor, figure): s.words.count(figure)
        for s in shown(page)
        for estimate in FACTORS[s.factor].evidence
        if estimate.interval is not None
        for figure in [estimate_with_interval(estimate.estimate, estimate.interval)]
    }
    expected = {
        (milestone, factor, figure): sum(
            estimate_with_interval(e.estimate, e.interval) == figure
            for e in FACTORS[factor].evidence
        )
        for milestone, factor, figure in printed
    }
    assert printed == expected


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

    assert rows(page)["infusion", "crp_infusion"].endswith(
        "Value No cut-off published "
        f"C-reactive protein: {crp} mg/L 6 Mar 2024 "
        "higher values: more relapses, HR 1.12 (1.07–1.17) per unit, unit not printed, p 0.0001 ; "
        "higher values: more early relapses, HR 1.15 (1.03–1.29) per unit, unit not printed, "
        "p 0.016 ; higher values: more deaths, HR 1.12 (1.06–1.17) per unit, unit not printed, "
        "p 0.0001 axi-cel and tisa-cel, 116 patients; Vercellino et al. 2020 [19] doubt"
    )


def test_a_group_between_others_lies_on_no_side_and_stands_among_their_figures(
    manager: Client,
) -> None:
    page = page_of(manager, case(infusion={}, day_28={"response": "PR", "deauville": 4}))

    row = rows(page)["day_28", "deauville_day_28"]
    assert "Group: DS 4 Deauville score" in row
    assert (
        "PFS at 12 months: DS 1-2 77.1%, DS 3 63.5%, DS 4 43.5% (group of this case) , DS 5 0%"
    ) in row
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
    page = page_of(manager, vignette("01"))

    said = next(s.words for s in shown(page) if s.factor == "mtv_high_lymphodepletion")
    row, _fold, behind = said.partition(FOLD)
    assert "Relapse HR 2.18 (1.23–3.89), p 0.00794" in row
    assert "as quoted in the review" not in row
    assert (
        "Relapse, Early relapse, Death. In Vercellino et al. 2020, as quoted in the review "
        "(axi-cel and tisa-cel; 116 patients; line and period not given there), those with “High "
        "metabolic tumour volume before lymphodepletion” compared with those without: other "
        "patients' results, not a forecast. [19] Doubt (Death). The interval excludes 1"
    ) in behind
    assert "Products: axi-cel and tisa-cel. Patients: 116." in behind


@pytest.mark.parametrize("name", NAMES)
def test_what_is_wrong_with_a_reference_stands_wherever_it_is_cited(
    manager: Client, name: str
) -> None:
    page = page_of(manager, vignette(name))

    for at, row in rows(page).items():
        citations = [c for study in studies(at[1]) for c in study.citations]
        marks = [f"{c.short} [{c.number}] discrepancy" for c in citations if c.discrepancies]
        assert [mark for mark in marks if mark not in row] == []
    behind = {s.factor: s.words for s in shown(page) if "Studied in" in s.words}
    unsaid = {
        key: text
        for key, words in behind.items()
        for number in FACTORS[key].references
        for text in cited(number).discrepancies
        if plain(text) not in words
    }
    assert unsaid == {}


@pytest.mark.parametrize("name", NAMES)
def test_what_was_read_outside_the_review_stands_one_step_away(manager: Client, name: str) -> None:
    page = page_of(manager, vignette(name))

    behind = {s.factor: s.words for s in shown(page) if "Studied in" in s.words}
    unsaid = {
        key: later.fact
        for key, words in behind.items()
        for estimate in FACTORS[key].evidence
        for later in estimate.later
        if plain(later.fact) not in words or f"[{later.reference}]" not in words
    }
    assert unsaid == {}


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
