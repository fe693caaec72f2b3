"""One patient's course: a tumour burden that runs through all of it, and chance."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from riskfactors.domain.timepoints import Milestone
from riskfactors.domain.variables import Variable, VariableType
from riskfactors.published import catalogue
from riskfactors.synthetic.usual import (
    AFTER_A_LINE,
    AFTER_BRIDGING,
    AFTER_INFUSION,
    AT_ELECTION,
    BULKY_ABOVE,
    COMORBIDITY_SCORED,
    DAYS_OF_ELECTIONS,
    FIRST_ELECTION,
    FIRST_LINE,
    FOLLOWED,
    FREQUENT,
    LATER_BEFORE_INFUSION,
    LATER_LINES,
    MODALITIES,
    NOT_INFUSED,
    RECORDED,
    RESPONDED,
    SELDOM,
    SPREAD,
    STAGES,
    TYPICAL,
    UPTAKE,
    WHOLE_FROM,
    WITH_BURDEN,
)

Document = dict[str, Any]


def courses(number: int, seed: int) -> Iterator[Document]:
    """Case documents (`cartapp-case/2`), the same for the same seed."""
    for index in range(number):
        yield _Course(Random(f"{seed}-{index}"), f"synthetic-{seed}-{index:06}").document()  # noqa: S311  # no secret


class _Course:
    """One patient's course: a tumour burden that runs through all of it, and chance."""

    def __init__(self, chance: Random, case_id: str) -> None:
        self.chance = chance
        self.case_id = case_id
        self.burden = chance.gauss(0, 1)
        self.comorbidity_scored = chance.random() < COMORBIDITY_SCORED
        self.refractory = chance.gauss(0, 1) + 0.5 * self.burden > 0.4
        self.responded = chance.choice(AFTER_INFUSION[self.refractory])
        self.bridged = chance.random() < 0.7
        self.crs = chance.choice((0, 0, 1, 1, 1, 2, 2, 3))
        self.icans = chance.choice((0, 0, 0, 1, 1, 2, 3))
        self.highest_ferritin = 0.0

    def document(self) -> Document:
        """The whole course as known at its end."""
        chance = self.chance
        election = FIRST_ELECTION + timedelta(days=chance.randrange(DAYS_OF_ELECTIONS))
        dates = self.dates(election)
        lines = chance.choice((1, 2, 2, 2, 3, 3, 4))
        assessments = [self.assessment(m, day, lines) for m, day in dates.items()]
        return {
            "schema": "cartapp-case/2",
            "case_id": self.case_id,
            "birth_date": str(election - timedelta(days=365.25 * chance.triangular(20, 85, 64))),
            "sex": chance.choice(("female", "male")),
            "assessments": assessments,
            "treatments": self.treatments(dates, lines),
            "events": self.events(dates),
        }

    def dates(self, election: date) -> dict[Milestone, date]:
        """The milestones that were reached. One in ten patients is never infused."""
        chance = self.chance
        apheresis = election + timedelta(days=chance.randint(7, 21))
        dates = {Milestone.ELECTION: election, Milestone.APHERESIS: apheresis}
        if chance.random() < 0.1:
            return dates
        infusion = apheresis + timedelta(days=chance.randint(25, 60))
        dates[Milestone.LYMPHODEPLETION] = infusion - timedelta(days=chance.randint(5, 7))
        dates[Milestone.INFUSION] = infusion
        relapse = chance.randint(15, 400) if self.refractory else None
        for milestone, window in FOLLOWED.items():
            day = chance.randint(*window)
            if chance.random() < 0.95 and (relapse is None or day <= relapse):
                dates[milestone] = infusion + timedelta(days=day)
        if relapse is not None:
            dates[Milestone.RELAPSE] = infusion + timedelta(days=relapse)
        return dates

    def assessment(self, milestone: Milestone, day: date, lines: int) -> Document:
        """One visit: what is asked for there and was recorded."""
        observations: Document = {}
        response = self.response(milestone)
        for variable in catalogue().dictionary.variable:
            if milestone not in variable.asked_at or (
                variable.standing and milestone not in variable.asked_at[:1]
            ):
                continue
            if variable.group == "comorbidity" and not self.comorbidity_scored:
                continue
            if self.is_settled(variable.name, observations, response):
                continue
            always = variable.name == "mtv_method"
            if always or self.chance.random() < RECORDED[variable.availability]:
                if variable.name == "prior_lines":
                    value: Any = lines
                elif variable.type is VariableType.QUANTITY:
                    value = self.quantity(variable, response if milestone in FOLLOWED else "")
                else:
                    value = self.plausible(variable, observations, response)
                observations[variable.name] = value
            elif self.chance.random() < 0.1:
                observations[variable.name] = {"absent": "not-performed"}
        return {"milestone": milestone, "date": str(day), "observations": observations}

    def is_settled(self, name: str, seen: Document, response: str) -> bool:
        """Whether another value leaves nothing to record: no volume without disease, no method or
        level of what was not measured or found."""
        match name:
            case "mtv":
                return response == "CR"
            case "mtv_method":
                return "mtv" not in seen
            case "ctdna_method":
                return "ctdna" not in seen
            case "ctdna_level":
                return seen.get("ctdna") != "detectable"
        return False

    def plausible(self, variable: Variable, seen: Document, response: str) -> Any:
        """A code or a count that goes with what else is known."""
        known = self.known(variable.name, seen, response)
        if known is not None:
            return known
        if variable.type is VariableType.COUNT:
            low, high = int(variable.range.low), int(variable.range.high)
            high = 1 if variable.name == "extranodal_sites" and seen.get("stage") == 1 else high
            return min(high, low + int(self.chance.expovariate(0.9)))
        shares = FREQUENT.get(variable.name, dict.fromkeys(variable.codes, 1))
        return self.one_of(SELDOM if shares.keys() == SELDOM.keys() else shares)

    def known(self, name: str, seen: Document, response: str) -> Any:
        """What follows from the course or from what is recorded; None where nothing does."""
        match name:
            case "deauville":
                return self.chance.choice(UPTAKE[response])
            case "stage":
                return self.one_of(STAGES)
            case "bulky" if isinstance(seen.get("longest_diameter"), float | int):
                return "yes" if seen["longest_diameter"] > BULKY_ABOVE else "no"
            case "cns_disease" if seen.get("major_extranodal") == "no":
                return "none"
            case "myc_rearranged" | "bcl2_rearranged" if seen.get("histology") == "hgbl_myc_bcl2":
                return "yes"
        return {
            "response": response,
            "new_lesions": "yes" if response == "PD" else "no",
            "ctdna": "undetectable" if response == "CR" else "detectable",
            "bridging": "yes" if self.bridged else "no",
            "crs_grade_max": self.crs,
            "icans_grade_max": self.icans,
            "tocilizumab_given": "yes" if self.crs > 1 else "no",
            "steroids_given": "yes" if self.crs > 2 or self.icans > 1 else "no",
        }.get(name)

    def one_of(self, shares: Mapping[Any, int]) -> Any:
        """One of several, in their shares."""
        return self.chance.choices([*shares], [*shares.values()])[0]

    def quantity(self, variable: Variable, response: str) -> Any:
        """A number, with its limit where it has one; the burden is less after a response."""
        chance = self.chance
        usual = variable.unusual_outside
        middle = (float(usual.low + usual.high) / 2, SPREAD)
        median, spread = TYPICAL.get(variable.name, middle)
        less = RESPONDED.get(response, 0)
        burden = self.burden - less if variable.name in WITH_BURDEN else 0
        exact = median * 2.718281828 ** (spread * (0.8 * burden + 0.6 * chance.gauss(0, 1)))
        if variable.name == "ferritin_peak":
            exact = max(exact, self.highest_ferritin)
        limits = variable.impossible_outside
        number = min(max(exact, float(limits.low)), float(limits.high))
        value = round(number) if number >= WHOLE_FROM else round(number, 1)
        if variable.name == "ferritin":
            self.highest_ferritin = max(self.highest_ferritin, value)
        if variable.needs == "upper_limit":
            return {"value": max(value, 80), "upper_limit": chance.choice((222, 240, 250))}
        return value

    def response(self, milestone: Milestone) -> str:
        """The response at a visit, worse with refractory disease."""
        if milestone is Milestone.RELAPSE:
            return "PD"
        if milestone in FOLLOWED:
            return self.responded
        if milestone is Milestone.LYMPHODEPLETION and self.bridged:
            return self.chance.choice(AFTER_BRIDGING[self.refractory])
        at_election = milestone is Milestone.ELECTION
        return self.chance.choice(AT_ELECTION if at_election else LATER_BEFORE_INFUSION)

    def treatments(self, dates: dict[Milestone, date], lines: int) -> list[Document]:
        """Lines, bridging, lymphodepletion and salvage."""
        chance = self.chance
        start = dates[Milestone.ELECTION] - timedelta(days=220 * lines + 30)
        treatments = []
        for regimen in (FIRST_LINE, *chance.choices(LATER_LINES, k=lines - 1)):
            days = chance.randint(60, 150)
            treatments.append(self.treatment("line", start, days, AFTER_A_LINE, regimen=regimen))
            start += timedelta(days=220)
        if Milestone.INFUSION not in dates:
            return treatments
        if self.bridged:
            start = dates[Milestone.APHERESIS] + timedelta(days=3)
            modality = chance.choice(MODALITIES)
            responses = AFTER_BRIDGING[self.refractory]
            treatments.append(self.treatment("bridging", start, 12, responses, modality=modality))
        start = dates[Milestone.LYMPHODEPLETION] + timedelta(days=1)
        treatments.append({"role": "lymphodepletion", "start": str(start)})
        if Milestone.RELAPSE in dates and chance.random() < 0.6:
            start = dates[Milestone.RELAPSE] + timedelta(days=chance.randint(5, 40))
            salvage = chance.choice(("pola_br", "lenalidomide", "other", "none_supportive"))
            treatments.append({"role": "salvage", "class": salvage, "start": str(start)})
        return treatments

    def treatment(
        self, role: str, start: date, days: int, responses: Sequence[str], **details: str
    ) -> Document:
        """A treatment that ended, mostly with a known response."""
        treatment = {"role": role, "start": str(start), "end": str(start + timedelta(days=days))}
        if self.chance.random() < 0.9:
            treatment["best_response"] = self.chance.choice(responses)
        return {**treatment, **details}

    def events(self, dates: dict[Milestone, date]) -> list[Document]:
        """Toxicity after the infusion, or why there was none; death after some relapses and the
        start of salvage."""
        chance = self.chance
        events: list[Document] = []
        if Milestone.INFUSION not in dates:
            day = dates[Milestone.APHERESIS] + timedelta(days=chance.randint(20, 50))
            cause = chance.choice(NOT_INFUSED)
            return [{"kind": "not_infused", "date": str(day), "cause": cause}]
        for kind, grade, days in (("crs", self.crs, (1, 5)), ("icans", self.icans, (3, 5))):
            if grade:
                day = dates[Milestone.INFUSION] + timedelta(days=chance.randint(*days))
                events.append({"kind": kind, "date": str(day), "grade": grade})
        if Milestone.RELAPSE in dates and chance.random() < 0.5:
            day = dates[Milestone.RELAPSE] + timedelta(days=chance.randint(41, 400))
            events.append({"kind": "death", "date": str(day), "cause": "lymphoma"})
        return events
