"""What can be wrong with a machine is said in a line; what can be made good is."""

import os
import shutil
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOUND = ("bash", "cat", "chmod", "cp", "dirname", "env", "grep", "id", "mkdir", "realpath", "rm")
PYTHON = """\
#!/bin/bash
case "$*" in
  *"-m venv"*)
    [ -z "$NO_VENV" ] || exit 1
    rm -rf .venv && mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
  *"-m pip"*)
    echo installed >> log
    echo "Collecting one==1"
    echo "Installing collected packages: one"
    [ -z "$NO_NETWORK" ] || { echo "no route to host" >&2; exit 1; } ;;
  *"print(sys.version)"*) echo "${VERSION:-3.11}" ;;
  *version_info*) [ -z "$OLD" ] ;;
  *"import ensurepip"*) [ -z "$NO_ENSUREPIP" ] ;;
esac
"""
"""A Python that does as it is told by the environment."""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone, beside a folder of commands that is all of PATH."""
    clone = tmp_path / "clone"
    (clone / "requirements").mkdir(parents=True)
    (clone / "requirements" / "app.txt").write_text("one==1 --hash=sha256:00\n")
    shutil.copytree(ROOT / "scripts", clone / "scripts")
    commands = tmp_path / "bin"
    commands.mkdir()
    for name in (*FOUND, "sha256sum"):
        (commands / name).symlink_to(str(shutil.which(name)))
    fake(commands / "python", PYTHON)
    return clone


def fake(path: Path, script: str) -> None:
    path.write_text(script)
    path.chmod(0o755)


def install(clone: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    commands = clone.parent / "bin"
    return subprocess.run(  # noqa: S603 - this repository's own script
        [clone / "scripts" / "install", "app"],
        env={"PATH": str(commands), "PYTHON": str(commands / "python"), **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_requirements_are_installed_once_and_progress_is_shown(clone: Path) -> None:
    first, second = install(clone), install(clone)

    assert (first.returncode, first.stderr) == (0, "")
    assert [line for line in first.stdout.splitlines() if line] == [
        "Making .venv",
        "Installing requirements/app.txt",
        "1 of 1 packages, unpacking",
    ]
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")


def moved(clone: Path) -> None:
    """The folder had another name when .venv was made."""
    (clone / ".venv" / "made-for").write_text("/elsewhere/.venv 3.11\n")


def half_made(clone: Path) -> None:
    """The command was stopped while .venv was made."""
    (clone / ".venv" / "made-for").unlink()


def without_python(clone: Path) -> None:
    """The Python that it leads to is gone."""
    (clone / ".venv" / "bin" / "python").unlink()


@pytest.mark.parametrize(
    ("spoil", "version"),
    [(moved, "3.11"), (half_made, "3.11"), (without_python, "3.11"), (None, "3.13")],
)
def test_a_venv_that_cannot_work_is_made_anew(
    spoil: Callable[[Path], Any] | None, version: str, clone: Path
) -> None:
    install(clone)
    if spoil:
        spoil(clone)

    again = install(clone, VERSION=version)

    assert again.returncode == 0
    assert again.stdout.splitlines()[0] == (
        "Making .venv anew: it is not whole, was moved or copied, or belongs to another Python"
    )
    assert install(clone, VERSION=version).stdout == ""


def test_what_pip_could_not_finish_is_tried_again(clone: Path) -> None:
    without = install(clone, NO_NETWORK="1")
    again = install(clone)

    assert (without.returncode, without.stderr) == (
        1,
        "pip could not install requirements/app.txt (its words: .venv/pip-errors)."
        " Is there a network? Then run this again.\n",
    )
    assert (clone / ".venv" / "pip-errors").exists()
    assert (again.returncode, again.stdout.splitlines()[0]) == (
        0,
        "Installing requirements/app.txt",
    )


@pytest.mark.parametrize(
    ("variable", "said"),
    [
        (
            "OLD",
            "cartapp needs Python 3.11 or later, and {python} is none:"
            " name one with PYTHON=/path/to/python3.\n",
        ),
        (
            "NO_ENSUREPIP",
            "{python} has no modules venv and ensurepip:"
            " add them, or name another with PYTHON=/path/to/python3.\n",
        ),
        ("NO_VENV", ".venv cannot be made: remove it, and run this again.\n"),
    ],
)
def test_a_python_that_will_not_do_is_named(variable: str, said: str, clone: Path) -> None:
    refused = install(clone, **{variable: "1"})

    python = clone.parent / "bin" / "python"
    assert (refused.returncode, refused.stderr) == (1, said.format(python=python))


def apt(clone: Path, *, user: int) -> subprocess.CompletedProcess[str]:
    commands = clone.parent / "bin"
    (commands / "id").unlink()
    fake(commands / "id", f"#!/bin/bash\necho {user}\n")
    return subprocess.run(  # noqa: S603 - this repository's own script
        [clone / "scripts" / "apt", "python3-venv"],
        env={"PATH": str(commands)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("commands", "user", "said"),
    [
        ((), 0, "Install by hand, since there is no apt-get here: python3-venv\n"),
        (
            ("apt-get",),
            1000,
            "Let root run this, since there is no sudo here: apt-get install python3-venv\n",
        ),
        (
            ("apt-get",),
            0,
            "apt could not install python3-venv. Is there a network? Then run this again.\n",
        ),
    ],
)
def test_what_apt_cannot_install_is_named(
    commands: tuple[str, ...], user: int, said: str, clone: Path
) -> None:
    for name in commands:
        fake(clone.parent / "bin" / name, "#!/bin/bash\nexit 100\n")

    refused = apt(clone, user=user)

    assert (refused.returncode, refused.stderr) == (1, said)


def test_a_port_that_is_taken_is_named_before_anything_is_made(clone: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        refused = subprocess.run(  # noqa: S603 - this repository's own script
            [clone / "scripts" / "serve"],
            env={"PATH": os.environ["PATH"], "PORT": port},
            capture_output=True,
            text=True,
            check=False,
        )

    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == (
        f"Something listens on port {port} already: choose another one, PORT=8080 ./scripts/serve\n"
    )
    assert not (clone / "var").exists()
