"""Django's settings: importing them never fails, cartapp.checks refuses what is unsafe."""

import os
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from jinja2 import StrictUndefined

from cartapp.env import read_environment
from cartapp.env_file import gather

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = BASE_DIR / "var"
VARIABLES, PROBLEMS = gather(os.environ, default=DATA_DIR / "site.env")
ENVIRONMENT = read_environment(VARIABLES, data=DATA_DIR, problems=PROBLEMS)

DEBUG = False
DEMONSTRATION = ENVIRONMENT.demonstration
ENVIRONMENT_PROBLEMS = ENVIRONMENT.problems
SECRET_KEY = ENVIRONMENT.secret_key
CHAIN_KEYS = ENVIRONMENT.chain_keys  # of the records' chain, by id: the first signs new entries
ALLOWED_HOSTS = list(ENVIRONMENT.allowed_hosts)

INSTALLED_APPS = [
    "cartapp",
    "patients",
    "riskfactors",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "cartapp.metrics.measured",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "cartapp.middleware.demonstration_stays_here",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Within it static files never come by: they are compressed already. Each answer is longer by
    # a random length, so that its size tells nothing of what stands in it.
    "django.middleware.gzip.GZipMiddleware",
    "cartapp.middleware.nothing_is_kept",
    "cartapp.middleware.no_nul_comes_in",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cartapp.middleware.SignedIn",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "cartapp.urls"
WSGI_APPLICATION = "cartapp.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cartapp.context.standing",
            ],
        },
    },
    {
        # What stands a hundred times on a page; asked for by name (riskfactors.markup).
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "autoescape": True,
            "undefined": StrictUndefined,  # a name that is not given is an error, not nothing
            "trim_blocks": True,
            "lstrip_blocks": True,
        },
    },
]

CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"

# Databases. No ATOMIC_REQUESTS: with IMMEDIATE transactions every reader would wait for a writer.
DATABASES: dict[str, dict[str, Any]] = {"default": ENVIRONMENT.database}
SERVING_ROLE = ENVIRONMENT.database.get("USER", "")  # on PostgreSQL; it owns no table, unless this:
SERVED_BY_OWNER = ENVIRONMENT.served_by_owner or DEMONSTRATION
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    # Sign-in is throttled through the cache: one table for all workers, made by a migration.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # As many counts at once; with Django's 300 whoever tried other names lost the older ones.
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    },
}

# People and sign-in. Accounts are made by an administrator; nobody signs up.
AUTH_USER_MODEL = "patients.User"
AUTHENTICATION_BACKENDS = ["cartapp.second_factor.StaffBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "patients:worklist"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "cartapp.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {
    "login": "",  # instead of allauth's 30 by address, which others at the address could use up
    "login_failed": "5/5m/key",  # the key: cartapp.limits; of a second factor the person
    "login_failed_at_address": "10/m/ip",
    "emergency": "3/m/user",  # so that nobody finds out by trying whose case is where
}
# The password is asked for again unless it was given in the last five minutes (cartapp.accounts).
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
MFA_ADAPTER = "cartapp.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_RECOVERY_CODES_SHOW_ONCE = True
ALLAUTH_TRUSTED_PROXY_COUNT = ENVIRONMENT.trusted_proxies

# Sessions end with the browser, after half an hour without a request (cartapp.sessions), and at
# the latest after a working day.
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = not DEMONSTRATION
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = not DEMONSTRATION

# Transport and headers.
SECURE_SSL_REDIRECT = not DEMONSTRATION
SECURE_REDIRECT_EXEMPT = ["^(health|ready)/$"]  # asked on this machine, and telling nothing
SECURE_HSTS_SECONDS = 0 if DEMONSTRATION else 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = not DEMONSTRATION
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.trusted_proxies else None
)
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = [
    "security.W021",  # preloading HSTS is for the owner of the whole domain to decide
]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "base-uri": [NONE],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "img-src": [SELF, "data:", "blob:"],
        "script-src": [SELF],
        "style-src": [SELF],
    },
}

# Static files: hashed names, compressed once, served by the application.
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "cartapp.styles.UncommentedStorage"},
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# What is uploaded stays in memory: patients' data in a temporary file might outlive the request.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

# Language and time.
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("British English"))]
LOCALE_PATHS = [BASE_DIR / "cartapp" / "locale"]
USE_I18N = True
TIME_ZONE = ENVIRONMENT.time_zone
USE_TZ = True
CLOCK_WAS_AHEAD_UNTIL = ENVIRONMENT.clock_was_ahead_until  # the key of an entry (records/clock.py)

METRICS_TOKEN = ENVIRONMENT.metrics_token
BACKUP_KEY = ENVIRONMENT.backup_key

# Logging: to the console, without the words of an exception, since they may quote a patient.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {"()": "cartapp.logs.DiscreetFormatter"},
        "json": {"()": "cartapp.logs.JsonFormatter"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": ENVIRONMENT.log_format}
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        name: {"handlers": ["console"], "level": "WARNING", "propagate": False}
        for name in ("django", "gunicorn.error")
    },
}
