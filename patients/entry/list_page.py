"""What the page of a case's records shows: its visits, treatments and events, and what to add."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from msgspec import Struct

from patients.entry.course import standing_url
from patients.frame.heading import Heading, heading_of
from patients.frame.statements import row_in_words
from patients.models import EventRevision, TreatmentRevision
from patients.permissions import OpenedCase
from patients.records.slots import Known
from riskfactors.domain.timepoints import MILESTONES, Milestone
from riskfactors.domain.vocabulary import Role
from riskfactors.published import catalogue
from riskfactors.words import milestone_name, role_name
from riskfactors.words.facts import day_words


class ListedRecord(Struct, frozen=True):
    """One line, with its address and what that does."""

    text: str
    more: str
    url: str
    action: str


class RecordsPage(Struct, frozen=True, kw_only=True):
    """Everything recorded, and the way to add to it."""

    heading: Heading
    visits: tuple[ListedRecord, ...]
    interim: tuple[ListedRecord, ...]
    treatments: tuple[ListedRecord, ...]
    events: tuple[ListedRecord, ...]
    new_interim_url: str
    standing_url: str
    new_treatments: tuple[ListedRecord, ...]
    new_events: tuple[ListedRecord, ...]
    courses: tuple[ListedRecord, ...]
    may_record: bool


def records_page(opened: OpenedCase, known: Known) -> RecordsPage:
    """The visits in the order of the course, then the others as they were recorded."""
    public_id = opened.case.public_id
    return RecordsPage(
        heading=heading_of(opened, "records"),
        visits=tuple(_milestones(opened, known)),
        interim=tuple(_interim(opened, known)),
        treatments=tuple(_treatments(opened)),
        events=tuple(_events(opened)),
        new_interim_url=reverse("patients:new_visit", args=[public_id, Milestone.INTERIM]),
        standing_url=standing_url(opened.case, known, None),
        new_treatments=tuple(
            ListedRecord(
                role_name(role), "", reverse("patients:new_treatment", args=[public_id, role]), ""
            )
            for role in Role
        ),
        new_events=tuple(
            ListedRecord(
                _(kind.label), "", reverse("patients:new_event", args=[public_id, name]), ""
            )
            for name, kind in catalogue().dictionary.events.items()
        ),
        courses=tuple(_courses(opened)),
        may_record=opened.may_record,
    )


def _courses(opened: OpenedCase) -> Iterator[ListedRecord]:
    """The other courses of the same patient, whose centre is that of this case."""
    others = opened.case.patient.cases.exclude(pk=opened.case.pk).order_by("pk")
    for public_id, case_id in others.values_list("public_id", "case_id"):
        yield ListedRecord(case_id, "", reverse("patients:case", args=[public_id]), _("Open"))


def _milestones(opened: OpenedCase, known: Known) -> Iterator[ListedRecord]:
    public_id = opened.case.public_id
    for milestone in MILESTONES:
        visit = known.at(milestone)
        if visit is not None:
            url = reverse("patients:visit", args=[public_id, visit.number])
            yield ListedRecord(milestone_name(milestone), day_words(visit.date), url, _("Open"))
        elif opened.may_record:
            url = reverse("patients:new_visit", args=[public_id, milestone])
            yield ListedRecord(milestone_name(milestone), "", url, _("Record"))
        else:
            yield ListedRecord(milestone_name(milestone), "", "", "")


def _interim(opened: OpenedCase, known: Known) -> Iterator[ListedRecord]:
    for number, (visit, _assessment) in known.visits.items():
        if visit.milestone is Milestone.INTERIM:
            url = reverse("patients:visit", args=[opened.case.public_id, number])
            yield ListedRecord(
                milestone_name(visit.milestone), day_words(visit.date), url, _("Open")
            )


def _treatments(opened: OpenedCase) -> Iterator[ListedRecord]:
    rows = (
        TreatmentRevision.objects.filter(treatment__case=opened.case)
        .select_related("treatment")
        .order_by("revision")
    )
    current = {row.treatment.number: row for row in rows}
    for number, row in sorted(current.items()):
        url = reverse("patients:treatment", args=[opened.case.public_id, number])
        yield _entry(row, url)


def _events(opened: OpenedCase) -> Iterator[ListedRecord]:
    rows = (
        EventRevision.objects.filter(event__case=opened.case)
        .select_related("event")
        .order_by("revision")
    )
    current = {row.event.number: row for row in rows}
    for number, row in sorted(current.items()):
        url = reverse("patients:event", args=[opened.case.public_id, number])
        yield _entry(row, url)


def _entry(row: TreatmentRevision | EventRevision, url: str) -> ListedRecord:
    return ListedRecord(row_in_words(row), "", url, _("History") if row.withdrawn else _("Correct"))
