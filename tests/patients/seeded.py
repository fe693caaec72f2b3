"""A centre with one case in which all is recorded, in words and dates that stand nowhere else."""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Final

from patients.models import Case, Centre, Patient, Role, User
from patients.records.opening import open_case
from riskfactors.domain.vocabulary import Sex
from tests.patients import boards, courses

EXAMPLES: Final = {
    "number": "1",
    "pk": "1",
    "milestone": "infusion",
    "variable": "crp",
    "purpose": "line",
    "kind": "infection",
    "key": "ecog_ge_2",
    "name": "ecog",
    "fact": "response",
    "chart": "ferritin",
    "clearance": "eligibility",
    "recommendation": "1",
    "meeting": "1",
    "act": "close",
}
"""What stands in an address for each of its parts, apart from whose case it is."""


def spellings(day: date) -> list[str]:
    """The ways in which a page or a file may write a date."""
    forms = ("%Y-%m-%d", "%Y%m%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%B %Y", "%b %Y")
    return [day.strftime(form).lower() for form in forms]


@dataclass(frozen=True, kw_only=True)
class Seeded:
    """A centre with a case, staff, and the words that stand nowhere but there."""

    centre: Centre
    case: Case
    staff: User
    patients_words: tuple[str, ...]
    staffs_words: tuple[str, ...]

    @cached_property
    def examples(self) -> dict[str, str]:
        """What stands in an address for each of its parts."""
        return EXAMPLES | {
            "public_id": str(self.case.public_id),
            "code": self.centre.code,
            "username": self.staff.username,
        }


def seed(code: str, *, born: date, infused: date, crp: str) -> Seeded:
    """A centre with one case in which everything that can be recorded is recorded."""
    mark = code.lower()
    centre = Centre.objects.create(code=code, name=f"Zqhospital {code}")
    staff = courses.person(f"zqstaff.{mark}", Role.CLINICIAN, Role.ADMINISTRATOR, at=centre)
    staff.first_name, staff.last_name = f"Zqfirst{mark}", f"Zqlast{mark}"
    staff.save()
    visits = [
        *courses.visit("lymphodepletion", infused - timedelta(5), ecog="1"),
        *courses.visit("infusion", infused, crp=crp, ferritin="500"),
        *courses.visit("day_28", infused + timedelta(28), response="PR", deauville="4"),
        courses.line(f"Zqregimen{mark}", start=infused - timedelta(700)),
        courses.event("infection", infused + timedelta(90), note=f"Zqevent{mark}"),
    ]
    visits[3].note = f"Zqnote{mark}"  # type: ignore[attr-defined]  # of the CRP
    case = open_case(
        patient=Patient(
            centre=centre, name=f"Zqname{mark}", hospital_number=f"ZQ77{code}", birth_date=born
        ),
        case_id=f"zqcase-{mark}",
        birth_date=born,
        sex=Sex.FEMALE,
        by=staff,
        token=uuid.uuid4(),
        revisions=visits,
    ).case
    boards.followed_up(case, staff, chairing=f"zqchair.{mark}")
    words = [f"zq{kind}{mark}" for kind in ("name", "regimen", "event", "note")]
    return Seeded(
        centre=centre,
        case=case,
        staff=staff,
        patients_words=(
            *words,
            *(f"zq77{mark}", f"zqcase-{mark}", crp, str(case.public_id)),
            *spellings(born),
            *(form for day in (0, 28, 90) for form in spellings(infused + timedelta(day))),
        ),
        staffs_words=(
            *(f"zqstaff.{mark}", f"zqfirst{mark}", f"zqlast{mark}", f"zqhospital {mark}"),
        ),
    )
