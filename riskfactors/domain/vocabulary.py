"""The closed sets of words that cases, evidence and findings are written in."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple, NoReturn, Self, TypeAlias


class Word(StrEnum):
    """A closed set of codes."""

    @classmethod
    def of(cls, code: object) -> Self | None:
        """The member with this code, for readers that must not raise."""
        members: Mapping[object, Self] = cls._value2member_map_  # type: ignore[assignment]  # typed for every enum at once
        return members.get(code) if isinstance(code, str) else None


class Verdict(Word):
    """How a factor stands at a milestone. It has no truth value: unknown is an answer."""

    MET = "met"
    NOT_MET = "not_met"
    GRADED = "graded"
    STRATUM = "stratum"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"

    def __bool__(self) -> NoReturn:
        raise TypeError("A verdict is neither true nor false: compare it with a verdict.")


class Setting(Word):
    """The part of the course that a factor belongs to."""

    PRE_INFUSION = "pre_infusion"
    POST_INFUSION = "post_infusion"
    POST_RELAPSE = "post_relapse"


class Kind(Word):
    """What a factor answers: yes or no, a group, or a value without a cut-off."""

    BINARY = "binary"
    STRATIFIED = "stratified"
    GRADED = "graded"


class Direction(Word):
    """The side of the published association."""

    ADVERSE = "adverse"
    FAVOURABLE = "favourable"
    MIXED = "mixed"
    NEUTRAL = "neutral"
    UNCERTAIN = "uncertain"


class Measure(Word):
    """What a published number is."""

    HAZARD_RATIO = "HR"
    ODDS_RATIO = "OR"
    RATIO = "ratio"
    MEDIAN_MONTHS = "median months"
    RATE = "rate %"
    COUNT = "count"
    P_ONLY = "p only"
    STATEMENT = "statement"


class Sex(Word):
    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNKNOWN = "unknown"


class Role(Word):
    """What a treatment was given for."""

    LINE = "line"
    BRIDGING = "bridging"
    LYMPHODEPLETION = "lymphodepletion"
    SALVAGE = "salvage"
    OTHER = "other"


class Modality(Word):
    SYSTEMIC = "systemic"
    RADIOTHERAPY = "radiotherapy"
    COMBINED = "combined"
    STEROIDS = "steroids"


class SalvageClass(Word):
    """What a treatment of a relapse was: factors look at the first two alone."""

    POLA_BR = "pola_br"
    LENALIDOMIDE = "lenalidomide"
    BISPECIFIC = "bispecific"
    TAFASITAMAB_LENALIDOMIDE = "tafasitamab_lenalidomide"
    LONCASTUXIMAB = "loncastuximab"
    BTK_INHIBITOR = "btk_inhibitor"
    RADIOTHERAPY = "radiotherapy"
    ALLOGENEIC = "allogeneic"
    SECOND_CAR_T = "second_car_t"
    TRIAL = "trial"
    OTHER = "other"
    NONE_SUPPORTIVE = "none_supportive"


class OtherClass(Word):
    """What a treatment was that is neither a line nor bridging nor of a relapse."""

    AUTOLOGOUS = "autologous"
    ALLOGENEIC = "allogeneic"
    CONSOLIDATION = "consolidation"
    MAINTENANCE = "maintenance"
    RADIOTHERAPY = "radiotherapy"
    OTHER = "other"


TreatmentClass: TypeAlias = SalvageClass | OtherClass
CLASSES: Final[Mapping[Role, type[SalvageClass] | type[OtherClass]]] = {
    Role.SALVAGE: SalvageClass,
    Role.OTHER: OtherClass,
}
"""The classes of the roles that have any."""


class Response(Word):
    """Disease response (Lugano)."""

    CR = "CR"
    PR = "PR"
    SD = "SD"
    PD = "PD"


class Comparator(Word):
    """The side of a number on which a value lies that a laboratory gives as beyond its limit."""

    BELOW = "<"
    AT_MOST = "<="
    ABOVE = ">"
    AT_LEAST = ">="


class Phrase:
    """A sentence to be worded at the edge: its key and what it speaks of.

    `about` names variables, codes, scores or milestones, holds numbers as text, or other phrases.
    """

    __slots__ = ("_hash", "about", "key")
    key: str
    about: tuple["str | Phrase", ...]
    _hash: int

    def __init__(self, key: str, *about: "str | Phrase") -> None:
        object.__setattr__(self, "key", key)
        object.__setattr__(self, "about", about)
        object.__setattr__(self, "_hash", hash((key, about)))

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("A phrase does not change.")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Phrase) and (self.key, self.about) == (other.key, other.about)

    def __hash__(self) -> int:
        return self._hash

    def __repr__(self) -> str:
        return f"Phrase{(self.key, *self.about)}"


class Problem(NamedTuple):
    """What is wrong at one place of a document, to be worded at the edge.

    `given` is what stood there, as JSON, where showing it helps.
    """

    place: str
    phrase: Phrase
    given: str | None = None
