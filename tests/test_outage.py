"""When the database is away: a page of our own, which keeps what was typed."""

import html
import re
from collections.abc import Iterator
from typing import Any, NoReturn

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InterfaceError, OperationalError, connection
from django.test import Client

from patients.models import Membership, Role, User
from tests.conftest import PASSWORD
from tests.patients import courses
from tests.test_frame import heading

TYPED = {"username": "ana <b>&'\" ruiz", "role": "reader", "note": "two\nlines, 29.9", "empty": ""}
HEADING = "Not reachable at the moment"


@pytest.fixture
def client(db: None) -> Client:
    """An administrator's, whose session stands."""
    client = Client(raise_request_exception=False)
    client.force_login(courses.person("head", Role.ADMINISTRATOR))
    return client


@pytest.fixture(params=[OperationalError, InterfaceError])
def away(request: pytest.FixtureRequest, client: Client) -> Iterator[None]:
    """No cursor any more."""

    def broken(*_: Any, **__: Any) -> NoReturn:
        raise request.param("the server closed the connection, a patient's name")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection, "cursor", broken)
        yield


def offered(response: Any) -> dict[str, str]:
    """What the form would send again."""
    found = re.findall(
        r'<input type="hidden" name="([^"]*)" value="([^"]*)">', response.content.decode()
    )
    fields = {html.unescape(name): html.unescape(value) for name, value in found}
    return {name: value for name, value in fields.items() if name != "csrfmiddlewaretoken"}


@pytest.mark.parametrize("path", ["/cases/", "/centres/?a=1", "/", "/password/", "/evidence/"])
def test_a_page_says_that_it_cannot_be_reached_and_leads_back_to_itself(
    path: str, client: Client, away: None
) -> None:
    response = client.get(path)

    assert (response.status_code, heading(response.content)) == (503, HEADING)
    assert (response.headers["Retry-After"], response.headers["Cache-Control"]) == (
        "20",
        "private, no-store",
    )
    assert f'href="{path}">Try again</a>' in response.content.decode()
    assert "patient" not in response.content.decode().partition("<main")[2]


def test_what_was_posted_can_be_read_and_sent_again(client: Client, away: None) -> None:
    response = client.post("/centres/BCN/people/?a=1", TYPED)

    page = response.content.decode()
    assert (response.status_code, heading(response.content)) == (503, HEADING)
    assert (offered(response), 'action="/centres/BCN/people/?a=1"' in page) == (TYPED, True)
    shown = [html.unescape(text) for text in re.findall(r"<dd>(.*?)</dd>", page, re.DOTALL)]
    assert shown == [value for value in TYPED.values() if value]
    assert page.count('name="csrfmiddlewaretoken"') == 1


def test_what_was_typed_into_a_visit_is_shown_by_the_names_of_the_form(
    client: Client, away: None
) -> None:
    hidden = {"token": "a", "crp-seen": "1", "crp-sure": "crp 3 mg/L", "ldh": "", "ldh-unit": "U/L"}
    typed = {"date": "2024-03-01", "platelets": "150", "platelets-unit": "10*9/L"}

    response = client.post("/cases/", hidden | typed)

    assert offered(response) == hidden | typed
    shown = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", response.content.decode())
    assert shown == [
        ("date", "2024-03-01"),
        ("Platelets", "150"),
        ("Platelets (unit)", "×10⁹/L"),
    ]


def test_nothing_was_recorded_and_sending_again_records_it_once(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    courses.person("ana.ruiz")
    before = Membership.objects.count()
    with monkeypatch.context() as broken:
        broken.setattr(connection, "cursor", _raise)
        response = client.post("/centres/BCN/people/", {"username": "ana.ruiz", "role": "reader"})
    unchanged = Membership.objects.count()

    again = client.post("/centres/BCN/people/", offered(response))

    assert (before, unchanged, again.status_code, Membership.objects.count()) == (1, 1, 302, 2)


def _raise(*_: Any, **__: Any) -> NoReturn:
    raise OperationalError


def test_a_failure_in_the_middle_of_a_page_is_met_too(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("patients.people.views.people.grant", _raise)
    courses.person("ana.ruiz")
    sent = {"username": "ana.ruiz", "role": "reader"}

    response = client.post("/centres/BCN/people/", sent)

    assert (response.status_code, offered(response)) == (503, sent)


@pytest.mark.parametrize("path", ["/sign-in/", "/password/"])
def test_passwords_are_never_shown(path: str, client: Client, away: None) -> None:
    secret = dict.fromkeys(("password", "old_password", "new_password1", "Password"), PASSWORD)

    response = client.post(path, {"login": "ana.ruiz", **secret})

    assert (response.status_code, offered(response)) == (503, {"login": "ana.ruiz"})
    assert PASSWORD not in response.content.decode()


def test_a_file_is_not_kept_and_the_page_says_so(client: Client, away: None) -> None:
    sent = {"centre": "1", "file": SimpleUploadedFile("case.json", b"a patient's course")}

    page = client.post("/cases/import/", sent).content.decode()

    assert "A file is not kept here" in page
    assert "course" not in page


def test_what_another_site_made_a_browser_post_is_not_offered_again(
    clinician: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    client.force_login(clinician)
    token = re.search(
        r'name="csrfmiddlewaretoken" value="(\w+)"', client.get("/cases/").content.decode()
    )
    assert token
    with monkeypatch.context() as broken:
        broken.setattr(connection, "cursor", _raise)
        ours = client.post("/password/", {"a": "typed", "csrfmiddlewaretoken": token[1]})
        forged = client.post("/password/", {"a": "forged"})

    assert (offered(ours), offered(forged)) == ({"a": "typed"}, {})
    assert [ours.status_code, forged.status_code] == [503, 503]
    assert "forged" not in forged.content.decode()


def test_another_fault_stays_another_page(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> NoReturn:
        raise ValueError

    monkeypatch.setattr("patients.people.views.centres_page", fail)

    assert client.get("/centres/").status_code == 500
