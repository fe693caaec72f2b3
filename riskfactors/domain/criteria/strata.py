"""Rules that name the patient's group in a published comparison."""

from bisect import bisect_right
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, TypeAlias

from msgspec import Meta

from riskfactors.domain.criteria.conclusion import (
    MET,
    NOT_MET,
    UNKNOWN,
    Ask,
    Concluded,
    Conclusion,
    Rule,
    in_stratum,
    not_applicable,
    not_recorded,
    unknown,
)
from riskfactors.domain.criteria.course import PriorLines
from riskfactors.domain.derived import bridging
from riskfactors.domain.snapshot import Observation, Source, View, values_of
from riskfactors.domain.timepoints import Milestone
from riskfactors.domain.vocabulary import Phrase, Response


class StrataByCode(Rule, frozen=True, kw_only=True, tag="strata_by_code"):
    """Groups by a code; other codes were not studied."""

    variable: str
    strata: dict[str, str]

    @property
    def named(self) -> tuple[str, ...]:
        """The groups it can name."""
        return tuple(dict.fromkeys(self.strata.values()))

    def ready(self, source: Source) -> Ask:
        values, unrecorded = values_of(source), not_recorded(self.variable)
        not_studied = not_applicable(Phrase("group_not_studied", self.variable, *self.strata))

        def ask(view: View) -> Concluded:
            observation = values(view).get(self.variable)
            if observation is None:
                return unrecorded
            stratum = self.strata.get(str(observation.value))
            if stratum is None:
                return not_studied, observation.grounds
            return in_stratum(stratum), observation.grounds

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
        values, unrecorded = values_of(source), not_recorded(self.variable)
        cuts, undecided = [(cut, 0) for cut in self.cuts], unknown(self.variable)

        def ask(view: View) -> Concluded:
            observation = values(view).get(self.variable)
            if observation is None:
                return unrecorded
            low, high = [bisect_right(cuts, end) for end in observation.ends]
            if low != high:
                return undecided, observation.grounds
            return in_stratum(self.strata[low]), observation.grounds

        return ask

    @property
    def sentence(self) -> Phrase:
        return Phrase("groups_by", self.variable)


class StrataByBridging(Rule, frozen=True, tag="strata_by_bridging"):
    """Groups by bridging therapy and its response."""

    named = ("none", "effective", "refractory", "response_unknown")

    def ready(self, source: Source) -> Ask:
        def ask(view: View) -> Concluded:
            given = bridging(view)
            if given.given is UNKNOWN:
                return not_recorded("bridging")
            if given.lacks_date:
                return unknown(given.missing), given.basis
            if given.given is NOT_MET:
                stratum = "none"
            elif given.response is None:
                stratum = "response_unknown"
            else:
                effective = given.response in (Response.CR, Response.PR)
                stratum = "effective" if effective else "refractory"
            return in_stratum(stratum), given.basis

        return ask

    @property
    def sentence(self) -> Phrase:
        return Phrase("groups_by_bridging")


THIRD_LINE_OR_LATER = PriorLines(at_least=2)
PROGRESSIVE = not_applicable(Phrase("progressive_disease"))
UNCHANGED = unknown(reason=Phrase("uptake_unchanged"))


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
        values = values_of(source)
        third_line_or_later = THIRD_LINE_OR_LATER.ready(source)

        def ask(view: View) -> Concluded:
            line, lines = third_line_or_later(view)
            recorded = values(view)
            found = tuple([recorded[name].fact for name in self.variables if name in recorded])
            if not found:
                return unknown(*self.variables, *line.missing), ()
            if line.verdict is UNKNOWN:
                return unknown(*line.missing), found + lines
            stratum = self.third_or_later if line.verdict is MET else self.second
            return in_stratum(stratum), found + lines

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
        values, earlier_values = values_of(source), values_of((self.compares_with,))

        def ask(view: View) -> Concluded:
            recorded = values(view)
            deauville, response = recorded.get("deauville"), recorded.get("response")
            if deauville is not None and deauville.number <= 3:
                return in_stratum(self.low_score), deauville.grounds
            if response is not None and response.value == Response.PD:
                return PROGRESSIVE, response.grounds
            now, before = recorded.get("suvmax"), earlier_values(view).get("suvmax")
            basis = tuple(o.fact for o in (deauville, response, before, now) if o is not None)
            change = None if now is None or before is None else self.change(before, now)
            needed = {"deauville": deauville, "response": response, "suvmax": change}
            missing = tuple(name for name, known in needed.items() if known is None)
            if missing or change is None:
                return unknown(*missing), basis
            return change, basis

        return ask

    def change(self, before: Observation, now: Observation) -> Conclusion | None:
        """How the uptake changed, None where the values beyond a limit leave it open."""
        (lowest, highest), (lowest_before, highest_before) = now.ends, before.ends
        if highest < lowest_before:
            return in_stratum(self.decreased)
        if lowest > highest_before:
            return in_stratum(self.increased)
        return UNCHANGED if lowest == highest == lowest_before == highest_before else None

    @property
    def sentence(self) -> Phrase:
        return Phrase("groups_by_uptake_change", self.compares_with)


Stratification: TypeAlias = (
    StrataByCode | StrataByNumber | StrataByBridging | StrataByLine | StrataByUptakeChange
)
