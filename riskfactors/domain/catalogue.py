"""The published catalogue: the dictionary, the factors, the references, and their digest."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from hashlib import sha256
from typing import Final, TypeAlias, TypeVar, cast

from msgspec import Struct, ValidationError, convert, json

from riskfactors.domain.criteria import All, Any, Code, Not, StrataByCode
from riskfactors.domain.evidence import Agenda, Claim, Factor, Reference, agenda
from riskfactors.domain.variables import Dictionary

FACTOR_FILES: Final = ("pre_infusion", "post_infusion", "post_relapse")

Table: TypeAlias = Mapping[str, object]
"""A parsed file, or one item of it."""

Declared = TypeVar("Declared")
Key = TypeVar("Key", int, str)


class CatalogueError(ValueError):
    """The catalogue is not fit for use. The message names the file, the item and the field."""


class Catalogue(Struct, frozen=True, kw_only=True, dict=True):
    """All that was published, checked, with a digest that changes with any change of it."""

    dictionary: Dictionary
    factors: tuple[Factor, ...]
    references: tuple[Reference, ...]
    claims: tuple[Claim, ...]
    digest: str

    @cached_property
    def agenda(self) -> Agenda:
        """What is evaluated at each milestone."""
        return agenda(self.factors)


def read_catalogue(files: Mapping[str, Table]) -> Catalogue:
    """Check the parsed files, given by their names without ending.

    Raises CatalogueError where a file or field is missing, unknown or of a wrong kind, a key
    stands twice, a reference does not exist, an estimate lies outside its interval, or a rule
    names what cannot be recorded.
    """
    for file in ("variables", "references", "claims", *FACTOR_FILES):
        if file not in files:
            raise CatalogueError(f"{file}.toml: it is missing")
    dictionary = _declared("variables", "dictionary", files["variables"], Dictionary)
    references = _items(files, "references", "reference", "number", Reference)
    claims = _items(files, "claims", "claim", "about", Claim)
    factors: list[Factor] = []
    for file in FACTOR_FILES:
        factors += _items(files, file, "factor", "key", Factor, setting=files[file].get("setting"))
    known: set[int] = set()
    for reference in references:
        _check_new(
            "references.toml", f"reference {reference.number}: number", known, reference.number
        )
    keys: set[str] = set()
    for factor in factors:
        _check_new(f"{factor.setting}.toml", f"factor {factor.key}: key", keys, factor.key)
        _check_factor(factor, known, dictionary)
    return Catalogue(
        dictionary=dictionary,
        factors=tuple(factors),
        references=tuple(references),
        claims=tuple(claims),
        digest=sha256(json.encode(files, order="sorted")).hexdigest(),
    )


def _items(
    files: Mapping[str, Table],
    file: str,
    kind: str,
    key: str,
    declared: type[Declared],
    **common: object,
) -> list[Declared]:
    tables = cast("Iterable[Table]", files[file].get(kind, ()))
    return [
        _declared(file, f"{kind} {table.get(key)}", {**table, **common}, declared)
        for table in tables
    ]


def _declared(file: str, item: str, table: Table, declared: type[Declared]) -> Declared:
    try:
        return convert(table, declared)
    except ValidationError as error:
        message, _, path = str(error).partition(" - at `$")
        field = path.strip(".`")
        raise CatalogueError(f"{file}.toml: {item}: {field or 'fields'}: {message}") from error


def _check_new(file: str, field: str, seen: set[Key], key: Key) -> None:
    if key in seen:
        raise CatalogueError(f"{file}: {field}: it stands twice")
    seen.add(key)


def _check_factor(factor: Factor, known: Collection[int], dictionary: Dictionary) -> None:
    place = f"{factor.setting}.toml: factor {factor.key}"
    unlisted = [number for number in factor.references if number not in known]
    if unlisted:
        raise CatalogueError(f"{place}: reference: {unlisted[0]} is not in references.toml")
    for field, rule in (("criterion", factor.criterion), ("applies_if", factor.applies_if)):
        for name, codes in _named_in(rule):
            variable = dictionary.variables.get(name)
            if variable is None:
                raise CatalogueError(f"{place}: {field}: {name} is not in variables.toml")
            unknown = [code for code in codes if code not in variable.codes]
            if unknown:
                raise CatalogueError(f"{place}: {field}: {name} has no code {unknown[0]}")


def _named_in(rule: object) -> Iterator[tuple[str, Iterable[str]]]:
    """Each variable that a rule names, with the codes it expects of it."""
    match rule:
        case All() | Any():
            for part in rule.of:
                yield from _named_in(part)
        case Not():
            yield from _named_in(rule.of)
        case Code():
            yield rule.variable, rule.one_of
        case StrataByCode():
            yield rule.variable, rule.strata
        case _:
            for name in (getattr(rule, "variable", None), *getattr(rule, "variables", ())):
                if name is not None:
                    yield name, ()
