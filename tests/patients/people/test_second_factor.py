"""The second factor: set up, asked for at the sign-in, obligatory where a centre says so."""

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.management import CommandError, call_command
from django.test import Client

from patients.models import AccountChange, Centre, CentreChange, CentreRule, Role, User
from patients.people import accounts
from patients.people.second_factor import set_rule
from tests.conftest import PASSWORD
from tests.patients import courses
from tests.patients.pages import signed_in, words

SECRET = re.compile(r'<code class="key">(\w+)</code>')
CODE = re.compile(r"<li><code>(\d{8})</code></li>")
INDEX, APP, CODES = "/second-factor/", "/second-factor/app/", "/second-factor/codes/"
KINDS = [Authenticator.Type.RECOVERY_CODES, Authenticator.Type.TOTP]


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a minute that does not end while a test types its digits."""
    monkeypatch.setattr(totp, "yield_hotp_counters_from_time", lambda: iter([1]))


@pytest.fixture
def head(db: None) -> User:
    return courses.person("head", Role.ADMINISTRATOR)


@pytest.fixture
def ana(db: None) -> User:
    user = courses.person("ana.ruiz", Role.CLINICIAN)
    user.set_password(PASSWORD)
    user.save()
    return user


def digits(secret: str) -> str:
    """What the app shows."""
    return totp.format_hotp_value(totp.hotp_value(secret, 1))


def set_up(client: Client) -> tuple[str, list[str]]:
    """Sets up an app: its key, and the recovery codes that are shown."""
    secret = SECRET.findall(client.get(APP).content.decode())[0]
    client.post(APP, {"code": digits(secret)})
    return secret, CODE.findall(client.get(CODES).content.decode())


def ask_for_one(by: User, *, holds: bool = True) -> None:
    set_rule(courses.centre(), CentreRule.SECOND_FACTOR, holds=holds, by=by)


def acts() -> list[tuple[str, str]]:
    return [(one.act, one.by.username) for one in AccountChange.objects.all()]


def test_an_app_is_set_up_and_asked_for_at_the_next_sign_in(ana: User) -> None:
    secret, _ = set_up(signed_in("ana.ruiz", PASSWORD))

    theirs = signed_in("ana.ruiz", PASSWORD)
    before = theirs.get("/cases/").status_code
    wrong = theirs.post("/sign-in/second-factor/", {"code": "000000"})
    right = theirs.post("/sign-in/second-factor/", {"code": digits(secret)})

    assert (before, "This did not match." in words(wrong)) == (302, True)
    assert (right.headers["Location"], theirs.get("/cases/").status_code) == ("/cases/", 200)


def test_the_digits_of_an_app_are_taken_once(ana: User) -> None:
    secret, _ = set_up(signed_in("ana.ruiz", PASSWORD))

    answers = []
    for _n in range(2):
        theirs = signed_in("ana.ruiz", PASSWORD)
        answers.append(theirs.post("/sign-in/second-factor/", {"code": digits(secret)}).status_code)

    assert answers == [302, 200]


def test_a_recovery_code_signs_in_once_and_all_are_shown_once(ana: User) -> None:
    client = signed_in("ana.ruiz", PASSWORD)
    _, codes = set_up(client)
    again = CODE.findall(client.get(CODES).content.decode())

    answers = []
    for _n in range(2):
        theirs = signed_in("ana.ruiz", PASSWORD)
        answers.append(theirs.post("/sign-in/second-factor/", {"code": codes[0]}).status_code)

    assert (len({*codes}), again, answers) == (10, [], [302, 200])


def test_new_recovery_codes_take_the_place_of_the_old_ones(ana: User) -> None:
    client = signed_in("ana.ruiz", PASSWORD)
    _, old = set_up(client)

    client.post("/second-factor/codes/new/")
    new = CODE.findall(client.get(CODES).content.decode())

    theirs = signed_in("ana.ruiz", PASSWORD)
    answers = [
        theirs.post("/sign-in/second-factor/", {"code": code}).status_code
        for code in (old[0], new[0])
    ]
    assert answers == [200, 302]


def test_nothing_that_signs_in_lies_in_the_database_as_it_is(ana: User) -> None:
    secret, codes = set_up(signed_in("ana.ruiz", PASSWORD))

    kept = [str(one.data) for one in Authenticator.objects.order_by("type")]

    assert [one.type for one in Authenticator.objects.order_by("type")] == KINDS
    assert [word for word in (secret, *codes) if any(word in each for each in kept)] == []


def test_the_key_is_scanned_from_the_page_itself(ana: User) -> None:
    page = signed_in("ana.ruiz", PASSWORD).get(APP).content.decode()

    images = re.findall(r'<img class="qr" src="(data:image/svg\+xml;base64),', page)
    assert (images, "http" in page.partition("<main")[2]) == (["data:image/svg+xml;base64"], False)


def test_setting_one_up_ends_the_sessions_that_have_none(ana: User) -> None:
    here, elsewhere = signed_in("ana.ruiz", PASSWORD), signed_in("ana.ruiz", PASSWORD)

    set_up(here)

    assert [one.get("/cases/").status_code for one in (here, elsewhere)] == [200, 302]


def test_half_a_sign_in_ends_with_the_password_that_began_it(ana: User, head: User) -> None:
    secret, _ = set_up(signed_in("ana.ruiz", PASSWORD))
    begun = signed_in("ana.ruiz", PASSWORD)

    accounts.reset_password(ana, centre=courses.centre(), by=head)
    begun.post("/sign-in/second-factor/", {"code": digits(secret)})

    assert begun.get("/cases/").status_code == 302
    assert begun.get("/sign-in/second-factor/").headers["Location"] == "/sign-in/"


def test_what_people_do_with_their_own_is_on_record(ana: User) -> None:
    client = signed_in("ana.ruiz", PASSWORD)

    set_up(client)
    client.post("/second-factor/codes/new/")
    client.post("/second-factor/app/remove/")

    done = ["factor_added", "codes_made", "codes_made", "factor_removed"]
    assert acts() == [(act, "ana.ruiz") for act in done]
    assert not Authenticator.objects.exists()


def test_a_session_that_is_open_for_long_asks_for_the_password_again(ana: User) -> None:
    client = signed_in("ana.ruiz", PASSWORD)
    session = client.session
    session["begun"] -= 6 * 60
    session.save()

    asked = client.get(APP)
    wrong = client.post("/second-factor/password/", {"password": "wrong", "next": APP})
    right = client.post("/second-factor/password/", {"password": PASSWORD, "next": APP})

    assert asked.headers["Location"] == f"/second-factor/password/?next={APP.replace('/', '%2F')}"
    assert (wrong.status_code, right.headers["Location"]) == (200, APP)
    assert client.get(APP).status_code == 200


def test_a_centre_that_asks_for_one_leads_everybody_there_and_nowhere_else(
    ana: User, head: User
) -> None:
    theirs = signed_in("ana.ruiz", PASSWORD)
    ask_for_one(head)

    led_to = [
        theirs.get(path).headers["Location"] for path in ("/", "/cases/", "/evidence/", CODES)
    ]
    script = theirs.get("/cases/", headers={"Accept": "application/json"}).status_code
    told = "Your centre asks for a second factor" in words(theirs.get(INDEX))
    set_up(theirs)

    assert (led_to, script, told) == ([INDEX] * 4, 401, True)
    assert theirs.get("/cases/").status_code == 200


def test_whoever_has_no_role_there_is_asked_for_none(ana: User, head: User) -> None:
    there = courses.centre("MAD")
    other = courses.person("of.madrid", Role.CLINICIAN, at=there)
    ask_for_one(head)
    client = Client()
    client.force_login(other)

    assert client.get("/cases/").status_code == 200


def test_a_password_that_was_handed_over_is_changed_before_a_factor_is_set_up(
    ana: User, head: User
) -> None:
    ask_for_one(head)
    User.objects.filter(pk=ana.pk).update(must_choose_password=True)

    theirs = signed_in("ana.ruiz", PASSWORD)

    assert [theirs.get(path).headers["Location"] for path in ("/", INDEX)] == ["/password/"] * 2


def test_the_last_factor_stays_where_a_centre_asks_for_one(ana: User, head: User) -> None:
    theirs = signed_in("ana.ruiz", PASSWORD)
    set_up(theirs)
    ask_for_one(head)

    page = theirs.post("/second-factor/app/remove/")

    assert "this is your only one" in words(page)
    assert Authenticator.objects.filter(type="totp").exists()


def test_a_lost_factor_is_reset_by_an_administrator_and_the_password_signs_in(
    ana: User, head: User
) -> None:
    theirs = signed_in("ana.ruiz", PASSWORD)
    set_up(theirs)
    by = Client()
    by.force_login(head)

    offered = "Reset the second factors" in words(by.get("/centres/BCN/people/ana.ruiz/"))
    by.post("/centres/BCN/people/ana.ruiz/second-factor/")

    assert (offered, theirs.get("/cases/").status_code) == (True, 302)
    assert signed_in("ana.ruiz", PASSWORD).get("/cases/").status_code == 200
    assert acts()[-1] == ("factor_reset", "head")
    assert not Authenticator.objects.exists()


def test_nobody_resets_the_factors_of_an_account_that_is_not_theirs(head: User) -> None:
    elsewhere = courses.person("of.madrid", Role.CLINICIAN, at=courses.centre("MAD"))

    with pytest.raises(User.DoesNotExist):
        accounts.reset_second_factors(elsewhere, centre=courses.centre(), by=head)
    with pytest.raises(accounts.NotTheirs):
        accounts.reset_second_factors(head, centre=courses.centre(), by=head)


def test_whoever_runs_the_site_resets_them_where_nobody_else_can(
    ana: User, caplog: pytest.LogCaptureFixture
) -> None:
    set_up(signed_in("ana.ruiz", PASSWORD))

    call_command("reset_second_factors", "ana.ruiz")

    assert not Authenticator.objects.exists()
    assert caplog.messages[-1].startswith("Second factors of ana.ruiz reset by ")
    with pytest.raises(CommandError):
        call_command("reset_second_factors", "nobody")


def test_an_administrator_says_what_the_centre_asks_and_each_change_is_on_record(
    ana: User, head: User
) -> None:
    client = Client()
    client.force_login(head)

    before = words(client.get("/centres/BCN/access/"))
    for ticked in ({"asks_second_factor": "on"}, {"asks_second_factor": "on"}, {}):
        client.force_login(User.objects.get(pk=head.pk))
        Authenticator.objects.get_or_create(user=head, type="totp", defaults={"data": {}})
        client.post("/centres/BCN/access/", ticked)

    page = words(client.get("/centres/BCN/access/"))
    assert [change.holds for change in CentreChange.objects.all()] == [True, False]
    assert ("ana.ruiz" in before, "A second factor is asked for: no, by head on" in page) == (
        True,
        True,
    )


def test_only_an_administrator_of_the_centre_changes_what_it_asks(ana: User) -> None:
    about: dict[str, Any] = {"holds": True}

    for by in (ana, courses.person("stranger", Role.ADMINISTRATOR, at=courses.centre("MAD"))):
        with pytest.raises(Centre.DoesNotExist):
            set_rule(courses.centre(), CentreRule.SECOND_FACTOR, by=by, **about)

    assert not CentreChange.objects.exists()


@pytest.mark.parametrize("path", [CODES, "/second-factor/codes/new/", "/second-factor/app/remove/"])
def test_whoever_has_set_up_nothing_is_led_to_where_that_is_done(path: str, ana: User) -> None:
    client = signed_in("ana.ruiz", PASSWORD)

    assert client.get(path).headers["Location"] == INDEX


def test_guessing_the_digits_is_throttled(ana: User) -> None:
    secret, _ = set_up(signed_in("ana.ruiz", PASSWORD))
    theirs = signed_in("ana.ruiz", PASSWORD)

    for _n in range(5):
        theirs.post("/sign-in/second-factor/", {"code": "000000"})
    refused = theirs.post("/sign-in/second-factor/", {"code": digits(secret)})

    assert "Too many attempts have gone wrong." in words(refused)
