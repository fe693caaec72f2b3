"""Plausible synthetic courses, for demonstrations, measurements and tests: of no real patient."""

from riskfactors.synthetic.course import courses

__all__ = ["courses"]
