"""Faults of a catalogue that would otherwise pass unseen: a rule that never or always fires."""

import re
from pathlib import Path

import pytest

from riskfactors.domain.catalogue import CatalogueError
from riskfactors.published import catalogue_in
from tests.domain.test_broken_catalogue import Edit, folder, in_ecog, replaced

__all__ = ["folder"]  # a fixture

PRE = "pre_infusion"
TP53 = 'key = "tp53_altered"'
DOUBLE_HIT = 'key = "double_hit"'


def variable(old: str, new: str) -> Edit:
    return replaced("variables", old, new)


def a_folder_for_claims(at: Path) -> None:
    (at / "claims.toml").unlink()
    (at / "claims.toml").mkdir()


def renamed_crs(folder: Path) -> None:
    variable("[events.crs]", "[events.cytokine]")(folder)
    variable('event = "crs"', 'event = "cytokine"')(folder)


FAULTS: list[tuple[str, Edit, str]] = [
    (
        "a misspelt table loses an item",
        replaced("claims", "[[claim]]", '[[cliam]]\nabout = "relapse"\n\n[[claim]]'),
        "claims.toml: cliam: there is no such field",
    ),
    (
        "a file without its factors",
        lambda at: (at / "post_relapse.toml").write_text('setting = "post_relapse"\n'),
        r"post_relapse.toml: factor: at least one",
    ),
    (
        "factors that are no tables",
        lambda at: (at / "post_relapse.toml").write_text('setting = "post_relapse"\nfactor = 5\n'),
        r"post_relapse.toml: factor: at least one",
    ),
    (
        "the setting of another file",
        replaced(PRE, '"pre_infusion"', '"post_infusion"'),
        "pre_infusion.toml: setting",
    ),
    (
        "a number asked of a code",
        replaced(
            PRE,
            'shape = "code", variable = "tp53", one_of = ["altered"]',
            'shape = "number", variable = "tp53", at_least = 1',
            TP53,
        ),
        "pre_infusion.toml: factor tp53_altered: criterion: tp53 is a code",
    ),
    (
        "a code asked of a number",
        in_ecog(
            'shape = "number", variable = "ecog", at_least = 2',
            'shape = "code", variable = "ecog", one_of = ["2"]',
        ),
        "pre_infusion.toml: factor ecog_ge_2: criterion: ecog is a count",
    ),
    (
        "no codes",
        replaced(PRE, 'one_of = ["altered"]', "one_of = []", TP53),
        "pre_infusion.toml: factor tp53_altered: criterion.one_of",
    ),
    (
        "an upper limit of what has none",
        replaced(PRE, 'variable = "ldh"', 'variable = "crp"', 'key = "ldh_high_infusion"'),
        "pre_infusion.toml: factor ldh_high_infusion: criterion: crp has no upper limit",
    ),
    (
        "a milestone twice",
        in_ecog('"lymphodepletion", "infusion"]', '"infusion", "infusion"]'),
        "pre_infusion.toml: factor ecog_ge_2: .*evaluated_at",
    ),
    (
        "a variable that scores look at is renamed",
        variable('name = "hemoglobin"', 'name = "haemoglobin"'),
        "variables.toml: hemoglobin: it is missing",
    ),
    (
        "a unit that scores rely on is changed",
        variable(
            'unit = "mg/L"\naccepts = { "mg/L" = 1, "mg/dL" = 10 }',
            'unit = "mg/dL"\naccepts = { "mg/dL" = 1, "mg/L" = 0.1 }',
        ),
        "variables.toml: crp: rules expect",
    ),
    (
        "a conversion to nothing",
        variable('accepts = { "cm" = 1, "mm" = 0.1 }', 'accepts = { "cm" = 1, "mm" = 0 }'),
        "variables.toml: .*longest_diameter",
    ),
    (
        "a spelling of a unit that nothing has",
        variable('"IU/L" = "U/L"', '"IU/L" = "kU/L"'),
        "variables.toml: dictionary: fields: unit_aliases",
    ),
    (
        "a unit that is a spelling of another",
        variable('"IU/L" = "U/L"', '"ukat/L" = "U/L"'),
        "variables.toml: dictionary: fields: unit_aliases",
    ),
    (
        "grades without the definition that they go by",
        variable('grading = "ASTCT 2023"\n', ""),
        "variables.toml: .*grades need the definition",
    ),
    (
        "a group of interim visits that nothing has",
        variable('groups = ["laboratory",', 'groups = ["laboratories",'),
        "variables.toml: dictionary: fields: interim_visits",
    ),
    (
        "what is asked again where it is not asked",
        variable('asked_again_at = ["infusion"]', 'asked_again_at = ["relapse"]'),
        "variables.toml: .*product",
    ),
    (
        "a sum of quantities",
        replaced(PRE, '"cirs_respiratory",', '"suvmax",', 'key = "severe4"'),
        "pre_infusion.toml: factor severe4: criterion: suvmax is a quantity",
    ),
    (
        "an event that rules look at is renamed",
        renamed_crs,
        "post_relapse.toml: factor relapse_crs_grade_3_4: criterion: crs is not an event",
    ),
    (
        "a claim without its reference",
        replaced("claims", "[1, 2, 3, 6]", "[1, 2, 3, 66]"),
        "claims.toml: claim relapse: reference: 66",
    ),
    (
        "a claim twice",
        replaced("claims", 'about = "PET"', 'about = "trials"'),
        "claims.toml: claim trials: about: it stands twice",
    ),
    (
        "a product that does not exist",
        replaced("references", '"axi_cel"', '"axi-cel"'),
        "references.toml: reference 1: products",
    ),
    (
        "a reference twice",
        replaced("references", "number = 2\n", "number = 1\n"),
        "references.toml: reference 1: number: it stands twice",
    ),
    ("not a number", in_ecog("estimate = 1.7", "estimate = nan"), "pre_infusion.toml: it does not"),
    ("an infinite bound", in_ecog("[1.1, 2.7]", "[1.1, inf]"), "pre_infusion.toml: it does not"),
    (
        "a ratio that touches 0",
        in_ecog("[1.1, 2.7]", "[0, 2.7]"),
        "pre_infusion.toml: factor ecog_ge_2: .*interval: a ratio is above 0",
    ),
    (
        "a p that is none",
        in_ecog('p = "0.010"', 'p = "abc"'),
        "pre_infusion.toml: factor ecog_ge_2: evidence.*p",
    ),
    (
        "a population left empty",
        in_ecog('studied_in = "Axi-cel', 'studied_in = ""  # '),
        "pre_infusion.toml: factor ecog_ge_2: studied_in",
    ),
    (
        "a rate above 100",
        replaced("post_infusion", "value = 77.1", "value = 771"),
        "post_infusion.toml: factor deauville_day_28: .*rate",
    ),
    (
        "half an interval",
        replaced(
            "post_infusion", "value = 72.0, low = 56.0, high = 83.0", "value = 72.0, low = 56.0"
        ),
        "post_infusion.toml: factor response_day_90: .*low",
    ),
    (
        "a folder in place of a file",
        a_folder_for_claims,
        "claims.toml: it does not parse",
    ),
]


@pytest.mark.parametrize(("edit", "named"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS])
def test_a_fault_that_would_pass_unseen_is_refused(
    folder: Path,
    edit: Edit,
    named: str,
) -> None:
    edit(folder)

    with pytest.raises(CatalogueError) as refused:
        catalogue_in(folder)

    assert re.match(named, str(refused.value)) is not None, str(refused.value)
