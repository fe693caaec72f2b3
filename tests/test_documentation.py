"""What the documentation shows works."""

import json
import re
from pathlib import Path

from riskfactors.assessing import findings_of
from riskfactors.published import catalogue

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
CODE = ("cartapp", "patients", "riskfactors", "templates", "tests", "docs")


def test_the_example_case_is_assessed() -> None:
    document = (DOCS / "example-case.json").read_bytes()

    findings = json.loads(findings_of(document))

    assert findings["case_id"] == "example"
    assert [at["milestone"] for at in findings["milestones"]] == [
        *("lymphodepletion", "infusion", "day_28", "relapse"),
    ]


def test_every_milestone_is_described() -> None:
    words = (DOCS / "documents.md").read_text("utf-8")

    described = [m for m in catalogue().dictionary.milestones if f"`{m}`" in words]

    assert described == list(catalogue().dictionary.milestones)


def test_what_the_ten_tasks_name_is_there() -> None:
    tasks = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    files = [path for folder in CODE for path in (ROOT / folder).rglob("*.*")]
    paths = [f"/{path.relative_to(ROOT)}" for path in (*files, *ROOT.glob("*.*"))]
    code = "\n".join(path.read_text("utf-8") for path in files if path.suffix == ".py")

    named = re.findall(r"`([\w./]+\.(?:py|toml|json|md|html))`", tasks)
    declared = re.findall(r"`([A-Z]\w+)`", tasks)

    assert [n for n in named if not any(path.endswith(f"/{n}") for path in paths)] == []
    assert [n for n in declared if not re.search(rf"^(?:class )?{n}\b", code, re.MULTILINE)] == []
    assert len(named) > len(declared) > 10


def test_every_picture_of_the_documentation_is_shown_and_there() -> None:
    pages = (DOCS / "journey.md", DOCS / "board.md", DOCS.parent / "README.md")
    shown = {
        (page.parent / place).resolve()
        for page in pages
        for place in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", page.read_text("utf-8"))
    }

    assert shown == set((DOCS / "pictures").iterdir())
