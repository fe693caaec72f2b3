"""`verify_chain` says whether what stands in the cases is what was recorded."""

import pytest
from django.core.management import CommandError, call_command

from patients.models import Observation, Role
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


def test_a_case_that_does_not_exist_is_not_taken_for_well(centres: None) -> None:
    for arguments in (["A-2"], ["A-1", "--centre", "VLC"], ["--centre", "VLC"]):
        with pytest.raises(CommandError):
            call_command("verify_chain", *arguments)
