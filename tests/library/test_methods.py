"""The methods on paper hold all that is evaluated, how, on what evidence, and as of when."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import timezone

from riskfactors.domain.scores import ScoreName
from riskfactors.library.arithmetic import Arithmetic, InputRule, arithmetic
from riskfactors.library.methods_page import methods_page
from riskfactors.published import catalogue
from riskfactors.words import name_of
from riskfactors.words.library import VERDICT_MEANINGS
from tests.library.pages import FACTORS, PRINTED, read, text_of
from tests.library.test_pages import numbers_of, stands_in

pytestmark = pytest.mark.one_database("published evidence is no row of a database")


@pytest.fixture
def page(reader: Client) -> str:
    return reader.get("/evidence/methods/").content.decode()


def printed_in(page: str, key: str) -> str:
    """What the page says of one factor."""
    section = page.partition(f'aria-labelledby="{key}"')[2].partition("</section>")[0]
    return text_of(f"<main><p {section}</p></main>")


def test_every_factor_stands_there_with_its_figures_rule_doubts_and_caveats(page: str) -> None:
    missing = {}
    for key in FACTORS:
        text, factor = printed_in(page, key), PRINTED[key]
        written = [factor["name"], factor["studied_in"], *factor.get("caveats", [])]
        for line in factor["evidence"]:
            written += [line[field] for field in ("doubt", "note") if field in line]
        numbers = [n for n in numbers_of(factor) if not stands_in(n, text)]
        missing[key] = numbers + [words for words in written if words not in text]

    assert {key: lacking for key, lacking in missing.items() if lacking} == {}


def test_it_says_how_a_finding_is_decided(page: str) -> None:
    text = text_of(page)

    expected = [
        *VERDICT_MEANINGS.values(),
        "At a milestone only what is dated at or before it counts.",
        "A missing value is never read as zero or as no.",
        "no validated score combines these findings",
        *(claim.fact for claim in catalogue().claims),
        *(d for reference in catalogue().references for d in reference.discrepancies),
    ]
    assert [words for words in expected if words not in text] == []


def test_it_says_which_catalogue_it_was_made_from_and_when(
    reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 3, 9, 12, tzinfo=UTC))

    text = read(reader, "/evidence/methods/")

    assert "Made on 9 Mar 2026" in text
    assert f"Catalogue {catalogue().digest}" in text


def test_the_contents_lead_to_every_chapter_in_its_order(page: str) -> None:
    chapters = re.findall(r'<h2 id="([\w-]+)">', page)
    contents = re.findall(r'<li><a href="#([\w-]+)">', page.partition("</nav>")[2])[: len(chapters)]

    assert contents == chapters


def test_no_place_on_the_page_has_two_things(page: str) -> None:
    places = re.findall(r' id="([\w-]+)"', page)

    assert sorted(places) == sorted(set(places))


def test_every_milestone_with_days_has_them() -> None:
    windows = {window.milestone: window.days for window in methods_page().windows}

    assert windows == {
        "Day\N{NO-BREAK SPACE}+7": "5 to 8",
        "Day\N{NO-BREAK SPACE}+28": "21 to 42",
        "Day\N{NO-BREAK SPACE}+90": "75 to 115",
        "Month\N{NO-BREAK SPACE}6": "150 to 210",
        "Month\N{NO-BREAK SPACE}12": "330 to 400",
        "Month\N{NO-BREAK SPACE}24": "690 to 770",
    }


def test_every_index_is_worked_out_before_the_eyes_of_the_reader() -> None:
    found = {index.name: index for index in arithmetic()}

    assert list(found) == [name_of(name) for name in ScoreName]
    assert found["Age-adjusted International Prognostic Index (aaIPI)"] == Arithmetic(
        "Age-adjusted International Prognostic Index (aaIPI)",
        "Election, Apheresis, Lymphodepletion",
        (
            InputRule("Lactate dehydrogenase", "Above the upper limit of normal: 1 point"),
            InputRule("ECOG performance status", "2 or more: 1 point"),
            InputRule("Ann Arbor / Lugano stage", "III or IV: 1 point"),
        ),
        "0 to 3",
        "low 0; low-intermediate 1; high-intermediate 2; high 3",
    )
    assert found["m-EASIX"] == Arithmetic(
        "m-EASIX",
        "Lymphodepletion",
        (
            InputRule(
                "Lactate dehydrogenase, C-reactive protein and Platelets",
                "LDH (U/L) × CRP (mg/dL) / platelets (10⁹/L)",
            ),
        ),
        "",
        "",
    )


def test_two_inputs_of_one_rule_never_look_like_one_input() -> None:
    """ "ECOG and extranodal sites: 1 point" would halve what both give."""
    ipi = arithmetic()[0]

    assert [rule.inputs for rule in ipi.rules] == [
        "Age",
        "Lactate dehydrogenase",
        "ECOG performance status",
        "Ann Arbor / Lugano stage",
        "Extranodal sites involved",
    ]


def test_the_systems_of_cirs_are_named_once_with_their_grades() -> None:
    cirs = next(index for index in arithmetic() if "CIRS" in index.name)

    assert [(len(r.inputs.split("CIRS")) - 1, r.rule) for r in cirs.rules] == [
        (14, "The grade, 0 to 4")
    ]
    assert cirs.span == "0 to 56"
