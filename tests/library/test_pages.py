"""The evidence library: every factor, number and reference has its place."""

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client, RequestFactory

from riskfactors.beside.citations import (
    Link,
    citations_of,
    cited,
    cohort_words,
    patients_words,
    short_name,
)
from riskfactors.beside.claims import quotations, quoted
from riskfactors.beside.related import looked_at, related
from riskfactors.beside.rules import RulePart, rule_part
from riskfactors.domain.vocabulary import Direction, Kind, Phrase
from riskfactors.library.factor_page import factor_page
from riskfactors.library.urls import urlpatterns
from riskfactors.published import catalogue
from riskfactors.words.estimates import p_value
from riskfactors.words.library import capitalised, side_of
from tests.library.pages import (
    FACTORS,
    PRINTED,
    as_read,
    read,
)

pytestmark = pytest.mark.one_database("published evidence is no row of a database")

# Everything has its place


@pytest.mark.parametrize("key", FACTORS)
def test_every_factor_has_a_page_with_every_number_that_was_printed(
    reader: Client, key: str
) -> None:
    text = read(reader, f"/evidence/factors/{key}/")

    missing = [n for n in numbers_of(PRINTED[key]) if not stands_in(n, text)]
    assert missing == []


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_evidence_is_only_read(demonstration: None, method: str) -> None:
    request = RequestFactory().generic(method, "/")

    answers = {each.name: each.callback(request).status_code for each in urlpatterns}

    assert answers == dict.fromkeys([each.name for each in urlpatterns], 405)


def numbers_of(factor: dict[str, Any]) -> Iterator[str]:
    for line in factor["evidence"]:
        for source in (line, line.get("reading", {})):
            yield from map(str, [source["estimate"]] if "estimate" in source else [])
            yield from map(str, source.get("interval", []))
            yield from [p_value(source["p"])] if "p" in source else []
        for group in line.get("groups", []):
            yield from (str(group[part]) for part in ("value", "low", "high") if part in group)
            yield from [group["printed"]] if "printed" in group else []
        yield from [line["at"]] if "at" in line else []


def stands_in(number: str, text: str) -> bool:
    return re.search(rf"(?<![\d.]){re.escape(number)}(?![\d]|\.\d)", text) is not None


@pytest.mark.parametrize("key", FACTORS)
def test_every_doubt_note_caveat_and_statement_stands_on_the_page(reader: Client, key: str) -> None:
    text = read(reader, f"/evidence/factors/{key}/")

    factor = PRINTED[key]
    written = [factor["name"], factor["studied_in"], *factor.get("caveats", [])]
    written += [factor[field] for field in ("cutoff_source", "analysis") if field in factor]
    for line in factor["evidence"]:
        written += [line[field] for field in ("doubt", "note", "statement") if field in line]
        for later in line.get("later", []):
            written += [later["cohort"], later["fact"], later["read_in"]]
    written += [stratum["name"] for stratum in factor.get("strata", {}).values()]
    assert [words for words in written if words not in text] == []


@pytest.mark.parametrize("key", FACTORS)
def test_every_estimate_says_whose_result_it_is_and_that_it_is_no_forecast(key: str) -> None:
    page = factor_page(key)

    assert page is not None
    lines = [line for section in page.sections for line in section.lines]
    factor = catalogue().by_key[key]
    assert len(lines) == len(factor.evidence)
    assert [
        line.sentence
        for line in lines
        if not line.sentence.endswith("other patients' results, not a forecast.")
        or not all(citation.short in line.sentence for citation in line.citations)
        or ", as quoted in the review (" not in line.sentence
        or "period not given there)" not in line.sentence
    ] == []


