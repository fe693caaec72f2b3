"""Every clinical hazard names a test that shows its control, or the feature that will bring one."""

import ast
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HAZARDS = tomllib.loads((ROOT / "docs" / "hazards.toml").read_text("utf-8"))["hazard"]
TESTS = {
    function.name
    for path in (ROOT / "tests").rglob("test_*.py")
    for function in ast.parse(path.read_text("utf-8")).body
    if isinstance(function, ast.FunctionDef)
}


def test_hazards_are_numbered_without_a_gap() -> None:
    numbers = [hazard["id"] for hazard in HAZARDS]

    assert numbers == [f"H{number:02}" for number in range(1, len(HAZARDS) + 1)]


@pytest.mark.parametrize("hazard", HAZARDS, ids=lambda hazard: hazard["id"])
def test_a_hazard_is_controlled_or_planned(hazard: dict[str, object]) -> None:
    named = hazard["tests"]

    assert isinstance(named, list)
    assert set(named) - TESTS == set()
    assert named or hazard.get("planned")
