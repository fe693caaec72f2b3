"""Entering a visit: what is typed is recorded as a whole, or comes back as it was typed."""

import re
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from patients.models import Case, CentreLimit, Entry, Observation, Role, User
from patients.records.chain import breaks
from riskfactors.domain.timepoints import MILESTONES, Milestone
from riskfactors.published import catalogue
from tests.patients import courses
from tests.patients.courses import INFUSION_DAY, event, known, line, visit
from tests.patients.desks import Desk, text_of
from tests.patients.screens import plain

BEFORE = date(2024, 2, 1)


@pytest.fixture(scope="module")
def recorded_once(kept_for_the_module: None) -> tuple[User, Case]:
    """Election with C-reactive protein 35, infusion with performance status 1."""
    ana = courses.person("ana.ruiz", Role.CLINICIAN)
    return ana, courses.case(ana, *visit("election", BEFORE, crp="35"), *visit(ecog="1"))


def recorded(of: Case, milestone: str = "infusion") -> dict[str, Any]:
    """What is recorded at a milestone."""
    (found,) = (a for a in known(of).assessments if a.milestone == milestone)
    return {name: o.fact.value for name, o in found.observations.items()} | {
        name: absence.reason for name, absence in found.absences.items()
    }


def onward(page: str) -> list[str]:
    """Where a visit can be recorded and gone on from."""
    return re.findall(r'name="next" value="(\w+)"', page)


# Recording


def test_a_half_filled_visit_is_recorded_in_one_entry(desk: Desk, case: Case) -> None:
    answer = desk.type("visits/2/", ldh="300", ldh__limit="250", extranodal_sites="2")

    assert (answer.status_code, answer.headers["Location"]) == (302, desk.address("visits/2/"))
    assert recorded(case) == {"ecog": 1, "ldh": 300, "extranodal_sites": 2}
    assert case.entries.count() == 2
    assert "2 items are recorded." in desk.look("visits/2/")


def test_a_choice_is_taken_back_by_what_is_named_so(desk: Desk, case: Case) -> None:
    named = re.findall(r'class="choice choice-none" title="(.*?)"', desk.look("visits/2/"))

    assert set(named) == {"No answer"}


def test_a_visit_or_a_sample_of_a_day_to_come_is_refused(desk: Desk, case: Case) -> None:
    visited = desk.type("visits/new/day_28/", date="2999-03-30", ecog="1")
    sampled = desk.type("visits/2/", crp="9", crp__on="2999-03-30")

    for answer in (visited, sampled):
        assert answer.status_code == 422
        assert "This day has not come yet." in text_of(answer)
    assert recorded(case) == {"ecog": 1}


def test_what_is_recorded_stands_as_text_and_what_is_not_as_an_input(desk: Desk) -> None:
    page = desk.look("visits/2/")

    assert 'name="ecog"' not in page
    assert re.search(r"ECOG performance status.*?1.*?Correct", page, re.S)
    assert 'name="crp"' in page


def test_what_is_left_blank_deletes_nothing(desk: Desk, case: Case) -> None:
    desk.send("visits/2/", {**desk.opened("visits/2/"), "ecog": "", "crp": ""})

    assert recorded(case) == {"ecog": 1}


def test_nothing_clinical_is_filled_in_beforehand(desk: Desk) -> None:
    """Units have their usual value; every other input and choice is empty."""
    units = {unit for v in catalogue().dictionary.variable for unit in v.accepts}
    for path in ("visits/2/", "visits/new/day_28/", "visits/2/standing/", "visits/2/values/ecog/"):
        page = desk.look(path)
        form = page[page.index('class="records') :]
        inputs = re.findall(r'<input type="(?:text|date)"[^>]*>', form)
        selected = re.findall(r'<option value="([^"]+)" selected', form)
        assert [tag for tag in inputs if 'value="' in tag and 'value=""' not in tag] == []
        assert set(selected) <= units
        assert " checked" not in form


def test_the_value_before_stands_beside_the_field_with_its_day(desk: Desk) -> None:
    assert "Before: 35 mg/L (1 Feb 2024)" in plain(desk.look("visits/2/"))


def test_a_value_of_a_later_visit_is_no_value_before(desk: Desk) -> None:
    assert "Before:" not in plain(desk.look("visits/1/"))


@pytest.mark.parametrize("milestone", [m for m in MILESTONES if m not in ("election", "infusion")])
def test_a_new_milestone_asks_for_its_date_and_its_own_variables(
    desk: Desk, milestone: Milestone
) -> None:
    page = desk.look(f"visits/new/{milestone}/")

    asked = set(re.findall(r' name="([a-z0-9_]+)"', page))
    expected = {v.name for v in catalogue().dictionary.asked[milestone]}
    assert 'name="date"' in page
    assert expected <= asked
    assert not {v.name for v in catalogue().dictionary.variable if v.standing} & asked


