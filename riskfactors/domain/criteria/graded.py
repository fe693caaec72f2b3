"""Rules without a cut-off: the value itself is the answer."""

from typing import Annotated, TypeAlias

from msgspec import Meta

from riskfactors.domain.criteria.conclusion import UNKNOWN, Ask, Conclusion, Rule, undecided
from riskfactors.domain.scores import ScoreName, facts_of, score
from riskfactors.domain.snapshot import Source, View, finder
from riskfactors.domain.vocabulary import Phrase, Verdict

GRADED = Verdict.GRADED


class Graded(Rule, frozen=True, tag="graded"):
    """The recorded values; graded as soon as one of them is there."""

    variables: Annotated[tuple[str, ...], Meta(min_length=1)]

    def ready(self, source: Source) -> Ask:
        finders = {name: finder(name, source) for name in self.variables}

        def ask(view: View) -> Conclusion:
            basis, missing = [], []
            for name, find in finders.items():
                observation = find(view)
                if observation is None:
                    missing.append(name)
                else:
                    basis.append(observation.fact)
            missing.sort()
            return Conclusion(GRADED if basis else UNKNOWN, tuple(basis), tuple(missing))

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
            return undecided(result.missing, basis) if result.missing else Conclusion(GRADED, basis)

        return ask

    @property
    def sentence(self) -> Phrase:
        return Phrase("graded", self.score)


class GradedAge(Rule, frozen=True, tag="graded_age"):
    """Age in completed years on the milestone's date."""

    def ready(self, source: Source) -> Ask:
        return lambda view: Conclusion(GRADED, (view.age,))

    @property
    def sentence(self) -> Phrase:
        return Phrase("graded", "age")


Gradation: TypeAlias = Graded | GradedScore | GradedAge
