"""The variables of a site stand in its process, in one file, or each in a file of its own."""

from pathlib import Path

import pytest

from cartapp.env_file import gather


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "site.env"
    path.touch(mode=0o600)
    return path


def test_without_a_file_there_is_what_the_process_is_given(tmp_path: Path) -> None:
    process = {"TIME_ZONE": "Europe/Berlin", "SECRET_KEY": "", "PATH": "/bin"}

    assert gather(process, default=tmp_path / "none.env") == ({"TIME_ZONE": "Europe/Berlin"}, [])


def test_what_the_process_is_given_goes_before_the_file(file: Path) -> None:
    file.write_text(
        """\
# A site
TIME_ZONE="Europe/Lisbon"
ALLOWED_HOSTS=a.example,b.example
SECRET_KEY='with $HOME and #'

DATABASE_URL=
"""
    )

    assert gather({"TIME_ZONE": "Europe/Berlin"}, default=file) == (
        {
            "TIME_ZONE": "Europe/Berlin",
            "ALLOWED_HOSTS": "a.example,b.example",
            "SECRET_KEY": "with $HOME and #",
        },
        [],
    )


def test_another_file_can_be_named_or_none(file: Path, tmp_path: Path) -> None:
    file.write_text("TIME_ZONE=Europe/Lisbon\n")
    beside = tmp_path / "none.env"

    named = gather({"ENVIRONMENT_FILE": str(file)}, default=beside)
    none = gather({"ENVIRONMENT_FILE": ""}, default=file)
    gone = gather({"ENVIRONMENT_FILE": str(beside)}, default=file)

    assert named == ({"TIME_ZONE": "Europe/Lisbon"}, [])
    assert none == ({}, [])
    assert gone == ({}, [f"{beside} cannot be read: FileNotFoundError."])


def test_a_value_may_stand_in_a_file_of_its_own(file: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("kept apart\n")
    file.write_text(f"SECRET_KEY_FILE={secret}\n")

    kept = gather({}, default=file)
    given = gather({"SECRET_KEY": "given"}, default=file)

    assert kept == ({"SECRET_KEY": "kept apart"}, [])
    assert given == ({"SECRET_KEY": "given"}, [])


def test_a_value_that_is_given_twice_or_cannot_be_read_is_named(tmp_path: Path) -> None:
    process = {
        "SECRET_KEY": "given",
        "SECRET_KEY_FILE": str(tmp_path / "secret"),
    }

    values, problems = gather(process, default=tmp_path / "none.env")

    assert values == {"SECRET_KEY": "given"}
    assert problems == [
        "SECRET_KEY and SECRET_KEY_FILE are both given: one has to go.",
        "SECRET_KEY_FILE cannot be read: FileNotFoundError.",
    ]


@pytest.mark.parametrize("line", ["TIMEZONE=Europe/Madrid", "TIME_ZONE", "ALLOWED_HOSTS='a", "="])
def test_a_line_that_says_nothing_to_the_site_is_named(file: Path, line: str) -> None:
    file.write_text(f"DEMONSTRATION=0\n{line}\n")

    assert gather({}, default=file) == (
        {"DEMONSTRATION": "0"},
        [f"{file}, line 2: no variable of the site."],
    )


def test_a_file_that_everybody_may_read_is_named(file: Path) -> None:
    file.chmod(0o644)

    assert gather({}, default=file) == ({}, [f"{file} can be read by everybody: chmod 640."])
