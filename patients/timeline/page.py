"""The whole page of a case, made once for what is known, who may record, and the language."""

from functools import lru_cache
from typing import NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from msgspec import Struct

from patients.course.chart import TimelinePart, timeline_part
from patients.course.known import Course, Moment, address_of, course_of
from patients.course.matrix import matrix, matrix_labels, on_page
from patients.course.state import Tile
from patients.course.summary import Summary, bar, summary
from patients.timeline.cards import cards, heads, labels
from riskfactors.markup import rendered
from riskfactors.words import say
from riskfactors.words.facts import day_words
from riskfactors.words.translating import gettext as _
from riskfactors.words.translating import one_language

PAGES_REMEMBERED = 64


class RememberedPage(NamedTuple):
    """The state of a case for the bar that stays, and the page below it."""

    state: tuple[Tile, ...]
    body: SafeString


class CasePage(Struct, frozen=True, kw_only=True):
    """All that the page of a case shows, but for who the patient is."""

    as_of: str
    summary: Summary
    warnings: tuple[str, ...]
    timeline: TimelinePart
    matrix: SafeString
    cards: SafeString


def case_page(known: Moment, *, may_record: bool) -> RememberedPage:
    """The page of a moment for who may record or not; who the patient is is not remembered."""
    return remembered_page(known, may_record and not known.is_past, get_language())


@lru_cache(maxsize=PAGES_REMEMBERED)
def remembered_page(known: Moment, may_record: bool, _language: str) -> RememberedPage:
    with one_language():
        course = course_of(known)
        page = _page(course, may_record=may_record)
        body = render_to_string("patients/timeline/_case.html", {"page": page})
        return RememberedPage(tuple(bar(course)), body)


def case_cards(known: Moment, *, may_record: bool) -> SafeString:
    """The cards of a moment, which the page of the case fetches when one is opened."""
    return remembered_cards(known, may_record and not known.is_past, get_language())


@lru_cache(maxsize=PAGES_REMEMBERED)
def remembered_cards(known: Moment, may_record: bool, _language: str) -> SafeString:
    with one_language():
        made = cards(course_of(known), may_record=may_record)
        return rendered("patients/timeline/cards.jinja", cards=made, labels=labels())


def _page(course: Course, *, may_record: bool) -> CasePage:
    return CasePage(
        as_of=day_words(course.as_of),
        summary=summary(course, may_record=may_record),
        warnings=tuple(map(say, course.warnings)),
        timeline=timeline_part(course),
        matrix=rendered(
            "patients/course/matrix.jinja", matrix=on_page(matrix(course)), labels=matrix_labels()
        ),
        cards=rendered(
            "patients/timeline/heads.jinja",
            heads=heads(course),
            address=address_of(course, "cards"),
            own_page=_("The cards on a page of their own"),
        ),
    )
