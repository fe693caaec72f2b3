"""Which cases a list shows: by what happened, in order, page by page, found by a word."""

import re
import uuid
from datetime import date, timedelta

import pytest
from django.test import Client

from patients.models import (
    AssessmentDate,
    Case,
    Patient,
    Role,
    User,
)
from patients.records.opening import open_case
from patients.worklist.listing import PAGE, Order, Show, Wanted, listing
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
    return [line.case_id for line in listing(courses.centre(), wanted, today=today).lines]


@pytest.fixture
def three(ana: User) -> list[Case]:
    """Infused first, infused last and dead, not infused."""
    return [
        courses.case(ana, *visit(on=on(0)), case_id="A-1"),
        courses.case(ana, *visit(on=on(9)), event("death", on(20)), case_id="A-2"),
        courses.case(ana, *visit("election", on(1)), case_id="A-3"),
    ]


def test_cases_are_shown_by_what_happened(ana: User, three: list[Case]) -> None:
    shown = {show: found(ana, Wanted(show=show)) for show in Show}

    assert shown == {
        Show.ALL: ["A-1", "A-2", "A-3"],
        Show.INFUSED: ["A-1", "A-2"],
        Show.NOT_INFUSED: ["A-3"],
        Show.DIED: ["A-2"],
    }


def test_nothing_of_tomorrow_decides_what_is_shown(ana: User, three: list[Case]) -> None:
    assert found(ana, Wanted(show=Show.INFUSED), today=on(5)) == ["A-1"]
    assert found(ana, Wanted(show=Show.DIED), today=on(19)) == []
    assert found(ana, Wanted(order=Order.INFUSION), today=on(5)) == ["A-1"]


def test_the_latest_infusion_comes_first_by_its_corrected_date(
    ana: User, three: list[Case]
) -> None:
    before = found(ana, Wanted(order=Order.INFUSION))
    corrected = AssessmentDate(assessment=infusion(three[0]), revision=2, date=on(10))
    record(three[0], ana, corrected, reason="typed wrongly")

    assert (before, found(ana, Wanted(order=Order.INFUSION))) == (["A-2", "A-1"], ["A-1", "A-2"])


@pytest.mark.parametrize("order", Order)
def test_pages_follow_each_other_without_a_gap_or_a_double(ana: User, order: Order) -> None:
    for number in range(PAGE + 3):
        courses.case(ana, *visit(on=on(number % 4)), case_id=f"B-{number:03}")

    first = listing(courses.centre(), Wanted(order=order), today=TODAY)
    after = first.lines[-1].public_id
    second = listing(courses.centre(), Wanted(order=order, after=after), today=TODAY)

    seen = [line.case_id for page in (first, second) for line in page.lines]
    assert (len(first.lines), first.more, len(second.lines), second.more) == (PAGE, True, 3, False)
    assert sorted(seen) == [f"B-{number:03}" for number in range(PAGE + 3)]


def test_a_page_after_a_case_of_nobody_is_the_first(ana: User, three: list[Case]) -> None:
    stranger = courses.person("stranger", Role.CLINICIAN, at=courses.centre("MAD"))
    foreign = courses.case(stranger, *visit(), at=courses.centre("MAD"), case_id="Z-1")

    pages = [found(ana, Wanted(order=order, after=foreign.public_id)) for order in Order]

    assert pages == [["A-1", "A-2", "A-3"], ["A-2", "A-1"]]


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
