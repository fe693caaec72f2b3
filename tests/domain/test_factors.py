"""Every factor: met and not met, each group, graded and unknown, cut-offs, where values count."""

from typing import Any

import pytest

from tests.domain.cases import (
    MILESTONES,
    Json,
    bridging,
    case,
    contract_factors,
    course,
    event,
    everywhere,
    finding,
    findings,
    interim,
    line,
    relapsed,
    salvage,
    verdict,
)

CIRS_SYSTEMS = (
    *("cirs_cardiac", "cirs_hypertension", "cirs_vascular", "cirs_respiratory", "cirs_eent"),
    *("cirs_upper_gi", "cirs_lower_gi", "cirs_hepatic", "cirs_renal", "cirs_genitourinary"),
    *("cirs_musculoskeletal", "cirs_neurological", "cirs_endocrine", "cirs_psychiatric"),
)
SEVERE4 = ("cirs_hepatic", "cirs_renal", "cirs_respiratory", "cirs_upper_gi")
HEALTHY = dict.fromkeys(CIRS_SYSTEMS, 0)


def ldh(value: float, upper_limit: float = 250, **fields: Any) -> Json:
    return {"ldh": {"value": value, "upper_limit": upper_limit, **fields}}


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


BELOW_AT_ABOVE: list[tuple[str, str, list[Json], list[str]]] = [
    (
        "ecog_ge_2",
        "infusion",
        [{"ecog": 1}, {"ecog": 2}, {"ecog": 3}, {"ecog": 2.0}],
        ["not_met", "met", "met", "met"],
    ),
    (
        "extranodal_ge_2",
        "infusion",
        [{"extranodal_sites": n} for n in (1, 2, 3)],
        ["not_met", "met", "met"],
    ),
    (
        "mtv_high_lymphodepletion",
        "lymphodepletion",
        [{"mtv": 79.99}, {"mtv": 80}, {"mtv": 80.01}, {"mtv": {"value": 80.01, "unit": "cm3"}}],
        ["not_met", "not_met", "met", "met"],
    ),
    (
        "mtv_low_baseline",
        "lymphodepletion",
        [{"mtv": 147.49}, {"mtv": 147.5}, {"mtv": 147.51}, {"mtv": {"value": 148, "unit": "cm3"}}],
        ["met", "met", "not_met", "not_met"],
    ),
    (
        "mtv_high_baseline",
        "apheresis",
        [{"mtv": 24.99}, {"mtv": 25}, {"mtv": 25.01}, {"mtv": {"value": 24.99, "unit": "cm3"}}],
        ["not_met", "met", "met", "not_met"],
    ),
    (
        "ldh_high_lymphodepletion",
        "lymphodepletion",
        [ldh(249.99), ldh(250), ldh(250.01)],
        ["not_met", "not_met", "met"],
    ),
    (
        "ldh_high_infusion",
        "infusion",
        [ldh(value, 4.1, unit="ukat/L") for value in (4.09, 4.1, 4.11)],
        ["not_met", "not_met", "met"],
    ),
    (
        "crp_group_infusion",
        "infusion",
        [{"crp": 29.99}, {"crp": 30}, {"crp": 30.01}],
        ["stratum:lt_30", "stratum:ge_30", "stratum:ge_30"],
    ),
    (
        "crp_group_infusion",
        "infusion",
        [{"crp": {"value": value, "unit": "mg/dL"}} for value in (2.9, 2.999, 3.0, 3.1)],
        ["stratum:lt_30", "stratum:lt_30", "stratum:ge_30", "stratum:ge_30"],
    ),
    (
        "suvmax_ge_10_day_28",
        "day_28",
        [{"response": "SD", "suvmax": value} for value in (9.99, 10, 10.01)],
        ["not_met", "met", "met"],
    ),
    (
        "deauville_day_28",
        "day_28",
        [{"deauville": score} for score in (1, 2, 3, 4, 5)],
        ["stratum:ds_1_2", "stratum:ds_1_2", "stratum:ds_3", "stratum:ds_4", "stratum:ds_5"],
    ),
    (
        "deauville_suv_change_day_28",
        "day_28",
        [{"deauville": score} for score in (1, 2, 3, 4)],
        [*["stratum:ds_1_3"] * 3, "unknown missing response, suvmax"],
    ),
    (
        "severe4",
        "apheresis",
        [dict.fromkeys(SEVERE4, 1) | {"cirs_hepatic": grade} for grade in (2, 3, 4)],
        ["not_met", "met", "met"],
    ),
    (
        "cirs_high",
        "apheresis",
        [HEALTHY | {"cirs_cardiac": grade} for grade in (2, 3, 4)],
        ["not_met", "met", "met"],
    ),
    (
        "cirs_high",
        "apheresis",
        [HEALTHY | dict.fromkeys(CIRS_SYSTEMS[:count], 1) for count in (6, 7, 8)],
        ["not_met", "met", "met"],
    ),
    (
        "aaipi_ge_2",
        "lymphodepletion",
        [
            {"stage": 3, "ecog": 1} | ldh(250),
            {"stage": 2, "ecog": 2} | ldh(251),
            {"stage": 4, "ecog": 4} | ldh(251),
        ],
        ["not_met", "met", "met"],
    ),
]


