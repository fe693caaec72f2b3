"""What typed digits mean: one number, one of two, or none."""

from decimal import Decimal

import pytest

from patients.entry.numbers import Parts, Spelling, parts_of, spelled
from riskfactors.domain.vocabulary import Comparator

CERTAIN: dict[str, int | Decimal] = {
    "0": 0,
    "7": 7,
    " 7 ": 7,
    "12": 12,
    "012": 12,
    "1500": 1500,
    "150000": 150000,
    "0.5": Decimal("0.5"),
    "0,5": Decimal("0.5"),
    "0.125": Decimal("0.125"),
    "0,125": Decimal("0.125"),
    "0.500": Decimal("0.500"),
    "12.5": Decimal("12.5"),
    "12,5": Decimal("12.5"),
    "12,50": Decimal("12.50"),
    "1,5": Decimal("1.5"),
    "1.2345": Decimal("1.2345"),
    "1,2345": Decimal("1.2345"),
    "1234,567": Decimal("1234.567"),
    "1234.567": Decimal("1234.567"),
    "2.0": Decimal("2.0"),
    "\u00a07\u00a0": 7,
    ".5": Decimal("0.5"),
    ",5": Decimal("0.5"),
    "3.1\u200b": Decimal("3.1"),
    "\ufeff3.1": Decimal("3.1"),
    "3\u2060.1": Decimal("3.1"),
    "\u200e3.1\u200f": Decimal("3.1"),
    "\u202a3.1\u202c": Decimal("3.1"),
    "\u20683.1\u2069": Decimal("3.1"),
}
ASKED_ABOUT: dict[str, tuple[int | Decimal, ...]] = {
    "1,500": (1500, Decimal("1.500")),
    "1.500": (Decimal("1.500"), 1500),
    "12,345": (12345, Decimal("12.345")),
    "12.345": (Decimal("12.345"), 12345),
    "999,999": (999999, Decimal("999.999")),
    "1 500": (1500,),
    "1\u00a0500": (1500,),
    "1\u2009500": (1500,),
    "1\u202f500": (1500,),
    "1'500": (1500,),
    "1\u2019500": (1500,),
    "12 345 678": (12345678,),
    "1,234,567": (1234567,),
    "1.234.567": (1234567,),
    "1,234.5": (Decimal("1234.5"),),
    "1.234,5": (Decimal("1234.5"),),
    "1 234,5": (Decimal("1234.5"),),
    "1'234.56": (Decimal("1234.56"),),
    "1.234.567,8": (Decimal("1234567.8"),),
}
NOT_NUMBERS = [
    *(
        "",
        " ",
        "-",
        ".",
        ",",
        "5.",
        "5,",
        "-5",
        "+5",
        "\u22125",
        "<5",
        ">5",
        "~5",
        "5-6",
    ),
    *("5 mg", "five", "1e3", "1E3", "NaN", "Infinity", "0x10", "1_000", "1,5,0", "1.5.0", "12 34"),
    *(
        "1,500,5",
        "1 5",
        "1, 500",
        "١٢",
        "\uff11\uff12",
        "½",
        "1/2",
        "5%",
        "0,500,000",
        "1 500,600.5",
    ),
    *("1,500.600,5", "\0", "7\n8", "\u202e31", "\u202d31"),
]


@pytest.mark.parametrize("text", CERTAIN)
def test_a_plain_number_means_one_thing(text: str) -> None:
    assert spelled(text) == Spelling((CERTAIN[text],), certain=True)


@pytest.mark.parametrize("text", ASKED_ABOUT)
def test_what_may_part_thousands_or_decimals_is_asked_about(text: str) -> None:
    assert spelled(text) == Spelling(ASKED_ABOUT[text], certain=False)


@pytest.mark.parametrize("text", NOT_NUMBERS)
def test_anything_else_is_no_number(text: str) -> None:
    assert spelled(text) is None


def test_more_than_sixty_spellings_are_tried() -> None:
    assert len(CERTAIN) + len(ASKED_ABOUT) + len(NOT_NUMBERS) > 60


BELOW, AT_MOST, ABOVE, AT_LEAST = Comparator
UNITS = {
    "U/L": "U/L",
    "IU/L": "U/L",
    "10*9/L": "10*9/L",
    "×10⁹/L": "10*9/L",
    "mg/dL": "mg/dL",
    "\u00b5g/L": "ug/L",
}
TAKEN_APART: dict[str, Parts] = {
    "720": Parts(None, "720", ""),
    "<0.6": Parts(BELOW, "0.6", ""),
    "< 0.6": Parts(BELOW, "0.6", ""),
    ">2000": Parts(ABOVE, "2000", ""),
    "≤ 5": Parts(AT_MOST, "5", ""),
    ">=5": Parts(AT_LEAST, "5", ""),
    "245 U/L": Parts(None, "245", "U/L"),
    "245U/L": Parts(None, "245", "U/L"),
    "245\u00a0U/L": Parts(None, "245", "U/L"),
    "245 IU/L": Parts(None, "245", "U/L"),
    "2.1 ×10⁹/L": Parts(None, "2.1", "10*9/L"),
    "210 10*9/L": Parts(None, "210", "10*9/L"),
    "1,500 U/L": Parts(None, "1,500", "U/L"),
    "<0.6 mg/dL": Parts(BELOW, "0.6", "mg/dL"),
    "720 H": Parts(None, "720", ""),
    "720H": Parts(None, "720", ""),
    "3 L": Parts(None, "3", ""),
    "1500*": Parts(None, "1500", ""),
    "1500+": Parts(None, "1500", ""),
    "1500 -": Parts(None, "1500", ""),
    "720 H U/L": Parts(None, "720", "U/L"),
    "720 U/L H": Parts(None, "720", "U/L"),
    "\ufeff64 U/L\u200b": Parts(None, "64", "U/L"),
    "2100 \u00b5g/L": Parts(None, "2100", "ug/L"),
    "2100 \u03bcg/L": Parts(None, "2100", "ug/L"),
    # No part of it: it stays with the number, and is refused with it.
    "64 mg/L": Parts(None, "64 mg/L", ""),
    "21010*9/L": Parts(None, "21010*9/L", ""),
    "1,500 H": Parts(None, "1,500 H", ""),
    "720 HH": Parts(None, "720 HH", ""),
    "5-6": Parts(None, "5-6", ""),
    "<<5": Parts(BELOW, "<5", ""),
    "about 5": Parts(None, "about 5", ""),
    "H": Parts(None, "H", ""),
    "<": Parts(BELOW, "", ""),
}


@pytest.mark.parametrize("text", TAKEN_APART)
def test_a_pasted_quantity_is_taken_apart(text: str) -> None:
    assert parts_of(text, UNITS) == TAKEN_APART[text]
