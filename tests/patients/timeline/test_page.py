"""The page of a case: what the engine found stands there, in the order and words agreed."""

import re
from datetime import date
from math import floor, log10

import pytest
from django.test import Client

from patients.completeness.reading import completeness_of
from patients.course.places import Place
from patients.models import Case, Role
from patients.records.progress import CaseVersion, progress_of
from riskfactors.domain.documents import parse_case
from riskfactors.domain.findings import assess
from riskfactors.domain.timepoints import Milestone
from riskfactors.published import catalogue
from riskfactors.words.facts import value_words
from tests.domain.cases import (
    Json,
    bridging,
    case,
    event,
    findings,
    interim,
    line,
    relapsed,
    salvage,
    text,
)
from tests.patients.courses import record, visit
from tests.patients.screens import (
    NAMES,
    cards,
    cells,
    imported,
    opened,
    page_of,
    plain,
    shown,
    somebody,
    vignette,
    whole,
    words,
)
from tests.test_wording import breaches

pytestmark = pytest.mark.one_database("test_documents.py: a case is read alike on both")


# What the engine found


@pytest.mark.parametrize("name", NAMES)
def test_every_verdict_and_value_of_the_engine_stands_on_the_screen(
    manager: Client, name: str
) -> None:
    document = vignette(name)
    page = page_of(manager, document)
    published = catalogue()
    found = assess(parse_case(text(document), published.dictionary), published.agenda)

    on_screen = {(s.milestone, s.factor): s for s in shown(page)}
    expected = {(m.milestone.value, f.factor): f for m in found for f in m.findings}
    assert {k: s.verdict for k, s in on_screen.items()} == {
        k: f.verdict.value for k, f in expected.items()
    }
    assert list(cards(page)) == [m.milestone.value for m in reversed(found)]
    factors = {factor.key: factor for factor in published.factors}
    for key, finding in expected.items():
        said = on_screen[key].words
        assert cells(page)[key].verdict == finding.verdict.value
        assert [f for f in finding.basis if plain(value_words(f)) not in said] == []
        if finding.stratum:
            assert f"Group: {factors[key[1]].strata[finding.stratum].name}" in said


@pytest.mark.parametrize("name", NAMES)
def test_every_score_stands_on_the_screen_as_the_interval_it_is(manager: Client, name: str) -> None:
    document = vignette(name)
    page = page_of(manager, document)

    on_screen = {
        (milestone, score): value
        for milestone, card in cards(page).items()
        for score, value in re.findall(r'data-index="(\w+)">.*?<strong>(.*?)</strong>', card)
    }
    expected = {}
    for at in findings(document)["milestones"]:
        for score in at["scores"]:
            expected[at["milestone"], score["score"]] = _on_screen(score)
    assert on_screen == expected


def _on_screen(score: Json) -> str:
    low, high = score["low"], score["high"]
    if low is None:
        return "cannot be computed"
    if score["score"] in ("easix", "m_easix", "s_easix"):
        return f"{low:.{max(0, 2 - floor(log10(low)))}f}"
    most = {"ipi": 5, "r_ipi": 5, "aaipi": 3, "nccn_ipi": 8, "cirs_total": 56, "car_hematotox": 7}[
        score["score"]
    ]
    return f"{low} of {most}" if low == high else f"{low} to {high} of {most}"


@pytest.mark.parametrize("name", NAMES)
def test_no_page_of_a_case_says_what_must_not_be_said(manager: Client, name: str) -> None:
    page = page_of(manager, vignette(name))

    assert breaches(words(page)) == []
    counted = words(re.sub(r'<div class="missing">.*?</div>', "", page, flags=re.DOTALL))
    assert re.findall(r"\b\d+ (?:factors|findings|criteria|adverse)", counted) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_page_says_what_it_is_not_and_of_when_its_evidence_is(
    manager: Client, name: str
) -> None:
    """H35."""
    page = page_of(manager, vignette(name))

    said, foot = words(page), plain(page.partition("<footer")[2])
    assert "No validated score combines these findings." in said
    assert "Other patients' results, not a forecast and not a directive" in said
    assert f"Evidence to 2023 (catalogue {catalogue().digest[:12]}" in foot


