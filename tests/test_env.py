"""The environment is read into typed values, and whatever cannot be read is named."""

from pathlib import Path

import pytest

from cartapp.env import Environment, read_environment

DATA = Path("var")

LIMITS = {"connect_timeout": 5, "options": "-c lock_timeout=5s -c statement_timeout=20s"}
SITE = {
    "SECRET_KEY": "secret",
    "CHAIN_KEYS": "first:secret",
    "ALLOWED_HOSTS": "cartapp.example",
    "TRUSTED_PROXIES": "0",
    "DATABASE_URL": "sqlite:////srv/cart.sqlite3",
}


def read(**variables: str) -> Environment:
    return read_environment(variables, data=DATA)


def problems(**variables: str) -> tuple[str, ...]:
    """What is wrong with these variables of a site that is described otherwise."""
    return read(**SITE | variables).problems


def test_an_empty_environment_is_a_closed_site_without_a_database() -> None:
    environment = read()

    assert environment == Environment(
        demonstration=False,
        secret_key="",
        chain_keys={},
        allowed_hosts=(),
        database={"ENGINE": "django.db.backends.dummy"},
        owners_database={"ENGINE": "django.db.backends.dummy"},
        served_by_owner=False,
        time_zone="Europe/Madrid",
        trusted_proxies=0,
        clock_was_ahead_until=0,
        metrics_token="",
        backup_key="",
        log_format="text",
        problems=(
            "Not set: SECRET_KEY, CHAIN_KEYS, ALLOWED_HOSTS, TRUSTED_PROXIES, DATABASE_URL"
            " (docs/operations.md says what they are).",
        ),
    )


@pytest.mark.parametrize("missing", ["TRUSTED_PROXIES", "DATABASE_URL"])
def test_what_has_an_obvious_answer_has_to_be_said_all_the_same(missing: str) -> None:
    variables = {name: value for name, value in SITE.items() if name != missing}

    assert read(**variables).problems == (
        f"Not set: {missing} (docs/operations.md says what they are).",
    )


def test_the_demonstration_has_a_database_of_its_own() -> None:
    environment = read(DEMONSTRATION="1")

    assert environment.database == {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": "var/cartapp.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
    }
    assert environment.problems == (
        "Not set: SECRET_KEY, CHAIN_KEYS (docs/operations.md says what they are).",
    )


def test_the_demonstration_answers_to_the_names_of_this_machine() -> None:
    environment = read(DEMONSTRATION="1")

    assert environment.demonstration
    assert environment.allowed_hosts == ("127.0.0.1", "localhost", "[::1]")


def test_hosts_are_separated_by_commas() -> None:
    environment = read(ALLOWED_HOSTS="cartapp.example, www.cartapp.example,")

    assert environment.allowed_hosts == ("cartapp.example", "www.cartapp.example")


def test_an_address_of_postgresql_is_taken_apart() -> None:
    database = read(
        DATABASE_URL="postgres://ana:p%40ss@db.example:5433/cart?sslmode=require"
    ).database

    assert database == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "cart",
        "USER": "ana",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "5433",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"sslmode": "require", **LIMITS},
    }


def test_options_of_the_address_follow_ours_and_hold() -> None:
    database = read(
        DATABASE_URL="postgres:///cart?connect_timeout=2&options=-c%20statement_timeout%3D0"
    ).database

    assert database["OPTIONS"] == {
        "connect_timeout": "2",
        "options": f"{LIMITS['options']} -c statement_timeout=0",
    }


def test_who_migrates_may_be_another_role_than_who_serves() -> None:
    site = {"DATABASE_URL": "postgres://cart@/cart"}

    alone = read(**site)
    two = read(**site, MIGRATE_DATABASE_URL="postgres://owner@/cart", SERVED_BY_OWNER="1")

    assert alone.owners_database == alone.database
    assert (two.database["USER"], two.owners_database["USER"]) == ("cart", "owner")
    assert (alone.served_by_owner, two.served_by_owner) == (False, True)
    assert problems(MIGRATE_DATABASE_URL="cart") == (
        "MIGRATE_DATABASE_URL is neither postgres://USER:PASSWORD@HOST/NAME nor sqlite:///FILE.",
    )


def test_a_unix_socket_is_an_option_of_the_address() -> None:
    database = read(DATABASE_URL="postgres://ana@/cart?host=/run/postgresql").database

    assert (database["HOST"], database["PORT"], database["OPTIONS"]) == (
        "",
        "",
        {"host": "/run/postgresql", **LIMITS},
    )


def test_a_file_of_sqlite_can_be_named() -> None:
    relative = read(DATABASE_URL="sqlite:///var/other.sqlite3").database
    absolute = read(DATABASE_URL="sqlite:////srv/cart.sqlite3").database

    assert (relative["NAME"], absolute["NAME"]) == ("var/other.sqlite3", "/srv/cart.sqlite3")


@pytest.mark.parametrize(
    "written",
    ["", "cart.sqlite3", "mysql://host/cart", "postgres://host/", "sqlite:///", "sqlite://cart"],
)
def test_an_unreadable_database_never_falls_back_to_another(written: str) -> None:
    environment = read(**SITE | {"DATABASE_URL": written})

    assert environment.database == {"ENGINE": "django.db.backends.dummy"}
    assert environment.problems == (
        "DATABASE_URL is neither postgres://USER:PASSWORD@HOST/NAME nor sqlite:///FILE.",
    )


def test_an_impossible_port_is_named_without_the_password_beside_it() -> None:
    found = problems(DATABASE_URL="postgres://ana:invented@host:port/cart")

    assert found == ("DATABASE_URL is not an address.",)


def test_every_unreadable_value_is_named() -> None:
    environment = read(
        **SITE
        | {
            "ALLOWED_HOSTS": ",",
            "DEMONSTRATION": "yes",
            "LOG_FORMAT": "xml",
            "TIME_ZONE": "Europe/Nowhere",
            "TRUSTED_PROXIES": "-1",
        }
    )

    assert (environment.demonstration, environment.time_zone, environment.trusted_proxies) == (
        False,
        "Europe/Madrid",
        0,
    )
    assert environment.problems == (
        "DEMONSTRATION is neither 0 nor 1.",
        "ALLOWED_HOSTS names no host.",
        "TIME_ZONE is not a name of the time zone database.",
        "TRUSTED_PROXIES is not a whole number.",
        "LOG_FORMAT is neither text nor json.",
    )


def test_keys_of_the_chain_have_ids_the_first_is_for_new_entries() -> None:
    keys = read(CHAIN_KEYS="2027:new, 2026:old:er,").chain_keys

    assert list(keys.items()) == [("2027", "new"), ("2026", "old:er")]


@pytest.mark.parametrize("written", ["key", "2026:", ":key", "2026:a,2026:b"])
def test_keys_of_the_chain_that_cannot_be_told_apart_are_none(written: str) -> None:
    environment = read(**SITE | {"CHAIN_KEYS": written})

    assert (environment.chain_keys, environment.problems) == (
        {},
        ("CHAIN_KEYS is not ID:KEY, separated by commas, each ID once.",),
    )
