"""Why a recommendation was not written: what somebody else wrote, what was recorded since."""

import dataclasses
from collections.abc import Callable
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _
from msgspec import Struct
from msgspec.structs import replace

from patients.board.difference import Overtaken, ground_names, in_words, overtaken
from patients.board.frozen import frozen, seen_in
from patients.board.nameless import Shown
from patients.board.recommendation_forms import RecommendationForm
from patients.board.recommending import NotSeen
from patients.course.known import Moment, known_now
from patients.frame.written import Change, wrote
from patients.models import AgendaItem, Case, Entry, Gate, Intent, Option, RecommendationRevision
from patients.permissions import OpenedCase, telling_of_the_course
from riskfactors.words import code_name
from riskfactors.words.facts import day_words

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


def written_by_another(
    mine: RecommendationForm,
    theirs: RecommendationRevision,
    words: Callable[[str], str],
    *,
    follows: bool,
) -> Meanwhile:
    """What somebody else wrote in the meantime beside what was typed, field by field; `follows`
    where it can still be written."""
    entry, said = theirs.entry, mine.said()
    who = entry.recorded_by.get_full_name() or entry.recorded_by.username
    title = (
        _("%s has written this in the meantime. Your text is kept; sent again, it follows.")
        if follows
        else _("%s has signed this in the meantime. Your text was not recorded; it stands here.")
    )
    return Meanwhile(
        title=title % who,
        lines=tuple(
            (str(mine.fields[name].label), words(shown(name, their)), words(shown(name, typed)))
            for name, typed in said.items()
            if ((their := getattr(theirs, name)) or "") != (typed or "")
        ),
    )


def arrived_since(
    opened: OpenedCase,
    item: AgendaItem,
    found: NotSeen,
    head: int,
    shown_by: Callable[[Moment], Shown],
) -> Meanwhile:
    """What was recorded since the case was on screen, and which findings are others by it. What
    may tell who it is is named, and not said, where that is hidden."""
    if not found.arrived:
        return Meanwhile(
            title=_("The evidence was published anew since this was on screen. Look at it again.")
        )
    before = opened.case.entries.filter(sequence__lte=head).order_by("-sequence").first()
    return Meanwhile(
        title=_("This was recorded since it was on screen. What is signed now is signed with it."),
        arrived=recorded_after(opened.case, head, shown_by(known_now(opened))),
        overtaken=_changed(opened, item, before, shown_by) if before else None,
    )


def recorded_after(case: Case, head: int, now: Shown) -> tuple[Change, ...]:
    """What was recorded of a course after the entry of this sequence, the oldest first."""
    told = telling_of_the_course().filter(case=case, sequence__gt=head).order_by("sequence")
    entries = list(told.values_list("pk", flat=True))
    written = wrote(case, entries) if entries else {}
    return tuple(_arrived(change, now) for pk in entries for change in written.get(pk, ()))


def _arrived(change: Change, now: Shown) -> Change:
    if now.hidden and change.tells:
        return Change(change.of, "", _("recorded"))
    return replace(change, old=now.words(change.old), new=now.words(change.new))


def _changed(
    opened: OpenedCase, item: AgendaItem, before: Entry, shown_by: Callable[[Moment], Shown]
) -> Overtaken:
    known = known_now(opened)
    then = shown_by(dataclasses.replace(known, head=before.pk))
    now = shown_by(known)
    seen = seen_in(frozen(then.course, item.meeting))
    return in_words(overtaken(seen, now.course, ()), now.words)


def shown(name: str, value: Any) -> str:
    """The value of a field as somebody reads it."""
    if name == "rests_on":
        return "; ".join(ground_names(str(value)))
    if name in NAMES:
        return ", ".join(str(NAMES[name][code]) for code in str(value).split())
    if name == "salvage_class" and value:
        return code_name("treatment_class", value)
    if isinstance(value, date):
        return day_words(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value or "")
