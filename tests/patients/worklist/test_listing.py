"""Which cases a list shows: by what happened, in order, page by page, found by a word."""

import re
import uuid
from datetime import date, timedelta

import pytest
from django.test import Client

from patients.models import AccessKind, AssessmentDate, Case, Patient, Role, User
from patients.records.opening import note_access, open_case
from patients.worklist.listing import PAGE, Wanted, listing
from patients.worklist.runs import PARTS, Order, Show
from riskfactors.domain.vocabulary import Sex
from tests.patients import courses
from tests.patients.courses import INFUSION_DAY, event, infusion, record, visit
from tests.patients.pages import case_ids, words

TODAY = INFUSION_DAY + timedelta(days=30)


@pytest.fixture
def ana(db: None) -> User:
    return courses.person("ana.ruiz", Role.CLINICIAN)


@pytest.fixture
def reader(client: Client, ana: User) -> Client:
    client.force_login(ana)
    return client


def on(day: int) -> date:
    return INFUSION_DAY + timedelta(days=day)


def found(ana: User, wanted: Wanted, today: date = TODAY) -> list[str]:
    return [line.case_id for line in listing(courses.centre(), ana, wanted, today=today).lines]


@pytest.fixture
def three(ana: User) -> list[Case]:
    """Infused first, infused last and dead, not infused."""
    return [
        courses.case(ana, *visit(on=on(0)), case_id="A-1"),
        courses.case(ana, *visit(on=on(9)), event("death", on(20)), case_id="A-2"),
        courses.case(ana, *visit("election", on(1)), case_id="A-3"),
    ]


def test_cases_are_shown_by_what_happened(ana: User, three: list[Case]) -> None:
    shown = {show: found(ana, Wanted(show=show, order=Order.CASE)) for show in Show}

    assert shown == {
        Show.ALL: ["A-1", "A-2", "A-3"],
        Show.EXPECTED: ["A-1"],
        Show.PROGRESSED: [],
        Show.PENDING: [],
        Show.CHANGED: [],
        Show.INFUSED: ["A-1", "A-2"],
        Show.NOT_INFUSED: ["A-3"],
        Show.DIED: ["A-2"],
    }


def test_nothing_of_tomorrow_decides_what_is_shown(ana: User, three: list[Case]) -> None:
    assert found(ana, Wanted(show=Show.INFUSED), today=on(5)) == ["A-1"]
    assert found(ana, Wanted(show=Show.DIED), today=on(19)) == []


@pytest.mark.parametrize(
    ("day", "shown"),
    [(4, []), (5, ["A-1"]), (8, ["A-1"]), (9, ["A-1"]), (400, ["A-1"])],
)
def test_a_visit_is_expected_from_the_first_day_of_its_window(
    ana: User, day: int, shown: list[str]
) -> None:
    courses.case(ana, *visit(), case_id="A-1")

    assert found(ana, Wanted(show=Show.EXPECTED), today=on(day)) == shown


# In order


@pytest.fixture
def today(ana: User) -> list[Case]:
    """A case for each thing that there is to do at the end of day 45, and two others."""
    ben = courses.person("ben.roca", Role.CLINICIAN)
    pending = courses.case(ana, *visit("election", on(1)), case_id="B-4")
    at = pending.assessment_set.get()
    changed = courses.case(ana, *visit("election", on(2)), case_id="B-5")
    cases = [
        courses.case(ana, *visit("election", on(3)), case_id="A-7"),
        courses.case(ana, *visit(on=on(20)), case_id="C-1"),
        courses.case(ana, *visit(on=on(40)), case_id="C-2"),
        courses.case(ana, *visit(on=on(-90)), *visit("relapse", on(30)), case_id="B-3"),
        pending,
        changed,
        courses.case(ana, *visit(on=on(-90)), *visit("relapse", on(10)), case_id="A-6"),
    ]
    record(pending, ana, courses.value(at, "histology", "", absent="temp-unknown"))
    note_access(changed, AccessKind.LOOKED, by=ana)
    record(changed, ben, *visit("apheresis", on(9)))
    return cases


def parts(ana: User, wanted: Wanted) -> list[tuple[Show, str]]:
    lines = listing(courses.centre(), ana, wanted, today=on(45)).lines
    return [(line.part, line.case_id) for line in lines]


def test_what_is_to_be_done_comes_first_then_what_is_new_then_the_others(
    ana: User, today: list[Case]
) -> None:
    told = parts(ana, Wanted())

    assert told == [
        (Show.EXPECTED, "C-2"),
        (Show.EXPECTED, "C-1"),
        (Show.PROGRESSED, "B-3"),
        (Show.PENDING, "B-4"),
        (Show.CHANGED, "B-5"),
        (Show.ALL, "A-6"),
        (Show.ALL, "A-7"),
    ]


