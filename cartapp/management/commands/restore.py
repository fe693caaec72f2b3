"""`restore FILE`: a backup becomes the database of the site, which must be empty."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils.translation import gettext as _

from cartapp import privileges
from cartapp.backup.copying import BEGINS, NotCopied, read_in
from cartapp.backup.sealing import MARK, PIECE, NotTheKey, opened
from cartapp.checks import migration_problems


class Command(BaseCommand):
    """Exit status 1: what was restored is not what was recorded, or needs another cartapp."""

    help = "Fills an empty database from a backup, and verifies it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with options["file"].open("rb") as file:
                pieces = read(file)
                first = next(pieces, b"")
                if not first.startswith(BEGINS[connection.vendor]):
                    raise NotCopied(_("it is no backup of this kind of database"))
                read_in(connection, chain([first], pieces))
        except NotTheKey as other:
            raise CommandError(
                _("Nothing is restored: BACKUP_KEY is not that of the file, or it was changed.")
            ) from other
        except (NotCopied, OSError) as why:
            raise CommandError(_("Nothing is restored: %s") % why) from why
        privileges.give(using=connection.alias)
        problems = list(migration_problems(connection))
        for problem in problems:
            self.stdout.write(problem)
        if problems:
            sys.exit(1)
        call_command("verify_chain", stdout=self.stdout)


def read(file: IO[bytes]) -> Iterator[bytes]:
    """What the file holds, sealed or not. Raises NotTheKey."""
    if file.read(len(MARK)) == MARK:
        if not settings.BACKUP_KEY:
            raise NotTheKey
        return opened(file, settings.BACKUP_KEY)
    file.seek(0)
    return iter(lambda: file.read(PIECE), b"")
