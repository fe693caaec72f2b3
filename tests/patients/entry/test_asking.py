"""What a document is refused for or warned of, a form refuses or asks about at its field."""

import re
from datetime import date
from typing import Any

import pytest

from patients.models import Case, Observation, Role, User
from riskfactors.domain.consistency import warnings
from riskfactors.published import catalogue
from tests.patients import courses
from tests.patients.courses import infusion, known, record, value, visit
from tests.patients.desks import Desk, text_of
from tests.patients.screens import plain

BEFORE = date(2024, 2, 1)
BRIDGING = {"modality": "systemic", "start": "2024-02-10"}


@pytest.fixture(scope="module")
def recorded_once(kept_for_the_module: None) -> tuple[User, Case]:
    """Election, infusion on 6 March."""
    ana = courses.person("ana.ruiz", Role.CLINICIAN)
    return ana, courses.case(
        ana, *visit("election", BEFORE, prior_lines="2", product="axi_cel"), *visit()
    )


def asked(answer: Any) -> dict[str, list[str]]:
    """The questions of a page, by the field that they stand at."""
    found: dict[str, list[str]] = {}
    for block in re.findall(r'<fieldset class="question">.*?</fieldset>', text_of(answer), re.S):
        (name,) = set(re.findall(r'name="([a-z0-9_-]+)-sure"', block))
        (legend,) = re.findall(r"<legend>(.*?)</legend>", block, re.S)
        found.setdefault(name, []).append(plain(legend))
    return found


def answers(answer: Any) -> dict[str, list[str]]:
    """What answers the questions of a page."""
    given: dict[str, list[str]] = {}
    for name, text in re.findall(
        r'name="([a-z0-9_-]+-sure)" id="[^"]+" value="([^"]+)"', text_of(answer)
    ):
        given.setdefault(name, []).append(text)
    return given


def warned(of: Case) -> list[str]:
    """The warnings that the document of a case has."""
    return sorted({c.phrase.key for c in warnings(known(of), catalogue().dictionary)})


AT_A_VISIT: dict[str, tuple[str, dict[str, str], str, str]] = {
    "unusual": (
        "visits/2/",
        {"ferritin": "20000"},
        "ferritin",
        "20000 ng/mL is unusual (usually 5 to 10000 ng/mL).",
    ),
    "not_fresh": (
        "visits/2/",
        {"crp": "20", "crp-on": "2024-02-20"},
        "crp",
        "Was observed 15 days before the visit (at most 3 are usual).",
    ),
    "volume_without_method": (
        "visits/new/day_28/",
        {"date": "2024-04-03", "mtv": "40"},
        "mtv",
        "The metabolic tumour volume has no segmentation method; published cut-offs depend on it.",
    ),
    "complete_with_uptake": (
        "visits/new/day_28/",
        {"date": "2024-04-03", "response": "CR", "deauville": "4"},
        "response",
        "Complete response beside Deauville score 4 or 5; "
        "a complete metabolic response (Lugano) is 1 to 3.",
    ),
    "progression_without_relapse": (
        "visits/new/interim/",
        {"date": "2024-04-03", "response": "PD"},
        "response",
        "Progressive disease without an assessment of the relapse.",
    ),
    "undetectable_with_level": (
        "visits/new/day_28/",
        {"date": "2024-04-03", "ctdna": "undetectable", "ctdna_level": "500"},
        "ctdna",
        "ctDNA undetectable beside a level above 0.",
    ),
    "lines_fell": (
        "visits/2/standing/",
        {"prior_lines": "1"},
        "prior_lines",
        "Lines of therapy before CAR T-cells: 1, but 2 at Election, 1 Feb 2024.",
    ),
    "outside_window": (
        "visits/new/day_7/",
        {"date": "2024-03-20", "crp": "4"},
        "date",
        "Day 14 after infusion lies outside the window of days 5 to 8.",
    ),
    "not_large_b_cell": (
        "visits/1/standing/",
        {"histology": "not_large_b_cell"},
        "histology",
        "The histology is no large B-cell lymphoma; none of these cohorts includes it.",
    ),
    "other_product": (
        "visits/2/",
        {"product": "tisa_cel"},
        "product",
        "Tisagenlecleucel (4-1BB) is recorded as given, "
        "but Axicabtagene ciloleucel (CD28) at Election, 1 Feb 2024.",
    ),
}
"""By the warning: a form, what is typed, the field that asks, the question."""

