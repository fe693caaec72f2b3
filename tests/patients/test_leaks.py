"""Nobody is shown what is not theirs: every address x person x centre x method of the site."""

import logging
import re
import uuid
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from patients.frame.heading import TABS
from tests.patients import leaky_urls
from tests.patients.matrix import BY_TOKEN, CHANCE, WITHOUT_POLICY, Cell, Matrix, routes

pytestmark = pytest.mark.usefixtures("paper_set_once")
PARTS = 4  # of the addresses, so that every core has some
OF_EVERYBODY = ("everybody", frozenset[str](), False)
OF_SOMEWHERE = ("somewhere", frozenset[str](), True)
OF_A_CASE = ("case", frozenset({"public_id"}), True)
OF_A_CENTRE = ("centre", frozenset({"code"}), True)
KNOWN = (OF_EVERYBODY, OF_SOMEWHERE, OF_A_CASE, OF_A_CENTRE)
WHO_ASKS = re.compile(r'SELECT .* WHERE .*("django_session"."session_key"|"patients_user"."id") = ')


@pytest.fixture(autouse=True)
def unlogged() -> Iterator[None]:
    """Thousands of refusals are expected; to log each takes a tenth of the time."""
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


def test_every_address_declares_what_it_asks_of_a_person() -> None:
    undeclared = {route.name for route in routes() if route.policy is None}

    assert {name for name in undeclared if not name.startswith("riskfactors:")} == WITHOUT_POLICY


def test_an_address_that_names_a_case_or_a_centre_asks_for_a_right_there() -> None:
    declared = [
        (policy.of, frozenset({"public_id", "code"}) & {*route.kwargs}, policy.right is not None)
        for route in routes()
        if (policy := route.policy) is not None
    ]

    assert [d for d in declared if d not in KNOWN] == []


def test_a_tab_asks_for_the_right_of_its_page() -> None:
    """Nobody is led where they are refused."""
    asked = {route.name: route.policy.right for route in routes() if route.policy is not None}

    assert {f"patients:{name}": right for name, _title, right in TABS} == {
        f"patients:{name}": asked[f"patients:{name}"] for name, _title, _right in TABS
    }


@pytest.mark.long
@pytest.mark.one_database("the test below asks on the other whatever looks something up")
@pytest.mark.django_db
@pytest.mark.parametrize("part", range(PARTS))
def test_no_address_leaks_to_anybody_and_every_look_at_a_case_is_logged(part: int) -> None:
    matrix, asked = Matrix(), routes()[part::PARTS]

    assert matrix.faults(asked) == []
    assert {route.name for route in asked} - matrix.answering - BY_TOKEN == set()


@pytest.mark.long
@pytest.mark.skipif(connection.vendor == "sqlite", reason="the test above asks all of it there")
@pytest.mark.django_db
def test_what_is_looked_up_for_a_person_is_theirs_on_every_database() -> None:
    matrix = Matrix()
    matrix.sessions = {who: matrix.sessions[who] for who in ("data_manager", "without role")}
    matrix.others = ()

    assert matrix.faults(route for route in routes() if route.policy is not None) == []


@pytest.mark.one_database("the test above asks on the other whatever looks something up")
@pytest.mark.django_db
def test_an_emergency_opens_one_case_to_be_read_and_nothing_else_of_its_centre() -> None:
    matrix = Matrix()
    matrix.break_glass()

    assert matrix.faults(routes()) == []
    assert {"patients:case", "patients:records", "patients:history"} <= matrix.answering


@pytest.mark.one_database("it tries the matrix, not the site")
@pytest.mark.django_db
@override_settings(ROOT_URLCONF="tests.patients.leaky_urls")
def test_the_matrix_finds_each_address_that_leaks() -> None:
    leaky = [route for route in routes() if route.template.startswith("/leaks/")]
    matrix = Matrix()
    matrix.sessions = {who: matrix.sessions[who] for who in ("reader", "data_manager", "anonymous")}

    faults = matrix.faults(leaky)

    found = {
        name: any(f" {name} " in fault and fault.endswith(why) for fault in faults)
        for name, why in leaky_urls.FAULTS.items()
    }
    assert found == dict.fromkeys((route.name for route in leaky), True)


def test_an_unknown_part_of_an_address_asks_for_an_example() -> None:
    unknown = routes()[0]._replace(name="new", template="/new/<colour>/", kwargs=("colour",))

    with pytest.raises(AssertionError, match=r"add an example for kwarg colour \(new\)"):
        unknown.path({})


@pytest.mark.one_database("the test above asks on both whatever looks something up")
@pytest.mark.django_db
def test_a_foreign_case_beside_an_own_one_is_answered_like_none() -> None:
    matrix = Matrix()
    (route,) = [route for route in routes() if route.policy and route.policy.beside]
    own = route.path(matrix.own.examples)
    foreign, none = matrix.foreign.examples["public_id"], str(uuid.UUID(int=1))

    answers = [
        matrix.ask(Cell(route, "data_manager", "GET", "mixed", f"{own}?at=day_28&other={other}"))
        for other in (foreign, none)
    ]

    said = [CHANCE.sub("", a.text.replace(foreign, "X").replace(none, "X")) for a in answers]
    assert [(answer.status, answer.looks) for answer in answers] == [(404, 0), (404, 0)]
    assert said[0] == said[1]


@pytest.mark.one_database("pages are only asked for, alike on both databases")
@pytest.mark.django_db
def test_two_identifiers_stand_on_every_page_of_a_case() -> None:
    matrix = Matrix()
    shown = {
        route.name: matrix.ask(Cell(route, "data_manager", "GET", "own", path))
        for route in routes()
        if route.policy is not None and route.policy.of == "case"
        for path in [route.path(matrix.own.examples)]
    }

    pages = {
        name: answer.text
        for name, answer in shown.items()
        if answer.status == 200 and answer.kind == "text/html"
    }
    del pages["patients:presented"]  # a projector shows who it is when somebody asks for it
    assert [name for name, page in pages.items() if 'class="case-head' not in page] == []
    assert {"patients:export", "patients:identity"} <= pages.keys()


@pytest.mark.one_database("what is asked is counted, alike on both databases")
@pytest.mark.django_db
def test_who_is_asking_takes_two_queries_on_any_page() -> None:
    """The session and the user, each once."""
    matrix = Matrix()
    counted = {}
    for route in routes():
        path = route.path(matrix.own.examples)
        for who in ("data_manager", "administrator"):
            with CaptureQueriesContext(connection) as captured:
                matrix.ask(Cell(route, who, "GET", "own", path))
            counted[path, who] = sum(bool(WHO_ASKS.match(query["sql"])) for query in captured)

    assert {asked: count for asked, count in counted.items() if count > 2} == {}
    assert 2 in counted.values()
