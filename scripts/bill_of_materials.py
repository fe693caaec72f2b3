"""Prints what the site is made of, as CycloneDX 1.6: alike wherever the same files are."""

import json
import re
import tomllib
from hashlib import sha256
from importlib.metadata import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PIN = re.compile(r"^([a-z0-9.-]+)(?:\[[a-z,]+\])?==([^ ;\\]+)", re.MULTILINE)
VENDORED = re.compile(r"`static/vendor/(\w+)/` is `([^`]+)` and `LICENSE` of (\S+) ([0-9.]+)\.")


def packages() -> list[dict[str, Any]]:
    """What scripts/install installs for the site."""
    locked = (ROOT / "requirements" / "app.txt").read_text()
    return [
        component(name, version, kind="pypi", licenses=licenses_of(name))
        for name, version in sorted(PIN.findall(locked))
    ]


def licenses_of(name: str) -> list[dict[str, Any]]:
    """As the package itself says: an expression, else the names of its classifiers."""
    said = metadata(name).json
    if expression := said.get("license_expression"):
        return [{"expression": expression}]
    classified = [each for each in said.get("classifier", ()) if each.startswith("License ::")]
    names = [each.rpartition(" :: ")[2] for each in classified] or [
        str(said.get("license", "unknown"))
    ]
    return [{"license": {"name": name}} for name in sorted(names)]


def vendored() -> list[dict[str, Any]]:
    """The files in static/vendor, as docs/vendored.md describes them."""
    described = VENDORED.findall((ROOT / "docs" / "vendored.md").read_text("utf-8"))
    return [
        component(name, version, kind="npm", licenses=[{"license": {"id": "MIT"}}])
        | {"hashes": [{"alg": "SHA-256", "content": digest(folder, file)}]}
        for folder, file, name, version in described
    ]


def digest(folder: str, file: str) -> str:
    return sha256((ROOT / "static" / "vendor" / folder / file).read_bytes()).hexdigest()


def component(
    name: str, version: str, *, kind: str, licenses: list[dict[str, Any]]
) -> dict[str, Any]:
    purl = f"pkg:{kind}/{name}@{version}"
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "licenses": licenses,
        "purl": purl,
    }


def bill() -> dict[str, Any]:
    """The whole of it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    site = {
        "type": "application",
        "bom-ref": project["name"],
        "name": project["name"],
        "version": project["version"],
        "licenses": [{"expression": project["license"]}],
    }
    parts = [*packages(), *vendored()]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": site},
        "components": parts,
        "dependencies": [
            {"ref": site["bom-ref"], "dependsOn": [part["bom-ref"] for part in parts]}
        ],
    }


if __name__ == "__main__":
    print(json.dumps(bill(), indent=1))
