"""Which signed recommendations rest on a factor that was published anew since."""

from collections.abc import Iterable, Iterator

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from msgspec import Struct

from patients.board.actions_page import signed_of
from patients.board.difference import factor_name
from patients.board.frozen import factor_digest, seen_in
from patients.models import Centre


class AffectedLine(Struct, frozen=True, kw_only=True):
    """A recommendation, and the factors it rests on that are published otherwise today."""

    case_id: str
    signed: str
    by: str
    factors: tuple[str, ...]
    url: str


def affected(centres: Iterable[Centre]) -> Iterator[AffectedLine]:
    """The recommendations of some centres, in the order in which they were signed."""
    for centre in centres:
        rows = signed_of(centre).select_related("entry__recorded_by").order_by("pk")
        for row in rows.exclude(rests_on="").iterator():
            kept = seen_in(row.seen).factors
            rests = dict.fromkeys(name.partition(":")[2] for name in row.rests_on.split())
            changed = [key for key in rests if kept.get(key) != factor_digest(key)]
            if changed:
                yield AffectedLine(
                    case_id=row.recommendation.case.case_id,
                    signed=date_format(localtime(row.entry.recorded_at), "j M Y, H:i"),
                    by=row.entry.recorded_by.get_full_name() or row.entry.recorded_by.username,
                    factors=tuple(map(factor_name, changed)),
                    url=reverse(
                        "patients:recommendation",
                        args=[row.recommendation.case.public_id, row.recommendation.number],
                    ),
                )
