"""The head of every page of a case: who it is, twice, and where one can go."""

from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from patients.permissions import OpenedCase, Right
from riskfactors.words.facts import day_words


class Tab(NamedTuple):
    """A page of the case."""

    title: str
    url: str
    current: bool


class State(Protocol):
    """Something to be seen of a case at a glance: what, and its value; `tone` names a look."""

    @property
    def name(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def tone(self) -> str: ...


class Heading(NamedTuple):
    """At least two identifiers, how the case stands, and the pages of the case."""

    title: str
    identifiers: tuple[tuple[str, str], ...]
    tabs: tuple[Tab, ...]
    state: Sequence[State]
    public_id: UUID
    until: str = ""
    """Where the case is opened in an emergency: how long."""


TABS: Final = (
    ("case", gettext_noop("Timeline"), Right.SEE),
    ("records", gettext_noop("Records"), Right.SEE),
    ("recommendations", gettext_noop("Board"), Right.SEE),
    ("history", gettext_noop("History"), Right.SEE),
    ("identity", gettext_noop("Identity"), Right.RECORD),
    ("export", gettext_noop("Export"), Right.TRANSFER),
)
"""By the name of the address: the title, and the right that the page asks for."""


def heading_of(opened: OpenedCase, current: str, state: Sequence[State] = ()) -> Heading:
    """The heading of a page; `current` names the address that is open."""
    case, patient = opened.case, opened.case.patient
    known = (
        (_("Case"), case.case_id if patient.name else ""),
        (_("Hospital number"), patient.hospital_number),
        (_("Born"), day_words(opened.born)),
        (_("Centre"), case.centre.name),
    )
    return Heading(
        title=patient.name or case.case_id,
        identifiers=tuple((label, text) for label, text in known if text),
        tabs=tuple(
            Tab(_(title), reverse(f"patients:{name}", args=[case.public_id]), name == current)
            for name, title, right in TABS
            if right in opened.rights
        ),
        state=state,
        public_id=case.public_id,
        until=date_format(localtime(opened.until), "H:i") if opened.until else "",
    )
