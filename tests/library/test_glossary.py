"""The glossary explains every word that is fixed, by the name that stands on the screen."""

import re
from collections import Counter

import pytest
from django.test import Client

from riskfactors.domain.scores import ScoreName
from riskfactors.domain.timepoints import Milestone
from riskfactors.domain.vocabulary import Measure, Response, Verdict
from riskfactors.library.factor_page import factor_page
from riskfactors.library.glossary import entries, glossary_page, named
from riskfactors.published import EVIDENCE, GLOSSARY, catalogue, explanations
from riskfactors.words.library import PRODUCTS
from tests.library.pages import FACTORS, read

pytestmark = pytest.mark.one_database("the glossary is no row of a database")

EXPLAINED = [code for entry in entries() for code in entry.explains]
DICTIONARY = catalogue().dictionary
IN_WORDS = (Measure.P_ONLY, Measure.STATEMENT)


def found(search: str) -> list[str]:
    rows = "".join(row for group in glossary_page(search).groups for row in group.rows)
    return re.findall(r'<div id="([\w-]+)">', rows)


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("verdict", set(Verdict)),
        ("milestone", set(Milestone)),
        ("index", set(ScoreName)),
        ("product", set(DICTIONARY.variables["product"].codes) - {"other"}),
        ("response", set(Response)),
        ("measure", set(Measure) - {*IN_WORDS}),
    ],
)
def test_every_word_that_is_fixed_has_an_entry(kind: str, codes: set[str]) -> None:
    explained = {code.partition(".")[2] for code in EXPLAINED if code.startswith(f"{kind}.")}

    assert explained == codes


def test_an_entry_has_the_name_that_stands_on_the_screen() -> None:
    names = {
        code: named(code) for code in ("verdict.unknown", "milestone.day_28", "product.axi_cel")
    }

    assert names == {
        "verdict.unknown": "Cannot be decided",
        "milestone.day_28": "Day\N{NO-BREAK SPACE}+28",
        "product.axi_cel": "Axicabtagene ciloleucel (CD28)",
    }


def test_nothing_is_explained_twice_and_all_of_it_is_there() -> None:
    anchors = Counter(found(""))

    assert [code for code, times in Counter(EXPLAINED).items() if times > 1] == []
    assert [anchor for anchor, times in anchors.items() if times > 1] == []
    assert len(anchors) == len(entries()) == len(explanations()) + len(Verdict)
    assert [code for code in EXPLAINED if not named(code)] == []


def test_what_is_named_nowhere_is_refused() -> None:
    with pytest.raises(ValueError, match="no such kind of term"):
        named("weather.fair")


def test_short_names_of_products_are_those_of_the_literature() -> None:
    short = {
        code.removeprefix("product."): entry.short
        for entry in explanations()
        for code in entry.explains
        if code.startswith("product.")
    }

    assert short == PRODUCTS


@pytest.mark.parametrize(
    ("search", "first"),
    [
        ("LDH", "variable-ldh"),
        ("yescarta", "product-axi-cel"),
        ("neurotoxicity", "event-icans"),
        ("adjusted", "multivariable"),
        ("tumor volume", "variable-mtv"),
        ("ULN", "upper-limit-of-normal"),
    ],
)
def test_a_term_is_found_by_the_names_that_people_use(search: str, first: str) -> None:
    assert first in found(search)


def test_where_nothing_matches_the_page_says_so(reader: Client) -> None:
    text = read(reader, "/evidence/glossary/?q=zebra")

    assert "Nothing matches. Show all terms" in text


def test_a_milestone_has_its_window_and_a_fact_its_studies(reader: Client) -> None:
    page = reader.get("/evidence/glossary/?q=crp").content.decode()
    text = read(reader, "/evidence/glossary/")

    assert "Days 21 to 42 after the infusion." in text
    assert 'href="/evidence/facts/crp/"' in page


@pytest.mark.parametrize("key", FACTORS)
def test_the_page_of_a_factor_leads_to_the_terms_that_it_uses(key: str) -> None:
    page = factor_page(key)

    assert page is not None
    anchors = {link.url.partition("#")[2] for link in page.glossary}
    assert anchors - set(found("")) == set()


def test_the_terms_of_a_factor_are_what_its_rule_looks_at_its_measures_and_outcomes() -> None:
    page = factor_page("ldh_high_lymphodepletion")

    assert page is not None
    assert [link.text for link in page.glossary] == [
        "Hazard ratio",
        "Progression-free survival",
        "Overall survival",
        "Lactate dehydrogenase",
    ]


def test_the_digest_of_the_evidence_does_not_depend_on_the_glossary() -> None:
    """What a board saw is known by its digest: a clearer sentence here does not change it."""
    evidence = set(EVIDENCE.glob("*.toml"))

    assert GLOSSARY not in evidence
