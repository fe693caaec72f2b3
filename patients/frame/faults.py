"""Everything that is wrong with what was sent, each with the field that a link leads to."""

from collections.abc import Iterable, Iterator
from typing import Final

from django.forms import Form
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from msgspec import Struct

from riskfactors.published import catalogue
from riskfactors.words import name_of

WRONG: Final = gettext_noop("Please correct this. Nothing of it is saved yet.")
ASKED: Final = gettext_noop("Please look at this once more. Nothing of it is saved yet.")
REST: Final = gettext_noop("The rest is recorded. This is not yet:")
DOCUMENT: Final = gettext_noop(
    "Nothing was saved. The document is refused whole; these are its problems:"
)


class Fault(Struct, frozen=True):
    """What is wrong, and where."""

    dom_id: str
    label: str
    sentence: str


class Faults(Struct, frozen=True):
    """All that is wrong or asked, under one sentence."""

    title: str
    lines: tuple[Fault, ...]
    asked: bool = False
    """Whether nothing is wrong, and something is only asked."""


def faults_of(form: Form, title: str = WRONG) -> Faults | None:
    """What is wrong or asked, in the order of the page; None where nothing is."""
    lines = tuple(_faults(form))
    codes = {error.code for errors in form.errors.as_data().values() for error in errors}
    return Faults(_(title), lines, codes == {"asked"}) if lines else None


def faults_in(sentences: Iterable[str], title: str = DOCUMENT) -> Faults | None:
    """What is wrong with something that has no fields; None where nothing is."""
    lines = tuple(Fault("", "", sentence) for sentence in sentences)
    return Faults(_(title), lines) if lines else None


def _faults(form: Form) -> Iterator[Fault]:
    order = {name: place for place, name in enumerate(form.fields)}
    for field, messages in sorted(form.errors.items(), key=lambda e: order.get(e[0], -1)):
        name = field.partition("-")[0]
        sentence = " ".join(map(str, messages))
        if field not in form.fields or form[field].is_hidden:
            yield Fault("", "", sentence)
        elif name in catalogue().dictionary.variables:
            yield Fault(f"id_{field}", name_of(name), sentence)
        else:
            yield Fault(f"id_{field}", str(form.fields[field].label), sentence)
