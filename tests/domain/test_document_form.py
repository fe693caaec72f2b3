"""The form of a case document: JSON, keys, codes, units and types; each refusal names its place."""

import pytest

from tests.domain.cases import (
    Json,
    case,
    event,
    line,
    places,
    problems,
    salvage,
    text,
    verdict,
)
from tests.domain.document_parts import (
    CODES,
    OBSERVATION,
    QUANTITIES,
    happened,
    named,
    observed,
    treated,
    visited,
    whole,
    without,
)

# Text that is not one JSON object


@pytest.mark.parametrize(
    "written",
    [
        *(b"", b" ", b"[]", b"1", b"null", b"true", b'"case"', b"{", b"{} {}", b"{},", b"{'a': 1}"),
        *(b'{"a": 1,}', b"// no", b'{"a": 01}', b'{"a": .5}', b'{"a": +1}', b'{"a": "\n"}'),
        *(b'{"a": NaN}', b'{"a": Infinity}', b'{"a": -Infinity}', b"NaN"),
        *(b'{"a": 1, "a": 1}', b'{"b": {"a": 1, "a": 2}}', b'{"b": [{"a": 1, "a": 2}]}'),
        *(
            b"\xff\xfe{}",
            b"\xef\xbb\xbf\xef\xbb\xbf{}",
            b'{"case_id": "\xe9"}',
            b'{"a": "\xed\xa0\x80"}',
        ),
        *(b'{"a": 1e99999999999999999999}', b"[" * 100_000, b'{"a": ' * 100_000, b"\x00"),
    ],
    ids=lambda written: repr(written[:24]),
)
def test_text_that_is_not_one_json_object_is_refused(written: bytes) -> None:
    assert places(written) == ["document"]


@pytest.mark.parametrize("written", [b"NaN", b"Infinity", b"-Infinity"])
def test_constants_that_are_not_json_are_refused_inside_a_case(written: bytes) -> None:
    document = text(observed(crp="@")).replace(b'"@"', written)

    assert places(document) == ["document"]


# Keys


@pytest.mark.parametrize(
    ("document", "place"),
    [
        (without(whole(), "schema"), "schema"),
        (without(whole(), "case_id"), "case_id"),
        (without(whole(), "birth_date"), "birth_date"),
        (without(whole(), "sex"), "sex"),
        (without(whole(), "assessments"), "assessments"),
        (without(whole(), "assessments", 0, "milestone"), "assessments[0].milestone"),
        (without(whole(), "assessments", 0, "date"), "assessments[0].date"),
        (treated(start="2024-01-01"), "treatments[0].role"),
        (treated(role="line"), "treatments[0].start"),
        (treated(role="bridging", start="2024-02-10"), "treatments[0].modality"),
        (happened(date="2024-03-01"), "events[0].kind"),
        (happened(kind="crs"), "events[0].date"),
        (observed(crp={}), f"{OBSERVATION}.crp"),
        (observed(crp={"unit": "mg/L"}), f"{OBSERVATION}.crp"),
        (observed(crp={"value": 1, "absent": "error"}), f"{OBSERVATION}.crp"),
    ],
)
def test_an_obligatory_key_is_missing(document: Json, place: str) -> None:
    assert places(document) == [place]


@pytest.mark.parametrize(
    ("document", "place"),
    [
        (whole(name="A"), "name"),
        (visited(note="A"), "assessments[0].note"),
        (treated(role="line", start="2024-01-01", note="A"), "treatments[0].note"),
        (happened(kind="crs", date="2024-03-09", value=2), "events[0].value"),
        (observed(crp={"value": 1, "date": "2024-03-01"}), f"{OBSERVATION}.crp.date"),
        (observed(weight=70), f"{OBSERVATION}.weight"),
        (observed(age=50), f"{OBSERVATION}.age"),
        (whole(**{"two words": 1}), '["two words"]'),
        (visited(**{"a\nb": 1}), 'assessments[0]["a\\nb"]'),
        (observed(**{"crp\u2028": 1}), f'{OBSERVATION}["crp\\u2028"]'),
        (observed(**{"": 1}), f'{OBSERVATION}[""]'),
        (observed(**{"\ud800": 1}), f'{OBSERVATION}["\\ud800"]'),
    ],
)
def test_an_unknown_key_is_refused(document: Json, place: str) -> None:
    assert places(document) == [place]


