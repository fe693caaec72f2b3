"""`backup FILE`: the whole database in one file, while people work."""

import os
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils.translation import gettext as _

from cartapp.backup.copying import NotCopied, read_out
from cartapp.backup.sealing import PIECE, sealed


class Command(BaseCommand):
    """A file that is there is whole, and is never written over."""

    help = "Copies the database into a new file, encrypted if BACKUP_KEY is set."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="a name that is free")

    def handle(self, *args: Any, **options: Any) -> None:
        path, key = options["file"], settings.BACKUP_KEY
        if path.exists():
            raise CommandError(_("%s is there already.") % path)
        try:
            with new_file(path) as file, read_out(connection) as whole:
                file.writelines(sealed(whole, key) if key else iter(lambda: whole.read(PIECE), b""))
        except (NotCopied, OSError) as why:
            raise CommandError(_("There is no backup: %s") % why) from why
        told = _("encrypted") if key else _("NOT ENCRYPTED: set BACKUP_KEY")
        self.stdout.write(f"{path}: {path.stat().st_size} bytes, {told}")


@contextmanager
def new_file(path: Path) -> Iterator[IO[bytes]]:
    """A file that its owner alone may read; it has its name once all of it is on the disk."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor is no path
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.link(unfinished, path)
    finally:
        unfinished.unlink()
