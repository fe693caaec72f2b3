"""What the database promises by itself, each promise with a message for people."""

from copy import copy
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from patients.models import (
    Access,
    AccountChange,
    AgendaItem,
    Assessment,
    AssessmentDate,
    BoardSetting,
    Case,
    CentreChange,
    CentreLimit,
    ClearanceRevision,
    Demographics,
    Draft,
    Emergency,
    Entry,
    Event,
    EventRevision,
    FormerIdentity,
    ItemMark,
    JournalLine,
    ListAccess,
    Meeting,
    Membership,
    Observation,
    OutcomeRevision,
    Participant,
    Patient,
    Recommendation,
    RecommendationRevision,
    Role,
    SearchKey,
    Treatment,
    TreatmentRevision,
    User,
)
from patients.models.identifying import IDENTIFYING, NOT_IDENTIFYING
from patients.records import journal
from tests.patients import boards, courses

OURS = list(apps.get_app_config("patients").get_models())
CONSTRAINTS = {c.name: (model, c) for model in OURS for c in model._meta.constraints}
DAY = courses.INFUSION_DAY
NEW: dict[str, type[models.Model]] = {
    "treatment": Treatment,
    "event": Event,
    "recommendation": Recommendation,
    "meeting": Meeting,
}
VIOLATIONS: dict[str, tuple[type[models.Model], dict[str, Any]]] = {
    "centre_limit_once": (CentreLimit, {"variable": "ldh"}),
    "membership_role_known": (Membership, {"role": "owner"}),
    "patient_hospital_number_once": (Patient, {"hospital_number": "A-1"}),
    "former_identity_sex_known": (FormerIdentity, {"sex": "f"}),
    "case_id_once_in_a_centre": (Case, {"case_id": "A-1"}),
    "demographics_revised_once": (Demographics, {"revision": 1}),
    "demographics_counted_from_one": (Demographics, {"revision": 0}),
    "demographics_sex_known": (Demographics, {"revision": 2, "sex": "f"}),
    "entry_sequence_once": (Entry, {"sequence": 1}),
    "entry_counted_from_one": (Entry, {"sequence": 0}),
    "entry_action_known": (Entry, {"action": "edited"}),
    "entry_correction_has_a_reason": (Entry, {"action": "corrected", "reason": ""}),
    "access_kind_known": (Access, {"kind": "borrowed"}),
    "list_access_kind_known": (ListAccess, {"kind": "all"}),
    "access_by_somebody": (Access, {"user": None, "account": ""}),
    "emergency_has_a_reason": (Emergency, {"reason": ""}),
    "account_act_known": (AccountChange, {"act": "renamed"}),
    "account_changed_by_somebody_else": (AccountChange, {"centre": None}),
    "journal_line_once": (JournalLine, {"sequence": 1}),
    "journal_line_of_the_site_once": (JournalLine, {"centre": None, "sequence": 1}),
    "journal_line_counted_from_one": (JournalLine, {"sequence": 0}),
    "centre_rule_known": (CentreChange, {"rule": "asks_for_a_coffee"}),
    "assessment_numbered_once": (Assessment, {"number": 1, "milestone": "interim"}),
    "assessment_milestone_once": (Assessment, {"number": 2, "milestone": "infusion"}),
    "assessment_milestone_known": (Assessment, {"number": 2, "milestone": "day_8"}),
    "assessment_date_revised_once": (AssessmentDate, {"revision": 1, "date": DAY}),
    "assessment_date_counted_from_one": (AssessmentDate, {"revision": 0, "date": DAY}),
    "assessment_date_withdrawn_later": (AssessmentDate, {"revision": 1, "date": None}),
    "observation_revised_once": (Observation, {"revision": 1}),
    "observation_counted_from_one": (Observation, {"revision": 0}),
    "observation_withdrawn_later": (
        Observation,
        {"variable": "crp", "revision": 1, "value": "", "withdrawn": True},
    ),
    "observation_says_one_thing": (Observation, {"absent": "not-performed"}),
    "observation_unit_needs_a_value": (
        Observation,
        {"value": "", "absent": "not-performed", "unit": "U/L"},
    ),
    "observation_comparator_known": (Observation, {"comparator": "~"}),
    "treatment_numbered_once": (Treatment, {"number": 1}),
    "treatment_revised_once": (TreatmentRevision, {"revision": 1}),
    "treatment_counted_from_one": (TreatmentRevision, {"revision": 0}),
    "treatment_withdrawn_later": (
        TreatmentRevision,
        {"treatment": None, "revision": 1, "role": "", "start": None, "withdrawn": True},
    ),
    "treatment_role_known": (TreatmentRevision, {"role": "first"}),
    "treatment_modality_known": (TreatmentRevision, {"modality": "oral"}),
    "treatment_class_known": (TreatmentRevision, {"treatment_class": "pola"}),
    "treatment_response_known": (TreatmentRevision, {"best_response": "NE"}),
    "treatment_says_one_thing": (TreatmentRevision, {"start": None}),
    "search_key_once": (SearchKey, {"key": "a1"}),
    "event_numbered_once": (Event, {"number": 1}),
    "event_revised_once": (EventRevision, {"revision": 1}),
    "event_counted_from_one": (EventRevision, {"revision": 0}),
    "event_withdrawn_later": (
        EventRevision,
        {"event": None, "revision": 1, "kind": "", "date": None, "withdrawn": True},
    ),
    "event_says_one_thing": (EventRevision, {"withdrawn": True}),
    "draft_once": (Draft, {"place": "/a/"}),
    "board_setting_once": (BoardSetting, {"kind": "follow_up"}),
    "board_setting_kind_known": (BoardSetting, {"kind": "tumour"}),
    "meeting_numbered_once": (Meeting, {"number": 1}),
    "meeting_kind_known": (Meeting, {"kind": "tumour"}),
    "meeting_closed_by_somebody": (Meeting, {"closed_at": timezone.now()}),
    "meeting_cancelled_by_somebody": (Meeting, {"cancelled_at": timezone.now()}),
    "participant_once": (Participant, {"name": "Clara Chair"}),
    "participant_discipline_known": (Participant, {"discipline": "surgery"}),
    "agenda_item_once": (AgendaItem, {"meeting": None}),
    "agenda_item_gate_known": (AgendaItem, {"gate": "day_7"}),
    "item_mark_revised_once": (ItemMark, {"revision": 1}),
    "item_mark_counted_from_one": (ItemMark, {"revision": 0}),
    "item_mark_known": (ItemMark, {"mark": "later"}),
    "item_mark_has_a_reason": (ItemMark, {"mark": "all_the_same"}),
    "recommendation_numbered_once": (Recommendation, {"number": 1}),
    "recommendation_revised_once": (RecommendationRevision, {"revision": 1}),
    "recommendation_counted_from_one": (RecommendationRevision, {"revision": 0}),
    "recommendation_signed_once": (RecommendationRevision, {"stage": "final"}),
    "recommendation_stage_known": (RecommendationRevision, {"stage": "agreed"}),
    "recommendation_gate_known": (RecommendationRevision, {"gate": "day_7"}),
    "recommendation_intent_known": (RecommendationRevision, {"intent": "hope"}),
    "recommendation_option_known": (RecommendationRevision, {"option": "prayer"}),
    "recommendation_salvage_class_known": (
        RecommendationRevision,
        {"option": "salvage", "salvage_class": "pola"},
    ),
    "recommendation_signed_is_complete": (RecommendationRevision, {"intent": ""}),
    "recommendation_says_what_it_rests_on": (RecommendationRevision, {"rests_on_none": False}),
    "recommendation_class_is_of_salvage": (
        RecommendationRevision,
        {"salvage_class": "bispecific"},
    ),
    "outcome_revised_once": (OutcomeRevision, {"revision": 1}),
    "outcome_counted_from_one": (OutcomeRevision, {"revision": 0}),
    "outcome_withdrawn_later": (
        OutcomeRevision,
        {"recommendation": None, "revision": 1, "done": False, "on": None, "withdrawn": True},
    ),
    "outcome_reason_known": (OutcomeRevision, {"done": False, "not_done": "forgotten"}),
    "outcome_says_one_thing": (OutcomeRevision, {"not_done": "died"}),
    "clearance_revised_once": (ClearanceRevision, {"revision": 1}),
    "clearance_counted_from_one": (ClearanceRevision, {"revision": 0}),
    "clearance_withdrawn_later": (
        ClearanceRevision,
        {"kind": "approval", "revision": 1, "answer": "", "on": None, "withdrawn": True},
    ),
    "clearance_kind_known": (ClearanceRevision, {"kind": "consent"}),
    "clearance_reason_known": (
        ClearanceRevision,
        {"answer": "not_eligible", "not_eligible": "age"},
    ),
    "clearance_says_one_thing": (ClearanceRevision, {"answer": "approved"}),
    "clearance_not_eligible_has_a_reason": (ClearanceRevision, {"answer": "not_eligible"}),
}


