"""What the documentation shows works."""

import json
import re
from pathlib import Path

from riskfactors.assessing import findings_of
from riskfactors.published import catalogue

DOCS = Path(__file__).parent.parent / "docs"


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


def test_every_picture_of_the_documentation_is_shown_and_there() -> None:
    pages = (DOCS / "journey.md", DOCS / "board.md", DOCS.parent / "README.md")
    shown = {
        (page.parent / place).resolve()
        for page in pages
        for place in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", page.read_text("utf-8"))
    }

    assert shown == set((DOCS / "pictures").iterdir())
