"""The application that gunicorn serves; while something is unsafe, it ends with a line for each."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cartapp.settings")
application = get_wsgi_application()

from cartapp.checks import refuse_unsafe_start  # noqa: E402 - needs the applications to be loaded

try:
    refuse_unsafe_start()
except ImproperlyConfigured as refused:
    sys.exit(str(refused))
