"""Corrections: with a reason, beside what was recorded, and never over somebody else's words."""

import re
from datetime import date
from typing import Any

import pytest

from patients.models import Case, Entry, Observation, Role, TreatmentRevision, User
from patients.records.chain import breaks
from riskfactors.domain.consistency import warnings
from riskfactors.domain.findings import assess
from riskfactors.domain.vocabulary import Verdict
from riskfactors.published import catalogue
from tests.patients import courses
from tests.patients.courses import infusion, known, record, values, visit
from tests.patients.desks import Desk, hidden_in, text_of

BEFORE = date(2024, 2, 1)


@pytest.fixture
def leo(db: None) -> User:
    leo = courses.person("leo.vidal", Role.CLINICIAN)
    leo.first_name, leo.last_name = "Leo", "Vidal"
    leo.save()
    return leo


@pytest.fixture(scope="module")
def recorded_once(kept_for_the_module: None) -> tuple[User, Case]:
    """Election, a line of therapy, infusion with performance status 1, day 28 with a response."""
    ana = courses.person("ana.ruiz", Role.CLINICIAN)
    return ana, courses.case(
        ana,
        *visit("election", BEFORE, response="SD"),
        courses.line(best_response="PR", end=date(2020, 6, 1)),
        *visit(ecog="1", crp="35"),
        *visit("day_28", date(2024, 4, 3), response="PR"),
        courses.event("crs", date(2024, 3, 9), grade=2),
    )


def rows(of: Case, variable: str) -> list[tuple[Any, ...]]:
    found = Observation.objects.filter(assessment__case=of, variable=variable)
    return list(found.order_by("pk").values_list("revision", "value", "withdrawn", "entry__reason"))


def at_infusion(of: Case) -> dict[str, Any]:
    (found,) = (a for a in known(of).assessments if a.milestone == "infusion")
    return {name: o.fact.value for name, o in found.observations.items()}


# Values


def test_a_correction_keeps_the_old_value_with_who_when_and_why(desk: Desk, case: Case) -> None:
    answer = desk.type("visits/2/values/ecog/", ecog="2", reason="read wrongly")

    assert answer.headers["Location"] == desk.address("visits/2/")
    assert rows(case, "ecog") == [(1, "1", False, ""), (2, "2", False, "read wrongly")]
    page = re.sub(r"<[^>]+>|\s+", " ", desk.look("visits/2/values/ecog/"))
    assert re.search(r"1\s+When.*ana\.ruiz.*2\s+When.*ana\.ruiz.*read wrongly", page)


def test_a_correction_without_a_reason_is_not_recorded_and_comes_back(
    desk: Desk, case: Case
) -> None:
    answer = desk.type("visits/2/values/crp/", crp="53", reason=" ")

    assert answer.status_code == 422
    assert "Say why what was recorded is corrected." in text_of(answer)
    assert re.search('name="crp"[^>]*value="53"', text_of(answer))
    assert case.entries.count() == 1


def test_an_empty_correction_changes_nothing(desk: Desk, case: Case) -> None:
    answer = desk.type("visits/2/values/crp/", reason="none")

    assert answer.status_code == 422
    assert case.entries.count() == 1


def test_what_was_recorded_in_error_is_withdrawn_and_can_be_recorded_anew(
    desk: Desk, case: Case
) -> None:
    desk.type("visits/2/values/crp/", withdraw="on", reason="of another patient")
    assert at_infusion(case) == {"ecog": 1}
    assert "Withdrawn: it was recorded in error" in desk.look("visits/2/values/crp/")

    desk.type("visits/2/", crp="53")

    assert at_infusion(case) == {"ecog": 1, "crp": 53}
    assert [row[:3] for row in rows(case, "crp")] == [
        (1, "35", False),
        (2, "", True),
        (3, "53", False),
    ]


def test_another_value_and_a_withdrawal_together_are_refused(desk: Desk, case: Case) -> None:
    answer = desk.type("visits/2/values/crp/", crp="53", withdraw="on", reason="both")

    assert "Give another value or withdraw, not both." in text_of(answer)
    assert case.entries.count() == 1


