"""Why a recommendation was not written: what somebody else wrote, what was recorded since."""

from collections.abc import Sequence
from typing import Any, Final

from django.utils.translation import gettext as _
from msgspec import Struct

from patients.board.difference import Overtaken, ground_names, overtaken
from patients.board.frozen import frozen, seen_in
from patients.board.recommendation_forms import RecommendationForm
from patients.course.known import Course, Moment, course_of
from patients.frame.written import Change, wrote
from patients.models import AgendaItem, Entry, Gate, Intent, Option, RecommendationRevision
from patients.permissions import OpenedCase
from riskfactors.words import code_name

NAMES: Final = {
    "gate": dict(Gate.choices),
    "intent": dict(Intent.choices),
    "option": dict(Option.choices),
    "options": dict(Option.choices),
}
"""The words of codes, by field."""


class Meanwhile(Struct, frozen=True, kw_only=True):
    """Why nothing was written: what somebody else wrote, or what was recorded since."""

    title: str
    lines: tuple[tuple[str, str, str], ...] = ()
    """What: theirs, yours."""
    arrived: tuple[Change, ...] = ()
    overtaken: Overtaken | None = None


def written_by_another(mine: RecommendationForm, theirs: RecommendationRevision) -> Meanwhile:
    """What somebody else wrote in the meantime beside what was typed, field by field."""
    entry, said = theirs.entry, mine.said()
    who = entry.recorded_by.get_full_name() or entry.recorded_by.username
    words = _("%s has written this in the meantime. Your text is kept; sent again, it follows.")
    return Meanwhile(
        title=words % who,
        lines=tuple(
            (str(mine.fields[name].label), shown(name, their), shown(name, typed))
            for name, typed in said.items()
            if ((their := getattr(theirs, name)) or "") != (typed or "")
        ),
    )


def arrived_since(
    opened: OpenedCase, item: AgendaItem, entries: Sequence[Entry], head: int, now: Course
) -> Meanwhile:
    """What was recorded since the case was on screen, and which findings are others by it."""
    if not entries:
        return Meanwhile(
            title=_("The evidence was published anew since this was on screen. Look at it again.")
        )
    written = wrote(opened.case, [entry.pk for entry in entries])
    before = opened.case.entries.filter(sequence__lte=head).order_by("-sequence").first()
    return Meanwhile(
        title=_("This was recorded since it was on screen. What is signed now is signed with it."),
        arrived=tuple(change for entry in entries for change in written.get(entry.pk, ())),
        overtaken=_changed(opened, item, before, now) if before else None,
    )


def _changed(opened: OpenedCase, item: AgendaItem, before: Entry, now: Course) -> Overtaken:
    moment = Moment(
        public_id=now.public_id,
        head=before.pk,
        digest=now.digest,
        as_of=now.as_of,
        case=opened.case,
    )
    return overtaken(seen_in(frozen(course_of(moment), item.meeting)), now, ())


def shown(name: str, value: Any) -> str:
    """The value of a field as somebody reads it."""
    if name == "rests_on":
        return "; ".join(ground_names(str(value)))
    if name in NAMES:
        return ", ".join(str(NAMES[name][code]) for code in str(value).split())
    if name == "salvage_class" and value:
        return code_name("treatment_class", value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value or "")
