"""Two visits side by side: two milestones of a case, or of two cases without their identities."""

import re
import uuid
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise, zip_longest
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from patients.course.known import course_of
from patients.models import Access, AccessKind, Case, Patient, Role, User
from riskfactors.domain.documents import parse_case
from riskfactors.domain.findings import assess
from riskfactors.published import catalogue
from riskfactors.words.course import percent_words
from riskfactors.words.facts import day_words
from tests.accessibility import broken_rules
from tests.conftest import let_in
from tests.domain.cases import Json, case, line, text
from tests.patients import courses
from tests.patients.screens import NAMES, cells, imported, plain, somebody, vignette, words
from tests.patients.seeded import spellings
from tests.test_wording import breaches, shown, without_titles

LDH = {"value": 500, "unit": "U/L", "upper_limit": 250}


def asked(client: Client, of: Case, query: Mapping[str, Any], status: int = 200) -> str:
    response = client.get(f"/cases/{of.public_id}/compare/", query)
    assert response.status_code == status
    return response.content.decode()


def page_of(client: Client, document: Json, at: str, beside: str) -> str:
    return asked(client, imported(document), {"at": at, "with": beside})


def pair(first: Json, second: Json) -> tuple[Case, Case]:
    return imported(first | {"case_id": "A-1"}), imported(second | {"case_id": "A-2"})


def both(client: Client, first: Json, second: Json, at: str, beside: str) -> str:
    of, other = pair(first, second)
    return asked(client, of, {"at": at, "with": beside, "other": str(other.public_id)})


def values(page: str) -> dict[str, tuple[str, ...]]:
    """The rows of values and indices: what both sides say, and what has changed."""
    rows = re.findall(r'<th scope="row">([^<]+)</th>\s*((?:<td>.*?</td>\s*)+)', page, re.DOTALL)
    return {
        plain(name): tuple(plain(said) for said in re.findall(r"<td>(.*?)</td>", markup))
        for name, markup in rows
    }


def differing(page: str) -> list[str]:
    return re.findall(r'>([^<>]+)(?:</a>)? <span class="differs">differs</span>', page)


# Two milestones of a case


def test_values_stand_side_by_side_with_what_has_changed(manager: Client) -> None:
    document = case(
        lymphodepletion={"ldh": {"value": 400, "unit": "U/L", "upper_limit": 250}, "ecog": 2},
        infusion={"ldh": LDH, "ecog": 1, "crp": 30},
    )

    page = page_of(manager, document, "lymphodepletion", "infusion")

    assert values(page) == values(page) | {
        "ECOG performance status": ("2", "1", "lower by 1"),
        "Lactate dehydrogenase": (
            "400 U/L 1.60 × the upper limit of 250 U/L",
            "500 U/L 2.00 × the upper limit of 250 U/L",
            "higher by 100 U/L (+25 %)",
        ),
        "C-reactive protein": ("not recorded", "30 mg/L", ""),
    }


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        (30, 30.0, "the same"),
        (30, 12.5, "lower by 17.5 mg/L (−58 %)"),
        (900, 901, "higher by 1 mg/L (less than 1 %)"),
        (0, 3, "higher by 3 mg/L"),
        ({"value": 3, "comparator": "<"}, 2, "one lies beyond a limit: no difference"),
        ({"value": 3, "unit": "mg/dL"}, 30, "recorded in different units"),
    ],
)
def test_a_change_is_told_in_numbers_of_the_same_unit_alone(
    manager: Client, before: object, after: object, change: str
) -> None:
    document = case(lymphodepletion={"crp": before}, infusion={"crp": after})

    page = page_of(manager, document, "lymphodepletion", "infusion")

    assert values(page)["C-reactive protein"][2] == change


def test_the_earlier_milestone_stands_first_whichever_is_asked_for_first(manager: Client) -> None:
    of = imported(case(lymphodepletion={"crp": 9}, infusion={"crp": 3}))

    page = asked(manager, of, {"at": "infusion", "with": "lymphodepletion"})

    assert values(page)["C-reactive protein"] == ("9 mg/L", "3 mg/L", "lower by 6 mg/L (−67 %)")


@pytest.mark.one_database("test_documents.py: a case is read alike on both")
@pytest.mark.parametrize("name", NAMES)
def test_every_finding_of_both_milestones_stands_there_once(manager: Client, name: str) -> None:
    published, document = catalogue(), vignette(name)
    found = assess(parse_case(text(document), published.dictionary), published.agenda)[-2:]

    page = page_of(manager, document, *(at.milestone for at in found))

    assert {key: seen.verdict for key, seen in cells(page).items()} == {
        (at.milestone, finding.factor): finding.verdict for at in found for finding in at.findings
    }
    assert "No validated score combines these findings." in words(page)
    assert breaches(without_titles(shown(page))) == []


