"""A case document that is imported and exported again is the same case."""

import getpass
import json
from codecs import BOM_UTF8
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings

from patients.models import Access, Centre, Entry, Role, User
from patients.permissions import Right, centres_of
from patients.transfer.documents import export_case, import_case
from tests.domain.cases import CONTRACT, Json, case, findings, text
from tests.domain.random_cases import cases
from tests.patients.courses import centre, person

GOOD = case(infusion={"ecog": 2, "crp": 29.9})
OF_BCN = ("--centre", "BCN", "--by", "ines.gil")
VIGNETTES = sorted((CONTRACT / "vignettes").glob("*.json"))


class Undone(Exception):
    """Takes back what an example has written."""


@pytest.fixture
def manager(db: None) -> User:
    return person("ines.gil", Role.DATA_MANAGER)


def there_and_back(document: Json, manager: User) -> Json:
    """What is exported after importing, in a database that keeps nothing of it."""
    exported = b""
    try:
        with transaction.atomic():
            entry = import_case(text(document), centre=centre(), by=manager)
            exported = export_case(entry.case, by=manager)
            raise Undone
    except Undone:
        written: Json = json.loads(exported)
        return written


@pytest.mark.parametrize("path", VIGNETTES, ids=lambda path: path.stem)
def test_a_vignette_comes_back_with_the_same_findings(path: Path, manager: User) -> None:
    document = json.loads(path.read_text())["case"]

    exported = there_and_back(document, manager)

    assert findings(exported) == findings(document)


@given(cases())
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_case_comes_back_with_the_same_findings(manager: User, document: Json) -> None:
    exported = there_and_back(document, manager)

    assert findings(exported) == findings(document)


def test_numbers_come_back_digit_for_digit(manager: User) -> None:
    document = (
        b'{"schema": "cartapp-case/1", "case_id": "A-1", "birth_date": "1974-01-01", "sex": "male",'
        b' "assessments": [{"milestone": "infusion", "date": "2024-03-06", "observations":'
        b' {"crp": 12.50, "ferritin": 1.2E+3, "platelets": {"value": 176000, "unit": "/uL"},'
        b' "ecog": 1.0, "ldh": {"value": 250.10, "upper_limit": 250.0}}}]}'
    )

    with transaction.atomic():
        entry = import_case(document, centre=centre(), by=manager)

    exported = export_case(entry.case, by=manager)
    assert all(
        written in exported for written in (b"12.50", b"1.2E+3", b"176000", b"250.10", b"250.0")
    )


# The commands


class Ended(NamedTuple):
    status: int
    out: str
    err: str


@pytest.fixture
def called(capsysbinary: pytest.CaptureFixture[bytes]) -> Any:
    """A command in this process; what Django would print of a CommandError is its err."""

    def call(*arguments: str) -> Ended:
        status, said = 0, ""
        try:
            call_command(*arguments)
        except SystemExit as ended:
            status = int(str(ended.code))
        except CommandError as error:
            status, said = 1, str(error)
        out, err = capsysbinary.readouterr()
        return Ended(status, out.decode(), err.decode() + said)

    return call


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "case.json"
    path.write_bytes(text(GOOD))
    return str(path)


def test_a_case_is_imported_and_exported_and_both_are_on_record(
    called: Any, file: str, manager: User
) -> None:
    imported = called("import_case", file, *OF_BCN)
    by_user = called("export_case", "A-1", *OF_BCN)
    by_machine = called("export_case", "A-1", "--centre", "BCN")

    assert imported == Ended(0, "A-1\n", "")
    assert findings(json.loads(by_user.out)) == findings(GOOD)
    assert by_machine == by_user
    entry = Entry.objects.get()
    assert (entry.action, entry.recorded_by) == ("imported", manager)
    assert list(Access.objects.order_by("pk").values_list("kind", "user", "account")) == [
        ("exported", manager.pk, ""),
        ("exported", None, getpass.getuser()),
    ]


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ("\N{NO-BREAK SPACE}A-1 ", 0),
        ("A\N{ZERO WIDTH SPACE}-1\N{ZERO WIDTH JOINER}", 0),
        ("a-1", 1),  # another pseudonym, as in the forms
        ("--", 1),
    ],
    ids=ascii,
)
def test_a_pseudonym_is_read_as_the_pages_read_it(
    called: Any, file: str, manager: User, typed: str, status: int
) -> None:
    called("import_case", file, *OF_BCN)

    ended = called("export_case", *OF_BCN, "--", typed)

    assert (ended.status, ended.out != "") == (status, status == 0)


