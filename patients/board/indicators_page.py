"""The indicators of a centre in words, each with its denominator."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _
from msgspec import Struct

from patients.board.actions_page import signed_of
from patients.board.indicators import (
    ALL,
    CaseFacts,
    Cell,
    Days,
    Partition,
    counted,
    days,
    hidden,
    with_reason,
)
from patients.models import (
    AssessmentDate,
    Centre,
    ClearanceKind,
    ClearanceRevision,
    EventRevision,
    NotDone,
    NotEligible,
    OutcomeRevision,
)
from patients.permissions import cases_at
from riskfactors.domain.timepoints import Milestone
from riskfactors.published import catalogue

NO_YEAR: Final = ""
"""The column of cases of which no day is known that would say the year."""
REASONS: Final = ("not_eligible", "not_infused", "not_done")


class IndicatorLine(Struct, frozen=True):
    """What is counted, the number with its denominator, and whether it is a part of the last."""

    name: str
    value: str
    part: bool = False


class IndicatorsPage(Struct, frozen=True, kw_only=True):
    """The indicators of the cases whose decision fell in a year, or of all."""

    centre: Centre
    year: int | None
    years: tuple[int, ...]
    cases: tuple[IndicatorLine, ...]
    recommendations: tuple[IndicatorLine, ...]


class Counts(Struct, frozen=True):
    """What stands in the cells of one column, and which are not shown."""

    column: str
    cells: Mapping[Cell, int]
    hidden: frozenset[Cell]

    def of(self, line: str) -> int:
        return self.cells.get((line, self.column), 0)

    def shown(self, line: str) -> bool:
        return (line, self.column) not in self.hidden


def indicators_page(centre: Centre, year: int | None) -> IndicatorsPage:
    """The page, in six queries however many cases there are."""
    facts = facts_of(centre)
    years = sorted({day.year for each in facts.values() if (day := _began(each))}, reverse=True)
    columns = {case: _column(each) for case, each in facts.items()}
    cells = counted((columns[case], each.lines) for case, each in facts.items())
    cells += counted((columns[case], lines) for case, lines in _recommendations(centre, facts))
    column = ALL if year is None else str(year)
    counts = Counts(column, cells, hidden(cells, _partitions(cells)))
    chosen = [each for case, each in facts.items() if column in (ALL, columns[case])]
    return IndicatorsPage(
        centre=centre,
        year=year,
        years=tuple(years),
        cases=tuple(_case_lines(counts, chosen)),
        recommendations=tuple(_recommendation_lines(counts)),
    )


def _partitions(cells: Iterable[Cell]) -> list[Partition]:
    """What adds up to what."""
    reasons: dict[str, list[str]] = {name: [] for name in REASONS}
    for line in dict.fromkeys(line for line, _column in cells):
        name, _colon, reason = line.partition(":")
        if reason:
            reasons[name].append(line)
    return [
        ("cases", ("referred", "no_referral")),
        ("cases", ("not_eligible", "not_eligible:")),
        ("cases", ("apheresed", "no_apheresis")),
        ("cases", ("infused", "not_infused", "not_infused:")),
        ("apheresed", ("to_apheresis", "no_days_to_apheresis")),
        ("infused", ("to_infusion", "no_days_to_infusion")),
        ("recommendations", ("carried_out", "nothing_said", "not_done")),
        *reasons.items(),
    ]


def facts_of(centre: Centre) -> Mapping[int, CaseFacts]:
    """What is counted, by the key of each case of a centre."""
    found: dict[int, dict[str, Any]] = {case.pk: {} for case in cases_at(centre).only("pk")}
    for case, milestone, day in _visits(centre):
        found[case]["indicated" if milestone == Milestone.ELECTION else milestone] = day
    for case, answer, reason, day in _eligibility(centre):
        found[case] |= {
            "not_eligible": reason,
            **({"indicated": day} if answer == "eligible" else {}),
        }
    for case, kind, cause, day in _events(centre):
        if kind == "referral":
            found[case]["referred"] = day
        elif kind:
            found[case]["not_infused"] = cause or "unknown"
    return {case: CaseFacts(**said) for case, said in found.items()}


def _visits(centre: Centre) -> Iterable[tuple[Any, ...]]:
    rows = (
        AssessmentDate.objects.filter(
            assessment__case__centre=centre,
            assessment__milestone__in=(Milestone.ELECTION, Milestone.APHERESIS, Milestone.INFUSION),
        )
        .order_by("revision")
        .values_list("assessment_id", "assessment__case_id", "assessment__milestone", "date")
    )
    return [row[1:] for row in {row[0]: row for row in rows}.values()]


def _eligibility(centre: Centre) -> Iterable[tuple[Any, ...]]:
    rows = (
        ClearanceRevision.objects.filter(case__centre=centre, kind=ClearanceKind.ELIGIBILITY)
        .order_by("revision")
        .values_list("case_id", "answer", "not_eligible", "on")
    )
    return {row[0]: row for row in rows}.values()


def _events(centre: Centre) -> Iterable[tuple[Any, ...]]:
    """Referrals and ends without infusion as they stand; what was withdrawn says nothing."""
    told = EventRevision.objects.filter(event__case__centre=centre)
    rows = (
        told.filter(event__in=told.filter(kind__in=("referral", "not_infused")).values("event"))
        .order_by("revision")
        .values_list("event_id", "event__case_id", "kind", "cause", "date")
    )
    return [row[1:] for row in {row[0]: row for row in rows}.values()]


def _began(facts: CaseFacts) -> date | None:
    """By which day a case counts in a year: the decision, else the referral, else the apheresis."""
    return facts.indicated or facts.referred or facts.apheresis or facts.infusion


def _column(facts: CaseFacts) -> str:
    began = _began(facts)
    return str(began.year) if began else NO_YEAR


def _recommendations(
    centre: Centre, cases: Mapping[int, CaseFacts]
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Of each signed recommendation its case and the lines where it is counted."""
    said = OutcomeRevision.objects.filter(recommendation__case__centre=centre).order_by("revision")
    last = {of: row for of, *row in said.values_list("recommendation_id", "done", "not_done")}
    signed = signed_of(centre).values_list("recommendation_id", "recommendation__case_id", "open")
    for of, case, is_open in signed:
        done, reason = last[of] if is_open is False else (False, "")
        if case in cases:
            yield case, ("recommendations", *_came_of(done, str(reason)))


