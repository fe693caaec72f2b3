"""Everything that is wrong with a form, each with the field that a link leads to."""

from collections.abc import Iterator

from django.forms import Form
from msgspec import Struct

from riskfactors.published import catalogue
from riskfactors.words import name_of


class Fault(Struct, frozen=True):
    """What is wrong, and where."""

    dom_id: str
    label: str
    sentence: str


def faults_of(form: Form) -> Iterator[Fault]:
    """What is wrong or asked, in the order of the page."""
    for field, messages in form.errors.items():
        name = field.partition("-")[0]
        sentence = " ".join(map(str, messages))
        if field not in form.fields or form[field].is_hidden:
            yield Fault("", "", sentence)
        elif name in catalogue().dictionary.variables:
            yield Fault(f"id_{field}", name_of(name), sentence)
        else:
            yield Fault(f"id_{field}", str(form.fields[field].label), sentence)