OF_STATEMENTS: dict[str, tuple[str, dict[str, str], str, str]] = {
    "response_without_date": (
        "treatments/new/bridging/",
        BRIDGING | {"best_response": "PR"},
        "response_on",
        "The response has no date, of its own or of the end of the treatment; "
        "it does not count without one.",
    ),
    "bridging_after_infusion": (
        "treatments/new/bridging/",
        BRIDGING | {"start": "2024-03-06"},
        "start",
        "It starts on or after the day of the infusion, and does not count as bridging.",
    ),
    "lymphodepletion_long_before": (
        "treatments/new/lymphodepletion/",
        {"start": "2024-02-10"},
        "start",
        "It starts more than 14 days before the infusion.",
    ),
    "event_before_infusion": (
        "events/new/crs/",
        {"date": "2024-03-05", "grade": "2"},
        "date",
        "Cytokine release syndrome of 5 Mar 2024 is before the infusion: "
        "it belongs to another treatment and does not count for this one.",
    ),
}


@pytest.mark.parametrize("warning", [*AT_A_VISIT, *OF_STATEMENTS])
def test_what_a_document_is_warned_of_is_asked_once_at_its_field(
    desk: Desk, case: Case, warning: str
) -> None:
    path, typed, field, question = (AT_A_VISIT | OF_STATEMENTS)[warning]
    form = desk.opened(path) | typed

    shown = desk.send(path, form)

    assert (shown.status_code, warned(case)) == (422, [])
    assert asked(shown) == {field: [question]}
    assert set(answers(shown)) == {f"{field}-sure"}
    recorded = desk.answer(shown, answers(shown))
    assert (recorded.status_code, warned(case)) == (302, [warning])


def test_what_contradicts_something_recorded_elsewhere_is_asked_where_it_is_typed(
    desk: Desk, case: Case, ana: User
) -> None:
    """On either side: the answer to one question does not answer the other."""
    denied = visit("lymphodepletion", date(2024, 3, 1), bridging="no")
    record(case, ana, *denied, *visit("day_28", date(2024, 4, 3), tocilizumab_given="no"))

    bridging = desk.type("treatments/new/bridging/", **BRIDGING)
    event = desk.type("events/new/tocilizumab/", date="2024-03-09")
    peak = desk.type("visits/4/", ferritin="900", ferritin_peak="300")

    assert asked(bridging) == {
        "start": [
            "Lymphodepletion, 1 Mar 2024: no bridging, "
            "beside a bridging treatment that starts on 10 Feb 2024."
        ]
    }
    assert asked(event) == {
        "date": [
            "Day +28, 3 Apr 2024: Tocilizumab given: no, "
            "beside the event Tocilizumab of 9 Mar 2024."
        ]
    }
    assert list(asked(peak)) == ["ferritin_peak"]


CONTRADICTIONS: dict[str, tuple[str, dict[str, str]]] = {
    "complete_with_uptake": ("day_28", {"response": "CR", "deauville": "4"}),
    "complete_with_new_lesions": ("day_28", {"response": "CR", "new_lesions": "yes"}),
    "undetectable_with_level": ("day_28", {"ctdna": "undetectable", "ctdna_level": "500"}),
    "limited_with_extranodal": ("lymphodepletion", {"stage": "1", "extranodal_sites": "2"}),
    "nervous_system_without_site": (
        "lymphodepletion",
        {"cns_disease": "active", "major_extranodal": "no"},
    ),
    "large_but_not_bulky": ("lymphodepletion", {"bulky": "no", "longest_diameter": "12"}),
}
"""By the warning: the visit at which both values are asked for, and the values."""


