"""The worklist: whose cases, in which words, in how many queries."""

import re
import uuid
from datetime import date, timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from patients.models import (
    Assessment,
    AssessmentDate,
    Case,
    Membership,
    Patient,
    Revision,
    Role,
    User,
)
from patients.records.opening import open_case
from patients.worklist.listing import PAGE
from riskfactors.domain.vocabulary import Sex
from riskfactors.words.facts import day_words
from tests.patients import courses
from tests.patients.courses import INFUSION_DAY, event, value, visit
from tests.patients.pages import case_ids, words

TODAY = INFUSION_DAY + timedelta(days=30)
ROWS = re.compile(r"<tr>.*?</tr>", re.DOTALL)


@pytest.fixture
def ana(db: None) -> User:
    return courses.person("ana.ruiz", Role.CLINICIAN)


@pytest.fixture
def reader(client: Client, ana: User) -> Client:
    client.force_login(ana)
    return client


def on(day: int) -> date:
    return INFUSION_DAY + timedelta(days=day)


def named(ana: User, case_id: str, name: str, number: str) -> Case:
    """A case of a patient with this name."""
    return open_case(
        patient=Patient(centre=courses.centre(), name=name, hospital_number=number),
        case_id=case_id,
        birth_date=date(1974, 1, 1),
        sex=Sex.OTHER,
        by=ana,
        token=uuid.uuid4(),
    ).case


def test_each_centre_has_a_list_of_its_own_and_a_foreign_one_does_not_exist(
    client: Client, ana: User
) -> None:
    courses.case(ana, case_id="A-1")
    madrid = courses.centre("MAD")
    leo = courses.person("leo.vidal", Role.READER, at=madrid)
    writer = courses.person("writer", Role.CLINICIAN, at=madrid)
    courses.case(writer, at=madrid, case_id="M-1")
    client.force_login(leo)

    assert case_ids(client.get("/cases/")) == ["M-1"]
    assert client.get("/cases/?centre=BCN").status_code == 404
    assert client.get("/cases/?centre=nowhere").status_code == 404


def test_with_several_centres_one_is_chosen(reader: Client, ana: User) -> None:
    madrid = courses.centre("MAD")
    Membership.objects.create(user=ana, centre=madrid, role=Role.READER, granted_by=ana)
    courses.case(ana, case_id="A-1")

    first, second = reader.get("/cases/"), reader.get("/cases/?centre=MAD")

    assert (case_ids(first), case_ids(second)) == (["A-1"], [])
    for page, current in ((first, "BCN"), (second, "MAD")):
        (tabs,) = re.findall(r'<nav class="tabs".*?</nav>', page.content.decode(), re.DOTALL)
        assert re.findall(r'centre=(\w+)" aria-current="page"', tabs) == [current]
    assert "/cases/new/" in first.content.decode()
    assert "/cases/new/" not in second.content.decode()


def test_who_may_import_is_led_there(client: Client, reader: Client, ana: User) -> None:
    link = 'href="/cases/import/">Import a case</a>'

    clinicians = reader.get("/cases/").content.decode()
    client.force_login(courses.person("ines.gil", Role.DATA_MANAGER))

    assert (link in clinicians, link in client.get("/cases/").content.decode()) == (False, True)


def test_who_sees_no_centre_is_told_whom_to_ask_and_learns_no_name(
    client: Client, ana: User
) -> None:
    courses.person("head", Role.ADMINISTRATOR)
    client.force_login(courses.person("new.here"))

    page = words(client.get("/cases/"))

    assert "You have no right to see the cases of a centre." in page
    assert "The administrator of people of your centre can give it to you" in page
    assert "head" not in page.partition("You have no right")[2]


def test_an_empty_list_leads_to_the_first_patient(reader: Client, ana: User) -> None:
    nobody, nothing = words(reader.get("/cases/")), words(reader.post("/cases/", {"q": "zebra"}))

    assert "No cases yet." in nobody
    assert "Register the first" in nobody
    assert "Nothing matches." in nothing


# The page


def test_two_identifiers_name_each_patient_and_the_line_leads_to_the_case(
    reader: Client, ana: User
) -> None:
    case = courses.case(ana, *visit())

    page = reader.get("/cases/").content.decode()

    (row,) = [row for row in ROWS.findall(page) if 'scope="row"' in row]
    assert f'<a href="/cases/{case.public_id}/">A-1</a>' in row
    assert "Invented Name" in row
    assert '<span class="kind">A-1 <span class="age">' in row  # the hospital number


