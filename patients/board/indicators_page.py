"""The indicators of a centre in words, each with its denominator."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from msgspec import Struct

from patients.board.actions_page import signed_of
from patients.board.indicators import FEWEST, CaseFacts, Days, Share, indicators
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
    lines: tuple[IndicatorLine, ...]


def indicators_page(centre: Centre, year: int | None) -> IndicatorsPage:
    """The page, in six queries however many cases there are."""
    facts = facts_of(centre)
    years = sorted({day.year for each in facts.values() if (day := _began(each))}, reverse=True)
    chosen = {
        case: each
        for case, each in facts.items()
        if year is None or ((day := _began(each)) is not None and day.year == year)
    }
    return IndicatorsPage(
        centre=centre,
        year=year,
        years=tuple(years),
        lines=(*_course_lines(chosen), *_recommendation_lines(centre, set(chosen))),
    )


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


def _course_lines(cases: Mapping[int, CaseFacts]) -> Iterator[IndicatorLine]:
    found = indicators(cases.values())
    causes = {**catalogue().dictionary.events["not_infused"].causes, "unknown": _("not recorded")}
    yield IndicatorLine(_("Referred"), _few(found.referred))
    yield from _parts(_("not eligible: %s"), found.not_eligible, dict(NotEligible.choices))
    yield IndicatorLine(_("With apheresis"), share_words(found.apheresed))
    yield IndicatorLine(_("Infused"), share_words(found.infused))
    yield from _parts(_("not infused: %s"), found.not_infused, causes)
    yield IndicatorLine(_("From the decision to apheresis"), days_words(found.to_apheresis))
    yield IndicatorLine(_("From the decision to infusion"), days_words(found.to_infusion))


def _recommendation_lines(centre: Centre, cases: set[int]) -> Iterator[IndicatorLine]:
    signed = signed_of(centre).values_list("recommendation_id", "recommendation__case_id", "open")
    chosen = {of: is_open for of, case, is_open in signed if case in cases}
    done = [of for of, is_open in chosen.items() if is_open is False]
    said = OutcomeRevision.objects.filter(recommendation__case__centre=centre).order_by("revision")
    last = {
        of: (code, reason)
        for of, code, reason in said.values_list("recommendation_id", "done", "not_done")
    }
    carried = sum(last[of][0] for of in done)
    reasons = Counter(last[of][1] for of in done if last[of][1])
    shares = [(reason, Share(count, len(chosen))) for reason, count in reasons.most_common()]
    yield IndicatorLine(_("Recommendations carried out"), share_words(Share(carried, len(chosen))))
    yield from _parts(_("not carried out: %s"), shares, dict(NotDone.choices))
    waiting = Share(len(chosen) - len(done), len(chosen))
    yield IndicatorLine(_("nothing said yet"), share_words(waiting), part=True)


def _parts(
    words: str, shares: Iterable[tuple[str, Share]], names: Mapping[str, Any]
) -> Iterator[IndicatorLine]:
    for code, share in shares:
        yield IndicatorLine(words % str(names[code]).lower(), share_words(share), part=True)


def share_words(share: Share) -> str:
    """So many of so many with the percentage; what is of too few is not said."""
    if share.of < FEWEST:
        return _("not shown: fewer than %s cases") % FEWEST
    if not share.shown:
        return _("fewer than %(few)s of %(all)s") % {"few": FEWEST, "all": share.of}
    percent = round(100 * share.count / share.of)
    words = _("%(count)s of %(all)s (%(percent)s\N{NO-BREAK SPACE}%%)")
    return words % {"count": share.count, "all": share.of, "percent": percent}


def days_words(days: Days) -> str:
    """The median with its quartiles, and of how many cases."""
    if not days.shown:
        return _("not shown: fewer than %s cases") % FEWEST
    words = _("median %(median)s days (quartiles %(low)s to %(high)s), %(cases)s cases")
    return words % {
        "median": f"{days.median:g}",
        "low": f"{days.low:g}",
        "high": f"{days.high:g}",
        "cases": days.cases,
    }


def _few(count: int) -> str:
    return str(count) if count >= FEWEST or not count else _("fewer than %s") % FEWEST