def test_a_new_visit_is_recorded_with_its_date(desk: Desk, case: Case) -> None:
    answer = desk.type("visits/new/day_28/", date="2024-04-03", response="PR", suvmax="12")

    assert answer.headers["Location"] == desk.address("visits/3/")
    assert recorded(case, "day_28") == {"response": "PR", "suvmax": 12}


def test_a_recorded_milestone_is_not_recorded_twice(desk: Desk) -> None:
    response = desk.client.get(desk.address("visits/new/infusion/"))

    assert response.headers["Location"] == desk.address("visits/2/")


def test_any_number_of_interim_visits(desk: Desk, case: Case) -> None:
    for day in ("2024-03-20", "2024-03-21"):
        desk.type("visits/new/interim/", date=day, crp="40")

    assert [a.date.isoformat() for a in known(case).assessments if a.milestone == "interim"] == [
        "2024-03-20",
        "2024-03-21",
    ]


def test_a_date_a_reason_and_a_note_are_recorded_with_a_value(desk: Desk, case: Case) -> None:
    desk.type(
        "visits/2/",
        crp="40",
        crp__on="2024-03-05",
        crp__note="haemolytic",
        ferritin__absent="not-performed",
    )

    rows = Observation.objects.filter(assessment__case=case, entry__sequence=2)
    assert sorted(rows.values_list("variable", "value", "observed_on", "note", "absent")) == [
        ("crp", "40", date(2024, 3, 5), "haemolytic", ""),
        ("ferritin", "", None, "", "not-performed"),
    ]
    page = desk.look("visits/2/")
    assert "40 mg/L" in page
    assert "on 5 Mar 2024, note: haemolytic" in page
    assert "No value: Not done" in page


def test_a_value_beyond_a_limit_is_recorded_and_shown_with_its_sign(desk: Desk, case: Case) -> None:
    desk.type("visits/2/", crp="<0.6 mg/dL", ferritin=">2000")

    rows = Observation.objects.filter(assessment__case=case, entry__sequence=2)
    assert sorted(rows.values_list("variable", "comparator", "value", "unit")) == [
        ("crp", "<", "0.6", "mg/dL"),
        ("ferritin", ">", "2000", "ng/mL"),
    ]
    for path in ("visits/2/", "history/", "visits/2/values/crp/"):
        assert "<0.6 mg/dL" in desk.look(path)
    assert "Before: >2000 ng/mL (6 Mar 2024)" in plain(desk.look("visits/new/day_28/"))


def test_a_pending_value_is_asked_for_again_and_needs_no_reason(desk: Desk, case: Case) -> None:
    desk.type("visits/2/", crp__absent="temp-unknown")
    assert "Pending." in desk.look("visits/2/")

    desk.type("visits/2/", crp="40")

    assert recorded(case)["crp"] == 40
    assert case.entries.last().reason == "The value has become known."  # type: ignore[union-attr]  # there is one


# Refused, asked about


def test_of_a_refused_form_nothing_is_recorded_and_everything_comes_back(
    desk: Desk, case: Case
) -> None:
    typed = {"ldh": "9", "extranodal_sites": "2", "crp": "40", "crp-note": "née 'x' <b>"}

    answer = desk.send("visits/2/", desk.opened("visits/2/") | typed)

    page = text_of(answer)
    assert answer.status_code == 422
    assert recorded(case) == {"ecog": 1}
    assert "9 U/L is impossible: from 10 to 30000 U/L is possible." in page
    for name in ("ldh", "extranodal_sites", "crp"):
        assert re.search(f'name="{name}"[^>]*value="{typed[name]}"', page)
    assert "née &#39;x&#39; &lt;b&gt;" in answer.content.decode()
    assert 'href="#id_ldh"' in page


def test_one_button_records_the_rest_and_keeps_what_was_refused(desk: Desk, case: Case) -> None:
    typed = desk.opened("visits/2/") | {"ldh": "9", "extranodal_sites": "2", "rest": "1"}

    answer = desk.send("visits/2/", typed)

    assert recorded(case) == {"ecog": 1, "extranodal_sites": 2}
    assert re.search('name="ldh"[^>]*value="9"', text_of(answer))
    assert 'name="extranodal_sites"' not in text_of(answer)
    assert "The rest is recorded. This is not yet:" in text_of(answer)
    assert "Nothing of it is saved" not in text_of(answer)
    # The form that is left is another save: it can be sent on its own.
    left = {"token": re.findall('name="token" value="([^"]+)"', text_of(answer))[0]}
    desk.send("visits/2/", left | {"ldh": "300", "ldh-limit": "250"})
    assert recorded(case)["ldh"] == 300


