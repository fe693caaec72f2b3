"""The models of people and records, by noun."""

from patients.models.accesses import Access, AccessKind, Emergency, ListAccess, ListKind
from patients.models.accounts import AccountAct, AccountChange, CentreChange, CentreRule
from patients.models.append_only import Guard, Record, Revision, Slot
from patients.models.cases import Case, Demographics, Patient, Person
from patients.models.clearances import (
    ClearanceAnswer,
    ClearanceKind,
    ClearanceRevision,
    NotEligible,
)
from patients.models.drafts import Draft
from patients.models.identities import FormerIdentity
from patients.models.journal import JournalLine
from patients.models.meetings import (
    AgendaItem,
    BoardSetting,
    Discipline,
    Gate,
    ItemMark,
    Mark,
    Meeting,
    MeetingKind,
    Participant,
)
from patients.models.ordering import OrderKey
from patients.models.people import Centre, CentreLimit, Membership, Revocation, Role, User
from patients.models.recommendations import (
    Intent,
    NotDone,
    Option,
    OutcomeRevision,
    Recommendation,
    RecommendationRevision,
    Stage,
)
from patients.models.records import (
    BOARD_ACTIONS,
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
    "BOARD_ACTIONS",
    "Access",
    "AccessKind",
    "AccountAct",
    "AccountChange",
    "Action",
    "AgendaItem",
    "Assessment",
    "AssessmentDate",
    "BoardSetting",
    "Case",
    "Centre",
    "CentreChange",
    "CentreLimit",
    "CentreRule",
    "ClearanceAnswer",
    "ClearanceKind",
    "ClearanceRevision",
    "Demographics",
    "Discipline",
    "Draft",
    "Emergency",
    "Entry",
    "Event",
    "EventRevision",
    "FormerIdentity",
    "Gate",
    "Guard",
    "Intent",
    "ItemMark",
    "JournalLine",
    "ListAccess",
    "ListKind",
    "Mark",
    "Meeting",
    "MeetingKind",
    "Membership",
    "NotDone",
    "NotEligible",
    "Observation",
    "Option",
    "OrderKey",
    "OutcomeRevision",
    "Participant",
    "Patient",
    "Person",
    "Recommendation",
    "RecommendationRevision",
    "Record",
    "Revision",
    "Revocation",
    "Role",
    "SearchKey",
    "Slot",
    "Stage",
    "Treatment",
    "TreatmentRevision",
    "User",
]