# The order of a card


ORDER = [place.value for place in Place]


@pytest.mark.parametrize("name", NAMES)
def test_the_parts_of_a_card_keep_their_order(manager: Client, name: str) -> None:
    page = page_of(manager, vignette(name))

    for card in cards(page).values():
        places: list[str] = re.findall(r'class="part (?:fold )?part-(\w+)"', card)
        assert places == sorted(places, key=ORDER.index)


@pytest.mark.parametrize("name", NAMES)
def test_a_group_of_a_published_comparison_is_never_folded(manager: Client, name: str) -> None:
    """H23: whichever side it lies on."""
    folded = {Place.NOT_MET, Place.NEUTRAL, Place.NOT_STUDIED, Place.RESEARCH}

    page = page_of(manager, vignette(name))

    groups = [s for s in shown(page) if s.verdict == "stratum"]
    assert [s for s in groups if s.place in folded] == []
    assert groups or name.startswith("03")


@pytest.mark.parametrize("name", NAMES)
def test_every_link_within_the_page_leads_to_one_place(manager: Client, name: str) -> None:
    page = page_of(manager, vignette(name))

    identities = re.findall(r' id="([\w-]+)"', page)
    targets = re.findall(r'href="#([\w-]+)"', page)
    assert sorted(identities) == sorted(set(identities))
    assert set(targets) <= set(identities)


def test_the_group_of_the_case_is_marked_among_those_compared(manager: Client) -> None:
    page = page_of(manager, vignette("01"))

    marked = [plain(own) for own in re.findall(r'<strong class="own">(.*?)</strong>', page)]
    assert "DS 4 43.5%" in marked
    assert "DS 4-5, SUV decreased 61%" in marked


# Response and progression


def test_progression_leads_the_card_and_the_summary(manager: Client) -> None:
    """H26."""
    page = page_of(manager, vignette("08"))

    card = plain(cards(page)["day_90"])
    assert card.index("Progressive disease") < card.index("Group: ")
    assert [
        s.factor for s in shown(page) if s.milestone == "day_90" and s.place == "favourable"
    ] == []
    assert "Response after CAR T-cells Progressive disease 30 Aug 2023, Day +90" in words(page)


def test_a_response_that_was_lost_says_so_on_its_own_card(manager: Client) -> None:
    """H26: the card of day +28 keeps the complete response, and what followed."""
    card = plain(cards(page_of(manager, vignette("08")))["day_28"])

    since = "Since then: relapse or progression, 30 Aug 2023 (Day +90)."
    assert card.index(since) < card.index("Criterion met")


def test_a_relapse_leads_although_the_last_response_was_complete(manager: Client) -> None:
    document = relapsed(day_28={"response": "CR"})

    said = words(page_of(manager, document))

    assert (
        "Response after CAR T-cells Relapse or progression 1 Sep 2024; before: complete response, "
        "3 Apr 2024" in said
    )


def test_of_two_visits_on_one_day_the_summary_shows_what_the_later_in_the_course_says(
    manager: Client,
) -> None:
    """H26: a relapse established on the day of the visit at day 28."""
    document = relapsed(
        dates={"relapse": "2024-04-03"},
        relapse={"response": "PD", "deauville": 5, "ctdna": "detectable"},
        day_28={"response": "PR", "deauville": 4, "ctdna": "undetectable"},
    )

    said = words(page_of(manager, document))

    assert "Response after CAR T-cells Progressive disease 3 Apr 2024, Relapse" in said
    assert "Deauville score 5 3 Apr 2024, Relapse" in said
    assert "ctDNA Detectable 3 Apr 2024, Relapse" in said


def test_progression_at_an_interim_visit_is_seen_in_the_summary(manager: Client) -> None:
    document = case(infusion={}, day_28={"response": "CR"})
    document["assessments"].append(interim("2024-05-01", response="PD"))

    page = page_of(manager, document)

    assert "Response after CAR T-cells Progressive disease 1 May 2024, Interim visit" in words(page)
    assert "Since then: relapse or progression, 1 May 2024" in plain(cards(page)["day_28"])


