"""What a board recommended for a case, and what came of it."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from patients.models.append_only import (
    Guard,
    Revision,
    Slot,
    counted_from_one,
    numbered_once,
    one_of,
    revised_once,
    withdrawn_later,
)
from patients.models.meetings import AgendaItem, Gate
from riskfactors.domain import vocabulary


class Stage(models.TextChoices):
    """How far a recommendation is."""

    DRAFT = "draft", _("Draft")
    FINAL = "final", _("Signed")
    AMENDMENT = "amendment", _("Amended")


class Intent(models.TextChoices):
    """What is aimed at."""

    CURE = "cure", _("Long-term remission")
    CONTROL = "control", _("Control of the disease")
    PALLIATION = "palliation", _("Palliation")
    CLARIFICATION = "clarification", _("Clarification")


class Option(models.TextChoices):
    """What a board can recommend."""

    BRIDGING = "bridging", _("Bridging")
    PROCEED = "proceed", _("Proceed as planned")
    DELAY = "delay", _("Delay, or change of product")
    NO_CANDIDATE = "no_candidate", _("Not a candidate for CAR T-cells")
    OBSERVE = "observe", _("Observe")
    REPEAT_PET = "repeat_pet", _("Repeat PET")
    BIOPSY = "biopsy", _("Biopsy")
    RADIOTHERAPY = "radiotherapy", _("Radiotherapy")
    CONSOLIDATION = "consolidation", _("Consolidation")
    TRIAL = "trial", _("Clinical trial")
    SALVAGE = "salvage", _("Salvage treatment")
    PALLIATIVE_CARE = "palliative_care", _("Palliative care")
    FURTHER_TESTS = "further_tests", _("Further tests")
    OTHER = "other", _("Other")


class Recommendation(Slot):
    """The recommendation on one item of an agenda; what it says is a statement of its own."""

    item = models.OneToOneField(AgendaItem, models.PROTECT, related_name="recommendation")

    class Meta:
        constraints = (numbered_once("recommendation_numbered_once"),)

    def __str__(self) -> str:
        return f"{self.case} {self.number}"

    def begun_in(self, case: Any) -> "Recommendation | None":
        return Recommendation.objects.filter(case=case, item=self.item_id).first()


SIGNED = ~Q(stage="draft")
SALVAGE_CLASSES = sorted(vocabulary.CLASSES[vocabulary.Role.SALVAGE])


class RecommendationRevision(Revision):
    """A draft, or what a chair signed and amended, with what the board saw when it was signed.

    `options` are the codes considered, between spaces. `rests_on` are findings, each
    `milestone:factor`, between spaces; resting on none is said, not left open. `head` is the
    sequence of the last entry that was seen, `digest` that of the catalogue, and `seen` the
    findings, scores and missing values as JSON (patients.board.frozen).
    """

    SLOT: ClassVar[tuple[str, ...]] = ("recommendation",)
    GUARDS: ClassVar[tuple[Guard, ...]] = (
        Guard(
            "signed_stays_signed",
            _("What is signed is amended, never drafted anew."),
            """NEW.stage = 'draft' AND EXISTS (
                SELECT 1 FROM patients_recommendationrevision r
                WHERE r.recommendation_id = NEW.recommendation_id AND r.stage <> 'draft')""",
        ),
        Guard(
            "amended_once_signed",
            _("Only what is signed can be amended."),
            """NEW.stage = 'amendment' AND NOT EXISTS (
                SELECT 1 FROM patients_recommendationrevision r
                WHERE r.recommendation_id = NEW.recommendation_id AND r.stage = 'final')""",
        ),
        Guard(
            "signed_by_a_chair",
            _("Only a chair of the centre's board signs."),
            """NEW.stage <> 'draft' AND NOT EXISTS (
                SELECT 1 FROM patients_entry e
                JOIN patients_case c ON c.id = e.case_id
                JOIN patients_membership m ON m.user_id = e.recorded_by_id
                    AND m.centre_id = c.centre_id AND m.role = 'chair'
                WHERE e.id = NEW.entry_id AND NOT EXISTS (
                    SELECT 1 FROM patients_revocation v WHERE v.membership_id = m.id))""",
        ),
        Guard(
            "signed_as_seen",
            _("Something was recorded since this was seen."),
            """NEW.stage <> 'draft' AND EXISTS (
                SELECT 1 FROM patients_entry e
                JOIN patients_entry own ON own.id = NEW.entry_id AND own.case_id = e.case_id
                WHERE e.sequence > NEW.head AND e.id <> own.id
                    AND e.action NOT IN ('drafted', 'signed', 'amended', 'followed_up'))""",
        ),
    )

    recommendation = models.ForeignKey(Recommendation, models.PROTECT, db_index=False)
    stage = models.CharField(max_length=20, choices=Stage.choices)
    gate = models.CharField(max_length=20, choices=Gate.choices)
    question = models.TextField()
    intent = models.CharField(max_length=20, choices=Intent.choices, blank=True)
    options = models.TextField(blank=True)
    option = models.CharField(max_length=20, choices=Option.choices, blank=True)
    salvage_class = models.CharField(max_length=40, blank=True)
    detail = models.TextField(blank=True)
    rationale = models.TextField(blank=True)
    rests_on = models.TextField(blank=True)
    rests_on_none = models.BooleanField(default=False)
    dissent = models.TextField(blank=True)
    responsible = models.CharField(max_length=200, blank=True)
    due_on = models.DateField(null=True, blank=True)
    follow_up_on = models.DateField(null=True, blank=True)
    head = models.PositiveIntegerField(null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    seen = models.TextField(blank=True)

    class Meta:
        constraints = (
            revised_once("recommendation", name="recommendation_revised_once"),
            counted_from_one("recommendation_counted_from_one"),
            models.UniqueConstraint(
                fields=["recommendation", "stage"],
                condition=Q(stage="final"),
                name="recommendation_signed_once",
                violation_error_message=_("Somebody else has signed this in the meantime."),
            ),
            one_of("stage", Stage.values, name="recommendation_stage_known"),
            one_of("gate", Gate.values, name="recommendation_gate_known"),
            one_of("intent", ["", *Intent.values], name="recommendation_intent_known"),
            one_of("option", ["", *Option.values], name="recommendation_option_known"),
            one_of(
                "salvage_class", ["", *SALVAGE_CLASSES], name="recommendation_salvage_class_known"
            ),
            models.CheckConstraint(
                condition=~SIGNED
                | (
                    Q(head__isnull=False)
                    & ~Q(digest="")
                    & ~Q(seen="")
                    & ~Q(intent="")
                    & ~Q(option="")
                    & ~Q(responsible="")
                ),
                name="recommendation_signed_is_complete",
                violation_error_message=_(
                    "What is signed names its intent, the option, who is responsible, and what "
                    "was seen."
                ),
            ),
            models.CheckConstraint(
                condition=~SIGNED
                | Q(rests_on="", rests_on_none=True)
                | (~Q(rests_on="") & Q(rests_on_none=False)),
                name="recommendation_says_what_it_rests_on",
                violation_error_message=_(
                    "Name the findings it rests on, or that it rests on none."
                ),
            ),
            models.CheckConstraint(
                condition=Q(salvage_class="") | Q(option="salvage"),
                name="recommendation_class_is_of_salvage",
                violation_error_message=_("A class of treatment belongs to salvage treatment."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.recommendation} {self.revision}"


class NotDone(models.TextChoices):
    """Why a recommendation was not carried out."""

    MEDICAL = "medical", _("Medical reason")
    WISH = "wish", _("The patient's wish")
    DIED = "died", _("The patient died")
    OTHER = "other", _("Other reason")


class OutcomeRevision(Revision):
    """Whether a recommendation was carried out, and if not why, or that this is withdrawn."""

    SLOT: ClassVar[tuple[str, ...]] = ("recommendation",)

    recommendation = models.ForeignKey(Recommendation, models.PROTECT, db_index=False)
    done = models.BooleanField(default=False)
    not_done = models.CharField(max_length=20, choices=NotDone.choices, blank=True)
    on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)
    withdrawn = models.BooleanField(default=False)

    class Meta:
        constraints = (
            revised_once("recommendation", name="outcome_revised_once"),
            counted_from_one("outcome_counted_from_one"),
            withdrawn_later(Q(withdrawn=False), name="outcome_withdrawn_later"),
            one_of("not_done", ["", *NotDone.values], name="outcome_reason_known"),
            models.CheckConstraint(
                condition=Q(withdrawn=False, done=True, not_done="", on__isnull=False)
                | (Q(withdrawn=False, done=False, on__isnull=False) & ~Q(not_done=""))
                | Q(withdrawn=True, done=False, not_done="", on__isnull=True),
                name="outcome_says_one_thing",
                violation_error_message=_("Say that it was done, or why not, and when."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.recommendation} {self.revision}"
