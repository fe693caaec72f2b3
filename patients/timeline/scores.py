"""The named indices of a milestone, with what gives each point; those of toxicity apart."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from patients.timeline.findings import Card, item, joined
from riskfactors.beside.evidence import EMPTY
from riskfactors.domain.points import Component
from riskfactors.domain.scores import Score, ScoreName
from riskfactors.domain.variables import VariableType
from riskfactors.published import catalogue
from riskfactors.words import code_name, name_of, say, unit_name
from riskfactors.words.facts import amount

TOXICITY: Final = (
    ScoreName.CAR_HEMATOTOX,
    ScoreName.EASIX,
    ScoreName.M_EASIX,
    ScoreName.S_EASIX,
)
GROUPS: Final = {
    "low": gettext_noop("low"),
    "low-intermediate": gettext_noop("low-intermediate"),
    "high-intermediate": gettext_noop("high-intermediate"),
    "high": gettext_noop("high"),
    "very good": gettext_noop("very good"),
    "good": gettext_noop("good"),
    "poor": gettext_noop("poor"),
}
"""The groups as the indices themselves name them."""


def scores(card: Card) -> SafeString:
    """Indices of the lymphoma and comorbidity, then those of toxicity with where they are from."""
    indices = [s for s in card.found.scores if s.score not in TOXICITY]
    toxicity = [s for s in card.found.scores if s.score in TOXICITY]
    parts = []
    if indices:
        parts.append(_part(card, indices, _("Named indices"), ""))
    if toxicity:
        about = _("Not from this review.")
        parts.append(_part(card, toxicity, _("Indices of toxicity"), about))
    return joined(parts)


def _part(card: Card, found: Iterable[Score], title: str, about: str) -> SafeString:
    return format_html(
        '<section class="part indices"><h3>{}</h3>{}<ul class="findings">{}</ul></section>',
        title,
        format_html('<p class="aside">{}</p>', about) if about else EMPTY,
        joined(_score(card, score) for score in found),
    )


def _score(card: Card, score: Score) -> SafeString:
    group = ""
    if score.group:
        group = _("group of this index: %s") % _(GROUPS[score.group])
    missing = EMPTY
    if score.missing:
        missing = format_html(
            '<p class="missing">{} {}</p>',
            _("Not recorded:"),
            format_html_join(", ", "{}", ((item(card, name),) for name in score.missing)),
        )
    return format_html(
        '<li class="finding" data-index="{}"><h4>{}</h4><p class="verdict"><strong>{}</strong> {}'
        '</p>{}<details class="grounds"><summary>{}</summary>{}</details></li>',
        score.score,
        name_of(score.score),
        interval(score),
        group,
        missing,
        _("Components and rules"),
        _components(score.components),
    )


def interval(score: Score) -> str:
    """The value, or from the lowest to the highest that missing inputs allow."""
    low, high = score.low, score.high
    if low is None or high is None:
        return _("cannot be computed")
    if low == high:
        return amount(low)
    return _("%(low)s to %(high)s") % {"low": amount(low), "high": amount(high)}


def _components(components: tuple[Component, ...]) -> SafeString:
    if all(c.points_low is None for c in components):
        rule = format_html("<p>{}</p>", say(components[0].rule))
        return format_html(
            "{}<ul>{}</ul>",
            rule,
            format_html_join(
                "", "<li>{}: {}</li>", ((name_of(c.name), value_of(c)) for c in components)
            ),
        )
    return format_html(
        '<div class="scroll" tabindex="0" role="group" aria-label="{}"><table class="groups">'
        '<thead><tr><th scope="col">{}</th><th scope="col">{}</th><th scope="col">{}</th>'
        '<th scope="col">{}</th></tr></thead><tbody>{}</tbody></table></div>',
        _("Components"),
        *(_("Component"), _("Value"), _("Points"), _("Rule")),
        format_html_join(
            "",
            '<tr><th scope="row">{}</th><td>{}</td><td>{}</td><td>{}</td></tr>',
            ((name_of(c.name), value_of(c), points(c), say(c.rule)) for c in components),
        ),
    )


def value_of(component: Component) -> str:
    """The input as the rule takes it, in the unit of the dictionary."""
    variable = catalogue().dictionary.variables.get(component.name)
    value = component.value
    if value is None:
        return _("not recorded")
    if variable is None:
        return f"{value} {unit_name('a')}"
    if variable.type is VariableType.CODE:
        return code_name(component.name, str(value))
    return f"{amount(value if isinstance(value, int) else Decimal(value))} " + unit_name(
        variable.unit
    )


def points(component: Component) -> str:
    """The points it gives, or from the fewest to the most."""
    low, high = component.points_low, component.points_high
    return str(low) if low == high else _("%(low)s to %(high)s") % {"low": low, "high": high}
