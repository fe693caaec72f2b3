"""What a list says of a case: the last of what was recorded, as known on a day."""

from datetime import date, timedelta
from typing import Any

import pytest

from patients.models import (
    Assessment,
    AssessmentDate,
    Case,
    Event,
    EventRevision,
    Role,
    Treatment,
    TreatmentRevision,
    User,
)
from patients.records.progress import CaseProgress, CaseVersion, remembered_progress
from riskfactors.domain.progress import Timing
from riskfactors.domain.timepoints import Milestone
from tests.patients import courses
from tests.patients.courses import INFUSION_DAY, event, line, record, value, visit

TODAY = INFUSION_DAY + timedelta(days=30)


@pytest.fixture
def ana(db: None) -> User:
    return courses.person("ana.ruiz", Role.CLINICIAN)


def on(day: int) -> date:
    return INFUSION_DAY + timedelta(days=day)


def summary(case: Case, *, today: date = TODAY) -> CaseProgress:
    head = case.entries.order_by("sequence").values_list("pk", flat=True).last()
    return remembered_progress((CaseVersion(case.pk, case.public_id, head),), today=today)[case.pk]


def response_of(known: CaseProgress) -> tuple[str, date, date | None] | None:
    """The response that a list shows and its day, and the day of a relapse."""
    last = known.response
    if last.response is None:
        return None
    return last.response.code, last.response.observed_on, last.relapse


def test_a_line_says_what_was_recorded_last(ana: User) -> None:
    case = courses.case(
        ana,
        *visit("lymphodepletion", on(-6), response="SD", product="tisa_cel"),
        *visit("infusion", on(0), product="axi_cel"),
        *visit("day_28", on(28), response="PR", ecog="1"),
    )

    known = summary(case)

    assert known.infusion == INFUSION_DAY
    assert known.last_visit is not None
    assert known.last_visit.milestone is Milestone.DAY_28
    assert known.product is not None
    assert (known.product.code, known.product.milestone) == ("axi_cel", Milestone.INFUSION)
    assert response_of(known) == ("PR", on(28), None)
    assert [(v.milestone, v.timing) for v in known.expected] == [
        (Milestone.DAY_90, Timing.UPCOMING)
    ]


def test_a_missed_visit_is_overdue_until_a_later_one_is_recorded(ana: User) -> None:
    missed = courses.case(ana, *visit(), case_id="A-1")
    made_later = courses.case(ana, *visit(), *visit("day_28", on(28)), case_id="A-2")

    found = [[(v.milestone, v.timing) for v in summary(of).expected] for of in (missed, made_later)]

    assert found == [
        [(Milestone.DAY_7, Timing.OVERDUE), (Milestone.DAY_28, Timing.DUE)],
        [(Milestone.DAY_90, Timing.UPCOMING)],
    ]


def test_a_relapse_that_came_last_leads_with_what_was_before(ana: User) -> None:
    case = courses.case(
        ana,
        *visit(),
        *visit("day_28", on(20), response="CR"),
        *visit("relapse", on(25), response="PD"),
    )

    known = summary(case)

    assert (response_of(known), known.response.leads) == (("CR", on(20), on(25)), True)
    assert summary(case, today=on(24)).response.leads is False


def test_what_is_remembered_of_a_case_ends_with_its_next_entry_and_with_the_day(
    ana: User, django_assert_num_queries: Any
) -> None:
    case = courses.case(ana, *visit("day_28", on(28), response="PR"))
    seen = [response_of(summary(case))]
    with django_assert_num_queries(1):  # for the last entry
        seen.append(response_of(summary(case)))
    at = Assessment.objects.get(case=case)
    record(case, ana, value(at, "response", "CR", revision=2), reason="read again")
    seen.append(response_of(summary(case)))
    yesterday = summary(case, today=on(27))

    assert [response and response[0] for response in seen] == ["PR", "PR", "CR"]
    assert response_of(yesterday) is None


def test_corrections_count_and_withdrawn_values_do_not(ana: User) -> None:
    case = courses.case(ana, *visit("day_28", on(28), response="CR", deauville="2"))
    at = Assessment.objects.get(case=case)
    record(case, ana, value(at, "response", "PR", 2), reason="read again")
    record(case, ana, value(at, "deauville", "", 2, withdrawn=True), reason="another patient")

    known = summary(case)

    assert response_of(known) == ("PR", on(28), None)
    assert "deauville" in known.missing
    assert "response" not in known.missing


def test_a_withdrawn_visit_is_not_the_last_and_its_response_is_gone(ana: User) -> None:
    case = courses.case(ana, *visit(), *visit("day_28", on(28), response="CR"))
    at = Assessment.objects.get(case=case, milestone="day_28")
    record(case, ana, AssessmentDate(assessment=at, revision=2, date=None), reason="not his")

    known = summary(case)

    assert known.last_visit is not None
    assert (known.last_visit.milestone, response_of(known)) == (Milestone.INFUSION, None)


