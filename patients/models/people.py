"""The people who use the site, the centres they work for, and what they may do there."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.core.validators import validate_slug
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from patients.models.append_only import Record, one_of


class User(AbstractUser):
    """A member of staff, who signs in by user name; an electronic mail address is optional."""

    REQUIRED_FIELDS: ClassVar[list[str]] = []

    must_choose_password = models.BooleanField(default=False)
    """The password is one that an administrator has seen: nothing else until another is chosen."""
    guide_put_away = models.BooleanField(default=False)
    """The guide for the first time does not stand above the cases any more."""
    owes_second_factor = False
    """No column: asked with the person who has signed in (patients.people.second_factor)."""


class Centre(models.Model):
    """A hospital's CAR T-cell programme: whose cases they are."""

    code = models.CharField(max_length=20, unique=True, validators=[validate_slug])
    name = models.CharField(max_length=200)
    asks_second_factor = models.BooleanField(default=False)
    """Whoever has a role there sets up a second factor before anything else."""
    opens_in_emergency = models.BooleanField(default=False)
    """Clinicians of other centres can see a case for some hours, for a reason that is on record."""

    def __str__(self) -> str:
        return self.name


class CentreLimit(models.Model):
    """How a centre's laboratory prints a variable: its unit and, as typed, its upper limit of
    normal, "" where it prints none.

    A form starts with the unit; the limit is offered with a value, never taken silently.
    """

    centre = models.ForeignKey(Centre, models.CASCADE, db_index=False, related_name="limits")
    variable = models.CharField(max_length=80)
    unit = models.CharField(max_length=40)
    value = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["centre", "variable"],
                name="centre_limit_once",
                violation_error_message=_("This centre has a limit of this variable already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.centre} {self.variable} {self.value} {self.unit}"


class Role(models.TextChoices):
    """What somebody is at a centre; patients.permissions says what each may do."""

    READER = "reader", _("Reader")
    CLINICIAN = "clinician", _("Clinician")
    DATA_MANAGER = "data_manager", _("Data manager")
    CHAIR = "chair", _("Chair of the board")
    ADMINISTRATOR = "administrator", _("Administrator of people")


class Membership(Record):
    """Somebody was given a role at a centre; it holds until a revocation is added."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    centre = models.ForeignKey(Centre, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    granted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (one_of("role", Role.values, name="membership_role_known"),)

    def __str__(self) -> str:
        return f"{self.user} {self.role} {self.centre}"


class Revocation(Record):
    """A membership ended."""

    membership = models.OneToOneField(Membership, models.PROTECT, related_name="revocation")
    revoked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.membership)
