"""Every clinical hazard names a test that shows its control, or the feature that will bring one."""

import runpy
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HAZARDS = tomllib.loads((ROOT / "docs" / "hazards.toml").read_text("utf-8"))["hazard"]
SAFETY = runpy.run_path(str(ROOT / "scripts" / "safety.py"))
TESTS = SAFETY["tests"]()


def test_hazards_are_numbered_without_a_gap() -> None:
    numbers = [hazard["id"] for hazard in HAZARDS]

    assert numbers == [f"H{number:02}" for number in range(1, len(HAZARDS) + 1)]


@pytest.mark.parametrize("hazard", HAZARDS, ids=lambda hazard: hazard["id"])
def test_a_hazard_is_controlled_or_planned(hazard: dict[str, object]) -> None:
    named = hazard["tests"]

    assert isinstance(named, list)
    assert set(named) - TESTS.keys() == set()
    assert named or hazard.get("planned")


def test_the_page_of_the_hazards_is_current() -> None:
    written = (ROOT / "docs" / "safety.md").read_text("utf-8")

    assert written == SAFETY["safety"](), "python scripts/safety.py > docs/safety.md"
