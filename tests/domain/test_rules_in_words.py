"""Every rule of the catalogue can be said."""

import pytest

from riskfactors.domain.evidence import Factor
from riskfactors.domain.vocabulary import Phrase
from riskfactors.published import catalogue
from riskfactors.words import say

# In words


@pytest.mark.parametrize("factor", catalogue().factors, ids=lambda factor: factor.key)
def test_every_rule_can_be_said(factor: Factor) -> None:
    rules = [factor.criterion, *([] if factor.applies_if == "always" else [factor.applies_if])]

    assert [say(rule.sentence) == "" for rule in rules] == [False for _ in rules]


SEVERE4 = ("cirs_respiratory", "cirs_upper_gi", "cirs_hepatic", "cirs_renal")
SENTENCES: list[tuple[str, Phrase]] = [
    ("ecog_ge_2", Phrase("at_least", "ecog", "2")),
    ("age_gt_60", Phrase("above", "age", "60")),
    ("mtv_low_baseline", Phrase("at_most", "mtv", "147.5")),
    ("mtv_high_lymphodepletion", Phrase("above", "mtv", "80")),
    ("aaipi_ge_2", Phrase("at_least", "aaipi", "2")),
    ("severe4", Phrase("any", *(Phrase("at_least", name, "3") for name in SEVERE4))),
    ("progressive_disease", Phrase("code", "response", "PD")),
    ("ldh_high_infusion", Phrase("above_upper_limit", "ldh")),
    (
        "extranodal_and_mtv",
        Phrase(*("all", Phrase("at_least", "extranodal_sites", "2"), Phrase("above", "mtv", "80"))),
    ),
    (
        "relapse_refractory",
        Phrase(
            "any",
            Phrase("relapse_within", "30"),
            Phrase("not", Phrase("any_response", "CR", "PR")),
        ),
    ),
    ("relapse_gt_2_lines", Phrase("at_least", "prior_lines", "3")),
    ("relapse_crs_grade_3_4", Phrase("at_least", "crs_grade_max", "3")),
    ("ipi", Phrase("graded", "ipi")),
]


@pytest.mark.parametrize(("key", "sentence"), SENTENCES)
def test_a_rule_says_what_it_decides(key: str, sentence: Phrase) -> None:
    factor = next(factor for factor in catalogue().factors if factor.key == key)

    assert factor.criterion.sentence == sentence


def test_the_rule_on_comorbidity_says_both_of_its_cut_offs() -> None:
    factor = next(factor for factor in catalogue().factors if factor.key == "cirs_high")

    sentence = say(factor.criterion.sentence)

    assert (sentence.count("3 or more"), sentence.count("7 or more")) == (14, 1)