def test_what_a_patient_is_called_cannot_become_markup(reader: Client, ana: User) -> None:
    named(ana, "<i>{who}", "<b>{0}</b> & {url}", "1")

    page = reader.get("/cases/").content.decode()

    assert "&lt;b&gt;{0}&lt;/b&gt; &amp; {url}" in page
    assert "&lt;i&gt;{who}</a>" in page


def test_the_course_and_what_is_expected_are_said_in_words(reader: Client, ana: User) -> None:
    today = timezone.localdate()
    courses.case(ana, *visit(on=today - timedelta(days=30), product="axi_cel"), case_id="A-1")
    courses.case(ana, event("not_infused", on(3), cause="manufacturing"), case_id="A-2")
    courses.case(ana, *visit(on=on(0)), event("death", on(12)), case_id="A-3")
    courses.case(ana, *visit("election", on(0), product="tisa_cel"), case_id="A-4")
    courses.case(ana, event("death", on(12)), case_id="A-5")

    page = words(reader.get("/cases/?order=case"))

    first, second, third, fourth, fifth = re.split(r"(?=A-\d Invented)", page)[1:]
    assert "axi-cel Infusion Day +30" in first
    assert "Overdue: Day +7, since" in first
    assert "Due: Day +28, until" in first
    assert "Not infused 9 Mar 2024" in second
    assert "Died 18 Mar 2024, Day +12" in third
    assert "tisa-cel planned Infusion Before infusion" in fourth
    assert "Died 18 Mar 2024, before infusion" in fifth


def test_a_response_from_before_the_infusion_is_not_taken_for_one_to_it(
    reader: Client, ana: User
) -> None:
    courses.case(ana, *until_infusion(), case_id="A-1")
    courses.case(ana, *until_infusion(), *visit("day_28", on(28), response="SD"), case_id="A-2")
    courses.case(ana, *visit("infusion", on(0), response="PR"), case_id="A-3")

    page = words(reader.get("/cases/?order=case"))

    first, second, third = re.split(r"(?=A-\d Invented)", page)[1:]
    assert "None since infusion Partial response, Lymphodepletion, 1 Mar 2024" in first
    assert "Stable disease Day +28, 3 Apr 2024" in second
    assert "None since infusion Partial response, Infusion (day 0), 6 Mar 2024" in third


def test_a_relapse_leads_the_last_response_with_what_was_before(reader: Client, ana: User) -> None:
    responding, relapsed = visit("day_28", on(28), response="CR"), visit("relapse", on(60))
    again = visit("interim", on(90), response="PR")
    courses.case(ana, *until_infusion(), *responding, *relapsed, case_id="A-1")
    courses.case(ana, *until_infusion(), *visit("relapse", on(20), response="PD"), case_id="A-2")
    courses.case(ana, *until_infusion(), *visit("relapse", on(60)), *again, case_id="A-3")

    page = words(reader.get("/cases/?order=case"))

    first, second, third = re.split(r"(?=A-\d Invented)", page)[1:]
    told = "Last response Relapse or progression"
    assert f"{told} 5 May 2024 before: Complete response, Day +28, 3 Apr 2024" in first
    assert f"{told} 26 Mar 2024 before: none since infusion" in second
    assert f"{told} 5 May 2024 since then: Partial response, Interim visit, 4 Jun 2024" in third


def test_a_response_that_is_not_evaluable_says_so_with_what_was_before(
    reader: Client, ana: User
) -> None:
    for number, code in enumerate(("PR", "PD"), 1):
        told, at = visit("day_28", on(28), response=code), Assessment(milestone="day_90")
        untold = (
            AssessmentDate(assessment=at, revision=1, date=on(90)),
            value(at, "response", "", absent="asked-unknown"),
        )
        courses.case(ana, *until_infusion(), *told, *untold, case_id=f"A-{number}")

    page = words(reader.get("/cases/?order=case"))

    first, second = re.split(r"(?=A-\d Invented)", page)[1:]
    on_day_90 = "Day +90, 4 Jun 2024"
    assert f"Not evaluable {on_day_90} before: Partial response, Day +28, 3 Apr 2024" in first
    assert (
        f"Progressive disease Day +28, 3 Apr 2024 since then: not evaluable, {on_day_90}" in second
    )


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([("election", -60, "tisa_cel")], "tisa-cel planned"),
        ([("interim", -60, "tisa_cel")], "tisa-cel planned"),
        (
            [("election", -60, "tisa_cel"), ("infusion", 0, "")],
            "tisa-cel recorded before the infusion",
        ),
        (
            [("interim", -60, "tisa_cel"), ("infusion", 0, "")],
            "tisa-cel recorded before the infusion",
        ),
        ([("election", -60, "tisa_cel"), ("infusion", 0, "axi_cel")], "axi-cel"),
        ([("infusion", 0, ""), ("interim", 3, "axi_cel")], "axi-cel"),
        ([("infusion", 0, ""), ("day_7", 7, "axi_cel")], "axi-cel"),
        ([("day_7", 7, "axi_cel")], "axi-cel"),
        ([("infusion", 0, "")], "Not recorded"),
    ],
)
def test_a_planned_product_is_not_taken_for_the_one_that_was_infused(
    reader: Client, ana: User, rows: list[tuple[str, int, str]], told: str
) -> None:
    recorded = []
    for milestone, day, product in rows:
        recorded += visit(milestone, on(day), **({"product": product} if product else {}))
    courses.case(ana, *recorded)

    page = words(reader.get("/cases/"))

    assert f"Product {told} Infusion" in page


