"""`demonstrate`: fills the demonstration, once, with people and cases of invented patients."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from patients.demonstration.filling import PASSWORD, PEOPLE, NoDemonstration, demonstrate


class Command(BaseCommand):
    """Run again it adds what is missing and changes nothing."""

    help = "Fills the demonstration (DEMONSTRATION=1) with people and invented cases."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = demonstrate(today=timezone.localdate())
        except NoDemonstration as elsewhere:
            raise CommandError(
                _(
                    "The demonstration needs DEMONSTRATION=1 and a database without real centres:"
                    " nothing was changed."
                )
            ) from elsewhere
        if made:
            self.stdout.write(_("Invented cases added: %d") % made)
        self.stdout.write(
            _("Sign in as %(people)s with the password %(password)s")
            % {"people": ", ".join(PEOPLE), "password": PASSWORD}
        )
