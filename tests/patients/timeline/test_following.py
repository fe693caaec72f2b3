"""What follows from what is typed: what the case would say if it were recorded, and no record."""

import re
from datetime import date
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.http import QueryDict

from patients.course.known import Moment, course_of, known_now
from patients.entry.places import visit_at
from patients.models import Access, Case, JournalLine, Role, User
from patients.permissions import Right, open_case_of
from patients.timeline.following import Following, following
from riskfactors.domain.timepoints import Milestone
from tests.domain.cases import Json
from tests.patients import courses
from tests.patients.courses import visit
from tests.patients.desks import Desk, text_of
from tests.patients.screens import imported, plain, row_figures, vignette

LYMPHODEPLETION = "visits/new/lymphodepletion/"
FOLLOWS = f"{LYMPHODEPLETION}follows/"
ON = {"date": "2024-03-01"}


@pytest.fixture
def ana(db: None) -> User:
    return courses.person("ana.ruiz", Role.CLINICIAN)


@pytest.fixture
def case(ana: User) -> Case:
    return courses.case(ana, *visit("election", date(2024, 2, 1), crp="35"), *visit(crp="90"))


@pytest.fixture
def desk(ana: User, case: Case) -> Desk:
    return Desk(ana, case)


def follows(desk: Desk, path: str, **typed: str) -> str:
    """The part of the page that is answered to what is typed in a form."""
    answer = desk.send(f"{path}follows/", desk.opened(path) | fields(typed))
    assert answer.status_code == 200
    return text_of(answer)


def fields(typed: dict[str, str]) -> dict[str, str]:
    return {name.replace("__", "-"): value for name, value in typed.items()}


def index(part: str, key: str) -> str:
    """What is said of an index before it is opened."""
    found = re.search(rf'data-index="{key}".*?<summary>(.*?)</summary>', part, re.DOTALL)
    assert found is not None
    return plain(found[1])


def arithmetic(part: str, key: str) -> list[str]:
    """The points of an index."""
    found = re.search(rf'data-index="{key}".*?</details>', part, re.DOTALL)
    assert found is not None
    return [plain(line) for line in re.findall(r"<li>(.*?)<span", found[0], re.DOTALL)]


def finding(part: str, factor: str) -> str:
    """What stands first of a finding, nothing where it is not told."""
    found = re.search(rf'<li data-factor="{factor}"[^>]*>(.*?)\n', part)
    return plain(found[1]) if found else ""


def typed_from(visit: Json) -> dict[str, str]:
    """What somebody types who has the values of a visit before them."""
    typed = {"date": visit["date"]}
    for name, said in visit.get("observations", {}).items():
        of = said if isinstance(said, dict) else {"value": said}
        typed[name] = f"{of.get('comparator', '')}{of.get('value', '')}"
        typed[f"{name}-sure"] = f"{name} without limit"
        for part, field in (("unit", "unit"), ("upper_limit", "limit"), ("observed_on", "on")):
            if part in of:
                typed[f"{name}-{field}"] = str(of[part])
    return typed


@pytest.mark.parametrize("name", ["01", "02", "04", "05", "09"])
def test_what_follows_is_what_is_found_once_it_is_recorded(db: None, name: str) -> None:
    """Every verdict, ground and score of every milestone, for each visit of a vignette."""
    document = vignette(name)
    visits = document["assessments"]

    foreseen, found = [], []
    for place, of in enumerate(visits):
        others = [other for other in visits if other is not of]
        rest = document | {"assessments": others, "case_id": f"without {place}"}
        desk = Desk(manager(), imported(rest, manager()))
        path = f"visits/new/{of['milestone']}/"
        form = desk.opened(path) | typed_from(of)
        foreseen.append(foreseen_by(desk, of["milestone"], form))
        answered(desk, desk.send(path, form))
        found.append(course_of(now(desk)).findings)

    assert [following.after and following.after.findings for following in foreseen] == found


def test_standing_facts_follow_too(desk: Desk) -> None:
    part = follows(desk, "visits/1/standing/", histology="thrlbcl", tp53="altered")

    assert finding(part, "tp53_altered") == (
        "TP53 altered: Mutated or deleted, met, adverse association changes"
    )


