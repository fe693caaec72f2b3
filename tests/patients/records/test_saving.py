"""One save is one entry: numbered, sealed, once per token, all of it or nothing."""

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from patients.models import (
    Assessment,
    AssessmentDate,
    Case,
    Centre,
    Demographics,
    Entry,
    Observation,
    Patient,
    Revision,
    Role,
    Slot,
    TreatmentRevision,
    User,
)
from patients.records.chain import breaks
from patients.records.opening import CaseExists, open_case
from patients.records.saving import Conflict, ReasonMissing, Refused, TokenReused
from patients.records.snapshots import snapshot_of
from riskfactors.domain.vocabulary import Sex
from tests.patients import courses
from tests.patients.courses import INFUSION_DAY, infusion, record, value, values, visit


@pytest.fixture
def ana(db: None) -> User:
    return courses.person("ana.ruiz", Role.CLINICIAN)


@pytest.fixture
def case(ana: User) -> Case:
    return courses.case(ana, *visit(ecog="1"))


# Entries


def test_each_save_is_the_next_entry_and_says_who_when_and_why(case: Case, ana: User) -> None:
    before = timezone.now()

    record(case, ana, value(infusion(case), "crp", "12.50", unit="mg/L"))
    record(case, ana, value(infusion(case), "ecog", "2", revision=2), reason="read wrongly")

    entries = Entry.objects.filter(case=case).order_by("sequence")
    assert list(entries.values_list("sequence", "action", "reason", "recorded_by")) == [
        (1, "opened", "", ana.pk),
        (2, "recorded", "", ana.pk),
        (3, "corrected", "read wrongly", ana.pk),
    ]
    assert before <= entries[1].recorded_at <= entries[2].recorded_at <= timezone.now()
    assert breaks(case) == []


def test_a_value_is_kept_as_it_was_typed(case: Case, ana: User) -> None:
    record(case, ana, value(infusion(case), "crp", "12.50", unit="mg/L"))

    assert Observation.objects.get(variable="crp").value == "12.50"
    assert str(values(case)["crp"]) == "12.50"


def test_a_correction_keeps_the_old_value_and_a_withdrawal_both(case: Case, ana: User) -> None:
    at = infusion(case)
    record(case, ana, value(at, "ecog", "2", revision=2), reason="read wrongly")
    record(case, ana, value(at, "ecog", "", revision=3, withdrawn=True), reason="another patient")

    history = Observation.objects.filter(variable="ecog").order_by("revision")

    assert list(history.values_list("value", "withdrawn")) == [
        ("1", False),
        ("2", False),
        ("", True),
    ]
    assert values(case) == {}


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_correction_without_a_reason_is_refused(reason: str, case: Case, ana: User) -> None:
    with pytest.raises(ReasonMissing):
        record(case, ana, value(infusion(case), "ecog", "2", revision=2), reason=reason)

    assert values(case) == {"ecog": 1}


def test_treatments_events_and_the_person_are_corrected_alike(ana: User) -> None:
    case = courses.case(ana, *visit(), courses.line("R-CHOP"), courses.event("infection"))
    treatment = TreatmentRevision.objects.get().treatment
    person = Demographics(case=case, revision=2, birth_date=date(1975, 1, 1), sex=Sex.MALE)

    again = TreatmentRevision(
        treatment=treatment, revision=2, role="line", regimen="R-DHAP", start=date(2020, 1, 2)
    )
    record(case, ana, again, person, reason="letter of the other hospital")

    known = courses.known(case)
    assert [(t.regimen, t.start) for t in known.treatments] == [("R-DHAP", date(2020, 1, 2))]
    assert (known.birth_date, known.sex) == (date(1975, 1, 1), Sex.MALE)


def test_a_withdrawn_visit_takes_its_values_along_and_can_return(case: Case, ana: User) -> None:
    at = infusion(case)
    record(case, ana, AssessmentDate(assessment=at, revision=2, date=None), reason="not his")
    without = courses.known(case).assessments
    record(case, ana, AssessmentDate(assessment=at, revision=3, date=INFUSION_DAY), reason="it was")

    assert without == ()
    assert values(case) == {"ecog": 1}


# Refusals


