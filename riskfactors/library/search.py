"""Search of the library: at the start of words, in both spellings, by the names people use."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import cache
from typing import Final

from django.utils.translation import gettext as _

from riskfactors.beside.citations import cited, reference_numbered, short_name
from riskfactors.domain.criteria import StrataByCode
from riskfactors.domain.evidence import Factor
from riskfactors.domain.vocabulary import Phrase
from riskfactors.published import catalogue
from riskfactors.words import code_name, name_of, say
from riskfactors.words.library import product_name, rules_in

SPELLINGS: Final = (
    ("tumour", "tumor"),
    ("haem", "hem"),
    ("favour", "favor"),
    ("centre", "center"),
    ("standardis", "standardiz"),
)
"""British and American beginnings and middles of the same words."""

SYNONYMS: Final = {
    "axi cel": "axicel yescarta axicabtagene ciloleucel",
    "axicabtagene": "axi-cel axicel yescarta",
    "tisa cel": "tisacel kymriah tisagenlecleucel",
    "tisagenlecleucel": "tisa-cel tisacel kymriah",
    "liso cel": "lisocel breyanzi lisocabtagene maraleucel",
    "lisocabtagene": "liso-cel lisocel breyanzi",
    "tp53": "p53 mutation mutated",
    "deauville": "pet ct petct",
    "suvmax": "pet ct petct suv",
    "metabolic tumor volume": "pet ct petct mtv tmtv",
    "double hit": "dhl doublehit",
    "il 6": "il6",
    "interleukin 6": "il6 il-6",
    "ctdna": "circulating tumor dna",
    "crp": "c-reactive protein",
    "c reactive protein": "crp",
    "ldh": "lactate dehydrogenase",
    "lactate dehydrogenase": "ldh",
    "cytokine release syndrome": "crs",
    "complete response": "cr",
    "partial response": "pr",
    "stable disease": "sd",
    "progressive disease": "pd",
    "cr": "complete response",
    "pr": "partial response",
    "sd": "stable disease",
    "pd": "progressive disease",
    "bridging": "bridge",
}
"""What is also found by which words; keys are written as `flat` leaves a text."""

LITTLE_WORDS: Final = frozenset(
    ("a", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with")
)
SHORTEST_GUESS: Final = 3
CLOSENESS: Final = 0.75
REFERENCE_NUMBER: Final = re.compile(r"\bref(?:erences?|s)?\.?\s*\[?(\d+)\b\]?", re.IGNORECASE)
DOI_BEGINS: Final = "10."
DOI_PREFIX: Final = re.compile(r"(?:https?://)?(?:dx\.)?doi(?:\.org/|:\s*)", re.IGNORECASE)


class Text:
    """The words by which a factor is found."""

    def __init__(self, parts: Iterable[str]) -> None:
        self.plain = plain(" ".join(parts))
        words = flat(self.plain)
        also = " ".join(more for term, more in SYNONYMS.items() if f" {term} " in f" {words} ")
        chunks = [chunk.strip("(),;:.“”") for chunk in spelt(self.plain).split()]
        squeezed = [chunk.replace("-", "") for chunk in chunks]
        self.words = " ".join([words, also, *chunks, *squeezed])

    def has(self, word: str) -> bool:
        """Whether a word, or every part of it, begins one of the words here."""
        parts = [] if word.startswith(DOI_BEGINS) else flat(word).split()
        ways = ([word.replace("-", "")], [word], parts)
        return any(way and all(map(self._begins, way)) for way in ways)

    def _begins(self, start: str) -> bool:
        # A number is whole: 8 does not find 80.
        end = r"(?!\d)" if start[-1:].isdigit() else ""
        return bool(start) and re.search(rf"(?<!\S){re.escape(start)}{end}", self.words) is not None


def asked_words(search: str) -> list[str]:
    """The words of a search; little ones count only where there are no others."""
    named = REFERENCE_NUMBER.sub(r"reference\1", DOI_PREFIX.sub("", search))
    words = [word.strip('(),;:."“”') for word in spelt(plain(named)).split()]
    spoken = [word for word in words if flat(word)]
    return [word for word in spoken if word not in LITTLE_WORDS] or spoken or words


def guesses(search: str, texts: Iterable[Text]) -> tuple[str, ...]:
    """Words that find something: those of the search itself, or those spelt like them."""
    texts = tuple(texts)
    asked = asked_words(search)
    known = vocabulary(" ".join(text.plain for text in texts))
    found: dict[str, None] = {}
    for word in asked:
        if any(text.has(word) for text in texts):
            found[word] = None
        elif len(word) >= SHORTEST_GUESS:
            found |= dict.fromkeys(get_close_matches(plain(word), known, cutoff=CLOSENESS))
    return tuple(word for word in found if word != plain(search).strip())


@cache
def vocabulary(text: str) -> tuple[str, ...]:
    """Every word of a text that is long enough to be offered."""
    words = dict.fromkeys(re.findall(r"[^\W\d_]\w*", text))
    return tuple(word for word in words if len(word) > SHORTEST_GUESS and "_" not in word)


def searchable(factor: Factor) -> Iterator[str]:
    """Names, labels, codes, keys, authors, numbers and addresses by which a factor is found."""
    yield factor.key
    yield _(factor.name)
    for rule in (factor.criterion, factor.applies_if):
        if rule != "always":
            yield say(rule.sentence)
            yield from _names_in(rule.sentence)
    for part in rules_in(factor.criterion):
        yield from map(str, getattr(part, "cuts", ()))
        if isinstance(part, StrataByCode):
            yield from (code_name(part.variable, code) for code in part.strata)
    yield from (_(stratum.name) for stratum in factor.strata.values())
    for number in factor.references:
        reference = reference_numbered(number)
        yield from (reference.authors, short_name(reference), f"reference{number}", reference.doi)
        yield from map(product_name, reference.products)
    for citation in map(cited, factor.beside):
        yield from (citation.authors, citation.short, f"reference{citation.number}", citation.doi)


def _names_in(phrase: Phrase) -> Iterator[str]:
    """The keys of the variables that a rule speaks of, and what they are called."""
    variables = catalogue().dictionary.variables
    for about in phrase.about:
        if isinstance(about, Phrase):
            yield from _names_in(about)
        elif about in variables:
            yield about
            yield name_of(about)


def flat(text: str) -> str:
    """Words alone, in one spelling, without what stands between them; numbers keep their point."""
    return " ".join(re.findall(r"\d+\.\d+|[^\W_]+", spelt(text)))


def spelt(text: str) -> str:
    """In American spelling, so that both are the same."""
    for british, american in SPELLINGS:
        text = text.replace(british, american)
    return text


def plain(text: str) -> str:
    """Without accents and case."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()
