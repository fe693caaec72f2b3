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
    ],
)
def test_the_systems_of_cirs_are_one_test(names: list[str], words: list[str]) -> None:
    assert list(each_once(names).values()) == words
