"""What people send as a name or a number is kept as it is seen."""

import pytest
from django.core.exceptions import ValidationError

from patients.models.identifiers import identifier

PERSIAN = "علی\N{ZERO WIDTH NON-JOINER}رضا"
INDIAN = "ക്\N{ZERO WIDTH JOINER}"
KEPT = [
    ("Núñez Olmo, Ana", "Núñez Olmo, Ana"),
    ("O'Neill-Ruiz (Jr.)", "O'Neill-Ruiz (Jr.)"),
    ("王秀英", "王秀英"),
    (PERSIAN, PERSIAN),
    (INDIAN, INDIAN),
    (f"\N{RIGHT-TO-LEFT MARK}{PERSIAN}\N{LEFT-TO-RIGHT MARK}", PERSIAN),
    (f"\N{RIGHT-TO-LEFT EMBEDDING}{PERSIAN}\N{POP DIRECTIONAL FORMATTING}", PERSIAN),
    (f"\N{RIGHT-TO-LEFT ISOLATE}{PERSIAN}\N{POP DIRECTIONAL ISOLATE}", PERSIAN),
    ("\N{ARABIC LETTER MARK}77", "77"),
    ("\N{ZERO WIDTH NO-BREAK SPACE}Ana\N{ZERO WIDTH SPACE} Ruiz\N{WORD JOINER}", "Ana Ruiz"),
    ("Gar\N{SOFT HYPHEN}cía", "García"),
    ("A\N{ZERO WIDTH JOINER}-1\N{ZERO WIDTH NON-JOINER}", "A-1"),
    ("\N{NO-BREAK SPACE}Ana\N{NO-BREAK SPACE} Ruiz\N{NARROW NO-BREAK SPACE}", "Ana Ruiz"),
    ("Nu\N{COMBINING TILDE}n\N{ZERO WIDTH SPACE}\N{COMBINING TILDE}ez", "Nũñez"),
]


@pytest.mark.parametrize(("sent", "kept"), KEPT, ids=ascii)
def test_what_is_seen_is_kept_and_what_is_not_seen_is_dropped(sent: str, kept: str) -> None:
    assert identifier(sent) == kept
    assert identifier(kept) == kept


@pytest.mark.parametrize(
    ("sent", "named"),
    [
        ("Ana\nRuiz", "U+000A"),
        ("Ana\tRuiz", "U+0009"),
        ("Ana\x00", "U+0000"),
        ("Ana\x9bRuiz", "U+009B"),
        ("Ana\N{LINE SEPARATOR}Ruiz", "U+2028"),
    ],
)
def test_a_control_character_is_refused_by_its_number(sent: str, named: str) -> None:
    with pytest.raises(ValidationError) as refused:
        identifier(sent)

    assert refused.value.messages == [
        f"A control character ({named}) stands in it: write it anew, in one line."
    ]


@pytest.mark.parametrize("sent", ["", "--", " ", "\N{ZERO WIDTH SPACE}", "\N{ZERO WIDTH JOINER}"])
def test_without_a_letter_or_a_digit_it_is_refused(sent: str) -> None:
    with pytest.raises(ValidationError) as refused:
        identifier(sent)

    assert refused.value.messages == ["Write it with letters or digits."]
