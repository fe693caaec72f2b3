"""What contradicts itself is accepted, and asked about with both sides and their places."""

import pytest

from tests.domain.cases import Json, bridging, case, event, interim, line, warnings

VISIT = "assessments[0].observations"


def lymphodepleted(start: str) -> Json:
    return {"role": "lymphodepletion", "start": start}


def at_day_28(**observations: object) -> Json:
    return case(infusion={}, day_28=observations, relapse={})


CONTRADICTIONS: list[tuple[Json, tuple[str, ...]]] = [
    (at_day_28(response="CR", deauville=4), ("response", "deauville")),
    (at_day_28(response="CR", deauville=5), ("response", "deauville")),
    (at_day_28(response="CR", new_lesions="yes"), ("response", "new_lesions")),
    (at_day_28(response="PD", deauville=1), ("response", "deauville")),
    (at_day_28(response="PD", deauville=2, new_lesions="no"), ("response", "deauville")),
    (at_day_28(ctdna="undetectable", ctdna_level=0.1), ("ctdna", "ctdna_level")),
    (
        at_day_28(ctdna="undetectable", ctdna_level={"value": 0, "comparator": ">"}),
        ("ctdna", "ctdna_level"),
    ),
    (case(lymphodepletion={"stage": 1, "extranodal_sites": 2}), ("stage", "extranodal_sites")),
    (
        case(election={"cns_disease": "active", "major_extranodal": "no"}),
        ("cns_disease", "major_extranodal"),
    ),
    (case(apheresis={"bulky": "no", "longest_diameter": 10}), ("bulky", "longest_diameter")),
    (
        case(apheresis={"bulky": "no", "longest_diameter": {"value": 100, "unit": "mm"}}),
        ("bulky", "longest_diameter"),
    ),
    (
        case(apheresis={"bulky": "no", "longest_diameter": {"value": 10, "comparator": ">="}}),
        ("bulky", "longest_diameter"),
    ),
    (
        case(election={"histology": "hgbl_myc_bcl2", "myc_rearranged": "no"}),
        ("histology", "myc_rearranged"),
    ),
    (
        case(election={"histology": "hgbl_myc_bcl2", "bcl2_rearranged": "no"}),
        ("histology", "bcl2_rearranged"),
    ),
    (case(election={"histology": "not_large_b_cell"}), ("histology",)),
    (at_day_28(ferritin=900, ferritin_peak=300), ("ferritin_peak", "ferritin")),
]


@pytest.mark.parametrize(("document", "names"), CONTRADICTIONS)
def test_a_contradiction_within_a_visit_names_both_sides(
    document: Json, names: tuple[str, ...]
) -> None:
    visit = next(i for i, a in enumerate(document["assessments"]) if a["observations"])

    (warning,) = warnings(document)

    places = ", ".join(f"assessments[{visit}].observations.{name}" for name in names)
    assert warning.partition(": ")[0] == places


@pytest.mark.parametrize(
    "document",
    [
        at_day_28(response="CR", deauville=3, new_lesions="no"),
        at_day_28(response="PR", deauville=5, new_lesions="yes"),
        at_day_28(response="PD", deauville=3),
        at_day_28(response="PD", deauville=2, new_lesions="yes"),
        at_day_28(ctdna="undetectable", ctdna_level=0),
        at_day_28(ctdna="undetectable", ctdna_level={"value": 5, "comparator": "<"}),
        at_day_28(ctdna="detectable", ctdna_level=5),
        case(lymphodepletion={"stage": 1, "extranodal_sites": 1}),
        case(lymphodepletion={"stage": 2, "extranodal_sites": 2}),
        case(lymphodepletion={"stage": 1}),
        case(election={"cns_disease": "past", "major_extranodal": "no"}),
        case(apheresis={"bulky": "no", "longest_diameter": 9.9}),
        case(apheresis={"bulky": "yes", "longest_diameter": 10}),
        case(apheresis={"bulky": "no", "longest_diameter": {"value": 12, "comparator": "<"}}),
        case(election={"histology": "hgbl_myc_bcl2", "bcl6_rearranged": "no"}),
        case(election={"histology": "hgbl_nos", "myc_rearranged": "no"}),
        at_day_28(ferritin=300, ferritin_peak=300),
        at_day_28(ferritin={"value": 900, "comparator": "<"}, ferritin_peak=300),
        case(day_28={"ferritin": 900, "ferritin_peak": 300}),
        case(lymphodepletion={"ferritin": 900}, infusion={}, day_28={"ferritin_peak": 300}),
        case(infusion={}, day_28={"ferritin_peak": 300}, day_90={"ferritin": 900}),
        case(infusion={}, day_28={}, day_90={"ferritin": 900, "ferritin_peak": 300}),
        case(infusion={}, day_90={"ferritin": 900, "ferritin_peak": 300}),
    ],
)
def test_what_goes_together_is_no_warning(document: Json) -> None:
    assert warnings(document) == []


# Between visits, treatments and events


def places_of(document: Json) -> list[str]:
    return [warning.partition(": ")[0] for warning in warnings(document)]