@pytest.fixture(scope="module")
def made_once(kept_for_the_module: None) -> list[models.Model]:
    by = courses.person("ana.ruiz", Role.CLINICIAN)
    case = courses.case(by, *courses.visit(ldh="300"), courses.line(), courses.event())
    entry = case.entries.get()
    about: dict[str, Any] = {"entry": entry, "revision": 2}
    limit: dict[str, Any] = {"centre": case.centre, "unit": "U/L", "value": "250"}
    CentreLimit.objects.create(variable="ldh", **limit)
    journal.add(AccountChange(user=by, act="chosen", by=by))
    draft: dict[str, Any] = {"author": by, "case": case, "token": case.public_id, "typed": {}}
    draft["at"] = timezone.now()
    Draft.objects.create(place="/a/", **draft)
    return [
        CentreLimit(variable="creatinine", **limit),
        Membership(user=by, centre=case.centre, role=Role.READER, granted_by=by),
        Patient(centre=case.centre, name="Invented", hospital_number="A-2"),
        FormerIdentity(patient=case.patient, entry=entry, birth_date=DAY, sex="male"),
        Case(centre=case.centre, patient=case.patient, case_id="A-2"),
        Demographics(case=case, birth_date=DAY, sex="male", **about),
        SearchKey(case=case, centre=case.centre, key="a2"),
        _second(entry),
        Draft(place="/b/", **draft),
        Access(case=case, user=by, kind="looked"),
        JournalLine(centre=case.centre, sequence=99, table="access", row=1, key_id="test"),
        ListAccess(centre=case.centre, user=by, kind="worklist", cases=[case.pk]),
        AccountChange(user=courses.person("new"), act="made", centre=case.centre, by=by),
        Emergency(
            access=Access.objects.create(case=case, user=by, kind="emergency"),
            reason="Fever",
            until=timezone.now(),
        ),
        CentreChange(centre=case.centre, rule="asks_second_factor", holds=True, by=by),
        Assessment(case=case, number=2, milestone="day_7", entry=entry),
        AssessmentDate(assessment=courses.infusion(case), date=DAY, **about),
        courses.value(courses.infusion(case), "ldh", "310", 2, entry=entry),
        Treatment(case=case, number=2, entry=entry),
        TreatmentRevision(treatment=Treatment.objects.get(), role="line", start=DAY, **about),
        Event(case=case, number=2, entry=entry),
        EventRevision(event=Event.objects.get(), kind="death", date=DAY, **about),
        *_of_a_board(case, by),
    ]


