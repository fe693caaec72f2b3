"""`verify_chain [CASE_ID --centre CODE] [--against FILE]`: is what stands there what was recorded?

`verify_chain --head` prints the line that is kept elsewhere, for `--against` later.
"""

import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from patients.management.arguments import pseudonym
from patients.models import Case, Centre
from patients.records import heads, verification
from patients.records.chain import breaks, broken

AT_ONCE: Final = 20
"""So many cases are read together."""


class Command(BaseCommand):
    """Exit status 1: something is not as it was recorded, or there is no such case or head."""

    help = "Verifies the sealed entries of one case, or of all with the journals of their centres."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "case_id",
            nargs="?",
            metavar="CASE_ID",
            type=pseudonym,
            help="without it, every case",
        )
        parser.add_argument("--centre", metavar="CODE", help="of this centre alone")
        parser.add_argument("--head", action="store_true", help="print the head of the site")
        parser.add_argument("--against", metavar="FILE", help="a head that was kept; - reads it")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["head"]:
            self.stdout.write(heads.head_now())
            return
        asked = {"case_id": options["case_id"], "centre__code": options["centre"]}
        cases = Case.objects.filter(**{name: value for name, value in asked.items() if value})
        if any(asked.values()) and not cases.exists():
            raise CommandError(_("There is no such case."))
        found = sum(map(self.verify, verification.in_parts(cases, by="pk", at_once=AT_ONCE)))
        if not options["case_id"]:
            found += self.told(_in_journals(options["centre"]))
        if options["against"]:
            found += self.told(_missed(options["against"]))
        if found:
            sys.exit(1)
        self.stdout.write("OK")

    def verify(self, some: QuerySet[Case]) -> int:
        """How many breaks some cases have, each printed. Who records meanwhile waits for nothing:
        where there seems to be a break, the case is read once more, while nobody adds to it."""
        suspected = dict.fromkeys(case.pk for case, _found in broken(list(some)))
        return sum(map(self.verify_held, suspected))

    @transaction.atomic
    def verify_held(self, key: int) -> int:
        """The same of one case."""
        cases = Case.objects.select_related("centre").filter(pk=key)
        return self.told(
            f"{case.centre.code} {case.case_id}{_place(sequence)}: {flaw}"
            for case in cases.select_for_update(of=("self",), no_key=True)
            for sequence, flaw in breaks(case)
        )

    def told(self, lines: Iterable[str]) -> int:
        """How many lines there are, each printed."""
        count = 0
        for line in lines:
            self.stdout.write(line)
            count += 1
        return count


def _in_journals(code: str | None) -> Iterator[str]:
    """What is wrong with the journal of a centre, or with all and with what none tells of."""
    centres = Centre.objects.filter(code=code) if code else Centre.objects.order_by("pk")
    journals = list(centres) if code else [None, *centres]
    for centre in journals:
        name = centre.code if centre else heads.SITE
        for sequence, table, row, flaw in verification.faults(centre):
            yield f"{name} journal{_place(sequence)}, {table} {row}: {flaw}"
    if not code:
        for _sequence, table, row, flaw in verification.strays():
            yield f"journal, {table} {row}: {flaw}"


def _missed(file: str) -> Iterator[str]:
    """Where the database lacks what a kept head has seen."""
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text("utf-8")
        for code, sequence, flaw in heads.gaps(text):
            yield f"{code} journal {sequence}, against the head: {flaw}"
    except (OSError, heads.NoHead) as unread:
        raise CommandError(_("This is no head of this site, or it was changed.")) from unread


def _place(sequence: int | None) -> str:
    return "" if sequence is None else f" {sequence}"
