"""The commands that need no database: what they print, where, and how they end."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.core.management import CommandError, call_command

from riskfactors.domain.documents import write_catalogue
from riskfactors.published import catalogue
from tests.domain.cases import CONTRACT, Json, case, findings, text

ROOT = Path(__file__).resolve().parent.parent.parent
GOOD = case(infusion={"ecog": 2, "crp": 29.9})
BAD = case(infusion={"ecog": 9, "crp": -1})


class Ended(NamedTuple):
    status: int
    out: bytes
    err: str


def command(*arguments: str, given: bytes = b"") -> Ended:
    """A command in a process of its own, with an empty environment."""
    run = subprocess.run(  # noqa: S603 - this repository's own command
        [sys.executable, ROOT / "manage.py", *arguments],
        input=given,
        capture_output=True,
        env={"PATH": "/usr/bin:/bin"},
        cwd=ROOT,
        check=False,
    )
    return Ended(run.returncode, run.stdout, run.stderr.decode())


@pytest.fixture
def called(capsysbinary: pytest.CaptureFixture[bytes]) -> Any:
    """A command in this process."""

    def call(*arguments: str) -> Ended:
        status = 0
        try:
            call_command(*arguments)
        except SystemExit as ended:
            status = int(str(ended.code))
        out, err = capsysbinary.readouterr()
        return Ended(status, out, err.decode())

    return call


@pytest.fixture
def written(tmp_path: Path) -> Any:
    """Writes a file and gives its name."""

    def write(content: Json | bytes, name: str = "case.json") -> str:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else text(content))
        return str(path)

    return write


# From nothing


def test_a_case_is_assessed_with_an_empty_environment(written: Any) -> None:
    ended = command("assess", written(GOOD))

    assert (ended.status, ended.err) == (0, "")
    assert json.loads(ended.out) == findings(GOOD)


def test_a_refused_case_says_why_on_standard_error_only() -> None:
    ended = command("assess", "-", given=text(BAD))

    assert (ended.status, ended.out) == (2, b"")
    assert [line.partition(": ")[0] for line in ended.err.splitlines()] == [
        "assessments[0].observations.ecog",
        "assessments[0].observations.crp",
    ]


def test_lines_are_assessed_in_order_and_refused_ones_do_not_stop_the_run() -> None:
    no_id = case(infusion={}) | {"case_id": 7}
    lines = [text(GOOD), text(BAD), b"not JSON", text(no_id), text(GOOD)]

    ended = command("assess", "--lines", "-", given=b"\n".join(lines))

    found = [json.loads(line) for line in ended.out.splitlines()]
    assert (ended.status, ended.err) == (1, "")
    assert [found[0], found[4]] == [findings(GOOD), findings(GOOD)]
    assert [(refused["case_id"], len(refused["errors"])) for refused in found[1:4]] == [
        ("A-1", 2),
        (None, 1),
        (None, 1),
    ]
    assert [sorted(refused) for refused in found[1:4]] == [["case_id", "errors"]] * 3


def test_the_catalogue_is_printed_with_an_empty_environment() -> None:
    ended = command("catalogue")

    assert (ended.status, ended.err) == (0, "")
    assert ended.out == write_catalogue(catalogue()) + b"\n"


# One case


def test_every_vignette_is_one_line_of_findings(called: Any, written: Any) -> None:
    for path in sorted((CONTRACT / "vignettes").glob("*.json")):
        document = json.loads(path.read_text())["case"]

        ended = called("assess", written(document))

        assert (ended.status, ended.err, ended.out.count(b"\n")) == (0, "", 1)
        assert json.loads(ended.out)["case_id"] == document["case_id"]


def test_findings_name_their_schema_and_catalogue(called: Any, written: Any) -> None:
    printed = json.loads(called("assess", written(GOOD)).out)

    catalogue = json.loads(called("catalogue").out)["catalogue"]
    assert list(printed) == ["schema", "case_id", "catalogue", "warnings", "milestones"]
    assert (printed["schema"], printed["catalogue"]) == ("cartapp-findings/1", catalogue)
    assert list(printed["milestones"][0]) == ["milestone", "date", "day", "findings", "scores"]
    assert list(printed["milestones"][0]["findings"][0]) == [
        *("factor", "verdict", "stratum", "direction", "basis", "missing", "reason")
    ]


def test_as_of_hides_what_is_later(called: Any, written: Any) -> None:
    document = case(election={}, infusion={})

    ended = called("assess", written(document), "--as-of", "2024-03-05")

    assert [at["milestone"] for at in json.loads(ended.out)["milestones"]] == ["election"]


@pytest.mark.parametrize("day", ["2024-02-30", "yesterday", "20240305", "", "2024-3-5"])
def test_a_bad_as_of_is_refused(called: Any, written: Any, day: str) -> None:
    one = called("assess", written(GOOD), "--as-of", day)
    lines = called("assess", "--lines", written(text(GOOD)), "--as-of", day)

    assert [(ended.status, ended.out) for ended in (one, lines)] == [(2, b""), (2, b"")]
    assert [len(ended.err.splitlines()) for ended in (one, lines)] == [1, 1]


def test_a_problem_later_than_as_of_is_still_refused(called: Any, written: Any) -> None:
    document = case(election={}, infusion={"ecog": 9})

    ended = called("assess", written(document), "--as-of", "2024-01-01")

    assert (ended.status, ended.out) == (2, b"")
    assert ended.err.startswith("assessments[1].observations.ecog: ")


@pytest.mark.parametrize("option", [(), ("--lines",)])
def test_a_file_that_cannot_be_read_is_refused(
    called: Any, tmp_path: Path, option: tuple[str, ...]
) -> None:
    missing = called("assess", *option, str(tmp_path / "none.json"))
    folder = called("assess", *option, str(tmp_path))

    assert [(ended.status, ended.out) for ended in (missing, folder)] == [(2, b""), (2, b"")]
    assert [len(ended.err.splitlines()) for ended in (missing, folder)] == [1, 1]


@pytest.mark.parametrize("content", [b"", b"\xff", b"[]", b"{}", b"\x00", b"[" * 100_000])
def test_a_file_that_is_no_case_is_refused(called: Any, written: Any, content: bytes) -> None:
    ended = called("assess", written(content))

    assert (ended.status, ended.out) == (2, b"")
    assert ended.err != ""
    assert all(": " in line for line in ended.err.splitlines())


@pytest.mark.parametrize("arguments", [(), ("case.json", "--lines", "cases.jsonl")])
def test_one_source_of_cases_is_asked_for(arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        call_command("assess", *arguments)


# Cases in lines


def test_lines_that_are_all_good_end_with_status_0(called: Any, written: Any) -> None:
    ended = called("assess", "--lines", written(text(GOOD) + b"\n" + text(GOOD) + b"\n"))

    assert (ended.status, ended.err) == (0, "")
    assert [json.loads(line) for line in ended.out.splitlines()] == [findings(GOOD)] * 2


def test_no_lines_give_no_results(called: Any, written: Any) -> None:
    assert called("assess", "--lines", written(b"")) == Ended(0, b"", "")


def test_as_of_serves_for_lines_too(called: Any, written: Any) -> None:
    document = case(election={}, infusion={})

    ended = called("assess", "--lines", written(text(document)), "--as-of", "2024-03-05")

    assert json.loads(ended.out) == findings(document, "2024-03-05")


def test_several_processes_give_the_same_in_the_same_order(called: Any, written: Any) -> None:
    cases = [GOOD | {"case_id": str(number)} for number in range(100)]
    lines = written(b"\n".join(map(text, [*cases, BAD, *cases])))

    one, two = (called("assess", "--lines", lines, "--jobs", jobs) for jobs in ("1", "2"))

    assert two == one
    assert (one.status, len(one.out.splitlines())) == (1, 201)


@pytest.mark.parametrize("jobs", ["0", "-1", "257", "many"])
def test_a_number_of_processes_that_is_none_is_refused(written: Any, jobs: str) -> None:
    ended = command("assess", "--lines", written(text(GOOD)), f"--jobs={jobs}")

    assert (ended.status, ended.out) == (2, b"")
    assert ended.err.splitlines()[-1].endswith("a whole number from 1 to 256 is expected")


def test_hostile_lines_are_refused_one_by_one(called: Any, written: Any) -> None:
    lines = [
        b"\xff",
        b"[" * 100_000,
        b'{"case_id": "a\\ud800"}',
        b'{"case_id": "A-2", "case_id": "A-3"}',
        b'{"case_id": "A-2", "x": NaN}',
        text(GOOD),
        b'{"case_id": 1e999999}',
    ]

    ended = called("assess", "--lines", written(b"\n".join(lines)))

    found = [json.loads(line) for line in ended.out.splitlines()]
    assert (ended.status, ended.err) == (1, "")
    assert ["errors" in each for each in found] == [True] * 5 + [False, True]
    assert [each["case_id"] for each in found] == [None, None, "a\ud800", None, None, "A-1", None]


def test_a_disk_that_is_full_is_no_fault_of_the_case(written: Any) -> None:
    with Path("/dev/full").open("wb") as full:
        run = subprocess.run(  # noqa: S603 - this repository's own command
            [sys.executable, ROOT / "manage.py", "assess", written(GOOD)],
            stdout=full,
            stderr=subprocess.PIPE,
            env={"PATH": "/usr/bin:/bin"},
            check=False,
        )

    assert (run.returncode, run.stderr) == (
        3,
        b"The output cannot be written: No space left on device\n",
    )


def test_a_reader_that_stops_early_ends_the_run_quietly(written: Any) -> None:
    lines = written(text(GOOD) + b"\n" + (text(GOOD) + b"\n") * 200, "lines.jsonl")

    run = subprocess.run(  # noqa: S602 - this repository's own command
        f"{sys.executable} {ROOT / 'manage.py'} assess --lines {lines} | head -c 10",
        shell=True,
        capture_output=True,
        check=False,
    )

    assert (run.stdout, run.stderr) == (b'{"schema":', b"")