@pytest.mark.parametrize(
    ("statements", "place"),
    [
        (lambda at: [value(at, "ldh", "300,5")], "infusion.ldh"),
        (lambda at: [value(at, "shoe_size", "43")], "infusion.shoe_size"),
        (lambda at: [value(at, "crp", "12000", unit="mg/L")], "infusion.crp"),
        (lambda at: [value(at, "crp", "12", unit="stone")], "infusion.crp"),
        (lambda at: [value(at, "crp", "", absent="lost")], "assessments[0].observations.crp"),
        (lambda at: visit("day_7", date(2024, 3, 1)), "assessments[1].date"),
        (lambda at: [courses.event("wedding")], "events[0].kind"),
        (lambda at: [courses.line(end=date(2019, 1, 1))], "treatments[0].end"),
        (lambda at: [courses.line(role="bridging")], "treatments[0].modality"),
    ],
)
def test_what_no_case_document_could_say_is_refused_with_its_place(
    statements: Callable[[Assessment], list[Revision]], place: str, case: Case, ana: User
) -> None:
    with pytest.raises(Refused) as refused:
        record(case, ana, *statements(infusion(case)))

    assert [problem.place.removesuffix(".absent") for problem in refused.value.problems] == [place]
    assert (case.entries.count(), values(case)) == (1, {"ecog": 1})


def test_a_statement_about_another_case_is_refused(case: Case, ana: User) -> None:
    other = courses.case(ana, *visit(), case_id="A-2")

    with pytest.raises(ValueError, match="another case"):
        record(case, ana, value(infusion(other), "crp", "12"))

    with pytest.raises(ValueError, match="without its date"):
        record(case, ana, value(Assessment(milestone="day_7"), "crp", "12"))


def test_nobody_writes_without_the_right(case: Case, ana: User) -> None:
    people = [
        courses.person("reader", Role.READER),
        courses.person("chair", Role.CHAIR),
        courses.person("head", Role.ADMINISTRATOR),
        courses.person("elsewhere", Role.CLINICIAN, at=courses.centre("MAD")),
    ]

    for somebody in people:
        with pytest.raises(Case.DoesNotExist):
            record(case, somebody, value(infusion(case), "crp", "12"))
        with pytest.raises(Centre.DoesNotExist):
            courses.case(somebody, case_id="A-2")

    assert (case.entries.count(), Case.objects.count()) == (1, 1)


# Conflicts: what two people wrote one after the other; races have a module of their own


def test_the_second_of_two_corrections_sees_all_three_values(case: Case, ana: User) -> None:
    at = infusion(case)
    record(case, ana, value(at, "ecog", "2", revision=2), reason="mine")

    with pytest.raises(Conflict) as conflict:
        record(case, ana, value(at, "ecog", "3", revision=2), reason="theirs")

    (clash,) = conflict.value.clashes
    said = [getattr(row, "value", None) for row in (clash.seen, clash.mine, clash.current)]
    assert said == ["1", "3", "2"]
    assert values(case) == {"ecog": 2}


def test_the_second_first_value_of_a_milestone_meets_the_first(case: Case, ana: User) -> None:
    record(case, ana, *visit("day_28", date(2024, 4, 3), response="CR"))

    with pytest.raises(Conflict) as conflict:
        record(case, ana, *visit("day_28", date(2024, 4, 4), response="PR", ecog="0"))

    said = [(clash.seen, clash.mine, clash.current) for clash in conflict.value.clashes]
    day, response = said
    assert [getattr(row, "date", None) for row in day] == [
        None,
        date(2024, 4, 4),
        date(2024, 4, 3),
    ]
    assert [getattr(row, "value", None) for row in response] == [None, "PR", "CR"]
    assert values(case) == {"response": "CR"}


def test_a_revision_that_nobody_can_have_seen_is_a_conflict(case: Case, ana: User) -> None:
    with pytest.raises(Conflict) as conflict:
        record(case, ana, value(infusion(case), "crp", "12", revision=2), reason="why not")

    assert [(clash.seen, clash.current) for clash in conflict.value.clashes] == [(None, None)]


# Double posts


def test_a_hundred_posts_of_one_form_are_one_entry(case: Case, ana: User) -> None:
    token = uuid.uuid4()

    def post() -> int:
        return record(case, ana, value(infusion(case), "crp", "12"), token=token).pk

    first = post()
    again = {post() for _ in range(99)}

    assert again == {first}
    assert (case.entries.count(), Observation.objects.filter(variable="crp").count()) == (2, 1)


def test_a_new_visit_posted_twice_is_one(case: Case, ana: User) -> None:
    token = uuid.uuid4()

    entries = {
        record(case, ana, *visit("interim", INFUSION_DAY, crp="1"), token=token).pk
        for _ in range(2)
    }

    assert (len(entries), Assessment.objects.filter(case=case).count()) == (1, 2)


