"""Reads what a laboratory's system shows, line by line: which analyte, which value, which unit.

Names count as a whole, never by a part: the creatinine clearance is no creatinine. A line that may
mean two things is not read.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from django.utils.translation import gettext as _
from msgspec import Struct

from patients.entry.reading import spellings
from riskfactors.domain.variables import Variable
from riskfactors.published import catalogue

MOST_LINES: Final = 200
NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "ldh": (
        *("LDH", "lactate dehydrogenase", "lactic dehydrogenase", "Laktatdehydrogenase"),
        *("Lactatdehydrogenase", "Laktat-Dehydrogenase", "Lactat-Dehydrogenase"),
    ),
    "crp": ("CRP", "C-reactive protein", "C-reaktives Protein", "C-reaktives Prot."),
    "ferritin": ("ferritin", "serum ferritin", "Serumferritin"),
    "il6": ("IL-6", "IL6", "interleukin 6"),
    "neutrophils": (
        *("neutrophils", "neutrophils absolute", "absolute neutrophil count", "neutrophil count"),
        *("ANC", "Neutrophile", "Neutrophile absolut", "Neutrophile Granulozyten"),
    ),
    "hemoglobin": ("haemoglobin", "hemoglobin", "Hämoglobin", "Hb", "Hgb"),
    "platelets": ("platelets", "platelet count", "thrombocytes", "Thrombozyten", "PLT"),
    "creatinine": ("creatinine", "serum creatinine", "Kreatinin", "Creatinin", "Serumkreatinin"),
}
"""What laboratories print, in English and German, by variable."""
ALSO_PERCENT: Final = ("neutrophils",)
"""Printed as a share as well: without its unit a number is neither."""
COUNTED: Final = {"/nL": "10*9/L", "G/L": "10*9/L", "Tsd/uL": "10*3/uL", "K/uL": "10*3/uL"}
"""How laboratories write the units of blood cells, beside the dictionary's own aliases."""

_CELLS = re.compile(r"[\t;|]|\s{2,}")
_POINTED = re.compile(r"(?<![<>])[:=]")
_BRACKET = re.compile(r"\s*[\[(]([^\])]*)[\])]$")
_VALUE = re.compile(r"(?:(<=|>=|≤|≥|<|>)\s*)?([0-9][0-9.,']*)\s*(.*)")
_FLAG = re.compile(r"(?:[*+\-↑↓]|[HL]{1,2}|high|low|hoch|niedrig)(?:\s+|$)", re.IGNORECASE)
_PLAIN = re.compile(r"[<>=≤≥]*\s*[0-9][0-9.,' ]*")
_RANGE = re.compile(r"[<>=≤≥]+\s*[0-9].*|[0-9][0-9.,]*\s*(?:[-–]|bis|to)\s*[0-9].*")
_DAY = re.compile(r"[0-9]{1,4}[./-][0-9A-Za-z]{1,3}[./-][0-9]{2,4}.*")
_NARROW = str.maketrans(dict.fromkeys("\u2009\u202f", "'") | {"\u00a0": " ", "\u2019": "'"})
_UNSEEN = str.maketrans(dict.fromkeys("\u200b\u2060\ufeff"))
_RAISED = str.maketrans({"⁹": "^9", "³": "^3", "µ": "u", "μ": "u"})


class PastedLine(Struct, frozen=True, kw_only=True):
    """A line: what it says, or why it cannot be said (`fault`); `rest` is what was not read."""

    text: str
    variable: str = ""
    value: str = ""
    unit: str = ""
    rest: str = ""
    fault: str = ""


def pasted_lines(text: str) -> list[PastedLine]:
    """Every line that says anything, in order."""
    return [_line(cells) for cells in map(_cells, text.splitlines()) if cells][:MOST_LINES]


def _cells(line: str) -> list[str]:
    cells = _CELLS.split(line.translate(_UNSEEN).translate(_NARROW).strip())
    return [cell.strip().strip('"').strip() for cell in cells if cell.strip(' "')]


def _line(cells: Sequence[str]) -> PastedLine:
    shown = " ".join(cells)
    variable, named_unit, rest = _named(cells)
    if variable is None:
        return PastedLine(text=shown, fault=_("No analyte of this form is named."))
    return _valued(shown, variable, named_unit, rest)