@pytest.mark.parametrize(
    ("start", "found"),
    [
        ("2024-02-29", [f"{VISIT}.bridging, treatments[0].start"]),
        ("2024-03-01", [f"{VISIT}.bridging, treatments[0].start"]),
        ("2024-03-02", []),
    ],
)
def test_no_bridging_beside_a_bridging_treatment_started_by_then(
    start: str, found: list[str]
) -> None:
    document = case(lymphodepletion={"bridging": "no"}, treatments=(bridging(start),))

    assert [
        place.replace("treatments[0]", "treatments[0].start") for place in places_of(document)
    ] == found


@pytest.mark.parametrize(
    ("name", "kind"), [("tocilizumab_given", "tocilizumab"), ("steroids_given", "steroids")]
)
@pytest.mark.parametrize(("day", "count"), [("2024-03-13", 1), ("2024-03-14", 0)])
def test_not_given_beside_its_event_by_then(name: str, kind: str, day: str, count: int) -> None:
    document = case(infusion={}, day_7={name: "no"}, events=(event(kind, day),))

    found = places_of(document)

    assert found == [f"assessments[1].observations.{name}, events[0]"] * count


@pytest.mark.parametrize("kind", ["crs", "icans", "iec_hs", "tocilizumab", "steroids"])
@pytest.mark.parametrize(("day", "count"), [("2024-03-05", 1), ("2024-03-06", 0)])
def test_toxicity_of_the_course_before_its_infusion(kind: str, day: str, count: int) -> None:
    document = case(infusion={}, events=(event(kind, day),))

    assert places_of(document) == ["events[0].date"] * count


def test_other_events_and_events_without_an_infusion_are_no_warning() -> None:
    assert places_of(case(infusion={}, events=(event("infection", "2024-03-05"),))) == []
    assert places_of(case(election={}, events=(event("crs", "2023-03-05"),))) == []


@pytest.mark.parametrize(
    ("treatment", "found"),
    [
        (bridging("2024-03-05"), []),
        (bridging("2024-03-06"), ["treatments[0].start"]),
        (lymphodepleted("2024-02-20"), ["treatments[0].start"]),
        (lymphodepleted("2024-02-21"), []),
        (lymphodepleted("2024-03-05"), []),
        (lymphodepleted("2024-03-06"), ["treatments[0].start"]),
        (line("2024-01-01") | {"best_response": "PR"}, ["treatments[0].response_on"]),
        (line("2024-01-01", "PR"), []),
        (line("2024-01-01", end="2024-02-01") | {"best_response": "PR"}, []),
    ],
)
def test_treatments_out_of_their_place(treatment: Json, found: list[str]) -> None:
    assert places_of(case(infusion={}, treatments=(treatment,))) == found


def test_without_an_infusion_no_treatment_is_out_of_place() -> None:
    assert places_of(case(election={}, treatments=(bridging(), lymphodepleted("2020-01-01")))) == []


def test_fewer_lines_than_before_are_asked_about_once_each() -> None:
    document = case(
        election={"prior_lines": 3},
        apheresis={"prior_lines": 1},
        lymphodepletion={"prior_lines": 2},
        infusion={"prior_lines": 3},
    )

    lines = "assessments[0].observations.prior_lines"
    assert places_of(document) == [
        f"assessments[1].observations.prior_lines, {lines}",
        f"assessments[2].observations.prior_lines, {lines}",
    ]


@pytest.mark.parametrize(
    ("before", "given", "count"),
    [("axi_cel", "tisa_cel", 1), ("axi_cel", "axi_cel", 0), (None, "axi_cel", 0)],
)
def test_another_product_than_planned(before: str | None, given: str, count: int) -> None:
    document = case(election={"product": before} if before else {}, infusion={"product": given})

    places = "assessments[1].observations.product, assessments[0].observations.product"
    assert places_of(document) == [places] * count


def test_a_product_that_is_recorded_otherwise_later_is_no_warning() -> None:
    assert places_of(case(infusion={"product": "axi_cel"}, day_28={"product": "tisa_cel"})) == []


def test_standing_facts_are_compared_across_visits_when_the_later_is_recorded() -> None:
    document = case(
        election={"myc_rearranged": "no"}, apheresis={"histology": "hgbl_myc_bcl2"}, infusion={}
    )

    assert places_of(document) == [
        "assessments[1].observations.histology, assessments[0].observations.myc_rearranged"
    ]


def test_a_peak_is_compared_with_interim_visits_too() -> None:
    document = case(infusion={}, day_28={"ferritin_peak": 300})
    document["assessments"].append(interim("2024-03-20", ferritin=900))

    assert places_of(document) == [
        "assessments[1].observations.ferritin_peak, assessments[2].observations.ferritin"
    ]


def test_a_peak_recorded_early_is_compared_up_to_day_28() -> None:
    document = case(infusion={}, day_7={"ferritin_peak": 300}, day_28={"ferritin": 900})

    assert places_of(document) == [
        "assessments[1].observations.ferritin_peak, assessments[2].observations.ferritin"
    ]


def test_progression_between_the_visits_after_an_unknown_infusion_is_asked_about() -> None:
    document = case(day_7={})
    document["assessments"].append(interim("2024-03-20", response="PD"))
    document["assessments"].append(interim("2024-02-01", response="PD"))

    assert places_of(document) == ["assessments[1].observations.response"]


def test_contradictions_of_an_interim_visit_are_asked_about() -> None:
    document = case(infusion={})
    document["assessments"].append(interim("2024-03-20", response="CR", deauville=5))

    assert places_of(document) == [
        "assessments[1].observations.response, assessments[1].observations.deauville"
    ]
