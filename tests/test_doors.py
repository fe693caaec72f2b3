"""Who gets in: every address asks for a sign-in unless listed, and signing in is throttled."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from pytest_django import Settings

from cartapp.accounts import AccountAdapter
from patients.models import User
from tests.conftest import PASSWORD

EXAMPLES = {
    "int": "1",
    "str": "x",
    "slug": "x",
    "path": "x",
    "uuid": "0" * 8 + "-0000" * 3 + "-" + "0" * 12,
}
OPEN_TO_ALL = {
    *("home", "account_login", "account_logout", "mfa_authenticate", "look", "health", "ready")
}
BY_TOKEN = {"metrics"}
WRONG = "User name or password is not right."
TOO_MANY = "Too many attempts have gone wrong. Wait 5 minutes before you try again."


def addresses(
    resolver: URLResolver, namespace: str = "", prefix: str = "/"
) -> Iterator[tuple[str, str]]:
    """Name and example path of every address."""
    for pattern in resolver.url_patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from addresses(pattern, inner, example(pattern, path))
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}", example(pattern, path)


def example(pattern: URLPattern | URLResolver, path: str) -> str:
    for name, converter in pattern.pattern.converters.items():
        kind = type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
        path = path.replace(f"<{kind}:{name}>", EXAMPLES[kind]).replace(f"<{name}>", "x")
    return path


def open_addresses(client: Client) -> set[str]:
    """The names of the addresses that do not send a stranger to the sign-in page."""
    return {
        name
        for name, path in addresses(get_resolver())
        if not client.get(path).headers.get("Location", "").startswith("/sign-in/?next=")
    }


@pytest.mark.django_db
def test_every_address_asks_a_stranger_to_sign_in_unless_listed(client: Client) -> None:
    assert open_addresses(client) == OPEN_TO_ALL | BY_TOKEN


@pytest.mark.django_db
def test_the_demonstration_opens_published_evidence_and_nothing_else(
    client: Client, settings: Settings
) -> None:
    settings.DEMONSTRATION = True

    opened = open_addresses(client)

    evidence = {name for name, _ in addresses(get_resolver()) if name.startswith("riskfactors:")}
    assert opened == OPEN_TO_ALL | BY_TOKEN | evidence


def sign_in(
    client: Client,
    *,
    password: str = PASSWORD,
    username: str = "ana.ruiz",
    address: str = "127.0.0.1",
    host: str = "testserver",
) -> str:
    """Where signing in leads, or what the form says instead."""
    response = client.post(
        "/sign-in/",
        {"login": username, "password": password},
        headers={"Host": host},
        REMOTE_ADDR=address,
    )
    if response.status_code == 302:
        return response.headers["Location"]
    return " ".join(response.context["form"].non_field_errors())


def test_signing_in_leads_to_the_cases(client: Client, clinician: User) -> None:
    led_to = sign_in(client)

    page = client.get(led_to, follow=True)
    assert (led_to, page.status_code) == ("/cases/", 200)
    assert page.context["user"] == clinician


def test_signing_in_leads_back_but_never_to_another_site(client: Client, clinician: User) -> None:
    form = {"login": "ana.ruiz", "password": PASSWORD}

    back = client.post("/sign-in/", {**form, "next": "/evidence/about/"})
    client.logout()
    away = client.post("/sign-in/", {**form, "next": "https://elsewhere.example/"})

    assert (back.headers["Location"], away.headers["Location"]) == ("/evidence/about/", "/cases/")


@pytest.mark.django_db
def test_the_link_to_sign_in_leads_back_to_where_it_stands(
    client: Client, settings: Settings
) -> None:
    settings.DEMONSTRATION = True

    pages = {
        path: re.findall(r'href="(/sign-in/[^"]*)"', client.get(path).content.decode())
        for path in (
            "/",
            "/evidence/",
            "/evidence/?q=a%26b",
            "/sign-in/",
            "/sign-in/?next=/evidence/about/",
            "/none/",
        )
    }

    assert pages == {
        "/": ["/sign-in/", "/sign-in/"],  # where everybody begins: on to the cases
        "/evidence/": ["/sign-in/?next=%2Fevidence%2F"],
        "/evidence/?q=a%26b": ["/sign-in/?next=%2Fevidence%2F%3Fq%3Da%2526b"],
        "/sign-in/": ["/sign-in/"],
        "/sign-in/?next=/evidence/about/": ["/sign-in/?next=%2Fevidence%2Fabout%2F"],
        "/none/": ["/sign-in/?next=%2Fnone%2F"],
    }


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"login": "ana.ruiz", "password": "wrong"}, WRONG),
        ({"login": "", "password": ""}, "Fill in the user name and the password."),
    ],
)
def test_a_refused_sign_in_is_announced_and_named_in_the_title(
    client: Client, clinician: User, form: dict[str, str], message: str
) -> None:
    page = client.post("/sign-in/", form).content.decode()

    title = re.findall(r"<title>(.*?)</title>", page)
    alert = re.findall(r'role="alert" tabindex="-1" autofocus>\s*<p>(.*?)</p>', page)
    assert (title, alert) == (["Error: Sign in – cartapp"], [message])


def test_the_wait_that_is_named_is_the_longest_there_is(settings: Settings) -> None:
    limits = [
        settings.ACCOUNT_RATE_LIMITS[of] for of in ("login_failed", "login_failed_at_address")
    ]

    assert limits == ["5/5m/key", "10/m/ip"]


def test_a_session_ends_with_the_browser_and_after_a_working_day(
    client: Client, clinician: User
) -> None:
    sign_in(client)

    cookie = client.cookies["sessionid"]
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == ("", True, "Lax")
    assert client.session.get_expiry_age() == 8 * 60 * 60


def test_wrong_words_and_closed_accounts_get_the_same_answer(
    client: Client, clinician: User
) -> None:
    User.objects.create_user("has.left", password=PASSWORD, is_active=False)

    answers = [
        sign_in(client, password="wrong"),
        sign_in(client, username="nobody"),
        sign_in(client, username="has.left"),
    ]

    assert answers == [WRONG, WRONG, WRONG]


def test_the_sixth_try_at_one_account_is_refused_even_with_the_right_password(
    client: Client, clinician: User
) -> None:
    answers = [sign_in(client, password="wrong") for _ in range(5)]

    assert answers == [WRONG] * 5
    assert sign_in(client) == TOO_MANY


def test_neither_another_port_nor_spelling_gives_more_tries(
    client: Client, clinician: User
) -> None:
    for number in range(5):
        sign_in(
            client,
            password="wrong",
            username=["ana.ruiz", "Ana.Ruiz"][number % 2],
            host=f"localhost:{8000 + number}",
        )

    assert sign_in(client, host="localhost:9999") == TOO_MANY


def test_one_address_has_ten_tries_a_minute_at_most(client: Client, clinician: User) -> None:
    answers = [sign_in(client, username=f"guess{number}") for number in range(31)]

    assert answers == [WRONG] * 10 + [TOO_MANY] * 21


def test_signing_out_is_a_post_and_its_address_alone_leads_to_the_first_page(
    client: Client, clinician: User
) -> None:
    client.force_login(clinician)

    by_link = client.get("/sign-out/")
    still_in = "_auth_user_id" in client.session
    by_button = client.post("/sign-out/")

    assert (by_link.headers["Location"], still_in) == ("/", True)
    assert by_button.headers["Location"] == "/sign-in/"
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "name",
    [
        "account_signup",
        "account_reset_password",
        "account_email",
        "account_inactive",
        "admin:index",
    ],
)
def test_nobody_signs_up_resets_by_mail_or_writes_past_the_pages(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.django_db
def test_the_adapter_is_closed_for_signing_up_too(client: Client) -> None:
    request = client.get("/sign-in/").wsgi_request

    assert AccountAdapter(request).is_open_for_signup(request) is False
