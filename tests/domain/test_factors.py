"""Every factor has a case that meets it and one that does not, every group and every value one."""

from typing import Any

import pytest

from tests.domain.cases import (
    HEALTHY,
    MILESTONES,
    SEVERE4,
    Json,
    bridging,
    case,
    contract_factors,
    course,
    everywhere,
    finding,
    findings,
    ldh,
    line,
    relapsed,
    salvage,
    verdict,
)


def recorded(milestone: str, met: Json, not_met: Json) -> tuple[str, Json, Json]:
    """A pair that differs in what is recorded at the milestone itself."""
    return milestone, course({milestone: met}), course({milestone: not_met})


def code(variable: str, met: str, not_met: str, milestone: str = "infusion") -> Any:
    return recorded(milestone, {variable: met}, {variable: not_met})


PAIRS: dict[str, tuple[str, Json, Json]] = {
    "ecog_ge_2": recorded("infusion", {"ecog": 2}, {"ecog": 1}),
    "age_ge_65": ("infusion", case(born="1959-03-06", infusion={}), case(infusion={})),
    "age_gt_60": ("infusion", case(born="1963-03-06", infusion={}), case(infusion={})),
    "chemo_resistant": (
        "infusion",
        case(infusion={}, treatments=(line("2023-01-01", "PD"),)),
        case(infusion={}, treatments=(line("2023-01-01", "PR"),)),
    ),
    "progressive_disease": code("response", "PD", "SD", "lymphodepletion"),
    "cirs_high": recorded("apheresis", {"cirs_eent": 3}, HEALTHY),
    "severe4": recorded("apheresis", {"cirs_renal": 3}, dict.fromkeys(SEVERE4, 2)),
    "aaipi_ge_2": recorded("lymphodepletion", {"stage": 3, "ecog": 2}, {"stage": 2, "ecog": 1}),
    "ldh_high_election": recorded("election", ldh(251), ldh(250)),
    "ldh_high_apheresis": recorded("apheresis", ldh(251), ldh(250)),
    "ldh_high_lymphodepletion": recorded("lymphodepletion", ldh(251), ldh(250)),
    "ldh_high_infusion": recorded("infusion", ldh(251), ldh(250)),
    "extranodal_ge_2": recorded("infusion", {"extranodal_sites": 2}, {"extranodal_sites": 1}),
    "mtv_high_lymphodepletion": recorded("lymphodepletion", {"mtv": 81}, {"mtv": 80}),
    "mtv_low_baseline": recorded("apheresis", {"mtv": 147}, {"mtv": 148}),
    "mtv_high_baseline": recorded("apheresis", {"mtv": 25}, {"mtv": 24}),
    "extranodal_and_mtv": recorded(
        "lymphodepletion", {"extranodal_sites": 2, "mtv": 81}, {"extranodal_sites": 1}
    ),
    "bridging_refractory": (
        "infusion",
        case(infusion={}, treatments=(bridging(best="SD"),)),
        case(infusion={}, treatments=(bridging(best="PR"),)),
    ),
    "bridging_effective": (
        "infusion",
        case(infusion={}, treatments=(bridging(best="PR"),)),
        case(infusion={}, treatments=(bridging(best="SD"),)),
    ),
    "tp53_altered": code("tp53", "altered", "wild_type"),
    "focal_cna_high": code("focal_cna", "high", "low"),
    "complex_structural_variants": code("complex_structural_variants", "present", "absent"),
    "apobec_signature": code("apobec_signature", "present", "absent"),
    "ros_damage": code("ros_damage", "present", "absent"),
    "microbiota_low_diversity": code("microbiota_diversity", "low", "normal"),
    "histology_thrlbcl": code("histology", "thrlbcl", "dlbcl_nos"),
    "histology_high_grade": code("histology", "hgbl_nos", "thrlbcl"),
    "abc_phenotype": code("cell_of_origin", "abc", "gcb"),
    "double_hit": recorded(
        "infusion", {"myc_rearranged": "yes", "bcl6_rearranged": "yes"}, {"myc_rearranged": "no"}
    ),
    "product_cd8_memory_signature": code("product_cd8_memory_signature", "high", "low"),
    "product_cd8_exhausted": code("product_cd8_exhausted", "high", "low"),
    "persistence": code("car_t_persistence", "yes", "no", "day_90"),
    "suvmax_ge_10_day_28": recorded(
        "day_28", {"response": "PR", "suvmax": 10}, {"response": "PR", "suvmax": 9}
    ),
    "ctdna_week_1": code("ctdna", "detectable", "undetectable", "day_7"),
    "complete_response": code("response", "CR", "PR", "day_28"),
    "relapse_responded": (
        "relapse",
        relapsed(day_28={"response": "PR"}),
        relapsed(day_28={"response": "SD"}),
    ),
    "relapse_within_30_days": (
        "relapse",
        relapsed(dates={"relapse": "2024-04-04"}),
        relapsed(dates={"relapse": "2024-04-05"}),
    ),
    "relapse_sd_pd_day_30": (
        "relapse",
        relapsed(day_28={"response": "SD"}),
        relapsed(day_28={"response": "PR"}),
    ),
    "relapse_refractory": (
        "relapse",
        relapsed(day_28={"response": "SD"}),
        relapsed(day_28={"response": "PR"}),
    ),
    "relapse_crs_grade_3_4": (
        "relapse",
        relapsed(day_28={"crs_grade_max": 3}),
        relapsed(day_28={"crs_grade_max": 2}),
    ),
    "relapse_bridging": (
        "relapse",
        relapsed(treatments=(bridging(),)),
        relapsed(lymphodepletion={"bridging": "no"}),
    ),
    "relapse_gt_2_lines": ("relapse", relapsed(lines=3), relapsed(lines=2)),
    "relapse_no_double_hit_or_expressor": (
        "relapse",
        relapsed(election={"myc_rearranged": "no", "double_expressor": "no"}),
        relapsed(election={"myc_rearranged": "no", "double_expressor": "yes"}),
    ),
    "relapse_salvage_pola_br": (
        "relapse",
        relapsed(treatments=(salvage("2024-09-10", "pola_br"),)),
        relapsed(treatments=(salvage("2024-09-10", "lenalidomide"),)),
    ),
    "relapse_salvage_lenalidomide": (
        "relapse",
        relapsed(treatments=(salvage("2024-09-10", "lenalidomide"),)),
        relapsed(treatments=(salvage("2024-09-10", "pola_br"),)),
    ),
    "relapse_ldh_high_infusion": (
        "relapse",
        relapsed(infusion=ldh(251)),
        relapsed(infusion=ldh(250)),
    ),
    "relapse_bulky_apheresis": (
        "relapse",
        relapsed(apheresis={"bulky": "yes"}),
        relapsed(apheresis={"bulky": "no"}),
    ),
}
DS_4 = {"deauville": 4, "response": "PR"}
STRATA: dict[tuple[str, str], tuple[str, Json]] = {
    ("bridging_given", "none"): ("infusion", case(infusion={"bridging": "no"})),
    ("bridging_given", "effective"): (
        "infusion",
        case(infusion={}, treatments=(bridging(best="CR"),)),
    ),
    ("bridging_given", "refractory"): (
        "infusion",
        case(infusion={}, treatments=(bridging(best="PD"),)),
    ),
    ("bridging_given", "response_unknown"): ("infusion", case(infusion={"bridging": "yes"})),
    ("crp_group_infusion", "lt_30"): ("infusion", case(infusion={"crp": 29})),
    ("crp_group_infusion", "ge_30"): ("infusion", case(infusion={"crp": 30})),
    ("tp53_by_costimulation", "cd28"): (
        "infusion",
        case(infusion={"tp53": "altered", "product": "axi_cel"}),
    ),
    ("tp53_by_costimulation", "4_1bb"): (
        "infusion",
        case(infusion={"tp53": "altered", "product": "liso_cel"}),
    ),
    ("car_t_product", "axi_cel"): ("infusion", case(infusion={"product": "axi_cel"})),
    ("car_t_product", "tisa_cel"): ("infusion", case(infusion={"product": "tisa_cel"})),
    ("expansion", "third_line"): (
        "day_28",
        case(election={"prior_lines": 2}, day_28={"car_t_peak": 40}),
    ),
    ("expansion", "second_line"): (
        "day_28",
        case(election={"prior_lines": 1}, day_28={"car_t_auc_28": 400}),
    ),
    ("deauville_day_28", "ds_1_2"): ("day_28", case(day_28={"deauville": 2})),
    ("deauville_day_28", "ds_3"): ("day_28", case(day_28={"deauville": 3})),
    ("deauville_day_28", "ds_4"): ("day_28", case(day_28={"deauville": 4})),
    ("deauville_day_28", "ds_5"): ("day_28", case(day_28={"deauville": 5})),
    ("deauville_suv_change_day_28", "ds_1_3"): ("day_28", case(day_28={"deauville": 3})),
    ("deauville_suv_change_day_28", "ds_4_5_decreased"): (
        "day_28",
        case(lymphodepletion={"suvmax": 20}, day_28=DS_4 | {"suvmax": 19}),
    ),
    ("deauville_suv_change_day_28", "ds_4_5_increased"): (
        "day_28",
        case(lymphodepletion={"suvmax": 20}, day_28=DS_4 | {"suvmax": 21}),
    ),
    ("ctdna_day_28", "detectable"): ("day_28", case(day_28={"ctdna": "detectable"})),
    ("ctdna_day_28", "undetectable"): ("day_28", case(day_28={"ctdna": "undetectable"})),
    ("ctdna_day_28_in_pr_sd", "detectable"): (
        "day_28",
        case(day_28={"ctdna": "detectable", "response": "SD"}),
    ),
    ("ctdna_day_28_in_pr_sd", "undetectable"): (
        "day_28",
        case(day_28={"ctdna": "undetectable", "response": "PR"}),
    ),
    ("ctdna_day_90", "detectable"): ("day_90", case(day_90={"ctdna": "detectable"})),
    ("ctdna_day_90", "undetectable"): ("day_90", case(day_90={"ctdna": "undetectable"})),
    ("response_day_90", "cr"): ("day_90", case(day_90={"response": "CR"})),
    ("response_day_90", "pr"): ("day_90", case(day_90={"response": "PR"})),
    ("response_day_90", "sd"): ("day_90", case(day_90={"response": "SD"})),
    ("response_day_90", "pd"): ("day_90", case(day_90={"response": "PD"})),
}
IPI = ldh(200) | {"ecog": 0, "stage": 1, "extranodal_sites": 0}
GRADED: dict[str, tuple[str, Json, Json, str]] = {
    "crp_infusion": ("infusion", case(infusion={"crp": 0}), case(infusion={}), "crp"),
    "ferritin_peak": (
        *("day_28", case(day_28={"ferritin_peak": 900}), case(day_28={})),
        "ferritin_peak",
    ),
    "inflammation_zuma1": (
        *("infusion", case(infusion={"il6": 12}), case(infusion={})),
        "ferritin, il6, ldh",
    ),
    "ipi": (
        *("lymphodepletion", case(lymphodepletion=IPI), case(lymphodepletion=IPI | {"ldh": 9e3})),
        "ldh.upper_limit",
    ),
    "product_cd8_naive": (
        "infusion",
        case(infusion={"product_cd8_naive_percent": 12.5}),
        case(infusion={}),
        "product_cd8_naive_percent",
    ),
    "product_cd8_central_memory": (
        "infusion",
        case(infusion={"product_cd8_tcm_percent": 12.5}),
        case(infusion={}),
        "product_cd8_tcm_percent",
    ),
    "relapse_ferritin_infusion": (
        *("relapse", relapsed(infusion={"ferritin": 900}), relapsed()),
        "ferritin",
    ),
    "relapse_crp_infusion": ("relapse", relapsed(infusion={"crp": 9}), relapsed(), "crp"),
    "relapse_older_age": ("relapse", relapsed(), relapsed(lines=None), "prior_lines"),
}


