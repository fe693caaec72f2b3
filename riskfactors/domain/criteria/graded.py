"""Rules without a cut-off: the value itself is the answer."""

from typing import Annotated, TypeAlias

from msgspec import Meta

from riskfactors.domain.criteria.conclusion import Ask, Conclusion, Rule, graded, undecided
from riskfactors.domain.scores import ScoreName, facts_of, score
from riskfactors.domain.snapshot import Source, View
from riskfactors.domain.vocabulary import Phrase


class Graded(Rule, frozen=True, tag="graded"):
    """The recorded values; graded as soon as one of them is there."""

    variables: Annotated[tuple[str, ...], Meta(min_length=1)]

    def ready(self, source: Source) -> Ask:
        variables = self.variables

        def ask(view: View) -> Conclusion:
            values = view.values[source]
            basis = tuple(values[name].grounds[0] for name in variables if name in values)
            missing = tuple(name for name in variables if name not in values)
            return (graded(missing) if basis else undecided(missing)), basis

        return ask

    @property
    def sentence(self) -> Phrase:
        return Phrase("graded", *self.variables)


class GradedScore(Rule, frozen=True, tag="graded_score"):
    """A score, once it can be computed."""

    score: ScoreName

    def ready(self, source: Source) -> Ask:
        def ask(view: View) -> Conclusion:
            result = score(self.score, view)
            basis = facts_of(result, view)
            return (undecided(result.missing) if result.missing else graded()), basis

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