def test_one_button_records_the_rest_of_a_new_visit(desk: Desk, case: Case) -> None:
    typed = desk.opened("visits/new/day_28/") | {
        "date": "2024-04-03", "suvmax": "1000", "response": "PR", "rest": "1",
    }  # fmt: skip

    answer = desk.send("visits/new/day_28/", typed)

    assert recorded(case, "day_28") == {"response": "PR"}
    assert f'action="{desk.address("visits/3/")}"' in text_of(answer)
    assert re.search('name="suvmax"[^>]*value="1000"', text_of(answer))


def test_without_a_date_a_new_visit_is_not_recorded_even_in_part(desk: Desk, case: Case) -> None:
    for day in ("", "3.4.2024", "2024-02-30"):
        typed = desk.opened("visits/new/day_28/") | {"date": day, "response": "PR", "rest": "1"}

        answer = desk.send("visits/new/day_28/", typed)

        assert answer.status_code == 422
        assert "rest" not in re.findall('name="(rest)"', text_of(answer))
    assert case.entries.count() == 1


def test_what_is_asked_about_is_recorded_once_it_is_confirmed(desk: Desk, case: Case) -> None:
    typed = desk.opened("visits/2/") | {"crp": "3"}
    asked = desk.send("visits/2/", typed)
    assert "3 mg/dL would be 30 mg/L" in text_of(asked)
    assert recorded(case) == {"ecog": 1}
    (answer,) = re.findall('name="crp-sure" id="[^"]+" value="([^"]+)"', text_of(asked))

    desk.send("visits/2/", typed | {"crp-sure": [answer]})

    assert Observation.objects.get(variable="crp", entry__sequence=2).confirmed
    assert recorded(case)["crp"] == 3


def test_a_date_outside_the_window_of_the_visit_is_asked_about_once(desk: Desk, case: Case) -> None:
    typed = desk.opened("visits/new/day_7/") | {"date": "2024-03-06", "crp": "40"}

    asked = desk.send("visits/new/day_7/", typed)
    assert "Day 0 after infusion lies outside the window of days 5 to 8." in text_of(asked)
    assert case.entries.count() == 1
    (answer,) = re.findall('name="date-sure" id="[^"]+" value="([^"]+)"', text_of(asked))
    desk.send("visits/new/day_7/", typed | {"date-sure": [answer]})

    assert recorded(case, "day_7") == {"crp": 40}


def test_nobody_is_seen_after_a_death(desk: Desk, case: Case) -> None:
    desk.type("events/new/death/", date="2024-04-10")

    late = desk.type("visits/new/day_28/", date="2024-04-11", ecog="1")
    on_the_day = desk.type("visits/new/day_28/", date="2024-04-10", ecog="1")

    assert (late.status_code, on_the_day.status_code) == (422, 302)
    assert "It is after the death of 10 Apr 2024." in text_of(late)
    assert recorded(case, "day_28") == {"ecog": 1}


def test_the_limit_of_the_centre_is_offered_and_never_taken_silently(
    desk: Desk, case: Case
) -> None:
    CentreLimit.objects.create(centre=case.centre, variable="ldh", unit="U/L", value="255")
    assert "As usual here: 255 U/L" in desk.look("visits/2/")

    asked = desk.type("visits/2/", ldh="300")
    assert "Without the laboratory's upper limit of normal" in text_of(asked)
    desk.type("visits/2/", ldh="300", ldh__centre="on")

    (row,) = Observation.objects.filter(variable="ldh")
    assert (row.value, row.upper_limit) == ("300", "255")


def test_the_product_is_asked_again_at_infusion(desk: Desk, case: Case) -> None:
    desk.type("visits/1/standing/", product="axi_cel")
    assert "Axicabtagene ciloleucel" in desk.look("visits/2/standing/")

    asked = desk.type("visits/2/", product="tisa_cel")

    told = (
        "Tisagenlecleucel (4-1BB) is recorded as given, "
        "but Axicabtagene ciloleucel (CD28) at Election, 1 Feb 2024."
    )
    assert told in text_of(asked)
    assert 'name="product"' not in desk.look("visits/1/")