def test_lists_and_observations_may_be_left_out() -> None:
    document = whole(assessments=[{"milestone": "infusion", "date": "2024-03-06"}])
    for name in ("treatments", "events"):
        del document[name]

    assert problems(document) == []


# Codes, units, milestones


@pytest.mark.parametrize(
    ("document", "place"),
    [
        (whole(schema="cartapp-case/3"), "schema"),
        (whole(sex="F"), "sex"),
        (whole(sex="Female"), "sex"),
        (visited(milestone="day_10"), "assessments[0].milestone"),
        (treated(role="transplant", start="2024-01-01"), "treatments[0].role"),
        (
            treated(role="bridging", start="2024-02-10", modality="surgery"),
            "treatments[0].modality",
        ),
        (salvage("2024-09-01", "car_t"), "treatments[0].class"),
        (line("2024-01-01", "NE"), "treatments[0].best_response"),
        (line("2024-01-01", "cr"), "treatments[0].best_response"),
        (event("fever", "2024-03-09"), "events[0].kind"),
        (event("death", "2024-09-09", cause="age"), "events[0].cause"),
        (event("not_infused", "2024-03-09", cause="lymphoma"), "events[0].cause"),
        (observed(crp={"absent": "unknown"}), f"{OBSERVATION}.crp.absent"),
        (observed(tp53="mutated"), f"{OBSERVATION}.tp53"),
        (observed(tp53=""), f"{OBSERVATION}.tp53"),
        (observed(crp={"value": 1, "unit": "g/L"}), f"{OBSERVATION}.crp.unit"),
        (observed(crp={"value": 1, "unit": "MG/L"}), f"{OBSERVATION}.crp.unit"),
        (observed(crp={"value": 1, "unit": ""}), f"{OBSERVATION}.crp.unit"),
        (observed(ctdna_level={"value": 1, "unit": "{hGE}/mL"}), f"{OBSERVATION}.ctdna_level.unit"),
        (observed(ecog={"value": 1, "unit": "1"}), f"{OBSERVATION}.ecog.unit"),
        (observed(tp53={"value": "altered", "unit": "1"}), f"{OBSERVATION}.tp53.unit"),
        (observed(crp={"value": 1, "upper_limit": 5}), f"{OBSERVATION}.crp.upper_limit"),
        (observed(ecog={"value": 1, "upper_limit": 5}), f"{OBSERVATION}.ecog.upper_limit"),
        (observed(tp53={"value": "altered", "upper_limit": 5}), f"{OBSERVATION}.tp53.upper_limit"),
    ],
)
def test_an_unknown_code_or_unit_is_refused(document: Json, place: str) -> None:
    if "schema" not in document:
        list_of = "events" if "kind" in document else "treatments"
        document = whole(**{list_of: [document]})

    assert places(document) == [place]


@named(CODES)
def test_every_code_of_a_variable_is_accepted_and_no_other(variable: Json) -> None:
    name = variable["name"]

    known = {code: places(observed(**{name: code})) for code in variable["codes"]}
    others = {code: places(observed(**{name: code})) for code in ("?", 1, None)}

    assert known == {code: [] for code in variable["codes"]}
    assert others == {code: [f"{OBSERVATION}.{name}"] for code in others}


@named(QUANTITIES)
def test_every_unit_of_a_variable_is_accepted(variable: Json) -> None:
    name, high = variable["name"], variable["impossible_outside"][1]

    found = {
        unit: places(observed(**{name: {"value": int(high / factor), "unit": unit}}))
        for unit, factor in variable["accepts"].items()
    }

    assert found == {unit: [] for unit in variable["accepts"]}


# Types


