"""The page of a case: summary, timeline, matrix and cards; and one of its facts in full."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from patients.frame.heading import heading_of
from patients.frame.policy import of_case
from patients.permissions import OpenedCase
from patients.timeline.course import course_of, known_now
from patients.timeline.fact_page import fact_page
from patients.timeline.facts import BY_KEY
from patients.timeline.page import case_page


@require_safe
@of_case()
def case(request: HttpRequest, opened: OpenedCase) -> HttpResponse:
    """What is known of one case, and what was published about findings like these."""
    page = case_page(opened)
    heading = heading_of(opened, "case", state=page.state)
    return render(request, "patients/timeline/case.html", {"heading": heading, "page": page.body})


@require_safe
@of_case()
def one_fact(request: HttpRequest, opened: OpenedCase, fact: str) -> HttpResponse:
    """One fact of a case in full: how it stands at each milestone, and all that is published."""
    if fact not in BY_KEY:
        raise Http404
    course = course_of(known_now(opened))
    page = fact_page(course, BY_KEY[fact], may_record=opened.may_record)
    heading = heading_of(opened, "fact")
    return render(request, "patients/timeline/fact.html", {"heading": heading, "page": page})