def test_a_refused_document_is_refused_whole_with_its_places(
    called: Any, tmp_path: Path, manager: User
) -> None:
    bad = tmp_path / "bad.json"
    bad.write_bytes(text(case(infusion={"ecog": 9, "crp": -1})))

    ended = called("import_case", str(bad), *OF_BCN)

    assert (ended.status, ended.out, Entry.objects.count()) == (2, "", 0)
    assert [line.partition(": ")[0] for line in ended.err.splitlines()] == [
        "assessments[0].observations.ecog",
        "assessments[0].observations.crp",
    ]


def test_a_byte_order_mark_before_a_document_is_no_fault(
    called: Any, tmp_path: Path, manager: User
) -> None:
    marked = tmp_path / "marked.json"
    marked.write_bytes(BOM_UTF8 + text(GOOD))

    ended = called("import_case", str(marked), *OF_BCN)

    assert ended == Ended(0, "A-1\n", "")


def test_what_is_dated_after_today_is_refused_at_its_place(
    called: Any, tmp_path: Path, manager: User
) -> None:
    today = timezone.localdate()
    tomorrow = str(today + timedelta(days=1))
    ahead = tmp_path / "ahead.json"
    document = GOOD | {
        "assessments": [
            {"milestone": "infusion", "date": str(today), "observations": {"ecog": 2}},
            {"milestone": "day_7", "date": tomorrow, "observations": {"crp": 29.9}},
        ],
        "treatments": [
            {"role": "line", "start": str(today), "end": tomorrow, "response_on": tomorrow}
        ],
        "events": [
            {"kind": "crs", "date": str(today)},
            {"kind": "discharge", "date": tomorrow},
            {"kind": "intensive_care", "date": str(today), "end": tomorrow},
        ],
    }
    ahead.write_bytes(text(document))

    ended = called("import_case", str(ahead), *OF_BCN)

    places = ("assessments[1].date", "treatments[0].end", "treatments[0].response_on")
    said = f"this day has not come yet: only what has happened is imported; given: {tomorrow}"
    assert ended == Ended(
        2,
        "",
        "".join(f"{place}: {said}\n" for place in (*places, "events[1].date", "events[2].end")),
    )
    assert Entry.objects.count() == 0


def test_a_birth_that_has_not_come_is_refused(called: Any, tmp_path: Path, manager: User) -> None:
    tomorrow = str(timezone.localdate() + timedelta(days=1))
    unborn = tmp_path / "unborn.json"
    unborn.write_bytes(text(GOOD | {"birth_date": tomorrow, "assessments": []}))

    ended = called("import_case", str(unborn), *OF_BCN)

    assert (ended.status, ended.err.partition(":")[0]) == (2, "birth_date")


def visits(*some: tuple[str, str]) -> Json:
    """A document of these milestones and dates."""
    return GOOD | {"assessments": [{"milestone": m, "date": day} for m, day in some]}


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (
            visits(("infusion", "2024-01-10"), ("infusion", "2024-09-10")),
            "assessments[1].milestone: the milestone infusion stands already in assessments[0]; a "
            "second infusion is a second case of the same patient: write it, and what followed, "
            "as a document of its own",
        ),
        (
            visits(
                ("infusion", "2024-01-10"), ("relapse", "2024-04-01"), ("relapse", "2024-12-01")
            ),
            "assessments[2].milestone: the milestone relapse stands already in assessments[1]; "
            "write a later progression as an assessment of milestone interim, with its date and "
            "the response PD",
        ),
        (
            visits(("day_28", "2024-04-01"), ("day_28", "2024-04-02")),
            "assessments[1].milestone: the milestone day_28 stands already in assessments[0]",
        ),
        (
            GOOD | {"birth_date": "1960"},
            "birth_date: a date of the calendar with its year, month and day is expected, written "
            'YYYY-MM-DD; a year or a month alone is not enough; given: "1960"',
        ),
    ],
    ids=["second infusion", "second progression", "second visit", "year of birth"],
)
def test_what_a_document_cannot_say_is_refused_with_what_to_write_instead(
    document: Json, said: str, called: Any, tmp_path: Path, manager: User
) -> None:
    bad = tmp_path / "bad.json"
    bad.write_bytes(text(document))

    ended = called("import_case", str(bad), *OF_BCN)

    assert ended == Ended(2, "", f"{said}\n")


