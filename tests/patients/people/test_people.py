"""The pages of people: roles given and ended, accounts made, reset and closed."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from patients.models import Centre, Membership, Role, User
from patients.people import accounts
from patients.people import roles as people
from tests.conftest import PASSWORD
from tests.patients import courses
from tests.patients.pages import alert, password_in, signed_in, words

NEW = {"username": "new.one", "first_name": "New", "last_name": "One", "role": "reader"}


@pytest.fixture
def head(db: None) -> User:
    return courses.person("head", Role.ADMINISTRATOR)


@pytest.fixture
def client(head: User) -> Client:
    """The administrator's."""
    client = Client()
    client.force_login(head)
    return client


def limits() -> list[tuple[str, str, str]]:
    """What the laboratory of the one centre prints."""
    return list(Centre.objects.get().limits.values_list("variable", "value", "unit"))


def roles(user: User) -> list[str]:
    held = user.memberships.filter(revocation__isnull=True)
    return sorted(held.values_list("role", flat=True))


def test_everybody_sees_their_own_roles_and_who_gave_them(db: None) -> None:
    ana = courses.person("ana.ruiz", Role.CLINICIAN)
    courses.person("somebody.else", Role.READER)
    client = Client()
    client.force_login(ana)

    page = words(client.get("/centres/"))

    assert "Clinician , Hospital BCN given by ana.ruiz on" in page
    assert ("somebody.else" in page, "administer" in page) == (False, False)


def test_who_has_no_role_is_told_whom_to_ask(db: None) -> None:
    client = Client()
    client.force_login(courses.person("nobody.yet"))

    assert "You have no role yet. Ask the administrator" in words(client.get("/centres/"))


def test_an_administrator_finds_the_people_of_the_centre(client: Client, head: User) -> None:
    ana = courses.person("ana.ruiz", Role.CLINICIAN, Role.CHAIR)
    people.revoke(user=ana, role=Role.CHAIR, centre=courses.centre(), by=head)

    listed = client.get("/centres/")
    page = words(client.get("/centres/BCN/people/"))

    now, _, past = page.partition("Roles that have ended")
    assert 'href="/centres/BCN/people/"' in listed.content.decode()
    assert "ana.ruiz Clinician given by ana.ruiz on" in now
    assert ("Chair" in now.partition("Give a role")[0], "ana.ruiz: Chair of the board" in past) == (
        False,
        True,
    )
    assert "ended by head on" in past


def test_a_page_of_people_takes_the_same_few_queries_for_many(client: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get("/centres/BCN/people/")
        return len(captured)

    few = queries()
    for number in range(20):
        courses.person(f"person{number}", Role.READER, Role.CLINICIAN)

    assert (queries(), few) == (few, 7)


def test_a_role_is_given_by_user_name_and_ended_by_a_button(client: Client) -> None:
    ana = courses.person("ana.ruiz")

    given = client.post("/centres/BCN/people/", {"username": "ana.ruiz", "role": "reader"})
    after = roles(ana)
    further = client.post("/centres/BCN/people/ana.ruiz/", {"role": "chair"})
    both = roles(ana)
    ended = client.post("/centres/BCN/people/ana.ruiz/end/", {"role": "reader"})

    assert [answer.status_code for answer in (given, further, ended)] == [302, 302, 302]
    assert (after, both, roles(ana)) == (["reader"], ["chair", "reader"], ["chair"])


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (
            {"username": "nobody", "role": "reader"},
            "User name : No open account has this user name.",
        ),
        ({"username": "has.left", "role": "reader"}, "User name : No open account"),
        ({"username": "ana.ruiz", "role": "owner"}, "Role : Select a valid choice."),
        ({"username": "", "role": ""}, "User name : This field is required."),
        ({"username": "a\x00", "role": "reader"}, "User name : Null characters are not allowed."),
    ],
)
def test_a_refused_role_is_announced_and_all_that_was_typed_comes_back(
    typed: dict[str, str], said: str, client: Client
) -> None:
    courses.person("ana.ruiz")
    User.objects.create_user("has.left", is_active=False)

    response = client.post("/centres/BCN/people/", typed)

    assert (response.status_code, said in alert(response)) == (422, True)
    assert response.context["form"].data.get("username") == typed["username"]
    assert "<title>Error: People of Hospital BCN – cartapp</title>" in response.content.decode()
    assert Membership.objects.count() == 1


