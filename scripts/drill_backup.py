"""Backs up while several processes record, restores each backup elsewhere, and looks at it there.

`drill_backup.py [--torn]`; torn is the negative control: on SQLite the file of the database is
copied as it lies there, on PostgreSQL the backup loses its end.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import django

django.setup()

from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import connection

from patients.models import Assessment, AssessmentDate, Observation, Patient, Role, User
from patients.people.roles import grant, open_centre
from patients.records.opening import open_case
from riskfactors.domain.vocabulary import Sex

ROUNDS, WRITERS, PAUSE, WAITS = 8, 3, 0.5, 100
ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "invented for the drill"  # noqa: S105 - invented
WELL = {"refuses": True, "signed in": "/cases/", "page": 200, "timeline": True}


def prepare() -> None:
    """A centre, and somebody who records there."""
    call_command("migrate", interactive=False, verbosity=0)
    user = User.objects.create(username="drilled", password=make_password(PASSWORD))
    grant(
        user=user,
        role=Role.CLINICIAN,
        centre=open_centre(code="BACKUP", name="Backup", administrator=user),
        by=user,
    )


def record_for_ever() -> None:
    """One case after another, each with a visit; says so of each."""
    user = User.objects.get(username="drilled")
    centre = user.memberships.earliest("pk").centre
    while True:
        name = uuid.uuid4().hex[:12]
        visit = Assessment(milestone="infusion")
        open_case(
            patient=Patient(centre=centre, name=f"Invented {name}", hospital_number=name),
            case_id=name,
            birth_date=date(1960, 5, 5),
            sex=Sex.FEMALE,
            by=user,
            token=uuid.uuid4(),
            revisions=[
                AssessmentDate(assessment=visit, revision=1, date=date(2024, 5, 1)),
                Observation(assessment=visit, variable="ecog", revision=1, value="1"),
            ],
        )
        print(name, flush=True)
        time.sleep(PAUSE)


def command(*arguments: str, url: str = "") -> subprocess.CompletedProcess[str]:
    """A command of the site, or of another one with its own database."""
    return subprocess.run(  # noqa: S603 - our own interpreter and our own arguments
        [sys.executable, *arguments],
        cwd=ROOT,
        env=os.environ | ({"DATABASE_URL": url} if url else {}),
        capture_output=True,
        text=True,
        check=False,
    )


def back_up(path: Path, *, torn: bool) -> None:
    """A backup, or what somebody might take for one."""
    if torn and connection.vendor == "sqlite":
        shutil.copy(connection.settings_dict["NAME"], path)
        return
    command("manage.py", "backup", str(path)).check_returncode()
    if torn:
        os.truncate(path, path.stat().st_size * 9 // 10)


def elsewhere(folder: Path, number: int) -> str:
    """The address of a database that is empty."""
    if connection.vendor == "sqlite":
        return f"sqlite:///{folder}/elsewhere-{number}.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("DROP DATABASE IF EXISTS drilled_elsewhere")
        cursor.execute("CREATE DATABASE drilled_elsewhere")
    return urlsplit(os.environ["DATABASE_URL"])._replace(path="/drilled_elsewhere").geturl()


def is_well(file: Path, url: str, acknowledged: int) -> bool:
    """Whether a site elsewhere has all that was acknowledged before, unbroken, and works."""
    if command("manage.py", "restore", str(file), url=url).returncode:
        return False
    found = json.loads(command("scripts/restored.py", "drilled", PASSWORD, url=url).stdout)
    return all(found[name] == right for name, right in WELL.items()) and (
        int(found["cases"]) >= acknowledged
    )


def recorded(log: Path) -> int:
    """How many cases have been acknowledged."""
    return len(log.read_text().splitlines())


@contextmanager
def recording(log: Path) -> Iterator[None]:
    """Several processes record all the while."""
    with log.open("a") as said:
        writers = [
            subprocess.Popen([sys.executable, __file__, "--write"], stdout=said)  # noqa: S603 - this file
            for _writer in range(WRITERS)
        ]
    try:
        yield
    finally:
        for writer in writers:
            writer.kill()
            writer.wait()


def drill(folder: Path, *, torn: bool) -> None:
    """Backups under writes, each tried elsewhere."""
    prepare()
    log = folder / "acknowledged"
    well = 0
    with recording(log):
        for _wait in range(WAITS):
            if recorded(log) >= 2 * WRITERS:
                break
            time.sleep(PAUSE)
        for number in range(ROUNDS):
            before, file = recorded(log), folder / f"backup-{number}"
            back_up(file, torn=torn)
            well += is_well(file, elsewhere(folder, number), before)
    print(f"{ROUNDS} backups while {recorded(log)} cases were recorded: {well} work elsewhere")


if __name__ == "__main__":
    if "--write" in sys.argv:
        record_for_ever()
    with tempfile.TemporaryDirectory() as folder:
        drill(Path(folder), torn="--torn" in sys.argv)
