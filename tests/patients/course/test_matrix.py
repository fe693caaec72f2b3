"""The matrix of findings: each factor in one row, each finding in its cell, as `assess` says."""

import uuid
from collections import Counter
from datetime import date
from functools import cache

import pytest

from patients.course.cells import is_told
from patients.course.facts import FACTS
from patients.course.known import Course
from patients.course.matrix import Matrix, MatrixRow, matrix, on_page
from riskfactors.domain.consistency import warnings
from riskfactors.domain.documents import parse_case
from riskfactors.domain.findings import assess
from riskfactors.domain.snapshot import views
from riskfactors.domain.timeline import build
from riskfactors.domain.vocabulary import Kind, Verdict
from riskfactors.published import catalogue
from riskfactors.synthetic import courses
from tests.domain.cases import Json, bridging, case, findings, relapsed, text
from tests.patients.screens import NAMES, vignette

GENERATED = 200
ON = date(2030, 1, 1)


def course(document: Json) -> Course:
    """A document as a course, without a database."""
    published = catalogue()
    snapshot = parse_case(text(document), published.dictionary).as_of(ON)
    found = assess(snapshot, published.agenda)
    return Course(
        public_id=uuid.uuid4(),
        as_of=ON,
        digest=published.digest,
        snapshot=snapshot,
        numbers={},
        visits={visit.milestone: visit for visit in snapshot.reached},
        views=tuple(views(snapshot)),
        findings=found,
        warnings=tuple(c.phrase for c in warnings(snapshot, published.dictionary)),
        timeline=build(snapshot, found, published, as_of=ON),
    )


@cache
def documents() -> list[Json]:
    """The vignettes and generated cases."""
    return [*(vignette(name) for name in NAMES), *courses(GENERATED, seed=11)]


def rows(of: Matrix) -> list[MatrixRow]:
    return [row for part in (*of.sections, *of.folded) for row in part.rows]


def row(document: Json, name: str) -> MatrixRow:
    return next(row for row in rows(matrix(course(document))) if row.name == name)


def test_every_factor_stands_in_exactly_one_row() -> None:
    stands = Counter(key for fact in FACTS for row in fact.rows for key in row.factors)

    assert stands == Counter(factor.key for factor in catalogue().factors)


def test_factors_of_one_row_are_never_evaluated_at_one_milestone() -> None:
    for fact in FACTS:
        for each in fact.rows:
            at = Counter(m for key in each.factors for m in catalogue().by_key[key].evaluated_at)
            assert {m for m, number in at.items() if number > 1} == set(), each.name


def test_every_cell_is_what_assess_finds_and_no_finding_is_left_out() -> None:
    for document in documents():
        expected = {
            (at["milestone"], found["factor"]): found["verdict"]
            for at in findings(document)["milestones"]
            for found in at["findings"]
        }

        seen = [
            ((cell.milestone.value, cell.factor), cell.verdict.value)
            for row in rows(matrix(course(document)))
            for cell in row.cells
            if cell
        ]

        assert len(seen) == len(expected)
        assert dict(seen) == expected


def test_every_kind_of_factor_is_read_off_the_matrix_of_a_case_that_has_it() -> None:
    """Its row is seen, its figures stand there, and its cell says the group, the value or that it
    is met."""
    told: dict[str, set[str]] = {kind: set() for kind in Kind}
    for document in documents():
        of = course(document)
        found = {
            (at.milestone, f.factor): f for at in of.findings for f in at.findings if is_told(f)
        }
        for part in matrix(of).sections:
            for each in part.rows:
                figures = {figure.factor for figure in each.figures if figure.studies}
                for cell in filter(None, each.cells):
                    if (cell.milestone, cell.factor) in found:
                        assert cell.factor in figures
                        assert cell.said or cell.value or cell.full
                        told[catalogue().by_key[cell.factor].kind].add(cell.factor)
                        del found[cell.milestone, cell.factor]
        assert found == {}

    expected = {factor.key for factor in catalogue().factors if factor.direction != "neutral"}
    assert expected - set().union(*told.values()) == set()


def test_what_lies_above_its_limit_no_longer_after_bridging_says_so() -> None:
    limits = {"value": 300, "upper_limit": 250}
    document = case(
        dates={"apheresis": "2024-02-01", "lymphodepletion": "2024-03-01"},
        apheresis={"ldh": limits},
        lymphodepletion={"ldh": {"value": 200, "upper_limit": 250}},
        infusion={"ldh": limits},
        treatments=(bridging("2024-02-05"),),
    )

    seen = row(document, "LDH above normal")

    said = [(cell.said, cell.value, cell.change) for cell in seen.cells if cell]
    assert said == [
        ("met", "1.2×", ""),
        ("not met", "0.8×", "no longer above its limit after bridging"),
        ("met", "1.2×", "now above its limit"),
    ]


def test_of_a_value_on_its_limit_nobody_says_that_it_fell_below() -> None:
    document = case(
        election={"ldh": {"value": 300, "upper_limit": 250}},
        infusion={"ldh": {"value": 250, "upper_limit": 250}},
    )

    seen = row(document, "LDH above normal")

    assert [cell.change for cell in seen.cells if cell] == ["", "no longer above its limit"]


