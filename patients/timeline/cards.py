"""A card for each milestone reached, the latest first: response leads, then what was found."""

from collections.abc import Iterator
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from patients.timeline.clusters import group
from patients.timeline.course import Course
from patients.timeline.findings import Card, item, joined
from patients.timeline.places import FOLDED, Group, Place, sorted_findings, stands
from patients.timeline.scores import scores
from riskfactors.beside.evidence import EMPTY
from riskfactors.domain.agenda import Finding
from riskfactors.domain.derived import salvage
from riskfactors.domain.findings import MilestoneFindings
from riskfactors.domain.points import CIRS_SYSTEMS
from riskfactors.domain.snapshot import Observation, views
from riskfactors.domain.timepoints import AFTER_INFUSION, ORDER, Milestone
from riskfactors.domain.vocabulary import Direction, Response, Verdict
from riskfactors.published import catalogue
from riskfactors.words import milestone_name, name_of, verdict_name
from riskfactors.words.course import day_number, listed, treatment_words
from riskfactors.words.facts import day_words, value_words

TITLES: Final = {
    Place.RESPONSE: gettext_noop("Response: groups that were compared"),
    Place.ADVERSE: gettext_noop("Criteria met (adverse association)"),
    Place.GROUPS: gettext_noop("Groups and values"),
    Place.FAVOURABLE: gettext_noop("Criteria met (favourable association)"),
    Place.UNCERTAIN: gettext_noop("Contradictory or uncertain evidence"),
    Place.UNDECIDED: gettext_noop("Cannot be decided: routine items are not recorded"),
    Place.SALVAGE: gettext_noop("Salvage treatments"),
    Place.NOT_MET: gettext_noop("Criterion not met"),
    Place.NEUTRAL: gettext_noop("Studied without prognostic value"),
    Place.NOT_STUDIED: gettext_noop("Not studied here"),
    Place.RESEARCH: gettext_noop("Research items, not recorded"),
}
LEADING: Final = ("response", "deauville", "suvmax", "new_lesions", "ctdna")
STANDING: Final = ("histology", "tp53", "product")


def cards(course: Course, *, may_record: bool) -> tuple[SafeString, ...]:
    """The cards, the latest milestone first."""
    homes = {f.factor: found.milestone for found in course.findings for f in found.findings}
    made = [
        _card(
            Card(course=course, found=found, view=view, homes=homes, may_record=may_record),
            is_latest=found is course.latest,
        )
        for found, view in zip(course.findings, views(course.snapshot), strict=True)
    ]
    return tuple(reversed(made))


def anchor(milestone: Milestone) -> str:
    """The place of a milestone's card on the page."""
    return f"card-{milestone}".replace("_", "-")


def when(found: MilestoneFindings) -> str:
    """The date of a milestone and its day."""
    day = "" if found.day is None else f", {day_number(found.day)}"
    return f"{day_words(found.date)}{day}"


def _card(card: Card, *, is_latest: bool) -> SafeString:
    places = sorted_findings(card.found.findings)
    parts = [_lead(card), _standing(card)]
    for place, groups in places.items():
        if place is Place.SALVAGE:
            parts.append(_salvage(card, groups))
        elif groups:
            fold = _fold if place in FOLDED else _part
            parts.append(fold(card, place, groups))
        if place is Place.UNDECIDED:
            parts.append(scores(card))
    return format_html(
        '<details class="card panel" data-milestone="{}"{}><summary><h2>{}</h2> '
        '<span class="when">{}</span> {}</summary>'
        '<div class="card-body" id="{}">{}</div></details>',
        card.milestone,
        SafeString(" open") if is_latest else EMPTY,
        milestone_name(card.milestone),
        when(card.found),
        _headline(card),
        anchor(card.milestone),
        joined(parts),
    )


def _headline(card: Card) -> SafeString:
    """The response of the milestone, so that a closed card shows it too."""
    response = card.view.at[card.milestone].get("response")
    if response is None:
        return EMPTY
    kind = "progression" if response.value == Response.PD else "response"
    return format_html('<strong class="{}">{}</strong>', kind, value_words(response.fact))


def _part(card: Card, place: Place, groups: list[Group]) -> SafeString:
    return format_html(
        '<section class="part part-{}"><h3>{}</h3><ul class="findings">{}</ul></section>',
        place,
        _(TITLES[place]),
        joined(group(card, each) for each in groups),
    )


def _fold(card: Card, place: Place, groups: list[Group]) -> SafeString:
    return format_html(
        '<details class="part fold part-{}"><summary><h3>{}</h3></summary>'
        '<ul class="findings">{}</ul></details>',
        place,
        _(TITLES[place]),
        joined(group(card, each) for each in groups),
    )


