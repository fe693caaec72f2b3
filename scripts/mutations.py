"""Changes rules and catalogue one place at a time: which changes does no test of theirs notice?

All changes, or a `--share 0.1`; only a temporary copy is changed. Status 1 below 95 % noticed.
"""

import argparse
import ast
import compileall
import io
import multiprocessing
import os
import random
import re
import shutil
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest
from django.conf import settings

ROOT: Final = Path(__file__).resolve().parent.parent
SLOW: Final = (
    "commands",
    "properties",
    "document_form",
    "document_limits",
    "hostile_documents",
    "warnings",
)
RULES: Final = sorted(
    str(path.relative_to(ROOT))
    for path in (ROOT / "tests" / "domain").glob("test_*.py")
    if path.stem.removeprefix("test_") not in SLOW
)
STAGES: Final = ["tests/test_vignettes.py"], RULES
PLAIN: Final = "-x -q --tb=no -c /dev/null --noconftest --assert=plain -p no:cacheprovider"
QUICK: Final = (*PLAIN.split(), "-k", "not broken and not digest or cuts")
ORDER: Final = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
PAIRS: Final[dict[Any, Any]] = {ast.Eq: ast.NotEq, ast.Is: ast.IsNot, ast.In: ast.NotIn}
OPPOSITES: Final = PAIRS | {new: old for old, new in PAIRS.items()}
CALLS: Final = {"min": "max", "max": "min", "any": "all", "all": "any"}
ENUMS: Final = ("Milestone", "Verdict", "Response", "Role", "Modality")
DECIDING: Final = ("criterion", "applies_if", "evaluated_at", "values_from")
WORDS: Final = {"at_least": "above", "above": "at_least", "at_most": "above", "true": "false"}
CODES: Final = ["CR", "PR", "SD", "PD"], ["systemic", "radiotherapy", "combined", "steroids"]


class Mutant(NamedTuple):
    path: Path
    line: int
    change: str
    content: str


def other_digit(number: str, by: int = 1) -> str:
    digits = len(number.partition(".")[2])
    return f"{(int(number.replace('.', '')) + by) / 10**digits:.{digits}f}"


def other_operators(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Compare(left=left, ops=[old], comparators=[right]):
            others = [o for o in ORDER if type(old) is not o] if type(old) in ORDER else ()
            for other in others or (OPPOSITES[type(old)],):
                yield ast.Compare(left, [other()], [right])
        case ast.BoolOp(op=op, values=values):
            yield ast.BoolOp(ast.And() if isinstance(op, ast.Or) else ast.Or(), values)
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as op, right=right):
            yield ast.BinOp(left, ast.Sub() if isinstance(op, ast.Add) else ast.Add(), right)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yield ast.IfExp(test, orelse, body)
        case ast.If(test=test, body=body, orelse=orelse):
            yield ast.If(ast.UnaryOp(ast.Not(), test), body, orelse)


def after(name: str, names: list[str]) -> str:
    return names[(names.index(name) + 1) % len(names)]


def other_values(node: ast.AST, enums: dict[str, list[str]]) -> Iterator[ast.AST]:
    match node:
        case ast.Constant(value=int(number)) if not isinstance(number, bool):
            yield ast.Constant(number + 1)
        case ast.Constant(value=str(number)) if re.fullmatch(r"\d+(\.\d+)?", number):
            yield ast.Constant(other_digit(number))
        case ast.Attribute(value=ast.Name(id=enum), attr=member) if member in enums.get(enum, ()):
            yield ast.Attribute(ast.Name(enum), after(member, enums[enum]))
        case ast.Name(id=member, ctx=ast.Load()):
            for bare in (names for enum, names in enums.items() if enum.startswith("bare ")):
                if member in bare and len(bare) > 1:
                    yield ast.Name(after(member, bare))
        case ast.Call(func=ast.Name(id="reversed" | "sorted"), args=[first, *_]):
            yield first
        case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords) if name in CALLS:
            yield ast.Call(ast.Name(CALLS[name]), args, keywords)
        case ast.Subscript(value=value, slice=ast.Slice()):
            yield value


def members(base: Path) -> dict[str, list[str]]:
    return {
        node.name: [ast.unparse(n.targets[0]) for n in node.body if isinstance(n, ast.Assign)]
        for name in ("vocabulary", "timepoints")
        for node in ast.parse((base / f"riskfactors/domain/{name}.py").read_text()).body
        if isinstance(node, ast.ClassDef) and node.name in ENUMS
    }


