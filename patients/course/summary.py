"""The five-second summary: state, patient, what is missing, and what this is not."""

from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext_noop
from msgspec import Struct

from patients.course.columns import unbroken_milestone
from patients.course.known import Course
from patients.course.missing import MissingItem, missing
from patients.course.state import Tile, day, response_code, state, today, unrecorded
from riskfactors.domain.derived import Lines, prior_lines
from riskfactors.domain.snapshot import Event, Observation, Snapshot, View
from riskfactors.domain.timepoints import Milestone, age_on
from riskfactors.published import catalogue
from riskfactors.words.course import day_number
from riskfactors.words.facts import day_words, value_words
from riskfactors.words.translating import gettext as _

SECOND_LINE_AT_MOST: Final = 1
COSTIMULATION: Final = {
    "axi_cel": gettext_noop("axi-cel (CD28)"),
    "tisa_cel": gettext_noop("tisa-cel (4\N{NON-BREAKING HYPHEN}1BB)"),
    "liso_cel": gettext_noop("liso-cel (4\N{NON-BREAKING HYPHEN}1BB)"),
}
"""Products with their costimulatory domain, short enough for a summary."""

BANNERS: Final = (
    (
        "histology",
        "not_large_b_cell",
        gettext_noop("No large B-cell lymphoma: none of these cohorts includes it."),
    ),
    (
        "cns_disease",
        "active",
        gettext_noop("Active central nervous system disease: few of these cohorts include it."),
    ),
    ("product", "liso_cel", gettext_noop("Liso-cel: few of these cohorts include it.")),
)
"""What is said of a patient who is not like these cohorts: variable, code, words."""


class Summary(Struct, frozen=True, kw_only=True):
    """What the top of the page says, in its order; `reached` if there is any milestone yet."""

    reached: bool
    latest: str
    today: str
    state: tuple[Tile, ...]
    patient: tuple[Tile, ...]
    missing: tuple[MissingItem, ...]
    banners: tuple[str, ...]


def summary(course: Course, *, may_record: bool) -> Summary:
    """The summary of a course."""
    latest = list(course.views[-1:])
    lines = prior_lines(latest[0]) if latest else None
    return Summary(
        reached=bool(course.findings),
        latest=_latest(course.snapshot),
        today=today(course),
        state=tuple(state(course)),
        patient=tuple(_patient(course, lines)),
        missing=tuple(missing(course, may_record=may_record)),
        banners=tuple(_banners(course, latest)),
    )


def bar(course: Course) -> Iterator[Tile]:
    """What the bar that stays says: the day, the product, the response."""
    yield day(course)
    if (product := _recorded(course, "product")) is not None:
        yield Tile(_("Product"), _short(product))
    yield response_code(course)


def _patient(course: Course, lines: Lines | None) -> Iterator[Tile]:
    yield _age(course)
    for variable in ("histology", "product"):
        observation = _recorded(course, variable)
        name = _("Histology") if variable == "histology" else _("Product")
        if observation is None:
            yield unrecorded(name)
        elif variable != "product":  # stands in the bar
            yield Tile(name, _short(observation))
    yield line_tile(lines)
    yield _alive(course)


def _latest(snapshot: Snapshot) -> str:
    """Of when the data are: the day of the last visit or event."""
    days = (*(a.date for a in snapshot.assessments), *(e.date for e in snapshot.events))
    return _("data as of %s") % day_words(max(days)) if days else _("nothing is recorded")


def _age(course: Course) -> Tile:
    """At the infusion, which is what the findings are about; before it at the last visit."""
    reached = course.visits
    at = reached.get(Milestone.INFUSION) or max(
        reached.values(), key=lambda visit: visit.place, default=None
    )
    on = course.as_of if at is None else at.date
    about = _("today") if at is None else _("at %s") % unbroken_milestone(at.milestone)
    return Tile(_("Age"), _("%s years") % age_on(on, course.snapshot.birth_date), about)


def _recorded(course: Course, variable: str) -> Observation | None:
    visits = sorted(course.snapshot.assessments, key=lambda a: a.place, reverse=True)
    return next((a.observations[variable] for a in visits if variable in a.observations), None)


def _short(observation: Observation) -> str:
    if observation.value in COSTIMULATION:
        return _(COSTIMULATION[str(observation.value)])
    return value_words(observation.fact)


def line_tile(lines: Lines | None) -> Tile:
    """The line of therapy that this treatment is, as far as it is known."""
    name = _("Line")
    if lines is None or (not lines.exact and lines.number <= SECOND_LINE_AT_MOST):
        at_least = _("; lines listed: %s") % lines.number if lines and lines.number else ""
        return Tile(name, _("not recorded") + at_least, tone="unrecorded")
    if lines.number <= SECOND_LINE_AT_MOST:
        return Tile(name, _("second") if lines.number else _("no line of therapy before"))
    at_least = "" if lines.exact else _("at least")
    number = f"{at_least} {lines.number}".strip()
    return Tile(name, _("third or later (%s\N{NO-BREAK SPACE}before)") % number)


def _alive(course: Course) -> Tile:
    name, died = _("Vital status"), _event(course, "death")
    kinds = catalogue().dictionary.events
    if died is not None:
        days = (died.date - course.timeline.origin).days
        day = f", {day_number(days)}" if course.timeline.from_infusion else ""
        cause = _(kinds["death"].causes[died.cause]) if died.cause else _("of what, not recorded")
        about = f"{day_words(died.date)}{day}; {cause.lower()}"
        return Tile(name, _("died"), about, "progression")
    contact = _event(course, "last_contact")
    about = _("last contact %s") % day_words(contact.date) if contact else ""
    return Tile(name, _("no death recorded"), about)


def _event(course: Course, kind: str) -> Event | None:
    found = [e for e in course.snapshot.events if e.kind == kind]
    return max(found, key=lambda e: e.date, default=None)


def _banners(course: Course, latest: list[View]) -> Iterator[str]:
    stopped = _event(course, "not_infused")
    if stopped is not None:
        cause = _(catalogue().dictionary.events["not_infused"].causes.get(stopped.cause or "", ""))
        said = _("Not infused, %s.") % day_words(stopped.date)
        yield f"{said} {cause}".strip()
    for view in latest:
        yield from unlike_cohorts(view)


def unlike_cohorts(view: View) -> Iterator[str]:
    """Where the patients of the studies are mostly others."""
    lines = prior_lines(view)
    if lines.exact and lines.number <= SECOND_LINE_AT_MOST:
        yield _("Second line: these cohorts are mostly third line or later.")
    for name, code, banner in BANNERS:
        recorded = view.latest.get(name)
        if recorded is not None and recorded.value == code:
            yield _(banner)