def test_a_row_differs_where_both_sides_are_decided_and_stands_first(manager: Client) -> None:
    low = LDH | {"value": 200}
    document = case(
        lymphodepletion={"ldh": low, "extranodal_sites": 3}, infusion={"ldh": LDH, "ecog": 2}
    )

    page = page_of(manager, document, "lymphodepletion", "infusion")

    assert differing(page) == ["LDH above normal"]
    assert cells(page)["infusion", "ldh_high_infusion"].words == "met 2× now above its limit"
    burden = page.partition(">Tumour burden<")[2]
    assert burden.index("LDH above normal") < burden.index("Tumour volume")


def test_what_cannot_be_decided_does_not_differ(manager: Client) -> None:
    document = case(lymphodepletion={"crp": 3}, infusion={"ldh": LDH})

    page = page_of(manager, document, "lymphodepletion", "infusion")

    assert cells(page)["lymphodepletion", "ldh_high_lymphodepletion"].verdict == "unknown"
    assert differing(page) == []


def test_what_is_to_be_remembered_stands_beside_both(manager: Client) -> None:
    deauville = {"deauville": 4, "response": "PR"}
    document = case(infusion={}, day_28=deauville, treatments=(line("2020-01-01"),))

    page = both(manager, document, document, "day_28", "day_28")

    assert "may still convert" in words(page)


def test_a_response_after_a_relapse_is_not_taken_for_one_to_the_cells(manager: Client) -> None:
    late = {"relapse": "2024-05-01"}
    document = case(infusion={}, relapse={"response": "PD"}, day_90={"response": "CR"}, dates=late)

    page = page_of(manager, document, "infusion", "day_90")

    assert words(page).count("After relapse or progression: a response is not one to CAR") == 1


# Two cases


def test_two_cases_stand_side_by_side_by_letters(manager: Client) -> None:
    second = case(
        infusion={"product": "liso_cel"}, day_28={"crp": 9, "prior_lines": 1}, born="1929-05-05"
    )

    page = both(manager, case(day_28={"crp": 3}), second, "day_28", "day_28")

    said = words(page)
    assert values(page)["C-reactive protein"] == ("3 mg/L", "9 mg/L")
    assert "A Day +28 Day after infusion no infusion recorded Age 50–59 years Sex female" in said
    assert "Liso-cel: few of these cohorts include it." in said
    assert "Second line: these cohorts are mostly third line or later." in said
    assert "Day +28 Age 90 years or older Sex female Product Lisocabtagene" in said
    assert "Change" not in said


@pytest.mark.one_database("test_documents.py: a case is read alike on both")
@pytest.mark.parametrize(("first", "second"), [*pairwise(NAMES)])
def test_nothing_beside_another_case_tells_who_somebody_is(
    manager: Client, first: str, second: str
) -> None:
    """Every text that people type, and every day, as pages write them."""
    documents = [_marked(vignette(name)) for name in (first, second)]
    of, other = (imported(d | {"case_id": f"Zqcase {n}"}) for n, d in enumerate(documents))
    Patient.objects.update(name="Zqname", birth_date=date(1931, 7, 23))
    Patient.objects.filter(pk=of.patient_id).update(hospital_number="Zqnumber")
    identities = {
        *("zqname", "zqnumber", "zqcase", "zqtyped", "hospital bcn"),
        *_days(date(1931, 7, 23)),
    }
    identities |= {text for document in documents for text in _dated(document)}

    told = {}
    for at, beside in zip_longest(*map(_milestones, documents), fillvalue="infusion"):
        query = {"at": at, "with": beside, "other": str(other.public_id)}
        page = asked(manager, of, query).replace("\N{NO-BREAK SPACE}", " ").lower()
        found = {text for text in identities if text in page}
        told[at, beside] = found | set(re.findall(r"<strong>\d+ years</strong>", page))

    assert set().union(*told.values()) == set()
    assert "zqname" in asked(manager, of, {}).lower()


def _milestones(document: Json) -> list[str]:
    visits = [visit["milestone"] for visit in document["assessments"]]
    return [milestone for milestone in visits if milestone != "interim"]


def _marked(part: Any, name: str = "") -> Any:
    """A document with a word of its own in every text that is typed freely."""
    match part:
        case dict():
            return {key: _marked(value, key) for key, value in part.items()}
        case list():
            return [_marked(value) for value in part]
        case str() if name in ("note", "regimen"):
            return "Zqtyped"
        case _:
            return part