def test_a_revoked_right_acts_on_the_next_request(client: Client, head: User) -> None:
    second = courses.person("second", Role.ADMINISTRATOR)
    theirs = Client()
    theirs.force_login(second)
    before = theirs.get("/centres/BCN/people/").status_code

    client.post("/centres/BCN/people/second/end/", {"role": "administrator"})

    assert (before, theirs.get("/centres/BCN/people/").status_code) == (200, 404)


def test_a_role_without_the_right_is_refused_and_no_role_finds_no_centre(db: None) -> None:
    client = Client()
    client.force_login(courses.person("ana.ruiz", Role.DATA_MANAGER))
    courses.centre("MAD")

    answers = [client.get(f"/centres/{code}/people/").status_code for code in ("BCN", "MAD", "X")]

    assert answers == [403, 404, 404]


def test_the_only_administrator_is_told_why_the_role_cannot_end(client: Client, head: User) -> None:
    page = words(client.get("/centres/BCN/people/head/"))
    tried = client.post("/centres/BCN/people/head/end/", {"role": "administrator"})

    assert "Nobody else administers this centre, so this role cannot end" in page
    assert "End the role" not in page
    assert (tried.status_code, roles(head)) == (422, ["administrator"])
    assert "Nobody else administers this centre. Give another the role." in alert(tried)


def test_an_account_is_made_and_its_password_is_shown_once_and_kept_nowhere(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", logger="django.request")

    response = client.post("/centres/BCN/new-account/", NEW)

    user, password = User.objects.get(username="new.one"), password_in(response)
    later = [client.get(path) for path in ("/centres/BCN/people/", "/centres/BCN/people/new.one/")]
    assert (response.status_code, user.check_password(password)) == (200, True)
    assert (user.get_full_name(), roles(user)) == ("New One", ["reader"])
    assert response.content.decode().count(password) == 1
    assert response.headers["Cache-Control"] == "private, no-store"
    assert [password in page.content.decode() for page in later] == [False, False]
    assert password not in caplog.text + str(response.cookies) + user.password
    assert "Has not chosen a password yet" in words(later[0])
    assert "Account made: New One (new.one), by head on" in words(later[0])


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"username": "HEAD"}, "User name : Another account has this user name."),
        ({"username": "new one"}, "User name : Enter a valid username."),
        (
            {
                "username": "..",
            },
            "User name : Begin with a letter or a digit.",
        ),
        ({"username": "x" * 151}, "User name : Ensure this value has at most 150 characters"),
        ({"last_name": ""}, "Last name : This field is required."),
        ({"role": "owner"}, "Role : Select a valid choice."),
    ],
)
def test_a_refused_account_is_announced_and_makes_nothing(
    typed: dict[str, str], said: str, client: Client
) -> None:
    response = client.post("/centres/BCN/new-account/", NEW | typed)

    assert (response.status_code, said in alert(response)) == (422, True)
    assert {**NEW, **typed}.items() <= dict(response.context["form"].data.items()).items()
    assert User.objects.count() == 1


def test_a_forgotten_password_is_replaced_and_ends_the_person_s_sessions(
    client: Client, clinician: User, head: User
) -> None:
    people.grant(user=clinician, role=Role.CLINICIAN, centre=courses.centre(), by=head)
    theirs = signed_in("ana.ruiz", PASSWORD)

    response = client.post("/centres/BCN/people/ana.ruiz/password/")

    again = signed_in("ana.ruiz", password_in(response))
    assert theirs.get("/cases/").headers["Location"].startswith("/sign-in/")
    assert again.get("/cases/").headers["Location"] == "/password/"


def test_a_closed_account_is_out_with_the_next_request_until_it_is_opened_again(
    client: Client, clinician: User, head: User
) -> None:
    people.grant(user=clinician, role=Role.CLINICIAN, centre=courses.centre(), by=head)
    theirs = signed_in("ana.ruiz", PASSWORD)

    client.post("/centres/BCN/people/ana.ruiz/close/")
    out = theirs.get("/cases/").status_code
    closed = words(client.get("/centres/BCN/people/ana.ruiz/"))
    client.post("/centres/BCN/people/ana.ruiz/open/")

    assert (out, "Account closed" in closed, "Replace the password" in closed) == (302, True, False)
    assert signed_in("ana.ruiz", PASSWORD).get("/cases/").status_code == 200


