"""Cases are made findable by the keys of their pseudonym and of who the patient is."""

from collections.abc import Iterable

from patients.models import Case, Patient, SearchKey
from patients.models.search import keys_of


def make_findable(patient: Patient, cases: Iterable[Case]) -> None:
    """Make the keys of some of a patient's cases anew: after opening, correction or erasure."""
    cases = list(cases)
    SearchKey.objects.filter(case__in=cases).delete()
    SearchKey.objects.bulk_create(
        SearchKey(case=case, centre_id=case.centre_id, key=key)
        for case in cases
        for key in sorted(keys_of(case, patient))
    )
