"""On PostgreSQL the site is served by a role that owns nothing: it adds, and changes no record."""

import hmac
import os
import re
import subprocess
import sys
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import pbkdf2_hmac
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.test import Client
from pytest_django import Settings

from cartapp import checks, privileges
from patients.models import Access, Entry, Role
from patients.records import triggers, verification
from patients.records.chain import breaks
from tests import settings as site
from tests.conftest import PASSWORD
from tests.patients import courses

pytestmark = pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has no roles")
ROOT = Path(__file__).resolve().parent.parent
NAMES = ("cartapp_test_roles", "cartapp_test_owner", "cartapp_test_server")
OWNED = (
    "The role that serves owns the tables, and could lift what guards the records: make"
    " another one (scripts/postgresql-roles), or say SERVED_BY_OWNER=1."
)


@pytest.fixture
def served(db: None, settings: Settings) -> Iterator[None]:
    """A role has the rights of who serves, until the test is over."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE cartapp_test_serving")
    settings.SERVING_ROLE = "cartapp_test_serving"
    settings.SERVED_BY_OWNER = False
    privileges.give(using="default")
    yield
    cache.clear()


@contextmanager
def serving() -> Iterator[None]:
    """What is done as that role."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET ROLE cartapp_test_serving")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def refusal(statement: str) -> str:
    """How the database refuses a statement; empty where it does not."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        return str(error).partition("\n")[0]
    return ""


def test_the_site_works_as_a_role_that_owns_nothing(served: None) -> None:
    ana = courses.person("ana.ruiz", Role.CLINICIAN, Role.ADMINISTRATOR)
    ana.set_password(PASSWORD)
    ana.save()
    client = Client()

    with serving():
        signed_in = client.post("/sign-in/", {"login": "ana.ruiz", "password": PASSWORD})
        case = courses.case(ana, *courses.visit(ecog="1"))
        courses.record(case, ana, courses.value(courses.infusion(case), "crp", "12"))
        page = client.get(f"/cases/{case.public_id}/")
        gone = client.post("/sign-out/")
        found = [*breaks(case), *verification.faults(case.centre), *verification.strays()]

    assert [answer.status_code for answer in (signed_in, page, gone)] == [302, 200, 302]
    assert (Entry.objects.count(), Access.objects.count(), found) == (2, 1, [])


ATTEMPTS = {
    "change a record": "UPDATE patients_observation SET value = '9'",
    "delete a record": "DELETE FROM patients_observation",
    "empty a table": "TRUNCATE patients_observation CASCADE",
    "change a line of the journal": "UPDATE patients_journalline SET content = ''",
    "change a case, whose rows it may lock": "UPDATE patients_case SET id = id",
    "move a case": "UPDATE patients_case SET patient_id = 1",
    "switch a trigger off": "ALTER TABLE patients_observation DISABLE TRIGGER ALL",
    "remove a trigger": ("DROP TRIGGER patients_observation_no_change ON patients_observation"),
    "change what a trigger does": (
        "CREATE OR REPLACE FUNCTION cartapp_refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RETURN NEW; END $$"
    ),
    "be a replica, for which triggers are silent": "SET session_replication_role = replica",
    "alter a table": "ALTER TABLE patients_observation ADD COLUMN more text",
    "make a table": "CREATE TABLE patients_more (id int)",
    "say what is migrated": "DELETE FROM django_migrations",
}
DENIED = ("permission denied", "must be owner", triggers.REFUSAL)


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_who_serves_cannot(attempt: str, served: None) -> None:
    ana = courses.person("ana.ruiz", Role.CLINICIAN)
    courses.case(ana, *courses.visit(ecog="1"))

    with serving():
        said = refusal(ATTEMPTS[attempt])

    assert [words for words in DENIED if words in said] != [], said


def test_the_owner_could(served: None) -> None:
    """What the role is for: the same, as the role that the tests have."""
    ana = courses.person("ana.ruiz", Role.CLINICIAN)
    courses.case(ana, *courses.visit(ecog="1"))

    said = [
        refusal("SET CONSTRAINTS ALL IMMEDIATE"),
        refusal("UPDATE patients_observation SET value = '9'"),
        refusal(ATTEMPTS["switch a trigger off"]),
        refusal("UPDATE patients_observation SET value = '9'"),
    ]

    assert said == ["", triggers.REFUSAL, "", ""]


def test_a_site_that_is_served_by_the_owner_does_not_start_unless_it_says_so(
    served: None, settings: Settings
) -> None:
    as_owner = OWNED in checks.database_problems(connection)
    with serving():
        as_server = OWNED in checks.database_problems(connection)
    settings.SERVED_BY_OWNER = True
    said_so = OWNED in checks.database_problems(connection)

    assert (as_owner, as_server, said_so) == (True, False, False)


@pytest.fixture
def roles(transactional_db: None) -> Iterator[dict[str, str]]:
    """What psql and a site need for a database with two roles, which the script makes."""
    database, owner, server = NAMES
    address = urlsplit(os.environ["DATABASE_URL"])
    where = connection.get_connection_params()
    known = {"PGHOST": where["host"], "PGUSER": where["user"], "PGPORT": str(where.get("port", ""))}

    def url(role: str) -> str:
        return address._replace(netloc=f"{role}@", path=f"/{database}").geturl()

    drop_all()
    yield {
        "PATH": os.environ["PATH"],
        **{name: value for name, value in known.items() if value},
        "ENVIRONMENT_FILE": "",
        "SECRET_KEY": site.SECRET_KEY,
        "CHAIN_KEYS": ",".join(f"{name}:{key}" for name, key in site.CHAIN_KEYS.items()),
        "ALLOWED_HOSTS": "cartapp.example",
        "TRUSTED_PROXIES": "0",
        "DATABASE_URL": url(server),
        "MIGRATE_DATABASE_URL": url(owner),
    }
    drop_all()


def drop_all() -> None:
    database, owner, server = NAMES
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {database}")
        cursor.execute(f"DROP ROLE IF EXISTS {server}")
        cursor.execute(f"DROP ROLE IF EXISTS {owner}")


def test_the_script_makes_a_site_that_migrates_as_one_role_and_is_served_by_another(
    roles: dict[str, str],
) -> None:
    """What else keeps a site of tests from starting (no fsync) is no matter here."""
    database, owner, server = NAMES
    python, start = sys.executable, ("-c", "import cartapp.wsgi")
    as_owner = roles | {"DATABASE_URL": roles["MIGRATE_DATABASE_URL"]}
    lifting = ("psql", "--no-psqlrc", "--username", server, "--dbname", database, "--command")

    made = [run("scripts/postgresql-roles", *NAMES, variables=roles) for _twice in range(2)]
    migrated = run(python, "manage.py", "migrate", "--verbosity", "0", variables=roles)
    starts = [
        OWNED in run(python, *start, variables=variables)[1]
        for variables in (roles, as_owner, as_owner | {"SERVED_BY_OWNER": "1"})
    ]
    head = run(python, "manage.py", "verify_chain", "--head", variables=roles)
    lifted = run(*lifting, ATTEMPTS["switch a trigger off"], variables=roles)
    taken = run(*lifting, f"SET ROLE {owner}", variables=roles)

    assert [*made, migrated] == [(0, "")] * 3
    assert starts == [False, True, False]
    assert (head[0], '"lines": 0' in head[1]) == (0, True)
    assert lifted == (1, "ERROR:  must be owner of table patients_observation\n")
    assert taken == (1, f'ERROR:  permission denied to set role "{owner}"\n')


def test_the_database_of_the_containers_gives_each_role_the_password_of_its_address(
    roles: dict[str, str], tmp_path: Path
) -> None:
    """deploy/roles, as the image of PostgreSQL runs it in deploy/compose.yaml."""
    database, *names = NAMES
    addresses = {
        variable: f"postgres://{role}:{role}-Pass_1@database/{database}\n"
        for variable, role in zip(("MIGRATE_DATABASE_URL", "DATABASE_URL"), names, strict=True)
    }
    for variable, address in addresses.items():
        (tmp_path / variable).write_text(address)
    named = {f"{variable}_FILE": str(tmp_path / variable) for variable in addresses}
    variables = roles | named | {"PATH": f"{ROOT / 'scripts'}:{roles['PATH']}"}

    made = run("deploy/roles", variables=variables)
    kept = [has_password(role, f"{role}-Pass_1") for role in names]
    others = has_password(names[0], f"{names[1]}-Pass_1")
    (tmp_path / "DATABASE_URL").write_text("postgres://a:it's@database/b")
    refused = run("deploy/roles", variables=variables)

    assert made == (0, "")
    assert (kept, others) == ([True, True], False)
    assert (refused[0], "is not postgres://ROLE:PASSWORD@database/NAME" in refused[1]) == (1, True)


def has_password(role: str, password: str) -> bool:
    """Whether this one is that which the database keeps for a role (SCRAM, RFC 5802)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolpassword FROM pg_authid WHERE rolname = %s", [role])
        ((kept,),) = cursor.fetchall()
    _scheme, rounds, salt, _stored, server_key = re.split("[$:]", kept)
    salted = pbkdf2_hmac("sha256", password.encode(), b64decode(salt), int(rounds))
    return b64decode(server_key) == hmac.digest(salted, b"Server Key", "sha256")


def run(*command: str, variables: dict[str, str]) -> tuple[int, str]:
    """How a command ends, and what it says."""
    done = subprocess.run(  # noqa: S603 - our own commands
        command, cwd=ROOT, env=variables, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr
