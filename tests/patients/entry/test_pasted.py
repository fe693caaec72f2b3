"""What is copied from a laboratory's system is read line by line, and never half understood."""

from datetime import date
from typing import Any

import pytest

from patients.entry.pasted import pasted_lines
from patients.models import Access, Case, Role, User
from tests.patients import courses
from tests.patients.courses import visit
from tests.patients.desks import Desk, text_of
from tests.patients.screens import plain

DAY_28 = "visits/new/day_28/"


def read(line: str) -> tuple[str, str, str]:
    """The variable, the value and the unit of one line."""
    (found,) = pasted_lines(line)
    assert bool(found.value) is not bool(found.fault)
    return found.variable, found.value, found.unit


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("LDH 720 U/l", ("ldh", "720", "U/L")),
        ("LDH: 720 U/l (135-250)", ("ldh", "720", "U/L")),
        ("LDH;251 *;U/L;135 - 250;06/09/2022", ("ldh", "251", "U/L")),
        ("LDH\tU/l\t720", ("ldh", "720", "U/L")),
        ("LDH 4,1 µkat/l", ("ldh", "4,1", "ukat/L")),
        ("Lactate dehydrogenase (LDH)\t251 ↑\tU/L\t135–250", ("ldh", "251", "U/L")),
        ("C-reaktives Prot.  31,2     mg/l       <5,0", ("crp", "31,2", "mg/L")),
        ("CRP 3,1 mg/dl H <0,5", ("crp", "3,1", "mg/dL")),
        ("CRP [mg/l]\t31,2", ("crp", "31,2", "mg/L")),
        ("CRP < 5 mg/l", ("crp", "<5", "mg/L")),
        ("CRP: <=5 mg/l", ("crp", "<=5", "mg/L")),
        ("Interleukin 6 12,0 pg/ml", ("il6", "12,0", "pg/mL")),
        ("IL-6\t<1,5\tpg/ml", ("il6", "<1,5", "pg/mL")),
        ("Hämoglobin  9,1 g/dl", ("hemoglobin", "9,1", "g/dL")),
        ("Hb 91 L g/L", ("hemoglobin", "91", "g/L")),
        ("Thrombozyten 45 Tsd/µl 150-400", ("platelets", "45", "10*3/uL")),
        ("Thrombozyten\t210 G/l", ("platelets", "210", "10*9/L")),
        ("PLT ≥ 10 /nl", ("platelets", "≥10", "10*9/L")),
        ("Neutrophils\t1.20\t×10⁹/L\t1.5–8.0", ("neutrophils", "1.20", "10*9/L")),
        ("Kreatinin 80 µmol/l", ("creatinine", "80", "umol/L")),
        ("Ferritin\t1\N{NARROW NO-BREAK SPACE}234\tng/ml", ("ferritin", "1'234", "ng/mL")),
        ("LDH 720", ("ldh", "720", "")),
    ],
)
def test_a_line_says_one_value(line: str, expected: tuple[str, str, str]) -> None:
    assert read(line) == expected


@pytest.mark.parametrize(
    "line",
    [
        *("Urin Kreatinin 80 mg/dl", "Kreatinin-Clearance 80 ml/min", "Glykiertes Hb 5,6 %"),
        *("Löslicher IL-2-Rezeptor 900 U/ml", "720 U/l", "Analyse Wert Einheit", "LDH,720,U/l"),
    ],
)
def test_what_is_not_named_as_a_whole_is_no_analyte(line: str) -> None:
    assert read(line) == ("", "", "")


@pytest.mark.parametrize(
    ("line", "variable"),
    [
        ("Creatinine clearance 80 ml/min", "creatinine"),
        ("Neutrophile 38 %", "neutrophils"),
        ("Neutrophile\t38", "neutrophils"),
        ("Neutrophils %\t38", "neutrophils"),
        ("LDH 4 mmol/l", "ldh"),
        ("LDH 300 251 U/l", "ldh"),
        ("LDH\t300\t251", "ldh"),
        ("LDH 135-250 U/l", "ldh"),
        ("LDH 06.09.2022", "ldh"),
        ("LDH hämolytisch", "ldh"),
        ("LDH -720 U/l", "ldh"),
        ("LDH 7e2 U/l", "ldh"),
        ("LDH", "ldh"),
        ("Ferritin 1 234 ng/ml", "ferritin"),
        ("CRP (mmol/l)\t3", ""),
    ],
)
def test_a_line_that_may_mean_something_else_is_not_read(line: str, variable: str) -> None:
    assert read(line) == (variable, "", "")


def test_lines_keep_their_order_and_empty_ones_are_none() -> None:
    found = pasted_lines("LDH 720 U/l\r\n\r\n \t \n\N{BYTE ORDER MARK}CRP 5 mg/l\n")

    assert [line.variable for line in found] == ["ldh", "crp"]


# At the form of a visit


@pytest.fixture(scope="module")
def recorded_once(kept_for_the_module: None) -> tuple[User, Case]:
    ana = courses.person("ana.ruiz", Role.CLINICIAN)
    return ana, courses.case(ana, *visit(crp="90", ldh="300"))


def pasted(desk: Desk, path: str, *lines: str, **typed: str) -> str:
    """The part of the page that is answered to pasted lines."""
    sent = desk.opened(path) | typed | {"pasted": "\n".join(lines)}
    answer = desk.send(f"{path}results/", sent)
    assert answer.status_code == 200
    return text_of(answer)


