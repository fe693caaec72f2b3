"""Inputs that failed once: what the page of the case says of them now."""

import json
import re

import pytest
from django.test import Client

from tests.domain.cases import CONTRACT, Json, case, interim, relapsed
from tests.patients.screens import (
    cards,
    cells,
    imported,
    opened,
    page_of,
    plain,
    shown,
    words,
)

pytestmark = pytest.mark.one_database("test_documents.py: a case is read alike on both")


RECORDED = {"observations": {"crp": 9}}


def case_of(number: str) -> Json:
    (path,) = (CONTRACT / "cases").glob(f"{number}-*.json")
    document: Json = json.loads(path.read_text())["case"]
    return document


def test_g05_the_worst_toxicity_is_that_of_this_treatment(manager: Client) -> None:
    said = words(page_of(manager, case_of("g05")))

    assert "Worst CRS grade 1" in said


def test_g06_the_date_of_the_response_to_bridging_is_missing(manager: Client) -> None:
    card = plain(cards(page_of(manager, case_of("g06")))["infusion"])

    assert "Not recorded: Date of the response to bridging" in card
    assert "Bridging with unknown response" not in card


def test_g08_counts_of_interim_visits_are_drawn_and_tabled(manager: Client) -> None:
    page = page_of(manager, case_of("g08"))

    said = words(page)
    assert "Blood counts, creatinine" in said
    assert [f"{count} ×10⁹/L" in said for count in ("15", "12", "22", "48")] == [True] * 4
    of_counts = opened(manager, imported(case_of("g08") | {"case_id": "g08-2"}), "charts/counts/")
    assert 'id="chart-counts"' in of_counts
    assert "/charts/counts/" in page


def test_g09_a_response_that_cannot_be_evaluated_says_so_and_why(manager: Client) -> None:
    page = page_of(manager, case_of("g09"))

    said = words(page)
    assert "Response after CAR T-cells not evaluable 4 Feb 2024, Day +28; note: mixed" in said
    assert "Before infusion Progressive disease 5 Jan 2024, Lymphodepletion" in said
    card = plain(cards(page)["day_28"])
    assert "not evaluable (asked for, not known) note: mixed" in card
    assert "not evaluable (asked for, not known), mixed" in said.partition("As tables")[2]


def test_a_response_that_cannot_be_evaluated_says_why_where_it_has_no_note(manager: Client) -> None:
    failed = {"response": {"absent": "error"}}

    said = words(page_of(manager, case(infusion={}, day_28=failed)))

    on_day_28 = "3 Apr 2024, Day +28; sample or measurement failed"
    assert f"Response after CAR T-cells not evaluable {on_day_28}" in said


NOT_DONE = {"response": {"absent": "not-performed"}}
NOT_TOLD = {"response": {"absent": "asked-unknown", "note": "mixed"}}


@pytest.mark.parametrize("later", [NOT_DONE, NOT_TOLD])
def test_a_visit_at_which_nothing_could_be_told_hides_no_progression(
    manager: Client, later: Json
) -> None:
    """H26: neither that of a response, nor a relapse."""
    progressed = case(infusion={}, day_28={"response": "PD"}, day_90=later)
    relapse = relapsed(
        dates={"relapse": "2024-05-01", "day_90": "2024-06-04"}, day_90=later, relapse={}
    )

    first = words(page_of(manager, progressed))
    second = words(page_of(manager, relapse | {"case_id": "A-2"}))

    assert "Response after CAR T-cells Progressive disease 3 Apr 2024, Day +28" in first
    assert "Response after CAR T-cells Relapse or progression 1 May 2024" in second
    since = "; since then not evaluable, 4 Jun 2024, Day +90; note: mixed"
    assert (since in first, since in second) == (later is NOT_TOLD,) * 2


def test_what_was_told_before_stands_beside_a_response_that_is_not_evaluable(
    manager: Client,
) -> None:
    said = words(page_of(manager, case(infusion={}, day_28={"response": "PR"}, day_90=NOT_TOLD)))

    assert (
        "Response after CAR T-cells not evaluable 4 Jun 2024, Day +90; note: mixed; before: "
        "partial response, 3 Apr 2024, Day +28"
    ) in said


def test_a_relapse_leads_a_response_after_it(manager: Client) -> None:
    dates = {"relapse": "2024-05-01", "day_90": "2024-06-04"}
    page = page_of(manager, relapsed(dates=dates, relapse={}, day_90={"response": "CR"}))

    assert (
        "Response after CAR T-cells Relapse or progression 1 May 2024; "
        "since then complete response, 4 Jun 2024, Day +90"
    ) in words(page)
    later = "After relapse or progression, 1 May 2024: a response is not one to CAR T-cells alone."
    assert [name for name, card in cards(page).items() if later in plain(card)] == ["day_90"]


@pytest.mark.parametrize(
    ("relapse", "look", "change"),
    [("2024-03-25", "group-mixed", " after relapse"), ("2024-09-01", "group-favourable", "")],
)
def test_a_response_after_a_relapse_lies_on_no_side(
    manager: Client, relapse: str, look: str, change: str
) -> None:
    """H26: what treated the relapse may have brought it."""
    remission = {"response": "CR", "deauville": 2, "ctdna": "undetectable"}
    document = relapsed(dates={"relapse": relapse}, day_28=remission, day_90=remission)
    page = page_of(manager, document)

    stands = {
        (at, factor): (seen.look, seen.words)
        for (at, factor), seen in cells(page).items()
        if factor in ("response_day_90", "deauville_day_28", "ctdna_day_28")
    }
    assert stands == {
        ("day_90", "response_day_90"): (look, f"CR{change}"),
        ("day_28", "deauville_day_28"): (look, f"DS 1 or 2{change}"),
        ("day_28", "ctdna_day_28"): (look, f"ctDNA undetectable{change}"),
    }
    told = {s.factor: s.words for s in shown(page)}
    assert ("Favourable" in told["response_day_90"]) == (not change)


