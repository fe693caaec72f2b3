"""A case on the screen of a meeting: what stands there, and that nothing tells who it is."""

import re
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from patients.board import presenting
from patients.board.nameless import without_dates
from patients.course.known import course_of, known_now
from patients.models import (
    Access,
    AgendaItem,
    Assessment,
    Case,
    ClearanceRevision,
    Meeting,
    Role,
    User,
)
from patients.permissions import Right, open_case_of
from tests.patients import boards, courses
from tests.patients.screens import NAMES, imported, plain, vignette
from tests.patients.seeded import seed, spellings

pytestmark = pytest.mark.django_db
DATES = re.compile(r"\b(19|20)\d\d-\d\d-\d\d\b|\b\d{1,2}\W[A-Z][a-z]{2,8}\W(19|20)\d\d\b")


def presented(by: User, case: Case, *, post: bool = False) -> str:
    """The page of a case at the first meeting of its centre."""
    client = Client()
    client.force_login(by)
    address = f"/cases/{case.public_id}/meetings/1/"
    response = client.post(address) if post else client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_nothing_on_screen_tells_who_it_is() -> None:
    seeded = seed("MAD", born=date(1951, 7, 23), infused=date(2023, 5, 17), crp="61.7")

    page = presented(seeded.staff, seeded.case)

    hidden = {seeded.case.patient.name, seeded.case.patient.hospital_number}
    hidden |= {word for word in seeded.patients_words if word.startswith("zq")}
    hidden |= {*spellings(date(1951, 7, 23)), *spellings(date(2023, 5, 17))}
    hidden -= {seeded.case.case_id}
    assert [word for word in hidden if word.lower() in page.lower()] == []


@pytest.mark.parametrize("name", NAMES)
def test_no_date_of_the_calendar_stands_on_the_screen_of_a_case(name: str) -> None:
    case = imported(vignette(name))
    by = User.objects.get(username="ines.gil")
    boards.item(case, by)

    page = presented(by, case)

    without_digest = re.sub(r"[0-9a-f]{12,}", "", page)
    assert DATES.findall(without_digest) == []
    assert "No validated score combines these findings." in page


def part(by: User, case: Case) -> str:
    """The decision beside a case, without what a person types into it."""
    client = Client()
    client.force_login(by)
    page = client.get(f"/cases/{case.public_id}/meetings/1/recommendation/?part&head=0&digest=")
    assert page.status_code == 200
    return re.sub(r"<input[^>]*>|<textarea.*?</textarea>", "", page.content.decode(), flags=re.S)


@pytest.mark.parametrize("name", NAMES)
def test_the_decision_beside_it_tells_no_date_and_no_age_either(name: str) -> None:
    case = imported(vignette(name))
    by = User.objects.get(username="ines.gil")
    boards.item(case, by)
    opened = open_case_of(by, case.public_id, Right.SEE)
    ages = {view.years for view in course_of(known_now(opened)).views}

    beside, page = part(by, case), presented(by, case)

    exact = re.compile(rf"(?<!–)\b({'|'.join(map(str, ages))})\syears\b(?! or)")
    assert DATES.findall(beside) == []
    assert [exact.findall(plain(each)) for each in (beside, page)] == [[], []]
    assert str(opened.born) not in beside


def test_an_age_is_told_by_ten_years_in_findings_and_in_the_form() -> None:
    case = imported(vignette("03-decided-despite-gaps"))
    by = User.objects.get(username="ines.gil")
    boards.item(case, by)

    beside, page = plain(part(by, case)), plain(presented(by, case))

    assert "Age 65 years or more, Election: met 60–69 years" in beside
    assert "Age 65 years or more met 60–69 years" in page


def test_the_day_is_that_of_today_beside_that_of_the_last_visit() -> None:
    ines = courses.person("ines.gil", Role.CLINICIAN)
    case = courses.case(ines, *courses.visit(on=timezone.localdate() - timedelta(days=40)))
    boards.item(case, ines)

    page = plain(presented(ines, case))

    assert "Day after infusion Day +40 last visit day 0" in page


def test_without_an_infusion_no_day_reads_as_one_after_it() -> None:
    ines = courses.person("ines.gil", Role.CLINICIAN)
    first, second = date(2024, 3, 1), date(2024, 3, 16)
    visits = [*courses.visit("election", first, response="PD")]
    visits += courses.visit("apheresis", second, ctdna="detectable")
    died = courses.event("death", date(2024, 3, 31), cause="lymphoma")
    case = courses.case(ines, *visits, died)
    boards.item(case, ines, gate="apheresis", question="What now?")

    page = plain(presented(ines, case))

    assert "day of the first visit, Election" in page
    assert "15 days after the first visit, Apheresis" in page
    assert "died 30 days after the first visit; lymphoma" in page
    assert "From first visit" in page
    assert re.findall(r"\bday [+−]?\d+", page, flags=re.I) == []


