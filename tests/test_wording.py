"""The law of wording, held against every template, every evidence text and every rendered page."""

import ast
import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from msgspec import Struct, to_builtins
from pytest_django import Settings

from riskfactors.beside.facts import facts
from riskfactors.domain.vocabulary import Verdict
from riskfactors.published import catalogue, explanations
from riskfactors.words import verdict_name
from riskfactors.words.library import REVIEW

ROOT = Path(__file__).resolve().parent.parent


MODULES = sorted(
    path
    for package in ("patients", "riskfactors")
    for path in (ROOT / package).rglob("*.py")
    if "migrations" not in path.parts
)


class Forbidden(Struct, frozen=True):
    """Words that the screen never says, and the exact phrases in which they may stand."""

    pattern: str
    allowed: tuple[str, ...] = ()


LAW = {
    "high, low or no risk": Forbidden(
        r"\b(high|higher|low|lower|no|intermediate|standard)[- ]risk\b"
    ),
    "a count of factors": Forbidden(
        r"\b(\d+|one|two|three|four|five|several|all) (of|out of) \w+ (factors|findings|criteria)\b"
        r"|\bnumber of (\w+ )?(factors|findings|criteria)\b"
    ),
    "score": Forbidden(
        r"\bscor(e|es|ing)\b",
        (
            "Deauville score",  # a named index
            "copy-number alteration score",  # the name of a laboratory result
            "No validated score",  # says that there is none
            "no validated score",
            "No personalised score",
            "Not a score",
        ),
    ),
    "this patient's future": Forbidden(
        r"\bthis patient's\b|\b(chances?|probabilit(y|ies)|odds of (dying|survival|relapse))\b"
        r"|\bexpected survival\b|\byour (risk|patient)\b"
    ),
    "predicts": Forbidden(r"\bpredict\w*"),
    "will": Forbidden(r"\bwill\b"),
    "causes": Forbidden(r"\bcaus(e|es|ed|ing)\b"),
    "protects": Forbidden(r"\bprotect\w*"),
    "cured": Forbidden(r"\bcur(e|es|ed|ative)\b"),
    "failure": Forbidden(r"\bfailures?\b"),
    "neutral": Forbidden(r"\bneutral\b"),
    "MRD-negative": Forbidden(r"\bMRD\b"),
    "directives": Forbidden(
        r"\brecommend\w*|\bshould\b|\bconsider\w*|\b(in)?eligib\w*|\bmust\b",
        (
            # What a board decided, named or quoted as the board's own.
            *("Recommendation", "recommendation", "board recommended"),
            *("Eligibility", "eligibility", "ligible for CAR T-cells", "ot eligible"),
        ),
    ),
    "better product": Forbidden(r"\b(better|superior|best|preferred) product\b"),
    "improves survival": Forbidden(r"\bimprov\w+ (\w+[- ])*survival\b"),
    "significant without p": Forbidden(r"\bsignifican\w*(?![^.]*\bp [=<])(?![^.]*\(.*\bp [=<])"),
    "first-line survival figures": Forbidden(r"\bfirst[- ]line\b"),
    "multiplied": Forbidden(
        r"\bmultipl(y|ied|ying)\b",
        ("neither pooled nor multiplied",),  # says that it is not done
    ),
    "verdicts by other names": Forbidden(
        r"\b(factor|criterion|finding) (is )?(present|absent|normal|negative)\b"
    ),
}
"""wording.md, "Never". Titles of publications are quotations and are taken out beforehand."""

WORDS_OF_THE_FORM = {
    "only death and not_infused have a cause": "names the field `cause` of the case document"
}
"""Refusals that must name a field of the contract."""


def breaches(text: str) -> list[str]:
    """What the law forbids in a text, with the words that break it."""
    found = []
    for name, forbidden in LAW.items():
        remaining = text
        for phrase in forbidden.allowed:
            remaining = remaining.replace(phrase, "")
        found += [
            f"{name}: {m[0]}" for m in re.finditer(forbidden.pattern, remaining, re.IGNORECASE)
        ]
    return found


def templates() -> list[Path]:
    return sorted(
        path for path in (ROOT / "templates").rglob("*") if path.suffix in (".html", ".jinja")
    )


def words_of_a_template(source: str) -> str:
    """What it translates and what stands between its tags."""
    translated = re.findall(r"""\{%\s*translate\s+(["'])(.*?)\1""", source)
    without_code = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", " ", source, flags=re.DOTALL)
    return " \n".join([*(words for _, words in translated), re.sub(r"<[^>]+>", " ", without_code)])