@pytest.mark.parametrize("last", [0, 1])
@pytest.mark.parametrize("warning", CONTRADICTIONS)
def test_of_two_values_of_a_visit_the_one_that_is_typed_last_is_asked_about(
    desk: Desk, case: Case, ana: User, warning: str, last: int
) -> None:
    milestone, both = CONTRADICTIONS[warning]
    name, held = list(both)[last], list(both)[1 - last]
    day = {"lymphodepletion": date(2024, 3, 1), "day_28": date(2024, 4, 3)}[milestone]
    record(case, ana, *visit(milestone, day, **{held: both[held]}))

    shown = desk.type("visits/3/", **{name: both[name]})

    assert (shown.status_code, list(asked(shown)), warned(case)) == (422, [name], [])
    assert desk.answer(shown, answers(shown)).status_code == 302
    assert warned(case) == [warning]


@pytest.mark.parametrize("at", ["election", "apheresis"])
def test_a_line_that_is_more_than_were_counted_is_asked_about_where_it_is_typed(
    desk: Desk, case: Case, ana: User, at: str
) -> None:
    """At the visit that holds the number of lines and at another one, whatever else is typed."""
    record(case, ana, courses.line(), courses.line(), *visit("apheresis", date(2024, 2, 20)))
    path = f"visits/{'1' if at == 'election' else '3'}/standing/"

    shown = desk.type(path, line1__start="2021-02-10", tp53="altered")

    assert (shown.status_code, list(asked(shown)), warned(case)) == (422, ["line1-start"], [])
    assert desk.answer(shown, answers(shown)).status_code == 302
    assert warned(case) == ["fewer_lines"]


def test_several_questions_at_one_field_are_asked_together(desk: Desk, case: Case) -> None:
    typed = {"date": "2024-04-03", "response": "PD", "deauville": "1"}
    form = desk.opened("visits/new/day_28/") | typed

    shown = desk.send("visits/new/day_28/", form)

    assert {field: len(sentences) for field, sentences in asked(shown).items()} == {"response": 2}
    partly = {"response-sure": answers(shown)["response-sure"][:1]}
    assert len(asked(desk.answer(shown, partly))["response"]) == 1
    assert desk.answer(shown, answers(shown)).status_code == 302
    assert warned(case) == ["progression_without_relapse", "progression_without_uptake"]


def test_the_rest_is_recorded_without_what_is_asked_about(desk: Desk, case: Case) -> None:
    form = desk.opened("visits/2/") | {"ferritin": "20000", "crp": "40"}

    shown = desk.send("visits/2/", form)

    assert "The rest is recorded. This is not yet:" in text_of(shown)
    assert 'class="faults faults-asked"' in text_of(shown)
    recorded = Observation.objects.filter(assessment__case=case, entry__sequence=2)
    assert list(recorded.values_list("variable", "confirmed")) == [("crp", False)]
    assert list(asked(shown)) == ["ferritin"]
    left = {"token": re.findall('name="token" value="([^"]+)"', text_of(shown))[0]}
    desk.send("visits/2/", left | {"ferritin": "20000"} | answers(shown))
    assert Observation.objects.get(variable="ferritin").confirmed


def test_what_was_unlikely_before_is_not_asked_about_again(
    desk: Desk, case: Case, ana: User
) -> None:
    record(case, ana, value(infusion(case), "ferritin", "20000"))

    answer = desk.type("visits/2/", crp="40")

    assert answer.status_code == 302


