"""Kills the server while a chair signs, again and again: is anything acknowledged and lost, or half
signed? `drill_signing.py [--torn]`; torn is the negative control, without one transaction."""

import os
import random
import signal
import subprocess
import sys
import time
import uuid
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from typing import Any
from unittest import mock

import django

django.setup()

from django.core.management import call_command
from django.db import transaction

from patients.board import meetings, recommending
from patients.models import (
    AgendaItem,
    Case,
    Entry,
    Gate,
    MeetingKind,
    Patient,
    Recommendation,
    RecommendationRevision,
    Role,
    User,
)
from patients.people.roles import grant, open_centre
from patients.permissions import Right, telling_of_the_course
from patients.records import saving
from patients.records.chain import breaks
from patients.records.opening import open_case
from riskfactors.domain.vocabulary import Sex
from riskfactors.published import catalogue

CASES, IN_A_MEETING, LONGEST = 400, 20, 0.25
SAID: dict[str, Any] = {
    "gate": "eligible",
    "question": "Are CAR T-cells given?",
    "intent": "cure",
    "option": "observe",
    "rests_on_none": True,
    "responsible": "Somebody",
}


def prepare() -> None:
    """Meetings with many cases."""
    call_command("migrate", interactive=False, verbosity=0)
    user = User.objects.create_user("chair")
    centre = open_centre(code="DRILL", name="Drill", administrator=user)
    for role in (Role.CLINICIAN, Role.CHAIR):
        grant(user=user, role=role, centre=centre, by=user)
    for first in range(0, CASES, IN_A_MEETING):
        meeting = meetings.plan(
            centre, kind=MeetingKind.ELIGIBILITY, held_on=date(2024, 5, 1), by=user
        )
        for number in range(first, first + IN_A_MEETING):
            name = f"D-{number}"
            case = open_case(
                patient=Patient(centre=centre, name=f"Invented {number}", hospital_number=name),
                case_id=name,
                birth_date=date(1960, 5, 5),
                sex=Sex.FEMALE,
                by=user,
                token=uuid.uuid4(),
            ).case
            meetings.add(meeting, case, user, gate=Gate.ELIGIBLE, question=SAID["question"])


def sign_all() -> None:
    """Sign what is not signed yet, and say so of each once it is."""
    chair = User.objects.get(username="chair")
    for item in AgendaItem.objects.filter(recommendation=None).select_related("case__centre"):
        told = telling_of_the_course().filter(case=item.case).latest("sequence")
        row = RecommendationRevision(
            recommendation=Recommendation(case=item.case, item=item),
            revision=1,
            head=told.sequence,
            digest=catalogue().digest,
            **SAID,
        )
        recommending.sign(item=item, by=chair, token=uuid.uuid4(), row=row)
        print(item.pk, flush=True)


def apart(*_given: object, **_named: object) -> AbstractContextManager[None]:
    """No transaction: each statement stands at once."""
    return nullcontext()


def unlocked(key: int, _person: User, _right: Right) -> Case:
    """A case that anybody may write at the same time."""
    return Case.objects.get(pk=key)


def drill(*torn: str) -> None:
    """Kill whoever signs until all is signed; then look."""
    prepare()
    kills, acknowledged = 0, set[int]()
    for _round in range(CASES):
        server = subprocess.Popen(  # noqa: S603 - this file
            [sys.executable, __file__, "--sign", *torn], stdout=subprocess.PIPE, text=True
        )
        assert server.stdout is not None  # noqa: S101 - it is piped
        first = server.stdout.readline()
        time.sleep(random.uniform(0, LONGEST))  # noqa: S311 - no secret
        server.send_signal(signal.SIGKILL)
        said = [first, *server.stdout.readlines()]
        acknowledged |= {int(line) for line in said if line.strip()}
        kills += 1
        if not first or kills == 30:
            break
    signed = set(AgendaItem.objects.exclude(recommendation=None).values_list("pk", flat=True))
    whole = set(
        RecommendationRevision.objects.filter(stage="final")
        .exclude(seen="")
        .values_list("recommendation__item", flat=True)
    )
    entries = Entry.objects.filter(action="signed").count()
    broken = sum(bool(breaks(case)) for case in Case.objects.all())
    print(
        f"{kills} kills; {len(acknowledged)} signatures acknowledged, "
        f"{len(acknowledged - whole)} of them lost; "
        f"{max(len(signed - whole), entries - len(whole))} half signed; "
        f"{broken} broken chains of {Case.objects.count()}"
    )


if __name__ == "__main__":
    torn = [each for each in sys.argv[1:] if each == "--torn"]
    if "--sign" not in sys.argv:
        drill(*torn)
    elif torn:
        with (
            mock.patch.object(transaction, "atomic", side_effect=apart),
            mock.patch.object(saving, "locked", side_effect=unlocked),
        ):
            sign_all()
    else:
        sign_all()
    sys.stdout.flush()
    os._exit(0)