@pytest.mark.parametrize(("factor", "milestone", "values", "expected"), BELOW_AT_ABOVE)
def test_below_at_and_above_the_cut_off(
    factor: str, milestone: str, values: list[Json], expected: list[str]
) -> None:
    documents = [course({milestone: observations}) for observations in values]

    assert [verdict(document, factor, milestone) for document in documents] == expected


@pytest.mark.parametrize(
    ("factor", "milestone", "documents", "expected"),
    [
        (
            "age_ge_65",
            "infusion",
            [case(born=born, infusion={}) for born in ("1959-03-07", "1959-03-06", "1958-03-06")],
            ["not_met", "met", "met"],
        ),
        (
            "age_gt_60",
            "infusion",
            [case(born=born, infusion={}) for born in ("1964-03-06", "1963-03-07", "1963-03-06")],
            ["not_met", "not_met", "met"],
        ),
        (
            "relapse_within_30_days",
            "relapse",
            [
                relapsed(dates={"relapse": day})
                for day in ("2024-03-06", "2024-04-04", "2024-04-05", "2024-04-06")
            ],
            ["met", "met", "not_met", "not_met"],
        ),
        (
            "relapse_gt_2_lines",
            "relapse",
            [relapsed(lines=lines) for lines in (1, 2, 3, 4)],
            ["not_applicable", "not_met", "met", "met"],
        ),
        (
            "relapse_crs_grade_3_4",
            "relapse",
            [relapsed(day_7={"crs_grade_max": grade}) for grade in (0, 2, 3, 4, 5)],
            ["not_met", "not_met", "met", "met", "met"],
        ),
        (
            "relapse_crs_grade_3_4",
            "relapse",
            [relapsed(events=(event("crs", "2024-03-08", grade=n),)) for n in (1, 2, 3, 4, 5)],
            ["not_met", "not_met", "met", "met", "met"],
        ),
    ],
)
def test_below_at_and_above_a_cut_off_of_the_course(
    factor: str, milestone: str, documents: list[Json], expected: list[str]
) -> None:
    assert [verdict(document, factor, milestone) for document in documents] == expected


CODES: list[tuple[str, str, str, dict[str, str]]] = [
    ("progressive_disease", "lymphodepletion", "response", {"CR": "not_met", "PR": "not_met"}),
    (
        "histology_high_grade",
        "election",
        "histology",
        {"hgbl_myc_bcl2": "met", "dlbcl_nos": "not_met", "pmbcl": "not_met", "fl3b": "not_met"},
    ),
    (
        "histology_thrlbcl",
        "election",
        "histology",
        {"hgbl_myc_bcl2": "not_met", "transformed": "not_met", "other": "not_met"},
    ),
    ("abc_phenotype", "election", "cell_of_origin", {"non_gcb": "met", "unclassified": "not_met"}),
    ("complete_response", "day_90", "response", {"SD": "not_met", "PD": "not_met", "CR": "met"}),
    (
        "car_t_product",
        "infusion",
        "product",
        {"liso_cel": "not_applicable", "other": "not_applicable"},
    ),
]


@pytest.mark.parametrize(("factor", "milestone", "variable", "expected"), CODES)
def test_the_other_codes_of_a_variable(
    factor: str, milestone: str, variable: str, expected: dict[str, str]
) -> None:
    verdicts = {
        code: verdict(course({milestone: {variable: code}}), factor, milestone) for code in expected
    }

    assert verdicts == expected


LATEST = "latest"
AT_INFUSION = ["infusion"]
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
    "complete_response": ({"response": "CR"}, ["day_28", "day_90"]),
    "relapse_responded": ({"response": "PR"}, ["day_28", "day_90"]),
    "relapse_sd_pd_day_30": ({"response": "PD"}, ["day_28"]),
    "relapse_refractory": ({"response": "PD"}, ["day_28", "day_90"]),
    "relapse_crs_grade_3_4": ({"crs_grade_max": 3}, LATEST),
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


@pytest.mark.parametrize("factor", SUPPLIED)
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