def test_what_can_move_a_value_is_marked_at_it() -> None:
    crp = {"crp": 12, "tocilizumab_given": "yes"}

    seen = row(case(infusion=crp), "CRP")
    alone = row(case(infusion={"crp": 12}), "CRP")

    values = [[cell.value for cell in each.cells if cell] for each in (seen, alone)]
    assert values == [["12\xa0mg/L†"], ["12\xa0mg/L"]]


def test_the_same_on_the_same_grounds_is_a_shape_alone() -> None:
    document = case(election={"tp53": "altered"}, apheresis={}, infusion={})

    seen = row(document, "TP53 altered")

    said = [(cell.look, cell.said, cell.value, cell.full) for cell in seen.cells if cell]
    assert said == [
        ("adverse", "met", "Mutated or deleted", ""),
        ("adverse", "", "", "met, as before"),
        ("adverse", "", "", "met, as before"),
    ]


@pytest.mark.parametrize(("age", "place"), [("1950-01-01", ""), ("1990-01-01", "not_met")])
def test_age_is_seen_only_where_a_criterion_is_met(age: str, place: str) -> None:
    made = matrix(course(case(infusion={}) | {"birth_date": age}))

    places = {
        part.place
        for part in (*made.sections, *made.folded)
        for each in part.rows
        if each.name == "Age above 60 years"
    }
    assert places == {place}


def test_the_columns_are_the_milestones_reached_in_their_order() -> None:
    made = matrix(course(vignette("01")))

    reached = [at.milestone for at in course(vignette("01")).findings]
    assert [column.milestone for column in made.columns] == reached
    assert {len(each.cells) for each in rows(made)} == {len(made.columns)}


def test_nothing_undecided_or_not_studied_is_taken_for_a_verdict() -> None:
    made = matrix(course(case(infusion={})))

    cells = [cell for each in rows(made) for cell in each.cells if cell]
    silent = [c for c in cells if c.verdict in (Verdict.UNKNOWN, Verdict.NOT_APPLICABLE)]
    assert {(c.said, c.value) for c in silent} == {("", "")}
    assert {c.look for c in silent} <= {"open", "unstudied"}


def test_the_page_folds_what_is_neither_met_nor_a_group_and_loses_nothing() -> None:
    told = {Verdict.MET, Verdict.STRATUM}
    for document in documents():
        made = matrix(course(document))

        seen = on_page(made)

        assert sorted(r.name for r in rows(seen)) == sorted(r.name for r in rows(made))
        folds = {row.name for part in made.folded for row in part.rows}
        expected = {
            row.name
            for row in rows(made)
            if row.name not in folds and told & {cell.verdict for cell in row.cells if cell}
        }
        assert {row.name for part in seen.sections for row in part.rows} == expected


def test_values_what_is_undecided_and_what_is_not_met_have_folds_of_their_own() -> None:
    ldh = {"value": 200, "upper_limit": 250}

    made = on_page(matrix(course(case(infusion={"crp": 12, "ldh": ldh}))))

    folds = {part.title: [row.name for row in part.rows] for part in made.folded}
    told = {part.title: part.told for part in made.folded}
    assert folds["Values without cut-off"] == ["CRP", "LDH, ferritin and IL-6"]
    assert told["Values without cut-off"] == "CRP; LDH, ferritin and IL-6"
    assert "TP53 altered" in told["Cannot be decided"].split("; ")
    assert told["Not met"] == ""
    assert "LDH above normal" in folds["Not met"]
    assert "TP53 altered" in folds["Cannot be decided"]


def test_a_value_of_an_earlier_milestone_says_of_which() -> None:
    """LDH is measured at the relapse as well, and what was published looks at that of infusion."""
    before = {"value": 905, "upper_limit": 250}
    document = relapsed(
        apheresis={"bulky": "yes"},
        infusion={"ldh": before, "crp": 18, "ferritin": 414},
        day_28={"response": "SD"},
        relapse={"ldh": {"value": 720, "upper_limit": 250}, "crp": 3},
    )

    seen = {
        name: [f"{cell.said} {cell.value}".strip() for cell in row(document, name).cells if cell]
        for name in ("LDH above normal", "CRP", "Ferritin", "Bulky disease", "SD or PD at day +30")
    }

    assert {name: words[-1].replace("\N{NO-BREAK SPACE}", " ") for name, words in seen.items()} == {
        "LDH above normal": "met 3.62× at Infusion",
        "CRP": "18 mg/L at Infusion",
        "Ferritin": "414 ng/mL at Infusion",
        "Bulky disease": "met at Apheresis",
        "SD or PD at day +30": "met SD at Day +28",
    }
    assert seen["LDH above normal"][-2] == "met 3.62×"


def test_words_run_on_over_columns_that_say_nothing() -> None:
    document = case(election={"tp53": "altered"}, apheresis={}, infusion={}, day_28={})

    same = row(document, "TP53 altered")
    free = row(case(infusion={"crp": 112}, day_28={}), "CRP, in groups")
    ldh = {"value": 300, "upper_limit": 250}
    beside = row(case(lymphodepletion={"ldh": ldh}, infusion={}), "LDH above normal")

    assert same.rooms == (" room-3 below", "", "", "")
    assert free.rooms == (" room-1", "")
    assert beside.rooms == ("", "")
