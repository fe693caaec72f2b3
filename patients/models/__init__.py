"""The models of people and records, by noun."""

from patients.models.people import User

__all__ = ["User"]
