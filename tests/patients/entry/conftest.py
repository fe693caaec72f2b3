"""Who enters what, as a module of tests recorded both once."""

import pytest

from patients.models import Case, User
from tests.patients.desks import Desk


@pytest.fixture
def ana(kept: tuple[User, Case]) -> User:
    return kept[0]


@pytest.fixture
def case(kept: tuple[User, Case]) -> Case:
    return kept[1]


@pytest.fixture
def desk(ana: User, case: Case) -> Desk:
    return Desk(ana, case)
