"""From the text of a case document to the text of its findings."""

from datetime import date
from functools import cache

from riskfactors.domain.consistency import Places, warnings
from riskfactors.domain.documents import FindingsWriter, parse_case
from riskfactors.domain.findings import assess
from riskfactors.published import catalogue
from riskfactors.words import say


@cache
def _writer() -> FindingsWriter:
    """Remembers the words of what recurs; the process keeps to the language it was started in."""
    return FindingsWriter(say)


def findings_of(document: bytes, as_of: date | None = None) -> bytearray:
    """The `cartapp-findings/1` document of a case document, as known on a day.

    Raises InvalidDocument. The whole document is checked before what is later is hidden.
    """
    published = catalogue()
    snapshot = parse_case(document, published.dictionary)
    places = Places.of(snapshot)
    if as_of is not None:
        places, snapshot = Places.as_of(snapshot, as_of), snapshot.as_of(as_of)
    return _writer().write(
        case_id=snapshot.case_id,
        catalogue=published.digest,
        warnings=warnings(snapshot, published.dictionary, places),
        milestones=assess(snapshot, published.agenda),
    )
