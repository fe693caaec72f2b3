"""The meetings of the demonstration: one of last week with recommendations, one of tomorrow."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time, timedelta
from typing import Any, Final

from patients.board import meetings, recommending
from patients.board.agenda import Proposal, proposals
from patients.models import (
    AgendaItem,
    Assessment,
    Case,
    Centre,
    Discipline,
    Entry,
    Mark,
    Meeting,
    MeetingKind,
    Observation,
    Recommendation,
    RecommendationRevision,
    User,
)
from patients.permissions import telling_of_the_course
from patients.records.saving import record
from riskfactors.published import catalogue

CASES: Final = 5
PARTICIPANTS: Final = (
    ("Dr A. Olmo (invented)", Discipline.HAEMATOLOGY, True),
    ("Dr B. Encina (invented)", Discipline.CELL_THERAPY, True),
    ("Dr C. Fresno (invented)", Discipline.IMAGING, True),
    ("Dr N. Peral (invented)", Discipline.RADIOTHERAPY, False),
)
RECOMMENDED: Final[Mapping[str, Mapping[str, Any]]] = {
    "suvmax": {
        "intent": "clarification",
        "options": "observe biopsy repeat_pet",
        "option": "biopsy",
        "rests_on": "day_28:suvmax_ge_10_day_28",
        "rationale": "One nodal lesion with high uptake; accessible.",
    },
    "ctdna": {
        "intent": "cure",
        "options": "observe further_tests",
        "option": "further_tests",
        "detail": "ctDNA again in four weeks",
        "rests_on": "day_28:ctdna_day_28",
    },
    "deauville": {
        "intent": "cure",
        "options": "observe repeat_pet biopsy",
        "option": "repeat_pet",
        "detail": "in four weeks",
        "rests_on": "day_28:deauville_day_28",
        "rationale": "Uptake in one region, clinically well.",
    },
    "relapse": {
        "intent": "control",
        "options": "salvage trial palliative_care",
        "option": "salvage",
        "salvage_class": "bispecific",
        "rests_on_none": True,
        "dissent": "One voice for radiotherapy first.",
    },
}
"""What last week's board recommended, by the rule that brought the case."""
DUE: Final = {"suvmax": 14, "ctdna": 28, "deauville": 28, "relapse": 6}
"""By how many days after the meeting; one of them was yesterday."""
LATE: Final = ("suvmax", "8.9", "central reading of the PET")
"""A result that came after the signature, of the case that the rule of this name brought."""


def hold_boards(centre: Centre, people: Mapping[str, User], *, today: date) -> None:
    """Both meetings, unless the centre has any."""
    if centre.meetings.exists():
        return
    by, chair = people["clinician"], people["chair"]
    _last_week(centre, by, chair, today)
    coming = _planned(centre, MeetingKind.ELIGIBILITY, today + timedelta(1), by)
    meetings.take_over(coming, _one_of_each(proposals(coming, today=today).shown), by)


def _last_week(centre: Centre, by: User, chair: User, today: date) -> None:
    held = _planned(centre, MeetingKind.FOLLOW_UP, today - timedelta(7), by)
    present = held.participants.filter(name__in=[name for name, _of, here in PARTICIPANTS if here])
    meetings.attend(held, by, present=present.values_list("pk", flat=True))
    recommended = {}
    chosen = list(_one_of_each(proposals(held, today=today).shown))
    meetings.take_over(held, chosen, by)
    for proposal in chosen:
        item, code = held.items.get(case=proposal.case), proposal.reasons[0].code
        if said := RECOMMENDED.get(code):
            due_on = held.held_on + timedelta(DUE[code])
            recommended[code] = _signed(item, chair, due_on, said)
        else:
            meetings.mark(held, item.pk, by, said=Mark.NO_ACTION)
    meetings.close(held, by)
    rule, value, reason = LATE
    if rule in recommended:
        _corrected(recommended[rule], rule, value, reason, by)


def _planned(centre: Centre, kind: MeetingKind, day: date, by: User) -> Meeting:
    made = meetings.plan(
        centre, kind=kind, held_on=day, by=by, starts_at=time(16, 0), place="Room 2"
    )
    for name, discipline, _present in PARTICIPANTS:
        meetings.invite(made, by, name=name, discipline=discipline, user=None)
    return made


def _one_of_each(found: Sequence[Proposal]) -> Iterator[Proposal]:
    """The latest registered case of each leading rule, then others, as many as a meeting takes."""
    latest = sorted(found, key=lambda each: each.case.case_id.startswith("syn"), reverse=True)
    firsts = list({each.reasons[0].code: each for each in reversed(latest)}.values())
    rest = [each for each in latest if each not in firsts]
    yield from sorted([*firsts, *rest][:CASES], key=found.index)


def _signed(item: AgendaItem, chair: User, due_on: date, said: Mapping[str, Any]) -> Case:
    told = telling_of_the_course().filter(case=item.case)
    row = RecommendationRevision(
        recommendation=Recommendation(case=item.case, item=item),
        revision=1,
        gate=item.gate,
        question=item.question,
        responsible="Dr A. Olmo (invented)",
        due_on=due_on,
        head=told.latest("sequence").sequence,
        digest=catalogue().digest,
        **said,
    )
    recommending.sign(item=item, by=chair, token=uuid.uuid4(), row=row)
    return item.case


def _corrected(case: Case, variable: str, value: str, reason: str, by: User) -> Entry:
    """A value of day +28 that came to be another."""
    visit = Assessment.objects.get(case=case, milestone="day_28")
    last = Observation.objects.filter(assessment=visit, variable=variable).latest("revision")
    row = Observation(
        assessment=visit,
        variable=variable,
        revision=last.revision + 1,
        value=value,
        unit=last.unit,
    )
    return record(case=case, by=by, token=uuid.uuid4(), revisions=[row], reason=reason)