def test_an_impossible_correction_is_refused_and_an_unlikely_one_asked_about(desk: Desk) -> None:
    refused = desk.type("visits/2/values/crp/", crp="1001", reason="typing error")
    asked = desk.type("visits/2/values/crp/", crp="600", reason="typing error")

    assert "1001 mg/L is impossible" in text_of(refused)
    assert "600 mg/L is unusual" in text_of(asked)


# Two people


def test_first_values_of_two_people_meet_and_nothing_typed_is_lost(
    desk: Desk, case: Case, leo: User
) -> None:
    typed = desk.opened("visits/2/") | {"ferritin": "400", "extranodal_sites": "3", "il6": "12"}
    Desk(leo, case).type("visits/2/", ferritin="500")

    answer = desk.send("visits/2/", typed)

    page = text_of(answer)
    assert answer.status_code == 409
    assert case.entries.count() == 2
    assert [text in page for text in ("Ferritin", "500 ng/mL", "400 ng/mL", "Leo Vidal")] == [
        True
    ] * 4
    carried = hidden_in(answer)
    assert carried["extranodal_sites"] == "3"
    assert carried["il6"] == "12"

    desk.send("visits/2/", carried | {"clash-ferritin": "theirs"})

    assert at_infusion(case) == {"ecog": 1, "crp": 35, "ferritin": 500} | {
        "extranodal_sites": 3,
        "il6": 12,
    }


def test_mine_replaces_theirs_as_a_correction_with_a_reason(
    desk: Desk, case: Case, leo: User
) -> None:
    typed = desk.opened("visits/2/") | {"ferritin": "400"}
    Desk(leo, case).type("visits/2/", ferritin="500")
    carried = hidden_in(desk.send("visits/2/", typed))

    without = desk.send("visits/2/", carried | {"clash-ferritin": "mine"})
    assert "Say why what was recorded is replaced." in text_of(without)
    assert '<input type="text" name="reason"' in text_of(without)
    again = {"token": carried["token"], "ferritin": "400", "reason": "sample swapped"}
    desk.send("visits/2/", hidden_in(without) | again)

    assert [row[:2] for row in rows(case, "ferritin")] == [(1, "500"), (2, "400")]
    assert case.entries.last().reason == "sample swapped"  # type: ignore[union-attr]  # there is one


def test_a_conflict_that_is_not_settled_is_shown_again(desk: Desk, case: Case, leo: User) -> None:
    typed = desk.opened("visits/2/") | {"ferritin": "400"}
    Desk(leo, case).type("visits/2/", ferritin="500")
    carried = hidden_in(desk.send("visits/2/", typed))

    again = desk.send("visits/2/", carried)

    assert again.status_code == 409


def test_two_corrections_of_one_value_meet(desk: Desk, case: Case, leo: User) -> None:
    typed = desk.opened("visits/2/values/crp/") | {"crp": "53", "reason": "mine"}
    Desk(leo, case).type("visits/2/values/crp/", crp="55", reason="theirs")

    answer = desk.send("visits/2/values/crp/", typed)

    page = text_of(answer)
    assert answer.status_code == 409
    assert [text in page for text in ("35 mg/L", "55 mg/L", "53 mg/L")] == [True] * 3

    kept = desk.send("visits/2/values/crp/", hidden_in(answer) | {"clash-crp": "theirs"})

    assert kept.headers["Location"] == desk.address("visits/2/")
    assert [row[1] for row in rows(case, "crp")] == ["35", "55"]
    carried = hidden_in(answer)
    desk.send("visits/2/values/crp/", carried | {"clash-crp": "mine", "reason": "mine"})
    assert [row[:2] for row in rows(case, "crp")] == [(1, "35"), (2, "55"), (3, "53")]
    assert breaks(case) == []


@pytest.mark.parametrize("reason", ["", "misread"])
def test_who_was_first_is_shown_at_once_and_no_reason_is_asked_for(
    reason: str, desk: Desk, case: Case, leo: User
) -> None:
    """A form that was opened for a first value is a correction by the time it is sent."""
    typed = desk.opened("visits/2/values/ferritin/") | {"ferritin": "400", "reason": reason}
    Desk(leo, case).type("visits/2/values/ferritin/", ferritin="500")

    answer = desk.send("visits/2/values/ferritin/", typed)

    page = text_of(answer)
    assert answer.status_code == 409
    assert ["500 ng/mL" in page, "400 ng/mL" in page] == [True, True]
    assert [row[:2] for row in rows(case, "ferritin")] == [(1, "500")]


