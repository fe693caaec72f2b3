"""What a milestone is called over a narrow column, and within a line."""

from typing import Final

from django.utils.translation import gettext_noop

from riskfactors.domain.timepoints import Milestone
from riskfactors.words import milestone_name
from riskfactors.words.translating import gettext as _

SHORT_MILESTONES: Final = {
    Milestone.LYMPHODEPLETION: gettext_noop("Lympho\N{SOFT HYPHEN}depletion"),
    Milestone.INFUSION: gettext_noop("Infusion"),
    Milestone.RELAPSE: gettext_noop("Relapse"),
}
"""Names for the head of a narrow column, where they differ."""


def short_milestone(milestone: Milestone) -> str:
    """A milestone over a narrow column."""
    short_name = SHORT_MILESTONES.get(milestone)
    return _(short_name) if short_name else milestone_name(milestone)


def unbroken_milestone(milestone: Milestone) -> str:
    """The same within a line."""
    return short_milestone(milestone).replace("\N{SOFT HYPHEN}", "")
