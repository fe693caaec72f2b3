"""A backup is made while people record, and works elsewhere as if nothing had happened."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlsplit

import pytest
from django.conf import settings as site
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from cartapp.backup.copying import BEGINS
from cartapp.management.commands import restore
from patients.models import Case, Role, User
from tests.conftest import PASSWORD
from tests.patients import courses
from tests.patients.courses import visit
from tests.settings import QUICK_FOLDER

ROOT = Path(__file__).resolve().parent.parent
KEY = "invented-for-backups-" + "0123456789abcdef" * 3
ELSEWHERE = "cartapp_restored"


@pytest.fixture
def ana(transactional_db: None, settings: Settings) -> User:
    """Somebody with a password as the site keeps it."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    user = courses.person("ana.ruiz", Role.CLINICIAN)
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def elsewhere(ana: User) -> Iterator[dict[str, str]]:
    """The environment of a site of the same hospital on another machine, with no database yet."""
    variables = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "cartapp.settings",
        "ENVIRONMENT_FILE": "",
        "PYTHONPATH": str(ROOT),
        "SECRET_KEY": site.SECRET_KEY,
        "CHAIN_KEYS": ",".join(f"{name}:{key}" for name, key in site.CHAIN_KEYS.items()),
        "ALLOWED_HOSTS": "cartapp.example",
        "TRUSTED_PROXIES": "0",
        "BACKUP_KEY": KEY,
    }
    with empty_database() as url:
        yield variables | {"DATABASE_URL": url}


@contextmanager
def empty_database() -> Iterator[str]:
    """The address of one of the kind that is tested."""
    if connection.vendor == "sqlite":
        with tempfile.TemporaryDirectory(dir=QUICK_FOLDER) as folder:
            yield f"sqlite:///{folder}/elsewhere.sqlite3"
        return
    address = urlsplit(os.environ["DATABASE_URL"])
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {ELSEWHERE}")
        cursor.execute(f"CREATE DATABASE {ELSEWHERE}")
    yield address._replace(path=f"/{ELSEWHERE}").geturl()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE {ELSEWHERE}")


@contextmanager
def recording(by: User) -> Iterator[None]:
    """Somebody registers one case after another, three at least before anything else happens."""
    enough, over = Event(), Event()

    def work() -> None:
        number = 0
        while not over.is_set():
            courses.case(by, *visit(ecog="1"), case_id=f"B-{number}")
            number += 1
            if number == 3:
                enough.set()
        connection.close()

    thread = Thread(target=work)
    thread.start()
    assert enough.wait(30)
    try:
        yield
    finally:
        over.set()
        thread.join()


def run(*arguments: str, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own interpreter and our own arguments
        [sys.executable, *arguments],
        cwd=ROOT,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_backup_made_under_writes_is_restored_elsewhere_and_works(
    ana: User, elsewhere: dict[str, str], settings: Settings, tmp_path: Path
) -> None:
    settings.BACKUP_KEY = KEY
    file = tmp_path / "backup"

    with recording(ana):
        before = Case.objects.count()
        call_command("backup", str(file), verbosity=0)
    after = Case.objects.count()
    restored = run("manage.py", "restore", str(file), variables=elsewhere)
    again = run("manage.py", "restore", str(file), variables=elsewhere)
    found = json.loads(
        run("scripts/restored.py", ana.username, PASSWORD, variables=elsewhere).stdout
    )

    assert (restored.returncode, restored.stdout, restored.stderr) == (0, "OK\n", "")
    assert file.stat().st_mode & 0o777 == 0o600
    assert b"Invented Name" not in file.read_bytes()
    assert again.returncode == 1
    assert "Nothing is restored" in again.stderr
    assert before <= found["cases"] <= after
    assert found == {
        "refuses": True,
        "signed in": "/cases/",
        "page": 200,
        "timeline": True,
        "cases": found["cases"],
        "entries": found["cases"],
    }


def backed_up(path: Path) -> str:
    """What the command says of a backup, or why there is none."""
    try:
        call_command("backup", str(path))
    except CommandError as refused:
        return str(refused)
    return ""


@pytest.mark.django_db
def test_a_backup_without_a_key_says_so_and_writes_over_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "backup"

    first, second = backed_up(file), backed_up(file)

    assert (first, second) == ("", f"{file} is there already.")
    assert file.read_bytes().startswith(BEGINS[connection.vendor])
    assert capsys.readouterr().out == (
        f"{file}: {file.stat().st_size} bytes, NOT ENCRYPTED: set BACKUP_KEY\n"
    )
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.django_db
def test_a_backup_is_read_with_the_key_it_was_made_with_and_with_no_other(
    tmp_path: Path, settings: Settings
) -> None:
    file, refused = tmp_path / "backup", []
    settings.BACKUP_KEY = KEY
    call_command("backup", str(file), verbosity=0)

    for key in ("", f"another-{KEY}"):
        settings.BACKUP_KEY = key
        with pytest.raises(CommandError) as why:
            call_command("restore", str(file))
        refused.append(str(why.value))
    settings.BACKUP_KEY = KEY
    with file.open("rb") as sealed:
        content = b"".join(restore.read(sealed))

    assert (
        refused
        == ["Nothing is restored: BACKUP_KEY is not that of the file, or it was changed."] * 2
    )
    assert content.startswith(BEGINS[connection.vendor])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("#!/bin/sh\necho half; echo 'no such server' >&2; exit 1\n", "no such server"),
        (None, "pg_dump is not installed (postgresql-client)"),
    ],
)
def test_a_backup_that_fails_leaves_no_file(
    script: str | None, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite copies itself")
    commands, folder = tmp_path / "bin", tmp_path / "backups"
    commands.mkdir()
    folder.mkdir()
    if script:
        (commands / "pg_dump").write_text(script)
        (commands / "pg_dump").chmod(0o755)
    monkeypatch.setenv("PATH", str(commands))

    failed = backed_up(folder / "backup")

    assert failed == f"There is no backup: {said}"
    assert list(folder.iterdir()) == []


@pytest.mark.django_db
@pytest.mark.parametrize("content", [b"", b"something else", b"cartapp-sealed/1\n"])
def test_what_is_no_backup_of_this_database_is_refused(
    content: bytes, tmp_path: Path, settings: Settings
) -> None:
    settings.BACKUP_KEY = KEY
    other = {"sqlite": b"PGDMP", "postgresql": b"SQLite format 3\0"}[connection.vendor]
    for number, held in enumerate((content, other)):
        file = tmp_path / f"backup-{number}"
        file.write_bytes(held)

        with pytest.raises(CommandError, match="Nothing is restored"):
            call_command("restore", str(file))
