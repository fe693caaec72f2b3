"""Which tests may leave PostgreSQL out, and what they must not do."""

import pytest
from django.test import Client

from tests.conftest import only_reading, refuse_exemption


def mark(*args: object, **kwargs: object) -> pytest.Mark:
    return pytest.mark.one_database(*args, **kwargs).mark


@pytest.mark.parametrize("args", [(), ("",), (1,), ("a reason", "another")])
def test_one_database_is_enough_for_one_reason_only(args: tuple[object, ...]) -> None:
    with pytest.raises(pytest.UsageError, match="takes one reason"):
        refuse_exemption("a test", {"db"}, mark(*args))


@pytest.mark.parametrize("fixtures", [{"transactional_db"}, {"db", "live_server"}])
def test_what_commits_runs_on_both_databases_unless_a_browser_reads(fixtures: set[str]) -> None:
    reason = mark("published evidence is no row of a database")

    with pytest.raises(pytest.UsageError, match="runs on both"):
        refuse_exemption("a test", fixtures, reason)

    refuse_exemption("a test", {"db"}, reason)
    refuse_exemption("a test", fixtures | {"page"}, reason)


@pytest.mark.parametrize(
    ("fixtures", "reason"),
    [
        ({"db"}, "test_marks.py sends the same on both"),
        ({"page", "db"}, "it is the same on both"),
        ({"page", "db"}, "test_marks.py and test_nothing_of_the_kind.py send the same on both"),
    ],
)
def test_only_a_browser_sends_on_one_database_what_named_tests_send_on_both(
    fixtures: set[str], reason: str
) -> None:
    with pytest.raises(pytest.UsageError, match="names the tests that do so on both"):
        refuse_exemption("a test", fixtures, mark(reason, sends=True))

    refuse_exemption("a test", {"page", "db"}, mark("test_marks.py sends the same", sends=True))


def test_a_form_that_is_sent_where_one_database_is_enough_is_noticed(
    client: Client, db: None
) -> None:
    with only_reading():
        client.get("/sign-in/")

    with pytest.raises(AssertionError, match="POST /sign-in/"), only_reading():
        client.post("/sign-in/")


@pytest.mark.one_database("the mark itself is tried")
def test_a_test_of_one_database_is_not_marked_for_both(
    request: pytest.FixtureRequest, db: None
) -> None:
    assert request.node.get_closest_marker("database") is None


def test_every_other_test_with_a_database_is(request: pytest.FixtureRequest, db: None) -> None:
    assert request.node.get_closest_marker("database") is not None
