"""Rules that name the patient's group in a published comparison."""

from bisect import bisect_right
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, TypeAlias

from msgspec import Meta

from riskfactors.domain.criteria.conclusion import (
    MET,
    UNKNOWN,
    Ask,
    Conclusion,
    Rule,
    in_stratum,
    not_applicable,
    not_recorded,
    undecided,
)
from riskfactors.domain.criteria.course import PriorLines
from riskfactors.domain.derived import bridging
from riskfactors.domain.snapshot import Source, View
from riskfactors.domain.timepoints import Milestone
from riskfactors.domain.vocabulary import Phrase, Response, Verdict


class StrataByCode(Rule, frozen=True, kw_only=True, tag="strata_by_code"):
    """Groups by a code; other codes were not studied."""

    variable: str
    strata: dict[str, str]

    @property
    def named(self) -> tuple[str, ...]:
        """The groups it can name."""
        return tuple(dict.fromkeys(self.strata.values()))

    def ready(self, source: Source) -> Ask:
        variable, unknown = self.variable, not_recorded(self.variable)
        strata = {code: in_stratum(stratum) for code, stratum in self.strata.items()}
        not_studied = not_applicable(Phrase("group_not_studied", variable, *self.strata))

        def ask(view: View) -> Conclusion:
            observation = view.values[source].get(variable)
            if observation is None:
                return unknown
            return strata.get(str(observation.value), not_studied), observation.grounds

        return ask

    @property
    def sentence(self) -> Phrase:
        return Phrase("groups_by", self.variable)


class StrataByNumber(Rule, frozen=True, tag="strata_by_number"):
    """Groups by a number: `strata[i]` lies below `cuts[i]`, the last at or above the last cut."""

    variable: str
    cuts: tuple[Decimal, ...]
    strata: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.strata) != len(self.cuts) + 1 or any(a >= b for a, b in pairwise(self.cuts)):
            raise ValueError("cuts rise, and there is one stratum more than cuts")

    @property
    def named(self) -> tuple[str, ...]:
        """The groups it can name."""
        return self.strata

    def ready(self, source: Source) -> Ask:
        variable, unknown = self.variable, not_recorded(self.variable)
        cuts, strata = self.cuts, tuple(map(in_stratum, self.strata))

        def ask(view: View) -> Conclusion:
            observation = view.values[source].get(variable)
            if observation is None:
                return unknown
            return strata[bisect_right(cuts, observation.number)], observation.grounds

        return ask

    @property
    def sentence(self) -> Phrase:
        return Phrase("groups_by", self.variable)


class StrataByBridging(Rule, frozen=True, tag="strata_by_bridging"):
    """Groups by bridging therapy and its response."""

    named = ("none", "effective", "refractory", "response_unknown")

    def ready(self, source: Source) -> Ask:
        none, effective, refractory, response_unknown = map(in_stratum, self.named)
        unknown = not_recorded("bridging")

        def ask(view: View) -> Conclusion:
            given = bridging(view)
            if given.given is Verdict.UNKNOWN:
                return unknown
            if given.given is Verdict.NOT_MET:
                return none, given.basis
            if given.response is None:
                return response_unknown, given.basis
            responded = given.response in (Response.CR, Response.PR)
            return (effective if responded else refractory), given.basis

        return ask

    @property
    def sentence(self) -> Phrase:
        return Phrase("groups_by_bridging")


THIRD_LINE_OR_LATER = PriorLines(at_least=2)
PROGRESSIVE = not_applicable(Phrase("progressive_disease"))
UNCHANGED = undecided((), Phrase("uptake_unchanged"))


class StrataByLine(Rule, frozen=True, tag="strata_by_line"):
    """Groups by line of therapy, once one of several values is recorded."""

    variables: Annotated[tuple[str, ...], Meta(min_length=1)]
    third_or_later: str
    second: str

    @property
    def named(self) -> tuple[str, ...]:
        """The groups it can name."""
        return self.third_or_later, self.second

    def ready(self, source: Source) -> Ask:
        variables, third_line_or_later = self.variables, THIRD_LINE_OR_LATER.ready(source)
        third_or_later, second = map(in_stratum, self.named)

        def ask(view: View) -> Conclusion:
            values = view.values[source]
            line, basis = third_line_or_later(view)
            found = tuple(values[name].fact for name in variables if name in values)
            if not found:
                return undecided((*variables, *line.missing)), ()
            if line.verdict is UNKNOWN:
                return line, found + basis
            return (third_or_later if line is MET else second), found + basis

        return ask

    @property
    def sentence(self) -> Phrase:
        return Phrase("groups_by_line", *self.variables)


class StrataByUptakeChange(Rule, frozen=True, tag="strata_by_uptake_change"):
    """Groups by Deauville score, and for 4-5 by the change of SUVmax since an earlier milestone."""

    compares_with: Milestone
    low_score: str
    decreased: str
    increased: str

    @property
    def named(self) -> tuple[str, ...]:
        """The groups it can name."""
        return self.low_score, self.decreased, self.increased

    def ready(self, source: Source) -> Ask:
        low_score, decreased, increased = map(in_stratum, self.named)
        earlier = (self.compares_with,)

        def ask(view: View) -> Conclusion:
            values = view.values[source]
            deauville, response = values.get("deauville"), values.get("response")
            if deauville is not None and deauville.number <= 3:
                return low_score, deauville.grounds
            if response is not None and response.value == Response.PD:
                return PROGRESSIVE, response.grounds
            now, before = values.get("suvmax"), view.values[earlier].get("suvmax")
            basis = tuple(o.fact for o in (deauville, response, before, now) if o is not None)
            recorded = {"deauville": deauville, "response": response, "suvmax": now and before}
            missing = tuple(name for name, observation in recorded.items() if observation is None)
            if missing or now is None or before is None:
                return undecided(missing), basis
            if now.number == before.number:
                return UNCHANGED, basis
            return (decreased if now.number < before.number else increased), basis

        return ask

    @property
    def sentence(self) -> Phrase:
        return Phrase("groups_by_uptake_change", self.compares_with)


Stratification: TypeAlias = (
    StrataByCode | StrataByNumber | StrataByBridging | StrataByLine | StrataByUptakeChange
)
