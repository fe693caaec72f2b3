"""Plausible synthetic courses, for demonstrations, measurements and tests: of no real patient."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from riskfactors.domain.timepoints import Milestone
from riskfactors.domain.variables import Variable, VariableType
from riskfactors.published import catalogue

Document = dict[str, Any]

FIRST_ELECTION = date(2019, 1, 7)
DAYS_OF_ELECTIONS = 1800
RECORDED = {"routine": 0.6, "research": 0.05}
"""How often an item that is asked for has a value."""
COMORBIDITY_SCORED = 0.4
"""How often the comorbidity scale is filled in, as a whole or not at all."""

TYPICAL = {
    "longest_diameter": (5, 0.5),
    "ldh": (260, 0.4),
    "crp": (18, 1.0),
    "ferritin": (500, 0.9),
    "ferritin_peak": (1500, 0.9),
    "il6": (12, 1.0),
    "neutrophils": (2.5, 0.5),
    "hemoglobin": (10.5, 0.15),
    "platelets": (140, 0.5),
    "creatinine": (0.9, 0.25),
    "mtv": (90, 1.1),
    "suvmax": (13, 0.5),
    "ctdna_level": (150, 1.5),
    "car_t_level": (40, 1.0),
    "car_t_peak": (60, 1.0),
    "car_t_peak_copies": (30000, 1.0),
    "car_t_auc_28": (500, 1.0),
    "product_cd8_naive_percent": (10, 0.6),
    "product_cd8_tcm_percent": (25, 0.4),
}
"""Median and logarithmic spread of the quantities that are not simply about the middle of what is
usual."""
SPREAD = 0.3
"""That of the others."""
WITH_BURDEN = {"longest_diameter", "ldh", "crp", "ferritin", "il6", "mtv", "suvmax"}
FIRST_LINE = "R-CHOP"
LATER_LINES = ("R-DHAP", "R-GemOx", "R-ESHAP", "R-ICE")
MODALITIES = ("systemic", "systemic", "radiotherapy", "combined", "steroids")
WHOLE_FROM = 100
"""Larger quantities are reported without decimals."""


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
        followed = {
            Milestone.DAY_7: (5, 8),
            Milestone.DAY_28: (25, 35),
            Milestone.DAY_90: (80, 105),
        }
        relapse = chance.randint(15, 400) if self.refractory else None
        for milestone, window in followed.items():
            day = chance.randint(*window)
            if chance.random() < 0.95 and (relapse is None or day <= relapse):
                dates[milestone] = infusion + timedelta(days=day)
        if relapse is not None:
            dates[Milestone.RELAPSE] = infusion + timedelta(days=relapse)
        return dates

    def assessment(self, milestone: Milestone, day: date, lines: int) -> Document:
        """One visit: what is asked for there and was recorded."""
        observations: Document = {}
        for variable in catalogue().dictionary.variable:
            if milestone not in variable.asked_at or (
                variable.standing and milestone not in variable.asked_at[:1]
            ):
                continue
            if variable.group == "comorbidity" and not self.comorbidity_scored:
                continue
            if variable.name == "mtv_method" and "mtv" not in observations:
                continue
            if self.chance.random() < RECORDED[variable.availability]:
                observations[variable.name] = self.value(variable, milestone, lines)
            elif self.chance.random() < 0.1:
                observations[variable.name] = {"absent": "not-performed"}
        return {"milestone": milestone, "date": str(day), "observations": observations}

    def value(self, variable: Variable, milestone: Milestone, lines: int) -> Any:
        """A recorded value, with its unit and limit where it has them."""
        chance = self.chance
        if variable.name == "prior_lines":
            return lines
        if variable.name == "response":
            return self.response(milestone)
        if variable.type is VariableType.CODE:
            return chance.choice(list(variable.codes))
        if variable.type is VariableType.COUNT:
            low, high = int(variable.range.low), int(variable.range.high)
            return min(high, low + int(chance.expovariate(0.9)))
        usual = variable.unusual_outside
        middle = (float(usual.low + usual.high) / 2, SPREAD)
        median, spread = TYPICAL.get(variable.name, middle)
        treated = milestone in (Milestone.DAY_28, Milestone.DAY_90) and not self.refractory
        burden = self.burden - 2 * treated if variable.name in WITH_BURDEN else 0
        exact = median * 2.718281828 ** (spread * (0.8 * burden + 0.6 * chance.gauss(0, 1)))
        limits = variable.impossible_outside
        number = min(max(exact, float(limits.low)), float(limits.high))
        value = round(number) if number >= WHOLE_FROM else round(number, 1)
        if variable.needs == "upper_limit":
            return {"value": max(value, 80), "upper_limit": chance.choice((222, 240, 250))}
        return value

    def response(self, milestone: Milestone) -> str:
        """The response at a visit, worse with refractory disease."""
        if milestone is Milestone.RELAPSE:
            return "PD"
        responses = ("PR", "SD", "PD") if self.refractory else ("CR", "CR", "PR")
        return self.chance.choice(responses)

    def treatments(self, dates: dict[Milestone, date], lines: int) -> list[Document]:
        """Lines, bridging, lymphodepletion and salvage."""
        chance = self.chance
        start = dates[Milestone.ELECTION] - timedelta(days=220 * lines + 30)
        treatments = []
        for regimen in (FIRST_LINE, *chance.choices(LATER_LINES, k=lines - 1)):
            treatments.append(
                self.treatment("line", start, chance.randint(60, 150), regimen=regimen)
            )
            start += timedelta(days=220)
        if Milestone.INFUSION not in dates:
            return treatments
        if chance.random() < 0.7:
            start = dates[Milestone.APHERESIS] + timedelta(days=3)
            modality = chance.choice(MODALITIES)
            treatments.append(self.treatment("bridging", start, 12, modality=modality))
        start = dates[Milestone.LYMPHODEPLETION] + timedelta(days=1)
        treatments.append({"role": "lymphodepletion", "start": str(start)})
        if Milestone.RELAPSE in dates and chance.random() < 0.6:
            start = dates[Milestone.RELAPSE] + timedelta(days=chance.randint(5, 40))
            salvage = chance.choice(("pola_br", "lenalidomide", "other", "none_supportive"))
            treatments.append({"role": "salvage", "class": salvage, "start": str(start)})
        return treatments

    def treatment(self, role: str, start: date, days: int, **details: str) -> Document:
        """A treatment that ended, mostly with a known response."""
        treatment = {"role": role, "start": str(start), "end": str(start + timedelta(days=days))}
        if self.chance.random() < 0.9:
            treatment["best_response"] = self.response(Milestone.ELECTION)
        return {**treatment, **details}

    def events(self, dates: dict[Milestone, date]) -> list[Document]:
        """Toxicity after the infusion, and death after some relapses and the start of salvage."""
        chance = self.chance
        events: list[Document] = []
        if Milestone.INFUSION in dates and chance.random() < 0.8:
            day = dates[Milestone.INFUSION] + timedelta(days=chance.randint(1, 6))
            grade = chance.choice((1, 1, 1, 2, 2, 3, 4))
            events.append({"kind": "crs", "date": str(day), "grade": grade})
        if Milestone.RELAPSE in dates and chance.random() < 0.5:
            day = dates[Milestone.RELAPSE] + timedelta(days=chance.randint(41, 400))
            events.append({"kind": "death", "date": str(day), "cause": "lymphoma"})
        return events