def _dated(part: Any) -> Iterator[str]:
    match part:
        case dict() | list():
            for value in part.values() if isinstance(part, dict) else part:
                yield from _dated(value)
        case str() if re.fullmatch(r"\d{4}-\d\d-\d\d", part):
            yield from _days(date.fromisoformat(part))


def _days(day: date) -> set[str]:
    return {*spellings(day), day_words(day).replace("\N{NO-BREAK SPACE}", " ").lower()}


def test_a_day_of_observation_is_told_by_the_infusion(manager: Client) -> None:
    clerk = somebody(Role.DATA_MANAGER)
    earlier = courses.INFUSION_DAY - timedelta(days=3)
    revisions = courses.visit("infusion", crp="3")
    revisions[1].observed_on = earlier  # type: ignore[attr-defined]  # of the CRP
    of = courses.case(clerk, *revisions)
    other = imported(case(infusion={"crp": 4}) | {"case_id": "A-2"})

    page = asked(manager, of, {"at": "infusion", "with": "infusion", "other": str(other.public_id)})

    assert values(page)["C-reactive protein"] == ("3 mg/L observed on day −3", "4 mg/L")


def test_both_looks_are_logged(manager: Client) -> None:
    of, other = pair(case(infusion={}), case(infusion={}))

    asked(manager, of, {"at": "infusion", "with": "infusion", "other": str(other.public_id)})

    looked = Access.objects.filter(kind=AccessKind.LOOKED).order_by("pk")
    assert [access.case for access in looked] == [of, other]


# What is asked for


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"at": "infusion"}, "Choose a milestone."),
        ({"at": "infusion", "with": ""}, "Choose a milestone."),
        ({"at": "infusion", "with": "tea"}, "Choose a milestone that has been reached."),
        ({"at": "infusion", "with": "month_6"}, "Choose a milestone that has been reached."),
        ({"at": "infusion", "with": "interim"}, "Choose a milestone that has been reached."),
        ({"at": "x" * 5000, "with": "infusion"}, "Choose a milestone that has been reached."),
        ({"at": "infusion", "with": "infusion"}, "Choose another milestone than the first."),
        ({"at": "infusion", "with": "day_7", "other": "x" * 5000}, "names no other case."),
    ],
)
def test_what_cannot_be_compared_is_refused_with_words(
    manager: Client, query: dict[str, str], said: str
) -> None:
    of = imported(case(infusion={"crp": 3}, day_7={"crp": 4}))

    page = asked(manager, of, query, 422)

    assert said in words(page)
    assert "Recorded values" not in words(page)


def test_a_milestone_that_the_other_case_has_not_reached_is_refused(manager: Client) -> None:
    of, other = pair(case(infusion={}, day_7={}), case(infusion={}))
    query = {"at": "day_7", "with": "day_7", "other": str(other.public_id)}

    page = asked(manager, of, query, 422)
    itself = asked(manager, of, query | {"other": str(of.public_id)}, 422)

    assert "Choose a milestone that has been reached." in words(page)
    assert "A-1" not in page
    assert "The other case is this case." in words(itself)


def test_nothing_asked_for_shows_the_latest_two(manager: Client) -> None:
    page = asked(manager, imported(case(infusion={}, day_7={}, day_28={"crp": 3})), {})
    young = asked(manager, imported(case(infusion={}) | {"case_id": "A-2"}), {})

    assert "Change to Day +28" in words(page)
    assert "This case has not reached two milestones yet." in words(young)


CHOICE = {"at": "infusion", "with": "day_28", "other": "", "code": ""}


def chosen(client: Client, of: Case, **typed: str) -> Any:
    return client.post(f"/cases/{of.public_id}/compare/", CHOICE | typed)


