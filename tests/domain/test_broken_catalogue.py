"""A catalogue is refused wherever it is broken, naming file, item and field."""

import re
import shutil
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from riskfactors.domain.catalogue import CatalogueError
from riskfactors.published import EVIDENCE, catalogue, catalogue_in

# Refused wherever it is broken

Edit = Callable[[Path], object]


parsed_once = cache(tomllib.loads)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the evidence that may be broken; what is not broken is parsed only once."""
    monkeypatch.setattr(tomllib, "loads", parsed_once)
    return Path(shutil.copytree(EVIDENCE, tmp_path / "evidence"))


def replaced(file: str, old: str, new: str, item: str = "") -> Edit:
    """Replaces the first `old` after the first `item`."""

    def edit(folder: Path) -> None:
        path = folder / f"{file}.toml"
        content = path.read_text()
        start = content.index(item)
        at = content.index(old, start)
        path.write_text(content[:at] + new + content[at + len(old) :])

    return edit


def in_ecog(old: str, new: str) -> Edit:
    return replaced("pre_infusion", old, new, 'key = "ecog_ge_2"')


def without_names(folder: Path) -> None:
    path = folder / "publications.toml"
    path.write_text(re.sub("(?m)^(authors|journal) = .*$", "", path.read_text()))


def twice(folder: Path) -> None:
    path = folder / "publications.toml"
    path.write_text(path.read_text() + '[[publication]]\nnumber = 154\njournal = "Blood"\n')


def removed(file: str) -> Edit:
    return lambda folder: (folder / f"{file}.toml").unlink()


ECOG = "pre_infusion.toml: factor ecog_ge_2"
DEAUVILLE = 'key = "deauville_day_28"'
CRP_GROUP = 'key = "crp_group_infusion"'
BROKEN: list[tuple[str, Edit, str]] = [
    ("does not parse", in_ecog('key = "ecog_ge_2"', "key = "), "pre_infusion.toml: "),
    ("no text", lambda f: (f / "claims.toml").write_bytes(b"\xff"), "claims.toml: "),
    ("unknown field", in_ecog("kind =", 'colour = "red"\nkind ='), f"{ECOG}: .*colour"),
    ("missing field", in_ecog('kind = "binary"\n', ""), f"{ECOG}: .*kind"),
    ("missing key", in_ecog('key = "ecog_ge_2"\n', ""), "pre_infusion.toml: factor .*key"),
    ("wrong type", in_ecog('["1", "text"]', "1"), f"{ECOG}: tables"),
    ("unknown kind", in_ecog('"binary"', '"ternary"'), f"{ECOG}: kind"),
    ("another kind", in_ecog('"binary"', '"graded"'), f"{ECOG}: .*criterion"),
    ("unknown direction", in_ecog('"adverse"', '"bad"'), f"{ECOG}: direction"),
    ("unknown milestone", in_ecog('"infusion"]', '"day_10"]'), f"{ECOG}: evaluated_at"),
    ("interim", in_ecog('"infusion"]', '"interim"]'), f"{ECOG}: .*evaluated_at"),
    (
        "never evaluated",
        in_ecog('["election", "apheresis", "lymphodepletion", "infusion"]', "[]"),
        f"{ECOG}: .*evaluated_at",
    ),
    (
        "unknown source",
        in_ecog('values_from = "latest"', 'values_from = "best"'),
        f"{ECOG}: values_from",
    ),
    (
        "unknown milestone in values_from",
        in_ecog('values_from = "latest"', 'values_from = ["day_1"]'),
        f"{ECOG}: values_from",
    ),
    ("unknown shape", in_ecog('shape = "number"', 'shape = "numbers"'), f"{ECOG}: criterion"),
    (
        "unknown field of a rule",
        in_ecog("at_least = 2", "at_least = 2, below = 3"),
        f"{ECOG}: criterion",
    ),
    ("no cut-off", in_ecog(", at_least = 2", ""), f"{ECOG}: criterion"),
    ("two cut-offs", in_ecog("at_least = 2", "at_least = 2, above = 1"), f"{ECOG}: criterion"),
    (
        "unknown variable",
        in_ecog('variable = "ecog"', 'variable = "karnofsky"'),
        f"{ECOG}: criterion: karnofsky",
    ),
    (
        "unknown applicability",
        in_ecog('applies_if = "always"', 'applies_if = "never"'),
        f"{ECOG}: applies_if",
    ),
    ("reference missing", in_ecog("reference = [9]\n", ""), f"{ECOG}: .*reference"),
    ("reference empty", in_ecog("reference = [9]", "reference = []"), f"{ECOG}: .*reference"),
    (
        "reference unlisted",
        in_ecog("reference = [9]", "reference = [99]"),
        f"{ECOG}: reference: 99",
    ),
    (
        "reference no number",
        in_ecog("reference = [9]", 'reference = ["9"]'),
        f"{ECOG}: .*reference",
    ),
    ("estimate below", in_ecog("estimate = 1.7", "estimate = 1.09"), f"{ECOG}: .*estimate"),
    ("estimate above", in_ecog("estimate = 1.7", "estimate = 2.71"), f"{ECOG}: .*estimate"),
    ("estimate missing", in_ecog("estimate = 1.7\n", ""), f"{ECOG}: .*estimate"),
    ("interval missing", in_ecog("interval = [1.1, 2.7]\n", ""), f"{ECOG}: .*interval"),
    ("interval backwards", in_ecog("[1.1, 2.7]", "[2.7, 1.1]"), f"{ECOG}: .*interval"),
    ("interval of one", in_ecog("[1.1, 2.7]", "[1.1]"), f"{ECOG}: .*interval"),
    ("unknown measure", in_ecog('"HR"', '"RR"'), f"{ECOG}: .*measure"),
    ("no outcome", in_ecog('outcome = "PFS"\n', ""), f"{ECOG}: .*outcome"),
    (
        "no statement",
        in_ecog('statement = "Associated', 'note = "Associated'),
        f"{ECOG}: .*statement",
    ),
    (
        "no evidence",
        lambda f: (
            (f / "pre_infusion.toml").write_text(
                re.sub(
                    r'(key = "ecog_ge_2".*?)\[\[factor\.evidence\]\].*?(?=\[\[factor\]\])',
                    r"\1evidence = []\n\n",
                    (f / "pre_infusion.toml").read_text(),
                    count=1,
                    flags=re.DOTALL,
                )
            )
            and None
        ),
        f"{ECOG}: .*evidence",
    ),
    (
        "reading without doubt",
        in_ecog("interval = [1.1, 2.7]", "interval = [1.1, 2.7]\nreading = { estimate = 1.8 }"),
        f"{ECOG}: .*doubt",
    ),
    (
        "reading outside",
        in_ecog(
            "interval = [1.1, 2.7]",
            'interval = [1.1, 2.7]\ndoubt = "?"\nreading = { estimate = 2.8 }',
        ),
        f"{ECOG}: .*estimate",
    ),
    (
        "reading of p alone, which no page shows",
        in_ecog(
            "interval = [1.1, 2.7]", 'interval = [1.1, 2.7]\ndoubt = "?"\nreading = { p = "0.1" }'
        ),
        f"{ECOG}: .*reading",
    ),
    (
        "reading of nothing",
        in_ecog("interval = [1.1, 2.7]", 'interval = [1.1, 2.7]\ndoubt = "?"\nreading = {}'),
        f"{ECOG}: .*reading",
    ),
    (
        "group without result",
        replaced("pre_infusion", ', printed = "not reached"', "", CRP_GROUP),
        "pre_infusion.toml: factor crp_group_infusion: .*value",
    ),
    (
        "group with two results",
        replaced("pre_infusion", "value = 3.6", 'value = 3.6, printed = "3.6"', CRP_GROUP),
        "pre_infusion.toml: factor crp_group_infusion: .*value",
    ),
    (
        "group outside its interval",
        replaced("post_infusion", "value = 72.0", "value = 83.1", 'key = "response_day_90"'),
        "post_infusion.toml: factor response_day_90: .*value",
    ),
    (
        "group below its interval",
        replaced("post_infusion", "value = 72.0", "value = 55.9", 'key = "response_day_90"'),
        "post_infusion.toml: factor response_day_90: .*value",
    ),
    (
        "group of no stratum",
        replaced("post_infusion", 'stratum = "ds_3"', 'stratum = "ds_6"', DEAUVILLE),
        "post_infusion.toml: factor deauville_day_28: .*evidence",
    ),
    (
        "no groups",
        replaced("pre_infusion", "groups = [", "groups = []\nstatement_groups = [", CRP_GROUP),
        "pre_infusion.toml: factor crp_group_infusion: ",
    ),
    (
        "measure without groups",
        in_ecog('measure = "HR"', 'measure = "rate %"'),
        f"{ECOG}: .*groups",
    ),
    (
        "stratum without direction",
        replaced("post_infusion", ', direction = "mixed"', "", "ds_3 = { name"),
        "post_infusion.toml: factor deauville_day_28: .*direction",
    ),
    (
        "stratum missing",
        replaced("post_infusion", 'ds_3 = { name = "DS 3", direction = "mixed" }\n', ""),
        "post_infusion.toml: factor deauville_day_28: .*strata",
    ),
    (
        "stratum too many",
        replaced(
            *(
                "post_infusion",
                "ds_3 = {",
                'ds_6 = { name = "DS 6", direction = "mixed" }\nds_3 = {',
            )
        ),
        "post_infusion.toml: factor deauville_day_28: .*strata",
    ),
    (
        "cuts that fall",
        replaced("post_infusion", "cuts = [3, 4, 5]", "cuts = [3, 5, 4]"),
        "post_infusion.toml: factor deauville_day_28: .*cuts",
    ),
    (
        "cuts that repeat",
        replaced("post_infusion", "cuts = [3, 4, 5]", "cuts = [3, 4, 4]"),
        "post_infusion.toml: factor deauville_day_28: .*cuts",
    ),
    (
        "cuts too few",
        replaced("post_infusion", "cuts = [3, 4, 5]", "cuts = [3, 4]"),
        "post_infusion.toml: factor deauville_day_28: .*cuts",
    ),
    (
        "unknown code",
        replaced("pre_infusion", '"altered"', '"changed"', 'key = "tp53_altered"'),
        "pre_infusion.toml: factor tp53_altered: criterion: tp53 .*changed",
    ),
    (
        "unknown code of applicability",
        replaced("post_infusion", '["PR", "SD"]', '["PR", "NE"]', 'key = "suvmax_ge_10_day_28"'),
        "post_infusion.toml: factor suvmax_ge_10_day_28: applies_if: response .*NE",
    ),
    (
        "unknown code of a stratum",
        replaced("pre_infusion", 'axi_cel = "axi_cel"', 'axi = "axi_cel"'),
        "pre_infusion.toml: factor car_t_product: criterion: product .*axi",
    ),
    (
        "unknown variable inside a rule",
        replaced("pre_infusion", '"bcl6_rearranged"', '"bcl6"', 'key = "double_hit"'),
        "pre_infusion.toml: factor double_hit: criterion: bcl6",
    ),
    (
        "unknown variable inside a negation",
        replaced("post_relapse", '"double_expressor"', '"expressor"'),
        "post_relapse.toml: factor relapse_no_double_hit_or_expressor: criterion: expressor",
    ),
    (
        "unknown variable in a list",
        replaced("pre_infusion", '"cirs_renal"', '"cirs_kidney"', 'key = "severe4"'),
        "pre_infusion.toml: factor severe4: criterion: cirs_kidney",
    ),
    (
        "unknown score",
        replaced("pre_infusion", 'score = "aaipi"', 'score = "flipi"'),
        "pre_infusion.toml: factor aaipi_ge_2: criterion",
    ),
    (
        "unknown response",
        replaced("pre_infusion", '["SD", "PD"]', '["SD", "NE"]', 'key = "chemo_resistant"'),
        "pre_infusion.toml: factor chemo_resistant: criterion",
    ),
    (
        "key twice in a file",
        replaced("pre_infusion", '"age_ge_65"', '"ecog_ge_2"'),
        r"pre_infusion\.toml: .*ecog_ge_2: key",
    ),
    (
        "key twice in two files",
        replaced("post_infusion", 'key = "persistence"', 'key = "ecog_ge_2"'),
        r"(pre|post)_infusion\.toml: .*ecog_ge_2: key",
    ),
    (
        "reference twice",
        replaced("references", "number = 2\n", "number = 1\n"),
        "references.toml: (reference )?1: number",
    ),
    (
        "reference without number",
        replaced("references", "number = 2\n", ""),
        "references.toml: .*number",
    ),
    (
        "reference without doi",
        replaced("references", 'doi = "10.1056/NEJMoa1707447"\n', ""),
        "references.toml: reference 1: .*doi",
    ),
    *(
        (f"later {fault}", in_ecog("reference = [9]", f"reference = [9]\nlater = [{later}]"), named)
        for fault, later, named in (
            (
                "of an unknown source",
                '{ reference = 999, cohort = "c", fact = "f", read_in = "abstract" }',
                f"{ECOG}: later: 999 is neither",
            ),
            (
                "without its cohort",
                '{ reference = 154, fact = "f", read_in = "abstract" }',
                f"{ECOG}: .*cohort",
            ),
            (
                "that is no part of a sentence",
                '{ reference = 154, cohort = "c", fact = "It ends.", read_in = "abstract" }',
                f"{ECOG}: .*fact",
            ),
            (
                "with an unknown field",
                '{ reference = 9, cohort = "c", fact = "f", read_in = "abstract", p = "0.1" }',
                f"{ECOG}: .*p",
            ),
        )
    ),
    (
        "publication numbered as a reference",
        replaced("publications", "number = 154", "number = 44"),
        "publications.toml: publication 44: number",
    ),
    (
        "publication that cannot be named",
        without_names,
        r"publications.toml: publication \d+: .*authors",
    ),
    (
        "publication twice",
        twice,
        "publications.toml: publication 154: number: it stands twice",
    ),
    (
        "an original that is not listed",
        replaced("references", "original = 154", "original = 999"),
        "references.toml: reference 40: original: it is not in publications.toml",
    ),
    (
        "claim without fact",
        replaced("claims", "fact =", "claim ="),
        "claims.toml: claim .*: .*fact|claim",
    ),
    ("unknown setting", replaced("pre_infusion", '"pre_infusion"', '"before"'), ".*setting"),
    ("setting missing", replaced("pre_infusion", 'setting = "pre_infusion"\n', ""), ".*setting"),
    *(
        (f"{file} missing", removed(file), f"{file}.toml: ")
        for file in (
            *("variables", "references", "publications", "claims"),
            *("pre_infusion", "post_infusion", "post_relapse"),
        )
    ),
    (
        "variable twice",
        replaced("variables", 'name = "stage"', 'name = "ecog"'),
        "variables.toml: .*twice",
    ),
    (
        "variable of unknown type",
        replaced("variables", 'type = "count"', 'type = "number"'),
        "variables.toml: .*type",
    ),
    (
        "count without range",
        replaced("variables", "range = [0, 4]\n", ""),
        "variables.toml: .*ecog",
    ),
    (
        "code without codes",
        replaced("variables", 'codes = { yes = "Yes", no = "No" }\n', ""),
        "variables.toml: .*major_extranodal",
    ),
    (
        "quantity without unit",
        replaced("variables", 'unit = "cm"\n', ""),
        "variables.toml: .*longest_diameter",
    ),
    (
        "quantity in a unit it does not accept",
        replaced("variables", 'unit = "cm"\n', 'unit = "m"\n'),
        "variables.toml: .*longest_diameter",
    ),
    (
        "quantity without limits",
        replaced("variables", "impossible_outside = [0, 50]\n", ""),
        "variables.toml: .*longest_diameter",
    ),
    (
        "limits of nothing",
        replaced("variables", "upper_limit_impossible_outside", "# "),
        "variables.toml: .*ldh",
    ),
    (
        "limits backwards",
        replaced("variables", "range = [0, 4]", "range = [4, 0]"),
        "variables.toml: .*range",
    ),
    (
        "variable asked at no milestone",
        replaced("variables", 'asked_at = ["election"', 'asked_at = ["day_10"'),
        "variables.toml: .*asked_at",
    ),
    (
        "milestones out of order",
        replaced("variables", 'apheresis = "Apheresis"\n', ""),
        "variables.toml: .*milestones",
    ),
    (
        "days without otherwise",
        replaced("variables", "{ otherwise = 28 }", "{ infusion = 28 }"),
        "variables.toml: .*otherwise",
    ),
    (
        "an unknown event",
        replaced("variables", 'event = "crs"', 'event = "cold"'),
        "variables.toml: .*event",
    ),
]


@pytest.mark.parametrize(
    ("edit", "named"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN]
)
def test_a_broken_catalogue_is_refused_with_file_item_and_field(
    folder: Path, edit: Edit, named: str
) -> None:
    edit(folder)

    with pytest.raises(CatalogueError) as refused:
        catalogue_in(folder)

    assert re.match(named, str(refused.value)) is not None, str(refused.value)


def test_the_digest_changes_with_any_change(folder: Path) -> None:
    unchanged = catalogue_in(folder).digest
    replaced("claims", "accurate enough", "good enough")(folder)
    in_ecog('p = "0.010"', 'p = "0.011"')(folder)
    replaced("variables", "[0, 500]", "[0, 400]")(folder)

    assert unchanged == catalogue().digest
    assert catalogue_in(folder).digest != unchanged


@pytest.mark.parametrize(
    "edit",
    [
        in_ecog('p = "0.010"', 'p = "0.01"'),
        in_ecog("at_least = 2", "at_least = 3"),
        replaced("references", "2531-2544", "2531-2545"),
        replaced("claims", "accurate enough", "good enough"),
        replaced("variables", "otherwise = 28", "otherwise = 29"),
    ],
)
def test_each_change_of_any_file_changes_the_digest(folder: Path, edit: Edit) -> None:
    edit(folder)

    assert catalogue_in(folder).digest != catalogue().digest
