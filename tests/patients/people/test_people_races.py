"""Administrators who act at the same moment: no centre is left without one, no account slips."""

import threading
from typing import Any

import pytest
from django.db import connection

from patients.models import AccountChange, Centre, Membership, Role, User
from patients.people import accounts
from patients.people import roles as people
from tests.patients import courses
from tests.patients.records.test_races import ROUNDS, at_once

SECONDS_TO_BE_SURE_THAT_IT_WAITS = 0.3


def administrators(centre: Centre) -> list[User]:
    held = centre.memberships.filter(
        role=Role.ADMINISTRATOR, revocation__isnull=True, user__is_active=True
    )
    return [membership.user for membership in held.select_related("user")]


@pytest.mark.parametrize("way", ["revoke and revoke", "close and revoke"])
def test_two_who_end_each_other_at_once_leave_one(way: str, transactional_db: None) -> None:
    for number in range(ROUNDS):
        centre = courses.centre(f"C{number}")
        ana, leo = (
            courses.person(f"{name}.{number}", Role.ADMINISTRATOR, at=centre)
            for name in ("ana", "leo")
        )
        about: dict[str, Any] = {"centre": centre, "role": Role.ADMINISTRATOR}

        def first(centre: Centre = centre, ana: User = ana, leo: User = leo) -> Any:
            if way == "close and revoke":
                return accounts.close_account(leo, centre=centre, by=ana)
            return people.revoke(user=leo, centre=centre, role=Role.ADMINISTRATOR, by=ana)

        def second(ana: User = ana, leo: User = leo, about: dict[str, Any] = about) -> Any:
            return people.revoke(user=ana, by=leo, **about)

        given = at_once(first, second)

        refused = [one for one in given if isinstance(one, Exception)]
        assert (len(administrators(centre)), len(refused)) == (1, 1)
        assert isinstance(refused[0], (Centre.DoesNotExist, people.LastAdministrator))


def test_a_role_elsewhere_waits_until_a_reset_is_done(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise the reset could miss it, and the password would open that other centre."""
    here, there = courses.centre("BCN"), courses.centre("MAD")
    head = courses.person("head", Role.ADMINISTRATOR, at=here)
    other = courses.person("head.mad", Role.ADMINISTRATOR, at=there)
    ana = courses.person("ana.ruiz", Role.READER, at=here)
    waited: list[bool] = []

    def grant() -> None:
        try:
            people.grant(user=ana, role=Role.READER, centre=there, by=other)
        finally:
            connection.close()

    granting = threading.Thread(target=grant)
    asked = accounts.obstacle_to

    def obstacle(by: User, user: User) -> Any:
        granting.start()
        granting.join(timeout=SECONDS_TO_BE_SURE_THAT_IT_WAITS)
        waited.append(granting.is_alive())
        return asked(by, user)

    monkeypatch.setattr(accounts, "obstacle_to", obstacle)
    accounts.reset_password(ana, centre=here, by=head)
    granting.join()

    assert waited == [True]
    assert Membership.objects.filter(user=ana, centre=there).count() == 1
    assert AccountChange.objects.count() == 1
