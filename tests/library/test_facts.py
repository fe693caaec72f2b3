"""Studies side by side: every estimate of a fact once, and on one axis only what compares alike."""

import re
from decimal import Decimal

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from riskfactors.beside.facts import SharedFact, facts, facts_of
from riskfactors.beside.related import looked_at
from riskfactors.domain.evidence import PER_COMPARISON
from riskfactors.domain.variables import Interval
from riskfactors.drawing.strips import Strip, axis_for
from riskfactors.library.fact_page import FactPage, fact_page, facts_page
from riskfactors.library.forests import ForestTable
from riskfactors.library.whose import Whose
from riskfactors.published import catalogue
from tests.library.pages import FACTORS, PRINTED, read
from tests.library.test_pages import numbers_of, stands_in

pytestmark = pytest.mark.one_database("published evidence is no row of a database")

KEYS = [fact.key for fact in facts()]
BY_KEY = {fact.key: fact for fact in facts()}


def page_of(key: str) -> FactPage:
    page = fact_page(key)
    assert page is not None
    return page


def lines_of(page: FactPage) -> list[Whose]:
    drawn = [line.whose for e in page.endpoints for f in e.forests for line in f.lines]
    return drawn + [line.whose for e in page.endpoints for line in e.told]


def forests_of(key: str) -> dict[str, list[ForestTable]]:
    return {e.title: list(e.forests) for e in page_of(key).endpoints if e.forests}


def interval(low: str, high: str) -> Interval:
    return Interval(Decimal(low), Decimal(high))


# What is a fact


def test_every_factor_rests_on_a_fact_and_what_its_rule_looks_at_has_a_page() -> None:
    without = [f.key for f in catalogue().factors if not list(facts_of(f))]
    looked = {name for f in catalogue().factors for name in looked_at(f.criterion.sentence)}

    named = {name for fact in facts() for name in fact.names}
    assert without == []
    assert {name for name in looked if not name.startswith("cirs_")} == named - {"cirs_total"}


def test_names_that_the_same_rules_look_at_are_one_fact() -> None:
    found = {
        fact.key: (fact.names, [factor.key for factor in fact.factors])
        for fact in facts()
        if fact.key in ("bcl2_rearranged", "cirs_total", "treatments-salvage")
    }

    assert found == {
        "bcl2_rearranged": (
            ("bcl2_rearranged", "bcl6_rearranged", "myc_rearranged"),
            ["double_hit", "relapse_no_double_hit_or_expressor"],
        ),
        "cirs_total": (("cirs_total",), ["cirs_high", "severe4"]),
        "treatments-salvage": (
            ("treatments.salvage",),
            ["relapse_salvage_pola_br", "relapse_salvage_lenalidomide"],
        ),
    }


@pytest.mark.parametrize("fact", facts(), ids=lambda fact: fact.key)
def test_every_estimate_of_its_factors_stands_on_the_page_of_a_fact_once(fact: SharedFact) -> None:
    page = page_of(fact.key)

    published = sorted(
        (factor.key, estimate.reference) for factor in fact.factors for estimate in factor.evidence
    )
    shown = sorted(
        (line.finding.url.split("/")[-2], tuple(c.number for c in line.citations))
        for line in lines_of(page)
    )
    assert shown == published


@pytest.mark.parametrize("key", KEYS)
def test_every_number_doubt_and_note_stands_on_the_page_of_a_fact(reader: Client, key: str) -> None:
    text = read(reader, f"/evidence/facts/{key}/")

    for factor in BY_KEY[key].factors:
        printed = PRINTED[factor.key]
        lines = [{k: v for k, v in line.items() if k != "at"} for line in printed["evidence"]]
        numbers = numbers_of({"evidence": lines})
        written = [line[f] for line in lines for f in ("doubt", "note") if f in line]
        assert [n for n in numbers if not stands_in(n, text)] == []
        assert [words for words in written if words not in text] == []


# What shares an axis


@pytest.mark.parametrize("key", KEYS)
def test_an_axis_holds_one_measure_for_one_outcome_that_compares_alike(key: str) -> None:
    evidence = {f.key: f for f in BY_KEY[key].factors}

    mixed = []
    for endpoint in page_of(key).endpoints:
        for forest in endpoint.forests:
            measures = set()
            for line in forest.lines:
                factor = evidence[line.whose.finding.url.split("/")[-2]]
                numbers = tuple(citation.number for citation in line.whose.citations)
                measures |= {
                    (e.measure, e.outcome, e.per, e.contrast, e.of_not_reaching, factor.setting)
                    for e in factor.evidence
                    if e.reference == numbers
                    and e.measure in PER_COMPARISON
                    and line.drawn[0].words.startswith(f"{e.estimate} (")
                }
            measured = {(m, per, contrast, n) for m, _o, per, contrast, n, _s in measures}
            mixed += [forest.title] if len(measured) != 1 else []

    assert mixed == []