def test_a_suspected_progression_keeps_its_note(manager: Client) -> None:
    """H34, on the page."""
    response = {"value": "PD", "note": "suspected pseudoprogression"}

    page = page_of(manager, case(infusion={}, day_28={"response": response}))

    assert words(page).count("suspected pseudoprogression") >= 2


# Standing facts, lines, grades, volumes


@pytest.mark.parametrize("milestone", ["day_7", "day_28", "day_90", "relapse"])
def test_a_standing_fact_stays_on_every_later_card(manager: Client, milestone: str) -> None:
    """H25."""
    card = plain(cards(page_of(manager, vignette("01")))[milestone])

    assert "TP53: Mutated or deleted 3 Jun 2019" in card
    assert "Histology: DLBCL, NOS" in card
    assert "CAR T-cell product: Tisagenlecleucel (4-1BB)" in card
    assert "TP53 gene alteration: Criterion met at Infusion (day 0)" in card


def test_listed_lines_are_a_lower_bound(manager: Client) -> None:
    """H27."""
    two = (line("2022-01-01"), line("2023-01-01"))

    said = words(page_of(manager, case(infusion={}, treatments=two)))
    one = words(page_of(manager, case(infusion={}, treatments=two[:1]) | {"case_id": "A-2"}))

    assert "Line third or later (at least 2 before)" in said
    assert "Line not recorded; lines listed: 1" in one
    assert "Second line:" not in one


def test_the_worst_grade_stays_in_the_summary(manager: Client) -> None:
    """H28."""
    said = words(page_of(manager, vignette("08")))

    assert "Worst CRS grade 3" in said


def test_a_volume_from_before_a_treatment_says_so(manager: Client) -> None:
    """H29."""
    page = page_of(manager, vignette("07"))
    found = {(s.milestone, s.factor): s for s in shown(page)}

    said = found["lymphodepletion", "mtv_high_baseline"]
    assert said.verdict == "unknown"
    assert "the value predates that treatment" in said.words
    assert "tl-own" not in cards(page)["lymphodepletion"]


def test_research_items_are_folded_and_never_listed_as_missing(manager: Client) -> None:
    """H30."""
    page = page_of(manager, vignette("05"))

    research = [s for s in shown(page) if s.factor == "apobec_signature"]
    assert {s.place for s in research} == {"research"}
    top = plain(page.partition('aria-labelledby="summary"')[2].partition("</section>")[0])
    assert "APOBEC" not in top
    assert "Not recorded, what decides most first" in top


@pytest.mark.parametrize("name", NAMES)
def test_what_most_findings_wait_for_is_missed_first(manager: Client, name: str) -> None:
    page = page_of(manager, vignette(name))

    top = page.partition('aria-labelledby="summary"')[2].partition("</section>")[0]
    numbers = [int(number) for number in re.findall(r"\((\d+) findings?", top)]
    assert numbers == sorted(numbers, reverse=True)


def test_at_most_three_missing_items_lead_to_their_fields(manager: Client) -> None:
    of = imported(case(infusion={"crp": {"absent": "temp-unknown"}}, day_28={}))
    page = opened(manager, of)

    summary = page.partition('aria-labelledby="summary"')[2].partition("</section>")[0]
    links = re.findall(r'href="(.*?)"', summary)
    number = of.assessment_set.get(milestone="day_28").number
    visit = f"/cases/{of.public_id}/visits/{number}/"
    assert links == [f"{visit}#id_response", f"{visit}#id_suvmax", f"{visit}#id_deauville"]
    assert "Disease response (Lugano) (4 findings)" in plain(summary)


NOT_DONE = {"absent": "not-performed"}


