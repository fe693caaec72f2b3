"""Who may open the evidence library, and how it is searched and filtered."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from patients.models import User
from riskfactors.domain.evidence import Factor
from riskfactors.library.list_page import library_page
from riskfactors.library.search import plain
from riskfactors.published import catalogue
from riskfactors.words import code_name, direction_name, name_of, outcome_name
from riskfactors.words.library import OUTCOME_FAMILIES, outcomes_in
from tests.library.pages import FACTORS, PAGES, found, keys_in, read, text_of

# Doors


@pytest.mark.django_db
@pytest.mark.parametrize("name", PAGES)
def test_outside_the_demonstration_the_library_asks_for_a_sign_in(
    client: Client, name: str
) -> None:
    response = client.get(reverse(f"riskfactors:{name}"))

    assert response.headers["Location"].startswith("/sign-in/?next=")


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["ecog_ge_2", "nothing"])
def test_a_stranger_learns_nothing_of_a_factor(client: Client, key: str) -> None:
    response = client.get(f"/evidence/factors/{key}/")

    assert response.headers["Location"].startswith("/sign-in/?next=")


def test_who_is_signed_in_reads_every_page(client: Client, clinician: User) -> None:
    client.force_login(clinician)

    addresses = [reverse(f"riskfactors:{name}") for name in PAGES]
    answers = [client.get(path).status_code for path in [*addresses, "/evidence/factors/ipi/"]]

    assert answers == [200] * 5


@pytest.mark.parametrize("key", ["nothing", "ECOG_GE_2", "ecog_ge_2-", "0"])
def test_an_unknown_factor_is_a_missing_page(reader: Client, key: str) -> None:
    response = reader.get(f"/evidence/factors/{key}/")

    assert response.status_code == 404


# Search and filters


def test_without_filters_every_factor_is_listed_by_the_part_of_the_course() -> None:
    page = library_page({})

    assert keys_in(page) == FACTORS
    assert [group.title for group in page.groups] == [
        "Before infusion",
        "After infusion",
        "At relapse or progression after CAR T-cells",
    ]


@pytest.mark.parametrize("key", FACTORS)
def test_a_factor_is_found_by_its_key_its_name_and_each_of_its_first_authors(key: str) -> None:
    factor = catalogue().by_key[key]
    numbered = {r.number: r for r in catalogue().references}
    authors = [numbered[n].authors.split(",")[0] for n in factor.references]

    searches = [key, factor.name, factor.name.upper(), *authors]

    assert [words for words in searches if key not in found(q=words)] == []


def test_a_factor_is_found_by_the_labels_of_its_variables() -> None:
    assert "ldh_high_apheresis" in found(q=name_of("ldh"))
    assert found(q=name_of("mtv")) == found(q="mtv")
    assert "severe4" in found(q=name_of("cirs_renal"))


@pytest.mark.parametrize("words", ["Simó", "simo", "SIMO", "Simo\u0301", "  simo  "])
def test_accents_case_and_spaces_do_not_matter(words: str) -> None:
    assert found(q=words) == ["mtv_high_baseline"]


def test_words_are_found_from_their_beginning_only() -> None:
    ages = found(q="age")

    assert {"age_ge_65", "age_gt_60", "relapse_older_age"} <= set(ages)
    assert {"ros_damage", "relapse_salvage_pola_br"} & set(ages) == set()
    assert found(q="damag") == ["ros_damage"]


@pytest.mark.parametrize(
    ("asked", "same"),
    [
        ("tumor volume", "tumour volume"),
        ("hematopoietic", "haematopoietic"),
        ("Mutated or deleted", "mutated deleted"),
        ("mtv", "tmtv"),
        ("IL-6", "IL6"),
        ("axicel", "axi-cel"),
        ("axi cel", "Yescarta"),
        ("tisacel", "Kymriah"),
        ("double hit", "double-hit"),
        ("ref 9", "reference 9"),
        ("10.1200/JCO.19.02104", "https://doi.org/10.1200/jco.19.02104"),
        ("doi:10.1200/JCO.19.02104", "ref. 9"),
    ],
)
def test_what_is_written_in_two_ways_is_found_in_both(asked: str, same: str) -> None:
    assert found(q=asked) == found(q=same) != []


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        ("mutation", "tp53_altered"),
        ("mutated", "tp53_altered"),
        ("PET", "deauville_day_28"),
        ("PET", "suvmax_ge_10_day_28"),
        ("PET", "mtv_high_baseline"),
        ("DHL", "double_hit"),
        ("IL6", "inflammation_zuma1"),
        ("CR", "complete_response"),
        ("complete response", "response_day_90"),
        ("bridge", "bridging_given"),
        ("tisagenlecleucel", "car_t_product"),
        ("Breyanzi", "tp53_by_costimulation"),
        ("147.5", "mtv_low_baseline"),
        ("30 mg/L", "crp_group_infusion"),
    ],
)
def test_a_factor_is_found_by_the_words_that_people_use(asked: str, key: str) -> None:
    assert key in found(q=asked)


@pytest.mark.parametrize(
    "number",
    [
        *(reference.number for reference in catalogue().references),
        *(publication.number for publication in catalogue().publications),
    ],
)
def test_a_reference_number_finds_exactly_what_rests_on_it_or_has_it_beside(number: int) -> None:
    citing = [f.key for f in catalogue().factors if number in {*f.references, *f.beside}]

    assert found(q=f"ref {number}") == citing


def test_a_number_is_whole() -> None:
    assert "mtv_high_lymphodepletion" in found(q="80")
    assert "mtv_high_lymphodepletion" not in found(q="8")


def test_every_word_of_a_search_counts_in_any_order() -> None:
    assert found(q="apheresis ldh") == found(q="LDH apheresis") == ["ldh_high_apheresis"]


def test_plain_text_has_neither_accents_nor_case() -> None:
    assert plain("Simó ÅNGSTRÖM ß") == "simo angstrom ss"


def said_by(factor: Factor) -> dict[str, list[str]]:
    return {
        "setting": [factor.setting],
        "milestone": list(factor.evaluated_at),
        "outcome": [o for line in factor.evidence for o in outcomes_in(line.outcome)],
        "direction": [factor.direction],
        "kind": [factor.kind],
    }


@pytest.mark.parametrize("name", ["setting", "milestone", "outcome", "direction", "kind"])
def test_each_filter_finds_exactly_the_factors_that_say_so(name: str) -> None:
    said: dict[str, set[str]] = {
        factor.key: set(map(str, said_by(factor)[name])) for factor in catalogue().factors
    }

    values = {value for values in said.values() for value in values}

    assert {value: found(**{name: value}) for value in values} == {
        value: [key for key, values in said.items() if value in values] for value in values
    }


def test_filters_and_search_narrow_each_other() -> None:
    assert found(q="ctdna", milestone="day_28", outcome="OS") == ["ctdna_day_28"]


def test_outcomes_printed_as_one_are_found_under_each() -> None:
    assert "expansion" in found(outcome="OS")
    assert found(outcome="EFS") == ["expansion"]


def test_every_published_outcome_can_be_chosen_once() -> None:
    published = {
        outcome
        for factor in catalogue().factors
        for line in factor.evidence
        for outcome in outcomes_in(line.outcome)
    }

    offered = [outcome for outcomes in OUTCOME_FAMILIES.values() for outcome in outcomes]

    assert sorted(offered) == sorted(published)


def test_the_address_keeps_the_state_and_the_form_shows_it(reader: Client) -> None:
    page = reader.get("/evidence/?q=LDH+%22%3Cb%3E&setting=pre_infusion&outcome=PFS")

    text = page.content.decode()
    assert '<form class="filters" method="get" autocomplete="off"' in text
    assert "maxlength" not in text
    assert 'value="LDH &quot;&lt;b&gt;"' in text
    assert '<option value="pre_infusion" selected>' in text
    assert '<option value="PFS" selected>' in text
    assert "Clear all" in text


def test_nothing_found_says_so_and_leads_back(reader: Client) -> None:
    text = read(reader, "/evidence/?q=zebra")

    assert (
        "Nothing matches. This does not mean that nothing is published: the catalogue holds one "
        "review, to 2023. Show all factors" in text
    )
    assert "Did you mean" not in text


@pytest.mark.parametrize(
    ("asked", "offered"),
    [
        ("vercelino", ["vercellino"]),
        ("Vercelino volume", ["vercellino", "volume"]),
        ("tp53 deauville", ["tp53", "deauville"]),
        ("zebra", []),
    ],
)
def test_nothing_found_offers_what_finds_something(asked: str, offered: list[str]) -> None:
    page = library_page({"q": asked})

    assert page.groups == ()
    assert [link.text for link in page.guesses][: len(offered)] == offered
    assert bool(page.guesses) == bool(offered)
    assert [link.text for link in page.guesses if not found(q=link.text)] == []


def test_an_offered_word_is_a_link(reader: Client) -> None:
    page = reader.get("/evidence/?q=vercelino").content.decode()

    assert '<a href="/evidence/?q=vercellino">vercellino</a>' in page


def test_nothing_is_offered_where_something_is_found() -> None:
    assert library_page({"q": "ldh"}).guesses == ()


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("setting=nowhere", "Part of the course: “nowhere” is not among the choices"),
        ("milestone=day_29", "Evaluated at: “day_29” is not among the choices"),
        ("milestone=interim", "Evaluated at: “interim” is not among the choices"),
        ("outcome=%3Cb%3E", "Outcome: “<b>” is not among the choices"),
        ("direction=worse", "Published association: “worse” is not among the choices"),
        ("kind=BINARY", "Type of result: “BINARY” is not among the choices"),
        ("q=" + "a" * 201, "Search: The search is longer than 200 characters"),
    ],
)
def test_a_bad_filter_is_named_and_left_out(reader: Client, query: str, problem: str) -> None:
    response = reader.get(
        f"/evidence/?{query}&setting=post_relapse"
        if "setting" not in query
        else f"/evidence/?{query}"
    )

    text = text_of(response.content.decode())
    assert (response.status_code, problem in text) == (200, True)
    assert "Older age" in text


def test_unknown_and_repeated_parameters_do_no_harm(reader: Client) -> None:
    text = read(reader, "/evidence/?page=-1&setting=pre_infusion&setting=post_relapse&q=%ff")

    assert "Nothing matches" in text


def test_no_page_shows_how_many_factors_there_are(reader: Client) -> None:
    counted = re.compile(r">[^<]*\b\d+ (?:of \d+ )?(?:\w+ )?(?:factors|findings|criteria)\b")
    addresses = ["/evidence/", "/evidence/?q=ldh", "/evidence/references/", "/evidence/about/"]

    found = {path: counted.findall(reader.get(path).content.decode()) for path in addresses}

    assert found == {path: [] for path in addresses}


def test_words_used_here_exist_for_every_code() -> None:
    names = [direction_name(factor.direction) for factor in catalogue().factors]
    names += [outcome_name(e.outcome) for f in catalogue().factors for e in f.evidence]
    names += [code_name("product", product) for product in ("axi_cel", "tisa_cel", "liso_cel")]

    assert [name for name in names if not name] == []
