"""The keys that cases are ordered by: what a list would otherwise ask of every case at once."""

from django.db import models

from patients.models.cases import Case
from patients.models.people import Centre
from patients.models.records import Entry


class OrderKey(models.Model):
    """What a case is ordered by, as its last entry leaves it. Not a record: each entry makes it
    anew, of what a line of the list shows (patients.records.ordering).

    `expected_from` and `expected_until` are the window of the first visit that is expected, and
    `expected_place` is its place in the course; `responded_on` and `progressed_on` are the day of
    what stands first as the last response; `pending` counts the routine results that are awaited,
    and `gaps` has a bit for the place of each milestone of which something is missing.
    """

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="order_key")
    centre = models.ForeignKey(Centre, models.PROTECT, db_index=False, related_name="+")
    entry = models.ForeignKey(Entry, models.PROTECT, db_index=False, related_name="+")
    infusion = models.DateField(null=True)
    expected_from = models.DateField(null=True)
    expected_until = models.DateField(null=True)
    expected_place = models.PositiveSmallIntegerField(null=True)
    responded_on = models.DateField(null=True)
    progressed_on = models.DateField(null=True)
    pending = models.PositiveSmallIntegerField(default=0)
    pending_since = models.DateField(null=True)
    gaps = models.PositiveSmallIntegerField(default=0)
    died_on = models.DateField(null=True)

    class Meta:
        indexes = tuple(
            models.Index(fields=["centre", field, "case"], name=f"cases_by_{field}")
            for field in (
                "entry",
                "infusion",
                "expected_from",
                "expected_until",
                "responded_on",
                "progressed_on",
                "pending_since",
            )
        )

    def __str__(self) -> str:
        return f"{self.case} {self.entry}"
