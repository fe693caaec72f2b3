"""What was settled before cells were collected: referral, eligibility, consent, approval."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from msgspec import Struct

from patients.frame.heading import Heading, heading_of
from patients.frame.statements import row_in_words
from patients.models import ClearanceKind, ClearanceRevision, EventRevision
from patients.permissions import OpenedCase
from riskfactors.published import catalogue

EVENTS = ("referral", "consent", "not_infused")


class SettledLine(Struct, frozen=True, kw_only=True):
    """Something to be settled: what was said of it, empty where nothing is, and where that is."""

    name: str
    said: tuple[str, ...]
    url: str


class ClearancesPage(Struct, frozen=True):
    """The lines in the order in which they come."""

    heading: Heading
    lines: tuple[SettledLine, ...]


def clearances_page(opened: OpenedCase) -> ClearancesPage:
    """What is settled in a case, in two queries."""
    referral, consent, ended = _events(opened)
    eligibility, approval = _clearances(opened)
    return ClearancesPage(
        heading_of(opened, "clearances"), (referral, eligibility, consent, approval, ended)
    )


def _clearances(opened: OpenedCase) -> Iterator[SettledLine]:
    rows = ClearanceRevision.objects.filter(case=opened.case).order_by("revision")
    current = {row.kind: row for row in rows}
    for kind in ClearanceKind:
        row = current.get(kind)
        yield SettledLine(
            name=str(kind.label),
            said=() if row is None else (row_in_words(row),),
            url=reverse("patients:clearance", args=[opened.case.public_id, kind]),
        )


def _events(opened: OpenedCase) -> Iterator[SettledLine]:
    """Referral, consent and the end without infusion are events of the course."""
    rows = EventRevision.objects.filter(event__case=opened.case).select_related("event")
    current = {row.event_id: row for row in rows.order_by("revision")}
    for kind in EVENTS:
        found = [row for row in current.values() if row.kind == kind and not row.withdrawn]
        number = found[-1].event.number if found else None
        yield SettledLine(
            name=_(catalogue().dictionary.events[kind].label),
            said=tuple(map(row_in_words, found)),
            url=reverse("patients:new_event", args=[opened.case.public_id, kind])
            if number is None
            else reverse("patients:event", args=[opened.case.public_id, number]),
        )
