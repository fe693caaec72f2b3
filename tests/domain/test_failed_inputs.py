"""Inputs that failed once, from published courses and reports: what is right of each."""

import json

import pytest

from tests.domain.cases import CONTRACT, Json, findings, interval, places, said


def case_of(number: str) -> Json:
    """The case document of one of them."""
    (path,) = (CONTRACT / "cases").glob(f"{number}-*.json")
    document: Json = json.loads(path.read_text())["case"]
    return document


def verdicts(number: str, milestone: str) -> dict[str, str]:
    (found,) = (m for m in findings(case_of(number))["milestones"] if m["milestone"] == milestone)
    return {finding["factor"]: said(finding) for finding in found["findings"]}


def warned(number: str) -> list[str]:
    """The places of the warnings."""
    return [warning.partition(": ")[0] for warning in findings(case_of(number))["warnings"]]


def test_g01_progression_at_an_interim_visit_ends_a_complete_response() -> None:
    assert verdicts("g01", "day_90")["complete_response"] == "not_met"
    assert warned("g01") == ["assessments[3].observations.response"]


def test_g02_a_late_complete_response_is_a_response() -> None:
    found = verdicts("g02", "relapse")

    assert (found["relapse_responded"], found["relapse_refractory"]) == ("met", "not_met")


def test_g03_a_response_at_an_interim_visit_alone_is_one() -> None:
    assert verdicts("g03", "relapse")["relapse_responded"] == "met"


def test_g04_toxicity_of_an_earlier_antibody_is_not_this_treatments() -> None:
    assert verdicts("g04", "relapse")["relapse_crs_grade_3_4"] == "not_met"
    assert warned("g04") == ["events[0].date"]


def test_g05_toxicity_of_a_salvage_is_not_this_treatments() -> None:
    assert verdicts("g05", "relapse")["relapse_crs_grade_3_4"] == "not_met"


@pytest.mark.parametrize("milestone", ["lymphodepletion", "infusion"])
def test_g06_a_response_to_bridging_without_date_lacks_its_date(milestone: str) -> None:
    found = verdicts("g06", milestone)

    assert {
        found[factor] for factor in ("bridging_given", "bridging_refractory", "bridging_effective")
    } == {"unknown missing treatments.bridging.response_on"}
    assert warned("g06") == ["treatments[0].response_on"]


def test_g07_a_second_bridging_without_response_leaves_it_unknown() -> None:
    found = verdicts("g07", "infusion")

    assert found["bridging_given"] == "stratum:response_unknown"
    assert found["bridging_effective"] == "unknown missing treatments.bridging.best_response"


def test_g12_a_complete_response_with_uptake_and_new_lesions_is_asked_about() -> None:
    day_28 = "assessments[1].observations"

    assert warned("g12") == [
        f"{day_28}.response, {day_28}.new_lesions",
        f"{day_28}.response, {day_28}.deauville",
    ]


def test_g13_each_contradiction_has_its_warning() -> None:
    election, apheresis, lymphodepletion, day_28 = (
        f"assessments[{place}].observations" for place in (0, 1, 2, 4)
    )

    assert sorted(warned("g13")) == sorted(
        [
            f"{election}.cns_disease, {election}.major_extranodal",
            f"{apheresis}.bulky, {apheresis}.longest_diameter",
            f"{lymphodepletion}.bridging, treatments[0]",
            f"{lymphodepletion}.stage, {lymphodepletion}.extranodal_sites",
            f"{lymphodepletion}.histology, {lymphodepletion}.myc_rearranged",
            f"{lymphodepletion}.prior_lines, {election}.prior_lines",
            f"{day_28}.ctdna, {day_28}.ctdna_level",
            f"{day_28}.tocilizumab_given, events[0]",
            f"{day_28}.ferritin_peak, {day_28}.ferritin",
        ]
    )


def test_g14_nothing_is_dated_after_a_death_and_there_is_one() -> None:
    assert places(case_of("g14")) == [
        "assessments[1].date",
        "treatments[0].start",
        "events[1].kind",
    ]


def test_g15_a_birth_of_1850_is_refused() -> None:
    assert places(case_of("g15")) == ["birth_date"]


def test_g16_ferritin_above_2000_is_recorded_as_such() -> None:
    document = case_of("g16")
    document["assessments"][0]["observations"]["ferritin"] = {"value": 2000, "comparator": ">"}

    assert places(case_of("g16")) == ["assessments[0].observations.ferritin"]
    assert interval(document, "car_hematotox") == (2, 2, "high", [])


@pytest.mark.parametrize(("number", "place"), [("g17", 2), ("g18", 2)])
def test_g17_g18_a_second_infusion_or_relapse_is_refused(number: str, place: int) -> None:
    assert places(case_of(number)) == [f"assessments[{place}].milestone"]


def test_g19_the_class_of_a_transplantation_is_named() -> None:
    document = case_of("g19")
    document["treatments"][0]["class"] = "allogeneic"

    assert places(case_of("g19")) == ["treatments[0].class"]
    assert places(document) == []


@pytest.mark.parametrize("number", ["g20", "g21"])
def test_g20_g21_events_and_units_as_they_are_sent_are_read(number: str) -> None:
    assert places(case_of(number)) == []


def test_g22_another_lymphoma_is_asked_about() -> None:
    document = case_of("g22")
    document["assessments"][0]["observations"]["histology"] = "not_large_b_cell"

    assert places(case_of("g22")) == ["assessments[0].observations.histology"]
    assert [w.partition(": ")[0] for w in findings(document)["warnings"]] == [
        "assessments[0].observations.histology"
    ]


def test_g23_a_birth_date_needs_a_day() -> None:
    assert places(case_of("g23")) == ["birth_date"]


def test_g24_a_byte_order_mark_is_no_fault() -> None:
    assert places((CONTRACT / "cases" / "g24-byte-order-mark.json").read_bytes()) == []