@pytest.mark.parametrize(
    ("before", "treatments", "first"),
    [
        ({}, (), ("visits/1/#id_bridging", "Bridging therapy given (3 findings)")),
        ({"bridging": NOT_DONE}, (), ("treatments/new/line/", "Line of therapy (1 finding)")),
        (
            {},
            (bridging("2024-02-10", best_response="PR"),),
            ("records/", "Date of the response to bridging (3 findings)"),
        ),
    ],
    ids=["an earlier visit", "not done there", "a response without its day"],
)
def test_what_decides_most_is_missed_first_wherever_it_is_recorded(
    manager: Client, before: Json, treatments: tuple[Json, ...], first: tuple[str, str]
) -> None:
    asked = [v for v in catalogue().dictionary.variables.values() if "infusion" in v.asked_at]
    nothing = {v.name: NOT_DONE for v in asked}
    of = imported(case(lymphodepletion=before, infusion=nothing, treatments=treatments))

    said = opened(manager, of).partition('<div class="missing">')[2].partition("</li>")[0]

    link = re.search(r'href="/cases/[^/]+/(.*?)"', said)
    assert (
        link and link[1],
        plain(said).removeprefix("Not recorded, what decides most first "),
    ) == first


@pytest.mark.parametrize(
    ("day_28", "is_missing"),
    [({}, True), ({"response": NOT_DONE}, False), ({"response": "SD"}, False)],
)
def test_the_response_that_a_relapse_waits_for_is_that_of_the_visit_before_it(
    manager: Client, day_28: Json, is_missing: bool
) -> None:
    """Its own, which is progression, is none of them."""
    of = imported(relapsed(day_28=day_28, relapse={"response": "PD"}))
    page = opened(manager, of)

    first = page.partition('<div class="missing">')[2].partition("</li>")[0]
    field = f"visits/{of.assessment_set.get(milestone='day_28').number}/#id_response"
    waits = "Disease response (Lugano) at Day +28 (3 findings)"
    assert (field in first, waits in plain(first)) == (is_missing, is_missing)
    own = f"visits/{of.assessment_set.get(milestone='relapse').number}/#id_response"
    assert own not in page


def test_what_an_event_answers_is_not_missing(manager: Client) -> None:
    """A grade is answered by an event that has one; an event from before the infusion by none."""
    seen = everything_but(*("crs_grade_max", "icans_grade_max", "tocilizumab_given"))
    happened = [
        {"kind": "crs", "date": "2024-03-08", "grade": 2},
        {"kind": "icans", "date": "2024-03-08"},
        {"kind": "tocilizumab", "date": "2024-03-01"},
    ]

    page = page_of(manager, case(infusion={}, day_7=seen) | {"events": happened})

    said = plain(page.partition('<div class="missing">')[2].partition("</div>")[0])
    assert "Worst cytokine release syndrome" not in said
    assert "Worst neurotoxicity" in said
    assert "Tocilizumab" in said


def test_the_page_the_worklist_and_the_grid_miss_the_same(manager: Client) -> None:
    seen = everything_but(*("crs_grade_max", "icans_grade_max", "tocilizumab_given"))
    happened = [
        {"kind": "crs", "date": "2024-03-08", "grade": 2},
        {"kind": "icans", "date": "2024-03-08"},
        {"kind": "tocilizumab", "date": "2024-03-01"},
    ]
    of = imported(case(infusion={}, day_7=seen) | {"events": happened})
    head = of.entries.latest("sequence").pk
    versions = (CaseVersion(of.pk, of.public_id, head),)

    said = opened(manager, of).partition('<div class="missing">')[2].partition("</div>")[0]
    grid = {v.milestone: v for v in completeness_of(versions, today=date.max)[of.pk].visits}

    expected = ("icans_grade_max", "tocilizumab_given")
    assert progress_of(versions, today=date.max)[of.pk].missing == expected
    assert grid[Milestone.DAY_7].missing == expected
    assert re.findall(r"#id_(\w+)", said) == list(expected)


def everything_but(*names: str) -> Json:
    """A visit at day +7 at which all but these was said not to have been done."""
    asked = [v for v in catalogue().dictionary.variables.values() if "day_7" in v.asked_at]
    return {v.name: {"absent": "not-performed"} for v in asked if v.name not in names}


def test_missing_treatments_lead_to_where_they_are_recorded(manager: Client) -> None:
    of = imported(case(lymphodepletion={"bridging": "yes"}))

    said = {s.factor: s for s in shown(whole(manager, of))}
    card = cards(whole(manager, of))["lymphodepletion"]

    assert "Not recorded: Line of therapy" in said["chemo_resistant"].words
    assert f'href="/cases/{of.public_id}/treatments/new/line/"' in card
    assert f'href="/cases/{of.public_id}/records/">Response to bridging' in card


