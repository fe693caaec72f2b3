"""How a form is kept while it is typed, and how what was kept of it is shown again."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.signing import BadSignature, Signer
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from msgspec import Struct

from patients.entry.places import Place
from patients.entry.sheet import lines_of
from patients.frame.policy import user_of
from patients.frame.statements import row_in_words
from patients.models import Draft, Revision, User
from patients.permissions import OpenedCase, Right
from patients.records.drafts import draft_at
from patients.records.slots import Known
from riskfactors.domain.variables import VariableType
from riskfactors.published import catalogue
from riskfactors.words import code_name
from riskfactors.words.facts import day_words, with_unit


class Since(Struct, frozen=True, kw_only=True):
    """What has been recorded where something was typed, both in words."""

    of: str
    recorded: str
    typed: str
    url: str = ""


class Drafting(Struct, frozen=True, kw_only=True):
    """Where a form is kept as it is typed; `at` is when what stands in it was typed and not
    recorded, empty where nothing was."""

    url: str
    place: str
    at: str
    since: tuple[Since, ...]


def draft_of(
    request: HttpRequest, opened: OpenedCase, place: str, right: Right = Right.RECORD
) -> Draft | None:
    """What whoever opens a form has left in it; a form that is sent holds it already."""
    if request.method == "POST" or right not in opened.rights:
        return None
    return draft_at(place, of=user_of(request))


def left_in(draft: Draft | None) -> dict[str, Any]:
    """What was typed, by the fields of the form."""
    return {} if draft is None else {name: values[-1] for name, values in draft.typed.items()}


def drafting(
    request: HttpRequest,
    opened: OpenedCase,
    place: str,
    draft: Draft | None,
    since: Iterable[Since] = (),
    *,
    url: str = "drafts",
) -> Drafting:
    """For the template of a form; `url` names the address that keeps it."""
    return Drafting(
        url=reverse(f"patients:{url}", args=[opened.case.public_id]),
        place=_signer(opened, user_of(request)).sign(place),
        at="" if draft is None else date_format(localtime(draft.at), "j M Y, H:i"),
        since=() if draft is None else tuple(since),
    )


def place_in(text: str, opened: OpenedCase, by: User) -> str | None:
    """The address of a form of this case that this person opened, None for anything else."""
    try:
        return _signer(opened, by).unsign(text)
    except BadSignature:
        return None


def _signer(opened: OpenedCase, by: User) -> Signer:
    return Signer(salt=f"patients.entry.drafting {by.pk} {opened.case.public_id}")


def recorded_since(
    draft: Draft | None, opened: OpenedCase, known: Known, place: Place
) -> Iterator[Since]:
    """What the form of a visit does not ask for any more, since somebody has recorded it."""
    left = left_in(draft)
    for name, line in lines_of(opened, known, place).items():
        if typed := left.get(name, ""):
            said = _typed_words(name, typed, left.get(f"{name}-unit"))
            yield Since(of=line.label, recorded=line.value, typed=said, url=line.url)
    day = None if place.number is None else known.visits[place.number][0].date
    if day is not None and (typed := left.get("date", "")) not in ("", str(day)):
        yield Since(of=_("Date of the visit"), recorded=day_words(day), typed=typed)


def revised_since(draft: Draft | None, name: str, history: Iterable[Revision]) -> Iterator[Since]:
    """What has been recorded in the place of one statement, of which a field names the revision
    that its author saw."""
    last = max(history, key=lambda row: row.revision, default=None)
    saw = left_in(draft).get(name, "")
    if last is not None and saw != str(last.revision):
        said = _("It stands in the form.")
        yield Since(of=_("This statement"), recorded=row_in_words(last), typed=said)


def _typed_words(name: str, typed: str, unit: str | None) -> str:
    variable = catalogue().dictionary.variables[name]
    if variable.type is VariableType.CODE and typed in variable.codes:
        return code_name(name, typed)
    return with_unit(typed, unit)
