"""The indices of a card: values as they were recorded, and what can move them."""

import re

import pytest
from django.test import Client

from patients.timeline.scores import GROUPS
from riskfactors.domain import scores
from riskfactors.words import name_of
from tests.domain.cases import Json, case, event
from tests.patients.screens import cards, imported, plain, whole

pytestmark = pytest.mark.one_database("test_documents.py: a case is read alike on both")

BLOOD = {
    "platelets": {"value": 210000, "unit": "/uL"},
    "neutrophils": {"value": 2100, "unit": "/uL"},
    "hemoglobin": 8.0,
    "crp": {"value": 4.0, "comparator": ">", "unit": "mg/dL"},
    "ferritin": 900,
    "creatinine": {"value": 80, "unit": "umol/L"},
    "ldh": {"value": 250, "upper_limit": 250},
}


def indices(client: Client, document: Json) -> dict[str, tuple[str, str]]:
    """What each index of lymphodepletion says at once, and what its components say."""
    card = cards(whole(client, imported(document)))["lymphodepletion"]
    parts = re.split(r'<li class="finding" data-index="(\w+)">', card)
    found = {}
    for key, markup in zip(parts[1::2], parts[2::2], strict=True):
        at_once, _title, components = plain(markup).partition("Components and rules")
        found[key] = at_once.strip(), components
    return found


def test_an_input_stands_as_it_was_recorded_and_as_the_rule_takes_it(manager: Client) -> None:
    """H44: 210000 per microlitre are never 210.000."""
    found = indices(manager, case(lymphodepletion=BLOOD))

    at_once, components = found["car_hematotox"]
    assert at_once == "CAR-HEMATOTOX 3 of 7 , high"
    recorded = [
        "Platelets 210000 /µL = 210 ×10⁹/L 0 ",
        "Absolute neutrophil count 2100 /µL = 2.1 ×10⁹/L 0 ",
        "Haemoglobin 8.0 g/dL 1 ",
        "C-reactive protein >4.0 mg/dL = >40 mg/L 1 ",
        "Ferritin 900 ng/mL 1 ",
    ]
    assert [words for words in recorded if words not in components] == []
    assert "Creatinine: 80 µmol/L = 0.9048 mg/dL" in found["easix"][1]


def test_a_computed_index_has_three_digits(manager: Client) -> None:
    document = case(lymphodepletion=BLOOD | {"crp": 40})

    found = indices(manager, document)

    assert found["easix"][0] == "EASIX 1.08"
    assert found["m_easix"][0] == "m-EASIX 4.76"
    assert found["s_easix"][0] == "s-EASIX 1.19"


def test_every_group_has_its_words_and_every_score_of_points_its_most() -> None:
    """Whoever is the first to reach a group is shown it."""
    groups = {group for reached in scores.GROUPS.values() for _highest, group in reached}

    assert set(GROUPS) == groups
    assert set(scores.MOST_POINTS) == set(scores.ScoreName) - set(scores.EASIX_INPUTS)


def test_what_can_move_an_input_stands_at_it_and_at_the_index(manager: Client) -> None:
    confounded = {"growth_factor_recent": "yes", "red_cells_transfused_30d": "yes"}
    events = (event("steroids", "2024-02-25"), event("discharge", "2024-02-25"))

    found = indices(manager, case(lymphodepletion=BLOOD | confounded, events=events))

    growth, red_cells = map(name_of, confounded)
    at_once, components = found["car_hematotox"]
    steroids = "Corticosteroids, as an event"
    assert at_once == f"CAR-HEMATOTOX 3 of 7 , high † {growth}; {red_cells}; {steroids}"
    assert f"2.1 ×10⁹/L, † {growth} 0 " in components
    assert f"8.0 g/dL, † {red_cells} 1 " in components
    assert f">40 mg/L, † {steroids} 1 " in components
    assert f"900 ng/mL, † {steroids} 1 " in components
    assert "= 210 ×10⁹/L 0 " in components
    assert found["easix"][0] == "EASIX 1.08"
    assert found["m_easix"][0].startswith(f"m-EASIX cannot be computed † {steroids} ")


def test_of_a_value_beyond_a_limit_a_closer_one_is_missing(manager: Client) -> None:
    found = indices(manager, case(lymphodepletion=BLOOD))

    missing = "Not recorded: C-reactive protein, closer than >4.0 mg/dL"
    assert found["m_easix"][0] == f"m-EASIX cannot be computed {missing}"
