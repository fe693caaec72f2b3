"""The measurements behind scripts/bench: the engine, other rule engines, the pages."""

import json
import os
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import django

django.setup()

from json_logic import jsonLogic
from measure_browser import browser_rows
from measure_pages import page_rows
from measure_records import records_rows
from measure_worklist import worklist_rows
from rule_engine import Rule
from timing import Row, side_by_side

from riskfactors.domain.criteria import HOLDS
from riskfactors.domain.documents import parse_case
from riskfactors.domain.snapshot import View, views
from riskfactors.domain.timepoints import Milestone
from riskfactors.published import catalogue

ROOT = Path(__file__).parent.parent
VIGNETTES = ROOT / "tests" / "contract" / "vignettes"
CASES = 2000
ENOUGH = 100_000 / 120 / 2
"""Cases a second of one core: a registry of 100,000 in two minutes on two."""

CRITERIA = {
    "ecog_ge_2": ("ecog >= 2", {">=": [{"var": "ecog"}, 2]}),
    "age_ge_65": ("age >= 65", {">=": [{"var": "age"}, 65]}),
    "age_gt_60": ("age > 60", {">": [{"var": "age"}, 60]}),
    "progressive_disease": ("response == 'PD'", {"==": [{"var": "response"}, "PD"]}),
    "ldh_high_lymphodepletion": (
        "ldh > ldh_upper_limit",
        {">": [{"var": "ldh"}, {"var": "ldh_upper_limit"}]},
    ),
    "extranodal_ge_2": ("extranodal_sites >= 2", {">=": [{"var": "extranodal_sites"}, 2]}),
    "mtv_high_lymphodepletion": ("mtv > 80", {">": [{"var": "mtv"}, 80]}),
    "extranodal_and_mtv": (
        "extranodal_sites >= 2 and mtv > 80",
        {"and": [{">=": [{"var": "extranodal_sites"}, 2]}, {">": [{"var": "mtv"}, 80]}]},
    ),
    "tp53_altered": ("tp53 == 'altered'", {"==": [{"var": "tp53"}, "altered"]}),
    "histology_thrlbcl": ("histology == 'thrlbcl'", {"==": [{"var": "histology"}, "thrlbcl"]}),
    "histology_high_grade": (
        "histology in ['hgbl_myc_bcl2', 'hgbl_nos']",
        {"in": [{"var": "histology"}, ["hgbl_myc_bcl2", "hgbl_nos"]]},
    ),
    "double_hit": (
        "myc_rearranged == 'yes' and (bcl2_rearranged == 'yes' or bcl6_rearranged == 'yes')",
        {
            "and": [
                {"==": [{"var": "myc_rearranged"}, "yes"]},
                {
                    "or": [
                        {"==": [{"var": "bcl2_rearranged"}, "yes"]},
                        {"==": [{"var": "bcl6_rearranged"}, "yes"]},
                    ]
                },
            ]
        },
    ),
}
"""Twelve binary criteria at lymphodepletion: for rule-engine and for json-logic."""


def main() -> None:
    """Print the table; the argument is a folder for scratch files."""
    rows = [
        *lines_rows(Path(sys.argv[1])),
        *engine_rows(),
        *worklist_rows(),  # first of the pages: its crowd fills empty tables
        *page_rows(),
        *records_rows(),
        *browser_rows(),
    ]
    width = max(len(row[0]) for row in rows)
    print(f"{'measured':<{width}}  {'ratio':>8}  {'goal':>8}  figures")
    for name, ratio, goal, figures in rows:
        print(f"{name:<{width}}  {ratio:>8}  {goal:>8}  {figures}")


