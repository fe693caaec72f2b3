"""What the pages of recommendations show: the form, one in full, all of a case."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from msgspec import Struct
from msgspec.structs import replace

from patients.board.difference import (
    Overtaken,
    findings_seen,
    ground_names,
    grounds_as_seen,
    overtaken,
)
from patients.board.frozen import Seen, seen_in
from patients.board.meanwhile import Meanwhile, recorded_after, shown
from patients.board.meeting_page import quorum_words, when_words
from patients.board.nameless import Shown
from patients.board.recommendation_forms import RecommendationForm, is_signed
from patients.board.recommending import seen_up_to
from patients.board.staff import staff_of
from patients.course.known import Course
from patients.frame.decisions import outcome_words, recommendation_words
from patients.frame.heading import Heading, heading_of
from patients.frame.written import Change
from patients.models import (
    AgendaItem,
    Discipline,
    OutcomeRevision,
    RecommendationRevision,
    Stage,
)
from patients.permissions import OpenedCase, Right
from riskfactors.words import name_of
from riskfactors.words.facts import day_words

NOT_SAID: Final = {"seen", "head", "digest", "question", "rests_on", "rests_on_none"}
DAYS: Final = {"due_on", "follow_up_on"}


class RevisionLine(Struct, frozen=True, kw_only=True):
    """One revision: what was said, by whom and when, and why where it amends; once it is signed,
    what it rests on and all findings as they were seen."""

    said: str
    rests_on: str
    findings: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    by: str
    at: str
    reason: str


class RecommendPage(Struct, frozen=True, kw_only=True):
    """The form of one item of an agenda, with what was said of it before."""

    heading: Heading
    item: AgendaItem
    meeting: str
    quorum: str
    form: RecommendationForm
    history: tuple[RevisionLine, ...]
    meanwhile: Meanwhile | None
    signed: bool
    may_write: bool
    may_sign: bool
    staff: tuple[str, ...]
    url: str


class RecommendationPage(Struct, frozen=True, kw_only=True):
    """One recommendation in full: the text as it stands, what was seen, what differs since.

    `amended` where the text that stands is an amendment: it was seen anew.
    """

    heading: Heading
    title: str
    meeting: str
    rows: tuple[tuple[str, str], ...]
    history: tuple[RevisionLine, ...]
    grounds: tuple[str, ...]
    signed: str
    amended: bool
    findings: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    participants: tuple[str, ...]
    quorum: str
    as_of: str
    digest: str
    missing: tuple[str, ...]
    arrived: tuple[Change, ...]
    """What was recorded since it was seen."""
    overtaken: Overtaken | None
    outcome: str
    outcome_url: str
    amend_url: str


class RecommendationLine(Struct, frozen=True, kw_only=True):
    """A recommendation in the list of a case."""

    meeting: str
    question: str
    said: str
    outcome: str
    overtaken: str
    url: str


def recommend_page(
    opened: OpenedCase,
    item: AgendaItem,
    form: RecommendationForm,
    rows: Sequence[RecommendationRevision],
    meanwhile: Meanwhile | None,
    words: Callable[[str], str],
) -> RecommendPage:
    """The form; who may not write reads what was said, in the `words` of where it is shown."""
    signed = is_signed(rows)
    return RecommendPage(
        heading=heading_of(opened, "recommendations"),
        item=item,
        meeting=f"{item.meeting.get_kind_display()}, {when_words(item.meeting)}",
        quorum=quorum_words(item.meeting, item.meeting.participants.all()),
        form=form,
        history=tuple(
            replace(
                line,
                said=words(line.said),
                rests_on=words(line.rests_on),
                findings=(),
                at=words(line.at),
                reason=words(line.reason),
            )
            for line in _lines(rows)
        ),
        meanwhile=meanwhile,
        signed=signed,
        may_write=may_write(opened, signed=signed),
        may_sign=Right.SIGN in opened.rights,
        staff=tuple(staff_of(opened.case.centre)),
        url=reverse("patients:recommend", args=[opened.case.public_id, item.meeting.number]),
    )


def recommendation_page(
    opened: OpenedCase, rows: Sequence[RecommendationRevision], shown: Shown
) -> RecommendationPage:
    """One recommendation of which somebody has written something; `rows` are its revisions."""
    last, item = rows[-1], rows[-1].recommendation.item
    public_id, number = opened.case.public_id, last.recommendation.number
    seen = seen_in(last.seen) if last.seen else None
    signed = is_signed(rows)
    outcome = _outcomes([last]).get(last.recommendation_id)
    return RecommendationPage(
        heading=heading_of(opened, "recommendations"),
        title=last.question,
        meeting=f"{item.meeting.get_kind_display()}, {when_words(item.meeting)}",
        rows=tuple(said_lines(last)),
        history=tuple(_lines(rows)),
        grounds=tuple(grounds(last)),
        signed=signature(rows),
        amended=last.stage == Stage.AMENDMENT,
        findings=tuple(findings_seen(seen)) if seen else (),
        participants=tuple(_present(seen)) if seen else (),
        quorum=str(seen.quorum) if seen else "",
        as_of=day_words(seen.as_of) if seen else "",
        digest=last.digest,
        missing=tuple(map(name_of, seen.missing)) if seen else (),
        arrived=recorded_after(opened.case, last.head, shown) if last.head else (),
        overtaken=overtaken(seen, shown.course, last.rests_on.split()) if seen else None,
        outcome=outcome_words(outcome) if outcome else "",
        outcome_url=reverse("patients:outcome", args=[public_id, number]) if signed else "",
        amend_url=reverse("patients:recommend", args=[public_id, item.meeting.number])
        if may_write(opened, signed=signed)
        else "",
    )


def may_write(opened: OpenedCase, *, signed: bool) -> bool:
    """Whether somebody may go on writing: what is signed, a chair amends."""
    return (Right.SIGN if signed else Right.PREPARE) in opened.rights


def recommendation_lines(opened: OpenedCase, course: Course) -> Iterator[RecommendationLine]:
    """All of a case, the latest first, in three queries."""
    rows = (
        RecommendationRevision.objects.filter(recommendation__case=opened.case)
        .select_related("recommendation__item__meeting")
        .order_by("revision")
    )
    last = {row.recommendation_id: row for row in rows}
    outcomes, last_entry = _outcomes(last.values()), seen_up_to(opened)
    for key, row in sorted(last.items(), reverse=True):
        changed = overtaken(seen_in(row.seen), course, row.rests_on.split()) if row.seen else None
        yield RecommendationLine(
            meeting=when_words(row.recommendation.item.meeting),
            question=row.question,
            said=recommendation_words(row),
            outcome=outcome_words(outcomes[key]) if key in outcomes else "",
            overtaken=overtaken_words(changed) or _since(row, last_entry),
            url=reverse(
                "patients:recommendation", args=[opened.case.public_id, row.recommendation.number]
            ),
        )


def overtaken_words(changed: Overtaken | None) -> str:
    """In a line, whether what was seen has changed."""
    if changed is None or not changed.lines:
        return ""
    if changed.rests:
        return _("A finding it rests on has changed since it was seen.")
    return _("Findings have changed since they were seen; none that it rests on.")


def _since(row: RecommendationRevision, last_entry: int) -> str:
    later = row.head is not None and last_entry > row.head
    return _("Something was recorded since it was seen; no verdict has changed.") if later else ""


def grounds(row: RecommendationRevision) -> Iterator[str]:
    """The findings it rests on, with what was seen where it is signed."""
    return (
        grounds_as_seen(row.rests_on, seen_in(row.seen)) if row.seen else ground_names(row.rests_on)
    )


def said_lines(row: RecommendationRevision) -> Iterator[tuple[str, str]]:
    """The text as it stands, by the labels of the form."""
    for name, field in RecommendationForm.base_fields.items():
        value = getattr(row, name, None)
        if value and name not in NOT_SAID:
            yield str(field.label), day_words(value) if name in DAYS else shown(name, value)
    if row.rests_on_none:
        yield str(RecommendationForm.base_fields["rests_on"].label), _("none")


def _lines(rows: Iterable[RecommendationRevision]) -> Iterator[RevisionLine]:
    for row in rows:
        by = row.entry.recorded_by
        yield RevisionLine(
            said=recommendation_words(row),
            rests_on="; ".join(grounds(row)) or _("none") if row.seen else "",
            findings=tuple(findings_seen(seen_in(row.seen))) if row.seen else (),
            by=by.get_full_name() or by.username,
            at=date_format(localtime(row.entry.recorded_at), "j M Y, H:i"),
            reason=row.entry.reason,
        )


def signature(rows: Sequence[RecommendationRevision]) -> str:
    """By whom and when it was signed, and where it was amended, by whom, when and why the last
    time: whose text it is."""
    stages = {row.stage: line for row, line in zip(rows, _lines(rows), strict=True)}
    if (line := stages.get(Stage.FINAL)) is None:
        return ""
    signed = _("Signed by %(person)s, %(moment)s") % {"person": line.by, "moment": line.at}
    if (line := stages.get(Stage.AMENDMENT)) is None:
        return signed
    amended = _("amended by %(person)s, %(moment)s: %(reason)s") % {
        "person": line.by,
        "moment": line.at,
        "reason": line.reason,
    }
    return f"{signed}; {amended}"


def _present(seen: Seen) -> Iterator[str]:
    for person in seen.participants:
        if person.present:
            yield f"{person.name} ({Discipline(person.discipline).label})"


def _outcomes(rows: Iterable[RecommendationRevision]) -> dict[int, OutcomeRevision]:
    """What came of each, where it is not withdrawn."""
    keys = [row.recommendation_id for row in rows]
    said = OutcomeRevision.objects.filter(recommendation__in=keys).order_by("revision")
    return {
        key: row
        for key, row in {row.recommendation_id: row for row in said}.items()
        if not row.withdrawn
    }
