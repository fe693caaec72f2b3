"""The head of the site: where each journal ends, sealed, to be kept elsewhere.

Journals only grow: whoever holds a head finds its lines again as long as nothing is cut, deleted
or taken back to an older database, however much has been written since.
"""

import hmac
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.utils import timezone

from patients.models import Centre, JournalLine
from patients.records import chain
from patients.records.chain import Flaw

SITE: Final = "*"
"""Stands for the journal of no centre: no code has this character."""


class NoHead(ValueError):
    """The text is no head, or not as a site with these keys has written it."""


class Gap(NamedTuple):
    """A journal that does not reach its place in a head, or says something else there."""

    centre: str
    sequence: int
    flaw: Flaw


def head_now() -> str:
    """One line of JSON."""
    journals = {
        code: [line.sequence, line.digest]
        for code, key in [(SITE, None), *Centre.objects.order_by("code").values_list("code", "pk")]
        if (line := JournalLine.objects.filter(centre=key).order_by("-sequence").first())
    }
    head: dict[str, Any] = {
        "made_at": timezone.now().isoformat(timespec="seconds"),
        "lines": sum(sequence for sequence, _digest in journals.values()),
        "journals": journals,
        "key_id": chain.current_key_id(),
    }
    return json.dumps(head | {"digest": chain.digest_of(head, head["key_id"])})


def gaps(text: str) -> Iterator[Gap]:
    """Where the database lacks what a head has seen. Raises NoHead."""
    for code, (sequence, digest) in _read(text)["journals"].items():
        about = {"centre__isnull": True} if code == SITE else {"centre__code": code}
        line = JournalLine.objects.filter(sequence=sequence, **about).first()
        if line is None:
            yield Gap(code, sequence, Flaw.MISSING)
        elif line.digest != digest:
            yield Gap(code, sequence, Flaw.CHANGED)


def _read(text: str) -> Mapping[str, Any]:
    try:
        head = json.loads(text)
        digest, key_id = head.pop("digest"), head["key_id"]
    except (ValueError, TypeError, AttributeError, KeyError) as unread:
        raise NoHead from unread
    if key_id not in settings.CHAIN_KEYS:
        raise NoHead
    if not hmac.compare_digest(str(digest), chain.digest_of(head, key_id)):
        raise NoHead
    return dict(head)
