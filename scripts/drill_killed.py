"""Kills whoever records visits or signs recommendations, again and again: is anything acknowledged
and lost, or half written? `drill_killed.py recording|signing [--torn]`; torn is the negative
control, without one transaction."""

import os
import random
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from typing import Any
from unittest import mock

import django

django.setup()

from django.core.management import call_command
from django.db import transaction
from msgspec import Struct

from patients.board import meetings, recommending
from patients.models import (
    Action,
    AgendaItem,
    Assessment,
    AssessmentDate,
    Case,
    Entry,
    Gate,
    MeetingKind,
    Observation,
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
VALUES = {"ldh": "480", "crp": "12.5", "ferritin": "310", "ecog": "1", "platelets": "180"}


class Work(Struct, frozen=True):
    """What is killed: it does each case once and says so. Which cases were begun, and which stand
    there as a whole."""

    do_all: Callable[[User], None]
    begun: Callable[[], set[int]]
    whole: Callable[[], set[int]]


def prepare(name: str) -> None:
    """Meetings with many cases, of a centre and of somebody with this name."""
    call_command("migrate", interactive=False, verbosity=0)
    user = User.objects.create_user(name)
    centre = open_centre(code=name, name=name, administrator=user)
    for role in (Role.CLINICIAN, Role.CHAIR):
        grant(user=user, role=role, centre=centre, by=user)
    for first in range(0, CASES, IN_A_MEETING):
        meeting = meetings.plan(
            centre, kind=MeetingKind.ELIGIBILITY, held_on=date(2024, 5, 1), by=user
        )
        for number in range(first, first + IN_A_MEETING):
            case_id = f"{name}-{number}"
            case = open_case(
                patient=Patient(centre=centre, name=f"Invented {number}", hospital_number=case_id),
                case_id=case_id,
                birth_date=date(1960, 5, 5),
                sex=Sex.FEMALE,
                by=user,
                token=uuid.uuid4(),
            ).case
            meetings.add(meeting, case, user, gate=Gate.ELIGIBLE, question=SAID["question"])


def record_all(by: User) -> None:
    """Record a visit of each case that has none, and say so of each once it is."""
    for case in Case.objects.filter(assessment=None, centre__code=by.username):
        visit = Assessment(case=case, milestone="infusion")
        dated = AssessmentDate(assessment=visit, revision=1, date=date(2024, 5, 2))
        values = [
            Observation(assessment=visit, variable=name, revision=1, value=value)
            for name, value in VALUES.items()
        ]
        saving.record(case=case, by=by, token=uuid.uuid4(), revisions=[dated, *values])
        print(case.pk, flush=True)


def recorded() -> set[int]:
    """Cases with a visit that has its day and all values, in one entry, in the order of cases."""
    return {
        visit.case_id
        for visit in Assessment.objects.select_related("case__order_key")
        if visit.observation_set.count() == len(VALUES)
        and visit.assessmentdate_set.count() == 1
        and visit.case.order_key.entry_id == visit.entry_id
    }


def sign_all(by: User) -> None:
    """Sign what is not signed yet, and say so of each once it is."""
    items = AgendaItem.objects.filter(recommendation=None, case__centre__code=by.username)
    for item in items.select_related("case__centre"):
        told = telling_of_the_course().filter(case=item.case).latest("sequence")
        row = RecommendationRevision(
            recommendation=Recommendation(case=item.case, item=item),
            revision=1,
            head=told.sequence,
            digest=catalogue().digest,
            **SAID,
        )
        recommending.sign(item=item, by=by, token=uuid.uuid4(), row=row)
        print(item.case_id, flush=True)


def signed() -> set[int]:
    """Cases with a final recommendation that has kept what was seen."""
    rows = RecommendationRevision.objects.filter(stage="final").exclude(seen="")
    return {row.recommendation.case_id for row in rows.select_related("recommendation")}


def cases_of(action: Action) -> Callable[[], set[int]]:
    """The cases with an entry of this kind, whatever stands in it."""
    return lambda: {entry.case_id for entry in Entry.objects.filter(action=action)}


WORK = {
    "recording": Work(record_all, cases_of(Action.RECORDED), recorded),
    "signing": Work(sign_all, cases_of(Action.SIGNED), signed),
}


def apart(*_given: object, **_named: object) -> AbstractContextManager[None]:
    """No transaction: each statement stands at once."""
    return nullcontext()


def unlocked(key: int, _person: User, _right: Right) -> Case:
    """A case that anybody may write at the same time."""
    return Case.objects.get(pk=key)


def drill(name: str, *torn: str) -> None:
    """Kill whoever does it until all is done; then look."""
    prepare(name)
    kills, acknowledged = 0, set[int]()
    for _round in range(CASES):
        server = subprocess.Popen(  # noqa: S603 - this file
            [sys.executable, __file__, name, "--do", *torn], stdout=subprocess.PIPE, text=True
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
    begun, whole = WORK[name].begun(), WORK[name].whole()
    broken = sum(bool(breaks(case)) for case in Case.objects.filter(centre__code=name))
    print(
        f"{kills} kills while {name}; {len(acknowledged)} acknowledged, "
        f"{len(acknowledged - whole)} of them lost; {len(begun ^ whole)} half written; "
        f"{broken} broken chains of {CASES}"
    )


if __name__ == "__main__":
    name, *given = sys.argv[1:]
    torn = [each for each in given if each == "--torn"]
    if "--do" not in given:
        drill(name, *torn)
    elif torn:
        with (
            mock.patch.object(transaction, "atomic", side_effect=apart),
            mock.patch.object(saving, "locked", side_effect=unlocked),
        ):
            WORK[name].do_all(User.objects.get(username=name))
    else:
        WORK[name].do_all(User.objects.get(username=name))
    sys.stdout.flush()
    os._exit(0)