def texts_in(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for part in value.values():
                yield from texts_in(part)
        case list() | tuple():
            for part in value:
                yield from texts_in(part)


def sentences_of_a_module(path: Path) -> Iterator[str]:
    """Every text of a module but its documentation."""
    tree = ast.parse(path.read_text("utf-8"))
    documentation = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        value = getattr(node, "value", None) if isinstance(node, ast.Constant) else None
        if isinstance(value, str) and " " in value and id(node) not in documentation:
            yield value


@pytest.mark.parametrize("template", templates(), ids=lambda path: path.name)
def test_no_template_says_what_must_not_be_said(template: Path) -> None:
    assert breaches(words_of_a_template(template.read_text("utf-8"))) == []


def test_templates_of_jinja_have_no_words_of_their_own() -> None:
    """Their words come ready, in the language of who reads them."""
    own = {
        str(path.relative_to(ROOT / "templates")): re.findall(
            r"[^\W\d_]{2,}", words_of_a_template(path.read_text("utf-8"))
        )
        for path in templates()
        if path.suffix == ".jinja"
    }

    assert own == {
        "patients/completeness/grid.jinja": [],
        "patients/completeness/items.jinja": [],
        "patients/entry/fields.jinja": [],
        "patients/entry/pasted.jinja": [],
        "patients/entry/sheet.jinja": [],
        "patients/timeline/card_head.jinja": [],
        "patients/timeline/cards.jinja": [],
        "patients/course/cell.jinja": [],
        "patients/timeline/compared.jinja": [],
        "patients/timeline/figures.jinja": [],
        "patients/timeline/heads.jinja": [],
        "patients/timeline/following.jinja": [],
        "patients/course/matrix.jinja": [],
        "patients/course/opening.jinja": [],
        "patients/course/table.jinja": [],
        "patients/worklist/table.jinja": [],
        "riskfactors/beside/evidence.jinja": ["doi"],
        "riskfactors/beside/rule.jinja": [],
        "riskfactors/drawing/file.jinja": [],
        "riskfactors/drawing/page.jinja": [],
        "riskfactors/drawing/parts.jinja": [],
    }


def test_no_text_of_the_evidence_says_what_must_not_be_said() -> None:
    written: dict[str, object] = {
        factor.key: to_builtins(factor, str_keys=True) for factor in catalogue().factors
    }
    for reference in catalogue().references:
        written[f"reference {reference.number}"] = [reference.population, reference.discrepancies]
    for publication in catalogue().publications:
        written[f"publication {publication.number}"] = publication.doubt
    for claim in catalogue().claims:
        written[claim.about] = claim.fact
    for explanation in explanations():
        written[explanation.means] = to_builtins(explanation)
    for variable in catalogue().dictionary.variable:
        written[variable.name] = [variable.label, variable.note, list(variable.codes.values())]

    found = {
        name: [breach for text in texts_in(value) if " " in text for breach in breaches(text)]
        for name, value in written.items()
    }

    assert {name: broken for name, broken in found.items() if broken} == {}


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_worded_sentence_says_what_must_not_be_said(module: Path) -> None:
    texts = [
        text
        for text in sentences_of_a_module(module)
        if text not in REVIEW and text not in WORDS_OF_THE_FORM
    ]

    assert [breach for text in texts for breach in breaches(text)] == []


@pytest.mark.one_database("published evidence is no row of a database")
@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/evidence/",
        "/evidence/?q=zebra&kind=nothing",
        "/evidence/references/",
        "/evidence/variables/",
        "/evidence/about/",
        "/evidence/methods/",
        "/evidence/facts/",
        "/evidence/glossary/",
        "/evidence/glossary/?q=zebra",
        *(f"/evidence/factors/{factor.key}/" for factor in catalogue().factors),
        *(f"/evidence/facts/{fact.key}/" for fact in facts()),
    ],
)
def test_no_page_says_what_must_not_be_said(client: Client, settings: Settings, path: str) -> None:
    settings.DEMONSTRATION = True

    page = client.get(path).content.decode()

    assert breaches(without_titles(shown(page))) == []


def shown(page: str) -> str:
    """All that is seen or read aloud, the data of the figures among it."""
    body = html.unescape(re.sub(r"<[^>]+>", " \n", page.partition("<body")[2]))
    return re.sub(r"[ \t]+", " ", body)


def without_titles(text: str) -> str:
    listed = (reference.title for reference in catalogue().references)
    outside = (publication.title or "" for publication in catalogue().publications)
    for title in (REVIEW, *listed, *outside):
        text = text.replace(title, "")
    return text


def test_the_verdicts_have_their_six_names() -> None:
    assert {verdict: verdict_name(verdict) for verdict in Verdict} == {
        Verdict.MET: "Criterion met",
        Verdict.NOT_MET: "Criterion not met",
        Verdict.GRADED: "Value",
        Verdict.STRATUM: "Group",
        Verdict.UNKNOWN: "Cannot be decided",
        Verdict.NOT_APPLICABLE: "Not studied here",
    }


@pytest.mark.parametrize(
    "words",
    [
        "She is at high risk.",
        "Three of seven factors are met.",
        "Score: 4",
        "This patient's chance of relapse",
        "The finding predicts relapse.",
        "The disease will return.",
        "Treatment failure",
        "It protects against relapse.",
        "A neutral group",
        "MRD-negative",
        "You should consider it.",
        "Eligible patients",
        "The better product",
        "Salvage improves overall survival.",
        "A significant difference was seen.",
    ],
)
def test_the_check_notices_what_it_forbids(words: str) -> None:
    assert breaches(words) != []


@pytest.mark.parametrize(
    "words",
    [
        "Deauville score 4 or 5",
        "No validated score combines these findings.",
        "The difference was not significant (p = 0.16).",
        "It reports no significant difference (PFS p = 0.195, OS p = 0.191).",
    ],
)
def test_the_check_lets_pass_what_is_allowed(words: str) -> None:
    assert breaches(words) == []
