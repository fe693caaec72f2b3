"""The grid of completeness: whose cases, in which words, where its links lead, how many queries."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from patients.completeness.listing import PAGE, Wanted, lines_of
from patients.completeness.reading import completeness_of
from patients.models import (
    Assessment,
    AssessmentDate,
    Case,
    Membership,
    OrderKey,
    Revision,
    Role,
    User,
)
from patients.records.progress import CaseVersion
from riskfactors.domain.completeness import GAPS
from riskfactors.domain.timepoints import MILESTONES, Milestone
from riskfactors.published import catalogue
from tests.patients import courses, screens
from tests.patients.courses import INFUSION_DAY, event, record, value, visit
from tests.patients.pages import case_ids, words
from tests.test_wording import breaches

PENDING = "temp-unknown"
GRID = "/centres/BCN/completeness/"
ROW = re.compile(r'<tr><th scope="row">.*?</tr>', re.DOTALL)
CELL = re.compile(r'<td class="cell (\w+)">(.*?)</td>', re.DOTALL)


@pytest.fixture
def ana(db: None) -> User:
    return courses.person("ana.ruiz", Role.CLINICIAN)


@pytest.fixture
def reader(client: Client, ana: User) -> Client:
    client.force_login(ana)
    return client


def on(day: int) -> date:
    return INFUSION_DAY + timedelta(days=day)


def cells(page: Any) -> dict[str, tuple[str, str, str]]:
    """The state, the words and the address of each milestone in the first row of a grid."""
    (row, *_others) = ROW.findall(page.content.decode())
    found = CELL.findall(row)
    return {
        milestone.value: (state, _words(markup), _address(markup))
        for milestone, (state, markup) in zip(MILESTONES, found, strict=True)
    }


def _words(markup: str) -> str:
    shown = re.sub(r'<span class="cell-label">.*?</span>', "", markup)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", shown)).split())


def _address(markup: str) -> str:
    return unescape("".join(re.findall(r'href="([^"]+)"', markup)))


def routine(milestone: str) -> list[str]:
    return [v.name for v in catalogue().dictionary.routine[Milestone(milestone)]]


def reasons(at: Assessment, names: list[str], absent: str) -> list[Revision]:
    return [value(at, name, "", absent=absent) for name in names]


def of_day_28(case: Case) -> Assessment:
    return Assessment.objects.get(case=case, milestone="day_28")


@pytest.fixture
def course(ana: User) -> Case:
    """Visits in every state: only the window of month 6 closed before the relapse."""
    case = courses.case(
        ana,
        *visit(on=on(0)),
        *visit("day_28", on(28)),
        *visit("day_90", on(90)),
        *visit("relapse", on(211), response="PD"),
    )
    visits = {a.milestone: a for a in case.assessment_set.all()}
    awaited, *others = routine("day_90")
    record(case, ana, *reasons(visits["day_28"], routine("day_28"), "not-performed"))
    record(case, ana, value(visits["day_90"], awaited, "", absent=PENDING))
    record(case, ana, *reasons(visits["day_90"], others, "not-performed"))
    return case


def test_each_state_has_its_shape_and_its_word(reader: Client, course: Case) -> None:
    told = {m: (state, said) for m, (state, said, _) in cells(reader.get(GRID)).items()}

    infusion, relapse = len(routine("infusion")), len(routine("relapse"))
    assert told == {
        "election": ("missing", "Missing"),
        "apheresis": ("missing", "Missing"),
        "lymphodepletion": ("missing", "Missing"),
        "infusion": ("partly", f"Partly 0 of {infusion}"),
        "day_7": ("missing", "Missing"),
        "day_28": ("not_done", "Not done"),
        "day_90": ("pending", "Pending 1 result"),
        "month_6": ("missing", "Missing"),
        "month_12": ("not_applicable", "Not applicable"),
        "month_24": ("not_applicable", "Not applicable"),
        "relapse": ("partly", f"Partly 1 of {relapse}"),
    }


def test_a_cell_leads_to_where_what_is_missing_is_recorded(reader: Client, course: Case) -> None:
    found = {m: address for m, (_, _, address) in cells(reader.get(GRID)).items()}

    case = f"/cases/{course.public_id}"
    assert found["day_7"] == f"{case}/visits/new/day_7/"
    assert found["day_28"] == f"{case}/visits/2/"
    assert found["day_90"] == f"{case}/visits/3/#id_{routine('day_90')[0]}"
    assert found["month_12"] == ""


def test_each_link_to_a_field_finds_it_on_the_page(reader: Client, ana: User) -> None:
    case = courses.case(ana, *(row for m in MILESTONES for row in visit(m, DAYS[m])))

    links = {
        address
        for milestone in MILESTONES
        for address in re.findall(
            rf'href="(/cases/{case.public_id}/[^"]+#[^"]+)"',
            reader.get(f"{GRID}?milestone={milestone}").content.decode(),
        )
    }

    pages = {address.partition("#")[0] for address in links}
    shown = {page: reader.get(page).content.decode() for page in pages}
    lost = [a for a in links if f'id="{a.partition("#")[2]}' not in shown[a.partition("#")[0]]]
    assert lost == []
    assert len(pages) > len(MILESTONES)


BEFORE = {"election": -60, "apheresis": -45, "lymphodepletion": -5, "infusion": 0}
WINDOWS = catalogue().dictionary.windows_days_after_infusion
AFTER = {milestone: int(window.low) for milestone, window in WINDOWS.items()}
DAYS = {milestone: on(day) for milestone, day in (BEFORE | AFTER | {"relapse": 800}).items()}


def test_one_milestone_shows_each_item_by_name(reader: Client, course: Case) -> None:
    page = reader.get(f"{GRID}?milestone=day_90")

    (row,) = ROW.findall(page.content.decode())
    assert "Pending 1 result Items missing None Results pending" in screens.plain(row)
    assert breaches(words(page)) == []
    assert "Missing No visit recorded" in words(reader.get(f"{GRID}?milestone=day_7"))


def test_the_grid_says_nothing_that_must_not_be_said(reader: Client, course: Case) -> None:
    page = words(reader.get(GRID))

    assert breaches(page) == []
    assert [w for w in ("adverse", "favourable", "risk", "factor", "finding") if w in page] == []


def test_before_the_infusion_nothing_after_it_is_due(reader: Client, ana: User) -> None:
    courses.case(ana, *visit("election", on(0)))

    told = {m: said for m, (_, said, _) in cells(reader.get(GRID)).items()}

    assert {m: told[m] for m in ("apheresis", "infusion", "day_7", "relapse")} == {
        "apheresis": "Not due yet",
        "infusion": "Not due yet",
        "day_7": "Not due yet",
        "relapse": "Not applicable",
    }


# Which cases


def shown(centre: str = "BCN", today: date = INFUSION_DAY, **wanted: Any) -> list[str]:
    found = lines_of(courses.centre(centre), Wanted(**wanted), today=today)
    return [line.case_id for line in found.lines]


def test_only_cases_of_the_centre_stand_in_its_grid(client: Client, ana: User) -> None:
    madrid = courses.centre("MAD")
    courses.case(ana, case_id="A-1")
    courses.case(courses.person("leo", Role.CLINICIAN, at=madrid), at=madrid, case_id="M-1")
    client.force_login(ana)

    assert case_ids(client.get(GRID)) == ["A-1"]
    assert client.get("/centres/MAD/completeness/").status_code == 404


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.READER, 403),
        (Role.CLINICIAN, 200),
        (Role.DATA_MANAGER, 200),
        (Role.CHAIR, 403),
        (Role.ADMINISTRATOR, 403),
    ],
)
def test_who_may_record_sees_the_grid_and_is_led_there(
    client: Client, db: None, role: Role, status: int
) -> None:
    client.force_login(courses.person("somebody", role))

    led = f'href="{GRID}"' in client.get("/cases/").content.decode()

    assert (client.get(GRID).status_code, led) == (status, status == 200)


def test_with_several_centres_one_is_chosen(reader: Client, ana: User) -> None:
    madrid = courses.centre("MAD")
    Membership.objects.create(user=ana, centre=madrid, role=Role.CLINICIAN, granted_by=ana)
    Membership.objects.create(
        user=ana, centre=courses.centre("VLC"), role=Role.READER, granted_by=ana
    )

    page = reader.get("/centres/MAD/completeness/").content.decode()

    (tabs,) = re.findall(r'<nav class="tabs".*?</nav>', page, re.DOTALL)
    assert re.findall(r'/centres/(\w+)/completeness/"( aria-current="page")?', tabs) == [
        ("BCN", ""),
        ("MAD", ' aria-current="page"'),
    ]


def test_only_cases_with_a_gap_are_shown(ana: User) -> None:
    courses.case(ana, *visit("election", on(-10)), case_id="A-1")
    courses.case(ana, *visit("day_7", on(7)), case_id="A-2")
    courses.case(ana, case_id="A-3")

    assert shown() == ["A-1", "A-2", "A-3"]
    assert shown(gaps=True) == ["A-1", "A-2"]
    assert shown(gaps=True, milestone=Milestone.ELECTION) == ["A-1", "A-2"]
    assert shown(gaps=True, milestone=Milestone.INFUSION) == ["A-2"]


@pytest.mark.parametrize(("day", "cases"), [(8, []), (9, ["A-1"])])
def test_a_visit_becomes_a_gap_when_its_window_has_closed(
    ana: User, day: int, cases: list[str]
) -> None:
    courses.case(ana, *visit(), case_id="A-1")
    OrderKey.objects.update(gaps=0)  # what was recorded apart from that visit is complete

    for milestone in (None, Milestone.DAY_7):
        assert shown(today=on(day), gaps=True, milestone=milestone) == cases


@pytest.mark.parametrize("name", screens.NAMES)
def test_the_filter_shows_a_case_where_the_grid_shows_a_gap(db: None, name: str) -> None:
    case = screens.imported(screens.vignette(name))
    head = case.entries.get().pk
    last = max(AssessmentDate.objects.values_list("date", flat=True), key=str)
    assert last is not None

    for days in (0, 3, 10, 60, 400, 900):
        today = last + timedelta(days=days)
        known = completeness_of((CaseVersion(case.pk, case.public_id, head),), today=today)[case.pk]
        gaps = {visit.milestone for visit in known.visits if visit.state in GAPS}
        found = {
            milestone
            for milestone in MILESTONES
            if shown(today=today, gaps=True, milestone=milestone)
        }
        assert (found, bool(shown(today=today, gaps=True))) == (gaps, bool(gaps))


def test_pages_follow_each_other_without_a_gap_or_a_double(reader: Client, ana: User) -> None:
    for number in range(PAGE + 3):
        courses.case(ana, case_id=f"B-{number:03}")

    first = reader.get(GRID)
    (following,) = re.findall(r'href="([^"]*)" rel="next"', first.content.decode())
    second = reader.get(unescape(following))

    assert [*case_ids(first), *case_ids(second)] == [f"B-{n:03}" for n in range(PAGE + 3)]
    assert ">First page</a>" in second.content.decode()


def test_the_number_of_queries_is_the_same_for_one_case_and_a_dozen(
    reader: Client, ana: User
) -> None:
    courses.case(ana, *visit(), *visit("day_28", on(28)), case_id="B-0")
    counted = [queries(reader)]
    for number in range(1, 12):
        interim = [row for day in range(20) for row in visit("interim", on(30 + day), crp="5")]
        courses.case(ana, *visit(), *interim, event("death", on(90)), case_id=f"B-{number}")
    counted.append(queries(reader))

    assert counted[0] == counted[1]
    assert queries(reader) == counted[0] - 4


def queries(client: Client) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(GRID).status_code == 200
    return len(captured)


def test_an_empty_grid_says_the_next_step(reader: Client, ana: User) -> None:
    nobody = words(reader.get(GRID))
    courses.case(ana)
    complete = words(reader.get(f"{GRID}?show=gaps"))

    assert "No cases yet. A case begins with its patient. Register the first" in nobody
    assert "No gaps." in complete
    assert "Show all cases" in complete


def test_what_cannot_be_applied_is_named_and_left_out(reader: Client, ana: User) -> None:
    courses.case(ana, case_id="A-1")

    page = reader.get(f"{GRID}?milestone=day_8&show=risk&after=x")

    assert "“day_8” is not among the choices: it is not applied." in words(page)
    assert case_ids(page) == ["A-1"]