def _lead(card: Card) -> SafeString:
    """Response or progression first; what came later stands beside an earlier response."""
    lines = list(_since(card))
    for name in LEADING:
        observation = card.view.at[card.milestone].get(name)
        if observation is not None:
            lines.append(_lead_line(name, observation))
        elif (
            name == "response" and card.milestone in catalogue().dictionary.variables[name].asked_at
        ):
            lines.append(format_html("<p>{}: {}</p>", item(card, name), _("not recorded")))
    if card.milestone is Milestone.RELAPSE:
        established = _("Relapse or progression, established on %s.") % day_words(card.found.date)
        lines.insert(0, format_html('<p class="progression">{}</p>', established))
    return format_html('<div class="lead-lines">{}</div>', joined(lines)) if lines else EMPTY


def _lead_line(name: str, observation: Observation) -> SafeString:
    kind = ""
    if name == "response":
        kind = "progression" if observation.value == Response.PD else "response"
    note = _("note: %s") % observation.note if observation.note else ""
    return format_html(
        '<p class="{}"><span class="term">{}</span> <strong>{}</strong> '
        '<span class="when">{}</span></p>',
        kind,
        name_of(name),
        value_words(observation.fact),
        listed((day_words(observation.fact.observed_on), note)),
    )


def _since(card: Card) -> Iterator[SafeString]:
    """Progression that followed a response: what stands on its card is not the state of now."""
    if card.milestone not in AFTER_INFUSION:
        return
    here = (card.found.date, ORDER[card.milestone])
    for visit in sorted(card.course.snapshot.assessments, key=lambda a: a.place):
        response = visit.observations.get("response")
        progressed = response is not None and response.value == Response.PD
        if visit.place > here and (progressed or visit.milestone is Milestone.RELAPSE):
            said = _("Since then: relapse or progression, %(day)s (%(visit)s).") % {
                "day": day_words(visit.date),
                "visit": milestone_name(visit.milestone),
            }
            yield format_html('<p class="since">{}</p>', said)
            return


def _standing(card: Card) -> SafeString:
    """Facts that stay true: as recorded by then, and what earlier cards found in them."""
    facts = [
        (name_of(name), value_words(o.fact), day_words(o.fact.observed_on))
        for name in STANDING
        if (o := card.view.latest.get(name)) is not None
    ]
    burden = "; ".join(
        f"{name_of(system)} {o.value}"
        for system in CIRS_SYSTEMS
        if (o := card.view.latest.get(system)) is not None and o.number > 0
    )
    if burden:
        facts.append((_("Comorbidity"), burden, ""))
    carried = list(_carried(card))
    if not (facts or carried):
        return EMPTY
    return format_html(
        '<section class="standing"><h3>{}</h3><ul>{}{}</ul></section>',
        _("Standing facts"),
        format_html_join(
            "", '<li>{}: <strong>{}</strong> <span class="when">{}</span></li>', facts
        ),
        joined(carried),
    )


def _carried(card: Card) -> Iterator[SafeString]:
    """Findings of standing facts that this milestone itself does not evaluate."""
    own = {finding.factor for finding in card.found.findings}
    latest: dict[str, tuple[MilestoneFindings, Finding]] = {}
    for found in card.course.findings:
        if found is card.found:
            break
        latest |= {f.factor: (found, f) for f in found.findings if stands(f.factor)}
    for key, (found, finding) in latest.items():
        said_before = finding.verdict is Verdict.STRATUM or (
            finding.verdict is Verdict.MET and finding.direction is not Direction.NEUTRAL
        )
        if key in own or not said_before:
            continue
        factor = catalogue().by_key[key]
        said = verdict_name(finding.verdict)
        if finding.stratum:
            said = f"{said}: {_(factor.strata[finding.stratum].name)}"
        yield format_html(
            '<li data-standing="{}">{}: {} <span class="when">{}</span> '
            '<a href="#evidence-{}">{}</a></li>',
            key,
            _(factor.name),
            said,
            _("at %s") % milestone_name(found.milestone),
            key,
            _("published results"),
        )


def _salvage(card: Card, groups: list[Group]) -> SafeString:
    """Treatments after the relapse, as treatments: on neither side, and never missing."""
    treatments = salvage(card.view) if card.milestone is Milestone.RELAPSE else ()
    if not treatments:
        return EMPTY
    about = _(
        "What was seen after these treatments in patients who were chosen for them, alive and "
        "fit to receive them: neither adverse nor favourable."
    )
    studied = format_html(
        '<p class="aside">{}</p><ul class="findings">{}</ul>',
        about,
        joined(group(card, each) for each in groups),
    )
    return format_html(
        '<section class="part part-salvage"><h3>{}</h3><ul class="values">{}</ul>{}</section>',
        _(TITLES[Place.SALVAGE]),
        format_html_join("", "<li>{}</li>", ((treatment_words(t),) for t in treatments)),
        studied if groups else EMPTY,
    )
