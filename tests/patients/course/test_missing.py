"""What is missing, each test once."""

import pytest

from patients.course.missing import each_once


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["ecog", "ferritin"], ["ECOG performance status", "Ferritin"]),
        (["cirs_hepatic", "ferritin"], ["CIRS Hepatic", "Ferritin"]),
        (
            ["cirs_hepatic", "ferritin", "cirs_renal", "cirs_respiratory"],
            ["CIRS, grades of 3 organ systems", "Ferritin"],
        ),
        (["bcl6_rearranged", "ferritin"], ["BCL6 rearrangement (FISH)", "Ferritin"]),
        (
            ["bcl2_rearranged", "tp53", "myc_rearranged"],
            ["Rearrangements (FISH): BCL2, MYC", "TP53"],
        ),
    ],
)
def test_the_items_of_one_test_are_missed_together(names: list[str], words: list[str]) -> None:
    assert list(each_once(names).values()) == words
