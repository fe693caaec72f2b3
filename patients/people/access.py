"""The page on how one gets at a centre's cases: what it asks and allows, who changed that, when."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from patients.models import Centre, User
from patients.people.pages import by_words, shown
from patients.people.second_factor import without_one


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessPage:
    """What a centre asks and allows."""

    centre: Centre
    without_second_factor: tuple[str, ...]
    changes: tuple[str, ...]


def access_page(centre: Centre) -> AccessPage:
    """Who has set up no second factor, and what was changed, the latest first."""
    held = centre.memberships.filter(revocation__isnull=True).values("user")
    people = without_one(User.objects.filter(pk__in=held, is_active=True))
    changes = centre.changes.select_related("by").order_by("-pk")
    return AccessPage(
        centre=centre,
        without_second_factor=tuple(map(shown, people.order_by("last_name", "username"))),
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
