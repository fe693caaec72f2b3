"""Writes case documents, findings and the catalogue as JSON."""

from collections.abc import Callable, Iterable
from datetime import date
from json import dumps
from typing import Any, Final

from msgspec import Raw
from msgspec.json import Encoder
from msgspec.structs import asdict

from riskfactors.domain.agenda import Finding
from riskfactors.domain.catalogue import Catalogue
from riskfactors.domain.consistency import Concern
from riskfactors.domain.documents.fields import SCHEMA
from riskfactors.domain.evidence import Estimate, Factor, Group, Reference
from riskfactors.domain.findings import MilestoneFindings
from riskfactors.domain.remembered import Remembered
from riskfactors.domain.snapshot import Absence, Assessment, Observation, Snapshot, Treatment
from riskfactors.domain.vocabulary import Phrase

LENGTH: Final = 65536
"""Most findings of a case take less: the text is not moved while it grows."""

EXACT_NUMBERS: Final = Encoder(decimal_format="number")


class FindingsWriter:
    """Writes `cartapp-findings/1` documents: numbers exact, phrases worded on the way.

    Findings without grounds, which many patients share, are written once and remembered.
    """

    def __init__(self, words: Callable[[Phrase], str]) -> None:
        self._words: Final[Remembered[Phrase, str]] = Remembered(words)
        encoder = Encoder(enc_hook=self._words.__getitem__, decimal_format="number")
        self._encode_into: Final = encoder.encode_into
        self._shared: Final[Remembered[Finding, Raw]] = Remembered(
            lambda finding: Raw(encoder.encode(finding))
        )

    def write(
        self,
        *,
        case_id: str,
        catalogue: str,
        warnings: Iterable[Concern],
        milestones: Iterable[MilestoneFindings],
    ) -> bytearray:
        """The document of one case."""
        document = {
            "schema": "cartapp-findings/1",
            "case_id": case_id,
            "catalogue": catalogue,
            "warnings": [f"{', '.join(w.places)}: {self._words[w.phrase]}" for w in warnings],
            "milestones": list(map(self._milestone, milestones)),
        }
        text = bytearray(LENGTH)
        self._encode_into(document, text)
        return text

    def _milestone(self, found: MilestoneFindings) -> dict[str, Any]:
        shared = self._shared
        return {
            "milestone": found.milestone,
            "date": found.date,
            "day": found.day,
            "findings": [f if f.basis else shared[f] for f in found.findings],
            "scores": found.scores,
        }


def write_errors(case_id: str | None, errors: Iterable[str]) -> bytes:
    """What stands in the place of a refused case's findings."""
    return dumps({"case_id": case_id, "errors": list(errors)}).encode()


def write_case(snapshot: Snapshot) -> bytes:
    """The `cartapp-case/2` document of a case; parsing it gives the same case."""
    return EXACT_NUMBERS.encode(
        {
            "schema": SCHEMA,
            "case_id": snapshot.case_id,
            "birth_date": snapshot.birth_date,
            "sex": snapshot.sex,
            "assessments": [_assessment(assessment) for assessment in snapshot.assessments],
            "treatments": [_treatment(treatment) for treatment in snapshot.treatments],
            "events": [_given(**asdict(event)) for event in snapshot.events],
        }
    )


def _given(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _assessment(assessment: Assessment) -> dict[str, Any]:
    day = assessment.date
    observations = {name: _observation(o, day) for name, o in assessment.observations.items()}
    absences = {name: _absence(a, day) for name, a in assessment.absences.items()}
    return {
        "milestone": assessment.milestone,
        "date": day,
        "observations": {**observations, **absences},
    }


def _observation(observation: Observation, day: date) -> Any:
    fact = observation.fact
    written = _given(
        value=fact.value,
        unit=fact.unit,
        comparator=fact.comparator,
        upper_limit=observation.limit and observation.limit.value,
        observed_on=fact.observed_on if fact.observed_on != day else None,
        note=observation.note,
    )
    return fact.value if len(written) == 1 else written


def _absence(absence: Absence, day: date) -> dict[str, Any]:
    return _given(
        absent=absence.reason,
        observed_on=absence.observed_on if absence.observed_on != day else None,
        note=absence.note,
    )


def _treatment(treatment: Treatment) -> dict[str, Any]:
    return _given(
        role=treatment.role,
        regimen=treatment.regimen,
        modality=treatment.modality,
        start=treatment.start,
        end=treatment.end,
        best_response=treatment.best_response,
        response_on=treatment.response_on,
        **{"class": treatment.treatment_class},
    )


def write_catalogue(catalogue: Catalogue) -> bytes:
    """The published catalogue: printed numbers, our reading and doubt beside them."""
    return EXACT_NUMBERS.encode(
        {
            "catalogue": catalogue.digest,
            "factors": [_factor(factor) for factor in catalogue.factors],
            "references": [_reference(reference) for reference in catalogue.references],
        }
    )


def _reference(reference: Reference) -> dict[str, Any]:
    fields = asdict(reference)
    return {"n": fields.pop("number"), **_given(**fields)}


def _factor(factor: Factor) -> dict[str, Any]:
    strata = {stratum: about.direction for stratum, about in factor.strata.items()}
    return {
        "key": factor.key,
        "setting": factor.setting,
        "name": factor.name,
        "kind": factor.kind,
        "direction": factor.direction,
        "strata": strata or None,
        "evaluated_at": factor.evaluated_at,
        "values_from": factor.values_from,
        "studied_in": factor.studied_in,
        "cutoff_source": factor.cutoff_source,
        "analysis": factor.analysis,
        "cohort": factor.cohort,
        "caveats": factor.caveats,
        "evidence": [_estimate(estimate) for estimate in factor.evidence],
    }


def _estimate(estimate: Estimate) -> dict[str, Any]:
    reference = estimate.reference
    return {
        "outcome": estimate.outcome,
        "measure": estimate.measure,
        "estimate": estimate.estimate,
        "interval": estimate.interval,
        "p": estimate.p,
        "reference": reference[0] if len(reference) == 1 else reference,
        "reading": estimate.reading and _given(**asdict(estimate.reading)),
        "doubt": estimate.doubt,
        "groups": {group.name: _result(group) for group in estimate.groups} or None,
        "at": estimate.at,
        "per": estimate.per,
        "contrast": estimate.contrast,
        "statement": estimate.statement,
        "note": estimate.note,
    }


def _result(group: Group) -> Any:
    if group.low is not None:
        return group.value, group.low, group.high
    return group.printed if group.value is None else group.value
