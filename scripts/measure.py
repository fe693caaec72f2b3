"""The measurements behind scripts/bench: the engine, other rule engines, pages, the worklist."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter, process_time
from typing import Any

import django

django.setup()

from crowd import crowd
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.test import Client, override_settings
from django.urls import include, path
from django.utils import timezone
from json_logic import jsonLogic
from rule_engine import Rule

from patients.models import Centre, Membership, Role, User
from riskfactors.domain.criteria import MET
from riskfactors.domain.documents import parse_case
from riskfactors.domain.snapshot import View, views
from riskfactors.domain.timepoints import Milestone
from riskfactors.published import catalogue

ROOT = Path(__file__).parent.parent
CASES = 2000
CROWD = 100_000
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


Row = tuple[str, str, str, str]


def main() -> None:
    """Print the table; the argument is a folder for scratch files."""
    rows = [*lines_rows(Path(sys.argv[1])), *engine_rows(), *page_rows(), *worklist_rows()]
    width = max(len(row[0]) for row in rows)
    print(f"{'measured':<{width}}  {'ratio':>8}  {'goal':>8}  figures")
    for name, ratio, goal, figures in rows:
        print(f"{name:<{width}}  {ratio:>8}  {goal:>8}  {figures}")


def best(work: Callable[[], object], rounds: int = 5) -> float:
    """The least CPU seconds of this process that the work took."""
    return min(_timed(work) for _ in range(rounds))


def _timed(work: Callable[[], object]) -> float:
    start = process_time()
    work()
    return process_time() - start


def lines_rows(folder: Path) -> list[Row]:
    """`assess --lines` in a process of its own, with and without its start-up."""
    many, one = folder / "many.jsonl", folder / "one.jsonl"
    cases = run("make_cases", str(CASES), "--seed", "1")
    many.write_bytes(cases)
    one.write_bytes(cases.splitlines(keepends=True)[0])
    start_up = min(children_seconds("assess", "--lines", str(one)) for _ in range(5))
    whole = min(children_seconds("assess", "--lines", str(many)) for _ in range(3))
    rate = CASES / (whole - start_up)
    observations = sum(
        len(visit["observations"])
        for line in cases.splitlines()
        for visit in json.loads(line)["assessments"]
    )
    return [
        (
            "assess --lines, cases a second of one core",
            f"{rate / 2500:.2f}",
            ">= 1.00",
            f"{rate:,.0f} a second; {CASES:,} cases of {observations / CASES:.0f} observations",
        ),
        ("start-up, seconds", f"{start_up:.2f}", "< 1.00", f"{start_up:.2f} s of CPU"),
    ]


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
        return [[ask(v).verdict is MET for ask in ours] for v in seen]

    def by_rule_engine() -> list[list[bool]]:
        return [[rule.matches(values) for rule in rules] for values in flat]

    def by_json_logic() -> list[list[bool]]:
        return [[bool(jsonLogic(rule, values)) for rule in logic] for values in flat]

    if not by_cartapp() == by_rule_engine() == by_json_logic():
        raise RuntimeError("The engines do not agree: their speed means nothing.")
    own = best(by_cartapp)
    rows = []
    for name, work in (("rule-engine", by_rule_engine), ("json-logic", by_json_logic)):
        other = best(work)
        each = len(seen) * len(CRITERIA) / 1e6
        figures = f"{other / each:.1f} against {own / each:.1f} µs a criterion"
        rows.append((f"{name} / cartapp, 12 criteria", f"{other / own:.1f}", ">= 10", figures))
    return rows


def complete_cases(number: int = 200) -> list[dict[str, Any]]:
    """Cases with all that the twelve criteria look at, recorded at lymphodepletion."""
    chance = Random(1)  # noqa: S311  # no secret
    return [
        {
            "schema": "cartapp-case/1",
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


def page_rows() -> list[Row]:
    """The library's page against an empty page of the same frame, both for a signed-in user."""
    client = Client(REMOTE_ADDR="127.0.0.1", headers={"host": "localhost"})
    client.force_login(User.objects.create_user("bench"))

    with override_settings(ROOT_URLCONF=with_empty_page()):
        nothing = page_seconds(client, "/empty/")
        rows = []
        for name, address in (
            ("library page", "/evidence/"),
            ("factor page", "/evidence/factors/ecog_ge_2/"),
        ):
            page = page_seconds(client, address)
            figures = f"{page * 1e3:.1f} against {nothing * 1e3:.1f} ms of CPU"
            rows.append((f"{name} / empty page", f"{page / nothing:.1f}", "<= 4.0", figures))
    return rows


def worklist_rows() -> list[Row]:
    """The worklist of a centre with 100,000 cases against an empty page, measured in turns.

    On PostgreSQL the server's own CPU is not counted: the time on the clock stands beside it.
    """
    somebody = User.objects.create_user("crowd")
    centre = Centre.objects.create(code="crowd", name="A centre of many cases")
    about = {"user": somebody, "centre": centre, "granted_by": somebody}
    Membership.objects.create(role=Role.CLINICIAN, **about)
    crowd(CROWD, centre=centre, by=somebody, today=timezone.localdate())
    client = Client(REMOTE_ADDR="127.0.0.1", headers={"host": "localhost"})
    client.force_login(somebody)
    pages: dict[str, Callable[[], Any]] = {
        "by case": lambda: client.get("/cases/"),
        "by infusion": lambda: client.get("/cases/?order=infusion"),
        "not infused": lambda: client.get("/cases/?show=not_infused"),
        "died": lambda: client.get("/cases/?show=died"),
        "search, frequent name": lambda: client.post("/cases/", {"q": "garcia"}),
        "search, one number": lambda: client.post("/cases/", {"q": "H0000123"}),
    }
    with override_settings(ROOT_URLCONF=with_empty_page()):
        return [worklist_row(client, name, page) for name, page in pages.items()]


def worklist_row(client: Client, name: str, page: Callable[[], Any], rounds: int = 15) -> Row:
    """The median of ratios, since what else the machine does slows both of a pair down."""
    if page().status_code != 200:
        raise RuntimeError(f"The worklist {name} does not answer.")
    pairs, clock = [], []
    for _ in range(rounds):
        nothing = _timed(lambda: [client.get("/empty/") for _ in range(6)])
        began = perf_counter()
        pairs.append((_timed(lambda: [page() for _ in range(6)]), nothing))
        clock.append((perf_counter() - began) / 6)
    least, empty = (min(times) / 6 * 1e3 for times in zip(*pairs, strict=True))
    figures = f"{least:.1f} against {empty:.1f} ms of CPU; {min(clock) * 1e3:.1f} ms on the clock"
    ratio = median(mine / nothing for mine, nothing in pairs)
    about = f"worklist at 100,000 cases, {name} / empty page ({connection.vendor})"
    return about, f"{ratio:.1f}", "<= 6.0", figures


def with_empty_page() -> tuple[Any, ...]:
    """The addresses of the site and one of a page without content."""

    def empty(request: HttpRequest) -> HttpResponse:
        return render(request, "base.html")

    return path("empty/", empty), path("", include("cartapp.urls"))


def page_seconds(client: Client, address: str, times: int = 20) -> float:
    """CPU seconds of one request."""
    if client.get(address).status_code != 200:
        raise RuntimeError(f"{address} does not answer.")
    return best(lambda: [client.get(address) for _ in range(times)]) / times


if __name__ == "__main__":
    main()
