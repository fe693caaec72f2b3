"""What a quick look at a case document takes is what a closer look would take."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskfactors.domain.documents import (
    InvalidDocument,
    parse_case,
    parsing,
)
from riskfactors.domain.documents.decoding import fields_at_once, json_object
from riskfactors.published import catalogue
from tests.domain.cases import Json, case, event, ldh, line, problems, text
from tests.domain.random_cases import cases
from tests.domain.test_properties import reproducibly

DAY = "2024-03-08"
NUMBERS = ("2", "2.0", "2.00", "-0", "-0.0", "1e2", "1E-7", "12345678901234567890123", "0.10")


@pytest.mark.parametrize("number", NUMBERS)
def test_a_look_at_all_at_once_keeps_every_digit(number: str) -> None:
    document = text(case(election={"crp": "HERE", "ldh": {"value": "HERE"}}))
    written = document.replace(b'"HERE"', number.encode())

    fields, closer = fields_at_once(written), json_object(written)

    assert fields is not None
    at_once = fields["assessments"][0]["observations"]
    assert repr(at_once) == repr(closer["assessments"][0]["observations"])


@reproducibly
@given(document=cases())
def test_what_is_well_formed_is_read_at_once(document: Json) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parsing, "json_object", lambda _: pytest.fail("a closer look was due"))
        parse_case(text(document), catalogue().dictionary)


@reproducibly
@given(document=cases(), data=st.data())
def test_what_a_quick_look_takes_a_closer_one_takes(document: Json, data: st.DataObject) -> None:
    whole = bytearray(text(document))
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))

    quick, closer = _outcomes(bytes(whole))

    assert quick == closer


def _outcomes(document: bytes) -> Iterator[Any]:
    """What a document is read as, with the quick look and without it."""
    for look in (fields_at_once, lambda _: None):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(parsing, "fields_at_once", look)
            try:
                yield parse_case(document, catalogue().dictionary)
            except InvalidDocument as refused:
                yield refused.problems, refused.case_id


@pytest.mark.parametrize("key", ['"sex"', '"milestone"', '"ecog"', '"value"', '"role"', '"kind"'])
def test_a_key_that_stands_twice_is_refused_at_any_depth(key: str) -> None:
    observations = {"ecog": 1, "stage": {"value": 2}}
    once = text(
        case(election=observations, treatments=(line("2023-05-01"),), events=(event("crs", DAY),))
    )
    twice = once.replace(key.encode(), b"%s: 1, %s" % (key.encode(), key.encode()), 1)

    assert problems(once) == []
    assert [problem.partition(";")[0] for problem in problems(twice)] == [
        f"document: the key {key} stands twice in one object"
    ]


def test_a_colon_in_a_note_is_no_key() -> None:
    document = case(election={"ecog": {"value": 1, "note": "by phone: 12:30"}})

    read = parse_case(text(document), catalogue().dictionary)

    assert read.assessments[0].observations["ecog"].note == "by phone: 12:30"


def test_equal_numbers_keep_their_own_digits() -> None:
    values = (200, Decimal("200.0"), Decimal("200.00"))
    written = [text(case(election=ldh(250))).replace(b"250", str(v).encode()) for v in values]

    facts = [parse_case(w, catalogue().dictionary).assessments[0] for w in written]

    assert [str(a.observations["ldh"].fact.value) for a in facts] == ["200", "200.0", "200.00"]


def _read(name: str, written_value: bytes) -> str:
    """What is read of one observation, every digit of it, or why it is refused."""
    written = text(case(election={name: "HERE"})).replace(b'"HERE"', written_value)
    try:
        return str(parse_case(written, catalogue().dictionary).assessments[0].observations)
    except InvalidDocument as refused:
        return str([problem.phrase for problem in refused.problems])


BARE = st.one_of(
    st.sampled_from([b'"yes"', b'"CR"', b'"dlbcl_nos"', b'"2"', b"true", b"2.0", b"2.5", b"1e400"]),
    st.integers(-2, 5000).map(lambda number: b"%d" % number),
    st.decimals(-2, 5000, places=3).map(lambda number: str(number).encode()),
)


@reproducibly
@given(name=st.sampled_from(sorted(catalogue().dictionary.variables)), raw=BARE)
def test_a_bare_value_is_read_as_one_within_an_object(name: str, raw: bytes) -> None:
    assert _read(name, raw) == _read(name, b'{"value": %s}' % raw)
