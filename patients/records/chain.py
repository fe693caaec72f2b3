"""The keyed hash chain of a case: each entry's digest covers all it wrote and the one before."""

import hashlib
import hmac
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC
from enum import StrEnum
from functools import cache
from typing import Final, NamedTuple, TypeAlias

from django.apps import apps
from django.conf import settings
from django.db.models import F

from patients.models import Case, Entry, Record, Revision, Slot

NOT_CONTENT: Final = {"id", "entry", "case"}
SAID_AS: Final = {"treatment_class": "salvage_class"}
"""The names under which renamed columns stand in earlier digests, and so in all."""

IN_ORDER: Final = json.JSONEncoder(sort_keys=True)
COMPACT: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"))
Written: TypeAlias = dict[int, list[dict[str, str]]]
"""What entries wrote, by their keys."""


class Flaw(StrEnum):
    """What is wrong with a case's chain at one place."""

    MISSING = "missing"  # entries before this one are gone
    CHANGED = "changed"  # the entry, what it wrote or the entry before is not what it was
    UNKNOWN_KEY = "unknown_key"  # nothing can be said without its key
    STRAY = "stray"  # a row that no entry of this case wrote


class Break(NamedTuple):
    """Where a chain is broken; a stray row has no place, nor has a case without its first entry."""

    sequence: int | None
    flaw: Flaw


def current_key_id() -> str:
    """The id of the key for new entries."""
    return next(iter(settings.CHAIN_KEYS))


def digest_of(content: object, key_id: str) -> str:
    """The keyed digest of anything JSON can say."""
    text = COMPACT.encode(content)
    return hmac.new(settings.CHAIN_KEYS[key_id].encode(), text.encode(), hashlib.sha256).hexdigest()


def link(case: Case, entry: Entry, rows: Iterable[dict[str, str]], *, previous: str) -> str:
    """The digest of an entry that wrote these rows after another."""
    content = [
        previous,
        [str(case.public_id), case.centre_id, case.patient_id, case.case_id],
        [entry.sequence, entry.recorded_at.astimezone(UTC).isoformat(), entry.recorded_by_id],
        [entry.action, entry.reason, str(entry.token), entry.request, entry.key_id],
        sorted(map(IN_ORDER.encode, rows)),
    ]
    return digest_of(content, entry.key_id)


def content_of(row: Slot | Revision) -> dict[str, str]:
    """What a row says. Empty fields say nothing, so that a column added later changes no digest."""
    content = {"": row._meta.model_name or ""}
    for name, attribute in _said_in(type(row)):
        value = getattr(row, attribute)
        if not (value is None or value is False or value == ""):
            content[name] = str(value)
    if isinstance(row, Revision) and isinstance(owner := row.owner, Slot):
        content[row.SLOT[0]] = str(owner.number)
    return content


@cache
def _said_in(model: type[Record]) -> tuple[tuple[str, str], ...]:
    """The name and the attribute of each field that a row of this table says something in."""
    fields = model._meta.concrete_fields
    return tuple(
        (SAID_AS.get(field.name, field.name), field.attname)
        for field in fields
        if field.name not in NOT_CONTENT
    )


def breaks(case: Case) -> list[Break]:
    """Where the chain of a case is broken; entries missing from its end leave no trace in it, but
    in the journal of the centre."""
    return [found for _case, found in broken([case])]


def broken(cases: Sequence[Case]) -> Iterator[tuple[Case, Break]]:
    """The same of some cases, by as many questions as of one."""
    written, entries = _rows(cases), defaultdict(list)
    for entry in Entry.objects.filter(case__in=cases).order_by("sequence"):
        entries[entry.case_id].append(entry)
    for case in cases:
        for found in _along(case, entries[case.pk], written[case.pk]):
            yield case, found


def _along(case: Case, entries: Iterable[Entry], written: Written) -> Iterator[Break]:
    previous, expected = "", 1
    for entry in entries:
        rows = written.pop(entry.pk, [])
        if entry.sequence != expected:
            yield Break(entry.sequence, Flaw.MISSING)
        elif entry.key_id not in settings.CHAIN_KEYS:
            yield Break(entry.sequence, Flaw.UNKNOWN_KEY)
        elif not hmac.compare_digest(entry.digest, link(case, entry, rows, previous=previous)):
            yield Break(entry.sequence, Flaw.CHANGED)
        previous, expected = entry.digest, entry.sequence + 1
    if not previous:
        yield Break(None, Flaw.MISSING)
    if written:
        yield Break(None, Flaw.STRAY)


def _rows(cases: Sequence[Case]) -> dict[int, Written]:
    """What each entry of each case wrote."""
    written: dict[int, Written] = defaultdict(lambda: defaultdict(list))
    for model in apps.get_models():
        owner: str | None = None
        case = "case"
        if issubclass(model, Revision):
            owner = model.SLOT[0]
            case = "case" if owner == "case" else f"{owner}__case"
        elif not issubclass(model, Slot):
            continue
        rows = model._default_manager.filter(**{f"{case}__in": cases})
        for row in rows.select_related(owner).annotate(of_case=F(f"{case}_id")):
            written[row.of_case][row.entry_id].append(content_of(row))
    return written
