"""`verify_chain [CASE_ID --centre CODE]`: is what stands in the cases what was recorded?"""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from patients.models import Case
from patients.records.chain import breaks


class Command(BaseCommand):
    """Exit status 1: a chain is broken, or there is no such case."""

    help = "Verifies the sealed entries of one case, or of all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("case_id", nargs="?", metavar="CASE_ID", help="without it, every case")
        parser.add_argument("--centre", metavar="CODE", help="of this centre alone")

    def handle(self, *args: Any, **options: Any) -> None:
        asked = {"case_id": options["case_id"], "centre__code": options["centre"]}
        cases = Case.objects.filter(**{name: value for name, value in asked.items() if value})
        if any(asked.values()) and not cases.exists():
            raise CommandError(_("There is no such case."))
        if sum(self.verify(key) for key in cases.order_by("pk").values_list("pk", flat=True)):
            sys.exit(1)
        self.stdout.write("OK")

    @transaction.atomic
    def verify(self, key: int) -> int:
        """How many breaks a case has, each printed; nobody adds to the case meanwhile."""
        case = (
            Case.objects.select_related("centre")
            .select_for_update(of=("self",), no_key=True)
            .get(pk=key)
        )
        found = breaks(case)
        for sequence, flaw in found:
            place = "" if sequence is None else f" {sequence}"
            self.stdout.write(f"{case.centre.code} {case.case_id}{place}: {flaw}")
        return len(found)