def test_a_first_value_that_is_sent_twice_is_recorded_once(desk: Desk, case: Case) -> None:
    typed = desk.opened("visits/2/values/ferritin/") | {"ferritin": "400"}

    answers = [desk.send("visits/2/values/ferritin/", typed) for _each in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert [row[:2] for row in rows(case, "ferritin")] == [(1, "400")]


def test_two_people_who_reach_the_same_milestone_meet_there(
    desk: Desk, case: Case, leo: User
) -> None:
    typed = desk.opened("visits/new/day_90/") | {"date": "2024-06-04", "suvmax": "4"}
    Desk(leo, case).type("visits/new/day_90/", date="2024-06-05", response="CR")

    answer = desk.send("visits/new/day_90/", typed)
    assert answer.status_code == 409
    assert "5 Jun 2024" in text_of(answer)
    desk.send("visits/4/", hidden_in(answer) | {"clash-date": "theirs"})

    (found,) = (a for a in known(case).assessments if a.milestone == "day_90")
    assert found.date == date(2024, 6, 5)
    assert {n: o.fact.value for n, o in found.observations.items()} == {
        "response": "CR",
        "suvmax": 4,
    }


# Dates, treatments, events


def test_correcting_the_infusion_lists_the_verdicts_that_change_before_it_is_recorded(
    desk: Desk, case: Case, ana: User
) -> None:
    record(case, ana, *visit("relapse", date(2024, 4, 10), response="PD", prior_lines="3"))
    typed = {"date": "2024-03-20", "reason": "read wrongly"}

    shown = desk.send("visits/2/date/", desk.opened("visits/2/date/") | typed)

    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text_of(shown)))
    assert "Nothing is recorded yet." in page
    assert case.entries.count() == 2
    assert "6 Mar 2024" in page
    assert "20 Mar 2024" in page
    names = {f.key: f.name for f in catalogue().factors}
    changed = {names[key] for key in _changed(case, infusion_on=date(2024, 3, 20))}
    assert changed
    assert [name for name in changed if name not in page] == []
    outside = "Day +28, 3 Apr 2024: day 14 after infusion lies outside the window of days 21 to 42."
    assert outside in page

    desk.send("visits/2/date/", hidden_in(shown) | {"confirmed": "1"})

    assert infusion(case).assessmentdate_set.count() == 2
    assert case.entries.last().reason == "read wrongly"  # type: ignore[union-attr]  # there is one


def test_a_correction_lists_no_warning_that_was_given_before(
    desk: Desk, case: Case, ana: User
) -> None:
    record(case, ana, *visit("day_90", date(2024, 5, 1)))
    typed = {"date": "2024-04-04", "reason": "read wrongly"}

    shown = desk.send("visits/3/date/", desk.opened("visits/3/date/") | typed)

    assert "No verdict would change." in text_of(shown)
    assert "What would be unusual" not in text_of(shown)
    found = [concern.phrase.key for concern in warnings(known(case), catalogue().dictionary)]
    assert found == ["outside_window"]


def _changed(case: Case, *, infusion_on: date) -> set[str]:
    """The factors with another verdict if the infusion had been on another day."""
    snapshot = known(case)
    moved = tuple(
        type(a)(
            milestone=a.milestone,
            date=infusion_on if a.milestone == "infusion" else a.date,
            observations=a.observations,
            absences=a.absences,
        )
        for a in snapshot.assessments
    )
    other = type(snapshot)(
        case_id=snapshot.case_id,
        birth_date=snapshot.birth_date,
        sex=snapshot.sex,
        assessments=moved,
        treatments=snapshot.treatments,
        events=snapshot.events,
    )

    def verdicts(of: Any) -> dict[tuple[str, str], Verdict]:
        found = assess(of, catalogue().agenda)
        return {(m.milestone, f.factor): f.verdict for m in found for f in m.findings}

    before, after = verdicts(snapshot), verdicts(other)
    return {key[1] for key in before if before[key] != after[key]}


