"""The case document: what is refused, with its place, and what is accepted with a warning."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from riskfactors.assessing import findings_of
from riskfactors.domain.documents import InvalidDocument
from tests.domain.cases import (
    BORN,
    CONTRACT,
    MILESTONES,
    Json,
    bridging,
    case,
    course,
    event,
    findings,
    interim,
    line,
    places,
    problems,
    relapsed,
    salvage,
    text,
    verdict,
    warnings,
)

VARIABLES: list[Json] = json.loads((CONTRACT / "variables.json").read_text())["variables"]
QUANTITIES = [v for v in VARIABLES if v["type"] == "quantity"]
COUNTS = [v for v in VARIABLES if v["type"] == "count"]
CODES = [v for v in VARIABLES if v["type"] == "code"]


def named(variables: list[Json]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("variable", variables, ids=lambda variable: variable["name"])


def observed(**observations: Any) -> Json:
    """A case with these observations in `assessments[0]`."""
    return case(lymphodepletion=observations)


def whole(**changes: Any) -> Json:
    return case(lymphodepletion={}) | changes


def treated(**treatment: Any) -> Json:
    return case(lymphodepletion={}, treatments=(treatment,))


def happened(**occurrence: Any) -> Json:
    return case(lymphodepletion={}, events=(occurrence,))


def visited(**assessment: Any) -> Json:
    return whole(assessments=[{"milestone": "lymphodepletion", "date": "2024-03-01"} | assessment])


def without(document: Json, *path: Any) -> Json:
    """The same document with one key left out."""
    copy: Json = json.loads(json.dumps(document))
    target = copy
    for step in path[:-1]:
        target = target[step]
    del target[path[-1]]
    return copy


OBSERVATION = "assessments[0].observations"


# Text that is not one JSON object


@pytest.mark.parametrize(
    "written",
    [
        *(b"", b" ", b"[]", b"1", b"null", b"true", b'"case"', b"{", b"{} {}", b"{},", b"{'a': 1}"),
        *(b'{"a": 1,}', b"// no", b'{"a": 01}', b'{"a": .5}', b'{"a": +1}', b'{"a": "\n"}'),
        *(b'{"a": NaN}', b'{"a": Infinity}', b'{"a": -Infinity}', b"NaN"),
        *(b'{"a": 1, "a": 1}', b'{"b": {"a": 1, "a": 2}}', b'{"b": [{"a": 1, "a": 2}]}'),
        *(b"\xff\xfe{}", b"\xef\xbb\xbf{}", b'{"case_id": "\xe9"}', b'{"a": "\xed\xa0\x80"}'),
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
        (whole(schema="cartapp-case/2"), "schema"),
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


# Limits


@named(QUANTITIES)
def test_a_quantity_outside_what_is_possible_is_refused(variable: Json) -> None:
    name = variable["name"]
    low, high = (Decimal(str(limit)) for limit in variable["impossible_outside"])
    tiny = Decimal("0.001")

    found = [
        places(text(observed(**{name: "@"})).replace(b'"@"', f"{value:f}".encode()))
        for value in (low - tiny, low, high, high + tiny)
    ]

    place = [f"{OBSERVATION}.{name}"]
    assert found == [place, [], [], place]


@named(COUNTS)
def test_a_count_outside_its_range_is_refused(variable: Json) -> None:
    name, (low, high) = variable["name"], variable["range"]

    found = [places(observed(**{name: value})) for value in (low - 1, low, high, high + 1)]

    place = [f"{OBSERVATION}.{name}"]
    assert found == [place, [], [], place]


@pytest.mark.parametrize(
    ("observation", "refused"),
    [
        ({"value": 0.16, "unit": "ukat/L"}, [""]),
        ({"value": 0.17, "unit": "ukat/L"}, []),
        ({"value": 500, "unit": "ukat/L"}, []),
        ({"value": 500.1, "unit": "ukat/L"}, [""]),
        ({"value": 300, "upper_limit": 99.9}, [".upper_limit"]),
        ({"value": 300, "upper_limit": 100}, []),
        ({"value": 300, "upper_limit": 700}, []),
        ({"value": 300, "upper_limit": 700.1}, [".upper_limit"]),
        ({"value": 5, "unit": "ukat/L", "upper_limit": 1.66}, [".upper_limit"]),
        ({"value": 5, "unit": "ukat/L", "upper_limit": 1.67}, []),
        ({"value": 5, "unit": "ukat/L", "upper_limit": 11.66}, []),
        ({"value": 5, "unit": "ukat/L", "upper_limit": 11.67}, [".upper_limit"]),
        ({"value": 5, "unit": "ukat/L", "upper_limit": 250}, [".upper_limit"]),
        ({"value": 5, "upper_limit": 50}, ["", ".upper_limit"]),
        ({"value": 5, "upper_limit": 250, "unit": "kat/L"}, [".unit"]),
    ],
)
def test_limits_of_ldh_hold_after_conversion(observation: Json, refused: list[str]) -> None:
    assert places(observed(ldh=observation)) == [f"{OBSERVATION}.ldh{field}" for field in refused]


@pytest.mark.parametrize(
    ("kind", "grade", "refused"),
    [
        *(("crs", grade, []) for grade in (1, 2, 3.0, 4, 5)),
        *(("icans", grade, []) for grade in (1, 5)),
        *(("crs", grade, ["events[0].grade"]) for grade in (0, 6, 1.5, -1)),
        *(("icans", grade, ["events[0].grade"]) for grade in (0, 6)),
        *((kind, 1, ["events[0].grade"]) for kind in ("infection", "death", "steroids")),
    ],
)
def test_only_crs_and_icans_have_a_grade(kind: str, grade: Any, refused: list[str]) -> None:
    assert places(happened(kind=kind, date="2024-03-09", grade=grade)) == refused


@pytest.mark.parametrize(
    ("kind", "cause", "refused"),
    [
        *(("death", cause, []) for cause in ("lymphoma", "treatment", "other", "unknown")),
        *(
            ("not_infused", cause, [])
            for cause in ("progression", "manufacturing", "death", "other")
        ),
        *((kind, "other", ["events[0].cause"]) for kind in ("crs", "discharge", "last_contact")),
    ],
)
def test_only_death_and_not_infused_have_a_cause(kind: str, cause: str, refused: list[str]) -> None:
    assert places(happened(kind=kind, date="2024-09-09", cause=cause)) == refused


@pytest.mark.parametrize(
    ("treatment", "refused"),
    [
        *((salvage("2024-09-01", kind), []) for kind in ("pola_br", "lenalidomide", "other")),
        (salvage("2024-09-01", "none_supportive"), []),
        (salvage("2024-09-01"), []),
        (line("2024-01-01") | {"class": "other"}, ["treatments[0].class"]),
        (bridging() | {"class": "other"}, ["treatments[0].class"]),
        (line("2024-01-01") | {"modality": "systemic"}, []),
    ],
)
def test_only_salvage_has_a_class(treatment: Json, refused: list[str]) -> None:
    assert places(whole(treatments=[treatment])) == refused


# Dates


@pytest.mark.parametrize(
    "written",
    [
        *("2024-02-30", "2023-02-29", "2024-13-01", "2024-00-01", "2024-3-1", "20240301"),
        *("2024-03-01T00:00", "2024-03-01 ", "01/03/2024", "2024-W09-5", "yesterday", ""),
        *("0000-01-01", "10000-01-01", "\uff12024-03-01", "2024-061"),
    ],
)
@pytest.mark.parametrize(
    ("place", "document"),
    [
        ("birth_date", lambda day: whole(birth_date=day)),
        ("assessments[0].date", lambda day: visited(date=day)),
        ("treatments[0].start", lambda day: treated(role="line", start=day)),
        ("events[0].date", lambda day: happened(kind="crs", date=day)),
        (
            f"{OBSERVATION}.crp.observed_on",
            lambda day: observed(crp={"value": 1, "observed_on": day}),
        ),
    ],
)
def test_an_impossible_date_is_refused(
    place: str, document: Callable[[str], Json], written: str
) -> None:
    assert places(document(written)) == [place]


@pytest.mark.parametrize(
    ("place", "document"),
    [
        ("assessments[0].date", lambda day: visited(date=day)),
        ("treatments[0].start", lambda day: treated(role="line", start=day)),
        ("treatments[0].end", lambda day: treated(role="line", start="2024-01-01", end=day)),
        (
            "treatments[0].response_on",
            lambda day: treated(role="line", start="2024-01-01", response_on=day),
        ),
        ("events[0].date", lambda day: happened(kind="crs", date=day)),
        (
            f"{OBSERVATION}.tp53.observed_on",
            lambda day: observed(tp53={"value": "altered", "observed_on": day}),
        ),
        (
            f"{OBSERVATION}.tp53.observed_on",
            lambda day: observed(tp53={"absent": "error", "observed_on": day}),
        ),
    ],
)
def test_a_date_before_birth_is_refused_at_its_own_place(
    place: str, document: Callable[[str], Json]
) -> None:
    assert places(document("1973-12-31")) == [place]


@pytest.mark.parametrize(
    "document",
    [
        visited(date=BORN),
        treated(role="line", start=BORN, end=BORN, response_on=BORN),
        happened(kind="crs", date=BORN),
        observed(tp53={"value": "altered", "observed_on": BORN}),
    ],
)
def test_a_date_on_the_day_of_birth_is_accepted(document: Json) -> None:
    assert problems(document) == []


@pytest.mark.parametrize(
    ("day", "refused"),
    [
        ("2024-02-29", []),
        ("2024-03-01", []),
        ("2024-03-02", [f"{OBSERVATION}.crp.observed_on"]),
    ],
)
@pytest.mark.parametrize("observation", [{"value": 1}, {"absent": "temp-unknown"}])
def test_a_value_is_not_observed_after_its_visit(
    day: str, refused: list[str], observation: Json
) -> None:
    assert places(observed(crp=observation | {"observed_on": day})) == refused


@pytest.mark.parametrize("field", ["end", "response_on"])
@pytest.mark.parametrize(("day", "accepted"), [("2024-01-31", False), ("2024-02-01", True)])
def test_a_treatment_does_not_end_or_respond_before_its_start(
    field: str, day: str, accepted: bool
) -> None:
    document = treated(role="line", start="2024-02-01", **{field: day})

    assert places(document) == ([] if accepted else [f"treatments[0].{field}"])


# Milestones


@pytest.mark.parametrize("milestone", MILESTONES)
def test_a_milestone_stands_once(milestone: str) -> None:
    visit = {"milestone": milestone, "date": "2024-03-06"}

    assert places(whole(assessments=[visit, visit])) == ["assessments[1].milestone"]


def test_interim_visits_may_be_any_number() -> None:
    visits = [interim(day) for day in ("2024-05-01", "2024-05-01", "1980-01-01")]

    assert problems(case(infusion={}) | {"assessments": visits}) == []


@pytest.mark.parametrize("later", range(1, 7))
def test_milestones_stand_in_the_order_of_their_dates(later: int) -> None:
    milestones = (MILESTONES[later - 1], MILESTONES[later])

    def dated(*days: str) -> Json:
        return course({m: {} for m in milestones}, dates=dict(zip(milestones, days, strict=True)))

    assert problems(dated("2024-03-06", "2024-03-06")) == []
    assert places(dated("2024-03-06", "2024-03-05")) == ["assessments[1].date"]


def test_milestones_are_in_order_over_a_gap_whatever_the_order_of_the_list() -> None:
    document = case(election={}, day_28={}, dates={"day_28": "2023-12-31"})
    document["assessments"].reverse()

    assert places(document) == ["assessments[0].date"]


@pytest.mark.parametrize(
    ("relapse_on", "refused"),
    [("2024-03-05", ["assessments[1].date"]), ("2024-03-06", []), ("2024-03-07", [])],
)
def test_a_relapse_is_not_before_the_infusion(relapse_on: str, refused: list[str]) -> None:
    document = case(infusion={}, relapse={}, dates={"relapse": relapse_on})

    assert places(document) == refused


@pytest.mark.parametrize("relapse_on", ["2024-04-02", "2024-04-03", "2024-05-01", "2024-09-01"])
def test_a_relapse_may_fall_before_on_or_after_later_visits(relapse_on: str) -> None:
    document = case(infusion={}, day_28={}, day_90={}, relapse={}, dates={"relapse": relapse_on})

    assert problems(document) == []


def test_without_infusion_a_relapse_may_have_any_date() -> None:
    assert problems(case(election={}, relapse={}, dates={"relapse": "2023-01-01"})) == []


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
        "treatments[0].end",
        "events[0].kind",
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


# Warnings


def test_a_plain_case_has_no_warnings() -> None:
    document = case(
        lymphodepletion={"mtv": 100, "mtv_method": "suv_4_0", "prior_lines": 1},
        treatments=(line("2023-01-01"),),
        infusion={},
        day_7={},
        day_28={"response": "PR"},
        day_90={"response": "CR"},
    )

    assert warnings(document) == []


@named([v for v in QUANTITIES if v["unusual_outside"] != v["impossible_outside"]])
def test_a_quantity_outside_what_is_usual_is_accepted_with_a_warning(variable: Json) -> None:
    name = variable["name"]
    low, high = variable["unusual_outside"]
    possible_low, possible_high = variable["impossible_outside"]
    method = {"mtv_method": "other"} if name == "mtv" else {}

    found = {
        value: len(warnings(observed(**{name: value}, **method)))
        for value in (possible_low, low, high, possible_high)
    }

    assert found == {
        low: 0,
        high: 0,
        possible_low: int(possible_low < low),
        possible_high: int(possible_high > high),
    }


@pytest.mark.parametrize(
    ("observation", "count"),
    [
        ({"value": 300, "upper_limit": 190}, 0),
        ({"value": 300, "upper_limit": 280}, 0),
        ({"value": 300, "upper_limit": 189.9}, 1),
        ({"value": 300, "upper_limit": 280.1}, 1),
        ({"value": 79.9, "upper_limit": 189.9}, 2),
        ({"value": 80, "upper_limit": 250}, 0),
        ({"value": 5, "unit": "ukat/L", "upper_limit": 3.1}, 1),
        ({"value": 5, "unit": "ukat/L", "upper_limit": 4.1}, 0),
        ({"value": 1.3, "unit": "ukat/L", "upper_limit": 4.1}, 1),
        ({"value": 84, "unit": "ukat/L", "upper_limit": 4.1}, 1),
    ],
)
def test_unusual_values_and_limits_of_ldh_are_judged_after_conversion(
    observation: Json, count: int
) -> None:
    assert len(warnings(observed(ldh=observation))) == count


FRESH: list[tuple[str, Any, dict[str, int]]] = [
    ("crp", 9, {"infusion": 3, "lymphodepletion": 7, "otherwise": 14}),
    ("suvmax", 9, {"otherwise": 28}),
    ("ecog", 1, {"otherwise": 14}),
    ("ctdna", "detectable", {"otherwise": 14}),
    ("crs_grade_max", 1, {"otherwise": 14}),
    ("infection_active", "no", {"otherwise": 14}),
    ("tp53", "altered", {"otherwise": 10_000}),
    ("product", "axi_cel", {"otherwise": 10_000}),
    ("cirs_renal", 1, {"otherwise": 10_000}),
]


@pytest.mark.parametrize(("name", "value", "days"), FRESH)
@pytest.mark.parametrize("milestone", [*MILESTONES, "interim"])
def test_a_value_from_long_before_the_visit_is_accepted_with_a_warning(
    name: str, value: Any, days: dict[str, int], milestone: str
) -> None:
    allowed = days.get(milestone, days["otherwise"])
    visit = date(2024, 3, 6)

    def observed_before(age: int) -> Json:
        day = date.fromordinal(visit.toordinal() - age).isoformat()
        observation = {name: {"value": value, "observed_on": day}}
        return whole(
            assessments=[
                {"milestone": milestone, "date": "2024-03-06", "observations": observation}
            ]
        )

    found = [len(warnings(observed_before(age))) for age in (0, allowed, allowed + 1)]

    assert found == [0, 0, 0 if allowed == 10_000 else 1]


@pytest.mark.parametrize(
    ("milestone", "day", "count"),
    [
        *(("day_7", "2024-03-10", 1), ("day_7", "2024-03-11", 0)),
        *(("day_7", "2024-03-14", 0), ("day_7", "2024-03-15", 1)),
        *(("day_28", "2024-03-26", 1), ("day_28", "2024-03-27", 0)),
        *(("day_28", "2024-04-17", 0), ("day_28", "2024-04-18", 1)),
        *(("day_90", "2024-05-19", 1), ("day_90", "2024-05-20", 0)),
        *(("day_90", "2024-06-29", 0), ("day_90", "2024-06-30", 1)),
    ],
)
def test_a_visit_outside_its_window_is_accepted_with_a_warning(
    milestone: str, day: str, count: int
) -> None:
    with_infusion = course({"infusion": {}, milestone: {}}, dates={milestone: day})
    without_infusion = course({milestone: {}}, dates={milestone: day})

    assert len(warnings(with_infusion)) == count
    assert warnings(without_infusion) == []


@pytest.mark.parametrize(
    ("recorded", "listed", "count"), [(1, 1, 0), (2, 1, 0), (1, 2, 1), (0, 1, 1), (None, 3, 0)]
)
def test_fewer_lines_than_listed_are_accepted_with_a_warning(
    recorded: int | None, listed: int, count: int
) -> None:
    lines = tuple(line(f"202{year}-01-01") for year in range(listed))

    document = relapsed(lines=recorded, treatments=(*lines, bridging(), line("2024-08-01")))

    assert len(warnings(document)) == count


@pytest.mark.parametrize(
    ("observations", "count"),
    [
        ({"mtv": 100}, 1),
        ({"mtv": 100, "mtv_method": "suv_2_5"}, 0),
        ({"mtv": 100, "mtv_method": {"absent": "error"}}, 1),
        ({"mtv": {"absent": "error"}}, 0),
        ({"mtv_method": "suv_2_5"}, 0),
    ],
)
def test_a_volume_without_its_method_is_accepted_with_a_warning(
    observations: Json, count: int
) -> None:
    assert len(warnings(case(apheresis={}, lymphodepletion=observations))) == count


@pytest.mark.parametrize("milestone", ["day_28", "day_90"])
@pytest.mark.parametrize(
    ("response", "relapse", "count"), [("PD", False, 1), ("PD", True, 0), ("SD", False, 0)]
)
def test_progression_without_a_relapse_is_accepted_with_a_warning(
    milestone: str, response: str, relapse: bool, count: int
) -> None:
    visits: dict[str, Json] = {milestone: {"response": response}}

    document = course(visits | ({"relapse": {}} if relapse else {}))

    assert len(warnings(document)) == count


def test_progression_before_the_infusion_or_at_an_interim_visit_is_no_warning() -> None:
    document = case(lymphodepletion={"response": "PD"}, day_7={"response": "PD"})
    document["assessments"].append(interim("2024-05-01", response="PD"))

    assert warnings(document) == []


def test_each_progression_has_its_warning() -> None:
    document = case(day_28={"response": "PD"}, day_90={"response": "PD"})

    assert len(warnings(document)) == 2


def test_what_as_of_hides_gives_no_warning() -> None:
    document = case(infusion={}, day_28={"response": "PD", "mtv": 9}, relapse={})

    found = {day: len(findings(document, day)["warnings"]) for day in ("2024-04-02", "2024-04-03")}

    assert found == {"2024-04-02": 0, "2024-04-03": 2}


def test_an_absence_gives_no_warning() -> None:
    document = observed(crp={"absent": "not-performed", "observed_on": "2020-01-01"})

    assert warnings(document) == []