@pytest.fixture
def good(made_once: list[models.Model], db: None) -> dict[type[models.Model], models.Model]:
    """A row of each kind that would be taken, but for what a test changes."""
    return {type(row): copy(row) for row in made_once}


def _of_a_board(case: Case, by: User) -> list[models.Model]:
    boards.followed_up(case, by)
    entry, item = case.entries.latest("sequence"), AgendaItem.objects.get()
    setting: dict[str, Any] = {"centre": case.centre, "kind": "follow_up"}
    BoardSetting.objects.create(**setting)
    Participant.objects.create(meeting=item.meeting, name="Clara Chair", discipline="haematology")
    planned = {"kind": "follow_up", "held_on": DAY, "quorum": 3, "minutes": 10, "planned_by": by}
    meeting = Meeting.objects.create(centre=case.centre, number=2, **planned)
    chaired = case.entries.get(action="signed")
    return [
        BoardSetting(**setting | {"kind": "eligibility"}),
        Meeting(centre=case.centre, number=3, **planned),
        Participant(meeting=item.meeting, name="Rita Reader", discipline="nursing"),
        AgendaItem(
            meeting=meeting, case=case, position=1, gate="day_28", question="?", added_by=by
        ),
        ItemMark(item=item, revision=2, mark="no_action", by=by),
        Recommendation(case=case, number=2, item=boards.item(case, by, number=4), entry=entry),
        boards.revision(item, stage="amendment", seen="{}", entry=chaired),
        OutcomeRevision(
            entry=entry,
            recommendation=Recommendation.objects.get(),
            revision=2,
            done=True,
            on=DAY,
        ),
        ClearanceRevision(
            entry=entry, case=case, revision=2, kind="eligibility", answer="eligible", on=DAY
        ),
    ]