def test_standing_facts_are_asked_once_and_recorded_as_known_at_a_visit(
    desk: Desk, case: Case
) -> None:
    answer = desk.type(
        "visits/1/standing/", histology="pmbcl", histology__on="2023-12-24", cirs_renal="3"
    )

    assert answer.headers["Location"] == desk.address("visits/1/standing/")
    assert recorded(case, "election") == {"crp": 35, "histology": "pmbcl", "cirs_renal": 3}
    page = desk.look("visits/2/standing/")
    assert 'name="histology"' not in page
    assert "on 24 Dec 2023" in page
    assert re.search(r"CIRS Renal.*?on 1 Feb 2024", page, re.DOTALL)
    assert 'name="tp53"' in page


def test_a_visit_out_of_order_is_refused_at_its_date(desk: Desk, case: Case) -> None:
    answer = desk.type("visits/new/day_28/", date="2024-03-01", response="PR")

    assert answer.status_code == 422
    assert "cannot be before" in text_of(answer)
    assert case.entries.count() == 1


@pytest.mark.parametrize("text", ["\0", "x" * 41, "\uff11\uff12"])
def test_what_no_database_holds_alike_is_refused_at_the_field(desk: Desk, text: str) -> None:
    assert desk.type("visits/2/", crp=text).status_code == 422


# Twice, and by two


def test_an_interim_visit_sent_twice_leads_to_the_one_that_was_recorded(desk: Desk) -> None:
    form = desk.opened("visits/new/interim/") | {"date": "2024-03-20", "crp": "30"}

    answers = [desk.send("visits/new/interim/", form) for _ in range(2)]

    assert [a.headers["Location"] for a in answers] == [desk.address("visits/3/")] * 2


def test_a_form_sent_twice_is_one_entry(desk: Desk, case: Case) -> None:
    typed = desk.opened("visits/2/") | {"crp": "40"}

    answers = [desk.send("visits/2/", typed) for _ in range(3)]

    assert [a.status_code for a in answers] == [302, 302, 302]
    assert case.entries.count() == 2


def test_a_form_sent_again_with_other_content_says_so_and_keeps_it(desk: Desk, case: Case) -> None:
    typed = desk.opened("visits/2/") | {"crp": "40"}
    desk.send("visits/2/", typed)

    answer = desk.send("visits/2/", typed | {"ferritin": "400"})

    assert answer.status_code == 422
    assert "This form was saved before with other content." in text_of(answer)
    assert re.search('name="ferritin"[^>]*value="400"', text_of(answer))


# Who may


def test_a_reader_sees_values_and_no_input(case: Case) -> None:
    desk = Desk(courses.person("reader", Role.READER), case)

    page = desk.look("visits/2/")

    assert "ECOG performance status" in page
    assert 'name="crp"' not in page
    assert "Correct" not in page
    refused = desk.send("visits/2/", {"token": "0" * 8 + "-0000" * 3 + "-" + "0" * 12, "crp": "4"})
    assert refused.status_code == 403


@pytest.mark.parametrize(
    "path", ["visits/9/", "visits/9/standing/", "visits/new/day_14/", "visits/2/values/mood/"]
)
def test_what_the_case_has_not_is_not_found(desk: Desk, path: str) -> None:
    assert desk.client.get(desk.address(path)).status_code == 404


# Queries


@pytest.mark.parametrize("path", ["records/", "visits/1/", "visits/1/standing/"])
def test_as_many_queries_for_thirty_visits_as_for_two(
    desk: Desk, case: Case, ana: User, path: str
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            desk.look(path)
        return len(seen)

    few = queries()
    for day in range(1, 29):
        courses.record(case, ana, *visit("interim", date(2024, 4, day), crp="4", ecog="1"), line())

    assert queries() == few
    assert breaks(case) == []
    assert Entry.objects.filter(case=case).count() == 29


def test_a_value_can_be_recorded_at_a_visit_that_does_not_ask_for_it(
    desk: Desk, case: Case
) -> None:
    assert "Creatinine" in desk.look("visits/2/")

    desk.type("visits/2/values/creatinine/", creatinine="0.9")

    assert recorded(case)["creatinine"] == Decimal("0.9")
    assert "0.9 mg/dL" in desk.look("visits/2/")


@pytest.mark.parametrize(
    ("died_after", "offered"),
    [(74, ["relapse"]), (75, ["day_90", "relapse"]), (None, ["day_90", "relapse"])],
)
def test_nobody_is_led_to_a_visit_after_the_death(
    ana: User, died_after: int | None, offered: list[str]
) -> None:
    """The window of day +90 opens on day 75."""
    days = {"day_7": 7, "day_28": 28}
    visits = [visit(name, INFUSION_DAY + timedelta(days)) for name, days in days.items()]
    died = [event("death", INFUSION_DAY + timedelta(died_after))] if died_after else []
    case = courses.case(ana, *visit(), *chain(*visits), *died, case_id="A-2")

    page = Desk(ana, case).look("visits/3/")

    assert onward(page) == offered
