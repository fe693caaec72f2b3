"""Rules that are met or not met by the course: lines, bridging, responses, relapse, salvage."""

from datetime import date
from typing import Annotated

from msgspec import Meta

from riskfactors.domain.criteria.conclusion import (
    MET,
    NOT_MET,
    UNKNOWN,
    Ask,
    Concluded,
    Conclusion,
    Rule,
    decided,
    not_recorded,
    unknown,
)
from riskfactors.domain.derived import (
    bridging,
    last_therapy,
    prior_lines,
    responded,
    responses_after_infusion,
    salvage,
    started,
    worst_grade,
)
from riskfactors.domain.snapshot import Fact, Source, View
from riskfactors.domain.timepoints import Milestone
from riskfactors.domain.vocabulary import Modality, Phrase, Response, SalvageClass


class PriorLines(Rule, frozen=True, tag="prior_lines"):
    """Lines of therapy before CAR T-cells; listed lines alone are only a lower bound."""

    at_least: int

    def ready(self, source: Source) -> Ask:
        def ask(view: View) -> Concluded:
            lines = prior_lines(view)
            if lines.number >= self.at_least:
                return decided(True, lines.basis)
            if lines.exact:
                return decided(False, lines.basis)
            return unknown("prior_lines"), lines.basis

        return ask

    @property
    def sentence(self) -> Phrase:
        return Phrase("at_least", "prior_lines", str(self.at_least))


class BridgingGiven(Rule, frozen=True, tag="bridging_given"):
    """Bridging therapy was given."""

    def ready(self, source: Source) -> Ask:
        def ask(view: View) -> Concluded:
            given = bridging(view)
            if given.given is UNKNOWN:
                return not_recorded("bridging")
            return decided(given.given is MET, given.basis)

        return ask

    @property
    def sentence(self) -> Phrase:
        return Phrase("bridging_given")


class BridgingResponse(Rule, frozen=True, tag="bridging_response"):
    """The best response to bridging is one of several."""

    one_of: Annotated[tuple[Response, ...], Meta(min_length=1)]

    def ready(self, source: Source) -> Ask:
        def ask(view: View) -> Concluded:
            given = bridging(view)
            if given.response is None:
                return unknown(given.missing), given.basis
            return decided(given.response in self.one_of, given.basis)

        return ask

    @property
    def sentence(self) -> Phrase:
        return Phrase("code", "treatments.bridging.best_response", *self.one_of)


class BridgingModality(Rule, frozen=True, tag="bridging_modality"):
    """A bridging treatment of one of several modalities was started."""

    one_of: Annotated[tuple[Modality, ...], Meta(min_length=1)]

    def ready(self, source: Source) -> Ask:
        def ask(view: View) -> Concluded:
            given = bridging(view)
            matching = tuple(started(t) for t in given.treatments if t.modality in self.one_of)
            if matching:
                return decided(True, matching)
            if given.treatments or given.given is NOT_MET:
                return decided(False, given.basis)
            unrecorded = "bridging" if given.given is UNKNOWN else "treatments.bridging"
            return unknown(unrecorded), given.basis

        return ask

    @property
    def sentence(self) -> Phrase:
        return Phrase("code", "treatments.bridging", *self.one_of)


class LastTherapyResponse(Rule, frozen=True, tag="last_therapy_response"):
    """The best response to the line or systemic bridging started last is one of several."""

    one_of: Annotated[tuple[Response, ...], Meta(min_length=1)]

    def ready(self, source: Source) -> Ask:
        def ask(view: View) -> Concluded:
            last = last_therapy(view)
            if last is None:
                return not_recorded("treatments.line")
            treatment, response = last
            if response is None:
                missing = "response_on" if treatment.response_lacks_date else "best_response"
                return unknown(f"treatments.{missing}"), (started(treatment),)
            grounds = (started(treatment), responded(treatment, response))
            return decided(response in self.one_of, grounds)

        return ask

    @property
    def sentence(self) -> Phrase:
        return Phrase("code", "treatments.best_response", *self.one_of)


