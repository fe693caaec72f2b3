"""`grant ROLE --to USER --centre CODE --by ADMINISTRATOR`: somebody gets a role at a centre."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from patients.models import Centre, Role, User
from patients.people.roles import LastAdministrator, grant, revoke


class Command(BaseCommand):
    """What the pages of people do, for whoever sets up a site."""

    help = "Grants a role at a centre, or revokes it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("role", choices=Role.values)
        parser.add_argument("--to", required=True, metavar="USER")
        parser.add_argument("--centre", required=True, metavar="CODE")
        parser.add_argument("--by", required=True, metavar="USER", help="an administrator there")
        parser.add_argument("--revoke", action="store_true", help="ends the role instead")

    def handle(self, *args: Any, **options: Any) -> None:
        act = revoke if options["revoke"] else grant
        try:
            act(
                user=User.objects.get(username=options["to"]),
                role=Role(options["role"]),
                centre=Centre.objects.get(code=options["centre"]),
                by=User.objects.get(username=options["by"]),
            )
        except (User.DoesNotExist, Centre.DoesNotExist) as nobody:
            raise CommandError(_("There is no such user or centre for this user.")) from nobody
        except LastAdministrator as last:
            raise CommandError(_("Nobody else administers this centre.")) from last
