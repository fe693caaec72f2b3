"""One fact is one card: its side stands once, and each study keeps its line."""

import re

import pytest
from django.test import Client

from tests.domain.cases import Json, bridging, case, line, relapsed
from tests.patients.screens import cards, imported, plain, whole

pytestmark = pytest.mark.one_database("test_documents.py: a case is read alike on both")

SIDE = "Published association: Adverse"


def cluster(client: Client, document: Json, milestone: str, name: str) -> str:
    """The markup of one card of several findings, up to the next."""
    card = cards(whole(client, imported(document)))[milestone]
    found = card.partition(f'<li class="cluster" data-cluster="{name}">')[2]
    return re.split(r"</ul></li>", found, maxsplit=1)[0]


def factors(markup: str) -> list[str]:
    return re.findall(r'data-factor="(\w+)"', markup)


def before_folds(markup: str) -> str:
    """What stands there without unfolding anything."""
    return plain(re.sub(r"<details.*?</details>", "", markup, flags=re.DOTALL))


def bridged(response: str, at_visit: str) -> Json:
    treatment = bridging("2024-02-05", best_response=response, response_on="2024-02-25")
    return case(lymphodepletion={"response": at_visit, "prior_lines": 2}, treatments=(treatment,))


def test_a_bridging_with_progression_is_one_card_with_its_side_once(manager: Client) -> None:
    found = cluster(manager, bridged("PD", "PD"), "lymphodepletion", "bridging")

    assert factors(found) == [
        *("chemo_resistant", "progressive_disease", "bridging_given"),
        *("bridging_refractory", "bridging_effective"),
    ]
    said = before_folds(found)
    assert said.count(SIDE) == 1
    assert said.startswith(f"Bridging therapy {SIDE}")


@pytest.mark.parametrize(("response", "at_visit"), [("PR", "PD"), ("SD", "PD"), ("PD", "SD")])
def test_progression_that_is_not_that_of_bridging_stands_alone(
    manager: Client, response: str, at_visit: str
) -> None:
    found = cluster(manager, bridged(response, at_visit), "lymphodepletion", "bridging")

    assert "progressive_disease" not in factors(found)


def test_resistance_that_rests_on_a_line_stands_alone(manager: Client) -> None:
    last = line("2023-06-01", best_response="PD", response_on="2023-08-01")
    document = case(lymphodepletion={"bridging": "yes"}, treatments=(last,))

    found = cluster(manager, document, "lymphodepletion", "bridging")

    assert "chemo_resistant" not in factors(found)


def test_an_early_progression_is_one_card_with_its_side_once(manager: Client) -> None:
    document = relapsed(dates={"relapse": "2024-03-26"}, relapse={"response": "PD"})

    found = cluster(manager, document, "relapse", "early")

    assert factors(found) == [
        "relapse_within_30_days",
        "relapse_sd_pd_day_30",
        "relapse_refractory",
    ]
    said = before_folds(found)
    assert said.startswith(
        f"Early or refractory progression {SIDE} Relapse or progression established on 26 Mar 2024."
    )
    assert said.count(SIDE) == 1


def test_findings_on_both_sides_keep_their_own(manager: Client) -> None:
    volume = {"mtv": 100, "mtv_method": "suv_4_0"}

    found = cluster(manager, case(lymphodepletion=volume), "lymphodepletion", "volume")

    said = before_folds(found)
    assert said.count(SIDE) == 2
    assert said.count("Published association: Favourable") == 1
