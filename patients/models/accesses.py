"""Who was shown what: looks at cases, copies of them, refusals, emergencies, looks at lists."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from patients.models.append_only import Record, one_of
from patients.models.cases import Case
from patients.models.people import Centre, User


class AccessKind(models.TextChoices):
    """What somebody did who wrote nothing."""

    LOOKED = "looked", _("Looked at")
    EXPORTED = "exported", _("Exported")
    PRINTED = "printed", _("Printed")
    REVEALED = "revealed", _("Identity shown at a meeting")
    REFUSED = "refused", _("Refused: no right to it")
    EMERGENCY = "emergency", _("Opened in an emergency")


class Access(Record):
    """Somebody looked at a case, took a copy of it or was refused it."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="accesses")
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="accesses")
    account = models.CharField(max_length=200, blank=True)  # of the machine, where no user is named
    at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=20, choices=AccessKind.choices)

    class Meta:
        verbose_name_plural = "accesses"
        constraints = (
            one_of("kind", AccessKind.values, name="access_kind_known"),
            models.CheckConstraint(
                condition=Q(user__isnull=False, account="")
                | (Q(user__isnull=True) & ~Q(account="")),
                name="access_by_somebody",
                violation_error_message=_("Say who it was: a user, or an account of the machine."),
            ),
        )
        indexes = (models.Index(fields=["user", "at", "case"], name="accesses_in_time"),)

    def __str__(self) -> str:
        return f"{self.case} {self.kind}"


class Emergency(Record):
    """Somebody of another centre opened a case in an emergency, to see it until a moment.

    `access` says who, which case and when.
    """

    access = models.OneToOneField(Access, models.PROTECT, related_name="emergency")
    reason = models.TextField()
    until = models.DateTimeField()

    class Meta:
        verbose_name_plural = "emergencies"
        constraints = (
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="emergency_has_a_reason",
                violation_error_message=_("Say why this is an emergency."),
            ),
        )

    def __str__(self) -> str:
        return str(self.access)


class ListKind(models.TextChoices):
    """A list of the patients of a centre."""

    WORKLIST = "worklist", _("Worklist")
    SEARCH = "search", _("Search")
    COMPLETENESS = "completeness", _("Completeness")
    LOOK_ALIKES = "look_alikes", _("Who may be the same patient")


class ListAccess(Record):
    """Somebody was shown a list; `cases` are the keys of the cases that stood on it."""

    centre = models.ForeignKey(Centre, models.PROTECT, related_name="list_accesses")
    user = models.ForeignKey(User, models.PROTECT, related_name="list_accesses")
    at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=20, choices=ListKind.choices)
    cases = models.JSONField(default=list)

    class Meta:
        verbose_name_plural = "list accesses"
        constraints = (one_of("kind", ListKind.values, name="list_access_kind_known"),)

    def __str__(self) -> str:
        return f"{self.centre} {self.kind}"