class SalvageGiven(Rule, frozen=True, tag="salvage_given"):
    """A salvage treatment was started on or after the relapse: known, one way or the other."""

    def ready(self, source: Source) -> Ask:
        def ask(view: View) -> Concluded:
            treatments = salvage(view)
            return decided(bool(treatments), tuple(map(started, treatments)))

        return ask

    @property
    def sentence(self) -> Phrase:
        return Phrase("salvage_given")


class SalvageOfClass(Rule, frozen=True, tag="salvage_class"):
    """A salvage treatment of a class was started on or after the relapse."""

    salvage_class: SalvageClass

    def ready(self, source: Source) -> Ask:
        def ask(view: View) -> Concluded:
            treatments = salvage(view)
            matching = tuple(t for t in treatments if t.treatment_class is self.salvage_class)
            return decided(bool(matching), tuple(map(started, matching or treatments)))

        return ask

    @property
    def sentence(self) -> Phrase:
        return Phrase("salvage_class", self.salvage_class)


class LatestResponse(Rule, frozen=True, tag="latest_response"):
    """The latest response after the infusion is one of several; after a relapse none is."""

    one_of: Annotated[tuple[Response, ...], Meta(min_length=1)]

    def ready(self, source: Source) -> Ask:
        lost = Conclusion(NOT_MET, reason=Phrase("ended_by_relapse"))

        def ask(view: View) -> Concluded:
            relapsed = view.snapshot.date_of(Milestone.RELAPSE)
            if relapsed is not None and relapsed <= view.date:
                return lost, (_relapse(relapsed),)
            found = responses_after_infusion(view)
            if not found:
                return not_recorded("response")
            return decided(found[-1].value in self.one_of, (found[-1].fact,))

        return ask

    @property
    def sentence(self) -> Phrase:
        return Phrase("latest_response", *self.one_of)


def _relapse(day: date) -> Fact:
    return Fact("relapse_date", day.isoformat(), None, Milestone.RELAPSE, day)


class AnyResponse(Rule, frozen=True, tag="any_response"):
    """Any response after the infusion and not after the milestone is one of several."""

    one_of: Annotated[tuple[Response, ...], Meta(min_length=1)]

    def ready(self, source: Source) -> Ask:
        def ask(view: View) -> Concluded:
            found = responses_after_infusion(view)
            if not found:
                return not_recorded("response")
            matching = [o for o in found if o.value in self.one_of]
            return decided(bool(matching), tuple(o.fact for o in matching or found))

        return ask

    @property
    def sentence(self) -> Phrase:
        return Phrase("any_response", *self.one_of)


class WorstGrade(Rule, frozen=True, tag="worst_grade"):
    """The worst grade of a toxicity from the infusion on, among values and events."""

    variable: str
    event: str
    at_least: int

    def ready(self, source: Source) -> Ask:
        def ask(view: View) -> Concluded:
            worst = worst_grade(view, variable=self.variable, event=self.event)
            if worst is None:
                undated = () if view.infusion else ("infusion_date",)
                return unknown(self.variable, *undated), ()
            return decided(int(worst.value) >= self.at_least, (worst,))

        return ask

    @property
    def sentence(self) -> Phrase:
        return Phrase("at_least", self.variable, str(self.at_least))


class RelapseWithin(Rule, frozen=True, tag="relapse_within"):
    """Fewer than so many days from infusion to relapse."""

    days: int

    def ready(self, source: Source) -> Ask:
        def ask(view: View) -> Concluded:
            infused, relapsed = view.infusion, view.date
            if infused is None:
                return not_recorded("infusion_date")
            grounds = (
                Fact("infusion_date", infused.isoformat(), None, Milestone.INFUSION, infused),
                _relapse(relapsed),
            )
            return decided((relapsed - infused).days < self.days, grounds)

        return ask

    @property
    def sentence(self) -> Phrase:
        return Phrase("relapse_within", str(self.days))