def test_the_studies_of_ldh_share_an_axis_before_infusion_and_another_after_relapse() -> None:
    forests = forests_of("ldh")

    found = {
        title: [[line.whose.citations[0].number for line in f.lines] for f in tables]
        for title, tables in forests.items()
    }
    assert found == {
        "Progression-free survival": [[11, 9]],
        "Overall survival": [[11, 9]],
        "Relapse": [[19]],
        "Early relapse": [[19]],
        "Progression-free survival after a relapse or progression": [[37]],
        "Overall survival after a relapse or progression": [[37, 38]],
    }
    table = forests["Progression-free survival"][0]
    assert table.title == (
        "Hazard ratio – Lactate dehydrogenase: above the laboratory's upper limit of normal, "
        "compared with the others"
    )
    assert (table.sides.lower_in_full, table.sides.higher_in_full) == (
        "fewer events in those who meet it than in the others",
        "more events in those who meet it than in the others",
    )


def test_a_volume_below_its_cut_off_never_stands_beside_one_above() -> None:
    survival = forests_of("mtv")["Progression-free survival"]

    assert [[line.drawn[0].words for line in table.lines] for table in survival] == [
        ["0.40 (0.18–0.89)"],
        ["3.44 (1.18–10.1)"],
    ]


def test_steps_of_a_value_and_opposite_comparisons_have_axes_of_their_own() -> None:
    ecog = forests_of("ecog")["Overall survival"]
    product = forests_of("product")["Progression-free survival"]

    assert [len(table.lines) for table in ecog] == [3, 1]
    assert [table.title for table in ecog][1] == "Hazard ratio – per 1 ECOG point"
    assert [table.title for table in product] == [
        "Hazard ratio – tisa-cel compared with axi-cel",
        "Hazard ratio – axi-cel compared with tisa-cel",
    ]


def test_a_misprint_is_drawn_as_printed_and_as_read() -> None:
    bridging = forests_of("bridging")["Overall survival"][0]

    drawn = [(d.words, d.remark, d.doubtful) for d in bridging.lines[0].drawn]
    assert drawn == [
        ("1.7 (0.04–2.70)", "as printed, doubtful", True),
        ("1.7 (1.04–2.70)", "as we read it", False),
    ]


def test_a_line_says_whose_result_it_is() -> None:
    line = forests_of("mtv")["Relapse"][0].lines[0].whose

    assert (line.finding.text, line.about, line.cohort, line.analysis) == (
        "High metabolic tumour volume before lymphodepletion",
        ("Lymphodepletion",),
        ("axi-cel and tisa-cel, 116 patients", "Line not given"),
        "Multivariable according to the title of the table; not verified row by row.",
    )


# How it is drawn


def test_1_lies_in_the_middle_and_every_interval_on_the_axis() -> None:
    axis = axis_for([interval("0.5", "2"), interval("1.1", "10")])

    strip = axis.strip(Decimal(1), interval("0.1", "10"))
    assert (axis(Decimal(1)), [tick.text for tick in axis.ticks]) == (
        50.0,
        ["0.1", "0.3", "1", "3", "10"],
    )
    assert strip == Strip(50.0, 4.55, 95.45)


def test_a_narrow_interval_is_not_blown_up() -> None:
    axis = axis_for([interval("1.00", "1.03")])

    assert axis.strip(Decimal("1.02"), interval("1.00", "1.03")).high < 54


@pytest.mark.parametrize("key", KEYS)
def test_nothing_lies_beyond_its_axis(key: str) -> None:
    strips = [
        drawn.strip
        for tables in forests_of(key).values()
        for table in tables
        for line in table.lines
        for drawn in line.drawn
    ]

    assert [s for s in strips if not 0 < s.low <= s.x <= s.high < 100] == []


# The pages


@pytest.mark.parametrize("key", FACTORS)
def test_the_page_of_a_factor_leads_to_its_facts(reader: Client, key: str) -> None:
    page = reader.get(f"/evidence/factors/{key}/").content.decode()

    linked = re.findall(r'href="/evidence/facts/([\w-]+)/"', page)
    assert linked == [fact.key for fact in facts_of(catalogue().by_key[key])]


def test_every_fact_is_listed_and_the_library_leads_there(reader: Client) -> None:
    page = reader.get("/evidence/facts/").content.decode()
    library = reader.get("/evidence/").content.decode()

    assert sorted(re.findall(r'href="/evidence/facts/([\w-]+)/"', page)) == sorted(KEYS)
    assert [row.link.text for row in facts_page()][:2] == [
        "Age",
        "Age-adjusted International Prognostic Index (aaIPI)",
    ]
    assert 'href="/evidence/facts/"' in library


def test_a_page_says_that_nothing_is_pooled_and_what_is_wrong_with_a_reference(
    reader: Client,
) -> None:
    text = read(reader, "/evidence/facts/ldh/")

    assert "Nothing is pooled" in text
    assert "other patients' results, not a forecast" in text
    assert "Kwon et al. 2023 [11] discrepancy" in text
    assert "Discrepancy of reference 11." in text


def test_an_unknown_fact_has_no_page(reader: Client) -> None:
    assert reader.get("/evidence/facts/nothing/").status_code == 404


@pytest.mark.parametrize(
    "path", ["/evidence/facts/", "/evidence/facts/ldh/", "/evidence/glossary/"]
)
def test_published_evidence_asks_no_database(
    reader: Client, django_assert_num_queries: DjangoAssertNumQueries, path: str
) -> None:
    with django_assert_num_queries(0):
        answer = reader.get(path)

    assert answer.status_code == 200
