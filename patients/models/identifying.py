"""Every field, marked: may it tell who a patient is? Erasure and anonymous views go by this."""

from collections.abc import Mapping
from typing import Final

DATES = "dates of a course together can tell who somebody is"
FREE_TEXT = "people may have written a name into it"

IDENTIFYING: Final[Mapping[str, Mapping[str, str]]] = {
    "Patient": {
        "name": "the name",
        "hospital_number": "the hospital knows it",
        "birth_date": "a full date",
    },
    "FormerIdentity": {
        "name": "the name",
        "hospital_number": "the hospital knows it",
        "birth_date": "a full date",
    },
    "Case": {"case_id": "the centre can look it up"},
    "Demographics": {"birth_date": "a full date"},
    "Entry": {"reason": FREE_TEXT},
    "AssessmentDate": {"date": DATES},
    "Observation": {"observed_on": DATES, "value": FREE_TEXT, "note": FREE_TEXT},
    "TreatmentRevision": {
        "regimen": FREE_TEXT,
        "start": DATES,
        "end": DATES,
        "response_on": DATES,
    },
    "SearchKey": {"key": "made of the name, the hospital number and the pseudonym"},
    "OrderKey": {
        "infusion": DATES,
        "expected_from": DATES,
        "expected_until": DATES,
        "responded_on": DATES,
        "progressed_on": DATES,
        "pending_since": DATES,
        "died_on": DATES,
    },
    "Emergency": {"reason": FREE_TEXT},
    "EventRevision": {"date": DATES, "end": DATES, "note": FREE_TEXT},
    "Draft": {"typed": FREE_TEXT},
    "AgendaItem": {"question": FREE_TEXT},
    "ItemMark": {"note": FREE_TEXT},
    "RecommendationRevision": {
        "question": FREE_TEXT,
        "detail": FREE_TEXT,
        "rationale": FREE_TEXT,
        "dissent": FREE_TEXT,
        "responsible": FREE_TEXT,
        "due_on": DATES,
        "follow_up_on": DATES,
        "seen": DATES,
    },
    "OutcomeRevision": {"on": DATES, "note": FREE_TEXT},
    "ClearanceRevision": {
        "by_whom": FREE_TEXT,
        "reference": "the panel can look it up",
        "on": DATES,
        "note": FREE_TEXT,
    },
}
"""By model and field, with the reason."""

NOT_IDENTIFYING: Final[Mapping[str, frozenset[str]]] = {
    # About staff, not about patients.
    "User": frozenset(
        {"id", "password", "last_login", "is_superuser", "username", "first_name", "last_name"}
        | {
            "email",
            "is_staff",
            "is_active",
            "date_joined",
            "must_choose_password",
            "guide_put_away",
        }
    ),
    "Centre": frozenset({"id", "code", "name", "asks_second_factor", "opens_in_emergency"}),
    "CentreChange": frozenset({"id", "centre", "rule", "holds", "by", "at"}),
    "CentreLimit": frozenset({"id", "centre", "variable", "unit", "value"}),
    "Membership": frozenset({"id", "user", "centre", "role", "granted_by", "granted_at"}),
    "AccountChange": frozenset({"id", "user", "act", "centre", "by", "at"}),
    "Revocation": frozenset({"id", "membership", "revoked_by", "revoked_at"}),
    "Patient": frozenset({"id", "centre"}),
    "FormerIdentity": frozenset({"id", "patient", "entry", "sex"}),
    "Case": frozenset({"id", "public_id", "centre", "patient"}),
    "Demographics": frozenset({"id", "entry", "revision", "case", "sex"}),
    "Entry": frozenset(
        {"id", "case", "sequence", "recorded_at", "recorded_by", "action", "token", "request"}
        | {"key_id", "digest"}
    ),
    "ListAccess": frozenset({"id", "centre", "user", "at", "kind", "cases"}),
    "Emergency": frozenset({"id", "access", "until"}),
    "Access": frozenset({"id", "case", "user", "account", "at", "kind"}),
    "Assessment": frozenset({"id", "case", "number", "entry", "milestone"}),
    "AssessmentDate": frozenset({"id", "entry", "revision", "assessment"}),
    "Observation": frozenset(
        {"id", "entry", "revision", "assessment", "variable", "unit", "upper_limit", "absent"}
        | {"comparator", "confirmed", "withdrawn"}
    ),
    "Treatment": frozenset({"id", "case", "number", "entry"}),
    "TreatmentRevision": frozenset(
        {"id", "entry", "revision", "treatment", "role", "modality", "treatment_class"}
        | {"best_response", "withdrawn"}
    ),
    "SearchKey": frozenset({"id", "case", "centre"}),
    "OrderKey": frozenset({"case", "centre", "entry", "expected_place", "gaps", "pending"}),
    "Event": frozenset({"id", "case", "number", "entry"}),
    "Draft": frozenset({"id", "author", "case", "place", "token", "at"}),
    "BoardSetting": frozenset(
        {"id", "centre", "kind", "quorum", "disciplines", "minimum", "minutes"}
    ),
    "Meeting": frozenset(
        {"id", "centre", "number", "kind", "held_on", "starts_at", "place", "quorum"}
        | {
            "disciplines",
            "minutes",
            "planned_by",
            "planned_at",
            "closed_by",
            "closed_at",
            "shown",
            "presenter",
        }
        | {"cancelled_by", "cancelled_at", "presenter"}
    ),
    "Participant": frozenset({"id", "meeting", "user", "name", "discipline", "present"}),
    "AgendaItem": frozenset(
        {"id", "meeting", "case", "position", "gate", "rules", "added_by", "added_at"}
    ),
    "ItemMark": frozenset({"id", "item", "revision", "mark", "by", "at"}),
    "JournalLine": frozenset(
        {"id", "centre", "sequence", "table", "row", "content", "key_id", "digest"}
    ),
    "Recommendation": frozenset({"id", "case", "number", "entry", "item"}),
    "RecommendationRevision": frozenset(
        {"id", "entry", "revision", "recommendation", "stage", "gate", "intent", "options"}
        | {"option", "salvage_class", "rests_on", "rests_on_none", "head", "digest"}
    ),
    "OutcomeRevision": frozenset(
        {"id", "entry", "revision", "recommendation", "done", "not_done", "withdrawn"}
    ),
    "ClearanceRevision": frozenset(
        {"id", "entry", "revision", "case", "kind", "answer", "not_eligible", "withdrawn"}
    ),
    "EventRevision": frozenset(
        {"id", "entry", "revision", "event", "kind", "grade", "cause", "withdrawn"}
    ),
}
"""By model, every other field."""
