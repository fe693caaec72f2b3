"""The site's settings for tests: invented key, plain HTTP, unhashed static names, database file."""

import os
import tempfile
from pathlib import Path

# A site that is described beside the tests is none of theirs.
os.environ["ENVIRONMENT_FILE"] = ""
os.environ.setdefault("DATABASE_URL", "sqlite:///tests.sqlite3")

from cartapp.settings import *  # noqa: F403 - everything but the lines below is as in the site
from cartapp.settings import DATABASES, STORAGES

DEMONSTRATION = False
SERVED_BY_OWNER = True  # the tests lift triggers
ENVIRONMENT_PROBLEMS = ()
SECRET_KEY = "invented-for-tests-" + "0123456789abcdef" * 3
CHAIN_KEYS = {"test": "invented-for-chains-" + "fedcba9876543210" * 3}
ALLOWED_HOSTS = ["localhost", "testserver"]

# The browser of the tests speaks plain HTTP to this machine.
SECURE_SSL_REDIRECT = False
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False

STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True

# A slow hash protects a real password; an invented one needs none.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# SQLite in a file, as in the site: an own one for each run, so that runs do not meet. Where there
# is a disk in memory, no save waits for a real one.
in_memory = Path("/dev/shm")  # noqa: S108 - an own name in it
QUICK_FOLDER = in_memory if os.access(in_memory, os.W_OK) else Path(tempfile.gettempdir())
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["TEST"] = {
        "NAME": str(QUICK_FOLDER / f"cartapp-test-{os.getpid()}.sqlite3")
    }
