"""Reads the database of the site out, and into an empty one, by its own means."""

import os
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Final
from urllib.parse import quote

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

BEGINS: Final = {"sqlite": b"SQLite format 3\0", "postgresql": b"PGDMP"}
"""How a copy of each kind of database begins."""


class NotCopied(Exception):
    """Why there is no copy."""


@contextmanager
def read_out(connection: BaseDatabaseWrapper) -> Iterator[IO[bytes]]:
    """The whole database as it is at one moment, while others write. Raises NotCopied."""
    if connection.vendor == "sqlite":
        with _copied(str(connection.settings_dict["NAME"])) as file:
            yield file
    else:
        with _dumped(connection.settings_dict) as pipe:
            yield pipe


def read_in(connection: BaseDatabaseWrapper, pieces: Iterable[bytes]) -> None:
    """Fills an empty database, entirely or not at all. Raises NotCopied."""
    if connection.vendor == "sqlite":
        _fill_file(Path(connection.settings_dict["NAME"]), pieces)
    else:
        _fill(connection, pieces)


@contextmanager
def _copied(name: str) -> Iterator[IO[bytes]]:
    """By SQLite's own copying: to copy the file of a database in use can spoil it.

    The copy lies beside the database, where it is kept no worse.
    """
    with tempfile.NamedTemporaryFile(dir=Path(name).parent, prefix=".backup-") as file:
        with (
            closing(sqlite3.connect(f"file:{quote(name)}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(file.name)) as target,
        ):
            source.backup(target)
            target.execute("PRAGMA journal_mode = DELETE")  # one file, without others beside it
            _check(target)
        yield file.file


def _check(database: sqlite3.Connection) -> None:
    (found,) = database.execute("PRAGMA integrity_check(1)").fetchone()
    if found != "ok":
        raise NotCopied(found)


def _fill_file(path: Path, pieces: Iterable[bytes]) -> None:
    if path.exists() and path.stat().st_size:
        raise NotCopied(f"{path} is there already")
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".restore-") as file:
        file.writelines(pieces)
        file.flush()
        os.fsync(file.fileno())
        try:
            with closing(sqlite3.connect(f"file:{quote(file.name)}?mode=ro", uri=True)) as database:
                _check(database)
        except sqlite3.DatabaseError as broken:
            raise NotCopied(str(broken)) from broken
        path.unlink(missing_ok=True)
        os.link(file.name, path)  # fails where another one has come meanwhile


@contextmanager
def _dumped(database: Mapping[str, Any]) -> Iterator[IO[bytes]]:
    with _client(database, "pg_dump", "--format=custom", stdout=subprocess.PIPE) as process:
        assert process.stdout is not None  # noqa: S101 - it is piped
        yield process.stdout


def _fill(connection: BaseDatabaseWrapper, pieces: Iterable[bytes]) -> None:
    if connection.introspection.table_names():
        raise NotCopied(f"{connection.settings_dict['NAME']} holds tables already")
    connections.close_all()
    whole = ("--single-transaction", "--exit-on-error")
    with _client(connection.settings_dict, "pg_restore", *whole, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None  # noqa: S101 - it is piped
        try:
            process.stdin.writelines(pieces)
        except Exception:
            process.kill()  # in one transaction: nothing stands
            raise


@contextmanager
def _client(
    database: Mapping[str, Any],
    program: str,
    *arguments: str,
    stdin: int | None = None,
    stdout: int | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """A program of PostgreSQL, at this database; whose it is and who may what is left to it.

    Raises NotCopied with what it says where it fails, also where it ends before all is written.
    """
    named = {"dbname": database["NAME"], "user": database["USER"], "host": database["HOST"]}
    given = named | {"port": database["PORT"]} | database["OPTIONS"]
    place = " ".join(f"{name}='{_quoted(value)}'" for name, value in given.items() if value)
    command = [program, "--no-owner", "--no-privileges", *arguments, "--dbname", place]
    environment = {**os.environ, "PGPASSWORD": database["PASSWORD"]}
    with tempfile.TemporaryFile() as said:
        try:
            process = subprocess.Popen(  # noqa: S603 - our own arguments
                command, env=environment, stdin=stdin, stdout=stdout, stderr=said
            )
        except FileNotFoundError as missing:
            raise NotCopied(f"{program} is not installed (postgresql-client)") from missing
        with suppress(BrokenPipeError), process:
            yield process
        if process.returncode:
            said.seek(0)
            raise NotCopied(said.read().decode(errors="replace").strip().partition("\n")[0])


def _quoted(value: object) -> str:
    return str(value).replace("\\", "\\\\").replace("'", "\\'")
