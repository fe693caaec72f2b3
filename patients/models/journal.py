"""The journal of a centre: a line for each entry, look, role, account act and board act there."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from patients.models.append_only import Record
from patients.models.people import Centre


class JournalLine(Record):
    """A row was added, changed or taken away: at a centre, or on the site where none is named.

    `content` is a keyed digest of what the row said, empty once it is gone; `digest` covers the
    line and the one before it in the same journal (patients.records.journal).
    """

    centre = models.ForeignKey(
        Centre, models.PROTECT, null=True, blank=True, db_index=False, related_name="journal"
    )
    sequence = models.PositiveIntegerField()
    table = models.CharField(max_length=40)
    row = models.PositiveBigIntegerField()
    content = models.CharField(max_length=64, blank=True)
    key_id = models.CharField(max_length=50)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["centre", "sequence"],
                name="journal_line_once",
                violation_error_message=_("The journal of this centre has this line already."),
            ),
            models.UniqueConstraint(
                fields=["sequence"],
                condition=Q(centre__isnull=True),
                name="journal_line_of_the_site_once",
                violation_error_message=_("The journal of the site has this line already."),
            ),
            models.CheckConstraint(
                condition=Q(sequence__gte=1),
                name="journal_line_counted_from_one",
                violation_error_message=_("Lines are counted from 1."),
            ),
        )
        indexes = (models.Index(fields=["table", "row"], name="journal_of_a_row"),)

    def __str__(self) -> str:
        return f"{self.table} {self.row}"
