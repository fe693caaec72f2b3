"""Values count only from where the contract takes them; of interim visits responses alone."""

import pytest

from tests.domain.cases import (
    MILESTONES,
    Json,
    contract_factors,
    everywhere,
    findings,
    interim,
    ldh,
)

IPI = ldh(200) | {"ecog": 0, "stage": 1, "extranodal_sites": 0}
LATEST = "latest"
AT_INFUSION = ["infusion"]
AFTER_INFUSION = ["day_7", "day_28", "day_90"]
RESPONSES = {"complete_response", "relapse_responded", "relapse_refractory"}
SUPPLIED: dict[str, tuple[Json, str | list[str]]] = {
    "ecog_ge_2": ({"ecog": 2}, LATEST),
    "progressive_disease": ({"response": "PD"}, ["lymphodepletion"]),
    "cirs_high": ({"cirs_eent": 3}, LATEST),
    "severe4": ({"cirs_renal": 3}, LATEST),
    "aaipi_ge_2": ({"stage": 3, "ecog": 2}, ["lymphodepletion"]),
    "ldh_high_election": (ldh(251), ["election"]),
    "ldh_high_apheresis": (ldh(251), ["apheresis"]),
    "ldh_high_lymphodepletion": (ldh(251), ["lymphodepletion"]),
    "ldh_high_infusion": (ldh(251), AT_INFUSION),
    "extranodal_ge_2": ({"extranodal_sites": 2}, ["infusion", "lymphodepletion"]),
    "mtv_high_lymphodepletion": ({"mtv": 81}, ["lymphodepletion"]),
    "mtv_low_baseline": ({"mtv": 81}, LATEST),
    "mtv_high_baseline": ({"mtv": 81}, LATEST),
    "bridging_given": ({"bridging": "no"}, LATEST),
    "crp_infusion": ({"crp": 9}, AT_INFUSION),
    "crp_group_infusion": ({"crp": 9}, AT_INFUSION),
    "ferritin_peak": ({"ferritin_peak": 9}, ["day_28"]),
    "inflammation_zuma1": ({"ferritin": 9}, ["infusion", "lymphodepletion"]),
    "tp53_altered": ({"tp53": "altered"}, LATEST),
    "tp53_by_costimulation": ({"tp53": "altered", "product": "axi_cel"}, LATEST),
    "focal_cna_high": ({"focal_cna": "high"}, LATEST),
    "complex_structural_variants": ({"complex_structural_variants": "present"}, LATEST),
    "apobec_signature": ({"apobec_signature": "present"}, LATEST),
    "ros_damage": ({"ros_damage": "present"}, LATEST),
    "car_t_product": ({"product": "axi_cel"}, LATEST),
    "microbiota_low_diversity": ({"microbiota_diversity": "low"}, LATEST),
    "histology_thrlbcl": ({"histology": "thrlbcl"}, LATEST),
    "histology_high_grade": ({"histology": "hgbl_nos"}, LATEST),
    "abc_phenotype": ({"cell_of_origin": "abc"}, LATEST),
    "double_hit": ({"myc_rearranged": "no"}, LATEST),
    "ipi": (IPI, ["lymphodepletion"]),
    "product_cd8_naive": ({"product_cd8_naive_percent": 9}, AT_INFUSION),
    "product_cd8_central_memory": ({"product_cd8_tcm_percent": 9}, AT_INFUSION),
    "product_cd8_memory_signature": ({"product_cd8_memory_signature": "high"}, AT_INFUSION),
    "product_cd8_exhausted": ({"product_cd8_exhausted": "high"}, AT_INFUSION),
    "persistence": ({"car_t_persistence": "yes"}, ["day_90"]),
    "deauville_day_28": ({"deauville": 3}, ["day_28"]),
    "suvmax_ge_10_day_28": ({"response": "PR", "suvmax": 12}, ["day_28"]),
    "deauville_suv_change_day_28": ({"deauville": 3}, ["day_28"]),
    "ctdna_day_28": ({"ctdna": "detectable"}, ["day_28"]),
    "ctdna_day_28_in_pr_sd": ({"response": "PR", "ctdna": "detectable"}, ["day_28"]),
    "ctdna_week_1": ({"ctdna": "detectable"}, ["day_7"]),
    "ctdna_day_90": ({"ctdna": "detectable"}, ["day_90"]),
    "response_day_90": ({"response": "PR"}, ["day_90"]),
    "complete_response": ({"response": "CR"}, AFTER_INFUSION),
    "relapse_responded": ({"response": "PR"}, AFTER_INFUSION),
    "relapse_sd_pd_day_30": ({"response": "PD"}, ["day_28"]),
    "relapse_refractory": ({"response": "PD"}, AFTER_INFUSION),
    "relapse_crs_grade_3_4": ({"crs_grade_max": 3}, ["infusion", *AFTER_INFUSION, "relapse"]),
    "relapse_bridging": ({"bridging": "no"}, LATEST),
    "relapse_no_double_hit_or_expressor": ({"double_expressor": "yes"}, LATEST),
    "relapse_ldh_high_infusion": (ldh(251), AT_INFUSION),
    "relapse_ferritin_infusion": ({"ferritin": 9}, AT_INFUSION),
    "relapse_crp_infusion": ({"crp": 9}, AT_INFUSION),
    "relapse_bulky_apheresis": ({"bulky": "yes"}, ["apheresis"]),
}
NOT_FROM_OBSERVATIONS_ALONE = {
    *("age_ge_65", "age_gt_60", "relapse_older_age", "chemo_resistant", "relapse_within_30_days"),
    *("bridging_refractory", "bridging_effective", "extranodal_and_mtv", "expansion"),
    *("relapse_gt_2_lines", "relapse_salvage_pola_br", "relapse_salvage_lenalidomide"),
}
DECIDED = {"met", "not_met", "stratum", "graded"}


