"""Reads the environment once into typed values, and collects what is wrong instead of raising."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import available_timezones

LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "[::1]")
DEFAULT_TIME_ZONE = "Europe/Madrid"
SECONDS_A_CONNECTION_IS_KEPT = 600

SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",  # DEFERRED fails under contention when a reader turns writer
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
}
SECONDS_TO_CONNECT = 5
# What waits for a lock, or works too long, gives its worker back before gunicorn ends it (30 s).
POSTGRESQL_LIMITS = "-c lock_timeout=5s -c statement_timeout=20s"
NO_DATABASE: dict[str, Any] = {"ENGINE": "django.db.backends.dummy"}
NEEDED = ("SECRET_KEY", "CHAIN_KEYS")
NEEDED_BY_A_SITE = (*NEEDED, "ALLOWED_HOSTS", "TRUSTED_PROXIES", "DATABASE_URL")
"""What a site for real has to say, also where the answer is 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """What the environment says; `problems` names every variable that could not be read."""

    demonstration: bool
    secret_key: str = field(repr=False)
    chain_keys: dict[str, str] = field(repr=False)
    allowed_hosts: tuple[str, ...]
    database: dict[str, Any] = field(repr=False)
    owners_database: dict[str, Any] = field(repr=False)
    served_by_owner: bool
    time_zone: str
    trusted_proxies: int
    clock_was_ahead_until: int
    metrics_token: str = field(repr=False)
    backup_key: str = field(repr=False)
    log_format: str
    problems: tuple[str, ...]


def read_environment(
    variables: Mapping[str, str], *, data: Path, problems: Iterable[str] = ()
) -> Environment:
    """The typed environment, with the problems that are known already.

    `data` is the folder of the demonstration's SQLite file.
    """
    problems = list(problems)
    demonstration = _flag(variables, "DEMONSTRATION", problems)
    _unset(variables, NEEDED if demonstration else NEEDED_BY_A_SITE, problems)
    default = _sqlite(str(data / "cartapp.sqlite3")) if demonstration else NO_DATABASE
    database = _database(variables, problems, default=default)
    return Environment(
        demonstration=demonstration,
        secret_key=variables.get("SECRET_KEY", ""),
        chain_keys=_chain_keys(variables, problems),
        allowed_hosts=_hosts(variables, problems, demonstration=demonstration),
        database=database,
        owners_database=_database(
            variables, problems, default=database, variable="MIGRATE_DATABASE_URL"
        ),
        served_by_owner=_flag(variables, "SERVED_BY_OWNER", problems),
        time_zone=_time_zone(variables, problems),
        trusted_proxies=_count(variables, "TRUSTED_PROXIES", problems),
        clock_was_ahead_until=_count(variables, "CLOCK_WAS_AHEAD_UNTIL", problems),
        metrics_token=variables.get("METRICS_TOKEN", ""),
        backup_key=variables.get("BACKUP_KEY", ""),
        log_format=_log_format(variables, problems),
        problems=tuple(problems),
    )


def _unset(variables: Mapping[str, str], needed: Iterable[str], problems: list[str]) -> None:
    missing = [name for name in needed if name not in variables]
    if missing:
        problems.append(f"Not set: {', '.join(missing)} (docs/operations.md says what they are).")


def _flag(variables: Mapping[str, str], name: str, problems: list[str]) -> bool:
    written = variables.get(name, "0")
    if written not in ("0", "1"):
        problems.append(f"{name} is neither 0 nor 1.")
    return written == "1"


def _count(variables: Mapping[str, str], name: str, problems: list[str]) -> int:
    written = variables.get(name, "0")
    if written.isascii() and written.isdigit():
        return int(written)
    problems.append(f"{name} is not a whole number.")
    return 0


def _chain_keys(variables: Mapping[str, str], problems: list[str]) -> dict[str, str]:
    """Keys by their ids, the first for new entries, the others to verify old ones."""
    written = variables.get("CHAIN_KEYS", "")
    pairs = [pair.strip().partition(":") for pair in written.split(",") if pair.strip()]
    keys = {key_id: key for key_id, _, key in pairs}
    if len(keys) < len(pairs) or not all(keys) or not all(keys.values()):
        problems.append("CHAIN_KEYS is not ID:KEY, separated by commas, each ID once.")
        return {}
    return keys


def _hosts(
    variables: Mapping[str, str], problems: list[str], *, demonstration: bool
) -> tuple[str, ...]:
    written = variables.get("ALLOWED_HOSTS", "")
    hosts = tuple(host.strip() for host in written.split(",") if host.strip())
    if written and not hosts:
        problems.append("ALLOWED_HOSTS names no host.")
    return hosts or (LOOPBACK_HOSTS if demonstration else ())


def _log_format(variables: Mapping[str, str], problems: list[str]) -> str:
    written = variables.get("LOG_FORMAT", "text")
    if written in ("text", "json"):
        return written
    problems.append("LOG_FORMAT is neither text nor json.")
    return "text"


def _time_zone(variables: Mapping[str, str], problems: list[str]) -> str:
    written = variables.get("TIME_ZONE", DEFAULT_TIME_ZONE)
    if written in available_timezones():
        return written
    problems.append("TIME_ZONE is not a name of the time zone database.")
    return DEFAULT_TIME_ZONE


def _database(
    variables: Mapping[str, str],
    problems: list[str],
    *,
    default: dict[str, Any],
    variable: str = "DATABASE_URL",
) -> dict[str, Any]:
    """Django's settings of one database; an unreadable address never falls back to another one."""
    written = variables.get(variable)
    if written is None:
        return default
    try:
        url = urlsplit(written)
        port = url.port
    except ValueError:
        problems.append(f"{variable} is not an address.")
        return NO_DATABASE
    name = unquote(url.path.removeprefix("/"))
    if url.scheme == "sqlite" and name and not url.netloc:
        return _sqlite(name)
    if url.scheme in ("postgres", "postgresql") and name:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": name,
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": unquote(url.hostname or ""),
            "PORT": "" if port is None else str(port),
            "CONN_MAX_AGE": SECONDS_A_CONNECTION_IS_KEPT,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": _postgresql_options(url.query),
        }
    problems.append(f"{variable} is neither postgres://USER:PASSWORD@HOST/NAME nor sqlite:///FILE.")
    return NO_DATABASE


def _postgresql_options(query: str) -> dict[str, Any]:
    """Those of the address, after limits of our own: of two the last holds."""
    given = dict(parse_qsl(query))
    limits = " ".join(filter(None, (POSTGRESQL_LIMITS, given.pop("options", ""))))
    return {"connect_timeout": SECONDS_TO_CONNECT, **given, "options": limits}


def _sqlite(name: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": name,
        "OPTIONS": dict(SQLITE_OPTIONS),
    }