def fills(part: str) -> list[str]:
    """The fields that would be filled."""
    return [each.partition('"')[0] for each in part.split('data-field="')[1:]]


def test_each_line_is_shown_with_what_it_would_fill(desk: Desk) -> None:
    part = pasted(desk, DAY_28, "LDH 720 U/l 135-250", "Hb 9,1 g/dl", "Natrium 140 mmol/l")

    assert fills(part) == ["ldh", "hemoglobin"]
    assert 'data-field="ldh" data-typed="720" data-unit="U/L"' in part
    assert "Fill 2 empty fields" in part
    said = plain(part)
    assert "LDH 720 U/l 135-250 Lactate dehydrogenase 720 U/L" in said
    assert "Not read: 135-250." in said
    assert "Natrium 140 mmol/l No analyte of this form is named." in said


def test_what_is_typed_or_recorded_is_not_overwritten(desk: Desk) -> None:
    new = pasted(desk, DAY_28, "LDH 720 U/l", "CRP 5 mg/l", ldh="500")
    recorded = pasted(desk, "visits/1/", "LDH 720 U/l", "Ferritin 700 ng/ml")

    assert (fills(new), fills(recorded)) == (["crp"], ["ferritin"])
    assert "Typed already: it is not overwritten." in new
    assert "Recorded at this visit already: it is not overwritten." in recorded


def test_an_analyte_that_is_named_twice_fills_nothing(desk: Desk) -> None:
    part = pasted(desk, DAY_28, "LDH 720 U/l", "LDH 300 U/l")

    assert fills(part) == []
    assert part.count("Named more than once") == 2
    assert "Nothing of it fills an empty field." in part


def test_what_the_visit_does_not_ask_for_is_said(desk: Desk) -> None:
    part = pasted(desk, DAY_28, "Kreatinin 1,0 mg/dl")

    assert (fills(part), "Not asked for at this visit." in part) == ([], True)


def test_the_form_reads_it_as_it_reads_what_is_typed(desk: Desk) -> None:
    part = pasted(desk, DAY_28, "Hb 900 g/dl", "Ferritin 1,500 ng/ml", "CRP 5")

    assert fills(part) == ["ferritin", "crp"]
    said = plain(part)
    assert "900 g/dL is impossible" in said
    assert "Asked when it is recorded: Which number is meant by “1,500”?" in said
    assert "The line names no unit: that of the field is taken." in said


def test_a_line_without_a_unit_takes_the_one_that_is_chosen(desk: Desk) -> None:
    part = pasted(desk, DAY_28, "CRP 5", **{"crp-unit": "mg/dL"})

    assert 'data-typed="5" data-unit="mg/dL"' in part


def test_nothing_is_recorded_by_it(desk: Desk) -> None:
    before, looks = desk.case.entries.count(), Access.objects.count()

    pasted(desk, DAY_28, "LDH 720 U/l", date="2024-04-03")

    assert desk.case.entries.count() == before
    assert Access.objects.count() == looks + 2  # the form, and what was asked of it


@pytest.mark.parametrize("path", ["visits/1/results/", f"{DAY_28}results/"])
def test_it_is_for_those_who_may_record(case: Case, path: str) -> None:
    reader = Desk(courses.person("lia.sanz", Role.READER), case)

    assert reader.send(path, {"pasted": "LDH 720 U/l"}).status_code == 403


@pytest.mark.parametrize("path", ["visits/99/results/", "visits/new/day_29/results/"])
def test_a_visit_that_there_is_not_is_not_found(desk: Desk, path: str) -> None:
    assert desk.send(path, {"pasted": "LDH 720 U/l"}).status_code == 404


@pytest.mark.parametrize(
    ("text", "status"),
    [
        *(("", 422), ("\0", 422), ("x" * 20_001, 422), ("<script>", 200), ("9" * 5000, 200)),
        *(("LDH " + "9" * 5000, 200), ("LDH ٣", 200), ("\n" * 5000, 200), ("; ; |\t", 200)),
    ],
)
def test_whatever_is_sent_is_answered(desk: Desk, text: str, status: int) -> None:
    answer: Any = desk.send(f"{DAY_28}results/", desk.opened(DAY_28) | {"pasted": text})

    assert (answer.status_code, b"<script>" in answer.content) == (status, False)


@pytest.mark.parametrize(
    ("path", "offered"),
    [(DAY_28, True), ("visits/1/", True), ("visits/new/day_28/standing/", False)],
)
def test_it_is_offered_where_a_laboratory_is_asked(desk: Desk, path: str, offered: bool) -> None:
    assert ('popovertarget="paste"' in desk.look(path)) is offered


def test_it_is_not_offered_to_those_who_only_read(case: Case) -> None:
    reader = Desk(courses.person("lia.sanz", Role.READER), case)

    assert "Paste results" not in reader.look("visits/1/")


def test_the_day_of_the_visit_is_said(desk: Desk) -> None:
    part = pasted(desk, DAY_28, f"LDH\t720\tU/L\t{date(2022, 9, 6):%d.%m.%Y}")

    assert "Not read: 06.09.2022." in part
    assert "each value counts for the day of the visit" in part