def test_every_factor_says_where_its_values_come_from() -> None:
    assert set(SUPPLIED) == {f["key"] for f in contract_factors()} - NOT_FROM_OBSERVATIONS_ALONE


@pytest.mark.parametrize("factor", SUPPLIED)
def test_a_value_counts_only_from_where_the_contract_says(factor: str) -> None:
    observations, source = SUPPLIED[factor]
    evaluated_at = next(f["evaluated_at"] for f in contract_factors() if f["key"] == factor)

    decided = {
        (measured, milestone)
        for measured in MILESTONES
        for milestone, verdicts in _verdicts(_measured_at(measured, observations)).items()
        if verdicts.get(factor) in DECIDED
    }

    assert decided == {
        (measured, milestone)
        for milestone in evaluated_at
        for measured in MILESTONES[: MILESTONES.index(milestone) + 1]
        if source == LATEST or measured in source
    }


@pytest.mark.parametrize("factor", sorted(SUPPLIED.keys() - RESPONSES))
def test_a_value_of_an_interim_visit_never_counts(factor: str) -> None:
    observations, _ = SUPPLIED[factor]
    line_known = everywhere(election={"prior_lines": 2})

    document = line_known | {
        "assessments": [
            *line_known["assessments"],
            *(interim(day, **observations) for day in ("2024-01-01", "2024-04-03", "2024-09-01")),
        ]
    }

    verdicts = {v.get(factor) for v in _verdicts(document).values()} - {None}
    assert verdicts == {"unknown"}


def _measured_at(measured: str, observations: Json) -> Json:
    """A course in third line in which something was measured at one milestone only."""
    known: dict[str, Json] = {"election": {"prior_lines": 2}}
    known[measured] = known.get(measured, {}) | observations
    return everywhere(**known)


def _verdicts(document: Json) -> dict[str, dict[str, str]]:
    return {
        at["milestone"]: {f["factor"]: f["verdict"] for f in at["findings"]}
        for at in findings(document)["milestones"]
    }


def test_a_case_without_values_decides_nothing_but_age() -> None:
    verdicts = _verdicts(everywhere())

    decided = {(key, verdict) for at in verdicts.values() for key, verdict in at.items()} - {
        (factor["key"], "unknown") for factor in contract_factors()
    }
    assert decided == {
        ("age_ge_65", "not_met"),
        ("age_gt_60", "not_met"),
        ("relapse_salvage_pola_br", "not_applicable"),
        ("relapse_salvage_lenalidomide", "not_applicable"),
    }
