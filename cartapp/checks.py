"""Finds what would make the site unsafe, and keeps it from starting.

Django's registered checks do not stop a WSGI server: cartapp.wsgi calls refuse_unsafe_start().
"""

import logging
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import WARNING, CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from cartapp import privileges
from cartapp.env import LOOPBACK_HOSTS
from patients.demonstration.filling import CENTRE as DEMONSTRATION_CENTRE
from patients.models import Centre
from patients.records import clock, triggers
from riskfactors.published import catalogue

logger = logging.getLogger(__name__)

SHORTEST_SECRET_KEY = 50
FEWEST_DIFFERENT_CHARACTERS = 5
LONGEST_KEY_ID = 50  # as Entry.key_id holds it
HTTPS_SETTINGS = (
    "SECURE_SSL_REDIRECT",
    "SECURE_HSTS_SECONDS",
    "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_SECURE",
)
LONGEST_WAIT = 20_000  # milliseconds
FULL = 2  # PRAGMA synchronous, as SQLite numbers it


def refuse_unsafe_start() -> None:
    """Raises with every problem at once, so that one attempt shows all that is to be put right."""
    try:
        problems = [
            *settings_problems(),
            *catalogue_problems(),
            *database_problems(connections["default"]),
        ]
        warnings = [] if problems else list(clock_warnings(DEFAULT_DB_ALIAS))
    finally:
        connections.close_all()  # a server that forks must not share a connection
    for warning in warnings:
        logger.warning(warning)
    if problems:
        listed = "\n".join(f"- {problem}" for problem in problems)
        raise ImproperlyConfigured(f"cartapp does not start:\n{listed}")


@register(Tags.security, deploy=True)
def check_settings(
    *, app_configs: Sequence[AppConfig] | None, **_options: Any
) -> list[CheckMessage]:
    """The same refusals for `manage.py check --deploy`."""
    return [Error(problem, id="cartapp.E001") for problem in settings_problems()]


@register(Tags.database, deploy=True)
def check_clock(*, databases: Sequence[str] | None = None, **_options: Any) -> list[CheckMessage]:
    """The same for `manage.py check --deploy --database default`."""
    named = chain.from_iterable(map(clock_warnings, databases or ()))
    return [CheckMessage(WARNING, warning, id="cartapp.W001") for warning in named]


def settings_problems() -> Iterator[str]:
    """What is unsafe in the settings alone; what is not set at all, the environment has named."""
    return chain(
        settings.ENVIRONMENT_PROBLEMS,
        _debug_problems(),
        _secret_key_problems(),
        _chain_key_problems(),
        _optional_key_problems(),
        _host_problems(),
        _https_problems(),
    )


def _debug_problems() -> Iterator[str]:
    if settings.DEBUG:
        yield "DEBUG is on: it shows settings and variables to whoever meets an error."


def _secret_key_problems() -> Iterator[str]:
    key = _secret_key()
    if key and _guessable(key):
        yield f"SECRET_KEY is guessable: give {SHORTEST_SECRET_KEY} random characters."


def _secret_key() -> str:
    try:
        return str(settings.SECRET_KEY)
    except ImproperlyConfigured:  # Django's answer to an empty key
        return ""


def _chain_key_problems() -> Iterator[str]:
    keys = settings.CHAIN_KEYS
    if any(_guessable(key) for key in keys.values()):
        yield f"CHAIN_KEYS is guessable: give ID:KEY with {SHORTEST_SECRET_KEY} random characters."
    if any(len(key_id) > LONGEST_KEY_ID for key_id in keys):
        yield f"CHAIN_KEYS has an id of more than {LONGEST_KEY_ID} characters."
    if _secret_key() in keys.values():
        yield "CHAIN_KEYS holds the SECRET_KEY: who has one must not have the other."


def _optional_key_problems() -> Iterator[str]:
    for name in ("BACKUP_KEY", "METRICS_TOKEN"):
        key = getattr(settings, name)
        if key and _guessable(key):
            yield f"{name} is guessable: give {SHORTEST_SECRET_KEY} random characters, or none."


def _guessable(key: str) -> bool:
    weak = len(key) < SHORTEST_SECRET_KEY or len(set(key)) < FEWEST_DIFFERENT_CHARACTERS
    return weak or key.startswith("django-insecure-")


def _host_problems() -> Iterator[str]:
    hosts = settings.ALLOWED_HOSTS
    if settings.DEMONSTRATION:
        strangers = [host for host in hosts if host not in LOOPBACK_HOSTS]
        if strangers:
            yield f"The demonstration answers this machine only, not {', '.join(strangers)}."
    elif any(host == "*" or host.startswith(".") for host in hosts):
        yield "ALLOWED_HOSTS has a wildcard: name each host."