@pytest.mark.parametrize(
    ("document", "place"),
    [
        (whole(case_id=1), "case_id"),
        (whole(case_id=None), "case_id"),
        (whole(case_id=""), "case_id"),
        (whole(schema=1), "schema"),
        (whole(sex=None), "sex"),
        (whole(sex=[]), "sex"),
        (whole(birth_date=19740101), "birth_date"),
        (whole(assessments={}), "assessments"),
        (whole(assessments=None), "assessments"),
        (whole(treatments=None), "treatments"),
        (whole(treatments="none"), "treatments"),
        (whole(events={}), "events"),
        (whole(assessments=[None]), "assessments[0]"),
        (whole(assessments=[[]]), "assessments[0]"),
        (whole(treatments=[1]), "treatments[0]"),
        (whole(events=["crs"]), "events[0]"),
        (visited(observations=[]), OBSERVATION),
        (visited(observations=None), OBSERVATION),
        (visited(milestone=None), "assessments[0].milestone"),
        (visited(milestone=[]), "assessments[0].milestone"),
        (visited(date=None), "assessments[0].date"),
        (treated(role="line", start="2024-01-01", regimen=1), "treatments[0].regimen"),
        (treated(role="line", start="2024-01-01", end=None), "treatments[0].end"),
        (treated(role="bridging", start="2024-01-01", modality=None), "treatments[0].modality"),
        (treated(role="line", start="2024-01-01", best_response=1), "treatments[0].best_response"),
        (treated(role={}, start="2024-01-01"), "treatments[0].role"),
        (happened(kind=None, date="2024-03-09"), "events[0].kind"),
        (happened(kind=[], date="2024-03-09"), "events[0].kind"),
        (happened(kind="crs", date="2024-03-09", grade=None), "events[0].grade"),
        (happened(kind="crs", date="2024-03-09", grade="3"), "events[0].grade"),
        (happened(kind="crs", date="2024-03-09", grade=True), "events[0].grade"),
        (happened(kind="crs", date="2024-03-09", grade=[]), "events[0].grade"),
        (happened(kind="crs", date="2024-03-09", note=1), "events[0].note"),
        (happened(kind="death", date="2024-03-09", cause=None), "events[0].cause"),
        (happened(kind="death", date="2024-03-09", cause=1), "events[0].cause"),
        (happened(kind="death", date="2024-03-09", cause=[]), "events[0].cause"),
        (happened(kind="death", date="2024-03-09", cause={}), "events[0].cause"),
        (observed(crp=True), f"{OBSERVATION}.crp"),
        (observed(crp="12"), f"{OBSERVATION}.crp"),
        (observed(crp=None), f"{OBSERVATION}.crp"),
        (observed(crp=[]), f"{OBSERVATION}.crp"),
        (observed(ecog=True), f"{OBSERVATION}.ecog"),
        (observed(ecog=False), f"{OBSERVATION}.ecog"),
        (observed(ecog="1"), f"{OBSERVATION}.ecog"),
        (observed(ecog=1.5), f"{OBSERVATION}.ecog"),
        (observed(ecog=[1]), f"{OBSERVATION}.ecog"),
        (observed(tp53=1), f"{OBSERVATION}.tp53"),
        (observed(tp53=True), f"{OBSERVATION}.tp53"),
        (observed(tp53=[]), f"{OBSERVATION}.tp53"),
        (observed(crp={"value": {}}), f"{OBSERVATION}.crp"),
        (observed(crp={"value": 1, "unit": None}), f"{OBSERVATION}.crp.unit"),
        (observed(crp={"value": 1, "unit": []}), f"{OBSERVATION}.crp.unit"),
        (observed(crp={"value": 1, "note": 1}), f"{OBSERVATION}.crp.note"),
        (observed(crp={"absent": None}), f"{OBSERVATION}.crp.absent"),
        (observed(crp={"absent": []}), f"{OBSERVATION}.crp.absent"),
        (observed(ldh={"value": 300, "upper_limit": None}), f"{OBSERVATION}.ldh.upper_limit"),
        (observed(ldh={"value": 300, "upper_limit": "250"}), f"{OBSERVATION}.ldh.upper_limit"),
        (observed(ldh={"value": 300, "upper_limit": True}), f"{OBSERVATION}.ldh.upper_limit"),
    ],
)
def test_a_value_of_the_wrong_type_is_refused(document: Json, place: str) -> None:
    found = places(document)

    assert [each.removesuffix(".value") for each in found] == [place]


def test_a_count_written_with_a_decimal_point_is_a_count() -> None:
    document = case(lymphodepletion={"ecog": 2.0, "stage": {"value": 3.0}})

    assert problems(document) == []
    assert verdict(document, "ecog_ge_2", "lymphodepletion") == "met"
