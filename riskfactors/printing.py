"""Commands that print documents: to a pipe that ends early, or a disk that is full, as well."""

import os
import signal
import sys
from argparse import ArgumentTypeError
from collections.abc import Callable

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from riskfactors.words.translating import one_language


def number_up_to(most: int) -> Callable[[str], int]:
    """Reads an argument that is a whole number from 1 on."""

    def read(argument: str) -> int:
        if not (argument.isascii() and argument.isdecimal() and 1 <= int(argument) <= most):
            raise ArgumentTypeError(_("a whole number from 1 to %s is expected") % most)
        return int(argument)

    return read


class PrintingCommand(BaseCommand):
    """Ends quietly when nobody reads on, and with status 3 when the output cannot be written."""

    requires_system_checks = ()

    def run_from_argv(self, argv: list[str]) -> None:
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        try:
            with one_language():
                super().run_from_argv(argv)
            sys.stdout.flush()
        except OSError as error:
            os.write(2, (_("The output cannot be written: %s") % error.strerror).encode() + b"\n")
            os._exit(3)  # what is still in the buffer cannot be written either

    def print(self, document: bytes | bytearray) -> None:
        """Print one document on a line. A bytearray grows by the line's end: nothing is copied."""
        document += b"\n"
        sys.stdout.buffer.write(document)
