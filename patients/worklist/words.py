"""What a list is called by what it shows, and what an empty one says."""

from functools import lru_cache

from django.utils.translation import gettext as _

from patients.worklist.runs import NEW_DAYS, Show


def show_name(show: Show) -> str:
    """What one chooses to see."""
    match show:
        case Show.ALL:
            return _("All cases")
        case Show.EXPECTED:
            return _("Visits due or overdue")
        case Show.PROGRESSED:
            return _("New progressions")
        case Show.PENDING:
            return _("Results pending")
        case Show.CHANGED:
            return _("Changed since you looked")
        case Show.NOT_INFUSED:
            return _("Not infused")
        case Show.INFUSED:
            return _("Infused")
        case Show.DIED:
            return _("Died")


@lru_cache(maxsize=256)
def heading(part: Show, _language: str) -> str:
    """What stands above cases that are shown for the same."""
    match part:
        case Show.ALL:
            return _("Other cases")
        case Show.PROGRESSED:
            return _("Relapse or progression in the last %d days") % NEW_DAYS
        case other:
            return show_name(other)


def empty(show: Show) -> tuple[str, str]:
    """That nothing is to be shown, and what that means."""
    match show:
        case Show.EXPECTED:
            return _("No visit is due or overdue."), _("A visit is expected in its window of days.")
        case Show.PROGRESSED:
            said = _("No relapse or progression in the last %d days.") % NEW_DAYS
            return said, _("Earlier ones stand first under Last response.")
        case Show.PENDING:
            said = _("No result is pending.")
            return said, _("A field of a form is marked pending where its result is awaited.")
        case Show.CHANGED:
            said = _("Nothing has changed since you looked.")
            return said, _("What others record in cases that you opened lately stands here.")
        case Show.NOT_INFUSED:
            return _("Every patient was infused."), ""
        case Show.INFUSED:
            said = _("No patient was infused yet.")
            return said, _("The day of the infusion is recorded with its visit, day 0.")
        case Show.DIED:
            return _("No death is recorded."), _("A death is recorded among the events of a case.")
        case Show.ALL:
            return _("Nothing matches."), ""
