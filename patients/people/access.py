"""The page on how one gets at a centre's cases: what it asks and allows, who changed that, when."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from patients.models import Centre, Emergency, User
from patients.people.pages import LATEST, at_words, by_words, shown
from patients.people.second_factor import without_one


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyLine:
    """Somebody of another centre opened a case; which one stands in its history alone, for whoever
    may see it."""

    who: str
    until: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessPage:
    """What a centre asks and allows."""

    centre: Centre
    without_second_factor: tuple[str, ...]
    emergencies: tuple[EmergencyLine, ...]
    changes: tuple[str, ...]


def access_page(centre: Centre) -> AccessPage:
    """Who has set up no second factor, and what was changed, the latest first."""
    held = centre.memberships.filter(revocation__isnull=True).values("user")
    people = without_one(User.objects.filter(pk__in=held, is_active=True))
    changes = centre.changes.select_related("by").order_by("-pk")
    return AccessPage(
        centre=centre,
        without_second_factor=tuple(map(shown, people.order_by("last_name", "username"))),
        emergencies=tuple(_emergencies(centre)),
        changes=tuple(
            _("%(rule)s: %(holds)s, %(by)s")
            % {
                "rule": change.get_rule_display(),
                "holds": _("yes") if change.holds else _("no"),
                "by": by_words(change.by, change.at),
            }
            for change in changes
        ),
    )


def _emergencies(centre: Centre) -> Iterable[EmergencyLine]:
    """The latest, the last one first."""
    opened = Emergency.objects.filter(access__case__centre=centre).select_related("access__user")
    for each in opened.order_by("-pk")[:LATEST]:
        if each.access.user:  # of the site: no account of the machine opens one
            yield EmergencyLine(
                who=at_words(each.access.user, each.access.at),
                until=formats.date_format(timezone.localtime(each.until), "j M Y, H:i"),
                reason=each.reason,
            )
