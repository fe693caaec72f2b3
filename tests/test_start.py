"""The site refuses to start while anything is unsafe, and says everything that is."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import ConnectionHandler
from pytest_django import DjangoDbBlocker, Settings

from cartapp import checks
from cartapp.env import read_environment
from tests.settings import QUICK_FOLDER
from tests.settings import SECRET_KEY as TESTS_SECRET_KEY

ROOT = Path(__file__).resolve().parent.parent
GUESSABLE = "SECRET_KEY is guessable: give 50 random characters."
GUESSABLE_CHAIN_KEY = "CHAIN_KEYS is guessable: give ID:KEY with 50 random characters."
ONE_KEY = "CHAIN_KEYS holds the SECRET_KEY: who has one must not have the other."
NOT_SET, WHERE = "Not set:", "(docs/operations.md says what they are)."
WILDCARD = "ALLOWED_HOSTS has a wildcard: name each host."


@pytest.fixture
def site(settings: Settings) -> Settings:
    """The settings of a site that may start."""
    settings.ALLOWED_HOSTS = ["cartapp.example"]
    settings.SECURE_SSL_REDIRECT = True
    settings.SESSION_COOKIE_SECURE = True
    settings.CSRF_COOKIE_SECURE = True
    return settings


def test_a_safe_site_has_no_problem(site: Settings) -> None:
    assert list(checks.settings_problems()) == []
    assert checks.check_settings(app_configs=None) == []


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("SECRET_KEY", "0123456789abcdef" * 3, GUESSABLE),
        ("SECRET_KEY", "abcd" * 20, GUESSABLE),
        ("CHAIN_KEYS", {"new": "fedcba9876543210" * 4, "old": "short"}, GUESSABLE_CHAIN_KEY),
        ("CHAIN_KEYS", {"2026": TESTS_SECRET_KEY}, ONE_KEY),
        (
            "CHAIN_KEYS",
            {"i" * 51: "fedcba9876543210" * 4},
            "CHAIN_KEYS has an id of more than 50 characters.",
        ),
        *(
            (name, "short", f"{name} is guessable: give 50 random characters, or none.")
            for name in ("BACKUP_KEY", "METRICS_TOKEN")
        ),
        ("ALLOWED_HOSTS", ["cartapp.example", "*"], WILDCARD),
        ("ALLOWED_HOSTS", [".cartapp.example"], WILDCARD),
        ("DEBUG", True, "DEBUG is on: it shows settings and variables to whoever meets an error."),
        ("ENVIRONMENT_PROBLEMS", ("PORT is odd.",), "PORT is odd."),
        *(
            (name, value, f"{name} is off: patients' data travel by HTTPS only.")
            for name, value in [
                ("SECURE_SSL_REDIRECT", False),
                ("SECURE_HSTS_SECONDS", 0),
                ("SESSION_COOKIE_SECURE", False),
                ("CSRF_COOKIE_SECURE", False),
            ]
        ),
    ],
)
def test_each_unsafe_setting_is_refused(
    site: Settings, name: str, value: object, problem: str
) -> None:
    setattr(site, name, value)

    assert list(checks.settings_problems()) == [problem]
    assert [error.msg for error in checks.check_settings(app_configs=None)] == [problem]


def test_the_demonstration_needs_no_https_but_a_key(site: Settings) -> None:
    site.DEMONSTRATION = True
    site.ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
    site.SECURE_SSL_REDIRECT = False
    site.SECRET_KEY = "short"

    assert list(checks.settings_problems()) == [GUESSABLE]


@pytest.mark.parametrize("host", ["cartapp.example", "*", "192.168.1.20"])
def test_the_demonstration_answers_to_no_other_host(site: Settings, host: str) -> None:
    site.DEMONSTRATION = True
    site.ALLOWED_HOSTS = ["127.0.0.1", host]

    assert list(checks.settings_problems()) == [
        f"The demonstration answers this machine only, not {host}."
    ]


def test_a_catalogue_that_does_not_load_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise ValueError("pre_infusion.toml, ldh: no reference")

    monkeypatch.setattr(checks, "catalogue", broken)

    assert list(checks.catalogue_problems()) == [
        "The catalogue does not load: pre_infusion.toml, ldh: no reference"
    ]


def test_the_catalogue_in_the_repository_loads() -> None:
    assert list(checks.catalogue_problems()) == []


@pytest.mark.django_db
def test_the_database_under_test_is_durable_unless_it_is_thrown_away() -> None:
    """`scripts/test` has all that makes a server durable off: nothing of it outlives the run."""
    off = ("fsync", "synchronous_commit", "full_page_writes")
    expected = {
        "sqlite": [],
        "postgresql": [
            f"PostgreSQL's {name} is off: an acknowledged save could be lost." for name in off
        ],
    }

    assert list(checks.database_problems(connection)) == expected[connection.vendor]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["lock_timeout", "statement_timeout"])
def test_a_wait_without_end_is_refused(name: str) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite's own limit is tested below")
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL {name} = 0")

    said = f"PostgreSQL's {name} is off: one locked table would stop every page."
    assert said in checks.database_problems(connection)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("app", "refused"), [("patients", True), ("account", True), ("gone", False)]
)
def test_the_database_of_a_newer_site_is_refused(app: str, refused: bool) -> None:
    """What an application that is no more has left behind belongs to no newer one."""
    MigrationRecorder(connection).record_applied(app, "9999_of_a_newer_site")

    found = list(checks.database_problems(connection))

    said = (
        f"The database belongs to a newer cartapp ({app}.9999_of_a_newer_site): serve that one, or"
        " restore the backup from before it."
    )
    assert (said in found) == refused


def sqlite_problems(folder: Path, **options: object) -> list[str]:
    """What is wrong with a new SQLite file that was opened with these options."""
    database = read_environment({"DEMONSTRATION": "1"}, data=folder).database
    database["OPTIONS"] |= options
    handler = ConnectionHandler({"default": database})
    try:
        return list(checks.database_problems(handler["default"]))
    finally:
        handler.close_all()


@pytest.mark.parametrize(
    ("options", "problems"),
    [
        ({}, []),
        (
            {"transaction_mode": "DEFERRED"},
            ["SQLite's transaction_mode is not IMMEDIATE: it fails under contention."],
        ),
        (
            {"init_command": "PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL"},
            ["SQLite's journal_mode is not WAL."],
        ),
        (
            {"init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL"},
            ["SQLite's synchronous is not FULL: an acknowledged save could be lost."],
        ),
        *(
            (
                {"timeout": seconds},
                ["SQLite's timeout is not from 1 to 20 seconds: so long a save waits for another."],
            )
            for seconds in (0, 21)
        ),
    ],
)
def test_sqlite_must_be_durable_and_migrated(
    options: dict[str, object],
    problems: list[str],
    tmp_path: Path,
    django_db_blocker: DjangoDbBlocker,
) -> None:
    with django_db_blocker.unblock():
        found = sqlite_problems(tmp_path, **options)

    assert found == [*problems, "Migrations are not applied: run manage.py migrate."]


def test_a_database_that_cannot_be_opened_is_refused(
    tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    with django_db_blocker.unblock():
        found = sqlite_problems(tmp_path / "missing")

    assert found == ["The database cannot be used: OperationalError."]


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Python with these arguments in an environment that holds nothing else."""
    return subprocess.run(  # noqa: S603 - our own interpreter and our own arguments
        [sys.executable, *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "ENVIRONMENT_FILE": "", **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_served_application_raises_with_all_that_is_wrong_at_once() -> None:
    start = run(
        "-c",
        "import cartapp.wsgi",
        ALLOWED_HOSTS="*",
        CHAIN_KEYS="first:brief",
        DATABASE_URL="mysql://host/cart",
        SECRET_KEY="short",
        TIME_ZONE="Europe/Nowhere",
    )

    assert start.returncode == 1
    said = start.stderr.splitlines()
    assert said[said.index("cartapp does not start:") + 1 :] == [
        f"- {NOT_SET} TRUSTED_PROXIES {WHERE}",
        "- DATABASE_URL is neither postgres://USER:PASSWORD@HOST/NAME nor sqlite:///FILE.",
        "- TIME_ZONE is not a name of the time zone database.",
        f"- {GUESSABLE}",
        f"- {GUESSABLE_CHAIN_KEY}",
        f"- {WILDCARD}",
    ]


def test_a_command_that_writes_no_database_needs_nothing_from_the_environment() -> None:
    check = run("manage.py", "check")

    assert (check.returncode, check.stderr) == (0, "")


@pytest.mark.parametrize(
    ("command", "name"),
    [
        *((("manage.py", name), name) for name in ("migrate", "createsuperuser", "import_case")),
        (("-m", "cartapp.starting"), "serve"),
    ],
)
def test_a_command_that_could_write_is_refused_without_the_environment_of_the_site(
    command: tuple[str, ...], name: str, tmp_path: Path
) -> None:
    database = tmp_path / "cart.sqlite3"

    refused = run(*command, DATABASE_URL=f"sqlite:///{database}")

    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.splitlines() == [
        f"{name} needs the environment of the site:",
        f"- {NOT_SET} SECRET_KEY, CHAIN_KEYS, ALLOWED_HOSTS, TRUSTED_PROXIES {WHERE}",
    ]
    assert not database.exists()


def test_a_site_is_described_by_one_file_for_every_process(tmp_path: Path) -> None:
    """What the process is given goes first: the same file does for a demonstration."""
    secret = tmp_path / "secret-key"
    secret.write_text("0123456789abcdef" * 4)
    described = tmp_path / "site.env"
    with tempfile.TemporaryDirectory(dir=QUICK_FOLDER) as folder:
        described.write_text(
            f"""\
SECRET_KEY_FILE={secret}
CHAIN_KEYS=first:{"fedcba9876543210" * 4}
ALLOWED_HOSTS=localhost
TRUSTED_PROXIES=0
DATABASE_URL=sqlite:///{folder}/cart.sqlite3
"""
        )
        described.chmod(0o600)
        file = str(described)

        unmigrated = run("-c", "import cartapp.wsgi", ENVIRONMENT_FILE=file)
        migrated = run("manage.py", "migrate", "--verbosity=0", ENVIRONMENT_FILE=file)
        start = run("-c", "import cartapp.wsgi", ENVIRONMENT_FILE=file)
        shown = run("-c", "import cartapp.wsgi", ENVIRONMENT_FILE=file, DEMONSTRATION="1")

    assert unmigrated.returncode == 1
    assert unmigrated.stderr.splitlines()[-1] == (
        "- Migrations are not applied: run manage.py migrate."
    )
    assert (migrated.returncode, migrated.stderr) == (0, "")
    assert (start.returncode, shown.returncode) == (0, 0)
