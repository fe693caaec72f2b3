"""What two people wrote in the same place, side by side, with all that one of them typed."""

from collections.abc import Iterable

from django.http import QueryDict
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

NOT_TYPED = ("csrfmiddlewaretoken", "token", "seen", "rest")


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
    opened: OpenedCase,
    clashes: Iterable[Clash],
    typed: QueryDict,
    *,
    action: str,
    single: bool = False,
) -> ConflictPage:
    """The page; its form goes to `action`, where a visit's form is read, or one statement's."""
    sides = tuple(_side(clash) for clash in clashes)
    own = {*NOT_TYPED, "reason"} if not single else set(NOT_TYPED)
    return ConflictPage(
        heading=heading_of(opened, "records"),
        sides=sides,
        typed=(
            ("token", new_token(action)),
            *((key, value) for key, values in typed.lists() if key not in own for value in values),
        ),
        action=action,
        single=single,
        asks_reason=not single or "reason" not in typed,
        reason=typed.get("reason", ""),
    )


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
