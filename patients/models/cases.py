"""Patients, whose identity can be erased, and their cases, whose history cannot."""

import uuid
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from patients.models.append_only import Record, Revision, counted_from_one, one_of, revised_once
from patients.models.people import Centre
from riskfactors.domain.vocabulary import Sex


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who somebody is, as it is typed and as the rules need it."""

    name: str
    hospital_number: str
    birth_date: date
    sex: Sex


class Patient(models.Model):
    """Who somebody is. An imported case has a patient whose identity is not known here."""

    centre = models.ForeignKey(Centre, models.PROTECT, related_name="patients")
    name = models.CharField(max_length=200, blank=True)
    hospital_number = models.CharField(max_length=50, blank=True)
    birth_date = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["centre", "hospital_number"],
                condition=~models.Q(hospital_number=""),
                name="patient_hospital_number_once",
                violation_error_message=_("Another patient has this hospital number."),
            ),
        )
        indexes = (models.Index(fields=["centre", "birth_date"], name="patient_birth_date"),)

    def __str__(self) -> str:
        return self.name


class Case(Record):
    """One course of CAR T-cells of one patient; a second infusion is a second case.

    Reached through patients.permissions.visible_to only.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    centre = models.ForeignKey(Centre, models.PROTECT, db_index=False, related_name="cases")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="cases")
    case_id = models.CharField(max_length=200)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["centre", "case_id"],
                name="case_id_once_in_a_centre",
                violation_error_message=_("Another case of this centre has this pseudonym."),
            ),
        )

    def __str__(self) -> str:
        return self.case_id


class Demographics(Revision):
    """What the rules need to know of the person; it stays when the identity is erased."""

    SLOT: ClassVar[tuple[str, ...]] = ("case",)

    case = models.ForeignKey(Case, models.PROTECT, db_index=False)
    birth_date = models.DateField()
    sex = models.CharField(max_length=10)

    class Meta:
        constraints = (
            revised_once("case", name="demographics_revised_once"),
            counted_from_one("demographics_counted_from_one"),
            one_of("sex", Sex, name="demographics_sex_known"),
        )

    def __str__(self) -> str:
        return f"{self.case} {self.revision}"
