"""What stands on the paper of a board: of a case, with who it is, and of a meeting."""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from django.utils.translation import gettext as _
from msgspec import Struct

from patients.board.difference import Overtaken, overtaken
from patients.board.frozen import seen_in
from patients.board.meeting_page import ItemLine, attendance, item_lines, quorum_words, when_words
from patients.board.recommendation_page import grounds, overtaken_words, said_lines, signature
from patients.board.recommending import course_now
from patients.board.slide import SlideRow, slide_of
from patients.course.known import Course, Moment, course_of, known_now
from patients.course.matrix import matrix
from patients.course.state import Tile
from patients.course.summary import summary
from patients.models import (
    AgendaItem,
    Discipline,
    Entry,
    Meeting,
    Participant,
    RecommendationRevision,
)
from patients.permissions import OpenedCase
from riskfactors.beside.figures import Brief
from riskfactors.drawing import LEAST_WIDTH, Saying, sheet_of, svg_file
from riskfactors.drawing.flat import flat
from riskfactors.words.facts import day_words

SHAPES: Final = {
    "adverse": "■",
    "favourable": "●",
    "uncertain": "◆",
    "treatment": "▲",
    "value": "·",
}
"""How a look is told without colour; a group has its name."""


class PaperRow(Struct, frozen=True):
    """A fact, with what is said of it at each milestone, and its figure."""

    name: str
    said: tuple[str, ...]
    study: Brief | None


class CasePaper(Struct, frozen=True, kw_only=True):
    """One case on paper."""

    title: str
    identity: str
    meeting: str
    question: str
    state: tuple[Tile, ...]
    patient: tuple[Tile, ...]
    banners: tuple[str, ...]
    drawing: str
    parts: tuple[tuple[str, tuple[PaperRow, ...]], ...]
    undecided: tuple[str, ...]
    not_met: tuple[str, ...]
    missing: tuple[str, ...]
    recommendation: tuple[tuple[str, str], ...]
    signed: str
    overtaken: Overtaken | None
    participants: str
    as_of: str
    digest: str


class MeetingPaper(Struct, frozen=True, kw_only=True):
    """A meeting on paper: who was there, and what was said of each case."""

    title: str
    identity: str
    participants: tuple[str, ...]
    quorum: str
    texts: tuple["ItemText", ...]


class ItemText(Struct, frozen=True, kw_only=True):
    """What was said of a case: by whose signature, seen with which catalogue, and whether what was
    seen has changed since. `about` is why it was on the agenda, and what is missing."""

    line: ItemLine
    about: str
    rows: tuple[tuple[str, str], ...]
    signed: str
    digest: str
    overtaken: str


def case_paper(opened: OpenedCase, item: AgendaItem) -> CasePaper:
    """The paper of one case at a meeting: as it was seen where a chair has signed, with what has
    changed since; as it is now where nobody has."""
    rows = revisions_of(item)
    last = rows[-1] if rows else None
    known = now = known_now(opened)
    if last and last.seen:
        known = seen_with(last, now)
    course = course_of(known)
    seen, slide = summary(course, may_record=False), slide_of(course)
    people = tuple(item.meeting.participants.order_by("name"))
    return CasePaper(
        title=_("Case %s") % opened.case.case_id,
        identity=_identity(opened),
        meeting=f"{item.meeting.get_kind_display()}, {when_words(item.meeting)}",
        question=item.question,
        state=slide.state,
        patient=seen.patient,
        banners=seen.banners,
        drawing=_drawing(known, course),
        parts=tuple(
            (title, tuple(map(_row, told)))
            for title, told in (*slide.lead.parts, *slide.table.parts)
        ),
        undecided=slide.undecided,
        not_met=tuple(row.name for part in matrix(course).folded[:1] for row in part.rows),
        missing=tuple(item.name for item in seen.missing),
        recommendation=_text(last),
        signed=signature(rows),
        overtaken=changed_since(last, course_of(now)) if last else None,
        participants=f"{_listed(people)}. {quorum_words(item.meeting, people)}",
        as_of=day_words(course.as_of),
        digest=last.digest if last and last.seen else course.digest,
    )


