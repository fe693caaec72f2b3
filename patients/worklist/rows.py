"""The lines of the worklist. The markup of a row is a template, rendered once; each case fills it.

Cells are made once for what they say: none of them holds a name, a number or a pseudonym.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from uuid import UUID

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from patients.worklist.listing import Line
from patients.worklist.summaries import Summary
from riskfactors.domain.progress import ExpectedVisit, Statement, Timing
from riskfactors.domain.timepoints import MILESTONES, Milestone
from riskfactors.words import code_name, milestone_name, unbroken
from riskfactors.words.facts import day_words
from riskfactors.words.library import PRODUCTS, product_name

BEFORE_INFUSION = MILESTONES[: MILESTONES.index(Milestone.INFUSION)]
ANY_CASE = UUID(int=0)

cell = lru_cache(maxsize=8192)


def rows_of(lines: Sequence[Line], summaries: Mapping[int, Summary]) -> Iterator[SafeString]:
    """A row of the table for each case."""
    language = get_language()
    markup, nobody = _markup(language), _("Name not known here")
    before, after = reverse("patients:case", args=[ANY_CASE]).split(str(ANY_CASE))
    for line in lines:
        known = summaries[line.pk]
        visit = known.last_visit
        yield format_html(
            markup,
            url=f"{before}{line.public_id}{after}",
            case_id=line.case_id,
            who=line.name or nobody,
            number=line.hospital_number,
            age=_age(known.age, language),
            product=_product(known.product, language),
            course=_course(known.infusion, known.died, known.not_infused, known.today, language),
            visit=_visit(
                visit.milestone if visit else None, visit.date if visit else None, language
            ),
            response=_response(known.response, known.infusion, language),
            expected=_expected(known.expected, language),
            missing=_missing(len(known.missing) if visit else None, language),
        )


@cache
def _markup(_language: str) -> str:
    """The row with a name in braces for each thing that a case fills in."""
    return render_to_string("patients/worklist/_row.html")


@cell
def _age(years: int, _language: str) -> SafeString:
    return format_html("{}", ngettext("%d year", "%d years", years) % years)


@cell
def _product(product: Statement | None, _language: str) -> SafeString:
    """A product recorded before the infusion is the planned one."""
    if product is None:
        return _quiet(_("Not recorded"))
    short = product.code in PRODUCTS
    name = product_name(product.code) if short else code_name("product", product.code)
    return _noted(name, _("planned") if product.milestone in BEFORE_INFUSION else "")


@cell
def _course(
    infusion: date | None, died: date | None, not_infused: date | None, today: date, _language: str
) -> SafeString:
    """Where the patient stands: that one died or was not infused comes first."""
    if died:
        day = _day_after(infusion, died) if infusion else _("before infusion")
        return _noted(_("Died"), f"{day_words(died)}, {day}")
    if infusion:
        return _noted(_day_after(infusion, today), _("infused %s") % day_words(infusion))
    if not_infused:
        return _noted(_("Not infused"), day_words(not_infused))
    return _noted(_("Before infusion"), "")


def _day_after(infusion: date, day: date) -> str:
    """The day of the course, counted from the infusion."""
    return unbroken(_("Day %+d") % (day - infusion).days)


@cell
def _visit(milestone: Milestone | None, day: date | None, _language: str) -> SafeString:
    if milestone is None or day is None:
        return _quiet(_("None"))
    return _noted(milestone_name(milestone), day_words(day))


@cell
def _response(said: Statement | None, infusion: date | None, _language: str) -> SafeString:
    """After the infusion a response from before it is none of this treatment, and says so."""
    if said is None:
        return _quiet(_("Not recorded"))
    name = code_name("response", said.code)
    where = f"{milestone_name(said.milestone)}, {day_words(said.observed_on)}"
    if infusion and said.visited_on < infusion:
        return _noted(_("None since infusion"), f"{name}, {where}")
    return _noted(name, where)


@cell
def _expected(visits: tuple[ExpectedVisit, ...], _language: str) -> SafeString:
    lines = format_html_join(
        "",
        '<span class="expected {}"><strong>{}</strong> {}</span>',
        ((visit.timing, *_said(visit)) for visit in visits),
    )
    return lines or _quiet(_("None"))


def _said(visit: ExpectedVisit) -> tuple[str, str]:
    about = {"visit": milestone_name(visit.milestone), "day": day_words(visit.closes)}
    if visit.timing is Timing.DUE:
        return _("Due:"), _("%(visit)s, until %(day)s") % about
    return _("Overdue:"), _("%(visit)s, since %(day)s") % about


@cell
def _missing(number: int | None, _language: str) -> SafeString:
    return _quiet(_("No visit")) if number is None else format_html("{}", number)


def _noted(text: str, note: str) -> SafeString:
    return format_html('{}<span class="kind">{}</span>', text, note)


def _quiet(text: str) -> SafeString:
    return format_html('<span class="kind">{}</span>', text)
