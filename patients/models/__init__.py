"""The models of people and records, by noun."""

from patients.models.accounts import AccountAct, AccountChange
from patients.models.append_only import Record, Revision, Slot
from patients.models.cases import Case, Demographics, Patient, Person
from patients.models.ordering import OrderKey
from patients.models.people import Centre, CentreLimit, Membership, Revocation, Role, User
from patients.models.records import (
    Access,
    AccessKind,
    Action,
    Assessment,
    AssessmentDate,
    Entry,
    Event,
    EventRevision,
    Observation,
    Treatment,
    TreatmentRevision,
)
from patients.models.search import SearchKey

__all__ = [
    "Access",
    "AccessKind",
    "AccountAct",
    "AccountChange",
    "Action",
    "Assessment",
    "AssessmentDate",
    "Case",
    "Centre",
    "CentreLimit",
    "Demographics",
    "Entry",
    "Event",
    "EventRevision",
    "Membership",
    "Observation",
    "OrderKey",
    "Patient",
    "Person",
    "Record",
    "Revision",
    "Revocation",
    "Role",
    "SearchKey",
    "Slot",
    "Treatment",
    "TreatmentRevision",
    "User",
]