def test_overdue_visits_stand_in_one_line(reader: Client, ana: User) -> None:
    courses.case(ana, *visit(on=timezone.localdate() - timedelta(days=43)))

    page = words(reader.get("/cases/"))

    since = day_words(timezone.localdate() - timedelta(days=35)).replace("\N{NO-BREAK SPACE}", " ")
    assert f"Overdue: Day +7 to Day +28, the first since {since} Items" in page


def test_what_there_is_to_do_stands_under_headings_and_leads_to_it_alone(
    reader: Client, ana: User
) -> None:
    courses.case(ana, *visit(on=timezone.localdate() - timedelta(days=30)), case_id="B-1")
    courses.case(ana, *visit("election", on(0)), case_id="A-1")

    today, by_case = reader.get("/cases/"), reader.get("/cases/?order=case")

    headings = re.compile(r'scope="rowgroup" colspan="7">(.*?)<')
    assert headings.findall(today.content.decode()) == ["Visits due or overdue", "Other cases"]
    assert headings.findall(by_case.content.decode()) == []
    assert (case_ids(today), case_ids(by_case)) == (["B-1", "A-1"], ["A-1", "B-1"])
    assert case_ids(reader.get("/cases/?show=expected")) == ["B-1"]


def test_the_head_of_a_column_says_how_the_list_stands_and_turns_it_round(
    reader: Client, ana: User
) -> None:
    courses.case(ana, *visit(), case_id="A-1")
    heads = re.compile(r'<th scope="col"(?: aria-sort="(\w+)")?><a class="sort" href="([^"]+)">')

    told = {
        order: [
            (standing, unescape(url).partition("order=")[2])
            for standing, url in heads.findall(
                reader.get(f"/cases/?order={order}").content.decode()
            )
        ]
        for order in ("", "-infusion", "infusion")
    }

    others = [("", "-response"), ("", "expected")]
    assert told == {
        "": [("", "case"), ("", "-infusion"), *others],
        "-infusion": [("", "case"), ("descending", "infusion"), *others],
        "infusion": [("", "case"), ("ascending", "-infusion"), *others],
    }


def test_what_was_searched_for_stands_by_its_case_and_no_head_leads_away_from_it(
    reader: Client, ana: User
) -> None:
    courses.case(ana, *visit(), case_id="A-1")

    page = reader.post("/cases/", {"q": "invented"}).content.decode()

    assert 'aria-sort="ascending">Case and patient</th>' in page
    assert 'class="sort"' not in page


def test_a_change_since_the_reader_looked_stands_beside_the_case(reader: Client, ana: User) -> None:
    case = courses.case(ana, *visit())
    reader.get(f"/cases/{case.public_id}/")
    courses.record(case, courses.person("ben.roca", Role.CLINICIAN), *visit("day_7", on(7)))

    before = words(reader.get("/cases/"))
    reader.get(f"/cases/{case.public_id}/")
    after = words(reader.get("/cases/"))

    note = "changed since you looked, " + day_words(timezone.localdate())
    note = note.replace("\N{NO-BREAK SPACE}", " ")
    assert (note in before, note in after) == (True, False)


def test_results_that_are_pending_are_counted_beside_what_is_missing(
    reader: Client, ana: User
) -> None:
    case = courses.case(ana, *visit("day_28", on(28)))
    at = Assessment.objects.get(case=case)
    awaited = [courses.value(at, name, "", absent="temp-unknown") for name in ("deauville", "ldh")]
    courses.record(case, ana, *awaited)

    assert "2 pending" in words(reader.get("/cases/?show=pending"))