@pytest.mark.parametrize("act", ["password", "close", "open"])
def test_an_account_with_a_role_elsewhere_says_why_it_is_not_this_centre_s_to_change(
    act: str, client: Client, clinician: User, head: User
) -> None:
    people.grant(user=clinician, role=Role.CLINICIAN, centre=courses.centre(), by=head)
    there = courses.centre("MAD")
    Membership.objects.create(user=clinician, centre=there, role=Role.READER, granted_by=clinician)

    page = words(client.get("/centres/BCN/people/ana.ruiz/"))
    tried = client.post(f"/centres/BCN/people/ana.ruiz/{act}/")

    assert "This person also has a role at a centre that you do not administer" in page
    assert ("Replace the password" in page, "Hospital MAD" in page) == (False, False)
    assert tried.status_code == 403
    clinician.refresh_from_db()
    assert (clinician.check_password(PASSWORD), clinician.is_active) == (True, True)


@pytest.mark.parametrize("act", ["", "end/", "password/", "close/", "open/"])
def test_somebody_without_a_role_here_has_no_page_here(act: str, client: Client) -> None:
    courses.person("of.madrid", Role.CLINICIAN, at=courses.centre("MAD"))

    answers = [
        client.post(f"/centres/BCN/people/{name}/{act}").status_code
        for name in ("of.madrid", "nobody.at.all")
    ]

    assert answers == [404, 404]


@pytest.mark.parametrize("typed", ["250", "250.50", "100", "700", ""])
def test_the_limit_of_ldh_is_kept_as_it_was_typed(typed: str, client: Client) -> None:
    response = client.post("/centres/BCN/settings/", {"ldh": typed, "ldh-unit": "U/L"})

    page = client.get("/centres/BCN/settings/").content.decode()
    assert (response.status_code, limits()) == (302, [("ldh", typed, "U/L")] if typed else [])
    assert f'value="{typed}"' in page if typed else 'name="ldh" value' not in page


def test_a_limit_is_kept_in_the_unit_of_the_laboratory(client: Client) -> None:
    client.post("/centres/BCN/settings/", {"ldh": "250", "ldh-unit": "U/L"})

    client.post("/centres/BCN/settings/", {"ldh": "4.2", "ldh-unit": "ukat/L"})

    assert limits() == [("ldh", "4.2", "ukat/L")]
    page = client.get("/centres/BCN/settings/").content.decode()
    assert '<option value="ukat/L" selected>' in page


@pytest.mark.parametrize("unit", ["", "mg/dL"])
def test_a_limit_in_another_unit_than_the_variables_is_refused(client: Client, unit: str) -> None:
    response = client.post("/centres/BCN/settings/", {"ldh": "250", "ldh-unit": unit})

    assert (response.status_code, limits()) == (422, [])


@pytest.mark.parametrize("typed", ["99.9", "700.1", "1,500", "0250 U/L", "-250", "NaN", "2" * 21])
def test_what_cannot_be_a_limit_is_refused_with_what_can(typed: str, client: Client) -> None:
    response = client.post("/centres/BCN/settings/", {"ldh": typed, "ldh-unit": "U/L"})

    said = (
        "at most 20 characters" if len(typed) > 20 else "a number from 100 to 700 U/L is expected"
    )
    assert (response.status_code, said in alert(response)) == (422, True)
    assert f'value="{typed}"' in response.content.decode()
    assert limits() == []


def test_a_person_is_reached_by_their_name_in_the_header(client: Client) -> None:
    page = client.get("/centres/").content.decode()

    assert re.search(r'<a class="who" href="/password/"[^>]*>head</a>', page)
    assert '<a href="/centres/" aria-current="page">People</a>' in page


def test_accounts_made_elsewhere_are_not_listed_here(client: Client, head: User) -> None:
    there = courses.centre("MAD")
    by = courses.person("head.mad", Role.ADMINISTRATOR, at=there)
    accounts.make_account(
        username="of.madrid", first_name="", last_name="", role=Role.READER, centre=there, by=by
    )

    assert "of.madrid" not in client.get("/centres/BCN/people/").content.decode()
