"""`import_case CASE.json --centre CODE --by USER`: a case document becomes a case."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from patients.models import User
from patients.permissions import Right, centres_of
from patients.records.opening import CaseExists
from patients.records.saving import Refused
from patients.transfer.documents import import_case, said_of
from riskfactors.domain.documents import InvalidDocument
from riskfactors.words import say_problem


class Command(BaseCommand):
    """Exit status 2: the document is refused; 1: the file, the right or the pseudonym is."""

    help = "Imports a case document into a centre."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("case", metavar="CASE.json", help="a document; - reads it")
        parser.add_argument("--centre", required=True, metavar="CODE")
        parser.add_argument("--by", required=True, metavar="USER", help="a data manager there")

    def handle(self, *args: Any, **options: Any) -> None:
        by = User.objects.filter(username=options["by"]).first()
        centres = centres_of(by or AnonymousUser(), Right.TRANSFER)
        centre = centres.filter(code=options["centre"]).first()
        if by is None or centre is None:
            raise CommandError(_("This user is no data manager of such a centre."))
        try:
            entry = import_case(self.read(options["case"]), centre=centre, by=by)
        except (InvalidDocument, Refused) as refused:
            for problem in refused.problems:
                self.stderr.write(say_problem(problem))
            sys.exit(2)
        except CaseExists as exists:
            raise CommandError(_("The centre has a case with this case_id already.")) from exists
        except ValidationError as invalid:
            raise CommandError(" ".join(said_of(invalid))) from invalid
        self.stdout.write(entry.case.case_id)

    def read(self, name: str) -> bytes:
        """A file, or standard input for "-"."""
        try:
            return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        except OSError as error:
            raise CommandError(
                _("%(file)s: it cannot be read: %(why)s") % {"file": name, "why": error.strerror}
            ) from error
