"""Who a patient was taken for before a correction: kept beside the identity, erased with it."""

from django.db import models

from patients.models.append_only import one_of
from patients.models.cases import Patient
from patients.models.records import Entry
from riskfactors.domain.vocabulary import Sex


class FormerIdentity(models.Model):
    """An identity as it stood until an entry put another in its place."""

    patient = models.ForeignKey(Patient, models.CASCADE, related_name="former_identities")
    entry = models.ForeignKey(Entry, models.PROTECT, db_index=False, related_name="+")
    name = models.CharField(max_length=200, blank=True)
    hospital_number = models.CharField(max_length=50, blank=True)
    birth_date = models.DateField()
    sex = models.CharField(max_length=10)

    class Meta:
        verbose_name_plural = "former identities"
        constraints = (one_of("sex", Sex, name="former_identity_sex_known"),)

    def __str__(self) -> str:
        return self.name