def test_back_from_the_preview_keeps_what_was_typed(desk: Desk, case: Case) -> None:
    typed = desk.opened("treatments/1/") | {"start": "2020-02-01", "reason": "typing error"}
    shown = desk.send("treatments/1/", typed)

    back = desk.send("treatments/1/", hidden_in(shown) | {"back": "1"})

    assert case.entries.count() == 1
    assert re.search('name="start" value="2020-02-01"', text_of(back))


def test_a_treatment_is_recorded_with_all_that_its_role_has(desk: Desk, case: Case) -> None:
    desk.type(
        "treatments/new/bridging/",
        regimen="polatuzumab",
        modality="systemic",
        start="2024-02-10",
        end="2024-02-12",
        best_response="PD",
        response_on="2024-02-28",
    )

    treatment = known(case).treatments[-1]
    assert (treatment.role, treatment.modality, treatment.best_response) == (
        "bridging",
        "systemic",
        "PD",
    )
    assert (
        "Bridging: polatuzumab, systemic, 10 Feb 2024 to 12 Feb 2024, "
        "best response: Progressive disease (28 Feb 2024)"
    ) in desk.look("records/")


@pytest.mark.parametrize(
    ("path", "typed", "field"),
    [
        ("treatments/new/bridging/", {"start": "2024-02-10"}, "Modality"),
        ("treatments/new/line/", {"regimen": "R-CHOP"}, "Start"),
        ("treatments/new/line/", {"start": "2024-02-10", "end": "2024-02-09"}, "End"),
        ("treatments/new/line/", {"start": "1960-02-10"}, "Start"),
        ("treatments/new/line/", {"start": "2020-02-10", "response_on": "2021-01-01"}, "Best"),
        ("treatments/new/line/", {"start": "10.2.2024"}, "Start"),
        ("treatments/new/salvage/", {"start": "2024-02-10", "treatment_class": "x"}, "Class"),
        ("treatments/new/line/", {"start": "2999-02-10"}, "Start"),
        ("events/new/death/", {"cause": "lymphoma"}, "Date"),
        ("events/new/last_contact/", {"date": "2999-03-09"}, "Date"),
        ("events/new/crs/", {"date": "2024-03-09", "grade": "6"}, "Grade"),
    ],
)
def test_a_wrong_statement_is_refused_at_its_field_and_comes_back(
    desk: Desk, case: Case, path: str, typed: dict[str, str], field: str
) -> None:
    answer = desk.type(path, **typed)

    faults = text_of(answer).partition('class="faults"')[2].partition("</div>")[0]
    assert answer.status_code == 422
    assert field in faults
    assert case.entries.count() == 1
    for value_typed in typed.values():
        assert value_typed in text_of(answer) or value_typed in ("x", "6")


def test_a_response_that_became_known_is_a_correction_of_the_treatment(
    desk: Desk, case: Case
) -> None:
    typed = desk.opened("treatments/1/") | {
        "regimen": "R-CHOP",
        "start": "2020-01-01",
        "end": "2020-06-01",
        "best_response": "PD",
        "reason": "the response has become known",
    }
    shown = desk.send("treatments/1/", typed)
    assert "Last therapy" in text_of(shown) or "Criterion met" in text_of(shown)

    desk.send("treatments/1/", hidden_in(shown) | {"confirmed": "1"})

    assert [t.best_response for t in known(case).treatments] == ["PD"]
    assert TreatmentRevision.objects.filter(treatment__case=case).count() == 2


@pytest.mark.parametrize("path", ["treatments/1/", "events/1/"])
def test_a_treatment_or_an_event_is_withdrawn_with_a_reason_alone(
    desk: Desk, case: Case, path: str
) -> None:
    opened = desk.opened(path)
    refused = desk.send(path, opened | {"withdraw": "1"})
    assert refused.status_code == 422

    shown = desk.send(path, opened | {"withdraw": "1", "reason": "of another patient"})
    desk.send(path, hidden_in(shown) | {"confirmed": "1"})

    now = known(case)
    assert len(now.treatments) + len(now.events) == 1
    assert "Withdrawn: it was recorded in error" in desk.look("records/")


