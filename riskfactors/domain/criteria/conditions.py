"""Rules that are met or not met by recorded values, and how they combine."""

from decimal import Decimal
from operator import ge, le, lt
from typing import Annotated, TypeAlias

from msgspec import Meta

from riskfactors.domain.criteria.conclusion import (
    FAILS,
    HOLDS,
    Ask,
    Concluded,
    Rule,
    Side,
    conjunction,
    decided,
    disjunction,
    negation,
    not_recorded,
    of_number,
    unknown,
)
from riskfactors.domain.criteria.course import (
    AnyResponse,
    BridgingGiven,
    BridgingModality,
    BridgingResponse,
    LastTherapyResponse,
    LatestResponse,
    PriorLines,
    RelapseWithin,
    SalvageGiven,
    SalvageOfClass,
    WorstGrade,
)
from riskfactors.domain.derived import started, treated_since
from riskfactors.domain.scores import ScoreName, facts_of, score
from riskfactors.domain.snapshot import Fact, Source, View, values_of
from riskfactors.domain.variables import Number
from riskfactors.domain.vocabulary import Phrase


class Threshold(Rule, frozen=True):
    """A cut-off, of which exactly one side is given."""

    at_least: Decimal | None = None
    above: Decimal | None = None
    at_most: Decimal | None = None

    def __post_init__(self) -> None:
        if [self.at_least, self.above, self.at_most].count(None) != 2:
            raise ValueError("a threshold is one of at_least, above, at_most")

    @property
    def side(self) -> tuple[str, Decimal]:
        """The side that meets the rule, and the cut-off."""
        sides = {"at_least": self.at_least, "above": self.above, "at_most": self.at_most}
        return next((side, cut_off) for side, cut_off in sides.items() if cut_off is not None)

    @property
    def comparison(self) -> tuple[Side, Number]:
        """How the cut-off compares with a number on that side."""
        side, exact = self.side
        cut_off = int(exact) if exact == int(exact) else exact
        return {"at_least": le, "above": lt, "at_most": ge}[side], cut_off

    def compared(self, subject: str) -> Phrase:
        """The comparison in words."""
        side, cut_off = self.side
        return Phrase(side, subject, f"{cut_off:f}")


class NumberRule(Threshold, frozen=True, kw_only=True, tag="number"):
    """A recorded number against a cut-off.

    `values_from` overrides where the factor takes values from. With `unless_treated_since`, a
    value from before a line or bridging treatment decides nothing.
    """

    variable: str
    values_from: Source | None = None
    unless_treated_since: bool = False

    def ready(self, source: Source) -> Ask:
        source, variable = self.values_from or source, self.variable
        values, latest = values_of(source), isinstance(source, str)
        (side, cut_off), unrecorded = self.comparison, not_recorded(variable)
        outdated = unknown(variable, reason=Phrase("predates", variable))
        unless_treated_since = self.unless_treated_since

        def ask(view: View) -> Concluded:
            # Most rules look at the latest values: a call is saved.
            observation = (view.latest if latest else values(view)).get(variable)
            if observation is None:
                return unrecorded
            if unless_treated_since and (treatment := treated_since(observation, view)):
                return outdated, (*observation.grounds, started(treatment))
            return of_number(observation, side, cut_off)

        return ask

    @property
    def sentence(self) -> Phrase:
        return self.compared(self.variable)


class AnyNumber(Threshold, frozen=True, kw_only=True, tag="any_number"):
    """At least one of several counts against the same cut-off, or their sum against another."""

    variables: Annotated[tuple[str, ...], Meta(min_length=1)]
    or_sum_at_least: int | None = None

    def ready(self, source: Source) -> Ask:
        values, variables = values_of(source), self.variables
        (side, cut_off), enough = self.comparison, self.or_sum_at_least
        unrecorded = unknown(*variables), ()

        def ask(view: View) -> Concluded:
            if values(view).keys().isdisjoint(variables):
                return unrecorded
            met: list[Fact] = []
            other: list[Fact] = []
            missing: list[str] = []
            total: Number = 0
            recorded = values(view)
            for name in variables:
                observation = recorded.get(name)
                if observation is None:
                    missing.append(name)
                    continue
                total += observation.number
                (met if side(cut_off, observation.value) else other).append(observation.fact)
            if enough is not None and total >= enough:
                return decided(True, (*met, *other))
            if missing and not met:
                return unknown(*missing), tuple(other)
            return decided(bool(met), tuple(met or other))

        return ask

    @property
    def sentence(self) -> Phrase:
        parts = [self.compared(name) for name in self.variables]
        if self.or_sum_at_least is not None:
            parts.append(Phrase("sum_at_least", str(self.or_sum_at_least)))
        return Phrase("any", *parts)