def _https_problems() -> Iterator[str]:
    if settings.DEMONSTRATION:
        return
    for name in HTTPS_SETTINGS:
        if not getattr(settings, name):
            yield f"{name} is off: patients' data travel by HTTPS only."


def catalogue_problems() -> Iterator[str]:
    """Why the published evidence cannot be used."""
    try:
        catalogue()
    except ValueError as problem:
        yield f"The catalogue does not load: {problem}"


def database_problems(connection: BaseDatabaseWrapper) -> Iterator[str]:
    """Why what is saved could be lost, or cannot be saved at all."""
    if connection.vendor == "unknown":  # no address, or an unreadable one: named already
        return
    try:
        yield from _durability_problems(connection)
        yield from migration_problems(connection)
    except DatabaseError as problem:
        yield f"The database cannot be used: {type(problem).__name__}."


def clock_warnings(alias: str) -> Iterator[str]:
    """A clock that stands behind what is recorded: it keeps nobody from reading."""
    latest = clock.newest(alias)
    if latest is not None and clock.is_behind(latest):
        yield (
            f"Nothing can be recorded: the clock stands behind the last entry, of"
            f" {latest.recorded_at:%Y-%m-%d %H:%M:%S} UTC. Set the clock right; if it is right now"
            f" and stood ahead then, give CLOCK_WAS_AHEAD_UNTIL={latest.pk}."
        )


def _durability_problems(connection: BaseDatabaseWrapper) -> Iterator[str]:
    if connection.settings_dict["ATOMIC_REQUESTS"]:
        yield "ATOMIC_REQUESTS is on: readers would wait for writers."
    if connection.vendor == "sqlite":
        yield from _sqlite_problems(connection)
    else:
        yield from _postgresql_problems(connection)


def _sqlite_problems(connection: BaseDatabaseWrapper) -> Iterator[str]:
    if connection.settings_dict["OPTIONS"].get("transaction_mode") != "IMMEDIATE":
        yield "SQLite's transaction_mode is not IMMEDIATE: it fails under contention."
    if _shown(connection, "PRAGMA journal_mode") != "wal":
        yield "SQLite's journal_mode is not WAL."
    if _shown(connection, "PRAGMA synchronous") != FULL:
        yield "SQLite's synchronous is not FULL: an acknowledged save could be lost."
    if not 1000 <= int(str(_shown(connection, "PRAGMA busy_timeout"))) <= LONGEST_WAIT:
        yield "SQLite's timeout is not from 1 to 20 seconds: so long a save waits for another."


def _postgresql_problems(connection: BaseDatabaseWrapper) -> Iterator[str]:
    for name in ("fsync", "synchronous_commit", "full_page_writes"):
        if _shown(connection, f"SHOW {name}") == "off":
            yield f"PostgreSQL's {name} is off: an acknowledged save could be lost."
    for name in ("lock_timeout", "statement_timeout"):
        if _shown(connection, f"SHOW {name}") == "0":
            yield f"PostgreSQL's {name} is off: one locked table would stop every page."
    if not settings.SERVED_BY_OWNER and privileges.owns_tables(connection):
        yield (
            "The role that serves owns the tables, and could lift what guards the records: make"
            " another one (scripts/postgresql-roles), or say SERVED_BY_OWNER=1."
        )


def _shown(connection: BaseDatabaseWrapper, question: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(question)
        (answer,) = cursor.fetchone()
    return answer


def migration_problems(connection: BaseDatabaseWrapper) -> Iterator[str]:
    executor = MigrationExecutor(connection)
    if newer := _newer(executor.loader):
        yield (
            f"The database belongs to a newer cartapp ({', '.join(newer)}): serve that one, or"
            " restore the backup from before it."
        )
    elif executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield "Migrations are not applied: run manage.py migrate."
    else:
        yield from triggers.problems(connection)
        yield from _demonstration_problems(connection)


def _newer(loader: MigrationLoader) -> list[str]:
    """The migrations that the database has seen and this code does not know."""
    unknown = loader.applied_migrations.keys() - loader.disk_migrations.keys()
    return sorted(f"{app}.{name}" for app, name in unknown if app in loader.migrated_apps)


def _demonstration_problems(connection: BaseDatabaseWrapper) -> Iterator[str]:
    """Its people have a password that everybody knows."""
    centres = Centre.objects.using(connection.alias).filter(code=DEMONSTRATION_CENTRE)
    if not settings.DEMONSTRATION and centres.exists():
        yield "The database is the demonstration's, whose password is known: give another one."