@pytest.mark.parametrize("name", NAMES)
def test_every_link_to_what_is_missing_leads_to_its_field(manager: Client, name: str) -> None:
    page = whole(manager, imported(vignette(name)))

    links = set(re.findall(r'href="(/cases/[^"#]+/visits/[^"#]+)#(\w+)"', page))
    addresses = {address for address, _field in links}
    forms = {address: manager.get(address).content.decode() for address in addresses}
    assert [link for link in links if f'id="{link[1]}"' not in forms[link[0]]] == []


def test_who_may_not_record_is_led_to_no_form(client: Client, db: None) -> None:
    of = imported(vignette("03"))
    client.force_login(somebody(Role.READER, name="a.reader"))

    page = opened(client, of)

    assert "/visits/" not in page
    assert "Not recorded, what decides most first" in words(page)


# Populations, treatments


def test_second_line_and_liso_cel_stand_in_banners(manager: Client) -> None:
    """H32."""
    said = words(page_of(manager, vignette("04")))
    other = words(page_of(manager, vignette("01")))

    banners = [
        "Second line: these cohorts are mostly third line or later.",
        "Liso-cel: few of these cohorts include it.",
    ]
    assert [banner in said for banner in banners] == [True, True]
    assert [banner in other for banner in banners] == [False, False]


def test_a_relapse_says_what_the_review_says_and_what_is_wrong_with_its_references(
    manager: Client,
) -> None:
    third, second, unknown = (
        plain(cards(page_of(manager, relapsed(lines=lines) | {"case_id": f"A-{lines}"}))["relapse"])
        for lines in (2, 1, None)
    )

    no_data = "no data are available on relapse after CAR T-cells given in second line"
    assert [no_data in said for said in (third, second, unknown)] == [False, True, True]
    median = "a median PFS of 3 months and a median OS of 6 months"
    assert [median in said for said in (third, second, unknown)] == [True, False, True]
    wrong = (
        "[40] Discrepancy of this reference. Printed with the DOI, volume and pages of reference"
    )
    assert [wrong in said for said in (third, second, unknown)] == [True, False, True]
    assert "the paper meant is Spiegel et al., Blood 2021;137(13):1832-1835" in third


def test_salvage_stands_apart_as_a_treatment(manager: Client) -> None:
    """H33: on neither side, and its absence is nothing that is missing."""
    given = relapsed(treatments=(salvage("2024-09-10", "pola_br", regimen="Pola-BR"),))
    page = page_of(manager, given)
    none = page_of(manager, relapsed() | {"case_id": "A-2"})

    places = {s.factor: s.place for s in shown(page) if "salvage" in s.factor}
    assert set(places.values()) == {"salvage"}
    assert "where it is met: treatment" not in words(page)
    assert "Salvage after relapse: Pola-BR" in plain(cards(page)["relapse"])
    assert "part-salvage" not in none
    assert {s.place for s in shown(none) if "salvage" in s.factor} == {"not_studied"}


def test_indices_of_toxicity_stand_apart_and_say_that_they_are_not_from_the_review(
    manager: Client,
) -> None:
    card = cards(page_of(manager, vignette("01")))["lymphodepletion"]

    apart = plain(card.partition("<h3>Indices of toxicity</h3>")[2])
    assert apart.startswith("Not from this review. CAR-HEMATOTOX")
    assert re.findall(r'data-index="(\w+)"', card)[-4:] == [
        *("car_hematotox", "easix", "m_easix", "s_easix"),
    ]


# Values, units and days


def test_a_value_in_another_unit_stands_with_what_is_drawn(manager: Client) -> None:
    page = page_of(manager, vignette("06"))

    assert "3.1 mg/dL = 31 mg/L" in words(page)
    assert re.findall(r'<text class="tl-letters tl-value"[^>]*>(31[^<]*)<', page) == ["31"]


