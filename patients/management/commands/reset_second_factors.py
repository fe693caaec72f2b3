"""`reset_second_factors USER`: for whoever runs the site, where no administrator can do it."""

import getpass
import logging
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from patients.models import User
from patients.people.second_factor import forget

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """Who can run it can change the database: the account of the machine is logged."""

    help = "Removes somebody's second factors and recovery codes, and ends their sessions."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user", metavar="USER")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["user"]).first()
        if user is None:
            raise CommandError(_("There is no such user."))
        forget(user)
        logger.warning("Second factors of %s reset by %s", user.username, getpass.getuser())