def keys(kind: str) -> set[str]:
    return {factor["key"] for factor in contract_factors() if factor["kind"] == kind}


def test_every_binary_factor_has_its_pair() -> None:
    assert set(PAIRS) == keys("binary")


def test_every_stratum_has_its_case() -> None:
    strata = {(f["key"], stratum) for f in contract_factors() for stratum in f.get("strata", ())}

    assert set(STRATA) == strata


def test_every_graded_factor_has_its_cases() -> None:
    assert set(GRADED) == keys("graded")


@pytest.mark.parametrize("factor", PAIRS)
def test_a_binary_factor_is_met_or_not_met(factor: str) -> None:
    milestone, met, not_met = PAIRS[factor]

    verdicts = (verdict(met, factor, milestone), verdict(not_met, factor, milestone))

    assert verdicts == ("met", "not_met")


@pytest.mark.parametrize(("factor", "stratum"), STRATA)
def test_a_group_is_named_with_its_own_direction(factor: str, stratum: str) -> None:
    milestone, document = STRATA[factor, stratum]

    found = finding(document, factor, milestone)

    directions = next(f["strata"] for f in contract_factors() if f["key"] == factor)
    assert (found["verdict"], found["stratum"]) == ("stratum", stratum)
    assert found["direction"] == directions[stratum]


@pytest.mark.parametrize("factor", GRADED)
def test_a_graded_factor_is_graded_or_unknown(factor: str) -> None:
    milestone, graded, unknown, missing = GRADED[factor]

    verdicts = (verdict(graded, factor, milestone), verdict(unknown, factor, milestone))

    assert verdicts == ("graded", f"unknown missing {missing}")


def test_every_factor_stands_once_at_each_milestone_where_it_is_evaluated() -> None:
    found = findings(everywhere())["milestones"]

    listed = {at["milestone"]: sorted(f["factor"] for f in at["findings"]) for at in found}
    assert listed == {
        milestone: sorted(f["key"] for f in contract_factors() if milestone in f["evaluated_at"])
        for milestone in MILESTONES
    }


def test_a_factor_without_groups_keeps_its_own_direction() -> None:
    found = findings(everywhere())["milestones"]

    directions = {f["factor"]: f["direction"] for at in found for f in at["findings"]}
    assert directions == {f["key"]: f["direction"] for f in contract_factors()}
