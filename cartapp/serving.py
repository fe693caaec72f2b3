"""How gunicorn serves the site: `gunicorn --config python:cartapp.serving cartapp.wsgi`."""

import os
import sys
from typing import Any

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
preload_app = True  # what is unsafe is found once, before anything listens
worker_class = "gthread"
workers = 2
threads = 4
control_socket_disable = True
limit_request_line = 8190
loglevel = "warning"


def when_ready(server: Any) -> None:
    """Says where, once connections are taken."""
    sys.stdout.write(f"cartapp: http://{server.address[0][0]}:{server.address[0][1]}\n")
    sys.stdout.flush()