def row(page: str, name: str) -> list[str]:
    """What stands in a row of the findings."""
    found = re.search(rf'<tr><th scope="row">{name}</th>(.*?)</tr>', page, flags=re.S)
    assert found is not None
    return [plain(cell) for cell in re.findall(r"<td.*?</td>", found[1], flags=re.S)]


def test_a_row_says_the_group_the_value_the_change_and_whose_figure_it_is() -> None:
    ines = courses.person("ines.gil", Role.CLINICIAN)
    before = courses.visit("lymphodepletion", date(2024, 3, 1), extranodal_sites="1")
    at_infusion = courses.visit(extranodal_sites="3", ldh="300", ferritin="90", il6="7")
    day_28 = courses.visit("day_28", date(2024, 4, 3), response="PR", deauville="4")
    case = courses.case(ines, *before, *at_infusion, *day_28)
    boards.item(case, ines)

    page = presented(ines, case)

    assert row(page, "Deauville score") == [
        "DS 4",
        "PFS at 12 months: DS 1-2 77.1%, DS 3 63.5%, DS 4 43.5% , DS 5 0%; axi-cel/tisa-cel, "
        "n=171 [29]",
    ]
    assert "<strong>DS 4 43.5%</strong>" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert row(page, "Two or more extranodal sites")[0] == "met 3, newly met"
    assert row(page, "Two or more extranodal sites")[-1].endswith("axi-cel/tisa-cel, n=116 [19] ‡")
    assert "LDH, ferritin and IL-6" not in plain(page)


def test_a_group_without_a_figure_does_not_borrow_that_of_another() -> None:
    ines = courses.person("ines.gil", Role.CLINICIAN)
    before = courses.visit("lymphodepletion", date(2024, 3, 1), suvmax="12")
    day_28 = courses.visit("day_28", date(2024, 4, 3), deauville="2", suvmax="3")
    case = courses.case(ines, *before, *courses.visit(), *day_28)
    boards.item(case, ines)

    page = presented(ines, case)

    assert row(page, "Deauville and SUV change") == [
        "DS 1 to 3: 2",
        "no figure for this group [31]",
    ]


def test_what_was_recorded_since_is_named_without_words_that_may_tell_who_it_is() -> None:
    ines = courses.person("ines.gil", Role.CLINICIAN)
    case = courses.case(ines, *courses.visit(crp="12"))
    boards.item(case, ines)
    visit = Assessment.objects.get(case=case)
    noted = courses.value(visit, "crp", "31", 2)
    noted.note = "said by Zqwort"
    courses.record(case, ines, noted, courses.value(visit, "ldh", "300"), reason="typing error")

    page = plain(part(ines, case))

    assert "Infusion (day 0): Lactate dehydrogenase: 300 U/L" in page
    assert "Infusion (day 0): C-reactive protein: recorded" in page
    assert "Zqwort" not in page


