"""Rules without a cut-off: the value itself is the answer."""

from functools import lru_cache
from typing import Annotated, TypeAlias

from msgspec import Meta

from riskfactors.domain.criteria.conclusion import Ask, Concluded, Conclusion, Rule, unknown
from riskfactors.domain.scores import ScoreName, facts_of, score
from riskfactors.domain.snapshot import Source, View, values_of
from riskfactors.domain.vocabulary import Phrase, Verdict


@lru_cache(maxsize=4096)
def graded(missing: tuple[str, ...] = ()) -> Conclusion:
    """The value itself, without these others."""
    return Conclusion(Verdict.GRADED, missing)


class Graded(Rule, frozen=True, tag="graded"):
    """The recorded values; graded as soon as one of them is there."""

    variables: Annotated[tuple[str, ...], Meta(min_length=1)]

    def ready(self, source: Source) -> Ask:
        values, variables = values_of(source), self.variables

        def ask(view: View) -> Concluded:
            recorded = values(view)
            missing = tuple(sorted([name for name in variables if name not in recorded]))
            basis = tuple([recorded[name].fact for name in variables if name in recorded])
            return (graded(missing) if basis else unknown(*missing)), basis

        return ask

    @property
    def sentence(self) -> Phrase:
        return Phrase("graded", *self.variables)


class GradedScore(Rule, frozen=True, tag="graded_score"):
    """A score, once it can be computed."""

    score: ScoreName

    def ready(self, source: Source) -> Ask:
        def ask(view: View) -> Concluded:
            result = score(self.score, view)
            basis = facts_of(result, view)
            return (unknown(*result.missing) if result.missing else graded()), basis

        return ask

    @property
    def sentence(self) -> Phrase:
        return Phrase("graded", self.score)


class GradedAge(Rule, frozen=True, tag="graded_age"):
    """Age in completed years on the milestone's date."""

    def ready(self, source: Source) -> Ask:
        return lambda view: (graded(), (view.age,))

    @property
    def sentence(self) -> Phrase:
        return Phrase("graded", "age")


Gradation: TypeAlias = Graded | GradedScore | GradedAge
