"""Refuses a command that may write, or a server, where the site's environment is not given.

`python -m cartapp.starting` does it for `serve`, and prints 1 for the demonstration, else 0.
"""

import os
import sys
from typing import Final

import django
from django.conf import settings

NEED_NO_SITE: Final = {
    *("assess", "catalogue", "make_cases"),
    *("check", "collectstatic", "compilemessages", "help", "makemessages", "makemigrations"),
    *("--help", "--version", "-h", "version"),
}
"""Commands that neither read nor write a database; any other one might write into a wrong one."""
OF_THE_OWNER: Final = {"migrate", "restore"}
"""Commands that make tables."""


def settings_for(command: str) -> str:
    """The settings of a command."""
    return "cartapp.settings_of_owner" if command in OF_THE_OWNER else "cartapp.settings"


def refuse_without_site(command: str) -> None:
    """Ends the process with every problem of the settings, a line each, unless there is none."""
    if command in NEED_NO_SITE:
        return
    django.setup()
    from cartapp.checks import settings_problems  # noqa: PLC0415 - it needs the applications

    problems = [f"- {problem}" for problem in settings_problems()]
    if problems:
        sys.exit("\n".join([f"{command} needs the environment of the site:", *problems]))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cartapp.settings")
    refuse_without_site("serve")
    sys.stdout.write(f"{settings.DEMONSTRATION:d}\n")