def seen_with(signed: RecommendationRevision, now: Moment) -> Moment:
    """A case as it was when a recommendation was signed: up to the entry and on the day that were
    seen."""
    told = Entry.objects.filter(case=now.case, sequence__lte=signed.head)
    last = told.order_by("-sequence").values_list("pk", flat=True)[0]
    return replace(now, head=last, as_of=seen_in(signed.seen).as_of)


def changed_since(signed: RecommendationRevision, now: Course) -> Overtaken | None:
    """What has changed since a recommendation was signed; None for a draft."""
    if not signed.seen:
        return None
    return overtaken(seen_in(signed.seen), now, signed.rests_on.split())


def meeting_paper(meeting: Meeting) -> MeetingPaper:
    """The paper of a meeting: cases by their pseudonyms."""
    items = list(meeting.items.select_related("case").order_by("position", "pk"))
    lines = tuple(item_lines(meeting, items))
    people = tuple(meeting.participants.order_by("name"))
    return MeetingPaper(
        title=f"{meeting.get_kind_display()}, {when_words(meeting)}",
        identity=_("%(centre)s, meeting %(number)s")
        % {"centre": meeting.centre.name, "number": meeting.number},
        participants=tuple(_names(people)),
        quorum=quorum_words(meeting, people),
        texts=tuple(_item_text(line, item) for line, item in zip(lines, items, strict=True)),
    )


def _item_text(line: ItemLine, item: AgendaItem) -> ItemText:
    rows = revisions_of(item)
    last = rows[-1] if rows else None
    changed = changed_since(last, course_now(item.case)) if last and last.seen else None
    return ItemText(
        line=line,
        about=_about(line, written=last is not None),
        rows=_text(last),
        signed=signature(rows),
        digest=last.digest if last else "",
        overtaken=overtaken_words(changed),
    )


def _about(line: ItemLine, *, written: bool) -> str:
    """Why a case was on the agenda and what is missing. What was written names its own gate."""
    brought = "; ".join(line.reasons if written else (line.gate, *line.reasons))
    lacking = ", ".join(line.missing)
    if lacking and line.note:
        lacking = f"{lacking} ({line.note})"
    missing = _("Missing of the minimum data set: %s") % lacking if lacking else ""
    return ". ".join(filter(None, (brought, missing)))


def revisions_of(item: AgendaItem) -> list[RecommendationRevision]:
    """What was written of an item, the first revision first."""
    rows = RecommendationRevision.objects.filter(recommendation__item=item)
    return list(rows.select_related("entry__recorded_by").order_by("revision"))


def _text(row: RecommendationRevision | None) -> tuple[tuple[str, str], ...]:
    if row is None:
        return ()
    rests_on = "; ".join(grounds(row))
    rests = ((_("Findings it rests on"), rests_on),) if rests_on else ()
    return (*said_lines(row), *rests)


def _row(row: SlideRow) -> PaperRow:
    cells = filter(None, row.cells)
    said = (f"{SHAPES.get(cell.look, '')} {cell.at}: {cell.words}".strip() for cell in cells)
    return PaperRow(row.name, tuple(said), row.study)


def _identity(opened: OpenedCase) -> str:
    case, patient = opened.case, opened.case.patient
    born = _("born %s") % day_words(opened.born)
    parts = (patient.name, patient.hospital_number, born, case.case_id, case.centre.name)
    return ", ".join(filter(None, parts))


def _drawing(known: Moment, course: Course) -> str:
    """The timeline as an address that holds it."""
    title = _("Case %(case)s. %(moment)s") % {
        "case": known.case.case_id,
        "moment": _("As known on %s.") % day_words(course.as_of),
    }
    drawn = flat(svg_file(sheet_of(course.timeline), Saying(title, ""), width=LEAST_WIDTH))
    return f"data:image/svg+xml;base64,{b64encode(drawn.encode()).decode()}"


def _listed(people: Sequence[Participant]) -> str:
    return ", ".join(_names(people)) or _("Nobody is listed")


def _names(people: Sequence[Participant]) -> Iterator[str]:
    """Who is meant to be there, and was not where that is recorded."""
    for person, attended in attendance(people):
        stands_for = str(Discipline(person.discipline).label)
        said = stands_for if person.present else f"{stands_for}, {attended}"
        yield f"{person.name} ({said})"