def test_each_part_of_today_can_be_shown_alone(ana: User, today: list[Case]) -> None:
    told = {show: [case for _, case in parts(ana, Wanted(show=show))] for show in PARTS}

    assert told == {
        Show.EXPECTED: ["C-2", "C-1"],
        Show.PROGRESSED: ["B-3"],
        Show.PENDING: ["B-4"],
        Show.CHANGED: ["B-5"],
    }


@pytest.mark.parametrize(("day", "shown"), [(15, ["A-1"]), (45, ["A-1"]), (46, [])])
def test_a_progression_is_new_for_thirty_days(ana: User, day: int, shown: list[str]) -> None:
    courses.case(ana, *visit(on=on(-30)), *visit("relapse", on(15)), case_id="A-1")

    assert found(ana, Wanted(show=Show.PROGRESSED), today=on(day)) == shown


def test_progressive_disease_after_the_infusion_is_a_progression_and_before_it_none(
    ana: User,
) -> None:
    courses.case(ana, *visit(), *visit("day_28", on(28), response="PD"), case_id="A-1")
    courses.case(ana, *visit("lymphodepletion", on(-5), response="PD"), *visit(), case_id="A-2")
    courses.case(ana, *visit("lymphodepletion", on(20), response="PD"), case_id="A-3")
    dead = [*visit(), *visit("day_28", on(28), response="PD"), event("death", on(29))]
    courses.case(ana, *dead, case_id="A-4")

    assert found(ana, Wanted(show=Show.PROGRESSED)) == ["A-1"]


def test_what_one_has_recorded_or_seen_oneself_has_not_changed(ana: User) -> None:
    ben = courses.person("ben.roca", Role.CLINICIAN)
    case = courses.case(ben, *visit())
    shown = [found(ana, Wanted(show=Show.CHANGED))]
    note_access(case, AccessKind.LOOKED, by=ana)
    shown.append(found(ana, Wanted(show=Show.CHANGED)))
    record(case, ben, *visit("day_7", on(7)))
    shown.append(found(ana, Wanted(show=Show.CHANGED)))
    record(case, ana, *visit("day_28", on(28)))
    shown.append(found(ana, Wanted(show=Show.CHANGED)))

    assert shown == [[], [], ["A-1"], []]


@pytest.mark.parametrize(
    ("order", "cases"),
    [
        (Order.CASE, ["A-1", "A-2", "A-3", "A-4"]),
        (Order.CASE_BACK, ["A-4", "A-3", "A-2", "A-1"]),
        (Order.INFUSION, ["A-1", "A-2", "A-4", "A-3"]),
        (Order.INFUSION_BACK, ["A-4", "A-2", "A-1", "A-3"]),
        (Order.RESPONSE, ["A-4", "A-1", "A-2", "A-3"]),
        (Order.RESPONSE_BACK, ["A-1", "A-4", "A-2", "A-3"]),
        (Order.EXPECTED, ["A-2", "A-1", "A-3", "A-4"]),
        (Order.EXPECTED_BACK, ["A-1", "A-2", "A-3", "A-4"]),
    ],
)
def test_cases_stand_by_a_column_and_last_those_without_it(
    ana: User, order: Order, cases: list[str]
) -> None:
    courses.case(ana, *visit(), *visit("day_28", on(28), response="CR"), case_id="A-1")
    courses.case(ana, *visit(on=on(3)), case_id="A-2")
    courses.case(ana, *visit("election", on(1)), case_id="A-3")
    courses.case(ana, *visit(on=on(4)), *visit("relapse", on(20)), case_id="A-4")

    assert found(ana, Wanted(order=order)) == cases


def test_the_latest_infusion_comes_first_by_its_corrected_date(
    ana: User, three: list[Case]
) -> None:
    before = found(ana, Wanted(order=Order.INFUSION_BACK))
    corrected = AssessmentDate(assessment=infusion(three[0]), revision=2, date=on(10))
    record(three[0], ana, corrected, reason="typed wrongly")
    after = found(ana, Wanted(order=Order.INFUSION_BACK))

    assert (before, after) == (["A-2", "A-1", "A-3"], ["A-1", "A-2", "A-3"])


def two_pages(ana: User, order: Order) -> tuple[tuple[int, bool], tuple[int, bool], list[str]]:
    """How many cases the first page and the next one have, whether more follow, and which."""
    first = listing(courses.centre(), ana, Wanted(order=order), today=TODAY)
    last = first.lines[-1]
    following = Wanted(order=order, after=last.public_id, run=last.run)
    second = listing(courses.centre(), ana, following, today=TODAY)
    seen = [line.case_id for page in (first, second) for line in page.lines]
    return (len(first.lines), first.more), (len(second.lines), second.more), sorted(seen)