def lines_rows(folder: Path) -> list[Row]:
    """`assess --lines` in a process of its own, with and without its start-up."""
    generated = run("make_cases", str(CASES), "--seed", "1").splitlines()
    vignettes = [json.loads(path.read_text())["case"] for path in sorted(VIGNETTES.glob("*.json"))]
    contract = [json.dumps(case).encode() for case in vignettes] * (CASES // len(vignettes))
    one = written(folder / "one.jsonl", generated[:1])
    start_up = min(children_seconds("assess", "--lines", one) for _ in range(8))
    rows = []
    for name, lines in (("generated cases", generated), ("the contract's cases", contract)):
        many = written(folder / "many.jsonl", lines)
        whole = min(children_seconds("assess", "--lines", many) for _ in range(8))
        rate = len(lines) / (whole - start_up)
        visits = [visit for line in lines for visit in json.loads(line)["assessments"]]
        observations = sum(len(visit.get("observations", ())) for visit in visits) / len(lines)
        figures = f"{rate:,.0f} a second of one core; {observations:.0f} observations a case"
        rows.append((f"assess --lines, {name}", f"{rate / ENOUGH:.2f}", ">= 1.00", figures))
    figures = f"{start_up:.2f} s of CPU"
    return [*rows, ("start-up, seconds", f"{start_up:.2f}", "< 1.00", figures)]


def written(path: Path, lines: list[bytes]) -> str:
    """The name of a file with these lines."""
    path.write_bytes(b"\n".join(lines) + b"\n")
    return str(path)


def run(*arguments: str) -> bytes:
    """What a command of manage.py prints."""
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    return subprocess.run(command, check=True, capture_output=True).stdout  # noqa: S603  # our own


def children_seconds(*arguments: str) -> float:
    """CPU seconds of a command of manage.py."""
    before = os.times()
    run(*arguments)
    after = os.times()
    return (after.children_user - before.children_user) + (
        after.children_system - before.children_system
    )


def engine_rows() -> list[Row]:
    """The same twelve criteria on the same complete values, by three engines that must agree."""
    published = catalogue()
    questions = {
        question.factor: question
        for panel in published.agenda[Milestone.LYMPHODEPLETION]
        for question in panel.questions
    }
    ours = [questions[key].ask for key in CRITERIA]
    rules = [Rule(rule) for rule, _ in CRITERIA.values()]
    logic = [logic for _, logic in CRITERIA.values()]
    seen, flat = [], []
    for document in complete_cases():
        snapshot = parse_case(json.dumps(document).encode(), published.dictionary)
        view = list(views(snapshot))[-1]
        seen.append(view)
        flat.append(flattened(view))

    def by_cartapp() -> list[list[bool]]:
        return [[ask(v)[0] is HOLDS for ask in ours] for v in seen]

    def by_rule_engine() -> list[list[bool]]:
        return [[rule.matches(values) for rule in rules] for values in flat]

    def by_json_logic() -> list[list[bool]]:
        return [[bool(jsonLogic(rule, values)) for rule in logic] for values in flat]

    if not by_cartapp() == by_rule_engine() == by_json_logic():
        raise RuntimeError("The engines do not agree: their speed means nothing.")
    own, *others = side_by_side(by_cartapp, by_rule_engine, by_json_logic)
    rows = []
    for name, other in zip(("rule-engine", "json-logic"), others, strict=True):
        each = len(seen) * len(CRITERIA) / 1e6
        figures = f"{other / each:.1f} against {own / each:.1f} µs a criterion"
        rows.append((f"{name} / cartapp, 12 criteria", f"{other / own:.1f}", ">= 10", figures))
    return rows


def complete_cases(number: int = 200) -> list[dict[str, Any]]:
    """Cases with all that the twelve criteria look at, recorded at lymphodepletion."""
    chance = Random(1)  # noqa: S311  # no secret
    return [
        {
            "schema": "cartapp-case/2",
            "case_id": str(number),
            "birth_date": f"{chance.randint(1935, 1990)}-05-05",
            "sex": "female",
            "assessments": [
                {
                    "milestone": "lymphodepletion",
                    "date": "2024-03-01",
                    "observations": {
                        "ecog": chance.randint(0, 4),
                        "response": chance.choice(["CR", "PR", "SD", "PD"]),
                        "ldh": {"value": chance.randint(150, 600), "upper_limit": 250},
                        "extranodal_sites": chance.randint(0, 4),
                        "mtv": chance.randint(10, 200),
                        "tp53": chance.choice(["altered", "wild_type"]),
                        "histology": chance.choice(["dlbcl_nos", "hgbl_nos", "thrlbcl"]),
                        "myc_rearranged": chance.choice(["yes", "no"]),
                        "bcl2_rearranged": chance.choice(["yes", "no"]),
                        "bcl6_rearranged": chance.choice(["yes", "no"]),
                    },
                }
            ],
        }
        for number in range(number)
    ]


def flattened(view: View) -> dict[str, Any]:
    """The values of a view as the other engines want them."""
    values = {
        name: observation.value if isinstance(observation.value, str) else float(observation.value)
        for name, observation in view.latest.items()
    }
    return {
        **values,
        "age": view.years,
        "ldh_upper_limit": float(view.latest["ldh"].upper_limit or 0),
    }


if __name__ == "__main__":
    main()