def test_what_is_dated_later_than_today_is_not_known(ana: User) -> None:
    case = courses.case(
        ana, *visit(), *visit("day_28", on(28), response="CR"), event("death", on(40))
    )

    early, late = summary(case, today=on(20)), summary(case, today=on(40))

    assert (response_of(early), early.died, [v.milestone for v in early.expected]) == (
        None,
        None,
        [Milestone.DAY_7],
    )
    assert (late.died, late.expected) == (on(40), ())


def test_a_withdrawn_death_did_not_happen(ana: User) -> None:
    case = courses.case(ana, *visit(), event("death", on(3)))
    gone = EventRevision(event=Event.objects.get(), revision=2, withdrawn=True)
    record(case, ana, gone, reason="another patient")

    known = summary(case)

    assert (known.died, len(known.expected)) == (None, 2)


def test_without_a_visit_age_is_that_of_today_and_after_a_death_that_of_its_day(ana: User) -> None:
    alive = courses.case(ana, case_id="A-1")
    dead = courses.case(ana, event("death", date(2014, 1, 1)), case_id="A-2")

    assert (summary(alive).age, summary(dead).age) == (50, 40)


def test_age_is_that_of_the_last_milestone_and_then_of_the_infusion(ana: User) -> None:
    """Today's age stands beside nothing that was recorded years ago."""
    case = courses.case(ana, *visit("election", date(2014, 1, 1)))
    later = date(2034, 3, 6)

    elected = summary(case, today=later).age
    record(case, ana, *visit("infusion", on(0)), *visit("day_28", on(28)))
    infused = summary(case, today=later).age

    assert (elected, infused) == (40, 50)


@pytest.mark.parametrize(
    ("absent", "missing"),
    [(None, True), ("temp-unknown", True), ("not-performed", False), ("asked-unknown", False)],
)
def test_pending_is_missing_and_any_other_reason_is_an_answer(
    ana: User, absent: str | None, missing: bool
) -> None:
    case = courses.case(ana, *visit("day_28", on(28), ecog="1"))
    if absent:
        at = Assessment.objects.get(case=case)
        record(case, ana, value(at, "deauville", "", absent=absent))

    assert ("deauville" in summary(case).missing) is missing


def test_what_an_event_or_a_treatment_answers_is_not_missing(ana: User) -> None:
    bridging = line(role="bridging", modality="systemic", start=on(-20))
    case = courses.case(ana, *visit("lymphodepletion", on(-5)), bridging)
    before = summary(case, today=on(-4)).missing
    record(case, ana, *visit(), *visit("day_28", on(28)))
    record(case, ana, event("crs", on(2), grade=3), event("icans", on(4)))
    record(case, ana, event("tocilizumab", on(3)), event("steroids", on(40)))

    asked = {"crs_grade_max", "icans_grade_max", "tocilizumab_given", "steroids_given"}
    assert "bridging" not in before
    assert asked & set(summary(case).missing) == {"icans_grade_max", "steroids_given"}


def test_a_withdrawn_event_answers_nothing(ana: User) -> None:
    case = courses.case(ana, *visit(), *visit("day_28", on(28)), event("tocilizumab", on(3)))
    before = "tocilizumab_given" in summary(case).missing
    gone = EventRevision(event=Event.objects.get(), revision=2, withdrawn=True)
    record(case, ana, gone, reason="another patient")

    assert (before, "tocilizumab_given" in summary(case).missing) == (False, True)


def test_a_withdrawn_treatment_answers_nothing(ana: User) -> None:
    given = line(role="bridging", modality="systemic", start=on(-20))
    case = courses.case(ana, *visit("lymphodepletion", on(-5)), given)
    gone = TreatmentRevision(treatment=Treatment.objects.get(), revision=2, withdrawn=True)
    record(case, ana, gone, reason="another patient")

    assert "bridging" in summary(case).missing


def test_a_standing_fact_counts_wherever_it_was_recorded(ana: User) -> None:
    case = courses.case(
        ana,
        *visit("election", on(-60), tp53="altered", ecog="1"),
        *visit("interim", on(-20), histology="dlbcl_nos"),
        *visit("infusion", on(0)),
    )

    missing = set(summary(case).missing)

    assert missing & {"tp53", "histology", "ecog", "double_expressor", "focal_cna"} == {
        "ecog",
        "double_expressor",
    }


def test_an_interim_visit_can_bring_the_last_response_but_is_no_milestone(ana: User) -> None:
    case = courses.case(
        ana,
        *visit("day_28", on(28), response="CR"),
        *visit("interim", on(29), response="PD"),
    )

    known = summary(case)

    assert known.last_visit is not None
    assert known.last_visit.milestone is Milestone.DAY_28
    assert response_of(known) == ("PD", on(29), None)
