"""What happened to the account of a member of staff: made, given a new password, closed."""

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
                condition=Q(act="chosen", centre__isnull=True, by=models.F("user"))
                | (~Q(act="chosen") & Q(centre__isnull=False) & ~Q(by=models.F("user"))),
                name="account_changed_by_somebody_else",
                violation_error_message=_(
                    "People choose their own password; all else is done by an administrator."
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} {self.act}"
