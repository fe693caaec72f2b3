"""What was recorded about a case: entries, and the slots and revisions that each entry wrote."""

from typing import Any, ClassVar, Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from patients.models.append_only import (
    Record,
    Revision,
    Slot,
    counted_from_one,
    numbered_once,
    one_of,
    revised_once,
    withdrawn_later,
)
from patients.models.cases import Case
from patients.models.people import User
from riskfactors.domain import vocabulary
from riskfactors.domain.timepoints import Milestone

CLASS_CODES = sorted({code for classes in vocabulary.CLASSES.values() for code in classes})


class Action(models.TextChoices):
    """What an entry was made for."""

    OPENED = "opened", _("Case opened")
    IMPORTED = "imported", _("Case imported")
    RECORDED = "recorded", _("Recorded")
    CORRECTED = "corrected", _("Corrected")
    DRAFTED = "drafted", _("Recommendation drafted")
    SIGNED = "signed", _("Recommendation signed")
    AMENDED = "amended", _("Recommendation amended")
    FOLLOWED_UP = "followed_up", _("Recommendation followed up")


BOARD_ACTIONS: Final = (Action.DRAFTED, Action.SIGNED, Action.AMENDED, Action.FOLLOWED_UP)
"""Entries that tell what a board recommended, and nothing of the course of the case."""


