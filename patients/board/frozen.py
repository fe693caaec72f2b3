"""What a board saw when it signed, kept exactly; and what has become of it since."""

from collections.abc import Iterator, Mapping
from datetime import date
from hashlib import sha256
from typing import Any

from msgspec import Struct, json

from patients.course.known import Course
from patients.course.places import is_routine
from patients.models import Meeting
from riskfactors.domain.vocabulary import Phrase, Verdict
from riskfactors.published import catalogue


class Present(Struct, frozen=True):
    """Somebody who was asked to the meeting, and whether they were there."""

    name: str
    discipline: str
    present: bool


class Seen(Struct, frozen=True, kw_only=True):
    """What was seen: each milestone with its findings and scores as they were found, by the names
    of their fields; the routine items that findings of the latest waited for; a digest of each
    factor as it was published; who was at the meeting, and what its quorum was."""

    as_of: date
    milestones: tuple[dict[str, Any], ...]
    missing: tuple[str, ...]
    factors: Mapping[str, str]
    participants: tuple[Present, ...]
    quorum: int


def frozen(course: Course, meeting: Meeting) -> str:
    """What a course shows and who was there, as JSON."""
    people = meeting.participants.order_by("name")
    return json.encode(
        Seen(
            as_of=course.as_of,
            milestones=_milestones(course),
            missing=tuple(_missing(course)),
            factors={
                f.factor: factor_digest(f.factor) for at in course.findings for f in at.findings
            },
            participants=tuple(Present(p.name, p.discipline, p.present) for p in people),
            quorum=meeting.quorum,
        ),
        order="sorted",
    ).decode()


def seen_in(text: str) -> Seen:
    """What was kept, read again."""
    return json.decode(text, type=Seen)


def findings_in(seen: Seen) -> dict[tuple[str, str], dict[str, Any]]:
    """Each finding that was kept, by milestone and factor, in their order."""
    return _by_place(seen.milestones)


def factor_digest(key: str) -> str:
    """A digest of a factor as it is published now, "" where it is no more."""
    factor = catalogue().by_key.get(key)
    return sha256(json.encode(_plain(factor), order="sorted")).hexdigest() if factor else ""


class Difference(Struct, frozen=True, kw_only=True):
    """A finding that is not what was seen: at which milestone, of which factor, and both answers.

    `before` and `now` are None where there was, or is, none; `verdict_changed` where more than
    its grounds differ.
    """

    milestone: str
    factor: str
    before: Mapping[str, Any] | None
    now: Mapping[str, Any] | None

    @property
    def verdict_changed(self) -> bool:
        return _verdict(self.before) != _verdict(self.now)

    @property
    def name(self) -> str:
        """As a recommendation names what it rests on."""
        return f"{self.milestone}:{self.factor}"


def differences(seen: Seen, course: Course) -> Iterator[Difference]:
    """Each finding whose verdict or grounds differ from what was seen, in the order of now."""
    before, now = _by_place(seen.milestones), _by_place(_milestones(course))
    for place in dict.fromkeys((*now, *before)):
        if before.get(place) != now.get(place):
            milestone, factor = place
            yield Difference(
                milestone=milestone, factor=factor, before=before.get(place), now=now.get(place)
            )


def _milestones(course: Course) -> tuple[dict[str, Any], ...]:
    return tuple(map(_plain, course.findings))


def _plain(value: object) -> Any:
    """A value of the domain as JSON has it, by the names of its fields."""
    return json.decode(json.encode(value, enc_hook=_parts, order="sorted"))


def _parts(value: object) -> list[object]:
    """The parts of a phrase. Raises TypeError for anything else that JSON cannot say."""
    if not isinstance(value, Phrase):
        raise TypeError(f"{type(value)} cannot be kept")
    return [value.key, *value.about]


def _by_place(milestones: Any) -> dict[tuple[str, str], dict[str, Any]]:
    return {(at["milestone"], f["factor"]): f for at in milestones for f in at["findings"]}


def _verdict(finding: Mapping[str, Any] | None) -> tuple[Any, Any] | None:
    return (finding["verdict"], finding["stratum"]) if finding else None


def _factors(course: Course) -> set[str]:
    return {finding.factor for at in course.findings for finding in at.findings}


def _missing(course: Course) -> list[str]:
    found = course.latest.findings if course.latest else ()
    waited = (name for f in found if f.verdict is Verdict.UNKNOWN for name in f.missing)
    return sorted({name for name in waited if is_routine(name)})
