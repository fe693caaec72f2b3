"""The settings of who migrates and restores: on PostgreSQL the role that owns the tables."""

from cartapp.settings import *  # noqa: F403 - everything but the line below is as in the site
from cartapp.settings import ENVIRONMENT

DATABASES = {"default": ENVIRONMENT.owners_database}
