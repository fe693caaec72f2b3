"""Words of the evidence library that no other page needs: where values come from, which table."""

from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext_noop

from riskfactors.domain.criteria import Condition, Criterion
from riskfactors.domain.evidence import Factor
from riskfactors.domain.snapshot import Source
from riskfactors.domain.vocabulary import Direction, Kind, Verdict
from riskfactors.words.names import direction_name, milestone_name, name_of
from riskfactors.words.translating import gettext as _

REVIEW: Final = (
    "Mussetti A, Fabbri N, Sureda A. CAR T-cell therapy in aggressive lymphomas: identifying "
    "prognostic and predictive markers. Hematology Am Soc Hematol Educ Program "
    "2023;2023(1):357-363."
)
"""The source of the catalogue, cited as it is titled."""

PRODUCTS: Final = {
    "axi_cel": gettext_noop("axi-cel"),
    "tisa_cel": gettext_noop("tisa-cel"),
    "liso_cel": gettext_noop("liso-cel"),
}
"""Products by the short names that the literature uses."""

SOURCES: Final = {
    "latest": gettext_noop("The latest value recorded by the milestone"),
    "birth_date": gettext_noop("The birth date: completed years on the day of the milestone"),
    "treatments": gettext_noop("The treatments that are recorded"),
    "dates": gettext_noop("The dates of infusion and of relapse or progression"),
    "responses": gettext_noop("Every response recorded at day +28 and day +90"),
    "worst": gettext_noop("The worst grade recorded, among values and events"),
}
"""Where a rule looks that does not name assessments."""

TABLES: Final = {
    "1": gettext_noop("table 1 (before infusion)"),
    "2": gettext_noop("table 2 (after infusion)"),
    "3": gettext_noop("table 3 (after relapse)"),
    "text": gettext_noop("the text"),
}
"""Parts of the review."""

OUTCOME_FAMILIES: Final = {
    gettext_noop("Survival"): (
        "PFS",
        "OS",
        "EFS",
        "survival",
        "death",
        "relapse-related mortality",
    ),
    gettext_noop("Response"): (
        "ORR",
        "CR",
        "CR at 3 months",
        "DoR",
        "response",
        "response within 3 months",
        "response at 3 months",
        "clinical response",
        "durable response",
    ),
    gettext_noop("Relapse and progression"): (
        "relapse",
        "early relapse",
        "progression",
        "early progression",
        "CAR T-cell resistance",
    ),
    gettext_noop("Other"): (
        "efficacy",
        "effectiveness",
        "expansion",
        "toxicity",
        "prognosis",
        "outcome",
    ),
}
"""The published outcomes, as the library offers them."""

OUTCOMES_TOGETHER: Final = {"OS (axi-cel), EFS (tisa-cel)": ("OS", "EFS")}
"""Outcomes that are printed as one."""

VERDICT_MEANINGS: Final = {
    Verdict.MET: gettext_noop("What is recorded meets the published criterion."),
    Verdict.NOT_MET: gettext_noop("What is recorded does not meet the published criterion."),
    Verdict.GRADED: gettext_noop(
        "The value itself is shown, because no cut-off was published. It is never turned into yes "
        "or no."
    ),
    Verdict.STRATUM: gettext_noop(
        "The group of a published comparison that the case belongs to, whichever side it lies on."
    ),
    Verdict.UNKNOWN: gettext_noop(
        "Something is not recorded that could still matter, and it is named. Missing is never "
        "taken for a value."
    ),
    Verdict.NOT_APPLICABLE: gettext_noop(
        "The finding was studied in other patients or at another time, and the reason is given."
    ),
}
"""When each verdict is given."""


def product_name(product: str) -> str:
    """A product by its short name."""
    return _(PRODUCTS[product])


def side_name(direction: Direction, *, kind: Kind | None = None, of_group: bool = False) -> str:
    """The side of a published association: of a factor, of one of its groups, or of any."""
    if direction is not Direction.MIXED or kind is Kind.STRATIFIED:
        return direction_name(direction)
    if kind is None and not of_group:
        return _("Mixed, or differs by group")
    return _("Mixed")


def side_of(factor: Factor) -> str:
    """The side of a factor; a treatment that was studied without a clear one has none."""
    if is_unclassified_treatment(factor):
        return _("Treatment: not classified")
    return side_name(factor.direction, kind=factor.kind)


def is_unclassified_treatment(factor: Factor) -> bool:
    """Whether it is a treatment after relapse, which is neither adverse nor favourable."""
    chosen = factor.criterion.sentence.key == "salvage_class"
    return chosen and factor.direction is Direction.MIXED


def source_name(source: Source) -> str:
    """Which assessments may supply a factor's values."""
    if isinstance(source, str):
        return _(SOURCES[source])
    names = [milestone_name(milestone) for milestone in source]
    if len(names) == 1:
        return _("The assessment “%s”") % names[0]
    return _("The first of these assessments that has a value: %s") % ", ".join(names)


def exceptions_to_source(factor: Factor) -> Iterator[str]:
    """Sentences on the parts of a rule that take their values from elsewhere."""
    for rule in rules_in(factor.criterion):
        name = getattr(rule, "variable", "")
        if source := getattr(rule, "values_from", None):
            yield f"{name_of(name)}: {_decapitalised(source_name(source))}."
        if getattr(rule, "unless_treated_since", False):
            yield _(
                "%s: a value from before a line of therapy or a bridging treatment decides nothing."
            ) % name_of(name)


def rules_in(rule: Criterion) -> Iterator[Criterion]:
    """A rule and the rules it is made of."""
    parts: Condition | tuple[Condition, ...] = getattr(rule, "of", ())
    yield rule
    for part in parts if isinstance(parts, tuple) else (parts,):
        yield from rules_in(part)


def capitalised(text: str) -> str:
    """As it begins a line; ctDNA and the like stay as they are written."""
    first = text.split(maxsplit=1)[:1]
    return text if first and first[0] != first[0].lower() else text[:1].upper() + text[1:]


def _decapitalised(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def outcomes_in(outcome: str) -> tuple[str, ...]:
    """A published outcome, or the several that are printed as one."""
    return OUTCOMES_TOGETHER.get(outcome, (outcome,))
