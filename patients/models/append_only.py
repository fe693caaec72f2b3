"""What is added and never edited: the mark of a record, slots and their revisions."""

from collections.abc import Iterable
from typing import Any, ClassVar, NamedTuple

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Guard(NamedTuple):
    """A row that the database refuses to add: a name, what to say, and the SQL that is true of a
    NEW row in the way of which something else stands, alike on both databases."""

    name: str
    message: str | Promise
    refuses: str


class Record(models.Model):
    """A row that the database refuses to change or delete (patients.records.triggers)."""

    GUARDS: ClassVar[tuple[Guard, ...]] = ()

    class Meta:
        abstract = True


class Slot(Record):
    """What statements are about; its number in its case orders it, and names it in the chain."""

    case = models.ForeignKey("patients.Case", models.PROTECT, db_index=False)
    number = models.PositiveIntegerField()
    entry = models.ForeignKey("patients.Entry", models.PROTECT, db_index=False)

    class Meta:
        abstract = True

    def begun_in(self, case: Any) -> "Slot | None":
        """What stands in the place of this new slot in a case already, where it has but one."""
        return None


class Revision(Record):
    """One statement of a slot: the highest revision is current, the others are its history."""

    SLOT: ClassVar[tuple[str, ...]]
    """The fields that together name the slot, first the one that leads to the case."""

    entry = models.ForeignKey("patients.Entry", models.PROTECT, db_index=False)
    revision = models.PositiveIntegerField()

    class Meta:
        abstract = True

    @property
    def owner(self) -> Record:
        """What the slot belongs to: an assessment, a treatment, an event or the case itself."""
        owner = getattr(self, self.SLOT[0])
        assert isinstance(owner, Record)  # noqa: S101 - tells mypy what getattr cannot
        return owner

    @property
    def slot(self) -> tuple[object, ...]:
        """The name of the slot among those of its table, once its owner is saved."""
        return (self.owner.pk, *(getattr(self, name) for name in self.SLOT[1:]))


def one_of(field: str, words: Iterable[str], *, name: str) -> models.CheckConstraint:
    """Only these words; where nothing may stand, the words contain an empty one."""
    return models.CheckConstraint(
        condition=models.Q((f"{field}__in", [str(word) for word in words])),
        name=name,
        violation_error_message=_("This is not one of the known codes."),
    )


def numbered_once(name: str) -> models.UniqueConstraint:
    """A slot has its number alone."""
    return models.UniqueConstraint(
        fields=["case", "number"],
        name=name,
        violation_error_message=_("Something else was recorded in this case at the same moment."),
    )


def revised_once(*slot: str, name: str) -> models.UniqueConstraint:
    """Of two people who write the same revision of a slot, one wins."""
    return models.UniqueConstraint(
        fields=[*slot, "revision"],
        name=name,
        violation_error_message=_("Somebody else has recorded this in the meantime."),
    )


def counted_from_one(name: str) -> models.CheckConstraint:
    """The first revision is 1."""
    return models.CheckConstraint(
        condition=models.Q(revision__gte=1),
        name=name,
        violation_error_message=_("Revisions are counted from 1."),
    )


def withdrawn_later(said: models.Q, *, name: str) -> models.CheckConstraint:
    """A first revision says something: only what was said can be withdrawn."""
    return models.CheckConstraint(
        condition=said | models.Q(revision__gt=1),
        name=name,
        violation_error_message=_("Nothing has been recorded here that could be withdrawn."),
    )
