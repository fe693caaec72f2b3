"""What two people wrote in the same place, side by side, with all that one of them typed."""

from collections.abc import Sequence

from django.http import QueryDict
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from msgspec import Struct

from patients.frame.heading import Heading, heading_of
from patients.frame.statements import row_in_words
from patients.frame.tokens import new_token
from patients.models import AssessmentDate, Observation
from patients.permissions import OpenedCase
from patients.records.saving import Clash
from riskfactors.words import name_of

NOT_TYPED = ("csrfmiddlewaretoken", "token", "seen", "rest", "next")


class Side(Struct, frozen=True, kw_only=True):
    """One place that two people wrote in."""

    name: str
    label: str
    before: str
    theirs: str
    by: str
    mine: str
    shown: int
    replaceable: bool


class ConflictPage(Struct, frozen=True, kw_only=True):
    """Nothing is recorded; the form holds everything that was typed."""

    heading: Heading
    sides: tuple[Side, ...]
    typed: tuple[tuple[str, str], ...]
    action: str
    single: bool
    asks_reason: bool
    reason: str


def conflict_page(
    opened: OpenedCase, clashes: Sequence[Clash], typed: QueryDict, *, address: str
) -> ConflictPage:
    """The page; its form goes back to where it was opened, or to the visit that it met there."""
    action = _theirs(opened, clashes, address) or address
    single = all(map(_stands_alone, clashes))
    own = set(NOT_TYPED) if single else {*NOT_TYPED, "reason"}
    return ConflictPage(
        heading=heading_of(opened, "records"),
        sides=tuple(map(_side, clashes)),
        typed=(
            ("token", new_token(action)),
            *((key, value) for key, values in typed.lists() if key not in own for value in values),
        ),
        action=action,
        single=single,
        asks_reason=not single or "reason" not in typed,
        reason=typed.get("reason", ""),
    )


def _theirs(opened: OpenedCase, clashes: Sequence[Clash], address: str) -> str:
    """The same form at a visit that somebody else has recorded first."""
    form = "standing" if address.endswith("/standing/") else "visit"
    for clash in clashes:
        if isinstance(clash.mine, AssessmentDate) and clash.mine.revision == 1:
            number = clash.mine.assessment.number
            return reverse(f"patients:{form}", args=[opened.case.public_id, number])
    return ""


def _stands_alone(clash: Clash) -> bool:
    """A statement that its form makes alone: all but values, and the date of a new visit."""
    mine = clash.mine
    new_visit = isinstance(mine, AssessmentDate) and mine.revision == 1
    return not (new_visit or isinstance(mine, Observation))


def _side(clash: Clash) -> Side:
    mine, current = clash.mine, clash.current
    name, label = "statement", _("This statement")
    if isinstance(mine, Observation):
        name, label = mine.variable, name_of(mine.variable)
    elif isinstance(mine, AssessmentDate):
        name, label = "date", _("Date of the visit")
    by = ""
    if current is not None:
        entry = current.entry
        by = _("%(person)s, %(moment)s") % {
            "person": entry.recorded_by.get_full_name() or entry.recorded_by.username,
            "moment": date_format(localtime(entry.recorded_at), "j M Y, H:i"),
        }
    return Side(
        name=name,
        label=label,
        before=row_in_words(clash.seen),
        theirs=row_in_words(current),
        by=by,
        mine=row_in_words(mine),
        shown=0 if current is None else current.revision,
        replaceable=name != "date",
    )
