"""The clock ahead and set back: nothing recorded is lost from sight, nothing is dated wrongly."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import DEFAULT_DB_ALIAS
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from cartapp import checks
from patients.models import Case, Entry, Role, User
from patients.records import clock
from patients.records.clock import ClockBehind
from patients.records.snapshots import snapshot_of
from patients.transfer.documents import export_case, import_case
from riskfactors.domain.documents import parse_case
from riskfactors.published import catalogue
from tests.domain.cases import case as document
from tests.domain.cases import text
from tests.patients import courses
from tests.patients.courses import infusion, record, value, visit
from tests.patients.desks import TOKEN, Desk

SAYS = "Nothing can be recorded: the clock of the site says"
LIMIT = timedelta(minutes=5)


@pytest.fixture
def ana(db: None) -> User:
    return courses.person("ana.ruiz", Role.CLINICIAN, Role.DATA_MANAGER)


@pytest.fixture
def case(ana: User) -> Case:
    return courses.case(ana, *visit(ecog="1"))


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Moves the clock so far from where it stood at first."""
    first = timezone.now()

    def move(by: timedelta) -> None:
        monkeypatch.setattr(timezone, "now", lambda: first + by)

    return move


def newest() -> Entry:
    return Entry.objects.latest("pk")


def test_what_was_recorded_while_the_clock_was_ahead_is_exported_and_shown(
    case: Case, ana: User, set_clock: Callable[[timedelta], None]
) -> None:
    set_clock(timedelta(days=1))
    record(case, ana, value(infusion(case), "crp", "71.5", unit="mg/L"))
    set_clock(timedelta(0))

    exported = parse_case(export_case(case, by=ana), catalogue().dictionary)
    page = Desk(ana, case).look("")

    assert str(exported.assessments[0].observations["crp"].fact.value) == "71.5"
    assert "71.5 mg/L" in page


def test_read_by_the_time_it_would_be_missing(
    case: Case, ana: User, set_clock: Callable[[timedelta], None]
) -> None:
    """The negative control of the test above."""
    set_clock(timedelta(days=1))
    record(case, ana, value(infusion(case), "crp", "71.5", unit="mg/L"))
    set_clock(timedelta(0))

    known = snapshot_of(case, as_of=date.max, known_at=timezone.now())

    assert set(known.assessments[0].observations) == {"ecog"}


@pytest.mark.parametrize(
    ("behind", "records"),
    [
        (LIMIT - timedelta(seconds=1), True),
        (LIMIT, True),
        (LIMIT + timedelta(seconds=1), False),
        (timedelta(days=1), False),
    ],
)
def test_five_minutes_behind_the_newest_entry_nothing_is_recorded(
    behind: timedelta, records: bool, case: Case, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = newest().recorded_at
    monkeypatch.setattr(timezone, "now", lambda: first - behind)

    try:
        entry = record(case, ana, value(infusion(case), "crp", "12"))
    except ClockBehind:
        entry = None

    assert (entry is not None) == records
    assert case.entries.count() == 1 + records
    if entry is not None:
        assert entry.recorded_at == first  # no entry is put before another


def test_the_newest_entry_of_the_site_counts_whosever_case_it_is(
    case: Case, ana: User, set_clock: Callable[[timedelta], None]
) -> None:
    third = document(infusion={"crp": 3}) | {"case_id": "A-3"}
    set_clock(timedelta(hours=1))
    courses.case(ana, *visit(), case_id="A-2")
    set_clock(timedelta(0))

    with pytest.raises(ClockBehind):
        record(case, ana, value(infusion(case), "crp", "12"))
    with pytest.raises(ClockBehind):
        import_case(text(third), centre=case.centre, by=ana)


def test_a_form_says_so_and_keeps_what_was_typed(
    case: Case, ana: User, set_clock: Callable[[timedelta], None]
) -> None:
    desk = Desk(ana, case)
    opened = desk.opened("visits/1/")
    set_clock(-timedelta(hours=1))

    refused = desk.send("visits/1/", opened | {"crp": "71.5", "crp-unit": "mg/L"})
    page = refused.content.decode()
    set_clock(timedelta(seconds=1))
    sent_again = desk.answer(refused)

    assert (refused.status_code, SAYS in page, 'value="71.5"' in page) == (422, True, True)
    assert sent_again.status_code == 302
    assert courses.values(case)["crp"] == pytest.approx(71.5)


def test_a_registration_says_so_too(
    case: Case, ana: User, set_clock: Callable[[timedelta], None]
) -> None:
    desk = Desk(ana, case)
    address = "/cases/new/"
    token = TOKEN.findall(desk.client.get(address).content.decode())[0]
    set_clock(-timedelta(hours=1))

    typed = {
        "token": token,
        "case_id": "A-2",
        "name": "Invented Second",
        "hospital_number": "INV-2",
        "birth_date": "1960-01-01",
        "sex": "male",
    }
    refused = desk.client.post(address, typed)

    page = refused.content.decode()
    assert (refused.status_code, SAYS in page, "Invented Second" in page) == (422, True, True)
    assert Case.objects.count() == 1


def test_the_newest_entry_is_one_step_on_the_index_of_the_keys(
    case: Case, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    asked: CaptureQueriesContext
    with django_assert_num_queries(1) as asked:
        found = clock.newest()

    assert found == newest()
    assert asked[0]["sql"].endswith('ORDER BY "patients_entry"."id" DESC LIMIT 1')


def test_the_start_and_the_check_name_a_clock_that_is_behind(
    case: Case, set_clock: Callable[[timedelta], None]
) -> None:
    right = list(checks.clock_warnings(DEFAULT_DB_ALIAS))
    set_clock(-timedelta(hours=1))

    named = list(checks.clock_warnings(DEFAULT_DB_ALIAS))

    of = f"{newest().recorded_at:%Y-%m-%d %H:%M:%S} UTC"
    assert right == []
    assert named == [
        f"Nothing can be recorded: the clock stands behind the last entry, of {of}. Set the clock"
        " right; if it is right now and stood ahead then, give"
        f" CLOCK_WAS_AHEAD_UNTIL={newest().pk}."
    ]
    assert [w.msg for w in checks.check_clock(databases=[DEFAULT_DB_ALIAS])] == named


def test_entries_that_were_made_while_the_clock_was_ahead_can_be_accepted(
    case: Case, ana: User, set_clock: Callable[[timedelta], None], settings: Settings
) -> None:
    set_clock(timedelta(days=365))
    ahead = courses.case(ana, *visit(), case_id="A-2").entries.get()
    set_clock(timedelta(0))
    settings.CLOCK_WAS_AHEAD_UNTIL = ahead.pk

    of_another = record(case, ana, value(infusion(case), "crp", "12"))
    of_the_same = record(ahead.case, ana, value(infusion(ahead.case), "crp", "12"))

    assert of_another.recorded_at == timezone.now()
    assert of_the_same.recorded_at == ahead.recorded_at  # the order within a case is kept
