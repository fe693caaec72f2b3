"""What the demonstration shows: one centre, a person for each role, cases of invented patients."""

import json
import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.urls import reverse

from patients.demonstration.boards import hold_boards
from patients.models import Centre, CentreLimit, Patient, Role, User
from patients.people.roles import grant, open_centre, set_limits
from patients.permissions import Right, visible_to
from patients.records.drafts import keep
from patients.records.opening import open_case
from patients.transfer.documents import revisions_of
from riskfactors.domain.documents import parse_case
from riskfactors.domain.snapshot import Snapshot
from riskfactors.domain.timepoints import Milestone
from riskfactors.published import catalogue
from riskfactors.synthetic import courses

DOCUMENTS: Final = Path(__file__).parent
CENTRE: Final = "demonstration"
PASSWORD: Final = "cartapp-demonstration"  # noqa: S105 - it opens invented patients on one machine
PEOPLE: Final = {
    "clinician": Role.CLINICIAN,
    "data.manager": Role.DATA_MANAGER,
    "reader": Role.READER,
    "chair": Role.CHAIR,
    "administrator": Role.ADMINISTRATOR,
}
SURNAMES: Final = ("Álamo", "Boj", "Castaño", "Encina", "Fresno", "Olmo", "Peral", "Roble")
GIVEN_NAMES: Final = ("Aina", "Bruno", "Celia", "Íñigo", "Núria")
SPELLED: Final = {"pet": "PET", "ctdna": "ctDNA"}
SYNTHETIC: Final = len(SURNAMES) * len(GIVEN_NAMES)
SEED: Final = 3
DRAFTED: Final = "01-review-case"
"""The case in which something is typed and not recorded."""


class NoDemonstration(Exception):
    """This is not the demonstration's database, or not the demonstration at all."""


class Invented(NamedTuple):
    """A case of the demonstration, with a name for the patient."""

    name: str
    number: int
    snapshot: Snapshot


def demonstrate(*, today: date) -> int:
    """Make what is missing of the demonstration; how many cases were. Raises NoDemonstration."""
    if not settings.DEMONSTRATION:
        raise NoDemonstration
    centre, people = _centre_with_people()
    by = people["clinician"]
    made = _open_missing(centre, by, today)
    if made:
        _leave_a_draft(by)
    hold_boards(centre, people, today=today)
    return made


def _open_missing(centre: Centre, by: User, today: date) -> int:
    known = set(visible_to(by).filter(centre=centre).values_list("case_id", flat=True))
    if len(known) >= SYNTHETIC + len(list(DOCUMENTS.glob("*.json"))):
        return 0
    missing = [i for i in [*_vignettes(), *_synthetic(today)] if i.snapshot.case_id not in known]
    for invented in missing:
        _open(invented, centre, by)
    return len(missing)


def _centre_with_people() -> tuple[Centre, dict[str, User]]:
    """The demonstration's own centre: never one in a database where real ones are."""
    centre = Centre.objects.filter(code=CENTRE).first()
    if centre is None and Centre.objects.exists():
        raise NoDemonstration
    people = {name: _person(name) for name in PEOPLE}
    head = people["administrator"]
    if centre is None:
        centre = open_centre(code=CENTRE, name="Demonstration Hospital", administrator=head)
        set_limits(centre, [CentreLimit(variable="ldh", unit="U/L", value="250")], by=head)
    for name, role in PEOPLE.items():
        grant(user=people[name], role=role, centre=centre, by=head)
    return centre, people


def _person(name: str) -> User:
    found = User.objects.filter(username=name).first()
    return found or User.objects.create_user(name, password=PASSWORD)


def _vignettes() -> Iterator[Invented]:
    """The cases whose every verdict is known, the review's patient first."""
    for path in sorted(DOCUMENTS.glob("*.json")):
        snapshot = parse_case(path.read_bytes(), catalogue().dictionary)
        number, *words = snapshot.case_id.split("-")
        story = " ".join(SPELLED.get(word, word) for word in words)
        name = f"Invented {number}, {story[0].upper()}{story[1:]}"
        yield Invented(name, 1000 + int(number), snapshot)


def _synthetic(today: date) -> Iterator[Invented]:
    """Courses moved in time, so that some patients are just before their infusion or after it."""
    for number, document in enumerate(courses(SYNTHETIC, SEED)):
        ago = number**2 - 55
        days = (today - timedelta(days=ago) - _anchor(document)).days
        moved = _moved(document, days) | {"case_id": f"syn-{number + 1:03}"}
        snapshot = parse_case(json.dumps(moved).encode(), catalogue().dictionary).as_of(today)
        surname, given = SURNAMES[number % 8], GIVEN_NAMES[number // 8]
        yield Invented(f"{surname}, {given} (invented)", 2001 + number, snapshot)


def _anchor(document: dict[str, Any]) -> date:
    """The infusion, or the last visit of who had none."""
    days = {visit["milestone"]: visit["date"] for visit in document["assessments"]}
    return date.fromisoformat(days.get(Milestone.INFUSION, max(days.values())))


def _moved(value: Any, days: int) -> Any:
    """A document with every date in it so many days later."""
    match value:
        case dict():
            return {key: _moved(part, days) for key, part in value.items()}
        case list():
            return [_moved(part, days) for part in value]
        case str() if value[:1].isdigit() and value.count("-") == 2:
            return str(date.fromisoformat(value) + timedelta(days=days))
    return value


def _open(invented: Invented, centre: Centre, by: User) -> None:
    snapshot = invented.snapshot
    open_case(
        patient=Patient(
            centre=centre,
            name=invented.name,
            hospital_number=f"INV-{invented.number}",
            birth_date=snapshot.birth_date,
        ),
        case_id=snapshot.case_id,
        birth_date=snapshot.birth_date,
        sex=snapshot.sex,
        by=by,
        token=uuid.uuid4(),
        revisions=list(revisions_of(snapshot)),
    )


def _leave_a_draft(by: User) -> None:
    """The clinician was called away from a form of the review's patient."""
    case = visible_to(by).get(case_id=DRAFTED)
    keep(
        case=case,
        by=by,
        right=Right.RECORD,
        place=reverse("patients:new_event", args=[case.public_id, "infection"]),
        token=uuid.uuid4(),
        typed={"note": ["Fever at night; culture"], "seen": [""]},
    )
