"""Documents that try to break the reader, and how the whole is judged."""

import json
from collections.abc import Callable
from datetime import date

import pytest

from riskfactors.assessing import findings_of
from riskfactors.domain.documents import InvalidDocument
from tests.domain.cases import (
    Json,
    case,
    findings,
    places,
    problems,
    text,
)
from tests.domain.document_parts import (
    OBSERVATION,
    happened,
    observed,
    treated,
    whole,
)

# The whole document


def test_every_problem_is_found_and_said_in_one_line() -> None:
    document = whole(
        sex="?",
        assessments=[
            {"milestone": "infusion", "date": "2024-03-06", "observations": {"ecog": 9, "crp": -1}},
            {"milestone": "day_7", "date": "2024-03-40"},
        ],
        treatments=[{"role": "line", "start": "2024-02-01", "end": "2024-01-01"}],
        events=[{"kind": "crs\n", "date": "2024-03-09"}],
    )

    found = problems(document)

    assert places(document) == [
        "sex",
        "assessments[0].observations.ecog",
        "assessments[0].observations.crp",
        "assessments[1].date",
        "events[0].kind",
        "treatments[0].end",
    ]
    assert [line.splitlines() for line in found] == [[line] for line in found]


def test_a_problem_later_than_as_of_is_still_a_problem() -> None:
    document = case(election={}, relapse={"ecog": 9})

    with pytest.raises(InvalidDocument) as refused:
        findings_of(text(document), date(2024, 1, 1))

    assert [problem.place for problem in refused.value.problems] == [
        "assessments[1].observations.ecog"
    ]


def test_a_refused_document_still_names_its_case_if_it_can() -> None:
    def case_id(document: bytes) -> str | None:
        with pytest.raises(InvalidDocument) as refused:
            findings_of(document)
        return refused.value.case_id

    assert case_id(text(whole(sex="?"))) == "A-1"
    assert case_id(text(whole(case_id=7))) is None
    assert case_id(b"[]") is None


# Hostile documents


@pytest.mark.parametrize("written", ["9" * 5000, "-" + "9" * 5000, "1" + "0" * 4000])
@pytest.mark.parametrize("name", ["ecog", "crp", "tp53"])
def test_an_integer_of_thousands_of_digits_is_refused_at_its_place(name: str, written: str) -> None:
    document = text(observed(**{name: "@"})).replace(b'"@"', written.encode())

    assert places(document) == [f"{OBSERVATION}.{name}"]


@pytest.mark.parametrize("written", ["1e999999", "-1e999999", "1e5000", "1E+400"])
@pytest.mark.parametrize("name", ["ecog", "crp", "tp53"])
def test_a_number_without_measure_is_refused_at_its_place(name: str, written: str) -> None:
    document = text(observed(**{name: "@"})).replace(b'"@"', written.encode())

    assert places(document) == [f"{OBSERVATION}.{name}"]


@pytest.mark.parametrize("written", ["1e-400", "1e-600", "1e-999999", "0e999999", "-0", "-0.0"])
@pytest.mark.parametrize("name", ["platelets", "crp", "mtv", "suvmax"])
def test_a_vanishing_number_is_read_or_refused_at_its_place(name: str, written: str) -> None:
    inputs = {"ldh": 200, "creatinine": 1, "crp": 30, "platelets": 150, name: "@"}

    document = text(observed(**inputs)).replace(b'"@"', written.encode())

    assert set(places(document)) <= {f"{OBSERVATION}.{name}"}


def test_a_number_just_below_a_cut_off_is_not_rounded_up_to_it() -> None:
    almost = "29." + "9" * 600
    document = text(case(infusion={"crp": "@"})).replace(b'"@"', almost.encode())

    try:
        found = json.loads(findings_of(document))["milestones"][0]["findings"]
    except InvalidDocument:
        return

    assert [f["stratum"] for f in found if f["factor"] == "crp_group_infusion"] == ["lt_30"]


@pytest.mark.parametrize("depths", [range(low, low + 100) for low in range(800, 1100, 100)])
def test_deep_nesting_is_refused_at_its_place_or_as_a_whole(depths: range) -> None:
    lists = [places(nested(whole(treatments=["@"]), "[" * n, "]" * n)) for n in depths]
    objects = [places(nested(whole(case_id="@"), '{"a":' * n, "}" * n)) for n in depths]

    assert [found for found in lists if found not in (["document"], ["treatments[0]"])] == []
    assert [found for found in objects if found not in (["document"], ["case_id"])] == []


def nested(document: Json, opening: str, closing: str) -> bytes:
    return text(document).replace(b'"@"', f"{opening}1{closing}".encode())


@pytest.mark.parametrize("hostile", ["\ud800", "a\udfffb", "\0", "a\0"])
@pytest.mark.parametrize(
    ("place", "document"),
    [
        ("case_id", lambda given: whole(case_id=given)),
        ("sex", lambda given: whole(sex=given)),
        (
            "treatments[0].regimen",
            lambda given: treated(role="line", start="2024-01-01", regimen=given),
        ),
        ("events[0].note", lambda given: happened(kind="crs", date="2024-03-09", note=given)),
        (f"{OBSERVATION}.crp.note", lambda given: observed(crp={"value": 1, "note": given})),
        (f"{OBSERVATION}.crp.unit", lambda given: observed(crp={"value": 1, "unit": given})),
        (f"{OBSERVATION}.tp53", lambda given: observed(tp53=given)),
        ("birth_date", lambda given: whole(birth_date=given)),
    ],
)
def test_text_that_cannot_be_stored_is_refused(
    place: str, document: Callable[[str], Json], hostile: str
) -> None:
    found = problems(document(hostile))

    assert [line.partition(": ")[0] for line in found] == [place]
    assert [line.encode().decode() for line in found] == found


def test_other_text_is_kept_as_it_is() -> None:
    document = whole(case_id="Ñandú \U0001f9ea \u2028 \"'<b>")

    assert findings(document)["case_id"] == document["case_id"]