def test_a_corrected_value_is_asked_about_as_a_first_one(desk: Desk, case: Case, ana: User) -> None:
    record(case, ana, value(infusion(case), "ferritin", "200"))
    typed = {"ferritin": "20000", "reason": "typing error"}
    form = desk.opened("visits/2/values/ferritin/") | typed

    shown = desk.send("visits/2/values/ferritin/", form)

    assert list(asked(shown)) == ["ferritin"]
    assert desk.send("visits/2/values/ferritin/", form | answers(shown)).status_code == 302


def test_what_a_withdrawal_leaves_behind_is_asked_about(desk: Desk, case: Case, ana: User) -> None:
    record(case, ana, *visit("day_28", date(2024, 4, 3), mtv="40", mtv_method="suv_4_0"))
    form = desk.opened("visits/3/values/mtv_method/") | {"withdraw": "on", "reason": "error"}

    shown = desk.send("visits/3/values/mtv_method/", form)

    assert list(asked(shown)) == ["mtv_method"]
    sent = desk.send("visits/3/values/mtv_method/", form | answers(shown))
    assert (sent.status_code, warned(case)) == (302, ["volume_without_method"])


REFUSED: dict[str, tuple[str, dict[str, str], str]] = {
    "a sample after its visit": (
        "visits/2/",
        {"crp": "4", "crp-on": "2024-03-07"},
        "C-reactive protein : It was observed after the visit of 6 Mar 2024.",
    ),
    "a sample before birth": (
        "visits/2/",
        {"crp": "4", "crp-on": "1970-03-07"},
        "It is before the patient's birth.",
    ),
    "a visit out of order": (
        "visits/new/day_28/",
        {"date": "2024-03-01"},
        "Day +28 cannot be before Infusion (day 0), which is dated 6 Mar 2024.",
    ),
    "an earlier visit after a later one": (
        "visits/new/apheresis/",
        {"date": "2024-03-07"},
        "Infusion (day 0), 6 Mar 2024: "
        "Infusion (day 0) cannot be before Apheresis, which is dated 7 Mar 2024.",
    ),
    "a treatment that ends before it starts": (
        "treatments/new/line/",
        {"start": "2021-02-10", "end": "2021-02-09"},
        "End : It is before the start of the treatment.",
    ),
    "a response before the treatment": (
        "treatments/new/line/",
        {"start": "2021-02-10", "response_on": "2021-02-09", "best_response": "PR"},
        "Date of the response : It is before the start of the treatment.",
    ),
    "an event that ends before it begins": (
        "events/new/infection/",
        {"date": "2024-03-10", "end": "2024-03-09"},
        "End, where it lasted : It is before the date of the event.",
    ),
    "a death before a visit": (
        "events/new/death/",
        {"date": "2024-03-01"},
        "Date : Infusion (day 0), 6 Mar 2024: It is after the death of 1 Mar 2024.",
    ),
}


@pytest.mark.parametrize("refusal", REFUSED)
def test_what_no_case_can_hold_is_refused_at_its_field(
    desk: Desk, case: Case, refusal: str
) -> None:
    path, typed, said = REFUSED[refusal]

    answer = desk.send(path, desk.opened(path) | typed)

    page = plain(text_of(answer))
    assert (answer.status_code, case.entries.count()) == (422, 1)
    assert said in page
    assert "Please correct this. Nothing of it is saved yet." in page
    assert asked(answer) == {}


def test_faults_are_listed_in_the_order_of_the_page(desk: Desk) -> None:
    typed = {"response": "CR", "deauville": "4", "ferritin": "many", "suvmax": "many"}

    answer = desk.type("visits/new/day_28/", date="2024-05-01", **typed)

    listed = text_of(answer).partition('class="faults"')[2].partition("</ul>")[0]
    assert re.findall('href="#id_([a-z]+)"', listed) == ["date", "ferritin", "suvmax", "response"]