def _came_of(done: object, reason: str) -> tuple[str, ...]:
    if done:
        return ("carried_out",)
    return with_reason("not_done", reason) if reason else ("nothing_said",)


def _case_lines(counts: Counts, cases: list[CaseFacts]) -> Iterator[IndicatorLine]:
    causes = {**catalogue().dictionary.events["not_infused"].causes, "unknown": _("not recorded")}
    yield IndicatorLine(_("Cases"), number_words(counts, "cases"))
    yield IndicatorLine(_("Referral recorded"), share_words(counts, "referred", "cases"))
    yield from _reasons(_("Not eligible"), counts, "not_eligible", dict(NotEligible.choices))
    yield IndicatorLine(_("Apheresis recorded"), share_words(counts, "apheresed", "cases"))
    without = share_words(counts, "no_apheresis", "cases")
    yield IndicatorLine(_("apheresis not recorded"), without, part=True)
    yield IndicatorLine(_("Infused"), share_words(counts, "infused", "cases"))
    yield from _reasons(_("Course ended without infusion"), counts, "not_infused", causes)
    to_apheresis = days((each.indicated, each.apheresis) for each in cases)
    to_infusion = days((each.indicated, each.infusion) for each in cases)
    for line, name, found in (
        ("to_apheresis", _("From the decision to apheresis"), to_apheresis),
        ("to_infusion", _("From the decision to infusion"), to_infusion),
    ):
        yield IndicatorLine(name, days_words(found, counted=counts.shown(line)))


def _recommendation_lines(counts: Counts) -> Iterator[IndicatorLine]:
    yield IndicatorLine(_("Recommendations signed"), number_words(counts, "recommendations"))
    for line, name in (
        ("carried_out", _("Carried out")),
        ("nothing_said", _("Not recorded yet what came of it")),
    ):
        yield IndicatorLine(name, share_words(counts, line, "recommendations"))
    names = dict(NotDone.choices)
    yield from _reasons(_("Not carried out"), counts, "not_done", names, of="recommendations")


def _reasons(
    name: str, counts: Counts, line: str, names: Mapping[str, Any], of: str = "cases"
) -> Iterator[IndicatorLine]:
    """How many, and of these how many for each reason, unless nobody is or it is not shown."""
    yield IndicatorLine(name, share_words(counts, line, of))
    for code, reason in names.items() if counts.of(line) and counts.shown(line) else ():
        value = share_words(counts, f"{line}:{code}", line)
        yield IndicatorLine(str(reason).lower(), value, part=True)


def number_words(counts: Counts, line: str) -> str:
    """So many, unless these are too few."""
    return str(counts.of(line)) if counts.shown(line) else _("not shown")


def share_words(counts: Counts, line: str, total: str) -> str:
    """So many of so many with the percentage, unless it tells too much."""
    of = counts.of(total)
    if not of or not counts.shown(line) or not counts.shown(total):
        return _("not shown") if of else _("none")
    percent = round(100 * counts.of(line) / of)
    words = _("%(count)s of %(all)s (%(percent)s\N{NO-BREAK SPACE}%%)")
    return words % {"count": counts.of(line), "all": of, "percent": percent}


def days_words(found: Days, *, counted: bool) -> str:
    """The median with its quartiles and of how many cases; nothing where that tells too much."""
    if not (found.shown and counted):
        return _("not shown")
    words = _("median %(median)s days (quartiles %(low)s to %(high)s)")
    said = words % {
        "median": f"{found.median:g}",
        "low": f"{found.low:g}",
        "high": f"{found.high:g}",
    }
    return _("%(said)s, %(cases)s cases") % {"said": said, "cases": found.cases}