def test_a_score_runs_between_bounds_until_all_is_typed(desk: Desk) -> None:
    blood = {"platelets": "64", "neutrophils": "0,8", "hemoglobin": "10", "crp": ">40"}

    begun = follows(desk, LYMPHODEPLETION, **ON, **blood)
    whole = follows(desk, LYMPHODEPLETION, **ON, **blood, ferritin="700")

    assert index(begun, "car_hematotox") == "CAR-HEMATOTOX 4 to 6 of 7, high changes"
    assert index(whole, "car_hematotox") == "CAR-HEMATOTOX 5 of 7, high changes"
    assert arithmetic(begun, "car_hematotox") == [
        "Platelets: 64 ×10⁹/L 2",
        "Absolute neutrophil count: 0.8 ×10⁹/L 1",
        "Haemoglobin: 10 g/dL 0",
        "C-reactive protein: >40 mg/L 1",
        "Ferritin: not recorded 0 to 2",
    ]


def test_only_what_is_typed_changes_something(ana: User) -> None:
    case = courses.case(
        ana, *visit("lymphodepletion", date(2024, 3, 1), ecog="2", ferritin="700", crp="40")
    )

    part = follows(Desk(ana, case), "visits/1/", platelets="64")

    assert index(part, "car_hematotox") == "CAR-HEMATOTOX 4 to 6 of 7, high changes"
    assert index(part, "aaipi") == "Age-adjusted International Prognostic Index (aaIPI) 1 to 3 of 3"
    assert finding(part, "ecog_ge_2") == "ECOG 2 or more: 2, met, adverse association"


def test_the_response_leads_and_a_new_one_is_marked(desk: Desk) -> None:
    """What is only asked about follows: to answer is to record it as it is."""
    part = follows(desk, "visits/new/day_28/", date="2024-04-03", response="PD", deauville="5")

    said = plain(part.partition("<h3>Findings")[0])
    assert said == (
        "Asked before it is recorded: Disease response (Lugano). Progressive disease without an "
        "assessment of the relapse. "
        "Response Disease response (Lugano): Progressive disease changes "
        "Deauville score: 5 changes"
    )
    assert '<li class="progression">' in part


def test_what_is_met_no_longer_says_so(ana: User) -> None:
    case = courses.case(ana, *visit("lymphodepletion", date(2024, 3, 1)))
    desk = Desk(ana, case)

    part = follows(desk, "visits/1/", ldh="200", **{"ldh-limit": "250"})

    assert finding(part, "ldh_high_lymphodepletion") == "LDH above normal: 0.8×, not met changes"


def test_half_a_number_is_named_and_the_rest_follows(desk: Desk) -> None:
    part = follows(desk, LYMPHODEPLETION, **ON, platelets="64", ferritin="7e", ldh="700")

    assert "Cannot be read yet: Ferritin." in part
    assert "Left out until it is answered: Lactate dehydrogenase. Without the lab" in part
    assert index(part, "car_hematotox") == "CAR-HEMATOTOX 2 to 7 of 7, high changes"


def test_without_its_date_nothing_follows_from_a_visit(desk: Desk) -> None:
    part = plain(follows(desk, LYMPHODEPLETION, platelets="64"))

    assert part == (
        "Cannot be read yet: Date of the visit. "
        "Give the date of the visit: what follows rests on it."
    )


def test_what_no_case_can_hold_says_why(desk: Desk) -> None:
    part = plain(follows(desk, "visits/new/relapse/", date="1950-01-01", crp="3"))

    assert part.startswith("Cannot be read yet: Date of the visit.")
    assert "data-index" not in part


def test_a_visit_that_somebody_has_recorded_meanwhile_is_opened_anew(desk: Desk, ana: User) -> None:
    form = desk.opened(LYMPHODEPLETION) | ON | {"crp": "3"}
    courses.record(desk.case, ana, *visit("lymphodepletion", date(2024, 3, 1)))

    part = text_of(desk.send(FOLLOWS, form))

    assert plain(part) == "Somebody has recorded this visit meanwhile. Open it anew."


def test_what_changes_at_other_visits_is_told(ana: User) -> None:
    day_28 = visit("day_28", date(2024, 4, 3), response="SD")
    desk = Desk(ana, courses.case(ana, *visit(), *day_28, *visit("relapse", date(2024, 7, 1))))

    part = plain(follows(desk, "visits/2/standing/", tp53="altered"))

    assert "Changes at other visits" not in part