def test_a_sentence_names_cohort_product_comparison_and_outcome() -> None:
    sentences = {
        key: as_read(page.sections[0].lines[0].sentence)
        for key in (
            "ecog_ge_2",
            "crp_infusion",
            "car_t_product",
            "deauville_day_28",
            "ctdna_day_28",
            "ctdna_day_28_in_pr_sd",
            "relapse_older_age",
            "tp53_altered",
            "bridging_given",
            "complete_response",
        )
        if (page := factor_page(key))
    }

    ends = ": other patients' results, not a forecast."
    assert sentences == {
        "ecog_ge_2": "In Nastoupil et al. 2020, as quoted in the review (axi-cel; number of "
        "patients, line and period not given there), those with “ECOG performance status 2 or "
        "more” had HR 1.7 (1.1–2.7) for progression-free survival compared with those without"
        f"{ends}",
        "crp_infusion": "In Vercellino et al. 2020, as quoted in the review (axi-cel and tisa-cel; "
        "116 patients; line and period not given there), for relapse, HR 1.12 (1.07–1.17) per unit "
        f"of “C-reactive protein (CRP) at infusion” (unit not printed){ends}",
        "car_t_product": "In Bethge et al. 2022, as quoted in the review (axi-cel and tisa-cel; "
        "number of patients, line and period not given there), those with tisa-cel had HR 1.475 "
        f"(1.122–1.942) for progression-free survival compared with those with axi-cel{ends}",
        "deauville_day_28": "In Kuhnl et al. 2022, as quoted in the review (axi-cel and tisa-cel; "
        "171 patients; line and period not given there), early progression (time not given) was "
        f"15% in “DS 1-2”, 32% in “DS 3”, 37% in “DS 4” and 100% in “DS 5”{ends}",
        "ctdna_day_28": "In Frank et al. 2021, as quoted in the review (axi-cel; 69 patients; line "
        "and period not given there), median progression-free survival was 3 months in "
        f"“detectable” and not reached in “undetectable”{ends}",
        "ctdna_day_28_in_pr_sd": "In Frank et al. 2021, as quoted in the review (axi-cel; 27 "
        "patients; line and period not given there), relapse (time not given) was seen in 15 of 17 "
        f"in “detectable” and 1 of 10 in “undetectable”{ends}",
        "relapse_older_age": "In Alarcon Tomas et al. 2023, as quoted in the review (CAR T-cells "
        "in third line or later; product, number of patients and period not given there), “Older "
        "age” had HR 2.65 (1.49–4.73) for overall survival, and which groups were compared is not "
        f"given there{ends}",
        "tp53_altered": "In Shouval et al. 2022, as quoted in the review (product, number of "
        "patients, line and period not given there), those with “TP53 gene alteration” had OR 3.61 "
        "(1.31–10.7) for complete response (read as the odds of not reaching it) compared with "
        f"those without{ends}",
        "bridging_given": "In Nastoupil et al. 2020, as quoted in the review (axi-cel; number of "
        "patients, line and period not given there), those with “Bridging therapy” had HR 1.7 "
        "(0.04–2.70) as printed there, 1.7 (1.04–2.70) as we read it, for overall survival "
        f"compared with those without{ends}",
        "complete_response": "In Schuster et al. 2019, as quoted in the review (tisa-cel, JULIET; "
        "number of patients, line and period not given there), overall survival at 12 months was "
        f"90% (74–96) in “CR” and 49% (39–59) in “all patients”{ends}",
    }


def lines_of(part: RulePart, depth: int = 0) -> list[str]:
    return [
        "- " * depth + part.text,
        *(line for p in part.parts for line in lines_of(p, depth + 1)),
    ]


@pytest.mark.parametrize(
    ("key", "lines"),
    [
        ("ecog_ge_2", ["ECOG performance status: 2 or more"]),
        (
            "double_hit",
            [
                "All of these:",
                "- MYC rearrangement (FISH): Yes",
                "- At least one of these:",
                "- - BCL2 rearrangement (FISH): Yes",
                "- - BCL6 rearrangement (FISH): Yes",
            ],
        ),
        (
            "relapse_no_double_hit_or_expressor",
            [
                "All of these:",
                "- Not all of these together:",
                "- - MYC rearrangement (FISH): Yes",
                "- - At least one of these:",
                "- - - BCL2 rearrangement (FISH): Yes",
                "- - - BCL6 rearrangement (FISH): Yes",
                "- Not (MYC and BCL2 double expressor (immunohistochemistry): Yes)",
            ],
        ),
    ],
)
def test_a_rule_of_several_parts_is_a_list(key: str, lines: list[str]) -> None:
    assert lines_of(rule_part(catalogue().by_key[key].criterion.sentence)) == lines


def test_a_negation_of_alternatives_is_none_of_them() -> None:
    alternatives = Phrase("any", Phrase("code", "tp53", "altered"), Phrase("bridging_given"))

    assert lines_of(rule_part(Phrase("not", alternatives))) == [
        "None of these:",
        "- TP53: Mutated or deleted",
        "- Bridging therapy was given",
    ]


@pytest.mark.parametrize(
    ("key", "sentences"),
    [
        ("ecog_ge_2", ("The latest value recorded by the milestone.",)),
        ("ldh_high_apheresis", ("The assessment “Apheresis”.",)),
        (
            "mtv_low_baseline",
            (
                "The latest value recorded by the milestone.",
                "Total metabolic tumour volume: a value from before a line of therapy or a "
                "bridging treatment decides nothing.",
            ),
        ),
        (
            "extranodal_and_mtv",
            (
                "The first of these assessments that has a value: "
                "Infusion (day\N{NO-BREAK SPACE}0), Lymphodepletion.",
                "Total metabolic tumour volume: the assessment “Lymphodepletion”.",
            ),
        ),
    ],
)
def test_a_page_says_where_values_come_from(key: str, sentences: tuple[str, ...]) -> None:
    page = factor_page(key)

    assert page is not None
    terms = {term.name: term.texts for term in page.terms}
    assert terms["Values come from"] == sentences


