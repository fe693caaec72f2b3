"""The staff of a centre, to choose somebody by a name."""

from patients.models import Centre, User


def staff_of(centre: Centre) -> list[str]:
    """Everybody with a role here, by the name they are called."""
    people = User.objects.filter(
        memberships__centre=centre, memberships__revocation__isnull=True, is_active=True
    )
    found = people.distinct().order_by("last_name", "first_name", "username")
    return [person.get_full_name() or person.username for person in found]