def python_mutants(base: Path, path: Path) -> Iterator[Mutant]:
    tree, enums = ast.parse((base / path).read_text()), members(base)
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    enums |= {f"bare {enum}": [m for m in found if m in names] for enum, found in enums.items()}
    for parent in list(ast.walk(tree)):
        for field, value in list(ast.iter_fields(parent)):
            nodes = value if isinstance(value, list) else [value]
            for place, node in enumerate(nodes):
                for other in (*other_operators(node), *other_values(node, enums)):
                    changed = [*nodes[:place], other, *nodes[place + 1 :]]
                    setattr(parent, field, changed if nodes is value else other)
                    shown = " -> ".join(ast.unparse(n).partition("\n")[0] for n in (node, other))
                    yield Mutant(path, node.lineno, shown, ast.unparse(tree))
                    setattr(parent, field, value)


def toml_mutants(base: Path, path: Path) -> Iterator[Mutant]:
    dictionary = tomllib.loads((base / "riskfactors/evidence/variables.toml").read_text())
    lines = (base / path).read_text().splitlines(keepends=True)
    deciding, depth = False, 0
    for index, line in enumerate(lines):
        deciding = deciding if depth else line.startswith(DECIDING)
        depth += sum(line.count(c) for c in "[{") - sum(line.count(c) for c in "]}")
        for start, end, new in other_words(line, dictionary) if deciding else ():
            text = "".join([*lines[:index], line[:start], new, line[end:], *lines[index + 1 :]])
            yield Mutant(path, index + 1, f"{line[max(start - 20, 0) : end]} -> {new}", text)


def other_words(line: str, dictionary: dict[str, Any]) -> Iterator[tuple[int, int, str]]:
    """What may stand in the place of a part of a line: start, end, and the other text."""
    milestones = list(dictionary["milestones"])
    codes = {v["name"]: list(v.get("codes", ())) for v in dictionary["variable"]}
    for word in re.finditer(r'"(\w+)"', line):
        if word[1] in milestones:
            others = milestones[milestones.index(word[1]) :] + milestones
            yield *word.span(1), next(m for m in others if f'"{m}"' not in line)
        elif word[1] in CALLS:
            yield *word.span(1), CALLS[word[1]]
    for word in re.finditer(r"\b(at_least|above|at_most|true)\b", line):
        if word[0] == "true" or re.search(r'"(number|any_number|age)"', line):
            yield *word.span(), WORDS[word[0]]
    for number in re.finditer(r"(?<=[ \[])\d+(\.\d+)?\b", line):
        yield *number.span(), other_digit(number[0])
        yield *number.span(), other_digit(number[0], -1)
    for listed in re.finditer(r"one_of = \[([^]]*)\]", line):
        named = re.findall(r'variable = "(\w+)"', line[: listed.start()])[-1:]
        for code in re.finditer(r'"(\w+)"', listed[1]):
            known = next(k for k in (*(codes[n] for n in named), *CODES) if code[1] in k)
            ends = listed.start(1) + code.start(1), listed.start(1) + code.end(1)
            yield *ends, next(k for k in known if f'"{k}"' not in listed[1])


def is_noticed(base: Path, mutant: Mutant | None) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(shutil.copytree(base, f"{folder}/tree"))
        if mutant is not None:
            (tree / mutant.path).write_text(mutant.content)
        os.chdir(tree)
        sys.path.insert(0, str(tree))
        sys.stdout = sys.stderr = io.StringIO()
        return any(pytest.main([*QUICK, *files]) != 0 for files in STAGES)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", type=float, default=1)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    settings.configure(USE_I18N=False)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder, "base")
        for part in ("riskfactors", "tests"):
            shutil.copytree(ROOT / part, base / part, ignore=shutil.ignore_patterns("__pycache__"))
        compileall.compile_dir(base, quiet=1)
        mutants: list[Mutant] = []
        for pattern in (
            "domain/criteria/*",
            "domain/derived*",
            "domain/points*",
            "domain/scores*",
            "evidence/p*",
        ):
            for path in sorted((base / "riskfactors").glob(f"{pattern}[yl]")):
                change = python_mutants if path.suffix == ".py" else toml_mutants
                mutants += change(base, path.relative_to(base))
        chance = random.Random(chosen.seed)  # noqa: S311 - not a secret
        mutants = chance.sample(mutants, max(1, round(len(mutants) * chosen.share)))
        with multiprocessing.get_context("fork").Pool(2, maxtasksperchild=1) as pool:
            if pool.apply(is_noticed, (base, None)):
                sys.exit("A test fails without any change.")
            trials = pool.imap(partial(is_noticed, base), mutants)
            survivors = [mutant for mutant, seen in zip(mutants, trials, strict=True) if not seen]
    sys.stdout.writelines(f"{m.path}:{m.line}: {m.change}\n" for m in sorted(survivors))
    share = 1 - len(survivors) / len(mutants)
    sys.stdout.write(f"{share:.1%} of {len(mutants)} changes noticed\n")
    return int(share < 0.95)


if __name__ == "__main__":
    sys.exit(main())
