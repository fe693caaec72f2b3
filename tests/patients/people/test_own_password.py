"""A password of one's own: chosen at the first sign-in, and changed at any time."""

import pytest

from patients.models import Role, User
from patients.people import accounts
from tests.conftest import PASSWORD
from tests.patients import courses
from tests.patients.pages import alert, signed_in

OWN = "chosen by the person alone"


def test_a_password_that_somebody_else_has_seen_opens_one_page_alone(db: None) -> None:
    _, password = accounts.make_account(
        username="new.one",
        first_name="New",
        last_name="One",
        role=Role.READER,
        centre=courses.centre(),
        by=courses.person("head", Role.ADMINISTRATOR),
    )
    theirs = signed_in("new.one", password)

    led_to = [theirs.get(path).headers["Location"] for path in ("/", "/cases/", "/evidence/")]
    same = theirs.post(
        "/password/", dict.fromkeys(("old_password", "new_password1", "new_password2"), password)
    )
    other = {"new_password1": OWN, "new_password2": OWN}
    chosen = theirs.post("/password/", {"old_password": password, **other})

    assert led_to == ["/password/"] * 3
    assert "Choose another password than the one you have." in alert(same)
    assert (chosen.headers["Location"], theirs.get("/cases/").status_code) == ("/", 200)
    assert signed_in("new.one", password).get("/cases/").status_code == 302
    assert signed_in("new.one", OWN).get("/cases/").status_code == 200


def test_choosing_a_password_ends_the_other_sessions_and_only_those(
    clinician: User,
) -> None:
    here, elsewhere = signed_in("ana.ruiz", PASSWORD), signed_in("ana.ruiz", PASSWORD)

    here.post("/password/", {"old_password": PASSWORD, "new_password1": OWN, "new_password2": OWN})

    assert [one.get("/cases/").status_code for one in (here, elsewhere)] == [200, 302]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"old_password": "wrong"}, "Your old password was entered incorrectly."),
        ({"new_password1": "short", "new_password2": "short"}, "This password is too short."),
        ({"new_password2": "another long phrase"}, "The two password fields didn"),
        ({"new_password1": "QwertyQwerty", "new_password2": "QwertyQwerty"}, "is too common."),
        ({"new_password1": "ana.ruiz.bcn", "new_password2": "ana.ruiz.bcn"}, "too similar"),
    ],
)
def test_a_refused_password_is_announced_and_never_shown_again(
    typed: dict[str, str], said: str, clinician: User
) -> None:
    client = signed_in("ana.ruiz", PASSWORD)
    right = {"old_password": PASSWORD, "new_password1": OWN, "new_password2": OWN}

    response = client.post("/password/", right | typed)

    page = response.content.decode()
    assert (response.status_code, said in alert(response)) == (422, True)
    assert [word for word in (right | typed).values() if f'"{word}"' in page] == []
    clinician.refresh_from_db()
    assert clinician.check_password(PASSWORD)


def test_guessing_the_password_of_an_open_session_is_throttled(clinician: User) -> None:
    client = signed_in("ana.ruiz", PASSWORD)
    guess = {"old_password": "guess", "new_password1": OWN, "new_password2": OWN}

    answers = [client.post("/password/", guess).status_code for _ in range(6)]

    assert answers == [422] * 5 + [429]
