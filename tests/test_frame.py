"""What every page carries: headers, banner, footer, and its own words when something fails."""

import logging
import re
from pathlib import Path

import pytest
from allauth.account.forms import LoginForm
from django.test import Client
from pytest_django import Settings

from cartapp.logs import DiscreetFormatter
from patients.models import User
from riskfactors.published import catalogue
from tests.test_wording import templates

ROOT = Path(__file__).resolve().parent.parent
POLICY = {
    "default-src 'none'",
    "base-uri 'none'",
    "connect-src 'self'",
    "font-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "img-src 'self' data: blob:",
    "script-src 'self'",
    "style-src 'self'",
}
HEADERS = {
    "Cache-Control": "private, no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
BANNER = "On this machine only. Never enter a real patient."


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/sign-in/", "/", "/nowhere/"])
def test_every_answer_has_exactly_these_headers(client: Client, path: str) -> None:
    response = client.get(path)

    policy = response.headers["Content-Security-Policy"]
    assert set(policy.split("; ")) == POLICY
    assert {name: response.headers.get(name) for name in HEADERS} == HEADERS


def test_the_pages_of_a_person_are_kept_by_no_browser(client: Client, clinician: User) -> None:
    client.force_login(clinician)

    response = client.get("/evidence/")

    assert (response.status_code, response.headers["Cache-Control"]) == (200, "private, no-store")


@pytest.mark.django_db
def test_plain_http_is_sent_to_https_and_told_to_stay_there(
    client: Client, settings: Settings
) -> None:
    settings.SECURE_SSL_REDIRECT = True

    plain = client.get("/sign-in/")
    secure = client.get("/sign-in/", secure=True)

    assert plain.headers["Location"] == "https://testserver/sign-in/"
    assert secure.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


@pytest.mark.django_db
@pytest.mark.parametrize(("demonstration", "times"), [(True, 1), (False, 0)])
def test_only_the_demonstration_says_on_every_page_that_it_is_one(
    client: Client, settings: Settings, demonstration: bool, times: int
) -> None:
    settings.DEMONSTRATION = demonstration

    pages = [client.get(path).content.decode() for path in ("/sign-in/", "/nowhere/")]

    assert [page.count(BANNER) for page in pages] == [times, times]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/sign-in/", "/nowhere/"])
def test_every_page_names_the_catalogue_and_that_nothing_is_added_up(
    client: Client, path: str
) -> None:
    page = client.get(path).content.decode()

    digest = catalogue().digest[:12]
    assert f"Evidence to 2023 (catalogue <code>{digest}</code>)." in page
    assert "No validated score combines these findings." in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("192.0.2.7", {}, 403),
        ("", {}, 403),
        ("127.0.0.1", {"X-Forwarded-For": "192.0.2.7"}, 403),
        ("127.0.0.1", {"Forwarded": "for=192.0.2.7"}, 403),
        ("127.0.0.1", {"Host": "cartapp.example"}, 400),
    ],
)
def test_the_demonstration_answers_only_this_machine(
    client: Client, settings: Settings, address: str, headers: dict[str, str], status: int
) -> None:
    settings.DEMONSTRATION = True

    response = client.get("/sign-in/", headers=headers, REMOTE_ADDR=address)

    assert response.status_code == status


@pytest.mark.django_db
def test_a_site_behind_a_proxy_answers_others(client: Client) -> None:
    response = client.get(
        "/sign-in/", headers={"X-Forwarded-For": "192.0.2.7"}, REMOTE_ADDR="192.0.2.1"
    )

    assert response.status_code == 200


def heading(page: bytes) -> str:
    found = re.search(r"<h1>(.*?)</h1>", page.decode())
    return found[1] if found else ""


@pytest.mark.django_db
def test_a_missing_page_a_wrong_host_and_an_old_form_have_pages_of_our_own() -> None:
    client = Client(enforce_csrf_checks=True)

    missing = client.get("/nowhere/")
    wrong_host = client.get("/sign-in/", headers={"Host": "cartapp.example"})
    old_form = client.post("/sign-in/", {"login": "ana.ruiz"})

    assert [
        (answer.status_code, heading(answer.content)) for answer in (missing, wrong_host, old_form)
    ] == [
        (404, "There is no such page"),
        (400, "This request cannot be answered"),
        (403, "This form has expired"),
    ]


@pytest.mark.django_db
def test_a_missing_page_says_what_may_be_the_matter_and_leads_to_the_library(
    client: Client,
) -> None:
    page = client.get("/nowhere/").content.decode()

    words = "The address is wrong, or the page has moved, or it is not for you to see."
    assert words in page
    assert '<a href="/evidence/">Go to the evidence library</a>' in page


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/sign-in/", "/nowhere/"])
def test_every_page_leads_to_the_data_dictionary(client: Client, path: str) -> None:
    footer = client.get(path).content.decode().partition("<footer")[2]

    assert '<a href="/evidence/variables/">Data dictionary</a>' in footer


@pytest.mark.django_db
def test_a_failure_shows_neither_its_cause_nor_what_was_typed(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(form: LoginForm) -> None:
        raise ValueError(form.data["login"])

    monkeypatch.setattr(LoginForm, "clean", fail)
    client.raise_request_exception = False

    response = client.post("/sign-in/", {"login": "somebody's name", "password": "typed"})

    assert (response.status_code, heading(response.content)) == (500, "Something went wrong here")
    assert "somebody" not in response.content.decode()
    assert "somebody" not in DiscreetFormatter().format(caplog.records[-1])


def fail_on(words: str) -> None:
    """Fails for a cause, both of which quote the words."""
    try:
        int(words)
    except ValueError as cause:
        raise LookupError(words) from cause


def test_a_log_line_has_the_frames_and_types_of_a_failure_but_not_its_words() -> None:
    with pytest.raises(LookupError) as failure:
        fail_on("a name of a patient")
    raised = (failure.type, failure.value, failure.tb)
    record = logging.LogRecord("site", logging.ERROR, "", 0, "It failed", (), raised)

    lines = DiscreetFormatter().format(record).splitlines()

    assert lines[0].endswith("ERROR site: It failed")
    assert [line for line in lines if not line.startswith(" ")][1:] == ["LookupError", "ValueError"]
    assert [line for line in lines if "patient" in line] == ['    fail_on("a name of a patient")']


def test_templates_hold_no_script_no_style_and_trust_nothing() -> None:
    forbidden = re.compile(
        r"<style|\sstyle=|\son\w+=|\|\s*safe\b|autoescape (?:off|false)"
        r"|<script(?![^>]*\s(?:src=|type=.application/json.))"  # data run nothing
    )

    found = {
        str(template.relative_to(ROOT)): forbidden.findall(template.read_text())
        for template in templates()
    }

    assert {name: marks for name, marks in found.items() if marks} == {}


def test_vendored_files_come_with_their_licence_and_without_source_maps() -> None:
    vendored = sorted((ROOT / "static" / "vendor").iterdir())

    assert [folder.name for folder in vendored if not (folder / "LICENSE").is_file()] == []
    assert [
        str(file)
        for folder in vendored
        for file in folder.rglob("*.*")
        if b"sourceMappingURL" in file.read_bytes()
    ] == []