def test_figures_stand_as_in_the_matrix(desk: Desk) -> None:
    typed = {"ecog": "2", "ldh": "700", "ldh-limit": "250", "crp": "90"}
    part = follows(desk, LYMPHODEPLETION, **ON, **typed)
    desk.type(LYMPHODEPLETION, **ON, **{k.replace("-", "__"): v for k, v in typed.items()})

    shown = re.findall(r'<li data-factor="(\w+)".*?</li>', part, re.DOTALL)
    leading = {
        key: plain(re.findall(r'<p class="study">(.*?)</p>', of, re.DOTALL)[0])
        for key, of in re.findall(r'<li data-factor="(\w+)"(.*?)</li>', part, re.DOTALL)
    }
    in_matrix = row_figures(desk.look(""))
    assert "ldh_high_lymphodepletion" in shown
    assert leading == {key: in_matrix[key].partition(" also ")[0] for key in leading}


def test_nothing_is_written_but_the_look(desk: Desk) -> None:
    form = desk.opened(LYMPHODEPLETION) | ON | {"platelets": "64", "crs_grade_max": "2"}
    before, looks = everything(), Access.objects.count()

    answer = desk.send(FOLLOWS, form)

    assert (answer.status_code, everything()) == (200, before)
    assert Access.objects.count() == looks + 1


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table but those of looks, their lines in the journal and sessions."""
    others = (Access, JournalLine, Session)
    models = [m for m in apps.get_models(include_auto_created=True) if m not in others]
    return {model.__name__: list(model._base_manager.order_by("pk").values()) for model in models}


def test_the_token_is_still_good_for_the_save(desk: Desk) -> None:
    form = desk.opened(LYMPHODEPLETION) | ON | {"platelets": "64"}
    desk.send(FOLLOWS, form)

    assert desk.send(LYMPHODEPLETION, form).status_code == 302


@pytest.mark.parametrize("path", ["visits/1/follows/", FOLLOWS, "visits/1/standing/follows/"])
def test_it_is_for_those_who_may_record(case: Case, path: str) -> None:
    reader = Desk(courses.person("lia.sanz", Role.READER), case)

    answers = [reader.send(path, {}).status_code, reader.client.get(reader.address(path))]

    assert [answers[0], answers[1].status_code] == [403, 405]


@pytest.mark.parametrize("path", ["visits/99/follows/", "visits/new/day_29/follows/"])
def test_a_visit_that_there_is_not_is_not_found(desk: Desk, path: str) -> None:
    assert desk.send(path, {}).status_code == 404


@pytest.mark.parametrize("text", ["\0", "1\0", "9" * 5000, "-1e999999", "\ud800", "<script>", "٣"])
def test_whatever_is_sent_is_answered(desk: Desk, text: str) -> None:
    form = desk.opened(LYMPHODEPLETION)
    text = text.encode(errors="replace").decode()

    answers = [
        desk.send(FOLLOWS, form | ON | dict.fromkeys((*names, "next", "reason"), text))
        for names in (["crp"], ["crp-on", "crp-unit", "crp-sure"], ["date"], ["token"], ["gap"])
    ]

    assert {answer.status_code for answer in answers} == {200}
    assert [answer for answer in answers if b"<script>" in answer.content] == []


def answered(desk: Desk, shown: Any) -> None:
    """Answer what is asked about that it is so."""
    while shown.status_code == 422:
        sure = re.findall(
            r'name="([a-z0-9_-]+-sure)" id="[^"]*" value="([^"]*)"', shown.content.decode()
        )
        assert sure
        shown = desk.answer(shown, {name: unescape(answer) for name, answer in sure})


def manager() -> User:
    found = User.objects.filter(username="ines.gil").first()
    return found or courses.person("ines.gil", Role.DATA_MANAGER)


def now(desk: Desk) -> Moment:
    """The case as it stands."""
    return known_now(open_case_of(manager(), desk.case.public_id, Right.SEE))


def foreseen_by(desk: Desk, milestone: str, form: dict[str, str]) -> Following:
    """What would follow from the form of a new visit."""
    opened = open_case_of(manager(), desk.case.public_id, Right.RECORD)
    place = visit_at(Milestone(milestone), None)
    return following(opened, place, QueryDict(urlencode(form)))