def test_a_printed_zero_is_a_number(reader: Client) -> None:
    text = read(reader, "/evidence/factors/deauville_day_28/")

    assert "43.5% in “DS 4” and 0% in “DS 5”" in text


@pytest.mark.parametrize(
    ("p", "words"),
    [
        ("0.010", "0.010"),
        ("<0.001", "< 0.001"),
        ("2.2e-5", "2.2 × 10⁻⁵"),
        (None, "not given"),
    ],
)
def test_a_p_keeps_its_digits(p: str | None, words: str) -> None:
    assert p_value(p) == words


def test_printed_and_read_numbers_and_the_doubt_stand_side_by_side() -> None:
    page = factor_page("bridging_given")

    assert page is not None
    (line,) = page.sections[0].lines
    assert [(cell.heading, cell.text) for cell in line.cells] == [
        ("HR in the review (95% interval)", "1.7 (0.04–2.70)"),
        ("Our reading", "1.7 (1.04–2.70)"),
        ("p", "0.0300"),
    ]
    assert line.doubt.startswith("The lower bound is printed as .04")


def test_the_odds_ratio_of_tp53_is_explained_the_right_way_round() -> None:
    page = factor_page("tp53_altered")

    assert page is not None
    assert (
        page.sections[0].explanation
        == "Read so, an odds ratio above 1 means fewer complete responses."
    )


def test_what_an_odds_ratio_means_is_said_once_for_each_table(reader: Client) -> None:
    text = read(reader, "/evidence/factors/age_ge_65/")

    assert text.count("An odds ratio above 1 means") == 1


def test_the_numbers_are_said_once_to_be_those_of_the_review(reader: Client) -> None:
    page = reader.get("/evidence/factors/ecog_ge_2/").content.decode()

    source = 'The digits are those of <a href="/evidence/about/#source">the review</a>'
    assert page.count(source) == 1
    assert 'id="source"' in reader.get("/evidence/about/").content.decode()
    assert "<dt>Patients</dt><dd>not given in the review</dd>" in page


def test_rows_that_say_nothing_are_left_out() -> None:
    terms = {
        key: [term.name for term in page.terms]
        for key in ("persistence", "mtv_high_lymphodepletion", "relapse_older_age")
        if (page := factor_page(key))
    }

    always = ["Rule", "Evaluated at", "Values come from", "Studied in", "In the review"]
    assert terms["persistence"] == always
    assert set(terms["mtv_high_lymphodepletion"]) - set(always) == {
        "Source of the cut-off",
        "Analysis",
    }
    assert "Applies only where" in terms["relapse_older_age"]


@pytest.mark.parametrize("key", ["relapse_salvage_pola_br", "relapse_salvage_lenalidomide"])
def test_a_salvage_treatment_is_not_classified_and_its_page_says_why(
    reader: Client, key: str
) -> None:
    text = read(reader, f"/evidence/factors/{key}/")

    assert "Published association: Treatment: not classified" in text
    assert "chosen for those alive and fit to receive it" in text


def test_other_mixed_findings_keep_their_side() -> None:
    sides = {
        factor.key: side_of(factor)
        for factor in catalogue().factors
        if factor.direction is Direction.MIXED and factor.kind is not Kind.STRATIFIED
    }

    assert sides == {
        "relapse_salvage_pola_br": "Treatment: not classified",
        "relapse_salvage_lenalidomide": "Treatment: not classified",
    }


def related_keys(key: str) -> list[str]:
    return [factor.key for factor in related(catalogue().by_key[key])]


def test_findings_are_related_by_what_their_rules_look_at() -> None:
    assert related_keys("cirs_high") == ["severe4"]
    assert related_keys("bridging_given") == [
        "bridging_refractory",
        "bridging_effective",
        "relapse_bridging",
    ]
    assert related_keys("mtv_low_baseline") == [
        "mtv_high_lymphodepletion",
        "mtv_high_baseline",
        "extranodal_and_mtv",
    ]
    assert "deauville_suv_change_day_28" in related_keys("suvmax_ge_10_day_28")
    assert related_keys("relapse_salvage_pola_br") == ["relapse_salvage_lenalidomide"]


