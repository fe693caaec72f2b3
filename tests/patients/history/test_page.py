"""The history of a case: who recorded, looked and exported, with what stood before and since."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from patients.history.page import PAGE, read_cursor
from patients.models import AccessKind, AssessmentDate, Case, Observation, Revision, Role, User
from patients.records.opening import note_access
from patients.transfer.documents import export_case
from tests.patients import boards, courses
from tests.patients.courses import INFUSION_DAY, infusion, record, value, visit
from tests.patients.screens import imported, opened, plain, somebody, vignette, words

QUERIES = 16  # session, user, the case, the look in a savepoint, entries, looks, eight tables


@pytest.fixture
def ana(db: None) -> User:
    return somebody(Role.DATA_MANAGER, name="ana.ruiz")


@pytest.fixture
def manager(client: Client, ana: User) -> Client:
    client.force_login(ana)
    return client


def lines_of(page: str) -> list[str]:
    """The lines of the history, without their moments."""
    body = page.partition('<ol class="happened">')[2].partition("</ol>")[0]
    items = re.split(r'<span class="moment">.*?</span>', body)[1:]
    return [plain(item) for item in items]


def history_of(client: Client, case: Case, page: str = "history/") -> list[str]:
    return lines_of(opened(client, case, page))


def test_looks_of_one_person_with_nothing_between_them_are_one_line(
    manager: Client, ana: User
) -> None:
    case = courses.case(ana, *visit(crp="12"))
    for _look in range(2):
        opened(manager, case, "history/")

    together, first = history_of(manager, case)

    assert re.fullmatch(r"Looked at by ana\.ruiz \(3 times, the first at .+\)", together)
    assert first.startswith("Case opened by ana.ruiz")


def test_an_entry_says_who_wrote_what_and_the_newest_stands_first(
    manager: Client, ana: User
) -> None:
    case = courses.case(ana, *visit(crp="12", product="axi_cel"), courses.line(best_response="CR"))
    record(case, ana, courses.event("crs", grade=2), *visit("day_28", INFUSION_DAY))

    looked, second, first = history_of(manager, case)

    assert looked == "Looked at by ana.ruiz"
    assert second == (
        "Recorded by ana.ruiz Visit: Day +28: 6 Mar 2024 "
        "Event 1: Cytokine release syndrome, grade 2, 6 Mar 2024"
    )
    assert first == (
        "Case opened by ana.ruiz Birth date and sex: born 1 Jan 1974, female "
        "Visit: Infusion (day 0): 6 Mar 2024 "
        "Infusion (day 0): C-reactive protein: 12 mg/L "
        "Infusion (day 0): CAR T-cell product: Axicabtagene ciloleucel (CD28) "
        "Treatment 1: Line of therapy: R-CHOP, from 1 Jan 2020, best response: Complete response"
    )


def test_a_correction_shows_what_stood_before_and_why(manager: Client, ana: User) -> None:
    case = courses.case(ana, *visit(ldh="300"))
    corrected = value(
        infusion(case), "ldh", "3", revision=2, unit="ukat/L", upper_limit="4", note="other machine"
    )
    record(case, ana, corrected, reason="wrong unit")
    gone = Observation(assessment=infusion(case), variable="ldh", revision=3, withdrawn=True)
    moved = AssessmentDate(
        assessment=infusion(case), revision=2, date=INFUSION_DAY + timedelta(days=1)
    )
    record(case, ana, gone, moved, reason="another patient's")

    _looked, last, before, _first = history_of(manager, case)

    assert before == (
        "Corrected by ana.ruiz Reason: wrong unit Infusion (day 0): Lactate dehydrogenase: "
        "300 U/L → 3 µkat/L (upper limit 4 µkat/L), note: other machine"
    )
    assert last == (
        "Corrected by ana.ruiz Reason: another patient's "
        "Visit: Infusion (day 0): 6 Mar 2024 → 7 Mar 2024 "
        "Infusion (day 0): Lactate dehydrogenase: "
        "3 µkat/L (upper limit 4 µkat/L), note: other machine → "
        "Withdrawn: it was recorded in error"
    )


def test_an_absence_says_its_reason(manager: Client, ana: User) -> None:
    case = courses.case(ana, *visit())
    absent = Observation(
        assessment=infusion(case), variable="crp", revision=1, absent="not-performed"
    )
    record(case, ana, absent)

    assert history_of(manager, case)[1].endswith("C-reactive protein: No value: Not done")


def test_what_a_board_recommended_and_what_came_of_it_are_part_of_it(
    manager: Client, ana: User
) -> None:
    case = courses.case(ana, *courses.visit())
    boards.followed_up(case, ana)

    _looked, outcome, signed, eligibility, _opened = history_of(manager, case)

    assert outcome == (
        "Recommendation followed up by ana.ruiz What came of recommendation 1: Done, on 10 Apr 2024"
    )
    assert signed == (
        "Recommendation signed by clara.chair Recommendation 1: Signed: Repeat PET, "
        "intent: Long-term remission, responsible: Dr Invented, by 10 Apr 2024"
    )
    assert eligibility == "Recorded by ana.ruiz Eligibility: Eligible, 10 Apr 2024"


def test_looks_and_exports_are_part_of_it(manager: Client, ana: User) -> None:
    case = imported(vignette("08"), ana)
    export_case(case, by=ana)
    export_case(case, account="root")

    lines = history_of(manager, case)

    assert lines[:3] == [
        "Looked at by ana.ruiz",
        "Exported by account “root” of the machine",
        "Exported by ana.ruiz",
    ]
    assert lines[3].startswith("Case imported by ana.ruiz")


def test_pages_follow_each_other_without_loss_and_without_repeating(
    manager: Client, ana: User
) -> None:
    case = courses.case(ana, *visit())
    for day in range(PAGE):
        record(case, ana, *visit("interim", INFUSION_DAY + timedelta(days=day)))
        note_access(case, AccessKind.LOOKED, by=ana)

    seen, page, shown = list[str](), "history/", 0
    while True:
        markup = opened(manager, case, page)
        lines = lines_of(markup)
        shown += 1
        seen += [line for line in lines if line.startswith(("Recorded", "Case opened"))]
        following = re.search(r'href="(\?after=[^"]+)"', markup)
        if following is None:
            break
        assert len(lines) in (PAGE, PAGE - 1)  # two looks that follow each other are one line
        page = f"history/{following[1]}"

    assert shown == 3
    assert len(seen) == PAGE + 1
    assert len(set(seen)) == PAGE + 1


@pytest.mark.parametrize("cursor", ["", "x", "2024-01-01~1~1", "2024-13-01T00:00:00+00:00~1~1"])
def test_a_cursor_that_says_nothing_shows_the_newest(
    manager: Client, ana: User, cursor: str
) -> None:
    case = courses.case(ana, *visit())

    assert read_cursor(cursor) is None
    assert len(history_of(manager, case, f"history/?after={cursor}")) == 2


@pytest.mark.parametrize("entries", [1, 30])
def test_a_page_asks_as_much_for_a_long_history_as_for_a_short_one(
    manager: Client, ana: User, entries: int
) -> None:
    statements: list[Revision] = [*visit()]
    case = courses.case(ana, *statements)
    for day in range(1, entries):
        record(case, ana, *visit("interim", INFUSION_DAY + timedelta(days=day), crp="3"))

    with CaptureQueriesContext(connection) as asked:
        opened(manager, case, "history/")

    assert len(asked) == QUERIES + courses.LINE_QUERIES


def test_two_identifiers_stand_on_the_history_too(manager: Client, ana: User) -> None:
    case = imported(vignette("01"), ana)

    said = words(opened(manager, case, "history/")).strip()
    assert said.startswith("01-review-case Born 14 Mar 1970")
