"""The head of every page of a case: who it is, twice, and where one can go."""

from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from patients.permissions import OpenedCase
from riskfactors.wording.values import day_in_words


class Tab(NamedTuple):
    """A page of the case."""

    title: str
    url: str
    current: bool


class Heading(NamedTuple):
    """At least two identifiers, and the pages of the case."""

    title: str
    identifiers: tuple[tuple[str, str], ...]
    tabs: tuple[Tab, ...]


TABS = (
    ("case", _("Timeline")),
    ("records", _("Records")),
    ("history", _("History")),
)


def heading_of(opened: OpenedCase, current: str) -> Heading:
    """The heading of a page; `current` names the address that is open."""
    case, patient = opened.case, opened.case.patient
    known = (
        (_("Case"), case.case_id if patient.name else ""),
        (_("Hospital number"), patient.hospital_number),
        (_("Born"), day_in_words(opened.born)),
        (_("Centre"), case.centre.name),
    )
    return Heading(
        title=patient.name or case.case_id,
        identifiers=tuple((label, text) for label, text in known if text),
        tabs=tuple(
            Tab(title, reverse(f"patients:{name}", args=[case.public_id]), name == current)
            for name, title in TABS
        ),
    )
