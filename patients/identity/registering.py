"""A patient is registered with a first case, or gets another one; look-alikes are asked about."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final

from django.db import transaction
from django.db.models import Count, Q

from patients.models import Case, Centre, Demographics, Entry, Patient, Person, SearchKey, User
from patients.models.search import beginning_with, key_of, plain, words_of
from patients.permissions import Right, cases_at, centres_of
from patients.records.opening import open_case

LIKENESS: Final = 0.8
"""Of two names from this on; 1 is the same name in any order and spelling."""
LETTERS_ALIKE: Final = 3
MOST_CANDIDATES: Final = 100


class Like(StrEnum):
    """What a registered patient has in common with the one who is being registered."""

    NUMBER = "number"
    BIRTH_DATE = "birth_date"
    NAME = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAlike:
    """A patient of the centre who may be the same, with the cases, the first first."""

    patient: Patient
    alike: tuple[Like, ...]
    cases: tuple[Case, ...]

    @property
    def public_id(self) -> uuid.UUID:
        """What a form names this patient by: the first case."""
        return self.cases[0].public_id


class LookAlikesFound(Exception):
    """Somebody may have been registered already; nothing is recorded."""

    def __init__(self, found: Iterable[LookAlike]) -> None:
        self.found = tuple(found)
        super().__init__(f"{len(self.found)} patients")


class AnotherPerson(Exception):
    """The chosen patient has another birth date or sex than the one who was typed."""


def register(
    person: Person,
    *,
    centre: Centre,
    case_id: str,
    known: Collection[uuid.UUID],
    same_as: uuid.UUID | None,
    by: User,
    token: uuid.UUID,
) -> Entry:
    """The first entry of a case of a new patient, or of `same_as`, one of the look-alikes.

    `known` are the look-alikes that the person who registers has seen. Raises LookAlikesFound
    when there are others or `same_as` is none, AnotherPerson, and what opening a case raises.
    """
    with transaction.atomic():
        locked = centres_of(by, Right.RECORD).select_for_update(no_key=True).get(pk=centre.pk)
        found = {one.public_id: one for one in look_alikes(person, centre=locked)}
        unseen = found.keys() - set(known) or (same_as is not None and same_as not in found)
        if unseen and not Entry.objects.filter(token=token).exists():
            raise LookAlikesFound(found.values())
        patient = Patient(
            centre=locked,
            name=person.name,
            hospital_number=person.hospital_number,
            birth_date=person.birth_date,
        )
        if same_as in found:
            patient = _same(found[same_as], person)
        return open_case(
            patient=patient,
            case_id=case_id,
            birth_date=person.birth_date,
            sex=person.sex,
            by=by,
            token=token,
        )


def _same(one: LookAlike, person: Person) -> Patient:
    recorded = Demographics.objects.filter(case=one.cases[0]).order_by("-revision")[0]
    if (recorded.birth_date, recorded.sex) != (person.birth_date, person.sex):
        raise AnotherPerson
    return one.patient


def look_alikes(person: Person, *, centre: Centre) -> list[LookAlike]:
    """Patients of the centre with the same number or birth date, or a similar name; those with
    most in common first. In four queries, however many there are."""
    likely = Q(pk__in=_with_number(person, centre)) | Q(birth_date=person.birth_date)
    likely |= Q(pk__in=_with_words(words_of(person.name), centre))
    cases: dict[Patient, list[Case]] = defaultdict(list)
    patients = Patient.objects.filter(likely, centre=centre)
    for case in cases_at(centre).filter(patient__in=patients).select_related("patient"):
        cases[case.patient].append(case)
    found = [
        LookAlike(patient=patient, alike=alike, cases=tuple(sorted(some, key=lambda c: c.pk)))
        for patient, some in cases.items()
        if (alike := _alike(patient, person))
    ]
    return sorted(found, key=lambda one: (-len(one.alike), one.cases[0].pk))


def _with_number(person: Person, centre: Centre) -> list[int]:
    keys = SearchKey.objects.filter(centre=centre, key=key_of(person.hospital_number))
    return list(keys.values_list("case__patient", flat=True)[:MOST_CANDIDATES])


def _with_words(words: Sequence[str], centre: Centre) -> list[int]:
    """Patients of whose names two begin like one of these words; one, where there is only one."""
    if not words:
        return []
    begins = Q()
    for word in words:
        begins |= beginning_with(word[:LETTERS_ALIKE])
    matched = (
        SearchKey.objects.filter(begins, centre=centre)
        .values_list("case__patient", flat=True)
        .annotate(matched=Count("key", distinct=True))
        .filter(matched__gte=min(2, len(words)))
        .order_by("-matched")
    )
    return list(matched[:MOST_CANDIDATES])


def _alike(patient: Patient, person: Person) -> tuple[Like, ...]:
    alike = {
        Like.NUMBER: plain(patient.hospital_number) == plain(person.hospital_number),
        Like.BIRTH_DATE: patient.birth_date == person.birth_date,
        Like.NAME: likeness(patient.name, person.name) >= LIKENESS,
    }
    return tuple(like for like, holds in alike.items() if holds)


def likeness(one: str, other: str) -> float:
    """How alike two names are, from 0 to 1: spelling, accents and order set aside, and a further
    family or given name that only one of them has."""
    ones, others = (sorted(words_of(name)) for name in (one, other))
    if not ones or not others:
        return 0
    if len(fewer := min({*ones}, {*others}, key=len)) > 1 and fewer <= {*ones} & {*others}:
        return 1
    return SequenceMatcher(None, " ".join(ones), " ".join(others)).ratio()
