"""Prints docs/safety.md: the hazards of docs/hazards.toml with the tests that show their controls.

`python scripts/safety.py > docs/safety.md`; a test fails where the file is another.
"""

import ast
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
ABOUT: Final = """\
# Safety

Made from [`hazards.toml`](hazards.toml) by `scripts/safety.py`; a test holds it to the code.

cartapp shows what was published of other patients beside what was recorded of this one, at the
milestone where the evidence applies. It combines nothing into a score of its own, forecasts nothing
and directs nothing: no validated score combines these findings. It has no certificate as a medical
device; whoever uses it for care answers for that under the law of the place.

A hazard is something that could harm a patient or betray one, with its cause, what controls it, and
the tests that fail without the control. All of them run with `./scripts/test`, on both databases
where it matters.
"""


def safety() -> str:
    """The text of docs/safety.md."""
    hazards = tomllib.loads((ROOT / "docs" / "hazards.toml").read_text("utf-8"))["hazard"]
    return "\n".join([ABOUT, *(line for hazard in hazards for line in _lines(hazard))])


def _lines(hazard: Mapping[str, Any]) -> Iterator[str]:
    yield f"## {hazard['id']}: {hazard['hazard']}\n"
    yield f"- Cause: {hazard['cause']}."
    yield f"- Control: {hazard['control']}."
    if planned := hazard.get("planned"):
        yield f"- Still to come: {planned}."
    places = tests()
    for name in hazard["tests"]:
        words = name.removeprefix("test_").replace("_", " ")
        yield f"- Shown: {words} ([`{places[name]}`](../{places[name]}))."
    yield ""


@cache
def tests() -> dict[str, str]:
    """The file of each test, from the root of the repository."""
    return {
        function.name: path.relative_to(ROOT).as_posix()
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        for function in ast.parse(path.read_text("utf-8")).body
        if isinstance(function, ast.FunctionDef)
    }


if __name__ == "__main__":
    print(safety(), end="")
