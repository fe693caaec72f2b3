"""Gathers the variables of the site: those of the process, and those of one file.

`serve`, `manage.py` and the served application all read the same. Any value may stand in a file of
its own, which NAME_FILE names, as secrets of containers and of systemd do.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from stat import S_IROTH
from typing import Final

from dotenv.parser import parse_stream

FILE: Final = "ENVIRONMENT_FILE"
"""Names another file than the default one, or none if it is empty."""

NAMES: Final = (
    "ALLOWED_HOSTS",
    "BACKUP_KEY",
    "CHAIN_KEYS",
    "CLOCK_WAS_AHEAD_UNTIL",
    "DATABASE_URL",
    "DEMONSTRATION",
    "LOG_FORMAT",
    "METRICS_TOKEN",
    "MIGRATE_DATABASE_URL",
    "SECRET_KEY",
    "SERVED_BY_OWNER",
    "TIME_ZONE",
    "TRUSTED_PROXIES",
)


def gather(process: Mapping[str, str], *, default: Path) -> tuple[dict[str, str], list[str]]:
    """The variables that have a value, and what is wrong with where they stand.

    What the process is given goes before what stands in the file.
    """
    problems: list[str] = []
    named = process.get(FILE)
    path = default if named is None else Path(named)
    written: dict[str, str] = {}
    if named or (named is None and path.exists()):
        written = dict(_lines(path, problems))
    return _values(written, problems) | _values(process, problems), problems


def _lines(path: Path, problems: list[str]) -> Iterator[tuple[str, str]]:
    """The names and values of a file; no value refers to another one."""
    known = {*NAMES, *(f"{name}_FILE" for name in NAMES)}
    try:
        with path.open(encoding="utf-8") as stream:
            bindings = list(parse_stream(stream))
        if path.stat().st_mode & S_IROTH:
            problems.append(f"{path} can be read by everybody: chmod 640.")
    except (OSError, UnicodeDecodeError) as unreadable:
        problems.append(f"{path} cannot be read: {type(unreadable).__name__}.")
        return
    for binding in bindings:
        if binding.key in known and binding.value is not None:
            yield binding.key, binding.value
        elif binding.key is not None or binding.error:
            problems.append(f"{path}, line {binding.original.line}: no variable of the site.")


def _values(given: Mapping[str, str], problems: list[str]) -> dict[str, str]:
    """By name, each as it is given or as it stands in the file that is named for it."""
    values = {name: given[name] for name in NAMES if given.get(name)}
    for name in NAMES:
        path = given.get(f"{name}_FILE")
        if not path:
            continue
        if name in values:
            problems.append(f"{name} and {name}_FILE are both given: one has to go.")
        try:
            values[name] = Path(path).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as unreadable:
            problems.append(f"{name}_FILE cannot be read: {type(unreadable).__name__}.")
    return {name: value for name, value in values.items() if value}
