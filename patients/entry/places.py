"""Where a form lies: at which visit, recorded or new, and what it asks for there."""

from collections.abc import Sequence
from typing import NamedTuple

from django.urls import reverse

from patients.entry.happenings import TreatmentRow, rows_of
from patients.models import Case
from riskfactors.domain.timepoints import Milestone
from riskfactors.domain.variables import Variable
from riskfactors.published import catalogue


class Place(NamedTuple):
    """A visit, recorded or new (number None), and what its form asks for."""

    milestone: Milestone
    number: int | None
    variables: Sequence[Variable]
    form: str = "visit"
    """The name of its address: visit, standing or value."""

    @property
    def standing(self) -> bool:
        """Whether it asks for what stands for the whole course."""
        return self.form == "standing"

    @property
    def rows(self) -> tuple[TreatmentRow, ...]:
        """The treatments that are asked for; none where one value is."""
        if self.form == "value":
            return ()
        return rows_of(self.milestone, self.variables, standing=self.standing)

    def at(self, number: int | None) -> "Place":
        """The same form at a recorded visit."""
        return self._replace(number=number)

    def kept_at(self, case: Case) -> str:
        """Where the form is kept as it is typed: that of a milestone has one place, before the
        visit is recorded and after it."""
        once = self.form != "value" and self.milestone is not Milestone.INTERIM
        return (self.at(None) if once else self).url(case)

    def url(self, case: Case) -> str:
        """Where the form lies."""
        if self.number is None:
            return reverse(f"patients:new_{self.form}", args=[case.public_id, self.milestone])
        address = [case.public_id, self.number]
        if self.form == "value":
            address.append(self.variables[0].name)
        return reverse(f"patients:{self.form}", args=address)


def visit_at(milestone: Milestone, number: int | None) -> Place:
    """The form of a visit."""
    return Place(milestone, number, catalogue().dictionary.asked[milestone])


def standing_at(milestone: Milestone, number: int | None) -> Place:
    """The panel of standing facts, as known at a visit."""
    standing = [v for v in catalogue().dictionary.variable if v.standing]
    return Place(milestone, number, standing, "standing")
