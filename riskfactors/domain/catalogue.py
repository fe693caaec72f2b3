"""The published catalogue: the dictionary, the factors, the references, and their digest."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from hashlib import sha256
from typing import Final, TypeAlias, TypeVar

from msgspec import Struct, ValidationError, convert, json

from riskfactors.domain.agenda import Agenda, agenda
from riskfactors.domain.criteria import (
    AboveUpperLimit,
    All,
    Any,
    AnyNumber,
    Code,
    Not,
    StrataByCode,
    WorstGrade,
)
from riskfactors.domain.evidence import Claim, Factor, Publication, Reference
from riskfactors.domain.points import CIRS_SYSTEMS
from riskfactors.domain.variables import Dictionary, VariableType
from riskfactors.domain.vocabulary import Response

FACTOR_FILES: Final = ("pre_infusion", "post_infusion", "post_relapse")

_COUNT, _QUANTITY, _CODE = VariableType.COUNT, VariableType.QUANTITY, VariableType.CODE
LOOKED_AT: Final[Mapping[str, tuple[VariableType, str | None, tuple[str, ...]]]] = {
    **dict.fromkeys(("ecog", "stage", "extranodal_sites", "prior_lines"), (_COUNT, None, ())),
    **dict.fromkeys(("deauville", *CIRS_SYSTEMS), (_COUNT, None, ())),
    **dict.fromkeys(("platelets", "neutrophils"), (_QUANTITY, "10*9/L", ())),
    "ldh": (_QUANTITY, "U/L", ()),
    "crp": (_QUANTITY, "mg/L", ()),
    "ferritin": (_QUANTITY, "ng/mL", ()),
    "hemoglobin": (_QUANTITY, "g/dL", ()),
    "creatinine": (_QUANTITY, "mg/dL", ()),
    "suvmax": (_QUANTITY, "1", ()),
    "mtv": (_QUANTITY, "mL", ()),
    "mtv_method": (_CODE, None, ()),
    "response": (_CODE, None, tuple(Response)),
    "product": (_CODE, None, ()),
    **dict.fromkeys(("bridging", "major_extranodal"), (_CODE, None, ("yes", "no"))),
}
"""The variables that scores and derived values name in code: type, unit, codes."""

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
    publications: tuple[Publication, ...]
    claims: tuple[Claim, ...]
    digest: str

    @cached_property
    def by_key(self) -> Mapping[str, Factor]:
        """The factors by key, in their order."""
        return {factor.key: factor for factor in self.factors}

    @cached_property
    def claims_by_name(self) -> Mapping[str, Claim]:
        """What the review says about the field, by what it is about."""
        return {claim.about: claim for claim in self.claims}

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
    for file in ("variables", "references", "publications", "claims", *FACTOR_FILES):
        if file not in files:
            raise CatalogueError(f"{file}.toml: it is missing")
    dictionary = _declared("variables", "dictionary", files["variables"], Dictionary)
    references = _items(files, "references", "reference", "number", Reference)
    publications = _items(files, "publications", "publication", "number", Publication)
    claims = _items(files, "claims", "claim", "about", Claim)
    factors: list[Factor] = []
    for file in FACTOR_FILES:
        if files[file].get("setting") != file:
            raise CatalogueError(f"{file}.toml: setting: {file} is expected")
        factors += _items(files, file, "factor", "key", Factor, setting=file)
    _check_dictionary(dictionary)
    listed, outside = _check_references(references, publications, claims, dictionary)
    keys: set[str] = set()
    for factor in factors:
        _check_new(f"{factor.setting}.toml: factor {factor.key}: key", keys, factor.key)
        _check_factor(factor, listed, listed | outside, dictionary)
    return Catalogue(
        dictionary=dictionary,
        factors=tuple(factors),
        references=tuple(references),
        publications=tuple(publications),
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
    unknown = [name for name in files[file] if name not in (kind, *common)]
    if unknown:
        raise CatalogueError(f"{file}.toml: {unknown[0]}: there is no such field")
    tables = files[file].get(kind)
    if not isinstance(tables, list) or not tables or not all(isinstance(t, dict) for t in tables):
        raise CatalogueError(f"{file}.toml: {kind}: at least one [[{kind}]] is expected")
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


def _check_new(place: str, seen: set[Key], key: Key) -> None:
    if key in seen:
        raise CatalogueError(f"{place}: it stands twice")
    seen.add(key)


def _check_dictionary(dictionary: Dictionary) -> None:
    """What scores and derived values look at is there, as they expect it."""
    for name, (kind, unit, codes) in LOOKED_AT.items():
        variable = dictionary.variables.get(name)
        if variable is None:
            raise CatalogueError(f"variables.toml: {name}: it is missing, and rules look at it")
        if (variable.type, variable.unit) != (kind, unit) or not set(codes) <= set(variable.codes):
            raise CatalogueError(f"variables.toml: {name}: rules expect another type, unit or code")


def _check_references(
    references: Iterable[Reference],
    publications: Iterable[Publication],
    claims: Iterable[Claim],
    dictionary: Dictionary,
) -> tuple[set[int], set[int]]:
    """The numbers of the references, and of the publications outside the review."""
    listed: set[int] = set()
    outside: set[int] = set()
    for publication in publications:
        place = f"publications.toml: publication {publication.number}"
        _check_new(f"{place}: number", outside, publication.number)
    for reference in references:
        place = f"references.toml: reference {reference.number}"
        _check_new(f"{place}: number", listed, reference.number)
        if reference.original is not None and reference.original not in outside:
            raise CatalogueError(f"{place}: original: it is not in publications.toml")
        for product in reference.products:
            if product not in dictionary.variables["product"].codes:
                raise CatalogueError(f"{place}: products: there is no product {product}")
    named: set[str] = set()
    for claim in claims:
        place = f"claims.toml: claim {claim.about}"
        _check_new(f"{place}: about", named, claim.about)
        _check_listed(place, claim.reference, listed)
    return listed, outside


def _check_listed(place: str, numbers: Iterable[int], known: Collection[int]) -> None:
    unlisted = [number for number in numbers if number not in known]
    if unlisted:
        raise CatalogueError(f"{place}: reference: {unlisted[0]} is not in references.toml")


def _check_factor(
    factor: Factor, listed: Collection[int], known: Collection[int], dictionary: Dictionary
) -> None:
    place = f"{factor.setting}.toml: factor {factor.key}"
    _check_listed(place, factor.references, listed)
    for number in factor.beside:
        if number not in known:
            raise CatalogueError(f"{place}: later: {number} is neither a reference nor publication")
    for field, rule in (("criterion", factor.criterion), ("applies_if", factor.applies_if)):
        for part in _parts(rule):
            for problem in _problems(part, dictionary):
                raise CatalogueError(f"{place}: {field}: {problem}")


def _parts(rule: object) -> Iterator[object]:
    match rule:
        case All() | Any():
            for part in rule.of:
                yield from _parts(part)
        case Not():
            yield from _parts(rule.of)
        case _:
            yield rule


def _problems(rule: object, dictionary: Dictionary) -> Iterator[str]:
    """Why a rule could never be decided: what it names cannot be recorded as it expects."""
    codes: Iterable[str] = ()
    coded = isinstance(rule, Code | StrataByCode)
    if isinstance(rule, Code):
        codes = rule.one_of
    elif isinstance(rule, StrataByCode):
        codes = rule.strata
    elif isinstance(rule, WorstGrade) and rule.event not in dictionary.events:
        yield f"{rule.event} is not an event of variables.toml"
    names = getattr(rule, "variables", None) or (getattr(rule, "variable", None),)
    for name in filter(None, names):
        variable = dictionary.variables.get(name)
        if variable is None:
            yield f"{name} is not in variables.toml"
        elif (variable.type is VariableType.CODE) != coded:
            yield f"{name} is a {variable.type}"
        elif isinstance(rule, AboveUpperLimit) and variable.needs is None:
            yield f"{name} has no upper limit"
        elif isinstance(rule, AnyNumber) and variable.type is not VariableType.COUNT:
            yield f"{name} is a {variable.type}: only counts are summed"
        else:
            yield from (f"{name} has no code {c}" for c in codes if c not in variable.codes)