def test_a_used_form_with_other_content_is_not_taken_for_saved(case: Case, ana: User) -> None:
    token = uuid.uuid4()
    record(case, ana, value(infusion(case), "crp", "12"), token=token)

    with pytest.raises(TokenReused):
        record(case, ana, value(infusion(case), "crp", "13"), token=token)

    assert str(values(case)["crp"]) == "12"


def open_twice(ana: User, token: uuid.UUID, second: str = "A-9") -> list[Case]:
    return [
        open_case(
            patient=Patient(centre=courses.centre(), name="Invented", hospital_number="9"),
            case_id=case_id,
            birth_date=date(1974, 1, 1),
            sex=Sex.MALE,
            by=ana,
            token=token,
        ).case
        for case_id in ("A-9", second)
    ]


def test_a_case_registered_twice_is_one_patient_and_one_case(ana: User) -> None:
    first, again = open_twice(ana, uuid.uuid4())

    assert first == again
    assert (Case.objects.count(), Patient.objects.count()) == (1, 1)


def test_a_pseudonym_is_given_once_in_a_centre(case: Case, ana: User) -> None:
    with pytest.raises(CaseExists):
        courses.case(ana, case_id="A-1")

    assert Case.objects.count() == 1


def test_a_second_infusion_is_a_second_case_of_the_patient(case: Case, ana: User) -> None:
    second = open_case(
        patient=case.patient,
        case_id="A-1-2",
        birth_date=date(1974, 1, 1),
        sex=Sex.FEMALE,
        by=ana,
        token=uuid.uuid4(),
    ).case

    assert list(case.patient.cases.order_by("pk")) == [case, second]
    assert second.public_id != case.public_id


# Failures


class FailsAt:
    """Lets the n-th statement fail, or the n-th once something is being written."""

    def __init__(self, number: int, *, once_writing: bool = False) -> None:
        self.left = number
        self.counts = not once_writing

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.counts |= sql.startswith(("INSERT", "UPDATE", "DELETE"))
        self.left -= self.counts
        if self.left == 0:
            raise DatabaseError("as if the disk were full")
        return execute(sql, params, many, context)


def rows() -> dict[str, int]:
    """How many rows stand in each table that a save writes."""
    models = [m for m in apps.get_models() if issubclass(m, (Slot, Revision, Entry, Case, Patient))]
    return {model.__name__: model._default_manager.count() for model in models}


def everything(case: Case, ana: User) -> None:
    record(
        case,
        ana,
        *visit("day_28", date(2024, 4, 3), response="CR", crp="3"),
        value(infusion(case), "ecog", "2", revision=2),
        courses.line(),
        courses.event("infection"),
        reason="all at once",
    )


def registering(_case: Case, ana: User) -> None:
    courses.case(ana, *visit(crp="3"), courses.line(), case_id="A-2")


@pytest.mark.parametrize("act", [everything, registering])
def test_whichever_statement_fails_nothing_is_half_saved(
    act: Callable[[Case, User], None], case: Case, ana: User
) -> None:
    before, failing = rows(), 0

    while True:
        failing += 1
        failure = FailsAt(failing)
        try:
            with connection.execute_wrapper(failure), transaction.atomic():
                act(case, ana)
            break
        except (DatabaseError, ValidationError):  # Django takes some for a broken constraint
            assert rows() == before, failing

    assert failing > 15
    assert failure.left > 0
    assert rows() != before
    assert breaks(case) == []


def test_refused_by_the_database_in_the_middle_nothing_is_half_saved(case: Case, ana: User) -> None:
    """Two statements about one slot in one save: the second breaks its uniqueness."""
    before = rows()

    with pytest.raises(DatabaseError), transaction.atomic():
        record(case, ana, *(value(infusion(case), "crp", typed) for typed in ("1", "2")))

    assert rows() == before


def test_known_then_is_what_had_been_recorded_then(case: Case, ana: User) -> None:
    first = case.entries.get()
    second = record(case, ana, value(infusion(case), "ecog", "2", revision=2), reason="wrong")

    then, now = (
        snapshot_of(case, as_of=date.max, known_at=entry.recorded_at) for entry in (first, second)
    )

    assert [s.assessments[0].observations["ecog"].value for s in (then, now)] == [1, 2]