def test_pages_follow_each_other_without_a_gap_or_a_double(ana: User) -> None:
    for number in range(PAGE + 3):
        infused = visit(on=on(number % 4)) if number % 3 else []
        courses.case(ana, *infused, case_id=f"B-{number:03}")

    seen = {order: two_pages(ana, order) for order in Order}

    every = [f"B-{number:03}" for number in range(PAGE + 3)]
    assert seen == dict.fromkeys(Order, ((PAGE, True), (3, False), every))


def test_a_page_after_a_case_that_has_left_its_run_begins_the_run_anew(ana: User) -> None:
    for number in range(3):
        courses.case(ana, *visit(on=on(number)), case_id=f"B-{number}")
    case = Case.objects.get(case_id="B-1")
    following = Wanted(after=case.public_id, run=0)
    before = found(ana, following)
    record(case, ana, event("death", on(20)))

    assert (before, found(ana, following)) == (["B-0"], ["B-2", "B-0", "B-1"])


def test_a_page_after_a_case_of_nobody_is_the_first(ana: User, three: list[Case]) -> None:
    stranger = courses.person("stranger", Role.CLINICIAN, at=courses.centre("MAD"))
    foreign = courses.case(stranger, *visit(), at=courses.centre("MAD"), case_id="Z-1")

    pages = [found(ana, Wanted(order=order, after=foreign.public_id)) for order in Order]

    assert pages == [found(ana, Wanted(order=order)) for order in Order]


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


@pytest.fixture
def names(ana: User) -> None:
    for case_id, name, number in [
        ("A-1", "García-López, Núria", "H 100/1"),
        ("A-2", "O'Neill, Éanna", "H 100/2"),
        ("A-3", "Straße, Łukasz", "X-7"),
        ("B-4", "Müller, Åse", "Y-1"),
        ("B-5", "Mueller, Zoë", "Y-2"),
    ]:
        named(ana, case_id, name, number)


@pytest.mark.parametrize(
    ("typed", "cases"),
    [
        ("garcia", ["A-1"]),
        ("GARCÍA LÓP", ["A-1"]),
        ("lopez nur", ["A-1"]),
        ("garcia-lopez", ["A-1"]),
        ("oneill", ["A-2"]),
        ("O'Neill", ["A-2"]),
        ("neill", ["A-2"]),
        ("É", ["A-2"]),
        ("STRASSE", ["A-3"]),
        ("lukasz", ["A-3"]),
        ("Mueller", ["B-4", "B-5"]),
        ("müll", ["B-4", "B-5"]),
        ("muller zoe", ["B-5"]),
        ("aase", ["B-4"]),
        ("h100", ["A-1", "A-2"]),
        ("H 100/2", ["A-2"]),
        ("x7", ["A-3"]),
        ("a-3", ["A-3"]),
        ("a", ["A-1", "A-2", "A-3", "B-4"]),
        ("ria", []),
        ("garcia zebra", []),
        ("%", []),
    ],
)
def test_a_word_is_found_at_the_beginning_of_each_name_and_number(
    reader: Client, names: None, typed: str, cases: list[str]
) -> None:
    page = reader.post("/cases/", {"q": typed})

    shown = case_ids(page) if "letter or a digit" not in words(page) else []
    assert shown == cases


def test_a_frequent_word_finds_the_same_as_a_rare_one(
    ana: User, names: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    rare = found(ana, Wanted(words=("h100",)))
    monkeypatch.setattr("patients.worklist.listing.COUNTED", 1)

    assert found(ana, Wanted(words=("h100",))) == rare == ["A-1", "A-2"]


def test_a_search_is_no_part_of_an_address(reader: Client, names: None) -> None:
    by_address = reader.get("/cases/?q=garcia")
    posted = reader.post("/cases/?centre=BCN", {"q": "garcia"})
    without = reader.post("/cases/?centre=BCN", {"q": "", "show": "infused"})

    assert case_ids(by_address) == ["A-1", "A-2", "A-3", "B-4", "B-5"]
    assert case_ids(posted) == ["A-1"]
    assert without.headers["Location"] == "/cases/?centre=BCN&show=infused"
    addresses = re.findall(r'(?:href|action)="([^"]*)"', posted.content.decode())
    assert [address for address in addresses if "garcia" in address.lower()] == []


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"q": "!!"}, "A search needs a letter or a digit: it is left out."),
        ({"q": "a " * 6}, "The search has more than 5 words: it is left out."),
        ({"q": "a" * 101}, "The search is longer than 100 characters: it is left out."),
        ({"show": "high"}, "“high” is not among the choices: it is not applied."),
        ({"order": "findings"}, "“findings” is not among the choices: it is not applied."),
        ({"q": "a\x00b"}, "Null characters are not allowed."),
    ],
)
def test_what_cannot_be_applied_is_named_and_left_out(
    reader: Client, names: None, asked: dict[str, str], said: str
) -> None:
    page = reader.post("/cases/", asked)

    assert said in words(page)
    assert len(case_ids(page)) == 5
