"""`open_centre CODE NAME --administrator USER`: a centre and who grants the roles there."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from patients.models import User
from patients.people.roles import open_centre


class Command(BaseCommand):
    """The one role that is given without somebody who may give it."""

    help = "Opens a centre, with its first administrator of people."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", metavar="CODE")
        parser.add_argument("name", metavar="NAME")
        parser.add_argument("--administrator", required=True, metavar="USER")

    def handle(self, *args: Any, **options: Any) -> None:
        administrator = User.objects.filter(username=options["administrator"]).first()
        if administrator is None:
            raise CommandError(_("There is no such user."))
        try:
            open_centre(code=options["code"], name=options["name"], administrator=administrator)
        except ValidationError as invalid:
            raise CommandError(" ".join(invalid.messages)) from invalid
