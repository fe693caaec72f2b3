"""The glossary names what is there, and each of its names means one thing."""

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text("utf-8")
NAMES = re.findall(r"^\| `(\w+)` \| `([\w.]+)` \| (.+) \|$", GLOSSARY, re.MULTILINE)
WORDS = {
    word
    for row in re.findall(r"^\| ([a-z, -]+) \|", GLOSSARY, re.MULTILINE)
    for word in row.split(", ")
}
CLASSES = [
    (node.name, ".".join(path.relative_to(ROOT).with_suffix("").parts))
    for package in ("cartapp", "patients", "riskfactors")
    for path in (ROOT / package).rglob("*.py")
    for node in ast.parse(path.read_text("utf-8")).body
    if isinstance(node, ast.ClassDef)
]
OFTEN_CONFUSED = ("course", "record", "statement", "visit", "summary", "known", "line", "group")


@pytest.mark.parametrize(("name", "module", "meaning"), NAMES)
def test_each_name_is_there_and_no_other_class_has_it(name: str, module: str, meaning: str) -> None:
    assert [where for named, where in CLASSES if named == name] == [module]
    assert isinstance(getattr(import_module(module), name), type)
    assert meaning


@pytest.mark.parametrize("word", OFTEN_CONFUSED)
def test_a_class_that_bears_a_word_often_confused_is_in_the_glossary(word: str) -> None:
    bearing = {name for name, _ in CLASSES if name.lower() in (word, f"{word}s")}

    assert bearing - {name for name, *_ in NAMES} - {"Record"} == set()


def test_words_often_confused_have_a_meaning() -> None:
    explained = WORDS | {name.lower() for name, *_ in NAMES}

    assert [word for word in OFTEN_CONFUSED if word not in explained] == []
