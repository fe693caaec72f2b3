"""`verify_chain` says whether what stands in the cases is what was recorded."""

import json
import re
import uuid
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from patients.models import (
    Assessment,
    AssessmentDate,
    Case,
    Demographics,
    Entry,
    JournalLine,
    Observation,
    OrderKey,
    Patient,
    Role,
    User,
)
from patients.records.chain import broken
from tests.conftest import lift_triggers
from tests.patients import courses


@pytest.fixture
def centres(db: None) -> None:
    """Two, each with a case of the same pseudonym."""
    for code in ("BCN", "MAD"):
        centre = courses.centre(code)
        by = courses.person(f"ana.{code}", Role.CLINICIAN, at=centre)
        courses.case(by, *courses.visit(ecog="1"), at=centre)


@pytest.fixture
def tampered(centres: None) -> None:
    """What somebody did to the second case who owns the database."""
    lift_triggers()
    mine = Observation.objects.filter(assessment__case__centre__code="MAD")
    mine.update(value="2")


def verified(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    status = 0
    try:
        call_command("verify_chain", *arguments)
    except SystemExit as ended:
        status = int(str(ended.code))
    return status, capsys.readouterr().out


def test_untouched_cases_are_well(centres: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert verified(capsys) == (0, "OK\n")
    assert verified(capsys, "A-1", "--centre", "MAD") == (0, "OK\n")


def test_a_changed_record_is_named_and_ends_with_1(
    tampered: None, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = (1, "MAD A-1 1: changed\n")

    assert verified(capsys) == broken
    assert verified(capsys, "A-1", "--centre", "MAD") == broken
    assert verified(capsys, "A-1", "--centre", "BCN") == (0, "OK\n")


@pytest.mark.parametrize(
    "typed", ["\N{NO-BREAK SPACE}A-1 ", "A\N{ZERO WIDTH SPACE}-1\N{ZERO WIDTH JOINER}"], ids=ascii
)
def test_a_pseudonym_is_read_as_the_pages_read_it(
    tampered: None, capsys: pytest.CaptureFixture[str], typed: str
) -> None:
    assert verified(capsys, typed, "--centre", "MAD") == (1, "MAD A-1 1: changed\n")


@pytest.mark.parametrize("at_once", [1, 2, 3])
def test_how_much_is_read_at_a_time_changes_nothing(
    tampered: None,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    at_once: int,
) -> None:
    monkeypatch.setattr("patients.management.commands.verify_chain.AT_ONCE", at_once)
    monkeypatch.setattr("patients.records.verification.AT_ONCE", at_once)

    assert verified(capsys) == (1, "MAD A-1 1: changed\n")


def test_a_case_before_the_first_is_read_too(
    tampered: None, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever owns the database gives it any key."""
    forged = Case.objects.get(centre__code="BCN")
    forged.pk, forged.public_id, forged.case_id = -1, uuid.uuid4(), "A-0"
    forged.save(force_insert=True)

    assert verified(capsys) == (1, "BCN A-0: missing\nMAD A-1 1: changed\n")


def test_what_is_recorded_while_a_case_is_read_is_no_break(
    centres: None, capsys: pytest.CaptureFixture[str]
) -> None:
    """Between what was written and the entries that wrote it."""
    by, case = User.objects.get(username="ana.MAD"), Case.objects.get(centre__code="MAD")
    saves = [partial(courses.record, case, by, courses.value(courses.infusion(case), "crp", "12"))]

    def save_before(execute: Any, sql: str, *others: Any) -> Any:
        if 'FROM "patients_entry"' in sql and saves:
            saves.pop()()
        return execute(sql, *others)

    with connection.execute_wrapper(save_before):
        said = verified(capsys)

    assert (said, saves, case.entries.count()) == ((0, "OK\n"), [], 2)


def test_nobody_waits_while_untouched_cases_are_read(centres: None) -> None:
    with CaptureQueriesContext(connection) as asked:
        call_command("verify_chain")

    held = [query["sql"] for query in asked if re.match("SAVEPOINT|.* FOR ", query["sql"])]
    assert held == []


def test_twenty_cases_are_read_by_as_many_questions_as_one(centres: None) -> None:
    by, madrid = User.objects.get(username="ana.MAD"), courses.centre("MAD")
    for number in range(2, 21):
        courses.case(by, *courses.visit(ecog="1"), case_id=f"A-{number}", at=madrid)
    cases = list(Case.objects.filter(centre=madrid))

    with CaptureQueriesContext(connection) as of_one:
        first = list(broken(cases[:1]))
    with CaptureQueriesContext(connection) as of_all:
        together = list(broken(cases))

    assert (first, together, len(cases)) == ([], [], 20)
    assert len(of_all) == len(of_one)


def test_a_case_that_does_not_exist_is_not_taken_for_well(centres: None) -> None:
    for arguments in (
        ["A-2"],
        ["a-1"],
        ["--", "--"],
        ["A-1", "--centre", "VLC"],
        ["--centre", "VLC"],
    ):
        with pytest.raises(CommandError):
            call_command("verify_chain", *arguments)


@pytest.fixture
def kept(centres: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A head that was printed and put away."""
    call_command("verify_chain", "--head")
    file = tmp_path / "head.json"
    file.write_text(capsys.readouterr().out, "utf-8")
    return file


def test_a_head_says_where_each_journal_ends(kept: Path) -> None:
    head = json.loads(kept.read_text("utf-8"))

    ends = {
        code: list(JournalLine.objects.filter(centre__code=code).values_list("sequence", "digest"))
        for code in ("BCN", "MAD")
    }
    assert head["journals"] == {code: list(lines[-1]) for code, lines in ends.items()}
    assert (head["lines"], head["key_id"]) == (6, "test")


def test_a_database_that_has_grown_since_is_accepted(
    kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    by = User.objects.get(username="ana.MAD")
    case = Case.objects.get(centre__code="MAD")
    courses.record(case, by, courses.value(courses.infusion(case), "crp", "12"))
    courses.person("leo.VLC", Role.CLINICIAN, at=courses.centre("VLC"))

    assert verified(capsys, "--against", str(kept)) == (0, "OK\n")


def cut() -> None:
    """All that was recorded of a case in Madrid is gone."""
    lift_triggers()
    case = Case.objects.get(centre__code="MAD")
    OrderKey.objects.filter(case=case).delete()
    for model in (Observation, AssessmentDate):
        model.objects.filter(assessment__case=case).delete()
    for statements in (Assessment, Demographics, Entry):
        statements.objects.filter(case=case).delete()


def take_back() -> None:
    """Madrid is as it was before the case was opened, its journal too."""
    cut()
    Case.objects.filter(centre__code="MAD").delete()
    Patient.objects.filter(centre__code="MAD").delete()
    JournalLine.objects.filter(centre__code="MAD").exclude(table="membership").delete()


def test_a_case_whose_entries_are_gone_is_missed_by_the_journal(
    kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    entry = Entry.objects.get(case__centre__code="MAD").pk

    cut()

    assert verified(capsys) == (1, f"MAD A-1: missing\nMAD journal 2, entry {entry}: missing\n")


def test_a_case_that_is_gone_with_its_lines_is_missed_by_the_head_alone(
    kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    take_back()

    assert verified(capsys) == (0, "OK\n")
    assert verified(capsys, "--against", str(kept)) == (
        1,
        "MAD journal 3, against the head: missing\n",
    )


def test_an_older_database_that_goes_on_is_not_the_one_of_the_head(
    kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It has as many lines again, and others."""
    take_back()
    by = User.objects.get(username="ana.MAD")
    courses.case(by, case_id="A-2", at=courses.centre("MAD"))

    assert verified(capsys) == (0, "OK\n")
    assert verified(capsys, "--against", str(kept)) == (
        1,
        "MAD journal 3, against the head: changed\n",
    )


@pytest.mark.parametrize("text", ["", "[]", "{}", "OK"])
def test_what_is_no_head_is_refused(text: str, kept: Path) -> None:
    kept.write_text(text, "utf-8")

    with pytest.raises(CommandError, match="no head of this site"):
        call_command("verify_chain", "--against", str(kept))


def test_a_changed_head_is_refused(kept: Path) -> None:
    head = json.loads(kept.read_text("utf-8"))
    head["journals"]["MAD"][0] -= 1
    kept.write_text(json.dumps(head), "utf-8")

    with pytest.raises(CommandError, match="no head of this site"):
        call_command("verify_chain", "--against", str(kept))
