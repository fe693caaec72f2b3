"""Recommendations: written and signed, read in full, and listed."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from patients.board import recommending
from patients.board.affected import affected
from patients.board.meanwhile import Meanwhile, arrived_since, written_by_another
from patients.board.meeting_views import number_in
from patients.board.nameless import Shown, after_meeting, at_a_desk, on_a_projector
from patients.board.recommendation_forms import (
    RecommendationForm,
    grounds_of,
    is_signed,
    left_before,
    said_before,
)
from patients.board.recommendation_page import (
    may_write,
    recommend_page,
    recommendation_lines,
    recommendation_page,
)
from patients.course.known import Moment, course_of, known_now
from patients.entry import draft_views
from patients.entry.drafting import draft_of, drafting, revised_since
from patients.frame.faults import faults_of
from patients.frame.heading import heading_of
from patients.frame.policy import of_case, of_centre, user_of
from patients.frame.saving import saved
from patients.models import (
    AgendaItem,
    Centre,
    Draft,
    Entry,
    Recommendation,
    RecommendationRevision,
    Stage,
    User,
)
from patients.permissions import OpenedCase, Right
from patients.records.drafts import ended_by_saving
from patients.records.saving import Conflict


@require_http_methods(["GET", "HEAD", "POST"])
@of_case(Right.SEE, post=Right.PREPARE)
def recommend(request: HttpRequest, opened: OpenedCase, meeting: int) -> HttpResponse:
    """What a meeting says of a case: drafted, signed, amended on one page. Of a cancelled one
    nothing is written, and before it was cancelled nothing had been."""
    item = get_object_or_404(
        AgendaItem.objects.select_related("meeting__centre"),
        case=opened.case,
        meeting__centre=opened.case.centre,
        meeting__number=meeting,
        meeting__cancelled_at__isnull=True,
    )
    item.case = opened.case
    rows = _revisions(recommendation__item=item)
    draft = draft_of(request, opened, request.path, Right.PREPARE)
    form = _form(request, opened, item, rows, draft)
    part = "part" in request.GET
    meanwhile = None if form.is_bound else _since_the_slide(request, opened, item)
    if form.is_bound and form.is_valid():
        written = _write(request, opened, item, form)
        if isinstance(written, Entry) and part:
            return redirect(f"{request.path}?part")
        if isinstance(written, Entry):
            messages.success(request, _("Signed.") if form.signs else _("The draft is kept."))
            if not form.signs:
                return redirect(request.path)
            number = Recommendation.objects.values_list("number", flat=True).get(item=item)
            return redirect("patients:recommendation", opened.case.public_id, number)
        meanwhile = written
        rows = _revisions(recommendation__item=item)
    page = recommend_page(opened, item, form, rows, meanwhile, _words_of(request, item))
    refused = 409 if meanwhile else 422 if form.errors else 200
    template = "_recommend" if part else "recommend"
    since = revised_since(draft, "seen", rows)
    values = {
        "page": page,
        "faults": faults_of(form),
        "drafting": drafting(request, opened, request.path, draft, since, url="typed"),
    }
    return render(
        request,
        f"patients/board/{template}.html",
        values,
        status=refused if form.is_bound else 200,
    )


@require_http_methods(["GET", "POST"])
@of_case(Right.PREPARE, shows=False)
def typed(request: HttpRequest, opened: OpenedCase) -> HttpResponse:
    """The text of a recommendation is kept as it is typed, for whoever types it."""
    return draft_views.answer(request, opened, Right.PREPARE)


@require_safe
@of_case()
def recommendation(request: HttpRequest, opened: OpenedCase, recommendation: int) -> HttpResponse:
    """One in full: the text, what was seen when it was signed, and what differs since."""
    rows = _revisions(recommendation__case=opened.case, recommendation__number=recommendation)
    if not rows:
        raise Http404
    page = recommendation_page(opened, rows, at_a_desk(known_now(opened)))
    return render(request, "patients/board/recommendation.html", {"page": page})


@require_safe
@of_case()
def recommendations(request: HttpRequest, opened: OpenedCase) -> HttpResponse:
    """All of a case, with what came of them."""
    lines = tuple(recommendation_lines(opened, course_of(known_now(opened))))
    values = {"heading": heading_of(opened, "recommendations"), "lines": lines}
    return render(request, "patients/board/recommendations.html", values)


@require_safe
@of_centre(Right.SEE)
def affected_list(request: HttpRequest, centre: Centre) -> HttpResponse:
    """The recommendations that rest on a factor which was published anew since."""
    values = {"centre": centre, "lines": tuple(affected([centre]))}
    return render(request, "patients/board/affected.html", values)


def _revisions(**of: Any) -> list[RecommendationRevision]:
    rows = RecommendationRevision.objects.filter(**of).order_by("revision")
    return list(rows.select_related("recommendation__item__meeting__centre", "entry__recorded_by"))


def _form(
    request: HttpRequest,
    opened: OpenedCase,
    item: AgendaItem,
    rows: list[RecommendationRevision],
    draft: Draft | None,
) -> RecommendationForm:
    seen_here = _shown_by(request)(known_now(opened))
    last = rows[-1] if rows else None
    typed = request.POST if request.method == "POST" else None
    unseen = typed is not None and last and typed.get("seen") != str(last.revision)
    shown = {"gate": item.gate, "question": item.question, **said_before(last)}
    seen = {
        "seen": last.revision if last else 0,
        "head": recommending.seen_up_to(opened),
        "digest": seen_here.course.digest,
    }
    return RecommendationForm(
        typed,
        address=request.path,
        grounds=grounds_of(seen_here),
        amends=is_signed(rows) and not unseen,
        held_on=item.meeting.held_on,
        in_days=seen_here.hidden,
        initial={**shown, **seen, **left_before(draft)},
    )


def _since_the_slide(
    request: HttpRequest, opened: OpenedCase, item: AgendaItem
) -> Meanwhile | None:
    """What was recorded since the slide was made beside which the form opens."""
    if "head" not in request.GET:
        return None
    head = number_in(request.GET["head"])
    found = recommending.unseen(opened.case, head, request.GET.get("digest", ""))
    if found is None:
        return None
    return arrived_since(opened, item, found, head, _shown_by(request))


def _shown_by(request: HttpRequest) -> Callable[[Moment], Shown]:
    """A part stands beside a case on a projector."""
    return on_a_projector if "part" in request.GET else at_a_desk


def _words_of(request: HttpRequest, item: AgendaItem) -> Callable[[str], str]:
    """What becomes of the words of a decision where it is shown."""
    return partial(after_meeting, held_on=item.meeting.held_on) if "part" in request.GET else str


def _write(
    request: HttpRequest, opened: OpenedCase, item: AgendaItem, form: RecommendationForm
) -> Entry | Meanwhile | None:
    """Write what was typed; else what stands in the way, and the form to go on from there."""
    by = user_of(request)
    if form.signs and Right.SIGN not in opened.rights:
        raise PermissionDenied
    row = RecommendationRevision(
        recommendation=Recommendation.objects.filter(item=item).first()
        or Recommendation(case=opened.case, item=item),
        revision=form.revision,
        head=form.cleaned_data["head"],
        digest=form.cleaned_data["digest"],
        **form.said(),
    )
    about: dict[str, Any] = {
        "item": item,
        "by": by,
        "token": form.cleaned_data["token"],
        "row": row,
    }
    act = recommending.sign if form.signs else recommending.draft
    if form.amends and form.signs:
        act = partial(recommending.amend, reason=form.cleaned_data["reason"])
    try:
        return saved(form, partial(_ending, request.path, by, partial(act, **about)))
    except Conflict as conflict:
        current = conflict.clashes[0].current
        assert isinstance(current, RecommendationRevision)  # noqa: S101 - of the slot it is about
        return _written_by_another(request, opened, item, form, current)
    except recommending.SignedAlready:
        last = _revisions(recommendation__item=item)[-1]
        return _written_by_another(request, opened, item, form, last)
    except recommending.NotSeen as unseen:
        now = opened.again()
        form.go_on_from(head=recommending.seen_up_to(now), digest=known_now(now).digest)
        return arrived_since(now, item, unseen, row.head or 0, _shown_by(request))


def _written_by_another(
    request: HttpRequest,
    opened: OpenedCase,
    item: AgendaItem,
    form: RecommendationForm,
    theirs: RecommendationRevision,
) -> Meanwhile:
    form.go_on_from(seen=theirs.revision)
    signed = theirs.stage != Stage.DRAFT
    if signed and not form.amends:
        form.ask_for_a_reason()
    follows = may_write(opened, signed=signed)
    return written_by_another(form, theirs, _words_of(request, item), follows=follows)


def _ending(place: str, by: User, write: Callable[[], Entry]) -> Entry:
    with ended_by_saving(place, of=by):
        return write()
