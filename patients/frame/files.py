"""Files of a case that a browser saves: named by the pseudonym, and by nobody's name."""

import re

from django.utils.http import content_disposition_header


def saved_as(case_id: str, ending: str) -> dict[str, str]:
    """The header that lets a browser save an answer under the name of its case."""
    return {"Content-Disposition": content_disposition_header(True, file_name(case_id, ending))}


def file_name(case_id: str, ending: str) -> str:
    """A name that every system takes, whatever the pseudonym holds."""
    return f"{re.sub(r'[^A-Za-z0-9_-]+', '-', case_id)[:80].strip('-') or 'case'}{ending}"
