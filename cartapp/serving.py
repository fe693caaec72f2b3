"""How gunicorn serves the site: `gunicorn --config python:cartapp.serving cartapp.wsgi`."""

import os
import shutil
import sys
import tempfile
from typing import Any

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
preload_app = True  # what is unsafe is found once, before anything listens
worker_class = "gthread"
workers = 2
threads = 4
control_socket_disable = True
limit_request_line = 8190
loglevel = "warning"

# What the workers count is added up; the library wants to know where before it is imported.
COUNTED = os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="cartapp-counted-")


def when_ready(server: Any) -> None:
    """Says where, once connections are taken."""
    sys.stdout.write(f"cartapp: http://{server.address[0][0]}:{server.address[0][1]}\n")
    sys.stdout.flush()


def on_exit(_server: Any) -> None:
    """What was counted ends with the site."""
    shutil.rmtree(COUNTED)