def test_a_case_is_imported_once(called: Any, file: str, manager: User) -> None:
    called("import_case", file, *OF_BCN)

    again = called("import_case", file, *OF_BCN)

    assert again == Ended(1, "", "The centre has a case with this case_id already.")
    assert Entry.objects.count() == 1


@pytest.mark.parametrize(
    ("case_id", "said"),
    [
        ("x" * 201, "case_id: Ensure this value has at most 200 characters (it has 201)."),
        ("--", "case_id: Write it with letters or digits."),
    ],
    ids=["too long", "no letters"],
)
def test_a_pseudonym_that_cannot_be_one_is_refused_at_its_place(
    case_id: str, said: str, called: Any, tmp_path: Path, manager: User
) -> None:
    bad = tmp_path / "bad.json"
    bad.write_bytes(text(GOOD | {"case_id": case_id}))

    ended = called("import_case", str(bad), *OF_BCN)

    assert ended == Ended(1, "", said)
    assert Entry.objects.count() == 0


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.DATA_MANAGER])
def test_nobody_but_the_centre_s_data_manager_imports_or_exports(
    role: Role, called: Any, file: str, manager: User
) -> None:
    called("import_case", file, *OF_BCN)
    person("somebody", role)
    person("elsewhere", Role.DATA_MANAGER, at=centre("MAD"))

    for name in ("somebody", "elsewhere", "nobody"):
        about = ("--centre", "BCN", "--by", name)
        imported = called("import_case", file, *about)
        exported = called("export_case", "A-1", *about)
        assert (imported.status, exported.status, exported.out) == (1, 1, "")

    assert (Entry.objects.count(), Access.objects.count()) == (1, 0)


def test_a_file_that_cannot_be_read_is_named(called: Any, tmp_path: Path, manager: User) -> None:
    missing = str(tmp_path / "missing.json")

    ended = called("import_case", missing, *OF_BCN)

    assert ended == Ended(1, "", f"{missing}: it cannot be read: No such file or directory")


def test_a_centre_is_set_up_from_the_command_line(called: Any, db: None) -> None:
    head, ines = person("head"), person("ines.gil")
    opened = called("open_centre", "BCN", "Hospital of Barcelona", "--administrator", "head")
    about = ("data_manager", "--to", "ines.gil", "--centre", "BCN", "--by")
    granted = called("grant", *about, "head")
    before = list(centres_of(ines, Right.TRANSFER))
    refused = called("grant", *about, "ines.gil", "--revoke")
    revoked = called("grant", *about, "head", "--revoke")

    assert [opened.status, granted.status, revoked.status] == [0, 0, 0]
    assert refused == Ended(1, "", "There is no such user or centre for this user.")
    assert before == [Centre.objects.get()]
    assert list(centres_of(ines, Right.TRANSFER)) == []
    assert list(centres_of(head, Right.MANAGE_PEOPLE)) == before


def test_a_centre_has_a_code_of_its_own_and_somebody_who_exists(called: Any, db: None) -> None:
    person("head")
    opening = ("open_centre", "BCN", "Hospital", "--administrator")

    ended = [called(*opening, name) for name in ("nobody", "head", "head")]

    assert [one.status for one in ended] == [1, 0, 1]
    assert ended[2].err == "Centre with this Code already exists."