class Entry(Record):
    """One save: the audit line, the guard against double posts, the link of the case's chain."""

    case = models.ForeignKey(Case, models.PROTECT, db_index=False, related_name="entries")
    sequence = models.PositiveIntegerField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="entries")
    action = models.CharField(max_length=20, choices=Action.choices)
    reason = models.TextField(blank=True)
    token = models.UUIDField(unique=True)
    request = models.CharField(max_length=64)  # keyed digest of what was asked for, for the token
    key_id = models.CharField(max_length=50)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name_plural = "entries"
        constraints = (
            models.UniqueConstraint(
                fields=["case", "sequence"],
                name="entry_sequence_once",
                violation_error_message=_("Somebody else has saved this case at the same moment."),
            ),
            one_of("action", Action.values, name="entry_action_known"),
            models.CheckConstraint(
                condition=Q(sequence__gte=1),
                name="entry_counted_from_one",
                violation_error_message=_("Entries are counted from 1."),
            ),
            models.CheckConstraint(
                condition=~Q(action__in=["corrected", "amended"], reason=""),
                name="entry_correction_has_a_reason",
                violation_error_message=_("Say why this is corrected."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.case} {self.sequence}"


class Assessment(Slot):
    """A visit of a case; its date is a statement of its own."""

    milestone = models.CharField(max_length=20)

    class Meta:
        constraints = (
            numbered_once("assessment_numbered_once"),
            models.UniqueConstraint(
                fields=["case", "milestone"],
                condition=~Q(milestone=Milestone.INTERIM.value),
                name="assessment_milestone_once",
                violation_error_message=_("This milestone has been recorded already."),
            ),
            one_of("milestone", Milestone, name="assessment_milestone_known"),
        )

    def __str__(self) -> str:
        return f"{self.case} {self.milestone}"

    def begun_in(self, case: Any) -> "Assessment | None":
        if self.milestone == Milestone.INTERIM:
            return None
        return Assessment.objects.filter(case=case, milestone=self.milestone).first()


class AssessmentDate(Revision):
    """When a visit was; without a date the visit is withdrawn, and its observations with it."""

    SLOT: ClassVar[tuple[str, ...]] = ("assessment",)

    assessment = models.ForeignKey(Assessment, models.PROTECT, db_index=False)
    date = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (
            revised_once("assessment", name="assessment_date_revised_once"),
            counted_from_one("assessment_date_counted_from_one"),
            withdrawn_later(Q(date__isnull=False), name="assessment_date_withdrawn_later"),
        )
        indexes = (models.Index(fields=["date", "assessment"], name="assessment_date_in_time"),)

    def __str__(self) -> str:
        return f"{self.assessment} {self.date}"


class Observation(Revision):
    """A variable at a visit: a value as it was typed, the reason why there is none, or neither.

    With a `comparator` it is only known on which side of the value it lies.

    Without `observed_on` it was observed on the day of the visit. `confirmed`: it is unusual, and
    somebody said that it is meant.
    """

    SLOT: ClassVar[tuple[str, ...]] = ("assessment", "variable")

    assessment = models.ForeignKey(Assessment, models.PROTECT, db_index=False)
    variable = models.CharField(max_length=80)
    value = models.TextField(blank=True)
    comparator = models.CharField(max_length=2, blank=True)
    unit = models.CharField(max_length=40, blank=True)
    upper_limit = models.TextField(blank=True)
    observed_on = models.DateField(null=True, blank=True)
    absent = models.CharField(max_length=40, blank=True)
    note = models.TextField(blank=True)
    confirmed = models.BooleanField(default=False)
    withdrawn = models.BooleanField(default=False)

    class Meta:
        constraints = (
            revised_once("assessment", "variable", name="observation_revised_once"),
            counted_from_one("observation_counted_from_one"),
            withdrawn_later(Q(withdrawn=False), name="observation_withdrawn_later"),
            models.CheckConstraint(
                condition=(~Q(value="") & Q(absent="", withdrawn=False))
                | (Q(value="", withdrawn=False) & ~Q(absent=""))
                | Q(value="", absent="", withdrawn=True),
                name="observation_says_one_thing",
                violation_error_message=_(
                    "Give a value or the reason why there is none, or withdraw what was recorded."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(value="") | Q(comparator="", unit="", upper_limit="", confirmed=False),
                name="observation_unit_needs_a_value",
                violation_error_message=_(
                    "A comparator, a unit and an upper limit belong to a value."
                ),
            ),
            one_of("comparator", ["", *vocabulary.Comparator], name="observation_comparator_known"),
        )

    def __str__(self) -> str:
        return f"{self.assessment} {self.variable} {self.revision}"


class Treatment(Slot):
    """A treatment of a case; what it was is a statement of its own."""

    class Meta:
        constraints = (numbered_once("treatment_numbered_once"),)

    def __str__(self) -> str:
        return f"{self.case} {self.number}"


class TreatmentRevision(Revision):
    """What a treatment was, or that it is withdrawn."""

    SLOT: ClassVar[tuple[str, ...]] = ("treatment",)

    treatment = models.ForeignKey(Treatment, models.PROTECT, db_index=False)
    role = models.CharField(max_length=20, blank=True)
    regimen = models.TextField(blank=True)
    modality = models.CharField(max_length=20, blank=True)
    treatment_class = models.CharField(max_length=40, blank=True)
    start = models.DateField(null=True, blank=True)
    end = models.DateField(null=True, blank=True)
    best_response = models.CharField(max_length=2, blank=True)
    response_on = models.DateField(null=True, blank=True)
    withdrawn = models.BooleanField(default=False)

    class Meta:
        constraints = (
            revised_once("treatment", name="treatment_revised_once"),
            counted_from_one("treatment_counted_from_one"),
            withdrawn_later(Q(withdrawn=False), name="treatment_withdrawn_later"),
            one_of("role", ["", *vocabulary.Role], name="treatment_role_known"),
            one_of("modality", ["", *vocabulary.Modality], name="treatment_modality_known"),
            one_of("treatment_class", ["", *CLASS_CODES], name="treatment_class_known"),
            one_of("best_response", ["", *vocabulary.Response], name="treatment_response_known"),
            models.CheckConstraint(
                condition=(Q(withdrawn=False, start__isnull=False) & ~Q(role=""))
                | Q(withdrawn=True, start__isnull=True, role=""),
                name="treatment_says_one_thing",
                violation_error_message=_("Give a role and a start, or withdraw the treatment."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.treatment} {self.revision}"


class Event(Slot):
    """Something that happened in a case; what it was is a statement of its own."""

    class Meta:
        constraints = (numbered_once("event_numbered_once"),)

    def __str__(self) -> str:
        return f"{self.case} {self.number}"


class EventRevision(Revision):
    """What happened and when, or that it is withdrawn."""

    SLOT: ClassVar[tuple[str, ...]] = ("event",)

    event = models.ForeignKey(Event, models.PROTECT, db_index=False)
    kind = models.CharField(max_length=40, blank=True)
    date = models.DateField(null=True, blank=True)
    end = models.DateField(null=True, blank=True)
    grade = models.PositiveSmallIntegerField(null=True, blank=True)
    cause = models.CharField(max_length=40, blank=True)
    note = models.TextField(blank=True)
    withdrawn = models.BooleanField(default=False)

    class Meta:
        constraints = (
            revised_once("event", name="event_revised_once"),
            counted_from_one("event_counted_from_one"),
            withdrawn_later(Q(withdrawn=False), name="event_withdrawn_later"),
            models.CheckConstraint(
                condition=(Q(withdrawn=False, date__isnull=False) & ~Q(kind=""))
                | Q(withdrawn=True, date__isnull=True, kind=""),
                name="event_says_one_thing",
                violation_error_message=_("Give what happened and when, or withdraw the event."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.event} {self.revision}"