def test_relations_go_both_ways_and_every_rule_looks_at_something() -> None:
    links = {(f.key, other.key) for f in catalogue().factors for other in related(f)}

    assert {(other, key) for key, other in links} == links
    assert [key for key, other in links if key == other] == []
    assert [f.key for f in catalogue().factors if not looked_at(f.criterion.sentence)] == []


def test_a_page_links_its_related_findings(reader: Client) -> None:
    page = reader.get("/evidence/factors/cirs_high/").content.decode()

    assert '<li><a href="/evidence/factors/severe4/">Severe4 comorbidity index</a></li>' in page
    assert "Related findings" not in read(reader, "/evidence/factors/apobec_signature/")


@pytest.mark.parametrize(
    ("text", "line"),
    [("ctDNA and expansion", "ctDNA and expansion"), ("state", "State"), ("", ""), ("p53", "P53")],
)
def test_a_line_begins_large_unless_it_is_written_otherwise(text: str, line: str) -> None:
    assert capitalised(text) == line


def test_banners_stand_where_cohorts_are_unlike_the_patient() -> None:
    second = "Second line: these cohorts are mostly third line or later."
    liso = "Liso-cel: few of these cohorts include it."

    banners = {
        key: page.banners
        for key in ("ecog_ge_2", "complete_response", "relapse_responded")
        if (page := factor_page(key))
    }

    assert banners == {
        "ecog_ge_2": (second, liso),
        "complete_response": (second,),
        "relapse_responded": (liso,),
    }


@pytest.mark.parametrize("key", FACTORS)
def test_a_stratified_factor_shows_every_group_with_its_side(reader: Client, key: str) -> None:
    factor = catalogue().by_key[key]
    page = factor_page(key)

    assert page is not None
    shown = {row.name: row.direction_code for row in page.strata}
    assert shown == {s.name: s.direction.value for s in factor.strata.values()}


def test_a_group_is_called_mixed_and_only_a_factor_differs_by_group() -> None:
    page = factor_page("deauville_day_28")

    assert page is not None
    assert (page.direction, [row.direction for row in page.strata]) == (
        "Differs by group",
        ["Favourable", "Mixed", "Mixed", "Adverse"],
    )


def test_every_reference_has_its_place_with_its_factors_and_discrepancies(reader: Client) -> None:
    response = reader.get("/evidence/references/").content.decode()

    for reference in catalogue().references:
        entry = response.partition(f'<li id="ref-{reference.number}">')[2].partition('<li id="')[0]
        text = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", entry)))
        resting = [f.key for f in catalogue().factors if reference.number in f.references]
        beside = [f.key for f in catalogue().factors if reference.number in f.beside]
        assert re.findall(r"/evidence/factors/(\w+)/", entry) == resting + beside
        assert f'href="https://doi.org/{reference.doi}" rel="noopener noreferrer"' in entry
        written = (reference.authors, reference.title, reference.journal, *reference.discrepancies)
        assert [words for words in written if words not in text] == []


@pytest.mark.parametrize("key", FACTORS)
def test_a_factor_links_each_of_its_references_without_leaving_the_page(
    reader: Client, key: str
) -> None:
    page = reader.get(f"/evidence/factors/{key}/").content.decode()

    anchors = set(re.findall(r'<li id="(ref-\d+)">', page))
    assert set(re.findall(r'href="#(ref-\d+)"', page)) == anchors
    assert anchors == {c.anchor for c in citations_of(catalogue().by_key[key])}
    assert anchors >= {f"ref-{number}" for number in catalogue().by_key[key].references}


# What is wrong with a reference stands wherever it is cited


@pytest.mark.parametrize("key", FACTORS)
def test_a_page_says_what_is_wrong_with_each_of_its_references(reader: Client, key: str) -> None:
    text = read(reader, f"/evidence/factors/{key}/")

    page = factor_page(key)
    assert page is not None
    lines = [line for section in page.sections for line in section.lines]
    doubtful = [c for line in lines for c in line.citations if c.discrepancies]
    assert [c.number for c in doubtful for d in c.discrepancies if d not in text] == []
    marks = [f"{c.short} [{c.number}] discrepancy" for c in doubtful]
    assert {m: text.count(m) for m in marks} == {m: marks.count(m) for m in marks}


