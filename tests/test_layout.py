"""The repository keeps its shape: names that say nothing and addresses of registries stay out."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("cartapp", "patients", "riskfactors", "templates", "tests")
NAMES_THAT_SAY_NOTHING = {"base", "common", "core", "general", "helpers", "misc", "shared", "utils"}
PINS = re.compile(r"^([a-z0-9.-]+)(?:\[[a-z,]+\])?==(\S+)", re.MULTILINE)


def test_no_module_or_folder_has_a_name_that_says_nothing() -> None:
    found = [
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.stem.lstrip("_") in NAMES_THAT_SAY_NOTHING and path.suffix in ("", ".py")
    ]

    assert found == []


@pytest.mark.parametrize("name", ["app", "audit", "dev"])
def test_requirements_are_hashed_and_name_no_address(name: str) -> None:
    written = (ROOT / "requirements" / f"{name}.txt").read_text()

    blocks = re.split(r"\n(?=\S)", written.strip())
    assert [block for block in blocks if "--hash=sha256:" not in block] == []
    assert re.findall(r"https?:|://|--index|--find", written) == []


def test_the_site_and_its_tests_run_the_same_versions() -> None:
    app, dev = (
        dict(PINS.findall((ROOT / "requirements" / f"{name}.txt").read_text()))
        for name in ("app", "dev")
    )

    assert {name: dev.get(name) for name in app} == app
