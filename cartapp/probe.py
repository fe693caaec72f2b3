"""Asks the site on this machine how it is: `python -m cartapp.probe [health|ready]`.

It asks for one of the site's own names, since the site answers to no other.
"""

import os
import sys
from http.client import HTTPConnection, HTTPException

from cartapp.settings import ALLOWED_HOSTS


def answer(page: str, *, port: int) -> tuple[int, str]:
    """The status and the word; 0 where nothing answers."""
    connection = HTTPConnection("127.0.0.1", port, timeout=4)
    try:
        connection.request("GET", f"/{page}/", headers={"Host": ALLOWED_HOSTS[0]})
        response = connection.getresponse()
        return response.status, response.read().decode().strip()
    except (OSError, HTTPException) as error:
        return 0, type(error).__name__
    finally:
        connection.close()


if __name__ == "__main__":
    status, said = answer((*sys.argv, "ready")[1], port=int(os.environ.get("PORT", "8000")))
    sys.stdout.write(f"{said}\n")
    sys.exit(status != 200)
