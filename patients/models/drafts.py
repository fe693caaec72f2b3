"""What somebody has typed into a form of a case and not recorded."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from patients.models.cases import Case
from patients.models.people import User


class Draft(models.Model):
    """A form as its author left it. Not a record: it changes with every key, is read by this form
    of its author alone, and goes with the save of the form.

    `place` is the address of the form, `token` that of its next save; `typed` has the values of
    each field, as they were typed, with the revisions that the author saw.
    """

    author = models.ForeignKey(User, models.PROTECT, db_index=False, related_name="+")
    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    place = models.CharField(max_length=200)
    token = models.UUIDField()
    typed = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["author", "place"],
                name="draft_once",
                violation_error_message=_("A draft of this form is kept already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.author} {self.place}"