def test_a_response_that_nobody_looked_for_leaves_the_last_one(manager: Client) -> None:
    page = page_of(manager, case(infusion={}, day_28={"response": "CR"}, day_90=NOT_DONE))

    assert "Response after CAR T-cells Complete response 3 Apr 2024, Day +28" in words(page)
    assert "Disease response (Lugano) Not done" in plain(cards(page)["day_90"])


def test_g10_active_disease_of_the_nervous_system_stands_among_the_facts(manager: Client) -> None:
    page = page_of(manager, case_of("g10"))

    card = plain(cards(page)["infusion"])
    assert "Standing facts" in card
    stands = "Central nervous system disease: Active 1 Dec 2023, few of these cohorts include it"
    assert stands in card.partition("Standing facts")[2]
    assert "Active central nervous system disease: few of these cohorts include it." in words(page)


def test_g11_toxicity_without_a_grade_has_occurred(manager: Client) -> None:
    said = words(page_of(manager, case_of("g11")))

    assert "Worst CRS occurred grade not recorded" in said
    assert "Worst ICANS not recorded" in said


def test_g22_another_lymphoma_is_in_none_of_these_cohorts(manager: Client) -> None:
    other = case(lymphodepletion={"histology": "not_large_b_cell"}, infusion={})

    said = words(page_of(manager, other))

    assert "No large B-cell lymphoma: none of these cohorts includes it." in said


@pytest.mark.parametrize(
    ("lines", "said"), [(1, "No data are available"), (2, "median"), (None, "median")]
)
def test_a_relapse_says_what_the_review_says_of_its_line(
    manager: Client, lines: int | None, said: str
) -> None:
    card = plain(cards(page_of(manager, relapsed(lines=lines)))["relapse"])

    assert said.lower() in card.partition("Criteri")[0].lower()


def test_a_card_begins_with_what_was_recorded_at_its_visit(manager: Client) -> None:
    document = case(
        infusion={
            "ldh": {"value": 2100, "upper_limit": 250, "comparator": ">"},
            "crp": {"value": 9, "note": "twice"},
            "infection_active": "yes",
        }
    )

    card = plain(cards(page_of(manager, document))["infusion"])

    multiple = ">2100 U/L >8.40 × the upper limit of 250 U/L"
    assert f"Lactate dehydrogenase: {multiple}" in card.partition("Standing facts")[0]
    assert "C-reactive protein: 9 mg/L note: twice, † Active infection" in card
    assert "Active infection: Yes" in card.partition("Standing facts")[2]


def test_a_recorded_quantity_stands_with_what_it_was_before(manager: Client) -> None:
    document = case(
        lymphodepletion={"crp": {"value": 86, "comparator": ">"}, "ecog": 2},
        infusion={"crp": 112, "ecog": 1, "product": "axi_cel"},
    )
    document["assessments"].append(interim("2024-03-20", crp=30))
    document["assessments"].append({"milestone": "day_28", "date": "2024-04-03"} | RECORDED)

    page = page_of(manager, document)

    at_infusion, at_day_28 = (plain(cards(page)[m]) for m in ("infusion", "day_28"))
    assert "C-reactive protein: 112 mg/L before: >86 mg/L, 1 Mar 2024" in at_infusion
    assert "C-reactive protein: 9 mg/L −70 %, before: 30 mg/L, 20 Mar 2024" in at_day_28
    assert "ECOG performance status: 1 C-reactive" in at_infusion


def test_age_is_that_at_the_infusion(manager: Client) -> None:
    said = words(page_of(manager, case(born="1960-03-07", infusion={}, day_90={})))

    assert "Age 63 years at Infusion" in said


def waiting(card: str) -> dict[str, list[tuple[str, str]]]:
    """By factor of a card what it waits for, with the field that its link opens."""
    rows = re.split(r'<li class="finding" data-factor="(\w+)"', card)
    link = r'<a href="/cases/[^/]+/(visits/[^"]+)">([^<]+)</a>'
    return {
        factor: [(plain(name), field) for field, name in re.findall(link, row)]
        for factor, row in zip(rows[1::2], rows[2::2], strict=True)
    }


def test_what_is_missing_is_that_of_the_visit_whose_value_decides(manager: Client) -> None:
    document = relapsed(
        apheresis={},
        lymphodepletion={"bulky": "yes"},
        infusion={"ldh": {"value": 240, "upper_limit": 250, "comparator": ">"}},
        day_28={"ferritin": 900, "crp": 4, "deauville": 4, "suvmax": 8, "response": "PR"},
        relapse={"ldh": {"value": 720, "upper_limit": 250}},
    )

    found = cards(page_of(manager, document))

    at_relapse, at_day_28 = waiting(found["relapse"]), waiting(found["day_28"])
    of_ldh = ("Lactate dehydrogenase at Infusion, closer than >240 U/L", "visits/4/#id_ldh")
    assert at_relapse["relapse_ldh_high_infusion"] == [of_ldh]
    assert at_relapse["relapse_ferritin_infusion"] == [
        ("Ferritin at Infusion", "visits/4/#id_ferritin")
    ]
    assert at_relapse["relapse_bulky_apheresis"] == [
        ("Bulky disease, by the centre's definition at Apheresis", "visits/2/#id_bulky")
    ]
    assert at_day_28["deauville_suv_change_day_28"] == [
        ("SUVmax at Lymphodepletion", "visits/3/#id_suvmax")
    ]