def test_the_doi_of_reference_40_is_that_of_another_paper_and_the_page_says_which_is_meant(
    reader: Client,
) -> None:
    page = reader.get("/evidence/factors/relapse_responded/").content.decode()

    assert cited(40).doi == cited(39).doi == "10.1182/blood-2022-169219"
    assert cited(40).discrepancies == (
        "Printed with the DOI, volume and pages of reference 39, where the link leads; the paper "
        "meant is Spiegel et al., Blood 2021;137(13):1832-1835 (DOI 10.1182/blood.2020006245, to "
        "be confirmed).",
    )
    assert cited(40).original == Link("Spiegel et al. 2021 [154]", "#ref-154")
    assert cited(154).meant_by == (Link("reference 40", "#ref-40"),)
    assert cited(154).doubt == "The DOI is to be confirmed."
    assert 'href="https://doi.org/10.1182/blood.2020006245"' in page


def test_the_paper_behind_a_review_article_is_named() -> None:
    originals = {r.number: r.original for r in catalogue().references if r.original is not None}

    assert originals == {13: 150, 40: 154}


def test_a_claim_says_what_is_wrong_with_its_references(reader: Client) -> None:
    text = read(reader, "/evidence/about/")

    doubts = [d for claim in quotations() for c in claim.citations for d in c.discrepancies]
    assert set(quoted("after relapse").citations[-1].discrepancies) <= set(doubts)
    assert [doubt for doubt in doubts if doubt not in text] == []


def test_the_first_author_and_the_year_name_a_reference() -> None:
    names = {r.number: short_name(r) for r in catalogue().references if r.number in (9, 24, 37, 38)}

    assert names == {
        9: "Nastoupil et al. 2020",
        24: "Cherng et al. 2022",
        37: "Di Blasi et al. 2022",
        38: "Alarcon Tomas et al. 2023",
    }


def test_a_publication_is_named_by_what_was_read_of_it() -> None:
    short = {number: cited(number).short for number in (124, 129, 151)}

    assert short == {
        124: "Blood Adv 2024;8(20):5290",
        129: "Berning et al. 2024",
        151: "Breen et al.",
    }
    assert cited(151).source == "journal and year not read"
    assert (cited(151).doi, cited(151).doi_url) == ("", "")


def test_a_result_outside_the_review_stands_beside_its_line_with_its_source(
    reader: Client,
) -> None:
    text = read(reader, "/evidence/factors/suvmax_ge_10_day_28/")

    assert (
        "Outside the review. In Breen et al. (axi-cel; 28 of 69 patients with non-Hodgkin "
        "lymphoma, those with PR or SD at one month; line and period not read), SUVmax 10 or more "
        "compared with less had HR 3.63 (1.13–11.66; p = 0.03) for progression, which was seen in "
        "86% and 36%, with the cut-off taken from the same patients: other patients' results, not "
        "a forecast. Read in its abstract. [151]"
    ) in text


def test_a_cohort_says_who_quotes_it_what_is_known_of_it_and_what_is_not() -> None:
    words = cohort_words(catalogue().by_key["microbiota_low_diversity"], (14,))

    assert words == (
        "Smith et al. 2022, as quoted in the review (B-cell malignancies, not only large B-cell "
        "lymphoma; product, number of patients, line and period not given there)"
    )


@pytest.mark.parametrize(("patients", "words"), [(None, ""), (1, "1 patient"), (9, "9 patients")])
def test_patients_are_counted_in_words(patients: int | None, words: str) -> None:
    assert patients_words(patients) == words


def test_the_about_page_says_what_this_is_not_and_which_catalogue_it_uses(reader: Client) -> None:
    text = read(reader, "/evidence/about/")

    expected = [
        "Not a score: no validated score combines these findings, and cartapp adds none up.",
        "No directive",
        "Not a medical device as it stands",
        "Mussetti A, Fabbri N, Sureda A.",
        "The evidence ends in 2023.",
        catalogue().digest,
        *(claim.fact for claim in catalogue().claims),
    ]
    assert [words for words in expected if words not in text] == []


def test_the_dictionary_names_every_variable_with_its_unit_limits_and_codes(reader: Client) -> None:
    text = read(reader, "/evidence/variables/")

    variables = catalogue().dictionary.variable
    assert [v.name for v in variables if f"{v.label} {v.name}" not in text] == []
    codes = [f"{label} {code}" for v in variables for code, label in v.codes.items()]
    assert [code for code in codes if code not in text] == []
    assert " ctDNA and expansion " in text
    assert "Lactate dehydrogenase ldh Values 10 to 30000 U/L. Also in µkat/L." in text
    assert "With the laboratory's upper limit of normal, 100 to 700 U/L" in text


@pytest.mark.parametrize("key", ["inflammation_zuma1", "deauville_day_28"])
def test_a_page_without_a_plot_does_not_load_plotly(reader: Client, key: str) -> None:
    page = reader.get(f"/evidence/factors/{key}/").content.decode()

    assert "plotly" not in page
