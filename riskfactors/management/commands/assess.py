"""`assess CASE.json`: the findings of a case document; with `--lines`, of one case a line."""

import sys
from argparse import ArgumentParser
from contextlib import nullcontext
from datetime import date
from functools import partial
from multiprocessing import Pool
from pathlib import Path
from typing import Any, BinaryIO, Final, NoReturn

from django.utils.translation import gettext as _

from riskfactors.assessing import findings_of
from riskfactors.domain.documents import InvalidDocument, parse_date, write_errors
from riskfactors.printing import PrintingCommand, number_up_to
from riskfactors.published import catalogue
from riskfactors.words import say_problem

LINES: Final = 32
"""Handed to a process at a time."""


class Command(PrintingCommand):
    """Exit status 2: the case, its file or the date is refused; 1: some of the lines are."""

    help = "Evaluates every published factor for a case document."

    def add_arguments(self, parser: ArgumentParser) -> None:
        source = parser.add_mutually_exclusive_group(required=True)
        source.add_argument("case", nargs="?", metavar="CASE.json", help="a document; - reads it")
        source.add_argument("--lines", metavar="FILE", help="one document a line; - reads them")
        parser.add_argument("--as-of", metavar="DATE", help="hides what is dated later")
        parser.add_argument(
            "--jobs", type=number_up_to(256), default=1, metavar="N", help="processes for --lines"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        as_of = None
        if options["as_of"] is not None and (as_of := parse_date(options["as_of"])) is None:
            self.refuse(_("--as-of: a date of the calendar, written YYYY-MM-DD, is expected"))
        with self.opened(options["lines"] or options["case"]) as file:
            if options["lines"] is not None:
                self.assess_lines(file, as_of, options["jobs"])
            else:
                self.assess_case(file, as_of)

    def assess_case(self, file: BinaryIO, as_of: date | None) -> None:
        """The one result, or why there is none."""
        try:
            findings = findings_of(file.read(), as_of)
        except InvalidDocument as refused:
            self.refuse(*map(say_problem, refused.problems))
        self.print(findings)

    def assess_lines(self, lines: BinaryIO, as_of: date | None, jobs: int) -> None:
        """One result for each line, in order, worked out by so many processes."""
        assessed = partial(_assessed, as_of=as_of)
        catalogue()  # read before the processes part, so once
        with Pool(jobs) if jobs > 1 else nullcontext() as pool:
            results = pool.imap(assessed, lines, LINES) if pool else map(assessed, lines)
            accepted = [self.printed(*result) for result in results]
        if not all(accepted):
            sys.exit(1)

    def printed(self, accepted: bool, result: bytes | bytearray) -> bool:
        """Whether the case of a result that is printed was accepted."""
        self.print(result)
        return accepted

    def opened(self, name: str) -> BinaryIO:
        """A file, or standard input for "-"."""
        if name == "-" and sys.stdin is not None:
            return sys.stdin.buffer
        try:
            return Path(name).open("rb")
        except OSError as error:
            self.refuse(
                _("%(file)s: it cannot be read: %(why)s") % {"file": name, "why": error.strerror}
            )

    def refuse(self, *lines: str) -> NoReturn:
        """Say why, a line for each problem, and end."""
        for line in lines:
            self.stderr.write(line)
        sys.exit(2)


def _assessed(line: bytes, as_of: date | None) -> tuple[bool, bytes | bytearray]:
    """Whether the case of a line is accepted, and its findings or why it is not."""
    try:
        return True, findings_of(line, as_of)
    except InvalidDocument as refused:
        return False, write_errors(refused.case_id, map(say_problem, refused.problems))
