"""The people who use the site."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """A member of staff, who signs in by user name; an electronic mail address is optional."""

    REQUIRED_FIELDS: ClassVar[list[str]] = []
