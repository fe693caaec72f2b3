"""What every finding carries, and that the order of a document does not matter."""

from riskfactors.domain.catalogue import LOOKED_AT
from tests.domain.cases import (
    DATES,
    case,
    course,
    event,
    finding,
    findings,
    relapsed,
    salvage,
    score,
)

# Findings


def test_reasons_stand_where_a_factor_is_not_met_unknown_or_not_applicable() -> None:
    document = case(
        election={"ecog": 1, "tp53": "altered", "product": "other"},
        infusion={"ecog": 2, "crp": 9, "mtv": 9},
    )

    reasons = {
        (f["verdict"], f["reason"] is not None)
        for at in findings(document)["milestones"]
        for f in at["findings"]
    }

    assert reasons == {
        *(("not_met", True), ("unknown", True), ("not_applicable", True)),
        *(("met", False), ("stratum", False), ("graded", False)),
    }


def test_a_score_is_shown_where_the_contract_says() -> None:
    document = course({milestone: {} for milestone in DATES})

    found = {
        at["milestone"]: [s["score"] for s in at["scores"]]
        for at in findings(document)["milestones"]
    }

    indices = ["ipi", "r_ipi", "aaipi", "nccn_ipi"]
    nothing: list[str] = []
    assert found == dict.fromkeys(DATES, nothing) | {
        "election": [*indices, "cirs_total"],
        "apheresis": [*indices, "cirs_total"],
        "lymphodepletion": [*indices, "car_hematotox", "easix", "m_easix", "s_easix"],
    }
    assert score(document, "ipi", "election")["missing"] == [
        *("ecog", "extranodal_sites", "ldh", "stage")
    ]


def test_the_dictionary_is_held_to_what_scores_look_at() -> None:
    """A unit that changes there would give other points in silence."""
    document = course({milestone: {} for milestone in DATES})

    scores = [s for at in findings(document)["milestones"] for s in at["scores"]]

    inputs = {component["name"] for each in scores for component in each["components"]}
    assert inputs - {"age"} - LOOKED_AT.keys() == set()


# The order of the lists


def test_of_two_equal_grades_the_ground_does_not_depend_on_their_order() -> None:
    events = (event("crs", "2024-03-08", grade=3), event("crs", "2024-03-20", grade=3))

    found = [
        finding(relapsed(events=order), "relapse_crs_grade_3_4", "relapse")
        for order in (events, events[::-1])
    ]

    assert found[0] == found[1]


def test_the_grounds_of_salvage_do_not_depend_on_the_order_of_treatments() -> None:
    treatments = (salvage("2024-09-02", "pola_br"), salvage("2024-12-01", "pola_br"))

    found = [
        finding(relapsed(treatments=order), "relapse_salvage_pola_br", "relapse")
        for order in (treatments, treatments[::-1])
    ]

    assert found[0] == found[1]


def test_warnings_do_not_depend_on_the_order_of_assessments() -> None:
    document = case(election={"mtv": 9}, infusion={"mtv": 9})

    reordered = document | {"assessments": document["assessments"][::-1]}

    without_places = [
        [warning.partition(": ")[2] for warning in findings(each)["warnings"]]
        for each in (reordered, document)
    ]
    assert without_places[0] == without_places[1]