def _named(cells: Sequence[str]) -> tuple[Variable | None, str, list[str]]:
    """The analyte, its unit where that stands in brackets behind the name, and what follows."""
    first, *others = cells
    inside = _BRACKET.search(first)
    name = names().get(folded(first[: inside.start()] if inside else first))
    if name is not None:
        variable = catalogue().dictionary.variables[name]
        bracket = inside[1] if inside else ""
        if not bracket or names().get(folded(bracket)) == name:
            return variable, "", others
        unit = units_of(variable.name).get(_unit(bracket), "")
        return (variable, unit, others) if unit else (None, "", [])
    words = _POINTED.sub(" ", first).split()
    signed = next((n for n, word in enumerate(words) if word[0] in "<>≤≥"), len(words) - 1)
    for end in range(min(signed, len(words) - 1), 0, -1):
        if name := names().get(folded(" ".join(words[:end]))):
            return catalogue().dictionary.variables[name], "", [" ".join(words[end:]), *others]
    return None, "", []


def _valued(shown: str, variable: Variable, unit: str, cells: list[str]) -> PastedLine:
    """The value in the first cell, with its unit there, before it or behind it."""
    units = units_of(variable.name)
    if cells and not unit and (unit := units.get(_unit(cells[0]), "")):
        cells = cells[1:]
    said = PastedLine(text=shown, variable=variable.name)
    found = _VALUE.fullmatch(cells[0]) if cells else None
    if found is None or _DAY.fullmatch(cells[0]) or _RANGE.fullmatch(found[2] + found[3]):
        return _faulty(said, _("No number is read."))
    sign, number, more = found[1] or "", found[2], _unflagged(found[3])
    behind = [*([more] if more else []), *filter(None, map(_unflagged, cells[1:]))]
    if behind and not unit:
        unit, behind = _with_unit(behind, units)
    if behind and _is_other_unit(behind[0]):
        return _faulty(said, _("The unit is not read: %s.") % behind[0])
    if behind and _is_another_number(behind[0]):
        return _faulty(said, _("More than one number: which one is meant cannot be told."))
    if not unit and variable.name in ALSO_PERCENT:
        return _faulty(said, _("Without a unit it may be a share in percent."))
    return PastedLine(
        text=shown,
        variable=variable.name,
        value=f"{sign}{number}",
        unit=unit,
        rest=", ".join(behind),
    )


def _faulty(said: PastedLine, fault: str) -> PastedLine:
    return PastedLine(text=said.text, variable=said.variable, fault=fault)


def _with_unit(behind: list[str], units: Mapping[str, str]) -> tuple[str, list[str]]:
    """The unit that stands first, alone or before other words."""
    first, *others = behind
    if unit := units.get(_unit(first)):
        return unit, others
    word, _blank, rest = first.partition(" ")
    if unit := units.get(_unit(word)):
        rest = _unflagged(rest.strip())
        return unit, [*([rest] if rest else []), *others]
    return "", behind


def _is_other_unit(text: str) -> bool:
    """Whether what stands behind a number is neither a number, nor a range, nor a day."""
    return not (_PLAIN.fullmatch(text) or _RANGE.fullmatch(text) or _DAY.fullmatch(text))


def _is_another_number(text: str) -> bool:
    return bool(_PLAIN.fullmatch(text)) and not (_RANGE.fullmatch(text) or _DAY.fullmatch(text))


def _unflagged(text: str) -> str:
    """Without the mark of a laboratory for what lies outside its limits, and without brackets."""
    text = text[1:-1] if re.fullmatch(r"\([^()]*\)|\[[^\[\]]*\]", text) else text
    return _FLAG.sub("", text, count=1) if _FLAG.match(text) else text


@cache
def names() -> Mapping[str, str]:
    """The variables by what they are called, as `folded` leaves it."""
    known = catalogue().dictionary.variables
    labels = {folded(known[name].label): name for name in NAMES}
    return labels | {folded(word): name for name, words in NAMES.items() for word in words}


@cache
def units_of(name: str) -> Mapping[str, str]:
    """The units of a variable by what laboratories write for them, as `_unit` leaves it."""
    variable = catalogue().dictionary.variables[name]
    counted = {word: unit for word, unit in COUNTED.items() if unit in variable.accepts}
    return {_unit(word): unit for word, unit in (counted | dict(spellings(variable))).items()}


def folded(text: str) -> str:
    """Words without accents and case; a percent sign is a word."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+|%", plain))


def _unit(text: str) -> str:
    """A unit in one spelling: µg/L, ug/l; ×10⁹/L, 10^9/l."""
    plain = text.translate(_RAISED).strip("[]() ").casefold().replace(" ", "").replace("^", "*")
    return plain.removeprefix("×").removeprefix("x")