def test_what_is_not_recorded_does_not_look_like_a_value(manager: Client) -> None:
    """H05."""
    page = page_of(manager, vignette("03"))

    tiles = re.findall(r'<div class="tile (\w*)"><dt>(.*?)</dt>', page)
    assert [name for tone, name in tiles if tone == "unrecorded"] == [
        *(
            "Response after CAR T-cells",
            "Deauville score",
            "SUVmax before → now",
            "ctDNA",
            "Worst CRS",
        ),
        *("Worst ICANS", "Histology", "Product", "Line"),
    ]


def test_the_legend_names_what_moves_values_once(manager: Client) -> None:
    moving = (
        event("tocilizumab", "2024-03-08"),
        event("infection", "2024-03-12", end="2024-03-30"),
    )
    page = page_of(manager, case(infusion={}, day_7={"crp": 9}, day_28={"crp": 5}, events=moving))

    said = words(page).partition("something that can move it by itself (")[2].partition(");")[0]
    assert said == "Infection, as an event; Tocilizumab, as an event"


def test_a_published_cut_off_has_its_unit_in_the_table(manager: Client) -> None:
    said = words(page_of(manager, vignette("01")))

    volumes = re.findall(r"cut-off of Total metabolic tumour volume, .*?: (\S+ \w+)", said)
    assert volumes == ["25 mL", "80 mL", "147.5 mL"]
    assert "cut-off of C-reactive protein, studied at Infusion (day 0): 30 mg/L" in said


def test_no_line_breaks_within_a_date_a_day_or_a_value_with_its_unit(manager: Client) -> None:
    page = page_of(manager, vignette("01")).partition("<main")[2]

    shown = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    assert re.findall(r"\d{1,2} [A-Z][a-z]{2} \d{4}", shown) == []
    assert re.findall(r"<strong>\d+ (?:U/L|mg/L|mL|ng/mL)</strong>", shown) == []
    assert re.findall(r"Day \+\d+|\(day [+−]\d+\)", shown) == []


def test_a_date_that_is_a_value_is_followed_by_its_visit_alone(manager: Client) -> None:
    page = page_of(manager, vignette("06"))

    assert "Date of infusion: 6 Sep 2022 Infusion (day 0)" in words(page)


# The patient


def test_two_identifiers_stand_on_the_page(manager: Client) -> None:
    of = imported(vignette("01"))
    unnamed = opened(manager, of)
    patient = of.patient
    patient.name, patient.hospital_number = "Invented Name", "H-17"
    patient.save()

    named = opened(manager, Case.objects.get(pk=of.pk))

    assert words(unnamed).strip().startswith("01-review-case Born 14 Mar 1970 Centre")
    head = "Invented Name Case 01-review-case Hospital number H-17 Born 14 Mar 1970 Centre"
    assert words(named).strip().startswith(head)


def test_what_was_typed_is_shown_as_text(manager: Client) -> None:
    nasty = "<script>alert(1)</script> %{x} <b>"
    document = case(
        infusion={"crp": {"value": 3, "note": nasty}},
        treatments=(line("2020-01-01", regimen=nasty),),
    )

    page = page_of(manager, document)

    assert "<script>alert" not in page
    assert "<b>" not in page


def test_a_case_without_assessments_has_a_page(manager: Client) -> None:
    said = words(page_of(manager, case()))

    assert "No milestone has been recorded yet" in said
    assert "no visit recorded" in said
    assert "No infusion and no visit is recorded." in said


def test_without_an_infusion_no_day_can_be_read_as_one_after_it(manager: Client) -> None:
    said = words(page_of(manager, case(election={}, day_28={})))

    assert "Day no infusion recorded" in said
    assert "(day" not in said


def test_what_is_dated_after_today_is_not_shown(manager: Client) -> None:
    document = case(infusion={})
    document["assessments"] += [interim("2024-05-01", crp=77.77)]
    recorded = imported(document)
    ahead = visit("interim", date(2999, 5, 1), crp="88.88")
    record(recorded, somebody(), *ahead)

    said = words(opened(manager, recorded))

    assert ("77.77" in said, "88.88" in said) == (True, False)


@pytest.mark.parametrize("name", ["nothing", "ferritin"])
def test_a_drawing_of_nothing_has_no_page(manager: Client, name: str) -> None:
    of = imported(case(infusion={"crp": 3}))

    assert manager.get(f"/cases/{of.public_id}/charts/{name}/").status_code == 404