def test_the_next_visit_stands_where_none_is_due(reader: Client, ana: User) -> None:
    today = timezone.localdate()
    courses.case(ana, *visit(on=today - timedelta(days=30)), *visit("day_28", today))

    page = words(reader.get("/cases/"))

    opens = day_words(today + timedelta(days=45)).replace("\N{NO-BREAK SPACE}", " ")
    assert f"Visits expected Next: Day +90, from {opens}" in page


@pytest.mark.parametrize(
    ("show", "said"),
    [
        ("expected", "No visit is due or overdue."),
        ("progressed", "No relapse or progression in the last 30 days."),
        ("pending", "No result is pending."),
        ("changed", "Nothing has changed since you looked."),
        ("infused", "No patient was infused yet."),
        ("died", "No death is recorded."),
    ],
)
def test_an_empty_part_says_so_and_what_stands_in_it(
    reader: Client, ana: User, show: str, said: str
) -> None:
    courses.case(ana, *visit("election", on(0)))

    page = words(reader.get(f"/cases/?show={show}"))

    assert said in page
    assert page.endswith("Show all cases")


def until_infusion() -> list[Revision]:
    return [*visit("lymphodepletion", on(-5), response="PR"), *visit("infusion", on(0))]


def test_no_finding_is_counted_shown_or_sorted_by(reader: Client, ana: User) -> None:
    courses.case(ana, *visit("lymphodepletion", on(-5), ecog="4", response="PD", mtv="900"))
    User.objects.update(guide_put_away=True)  # the guide says what verdicts there are

    page = reader.get("/cases/").content.decode()

    said = words(reader.get("/cases/")).lower()
    choices = set(re.findall(r"(show|order)=([\w-]+)", page))
    assert choices == {
        *(("show", show) for show in ("expected", "progressed", "pending", "changed")),
        *(("show", show) for show in ("infused", "not_infused", "died")),
        *(("order", order) for order in ("case", "-infusion", "-response", "expected")),
    }
    forbidden = ("adverse", "favourable", "risk", "factor", "finding", "criterion", "score")
    assert [word for word in forbidden if word in said] == []


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def many() -> list[Revision]:
    """Twenty-nine visits before the infusion."""
    rows = [row for n in range(26) for row in visit("interim", on(-100 + n), response="PR")]
    for number, milestone in enumerate(("election", "apheresis", "lymphodepletion")):
        rows += visit(milestone, on(-60 + number), ecog="1")
    return rows


@pytest.mark.parametrize("address", ["/cases/", "/cases/?order=-infusion", "/cases/?show=died"])
def test_the_number_of_queries_is_the_same_for_one_case_and_a_dozen(
    reader: Client, ana: User, address: str
) -> None:
    courses.case(ana, *visit(), event("death", on(3)), case_id="B-0")
    one = queries(reader, address)

    for number in range(1, 12):
        rows = [*(many() if number < 3 else []), *visit(on=on(number % 9))]
        courses.case(ana, *rows, event("death", on(9)), case_id=f"B-{number}")

    dozen, again = queries(reader, address), queries(reader, address)

    assert len(case_ids(reader.get(address))) == 12
    assert Assessment.objects.filter(case__case_id="B-1").count() == 30
    assert (one, dozen, dozen - again) == (one, one, 5)
    assert one <= 16 + courses.LINE_QUERIES


def test_a_list_beyond_its_page_counts_and_leads_on(reader: Client, ana: User) -> None:
    for number in range(PAGE + 1):
        courses.case(ana, case_id=f"B-{number:02}")

    first = reader.get("/cases/")
    (following,) = re.findall(r'href="([^"]*)" rel="next"', first.content.decode())
    second = reader.get(unescape(following))
    searched = reader.post("/cases/", {"q": "b"})
    after = re.findall(r'name="after" value="([0-9a-f-]+)"', searched.content.decode())
    searched_on = reader.post("/cases/", {"q": "b", "after": after[-1]})

    assert f"{PAGE + 1} cases" in words(first)
    assert (len(case_ids(first)), case_ids(second), case_ids(searched_on)) == (
        PAGE,
        [f"B-{PAGE}"],
        [f"B-{PAGE}"],
    )
    assert f"More than {PAGE} cases" in words(searched)
    assert ">First page</a>" in second.content.decode()