def test_two_corrections_of_one_treatment_meet(desk: Desk, case: Case, leo: User) -> None:
    path, mine = "treatments/1/", {"start": "2020-02-01", "reason": "mine"}
    opened = desk.opened(path)
    theirs = Desk(leo, case)
    shown = theirs.send(path, theirs.opened(path) | {"start": "2020-03-01", "reason": "theirs"})
    theirs.send(path, hidden_in(shown) | {"confirmed": "1"})

    answer = desk.send(path, opened | mine | {"confirmed": "1"})

    page = text_of(answer)
    assert answer.status_code == 409
    assert ["1 Mar 2020" in page, "1 Feb 2020" in page] == [True, True]
    (seen,) = re.findall(r'name="seen" value="(\d+)"', page)
    shown = desk.send(path, hidden_in(answer) | {"seen": seen})
    desk.send(path, hidden_in(shown) | {"confirmed": "1"})
    assert [t.start for t in known(case).treatments] == [date(2020, 2, 1)]


def test_an_event_is_recorded_and_corrected(desk: Desk, case: Case) -> None:
    desk.type("events/new/icans/", date="2024-03-10", grade="3", note="worst on day 4")
    assert "Neurotoxicity, grade 3, 10 Mar 2024, note: worst on day 4" in desk.look("records/")

    shown = desk.type("events/1/", date="2024-03-09", grade="3", reason="graded anew")
    desk.send("events/1/", hidden_in(shown) | {"confirmed": "1"})

    assert sorted(e.grade for e in known(case).events if e.grade) == [3, 3]


def test_a_correction_keeps_long_and_broken_lines_that_came_with_a_document(
    desk: Desk, case: Case, ana: User
) -> None:
    regimen, note = "R-CHOP, " * 100, "Port infected.\n\tRemoved."
    record(case, ana, courses.line(regimen), courses.event(note=note))

    shown = {path: desk.look(path) for path in ("treatments/2/", "events/2/")}
    for path, typed in (
        ("treatments/2/", {"regimen": regimen, "start": "2021-02-10"}),
        ("events/2/", {"note": note.replace("\n", "\r\n"), "date": "2024-03-10"}),
    ):
        changes = desk.type(path, **typed, reason="typing error")
        sent = desk.send(path, hidden_in(changes) | {"confirmed": "1"})
        assert sent.status_code == 302

    assert f">\n{note}</textarea>" in shown["events/2/"]
    assert known(case).treatments[-1].regimen == regimen.strip()
    assert known(case).events[-1].note == note


def test_a_second_death_is_refused_and_the_same_form_twice_is_one(desk: Desk, case: Case) -> None:
    form = desk.opened("events/new/death/") | {"date": "2024-04-10"}

    first, again = (desk.send("events/new/death/", form) for _time in range(2))
    other = desk.type("events/new/death/", date="2024-05-01")

    assert (first.status_code, again.status_code, other.status_code) == (302, 302, 422)
    assert "A death is recorded already. Correct what is recorded instead." in text_of(other)
    assert [e.date for e in known(case).events if e.kind == "death"] == [date(2024, 4, 10)]


def test_a_preview_leaves_no_trace(desk: Desk, case: Case) -> None:
    before = (Entry.objects.count(), Observation.objects.count(), values(case))

    desk.type("visits/2/date/", date="2024-03-07", reason="typing error")

    assert (Entry.objects.count(), Observation.objects.count(), values(case)) == before
    (found,) = (a for a in known(case).assessments if a.milestone == "infusion")
    assert found.date == date(2024, 3, 6)


def test_a_death_before_a_visit_is_refused_at_its_date(desk: Desk, case: Case) -> None:
    early = desk.type("events/new/death/", date="2024-04-02")
    on_the_day = desk.type("events/new/death/", date="2024-04-03")
    corrected = desk.type("events/2/", date="2024-04-02", reason="typing error")

    statuses = [early.status_code, on_the_day.status_code, corrected.status_code]
    assert statuses == [422, 302, 422]
    assert "Day +28, 3 Apr 2024: It is after the death of 2 Apr 2024." in text_of(early)


def test_a_visit_is_not_moved_behind_a_death(desk: Desk, case: Case) -> None:
    desk.type("events/new/death/", date="2024-04-10")

    late = desk.type("visits/2/date/", date="2024-04-11", reason="typing error")

    assert late.status_code == 422
    assert "It is after the death of 10 Apr 2024." in text_of(late)
