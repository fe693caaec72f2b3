"""What a field means, in the words of the glossary: they stand beside it on demand."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from django.utils.translation import gettext as _
from msgspec import Struct

from riskfactors.domain.variables import Variable
from riskfactors.published import explanations
from riskfactors.words import code_name

OF_GROUPS: Final = {"comorbidity": "index.cirs_total"}
"""What explains all fields of a group at once."""


class Explained(Struct, frozen=True):
    """Sentences about a field, and about the values that it can have."""

    sentences: tuple[str, ...] = ()
    values: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.sentences or self.values)


def explained(variable: Variable, note: str) -> Explained:
    """The remark of the data dictionary, then what the glossary says of it and of its codes."""
    means = _means()
    said = (note, _(text) if (text := means.get(f"variable.{variable.name}")) else "")
    return Explained(tuple(filter(None, said)), tuple(_values(variable, means)))


def explained_group(title: str) -> str:
    """What the glossary says of a group of fields."""
    text = _means().get(OF_GROUPS.get(title, ""))
    return _(text) if text else ""


def _values(variable: Variable, means: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for code in variable.codes:
        if text := means.get(f"{variable.name}.{code}"):
            yield code_name(variable.name, code), _(text)


@cache
def _means() -> dict[str, str]:
    """What each code means that the glossary explains."""
    return {code: term.means for term in explanations() for code in term.explains}
