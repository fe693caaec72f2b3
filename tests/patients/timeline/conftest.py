"""What the tests of the page of a case share."""

import pytest
from django.test import Client

from patients.models import Role
from tests.patients.screens import somebody


@pytest.fixture
def manager(client: Client, db: None) -> Client:
    """A data manager who has signed in."""
    client.force_login(somebody(Role.DATA_MANAGER))
    return client
