"""The whole page of a case, made once for what is known, who may record, and the language."""

from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from msgspec import Struct

from patients.permissions import OpenedCase
from patients.timeline.cards import anchor, cards, labels
from patients.timeline.chart import TimelinePart, timeline_part
from patients.timeline.course import Course, Moment, course_of, known_now
from patients.timeline.summary import Summary, summary
from riskfactors.beside.citations import Link
from riskfactors.markup import rendered
from riskfactors.words import milestone_name, say
from riskfactors.words.facts import day_words
from riskfactors.words.translating import one_language

PAGES_REMEMBERED = 64


class CasePage(Struct, frozen=True, kw_only=True):
    """All that the page of a case shows, but for who the patient is."""

    digest: str
    as_of: str
    summary: Summary
    warnings: tuple[str, ...]
    timeline: TimelinePart
    milestones: tuple[Link, ...]
    cards: SafeString


def case_page(opened: OpenedCase) -> SafeString:
    """The page as this person sees it now, but for who the patient is: that is not remembered."""
    return remembered_page(known_now(opened), opened.may_record, get_language())


@lru_cache(maxsize=PAGES_REMEMBERED)
def remembered_page(known: Moment, may_record: bool, _language: str) -> SafeString:
    with one_language():
        page = _page(course_of(known), may_record=may_record)
        return render_to_string("patients/timeline/_case.html", {"page": page})


def _page(course: Course, *, may_record: bool) -> CasePage:
    return CasePage(
        digest=course.digest[:12],
        as_of=day_words(course.as_of),
        summary=summary(course, may_record=may_record),
        warnings=tuple(map(say, course.warnings)),
        timeline=timeline_part(course),
        milestones=tuple(
            Link(milestone_name(f.milestone), f"#{anchor(f.milestone)}")
            for f in reversed(course.findings)
        ),
        cards=rendered(
            "patients/timeline/cards.jinja",
            cards=cards(course, may_record=may_record),
            labels=labels(),
        ),
    )