def test_another_case_is_chosen_in_the_list_or_by_its_code(manager: Client) -> None:
    of, other = pair(case(infusion={}), case(day_28={}))
    address = f"/cases/{of.public_id}/compare/?at=infusion&with=day_28&other={other.public_id}"

    by_code = chosen(manager, of, code="\N{NO-BREAK SPACE}A-2\N{ZERO WIDTH SPACE} ")
    in_the_list = chosen(manager, of, other=str(other.public_id))

    assert {by_code.headers["Location"], in_the_list.headers["Location"]} == {address}
    assert manager.get(address).status_code == 200


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"code": "B-77"}, "None of your other cases has this code."),
        ({"code": "A-1"}, "None of your other cases has this code."),
        ({"code": "zq-foreign"}, "None of your other cases has this code."),
        ({"code": "A\0"}, "A control character (U+0000) stands in it"),
        ({"code": "x" * 5000}, "at most 200 characters"),
        ({"code": "†"}, "Write it with letters or digits."),
        ({}, "Choose one case, in the list or by its code."),
        ({"code": "A-2", "other": str(uuid.UUID(int=1))}, "Choose one case, in the list or"),
        ({"code": "A-2", "with": "tea"}, "Choose a milestone that has been reached."),
    ],
)
def test_a_code_that_leads_nowhere_is_told_at_its_field_and_nothing_is_lost(
    manager: Client, typed: dict[str, str], said: str
) -> None:
    of, _other = pair(case(infusion={}), case(day_28={}))
    elsewhere = courses.centre("OTHER")
    stranger = courses.person("stranger", Role.CLINICIAN, at=elsewhere)
    courses.case(stranger, case_id="zq-foreign", at=elsewhere)

    answer = chosen(manager, of, **typed)

    page = answer.content.decode()
    assert (answer.status_code, said in words(page)) == (422, True)
    kept = typed.get("code", "")
    assert "\0" in kept or f'value="{kept}"' in page or not kept
    assert '<option value="day_28" selected>' in page or "with" in typed
    assert ("A-2" in page, "zq-foreign" in page) == (True, kept == "zq-foreign")


def test_a_code_of_two_centres_is_chosen_in_the_list(client: Client, db: None) -> None:
    centres = [courses.centre(code) for code in ("ONE", "TWO")]
    ana = courses.person("ana.ruiz", Role.CLINICIAN, at=centres[0])
    ben = courses.person("ben.sanz", Role.CLINICIAN, at=centres[1])
    ana.memberships.create(centre=centres[1], role=Role.READER, granted_by=ben)
    of = courses.case(ana, *courses.visit(), case_id="A-1", at=centres[0])
    alike = [
        courses.case(ana, case_id="A-2", at=centres[0]),
        courses.case(ben, case_id="A-2", at=centres[1]),
    ]
    client.force_login(ana)

    answer = chosen(client, of, code="A-2")

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Several cases have this code: choose one in the list." in words(page)
    assert [str(each.public_id) in page for each in alike] == [True, True]


# What it costs, and how it looks


@pytest.mark.parametrize("visits", [1, 30])
def test_the_page_asks_as_much_of_long_cases_as_of_short_ones(manager: Client, visits: int) -> None:
    of, other = (_of_visits(visits, case_id) for case_id in ("A-1", "A-2"))
    course_of.cache_clear()
    query = {"at": "infusion", "with": "day_28"}

    with CaptureQueriesContext(connection) as alone:
        asked(manager, of, query)
    course_of.cache_clear()
    with CaptureQueriesContext(connection) as beside:
        asked(manager, of, query | {"other": str(other.public_id)})

    # session and user; a case, its look with its line in a savepoint and its five questions; the
    # other cases
    assert (len(alone), len(beside)) == (2 + 11 + 1, 2 + 11 + 11)


def _of_visits(number: int, case_id: str) -> Case:
    by = User.objects.filter(username="ines.gil").first() or somebody(Role.DATA_MANAGER)
    statements = [*courses.visit("infusion", crp="3")]
    statements += courses.visit("day_28", courses.INFUSION_DAY + timedelta(days=28), crp="9")
    for day in range(1, number):
        statements += courses.visit("interim", courses.INFUSION_DAY + timedelta(days=day), crp="3")
    return courses.case(by, *statements, courses.line(), courses.event(), case_id=case_id)


@pytest.mark.one_database("test_compare.py sends the same on both", sends=True)
@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_both_kinds_are_accessible_and_fit_the_width(
    page: Page, live_server: LiveServer, width: int, scheme: Any
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    let_in(page, somebody(Role.DATA_MANAGER), live_server)
    of, _other = pair(vignette("01"), vignette("02"))

    page.goto(f"/cases/{of.public_id}/")
    page.get_by_role("link", name="Compare", exact=True).click()
    page.get_by_text("With another case").click()
    found = [broken_rules(page), page.evaluate("document.documentElement.scrollWidth")]
    page.get_by_label("or its code").fill("A-2")
    page.locator(".beside").get_by_role("button").click()
    expect(page.get_by_role("heading", name="Two cases side by side")).to_be_visible()
    page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true; })")
    found += [broken_rules(page), page.evaluate("document.documentElement.scrollWidth")]

    assert found == [[], width, [], width]


@pytest.mark.parametrize(
    ("change", "said"),
    [("12.5", "+13 %"), ("-12.5", "−12 %"), ("0.4", "less than 1 %"), ("0", "0 %")],
)
def test_half_a_percent_is_rounded_up(change: str, said: str) -> None:
    """As beside the field while it is typed."""
    assert plain(percent_words(Decimal(change))) == said
