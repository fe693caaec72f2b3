"""Says what pip-audit has found out; it counts as nothing known what it could not ask."""

import json
import sys


def main() -> int:
    """Status 1: something is known; 2: something could not be asked."""
    try:
        packages = json.load(sys.stdin)["dependencies"]
    except ValueError:
        print("No advisory data can be reached: nothing is known of any package.")
        return 2
    unasked = [package["name"] for package in packages if "skip_reason" in package]
    known = [
        f"{package['name']} {package['version']}: {found['id']},"
        f" mended in {', '.join(found['fix_versions']) or 'no version yet'}"
        for package in packages
        for found in package.get("vulns", ())
    ]
    print(*known, sep="\n", end="\n" if known else "")
    print(f"{len(packages) - len(unasked)} of {len(packages)} packages looked up.")
    if unasked:
        print(f"Nothing is known of {', '.join(unasked)}: no advisory data was reached for these.")
    return 1 if known else 2 if unasked else 0


if __name__ == "__main__":
    sys.exit(main())