def test_of_many_refusals_three_are_told_and_the_others_counted(
    desk: Desk, case: Case, ana: User
) -> None:
    for day in range(10, 16):
        record(case, ana, *visit("interim", date(2024, 3, day)))

    answer = plain(text_of(desk.type("events/new/death/", date="2024-03-07")))

    assert answer.count("It is after the death of 7 Mar 2024.") == 2 * 3
    assert "3 more of this kind." in answer


def test_a_correction_that_no_case_can_hold_is_refused_before_it_is_shown(
    desk: Desk, case: Case
) -> None:
    typed = {"date": "2024-01-31", "reason": "typing error"}

    answer = desk.send("visits/2/date/", desk.opened("visits/2/date/") | typed)

    assert (answer.status_code, case.entries.count()) == (422, 1)
    assert "Infusion (day 0) cannot be before Election" in plain(text_of(answer))


def test_a_correction_is_asked_about_where_all_that_it_changes_is_shown(
    desk: Desk, case: Case, ana: User
) -> None:
    record(case, ana, courses.event("crs", date(2024, 3, 9), grade=2))

    shown = desk.type("events/1/", date="2024-03-05", grade="2", reason="typing error")

    assert (shown.status_code, asked(shown)) == (200, {})
    assert "it belongs to another treatment and does not count for this one" in text_of(shown)


def test_the_response_to_bridging_is_asked_for_with_the_visit_that_bounds_it(
    desk: Desk, case: Case, ana: User
) -> None:
    assert "Bridging is assessed by Infusion (day 0), 6 Mar 2024, at the latest." in desk.look(
        "treatments/new/bridging/"
    )
    record(case, ana, *visit("lymphodepletion", date(2024, 3, 1)))

    page = desk.look("treatments/new/bridging/")

    assert "Bridging is assessed by Lymphodepletion, 1 Mar 2024, at the latest." in page
    assert "Bridging is assessed" not in desk.look("treatments/new/line/")


# What the second contract brought


def test_events_treatments_and_visits_of_the_second_contract_are_entered(
    desk: Desk, case: Case
) -> None:
    sent = [
        desk.type("events/new/icaht_early/", date="2024-03-10", end="2024-04-02", grade="3"),
        desk.type("events/new/second_malignancy/", date="2024-09-10", note="colon"),
        desk.type("treatments/new/other/", start="2024-05-01", treatment_class="allogeneic"),
        desk.type("treatments/new/salvage/", start="2024-05-01", treatment_class="bispecific"),
        desk.type("visits/new/month_6/", date="2024-09-04", response="CR", deauville="1"),
    ]

    assert [answer.status_code for answer in sent] == [302] * 5
    page = desk.look("records/")
    for words in (
        "Early haematotoxicity (ICAHT, to day 30), grade 3, 10 Mar 2024 to 2 Apr 2024",
        "Second malignancy, 10 Sep 2024, note: colon",
        "Other treatment: allogeneic transplantation, from 1 May 2024",
        "Salvage after relapse: bispecific antibody, from 1 May 2024",
        "Month 6",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("kind", "definition"),
    [("crs", "ASTCT 2019."), ("iec_hs", "ASTCT 2023."), ("icaht_late", "EHA and EBMT 2023.")],
)
def test_a_grade_is_asked_for_with_the_definition_that_it_goes_by(
    desk: Desk, kind: str, definition: str
) -> None:
    assert definition in desk.look(f"events/new/{kind}/")


def test_what_ends_the_course_has_no_end_itself(desk: Desk) -> None:
    assert 'name="end"' in desk.look("events/new/infection/")
    assert 'name="end"' not in desk.look("events/new/death/")


def test_an_answer_belongs_to_what_was_asked(desk: Desk, case: Case) -> None:
    form = desk.opened("visits/2/") | {"ferritin": "20000"}
    given = answers(desk.send("visits/2/", form))

    other = desk.send("visits/2/", form | given | {"ferritin": "30000"})

    assert (other.status_code, list(asked(other))) == (422, ["ferritin"])
