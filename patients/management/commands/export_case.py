"""`export_case CASE_ID --centre CODE`: a case as a case document, which leaves an access record."""

import getpass
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from patients.management.arguments import pseudonym
from patients.models import Case, User
from patients.permissions import Right, visible_to
from patients.transfer.documents import export_case


class Command(BaseCommand):
    """Who can run it without --by can read the database: the account of the machine is recorded."""

    help = "Prints the case document (cartapp-case/2) of a case."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("case_id", metavar="CASE_ID", type=pseudonym)
        parser.add_argument("--centre", required=True, metavar="CODE")
        parser.add_argument("--by", metavar="USER", help="a data manager there")

    def handle(self, *args: Any, **options: Any) -> None:
        by, cases = None, Case.objects.all()
        if options["by"] is not None:
            by = User.objects.filter(username=options["by"]).first()
            cases = visible_to(by, Right.TRANSFER) if by else Case.objects.none()
        case = cases.filter(case_id=options["case_id"], centre__code=options["centre"]).first()
        if case is None:
            raise CommandError(_("There is no such case for this user."))
        document = export_case(case, by=by, account="" if by else getpass.getuser())
        sys.stdout.buffer.write(document + b"\n")
