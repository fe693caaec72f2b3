"""What the site is made of is written down, and looked up among advisories without guessing."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def script(name: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - this repository's own script
        [sys.executable, ROOT / "scripts" / name],
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_bill_of_materials_is_current() -> None:
    """If not: scripts/sbom writes it anew."""
    made = script("bill_of_materials.py")

    assert made.stdout == (ROOT / "sbom.cdx.json").read_text("utf-8")


def test_the_bill_names_packages_and_vendored_files_with_their_licenses() -> None:
    bill = json.loads((ROOT / "sbom.cdx.json").read_text("utf-8"))

    by_name = {part["name"]: part for part in bill["components"]}
    vendored = {path.name for path in (ROOT / "static" / "vendor").iterdir()}
    assert bill["metadata"]["component"]["licenses"] == [{"expression": "Apache-2.0"}]
    assert by_name["django"]["licenses"] == [{"expression": "BSD-3-Clause"}]
    assert len(by_name["plotly.js-basic-dist-min"]["hashes"]) == len(vendored) == 1
    assert [name for name, part in by_name.items() if "unknown" in str(part["licenses"])] == []


FOUND = {
    "name": "one",
    "version": "1",
    "vulns": [{"id": "CVE-1", "fix_versions": ["1.1"]}, {"id": "CVE-2", "fix_versions": []}],
}
CLEAN = {"name": "two", "version": "2", "vulns": []}
SKIPPED = {"name": "three", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("packages", "status", "said"),
    [
        ([CLEAN], 0, ["1 of 1 packages looked up."]),
        (
            [FOUND, CLEAN],
            1,
            [
                "one 1: CVE-1, mended in 1.1",
                "one 1: CVE-2, mended in no version yet",
                "2 of 2 packages looked up.",
            ],
        ),
        (
            [CLEAN, SKIPPED],
            2,
            [
                "1 of 2 packages looked up.",
                "Nothing is known of three: no advisory data was reached for these.",
            ],
        ),
    ],
)
def test_what_could_not_be_looked_up_never_passes_for_clean(
    packages: list[dict[str, object]], status: int, said: list[str]
) -> None:
    looked_up = script("advisories.py", json.dumps({"dependencies": packages}))

    assert (looked_up.returncode, looked_up.stdout.splitlines()) == (status, said)


def test_without_any_answer_nothing_is_known() -> None:
    looked_up = script("advisories.py")

    assert (looked_up.returncode, looked_up.stdout) == (
        2,
        "No advisory data can be reached: nothing is known of any package.\n",
    )