def test_who_it_is_is_shown_when_asked_for_and_that_is_logged() -> None:
    ines = courses.person("ines.gil", Role.READER, Role.CLINICIAN)
    case = courses.case(ines, *courses.visit())
    boards.item(case, ines)

    before = presented(ines, case)
    after = presented(ines, case, post=True)

    assert ("Invented Name" in before, "Invented Name" in after) == (False, True)
    kinds = list(Access.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["looked", "looked", "revealed"]


def test_the_question_leads_and_the_cases_follow_each_other() -> None:
    ines = courses.person("ines.gil", Role.CLINICIAN)
    cases = [courses.case(ines, *courses.visit(), case_id=f"A-{n}") for n in (1, 2, 3)]
    for case in cases:
        boards.item(case, ines, question=f"What of {case.case_id}?")

    page = presented(ines, cases[1])

    assert plain(page).index("What of A-2?") < plain(page).index("Response after CAR T-cells")
    assert re.findall(r'href="/cases/([^/]+)/meetings/1/" rel="(\w+)"', page) == [
        (str(cases[0].public_id), "prev"),
        (str(cases[2].public_id), "next"),
    ]


def test_what_a_board_said_before_stands_with_what_came_of_it() -> None:
    ines = courses.person("ines.gil", Role.CLINICIAN)
    case = courses.case(ines, *courses.visit())
    boards.followed_up(case, ines)
    Meeting.objects.update(number=7)
    AgendaItem.objects.get()
    boards.item(case, ines)

    page = plain(presented(ines, case))

    assert "The board recommended: Repeat PET (done)" in page


def test_what_was_recorded_since_the_last_board_stands_there_and_tells_nobody() -> None:
    ines = courses.person("ines.gil", Role.CLINICIAN)
    case = courses.case(ines, *courses.visit())
    first = boards.item(case, ines)
    said = {"option": "salvage", "salvage_class": "bispecific"}
    boards.signed(first, boards.chair(at=case), **said)
    Meeting.objects.update(closed_at=timezone.now(), closed_by=ines)
    event = courses.event("infection", note="said by Zqwort")
    relapse = courses.visit("relapse", date(2024, 5, 20), response="PD")
    courses.record(case, ines, *relapse, event)
    boards.item(case, ines, number=2)
    client = Client()
    client.force_login(ines)

    page = plain(client.get(f"/cases/{case.public_id}/meetings/2/").content.decode())

    since = page.partition("Since the last board")[2]
    assert "The board recommended: Salvage treatment (bispecific antibody)" in since
    assert "Visit: Relapse or progression: day +75" in since
    assert "Relapse or progression: Disease response (Lugano): Progressive disease" in since
    assert "Event 1: recorded" in since
    assert "Zqwort" not in page


def test_what_a_signature_saw_is_compared_however_often_a_board_has_met_since() -> None:
    """The case was on no agenda of the meetings between; ages are told by tens."""
    ines = courses.person("ines.gil", Role.CLINICIAN)
    day_28 = courses.visit("day_28", date(2024, 4, 3), response="PR", suvmax="12")
    case = courses.case(ines, *courses.visit(), *day_28)
    rests_on = "day_28:suvmax_ge_10_day_28 infusion:age_gt_60"
    first, chair = boards.item(case, ines), boards.chair(at=case)
    boards.signed(first, chair, rests_on=rests_on, rests_on_none=False)
    late = courses.value(case.assessment_set.get(milestone="day_28"), "suvmax", "8.9", 2)
    courses.record(case, ines, late, reason="central reading")
    boards.item(courses.case(ines, case_id="A-2"), ines, number=2)
    Meeting.objects.update(closed_at=timezone.now(), closed_by=ines)
    boards.item(case, ines, number=3)
    client = Client()
    client.force_login(ines)

    page = plain(client.get(f"/cases/{case.public_id}/meetings/3/").content.decode())

    since = page.partition("Since the last board")[2]
    assert "No verdict has changed" not in since
    assert "it rests on this Criterion met (SUVmax 12) Criterion not met (SUVmax 8.9)" in since
    assert "Age" not in since


@pytest.mark.parametrize(
    "written",
    [
        *("3 Dec 2026", "2026-12-03", "3 December 2026", "3. December 2026", "03.12.2026"),
        *("3/12/2026", "Dec 3, 2026", "December 3 2026"),
    ],
)
def test_a_date_is_a_day_however_it_is_written(written: str) -> None:
    said = without_dates(f"PET on {written}, or later", lambda day: f"<{day.isoformat()}>")

    assert said == "PET on <2026-12-03>, or later"


@pytest.mark.parametrize("written", ["SUVmax 12 2026", "LDH 1.2", "31.02.2026"])
def test_what_is_no_date_is_none(written: str) -> None:
    said = without_dates(written, lambda day: f"<{day.isoformat()}>")

    assert said == ("(a date)" if written == "31.02.2026" else written)


def test_days_of_a_decision_count_from_its_meeting() -> None:
    ines = courses.person("ines.gil", Role.CLINICIAN)
    case = courses.case(ines, *courses.visit())
    boards.signed(boards.item(case, ines), boards.chair(at=case), due_on=date(2024, 4, 24))

    beside = plain(part(ines, case))

    assert "14 days after the meeting" in beside


def test_what_was_signed_before_its_meeting_is_called_so() -> None:
    ines = courses.person("ines.gil", Role.CLINICIAN)
    case = courses.case(ines, *courses.visit())
    of = boards.item(case, ines)
    Meeting.objects.update(held_on=timezone.localdate() + timedelta(1))
    boards.signed(of, boards.chair(at=case))

    page = plain(presented(ines, case))

    assert "Signed before this meeting: Repeat PET" in page


def test_without_an_infusion_the_latest_uptake_stands_alone() -> None:
    ines = courses.person("ines.gil", Role.CLINICIAN)
    election = courses.visit("election", date(2024, 1, 8), suvmax="27.2")
    apheresis = courses.visit("apheresis", date(2024, 1, 21), suvmax="31.5")
    case = courses.case(ines, *election, *apheresis)
    boards.item(case, ines)

    page = plain(presented(ines, case))

    assert "SUVmax, latest 31.5 13 days after the first visit" in page


def test_what_is_signed_and_that_somebody_is_not_eligible_stand_on_the_slide() -> None:
    ines = courses.person("ines.gil", Role.CLINICIAN)
    case = courses.case(ines, *courses.visit("election"))
    of = boards.item(case, ines)
    refused = ClearanceRevision(
        case=case,
        revision=1,
        kind="eligibility",
        answer="not_eligible",
        not_eligible="comorbidity",
        on=date(2024, 4, 1),
    )
    courses.record(case, ines, refused)
    before = plain(presented(ines, case))
    boards.signed(of, boards.chair(at=case))

    page = plain(presented(ines, case))

    assert "Found not eligible: Comorbidity" in page
    assert "Signed at this meeting: Repeat PET" in page
    assert "Signed at this meeting" not in before


@pytest.mark.parametrize("cases", [1, 5])
def test_it_asks_as_much_on_a_long_agenda_as_on_a_short_one(cases: int) -> None:
    ines = courses.person("ines.gil", Role.CLINICIAN)
    made = [courses.case(ines, *courses.visit(), case_id=f"A-{n}") for n in range(cases)]
    for case in made:
        boards.item(case, ines)
    client, address = Client(), f"/cases/{made[0].public_id}/meetings/1/"
    client.force_login(ines)
    client.get(address)

    with CaptureQueriesContext(connection) as asked:
        client.get(address)

    assert len(asked) == 14 + courses.LINE_QUERIES


def test_a_second_screen_is_told_which_case_is_shown() -> None:
    ines = courses.person("ines.gil", Role.CLINICIAN)
    case = courses.case(ines)
    item = boards.item(case, ines)
    client = Client()
    client.force_login(ines)
    address = "/centres/BCN/board/1/shown/"

    before = client.get(address).json()
    client.post(address, {"item": item.pk})

    assert before == {"url": ""}
    assert client.get(address).json()["url"] == f"/cases/{case.public_id}/meetings/1/"
    assert client.post(address, {"item": "no item"}).status_code == 404


def test_it_is_told_that_the_case_is_another_in_few_queries(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ines = courses.person("ines.gil", Role.CLINICIAN)
    case = courses.case(ines, *courses.visit())
    item = boards.item(case, ines)
    client = Client()
    client.force_login(ines)
    address = "/centres/BCN/board/1/shown/"
    client.post(address, {"item": item.pk})

    def version() -> str:
        return str(client.get(address).json()["version"])

    first, again = version(), version()
    courses.record(case, ines, courses.value(Assessment.objects.get(), "ldh", "300"))
    corrected = version()
    boards.signed(item, boards.chair(at=case))
    signed = version()
    monkeypatch.setattr(presenting, "catalogue", lambda: SimpleNamespace(digest="another"))
    republished = version()
    with CaptureQueriesContext(connection) as asked:
        version()

    assert first == again
    assert len({first, corrected, signed, republished}) == 4
    assert len(asked) == 5


def test_one_person_moves_the_second_screen_until_somebody_takes_over() -> None:
    ines = courses.person("ines.gil", Role.CLINICIAN)
    case, other = (courses.case(ines, case_id=name) for name in ("A-1", "A-2"))
    first, second = boards.item(case, ines), boards.item(other, ines)
    rosa, luis = courses.person("rosa", Role.READER), courses.person("luis", Role.CHAIR)
    address = "/centres/BCN/board/1/shown/"

    def show(by: User, item: AgendaItem, **said: str) -> int:
        client = Client()
        client.force_login(by)
        return client.post(address, {"item": item.pk, **said}).status_code

    assert [show(rosa, second), show(ines, first), show(luis, second)] == [403, 200, 409]
    assert Meeting.objects.get().shown == first
    assert [show(luis, second, take_over="1"), show(ines, first)] == [200, 409]
    assert (Meeting.objects.get().shown, Meeting.objects.get().presenter) == (second, luis)


def test_from_the_second_screen_nothing_is_done() -> None:
    ines = courses.person("ines.gil", Role.CLINICIAN)
    cases = [courses.case(ines, *courses.visit(), case_id=f"A-{n}") for n in (1, 2)]
    for case in cases:
        boards.item(case, ines)
    client = Client()
    client.force_login(ines)

    page = client.get(f"/cases/{cases[0].public_id}/meetings/1/?follow").content.decode()

    offered = ("Next", "Decision", "Show who it is", "Agenda", "Take over")
    assert [word for word in offered if f">{word}<" in page] == []
    assert "data-recommend" not in page
