"""Courses to be drawn: the vignettes, and many that are made up."""

from datetime import date
from functools import cache

from riskfactors.domain.timeline import Timeline
from riskfactors.synthetic import courses
from tests.domain.test_timeline import laid
from tests.patients.screens import NAMES, vignette

TODAY = date(2026, 1, 1)
MADE_UP = 200


@cache
def of_a_vignette(name: str) -> Timeline:
    return laid(vignette(name), TODAY)


@cache
def all_courses() -> dict[str, Timeline]:
    """Every vignette and two hundred synthetic courses, by name."""
    made = {c["case_id"]: laid(c, TODAY) for c in courses(MADE_UP, seed=7)}
    return {name: of_a_vignette(name) for name in NAMES} | made
