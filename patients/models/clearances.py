"""What was settled before cells were collected: eligibility, and approval by a panel."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from patients.models.append_only import (
    Revision,
    counted_from_one,
    one_of,
    revised_once,
    withdrawn_later,
)
from patients.models.cases import Case


class ClearanceKind(models.TextChoices):
    """What is settled before cells are collected."""

    ELIGIBILITY = "eligibility", _("Eligibility")
    APPROVAL = "approval", _("Approval by a funder or national panel")


class ClearanceAnswer(models.TextChoices):
    """How it was settled; the first two of eligibility, the others of approval."""

    ELIGIBLE = "eligible", _("Eligible")
    NOT_ELIGIBLE = "not_eligible", _("Not eligible")
    PENDING = "pending", _("Asked for")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")


class NotEligible(models.TextChoices):
    """Why CAR T-cells are not given."""

    PERFORMANCE = "performance", _("Performance status")
    COMORBIDITY = "comorbidity", _("Comorbidity or organ function")
    PROGRESSION = "progression", _("Progression too fast")
    CENTRAL_NERVOUS_SYSTEM = "central_nervous_system", _("Central nervous system disease")
    INFECTION = "infection", _("Infection")
    HISTOLOGY = "histology", _("Histology outside the label")
    OTHER_TREATMENT = "other_treatment", _("Another treatment is preferred")
    WISH = "wish", _("The patient's wish")
    OTHER = "other", _("Other reason")


class ClearanceRevision(Revision):
    """How eligibility or an approval was settled, or that this is withdrawn.

    `by_whom` is the panel, `reference` its number. Referral and consent are events of the course.
    """

    SLOT: ClassVar[tuple[str, ...]] = ("case", "kind")

    case = models.ForeignKey(Case, models.PROTECT, db_index=False)
    kind = models.CharField(max_length=20, choices=ClearanceKind.choices)
    answer = models.CharField(max_length=20, choices=ClearanceAnswer.choices, blank=True)
    not_eligible = models.CharField(max_length=40, choices=NotEligible.choices, blank=True)
    by_whom = models.CharField(max_length=200, blank=True)
    reference = models.CharField(max_length=200, blank=True)
    on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)
    withdrawn = models.BooleanField(default=False)

    class Meta:
        constraints = (
            revised_once("case", "kind", name="clearance_revised_once"),
            counted_from_one("clearance_counted_from_one"),
            withdrawn_later(Q(withdrawn=False), name="clearance_withdrawn_later"),
            one_of("kind", ClearanceKind.values, name="clearance_kind_known"),
            one_of("not_eligible", ["", *NotEligible.values], name="clearance_reason_known"),
            models.CheckConstraint(
                condition=Q(withdrawn=True, answer="", on__isnull=True)
                | Q(
                    withdrawn=False,
                    on__isnull=False,
                    kind="eligibility",
                    answer__in=["eligible", "not_eligible"],
                )
                | Q(
                    withdrawn=False,
                    on__isnull=False,
                    kind="approval",
                    answer__in=["pending", "approved", "refused"],
                ),
                name="clearance_says_one_thing",
                violation_error_message=_("Give an answer and its day, or withdraw it."),
            ),
            models.CheckConstraint(
                condition=(Q(answer="not_eligible") & ~Q(not_eligible=""))
                | (~Q(answer="not_eligible") & Q(not_eligible="")),
                name="clearance_not_eligible_has_a_reason",
                violation_error_message=_("Say why CAR T-cells are not given."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.case} {self.kind} {self.revision}"
