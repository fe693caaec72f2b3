"""What happened to accounts of staff, and to what a centre asks of whoever signs in."""

from typing import Final

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from patients.models.append_only import Record, one_of
from patients.models.people import Centre, User


class AccountAct(models.TextChoices):
    """What was done to an account."""

    MADE = "made", _("Account made")
    RESET = "reset", _("Password reset")
    CHOSEN = "chosen", _("Own password chosen")
    CLOSED = "closed", _("Account closed")
    REOPENED = "reopened", _("Account opened again")
    FACTOR_ADDED = "factor_added", _("Second factor set up")
    FACTOR_REMOVED = "factor_removed", _("Second factor removed")
    FACTOR_RESET = "factor_reset", _("Second factors reset")
    CODES_MADE = "codes_made", _("Recovery codes made")


OWN_ACTS: Final = (
    AccountAct.CHOSEN,
    AccountAct.FACTOR_ADDED,
    AccountAct.FACTOR_REMOVED,
    AccountAct.CODES_MADE,
)
"""What people do to their own account; all else is done by an administrator."""
_OWN: Final = [act.value for act in OWN_ACTS]


class AccountChange(Record):
    """An administrator of a centre, or the person, did something to the person's account."""

    user = models.ForeignKey(User, models.PROTECT, related_name="account_changes")
    act = models.CharField(max_length=20, choices=AccountAct.choices)
    centre = models.ForeignKey(
        Centre, models.PROTECT, null=True, blank=True, related_name="account_changes"
    )
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            one_of("act", AccountAct.values, name="account_act_known"),
            models.CheckConstraint(
                condition=Q(act__in=_OWN, centre__isnull=True, by=models.F("user"))
                | (~Q(act__in=_OWN) & Q(centre__isnull=False) & ~Q(by=models.F("user"))),
                name="account_changed_by_somebody_else",
                violation_error_message=_(
                    "People choose their own password and second factor;"
                    " all else is done by an administrator."
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} {self.act}"


class CentreRule(models.TextChoices):
    """What a centre may ask or allow, by the name of its field."""

    SECOND_FACTOR = "asks_second_factor", _("A second factor is asked for")
    EMERGENCY = "opens_in_emergency", _("Cases can be opened in an emergency")


class CentreChange(Record):
    """An administrator of a centre changed one of its rules."""

    centre = models.ForeignKey(Centre, models.PROTECT, related_name="changes")
    rule = models.CharField(max_length=40, choices=CentreRule.choices)
    holds = models.BooleanField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (one_of("rule", CentreRule.values, name="centre_rule_known"),)

    def __str__(self) -> str:
        return f"{self.centre} {self.rule} {self.holds}"
