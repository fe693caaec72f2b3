"""The page of a case: summary, timeline, matrix and cards; a fact in full; visits compared."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from patients.course.chart import more_of
from patients.course.facts import BY_KEY
from patients.course.files import drawing_of, figure_of
from patients.course.known import course_of, known_now
from patients.frame.files import saved_as
from patients.frame.heading import heading_of
from patients.frame.policy import of_case, user_of
from patients.permissions import OpenedCase, visible_to
from patients.timeline.compare import comparison
from patients.timeline.compare_forms import MilestonesForm, OtherCaseForm
from patients.timeline.fact_page import fact_page
from patients.timeline.page import case_cards, case_page
from patients.timeline.past import asked_moment


@require_safe
@of_case()
def case(request: HttpRequest, opened: OpenedCase) -> HttpResponse:
    """What is known of one case, and what was published about findings like these."""
    known, past = asked_moment(request, opened)
    page = case_page(known, may_record=opened.may_record)
    heading = heading_of(opened, "case", state=page.state)
    values = {"heading": heading, "page": page.body, "past": past}
    status = 422 if past.form.errors else 200
    return render(request, "patients/timeline/case.html", values, status=status)


@require_safe
@of_case()
def one_fact(request: HttpRequest, opened: OpenedCase, fact: str) -> HttpResponse:
    """One fact of a case in full: how it stands at each milestone, and all that is published."""
    if fact not in BY_KEY:
        raise Http404
    known, past = asked_moment(request, opened)
    may_record = opened.may_record and not known.is_past
    page = fact_page(course_of(known), BY_KEY[fact], may_record=may_record)
    values = {"heading": heading_of(opened, "fact"), "page": page, "past": past}
    return render(request, "patients/timeline/fact.html", values)


@require_safe
@of_case()
def one_chart(request: HttpRequest, opened: OpenedCase, chart: str) -> HttpResponse:
    """A drawing that the page of the case fetches when it is unfolded."""
    known, past = asked_moment(request, opened)
    drawn = more_of(course_of(known), chart)
    if drawn is None or past.form.errors:
        raise Http404
    values = {"heading": heading_of(opened, "chart"), "chart": drawn, "past": past}
    return render(request, "patients/timeline/chart.html", values)


@require_safe
@of_case()
def all_cards(request: HttpRequest, opened: OpenedCase) -> HttpResponse:
    """The cards, which the page of the case fetches when one is opened."""
    known, past = asked_moment(request, opened)
    if past.form.errors:
        raise Http404
    cards = case_cards(known, may_record=opened.may_record)
    values = {"heading": heading_of(opened, "cards"), "cards": cards, "past": past}
    return render(request, "patients/timeline/cards.html", values)


@require_safe
@of_case()
def timeline_figure(request: HttpRequest, opened: OpenedCase) -> HttpResponse:
    """The timeline for Plotly, when somebody enlarges it."""
    known, past = asked_moment(request, opened)
    if past.form.errors:
        raise Http404
    return HttpResponse(figure_of(known), content_type="application/json")


@require_safe
@of_case()
def timeline_file(request: HttpRequest, opened: OpenedCase) -> HttpResponse:
    """The drawing as a file, with dates instead of days where that is asked for."""
    known, past = asked_moment(request, opened)
    if past.form.errors:
        raise Http404
    drawing = drawing_of(known, past.said, dates="dates" in request.GET)
    headers = saved_as(opened.case.case_id, "-timeline.svg")
    return HttpResponse(drawing, content_type="image/svg+xml", headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
@of_case(beside="other")
def compare(
    request: HttpRequest, opened: OpenedCase, other: OpenedCase | None = None
) -> HttpResponse:
    """Two milestones of a case side by side, or of two cases; of these without identities."""
    course = course_of(known_now(opened))
    beside = course_of(known_now(other)) if other else None
    asked, choosing = MilestonesForm(course, beside, request.GET), None
    if beside is None:
        typed = request.POST if request.method == "POST" else None
        choosing = OtherCaseForm(course, visible_to(user_of(request)), typed)
        if choosing.is_valid():
            return redirect(choosing.address)
    values = {
        "heading": heading_of(opened, "compare") if beside is None else None,
        "asked": asked,
        "choosing": choosing,
        "page": comparison(*asked.sides) if asked.is_valid() else None,
    }
    status = 422 if asked.errors or (choosing and choosing.errors) else 200
    return render(request, "patients/timeline/compare.html", values, status=status)
