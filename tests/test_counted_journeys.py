"""How many clicks, keys and pages two cases take, and that nothing of them is lost on the way.

`scripts/count_actions` prints the counts; a change that makes entering longer fails here.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, TypeAlias

import pytest
from msgspec import structs
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from patients.models import Case, CentreLimit, Role
from patients.transfer.documents import export_case
from tests.conftest import let_in
from tests.counted import Counts, Hands
from tests.patients.courses import centre, person

pytestmark = pytest.mark.one_database("test_journey_browser.py enters a case on both", sends=True)

EXPECTED: Final = Path(__file__).parent / "journeys"

Pages: TypeAlias = tuple[tuple[str, Mapping[str, str]], ...]
"""What is entered page by page, and the button that ends each."""

CONFIRMED: Final = {"ldh-centre": "on"}
"""The upper limit of the centre, at each visit."""


def line(number: int, regimen: str, start: str, end: str, response: str) -> dict[str, str]:
    said = {"regimen": regimen, "start": start, "end": end, "best_response": response}
    return {f"line{number}-{field}": value for field, value in said.items()}


THIRD_LINE: Final[Pages] = (
    (
        "Register",
        {
            "name": "Ruiz, Ana",
            "hospital_number": "H-17",
            "birth_date": "1962-05-17",
            "sex": "female",
        },
    ),
    (
        "Record and go to election",
        {
            "date": "2024-01-08",
            "prior_lines": "3",
            **line(1, "R-CHOP", "2022-01-10", "2022-05-16", "CR"),
            **line(2, "R-DHAP", "2023-02-06", "2023-04-10", "PR"),
            **line(3, "R-GDP", "2023-09-04", "2023-11-20", "PD"),
            "histology": "dlbcl_nos",
            "cell_of_origin": "non_gcb",
            "myc_rearranged": "no",
            "bcl2_rearranged": "no",
            "tp53": "wild_type",
            "product": "axi_cel",
        },
    ),
    (
        "Record and go to apheresis",
        {
            "ecog": "1",
            "stage": "4",
            "extranodal_sites": "2",
            "longest_diameter": "11",
            "bulky": "yes",
            "cns_disease": "none",
            "ldh": "480",
            **CONFIRMED,
            "suvmax": "18.5",
        },
    ),
    (
        "Record and go to lymphodepletion",
        {
            "date": "2024-01-22",
            "ecog": "1",
            "bulky": "yes",
            "ldh": "510",
            **CONFIRMED,
            "crp": "42",
            "ferritin": "880",
        },
    ),
    (
        "Record and go to infusion (day 0)",
        {
            "date": "2024-02-26",
            "ecog": "1",
            "stage": "4",
            "bulky": "yes",
            "ldh": "640",
            **CONFIRMED,
            "crp": "64",
            "ferritin": "1200",
            "neutrophils": "2.1",
            "hemoglobin": "9.8",
            "platelets": "110",
            "creatinine": "0.9",
            "mtv": "310",
            "mtv_method": "suv_41_percent",
            "suvmax": "21.4",
            "response": "PD",
            "bridging": "yes",
            "bridging-modality": "systemic",
            "bridging-regimen": "pola-BR",
            "bridging-start": "2024-01-25",
            "bridging-end": "2024-02-05",
            "bridging-best_response": "PD",
            "bridging-response_on": "2024-02-20",
            "lymphodepletion1-regimen": "Flu/Cy",
            "lymphodepletion1-start": "2024-02-27",
        },
    ),
    (
        "Record and go to day +7",
        {
            "date": "2024-03-03",
            "ecog": "1",
            "ldh": "590",
            **CONFIRMED,
            "crp": "71",
            "ferritin": "1350",
            "product": "axi_cel",
        },
    ),
    (
        "Record and go to day +28",
        {
            "date": "2024-03-10",
            "ldh": "420",
            **CONFIRMED,
            "crp": "6",
            "crs_grade_max": "3",
            "crs_grade_max-when": "2024-03-05",
            "icans_grade_max": "2",
            "icans_grade_max-when": "2024-03-08",
            "tocilizumab_given": "yes",
            "tocilizumab_given-when": "2024-03-05",
            "steroids_given": "yes",
            "steroids_given-when": "2024-03-08",
        },
    ),
    (
        "Record and go to relapse or progression",
        {
            "date": "2024-03-31",
            "ecog": "1",
            "ldh": "310",
            **CONFIRMED,
            "suvmax": "12",
            "deauville": "4",
            "response": "PR",
        },
    ),
    (
        "Record",
        {
            "date": "2024-05-22",
            "ecog": "2",
            "ldh": "720",
            **CONFIRMED,
            "suvmax": "24",
            "response": "PD",
            "salvage1-treatment_class": "bispecific",
            "salvage1-start": "2024-06-03",
        },
    ),
)
"""Axi-cel after three lines: bulky, raised LDH, bridging with progression, CRS 3 and ICANS 2,
partial response with Deauville 4, relapse on day +80, salvage."""

SECOND_LINE: Final[Pages] = (
    (
        "Register",
        {
            "name": "Sanz, Leo",
            "hospital_number": "H-18",
            "birth_date": "1948-02-11",
            "sex": "male",
        },
    ),
    (
        "Record and go to election",
        {
            "date": "2024-04-08",
            "prior_lines": "1",
            **line(1, "R-CHOP", "2023-05-08", "2023-09-18", "CR"),
            "histology": "dlbcl_nos",
            "tp53": "wild_type",
            "product": "liso_cel",
        },
    ),
    (
        "Record and go to apheresis",
        {"ecog": "1", "stage": "2", "bulky": "no", "ldh": "210", **CONFIRMED},
    ),
    (
        "Record and go to lymphodepletion",
        {"date": "2024-04-22", "ecog": "1", "ldh": "205", **CONFIRMED, "crp": "4"},
    ),
    (
        "Record and go to infusion (day 0)",
        {
            "date": "2024-05-20",
            "ecog": "1",
            "stage": "2",
            "ldh": "198",
            **CONFIRMED,
            "crp": "3",
            "ferritin": "190",
            "neutrophils": "3.4",
            "hemoglobin": "12.1",
            "platelets": "201",
            "bridging": "no",
            "lymphodepletion1-regimen": "Flu/Cy",
            "lymphodepletion1-start": "2024-05-21",
        },
    ),
    (
        "Record and go to day +7",
        {"date": "2024-05-26", "ecog": "1", "ldh": "190", **CONFIRMED, "product": "liso_cel"},
    ),
    (
        "Record and go to day +28",
        {
            "date": "2024-06-02",
            "ldh": "180",
            **CONFIRMED,
            "crs_grade_max": "0",
            "icans_grade_max": "0",
            "tocilizumab_given": "no",
            "steroids_given": "no",
        },
    ),
    (
        "Record and go to day +90",
        {
            "date": "2024-06-23",
            "ecog": "0",
            "ldh": "185",
            **CONFIRMED,
            "suvmax": "2.1",
            "deauville": "2",
            "response": "CR",
        },
    ),
    (
        "Record",
        {
            "date": "2024-08-26",
            "ecog": "0",
            "ldh": "188",
            **CONFIRMED,
            "deauville": "1",
            "response": "CR",
        },
    ),
)
"""Liso-cel in second line at 76 years: quiet, complete response."""

JOURNEYS: Final = {
    "third-line": (THIRD_LINE, Counts(83, 337, 10)),
    "second-line": (SECOND_LINE, Counts(62, 174, 10)),
}
"""What is entered, and the most that it may take. What must come of it is in journeys/NAME.json."""


@pytest.mark.parametrize("name", JOURNEYS)
def test_a_case_is_entered_in_few_actions_and_nothing_is_lost(
    page: Page,
    transactional_db: None,
    live_server: LiveServer,
    record_property: Callable[[str, object], None],
    name: str,
) -> None:
    pages, most = JOURNEYS[name]
    CentreLimit.objects.create(centre=centre(), variable="ldh", unit="U/L", value="250")
    let_in(page, person("ana.ruiz", Role.CLINICIAN), live_server)
    hands = Hands(page)
    page.goto("/cases/new/")

    for button, fields in pages:
        hands.enter(button, fields)

    counts = structs.asdict(hands.counts)
    record_property(name, json.dumps(counts))
    document = json.loads(export_case(Case.objects.get(), account="test"))
    assert document == json.loads((EXPECTED / f"{name}.json").read_text()) | {
        "case_id": document["case_id"]
    }
    assert [what for what, number in counts.items() if number > getattr(most, what)] == []