def _second(entry: Entry) -> Entry:
    return Entry(
        case=entry.case,
        sequence=99,
        recorded_at=entry.recorded_at,
        recorded_by=entry.recorded_by,
        action="drafted",
        token=entry.case.public_id,
        key_id="test",
    )


def test_every_constraint_has_its_own_message_and_its_violation() -> None:
    words = [c.violation_error_message for _, c in CONSTRAINTS.values()]

    assert models.BaseConstraint.default_violation_error_message not in words
    assert set(VIOLATIONS) == set(CONSTRAINTS)


def test_the_rows_that_are_spoilt_below_are_good(
    good: dict[type[models.Model], models.Model],
) -> None:
    for row in good.values():
        row.save()

    assert all(row.pk for row in good.values())


@pytest.mark.parametrize("name", VIOLATIONS)
def test_each_promise_is_kept_by_the_database(
    name: str, good: dict[type[models.Model], models.Model]
) -> None:
    model, changes = VIOLATIONS[name]
    row = good[model]
    for field, value in changes.items():
        setattr(row, field, value if value is not None or field not in NEW else _new(row, field))

    with pytest.raises(ValidationError) as invalid:
        row.validate_constraints()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)

    assert str(CONSTRAINTS[name][1].violation_error_message) in invalid.value.messages


def _new(row: Any, field: str) -> models.Model:
    """Another slot, so that only the promise under test is broken."""
    if field == "meeting":
        first: Meeting = Meeting.objects.get(number=1)
        return first
    manager: models.Manager[Any] = NEW[field]._default_manager
    more = {"item": boards.item(row.entry.case, row.entry.recorded_by, number=9)}
    about = more if field == "recommendation" else {}
    made: models.Model = manager.create(case=row.entry.case, number=9, entry=row.entry, **about)
    return made


def test_every_field_is_marked_identifying_or_not() -> None:
    fields = {model.__name__: {f.name for f in model._meta.concrete_fields} for model in OURS}

    marked = {name: set(IDENTIFYING.get(name, ())) | NOT_IDENTIFYING[name] for name in fields}
    twice = {n for n in fields if set(IDENTIFYING.get(n, ())) & NOT_IDENTIFYING[n]}

    assert (marked, twice) == (fields, set())


@pytest.mark.django_db
def test_migrations_are_those_of_the_models() -> None:
    out = StringIO()

    call_command("makemigrations", "--check", "--dry-run", stdout=out)

    assert out.getvalue() == "No changes detected\n"


@pytest.mark.django_db
def test_an_observation_has_no_index_but_its_key_and_its_slot() -> None:
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, Observation._meta.db_table)

    indexed = sorted(c["columns"] for c in constraints.values() if c["index"] or c["unique"])
    assert indexed in (
        [["assessment_id", "variable", "revision"]],  # SQLite's key is the table itself
        [["assessment_id", "variable", "revision"], ["id"]],
    )


def test_people_are_not_deleted(good: dict[type[models.Model], models.Model]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.all().delete()
