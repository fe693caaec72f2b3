"""Case documents in a line, and what the engine finds in them."""

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeAlias

from riskfactors.assessing import findings_of
from riskfactors.domain.documents import InvalidDocument
from riskfactors.words import say_problem

Json: TypeAlias = dict[str, Any]

CONTRACT: Final = Path(__file__).resolve().parent.parent / "contract"
MILESTONES: Final = (
    *("election", "apheresis", "lymphodepletion", "infusion"),
    *("day_7", "day_28", "day_90", "relapse"),
)
"""Those at which factors are evaluated."""

DATES: Final = {
    "election": "2024-01-01",
    "apheresis": "2024-02-01",
    "lymphodepletion": "2024-03-01",
    "infusion": "2024-03-06",
    "day_7": "2024-03-13",
    "day_28": "2024-04-03",
    "day_90": "2024-06-04",
    "relapse": "2024-09-01",
}
BORN: Final = "1974-01-01"
"""Fifty on every date above, so that age gives points only to the NCCN-IPI."""


@cache
def contract_factors() -> tuple[Json, ...]:
    """The factors as the contract's evidence states them."""
    return tuple(json.loads((CONTRACT / "evidence.json").read_text())["factors"])


def course(
    observations: Mapping[str, Json],
    *,
    born: str = BORN,
    dates: Mapping[str, str] | None = None,
    treatments: tuple[Json, ...] = (),
    events: tuple[Json, ...] = (),
) -> Json:
    """A case with an assessment for each milestone that is a key, on its usual date or another."""
    assert set(observations) <= set(MILESTONES), "a milestone is misspelt"
    days = DATES | dict(dates or {})
    return {
        "schema": "cartapp-case/2",
        "case_id": "A-1",
        "birth_date": born,
        "sex": "female",
        "assessments": [
            {"milestone": m, "date": days[m], "observations": observations[m]}
            for m in MILESTONES
            if m in observations
        ],
        "treatments": list(treatments),
        "events": list(events),
    }


def case(
    *,
    born: str = BORN,
    dates: Mapping[str, str] | None = None,
    treatments: tuple[Json, ...] = (),
    events: tuple[Json, ...] = (),
    **observations: Json,
) -> Json:
    """A case in a line: `case(infusion={"ecog": 2})`."""
    return course(observations, born=born, dates=dates, treatments=treatments, events=events)


def everywhere(**observations: Json) -> Json:
    """A case that has reached every milestone."""
    return course({milestone: observations.get(milestone, {}) for milestone in MILESTONES})


def relapsed(
    *,
    lines: int | None = 2,
    dates: Mapping[str, str] | None = None,
    treatments: tuple[Json, ...] = (),
    events: tuple[Json, ...] = (),
    **observations: Json,
) -> Json:
    """A relapse after an infusion in third line, unless said otherwise."""
    reached: dict[str, Json] = {"election": {}, "infusion": {}, "relapse": {}} | observations
    if lines is not None:
        reached["election"] = reached["election"] | {"prior_lines": lines}
    return course(reached, dates=dates, treatments=treatments, events=events)


def line(start: str, best: str | None = None, **fields: Any) -> Json:
    """A line of therapy; its response is known from its end, or never."""
    return _treatment("line", start, best, fields)


def bridging(
    start: str = "2024-02-10", best: str | None = None, modality: str = "systemic", **fields: Any
) -> Json:
    return _treatment("bridging", start, best, {"modality": modality, **fields})


def salvage(start: str, kind: str | None = None, **fields: Any) -> Json:
    return _treatment("salvage", start, None, ({"class": kind} if kind else {}) | fields)


def _treatment(role: str, start: str, best: str | None, fields: Json) -> Json:
    response = {"best_response": best, "response_on": start} if best else {}
    return {"role": role, "start": start, **response, **fields}


def event(kind: str, on: str, **fields: Any) -> Json:
    return {"kind": kind, "date": on, **fields}


def interim(on: str, **observations: Any) -> Json:
    """An interim visit."""
    return {"milestone": "interim", "date": on, "observations": observations}


def text(document: Json) -> bytes:
    return json.dumps(document).encode()


def findings(document: Json, as_of: str | None = None) -> Json:
    """The findings document of a case."""
    known = date.fromisoformat(as_of) if as_of else None
    written: Json = json.loads(findings_of(text(document), known))
    return written


def at(document: Json, milestone: str, as_of: str | None = None) -> Json:
    """What is found at one milestone."""
    found: Json = next(
        at for at in findings(document, as_of)["milestones"] if at["milestone"] == milestone
    )
    return found


def finding(document: Json, factor: str, milestone: str, as_of: str | None = None) -> Json:
    """One finding."""
    found: Json = next(
        f for f in at(document, milestone, as_of)["findings"] if f["factor"] == factor
    )
    return found


def verdict(document: Json, factor: str, milestone: str, as_of: str | None = None) -> str:
    """`met`, `stratum:ds_4`, `unknown missing ldh, mtv`, as the vignettes write it."""
    return said(finding(document, factor, milestone, as_of))


def said(found: Json) -> str:
    """The verdict of a finding in the words of the vignettes."""
    match found["verdict"]:
        case "stratum":
            return f"stratum:{found['stratum']}"
        case "unknown" if found["missing"]:
            return f"unknown missing {', '.join(found['missing'])}"
        case decided:
            return str(decided)


def score(document: Json, name: str, milestone: str) -> Json:
    """One score at one milestone."""
    found: Json = next(s for s in at(document, milestone)["scores"] if s["score"] == name)
    return found


def interval(document: Json, name: str, milestone: str = "lymphodepletion") -> tuple[Any, ...]:
    """A score's low, high, group and what is missing."""
    found = score(document, name, milestone)
    return found["low"], found["high"], found.get("group"), found["missing"]


def problems(document: Json | bytes) -> list[str]:
    """The problems for which a document is refused, as lines; none if it is accepted."""
    try:
        findings_of(document if isinstance(document, bytes) else text(document))
    except InvalidDocument as refused:
        return [say_problem(problem) for problem in refused.problems]
    return []


def places(document: Json | bytes) -> list[str]:
    """The places of the problems, in order."""
    return [problem.partition(": ")[0] for problem in problems(document)]


def warnings(document: Json) -> list[str]:
    found: list[str] = findings(document)["warnings"]
    return found


CIRS_SYSTEMS = (
    *("cirs_cardiac", "cirs_hypertension", "cirs_vascular", "cirs_respiratory", "cirs_eent"),
    *("cirs_upper_gi", "cirs_lower_gi", "cirs_hepatic", "cirs_renal", "cirs_genitourinary"),
    *("cirs_musculoskeletal", "cirs_neurological", "cirs_endocrine", "cirs_psychiatric"),
)
SEVERE4 = ("cirs_hepatic", "cirs_renal", "cirs_respiratory", "cirs_upper_gi")
HEALTHY = dict.fromkeys(CIRS_SYSTEMS, 0)


def ldh(value: float, upper_limit: float | None = 250, **fields: Any) -> Json:
    """Lactate dehydrogenase with its upper limit, or without."""
    limit = {} if upper_limit is None else {"upper_limit": upper_limit}
    return {"ldh": {"value": value, **limit, **fields}}