class Code(Rule, frozen=True, kw_only=True, tag="code"):
    """A recorded code that is one of several."""

    variable: str
    one_of: Annotated[tuple[str, ...], Meta(min_length=1)]
    values_from: Source | None = None

    def ready(self, source: Source) -> Ask:
        source, variable, codes = self.values_from or source, self.variable, self.one_of
        values, latest = values_of(source), isinstance(source, str)
        unrecorded = not_recorded(variable)

        def ask(view: View) -> Concluded:
            observation = (view.latest if latest else values(view)).get(variable)
            if observation is None:
                return unrecorded
            return (HOLDS if observation.value in codes else FAILS), observation.grounds

        return ask

    @property
    def sentence(self) -> Phrase:
        return Phrase("code", self.variable, *self.one_of)


class Age(Threshold, frozen=True, tag="age"):
    """Age in completed years on the milestone's date."""

    def ready(self, source: Source) -> Ask:
        side, cut_off = self.comparison

        def ask(view: View) -> Concluded:
            return decided(side(cut_off, view.years), (view.age,))

        return ask

    @property
    def sentence(self) -> Phrase:
        return self.compared("age")


class AboveUpperLimit(Rule, frozen=True, tag="above_upper_limit"):
    """A value above the laboratory's own upper limit of normal."""

    variable: str

    def ready(self, source: Source) -> Ask:
        values, variable = values_of(source), self.variable
        unrecorded, unlimited = not_recorded(variable), unknown(f"{variable}.upper_limit")

        def ask(view: View) -> Concluded:
            observation = values(view).get(variable)
            if observation is None:
                return unrecorded
            if observation.upper_limit is None:
                return unlimited, observation.grounds
            return of_number(observation, lt, observation.upper_limit)

        return ask

    @property
    def sentence(self) -> Phrase:
        return Phrase("above_upper_limit", self.variable)


class ScoreRule(Rule, frozen=True, tag="score"):
    """A score that reaches a value: decided as soon as its interval decides it."""

    score: ScoreName
    at_least: int

    def ready(self, source: Source) -> Ask:
        def ask(view: View) -> Concluded:
            result = score(self.score, view)
            basis = facts_of(result, view)
            if result.low is not None and result.low >= self.at_least:
                return decided(True, basis)
            if result.high is not None and result.high < self.at_least:
                return decided(False, basis)
            return unknown(*result.missing), basis

        return ask

    @property
    def sentence(self) -> Phrase:
        return Phrase("at_least", self.score, str(self.at_least))


class All(Rule, frozen=True, tag="all"):
    """Every one of several rules."""

    of: Annotated[tuple["Condition", ...], Meta(min_length=1)]

    def ready(self, source: Source) -> Ask:
        return conjunction(rule.ready(source) for rule in self.of)

    @property
    def sentence(self) -> Phrase:
        return Phrase("all", *(rule.sentence for rule in self.of))


class Any(Rule, frozen=True, tag="any"):
    """At least one of several rules."""

    of: Annotated[tuple["Condition", ...], Meta(min_length=1)]

    def ready(self, source: Source) -> Ask:
        return disjunction(rule.ready(source) for rule in self.of)

    @property
    def sentence(self) -> Phrase:
        return Phrase("any", *(rule.sentence for rule in self.of))


class Not(Rule, frozen=True, tag="not"):
    """The contrary of a rule."""

    of: "Condition"

    def ready(self, source: Source) -> Ask:
        return negation(self.of.ready(source))

    @property
    def sentence(self) -> Phrase:
        return Phrase("not", self.of.sentence)


Condition: TypeAlias = (
    NumberRule
    | AnyNumber
    | Code
    | Age
    | AboveUpperLimit
    | ScoreRule
    | All
    | Any
    | Not
    | PriorLines
    | BridgingGiven
    | BridgingResponse
    | BridgingModality
    | LastTherapyResponse
    | SalvageGiven
    | SalvageOfClass
    | AnyResponse
    | LatestResponse
    | WorstGrade
    | RelapseWithin
)
