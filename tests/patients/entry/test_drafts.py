"""What is typed is kept for its author alone: shown in its form, recorded by nobody else, gone once
it is saved."""

import re
import uuid
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from patients.course.known import course_of, known_now
from patients.models import Access, Case, Draft, Entry, Membership, Revocation, Role, User
from patients.permissions import Right, open_case_of
from patients.records import drafts
from patients.records.chain import breaks
from patients.records.drafts import MOST
from patients.transfer.documents import export_case
from tests.patients import courses
from tests.patients.courses import record, value, visit
from tests.patients.desks import Desk, fields, filled_in, plainly, text_of
from tests.patients.matrix import Cell, Matrix, routes
from tests.patients.screens import plain

PLACE = re.compile(r'data-draft-of="([^"]+)"')
DAY_28 = "visits/new/day_28/"
INFECTION = "events/new/infection/"
TYPED_AT = datetime(2026, 11, 29, 10, 41, tzinfo=timezone.get_default_timezone())
CANARY = "zqdraftcanary"
KEPT_AT = {
    "visits/2/": "visits/new/infusion/",
    "visits/2/standing/": "visits/new/infusion/standing/",
}
"""The places of forms of milestones, one before and after the visit is recorded."""


@pytest.fixture
def ana(db: None) -> User:
    return courses.person("ana.ruiz", Role.CLINICIAN)


@pytest.fixture
def case(ana: User) -> Case:
    return courses.case(
        ana,
        *visit("election", date(2024, 2, 1), crp="35"),
        *visit(ecog="1"),
        courses.line(),
        courses.event("crs", date(2024, 3, 9), grade=2),
    )


@pytest.fixture
def desk(ana: User, case: Case) -> Desk:
    return Desk(ana, case)


@pytest.fixture
def leo(case: Case) -> Desk:
    """Somebody else who records at the same centre."""
    return Desk(courses.person("leo.vidal", Role.CLINICIAN), case)


@pytest.fixture(autouse=True)
def at_a_known_time(monkeypatch: pytest.MonkeyPatch) -> None:
    class Clock:
        now = staticmethod(lambda: TYPED_AT)

    monkeypatch.setattr(drafts, "timezone", Clock)


def shown_at(desk: Desk, path: str) -> str:
    """The markup of a form."""
    page = desk.client.get(desk.address(path), follow=True).content.decode()
    (form,) = re.findall(r'<form class="records.*?</form>', page, re.DOTALL)
    return str(form)


def form_at(desk: Desk, path: str) -> dict[str, Any]:
    """A form as its page sends it, with the address that it is kept at."""
    form = shown_at(desk, path)
    return filled_in(form) | {"draft-of": PLACE.findall(form)[0]}


def type_into(desk: Desk, path: str, **typed: Any) -> dict[str, Any]:
    """Type into a form, which is kept and not sent."""
    form = form_at(desk, path) | fields(typed)
    answer = desk.send("drafts/", form)
    assert (answer.status_code, answer.content) == (204, b"")
    return form


def sent(form: dict[str, Any]) -> dict[str, Any]:
    return {name: of for name, of in form.items() if name != "draft-of"}


def said(page: str) -> str:
    """What a page says of a draft."""
    found = re.search(r'<section class="draft panel".*?</section>', page, re.DOTALL)
    return plain(found[0]) if found else ""


def test_what_is_typed_stands_in_the_form_again_and_says_when_it_was_typed(desk: Desk) -> None:
    type_into(desk, DAY_28, date="2024-04-03", response="PR", ldh="300", ldh__limit="250")

    page, again = desk.look(DAY_28), filled_in(shown_at(desk, DAY_28))

    assert [again[name] for name in ("date", "response", "ldh", "ldh-limit")] == [
        *(["2024-04-03"], ["PR"], ["300"], ["250"]),
    ]
    assert said(page).startswith("Typed by you on 29 Nov 2026, 10:41, and not recorded")
    assert " data-drafted>" in page


def test_the_answer_tells_the_time(desk: Desk) -> None:
    form = form_at(desk, DAY_28) | {"crp": "30"}

    answer = desk.send("drafts/", form)

    assert (answer.status_code, answer.headers["Kept-At"]) == (204, "10:41")


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("visits/2/", {"ferritin": "1.500", "ferritin-note": "as typed: 1.500?", "gap": ""}),
        ("visits/new/interim/", {"date": "2024-05-01", "suvmax": "nine"}),
        ("visits/2/standing/", {"tp53": "altered", "line1-regimen": "R-GDP", "line1-start": ""}),
        ("visits/new/day_90/standing/", {"histology": "pmbcl"}),
        ("visits/2/values/ecog/", {"ecog": "2", "reason": "read wrong"}),
        ("visits/2/values/creatinine/", {"creatinine": "0.9", "creatinine-unit": "mg/dL"}),
        ("visits/2/date/", {"date": "2024-03-0", "reason": "half"}),
        ("treatments/new/bridging/", {"modality": "radiotherapy", "regimen": "30 Gy"}),
        ("treatments/1/", {"regimen": "R-ICE", "reason": "not R-CHOP"}),
        (INFECTION, {"date": "2024-03-20", "note": "Zq\u00fc \u201cquoted\u201d <b>"}),
        ("events/1/", {"grade": "3", "reason": "graded anew"}),
        ("clearances/eligibility/", {"answer": "not_eligible", "note": "asked"}),
    ],
)
def test_each_form_keeps_what_is_typed_as_it_is_typed(
    desk: Desk, path: str, typed: dict[str, str]
) -> None:
    form = form_at(desk, path) | typed
    desk.send("drafts/", form)

    again = filled_in(shown_at(desk, path))

    assert {name: again[name] for name in typed} == {name: [of] for name, of in typed.items()}
    assert Draft.objects.get().typed.items() >= {n: [of] for n, of in typed.items()}.items()
    assert {"token", "csrfmiddlewaretoken", "draft-of"} & Draft.objects.get().typed.keys() == set()


def test_a_form_has_one_draft_and_the_last_typing_stands(desk: Desk) -> None:
    type_into(desk, INFECTION, note="first")
    type_into(desk, INFECTION, note="second")
    type_into(desk, "events/new/icans/", note="another form")

    kept = Draft.objects.order_by("pk").values_list("typed__note", flat=True)

    assert list(kept) == [["second"], ["another form"]]


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("visits/2/", {"ferritin": "400"}),
        (DAY_28, {"date": "2024-04-03", "response": "PR"}),
        ("visits/2/standing/", {"tp53": "altered"}),
        ("visits/2/values/ecog/", {"ecog": "2", "reason": "read wrong"}),
        ("visits/2/date/", {"date": "2024-03-07", "reason": "typing", "confirmed": "1"}),
        ("treatments/new/line/", {"start": "2021-01-01"}),
        ("treatments/1/", {"start": "2020-02-01", "reason": "typing", "confirmed": "1"}),
        (INFECTION, {"date": "2024-03-20"}),
        ("clearances/eligibility/", {"answer": "eligible", "on": "2024-01-20"}),
    ],
)
def test_a_draft_goes_with_the_save_of_its_form_and_no_other(
    desk: Desk, leo: Desk, case: Case, path: str, typed: dict[str, str]
) -> None:
    type_into(leo, path)
    type_into(desk, "visits/1/", ferritin="1")
    form = type_into(desk, path, **typed)

    answer = desk.send(path, sent(form))

    assert answer.status_code == 302
    left = Draft.objects.order_by("author__username").values_list("author__username", "place")
    assert list(left) == [
        ("ana.ruiz", desk.address("visits/new/election/")),
        ("leo.vidal", leo.address(KEPT_AT.get(path, path))),
    ]


def test_the_draft_of_a_new_milestone_is_that_of_the_visit_once_somebody_has_recorded_it(
    desk: Desk, leo: Desk
) -> None:
    type_into(desk, DAY_28, date="2024-04-05", crp="38", suvmax="9", response="PR")
    leo.type(DAY_28, date="2024-04-03", crp="40", response="SD")

    led = desk.client.get(desk.address(DAY_28), follow=True)
    told = said(plainly(led.content))
    again = filled_in(shown_at(desk, DAY_28))

    assert "C-reactive protein What is recorded 40 mg/L Typed by you 38 mg/L" in told
    assert "What is recorded Stable disease Typed by you Partial response" in told
    assert "Date of the visit What is recorded 3 Apr 2024 Typed by you 2024-04-05" in told
    assert (again["suvmax"], "crp" in again) == (["9"], False)


def test_what_was_typed_follows_the_revision_that_its_author_saw(
    desk: Desk, leo: Desk, case: Case
) -> None:
    form = type_into(desk, "treatments/1/", regimen="R-ICE", reason="asked")
    leo.send(
        "treatments/1/",
        leo.opened("treatments/1/")
        | {"start": "2020-01-01", "regimen": "R-GDP", "reason": "first", "confirmed": "1"},
    )

    told, again = said(desk.look("treatments/1/")), filled_in(shown_at(desk, "treatments/1/"))
    answer = desk.send("treatments/1/", {**again, "confirmed": "1"})

    assert "This statement What is recorded Line of therapy: R-GDP" in told
    assert (again["regimen"], again["seen"], form["seen"]) == (["R-ICE"], ["1"], ["1"])
    assert answer.status_code == 409
    assert "R-GDP" in text_of(answer)


def test_a_value_that_somebody_corrected_meanwhile_is_shown_beside_what_was_typed(
    desk: Desk, leo: Desk
) -> None:
    path = "visits/2/values/ecog/"
    type_into(desk, path, ecog="2", reason="read wrong")
    leo.type(path, ecog="3", reason="first")

    told, again = said(desk.look(path)), filled_in(shown_at(desk, path))
    answer = desk.send(path, again)

    assert "This statement What is recorded 3 " in told
    assert (again["ecog"], answer.status_code) == (["2"], 409)


def test_discarding_takes_it_away_and_leads_back_to_the_form(desk: Desk) -> None:
    form = type_into(desk, INFECTION, note="typed")

    answer = desk.send("drafts/", {"draft-of": form["draft-of"], "discard": "back"})

    assert answer.headers["Location"] == desk.address(INFECTION)
    assert (Draft.objects.count(), said(desk.look(INFECTION))) == (0, "")


def test_what_is_taken_back_by_a_script_leads_nowhere(desk: Desk) -> None:
    form = type_into(desk, INFECTION, note="typed")

    answer = desk.send("drafts/", form | {"discard": "1"})

    assert (answer.status_code, Draft.objects.count()) == (204, 0)


def test_what_arrives_after_the_save_of_its_form_is_not_kept(desk: Desk) -> None:
    form = form_at(desk, INFECTION) | {"date": "2024-03-20", "note": "typed"}
    desk.send(INFECTION, sent(form))

    answer = desk.send("drafts/", form)

    assert (answer.status_code, Draft.objects.count()) == (409, 0)


def test_a_save_that_is_refused_leaves_the_draft(desk: Desk) -> None:
    form = type_into(desk, INFECTION, date="2024-03-", note="typed")

    answer = desk.send(INFECTION, sent(form))

    assert (answer.status_code, Draft.objects.get().typed["note"]) == (422, ["typed"])


def test_a_save_that_fails_leaves_the_draft(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    form = type_into(desk, INFECTION, date="2024-03-20", note="typed")

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(drafts, "discard", fail)
    desk.client.raise_request_exception = False
    answer = desk.send(INFECTION, sent(form))

    assert (answer.status_code, Draft.objects.count(), Entry.objects.count()) == (500, 1, 1)


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"note": "x" * (MOST - 1000)}, 204),
        ({"note": "x" * MOST}, 413),
        ({"note": "a\0b"}, 400),
        ({"a\0b": "c"}, 400),
        ({"token": "none"}, 400),
        ({"token": ""}, 400),
        ({"draft-of": ""}, 422),
        ({"draft-of": "/cases/"}, 422),
        ({"note": "\ud7ff\U0001f600\uffff"}, 204),
    ],
)
def test_what_no_page_of_ours_sends_is_not_kept(
    desk: Desk, changed: dict[str, str], status: int
) -> None:
    form = form_at(desk, INFECTION) | changed

    answer = desk.send("drafts/", form)

    assert (answer.status_code, Draft.objects.count()) == (status, int(status == 204))


def test_nobody_keeps_a_form_that_somebody_else_opened_or_of_another_case(
    desk: Desk, leo: Desk, ana: User
) -> None:
    form = form_at(desk, INFECTION) | {"note": "typed by Ana"}
    other = Desk(ana, courses.case(ana, case_id="A-2"))

    answers = [leo.send("drafts/", form).status_code, other.send("drafts/", form).status_code]

    assert (answers, Draft.objects.count()) == ([422, 422], 0)


@pytest.mark.parametrize(
    ("roles", "status"),
    [((), 404), ((Role.READER,), 403), ((Role.CHAIR,), 403), ((Role.DATA_MANAGER,), 204)],
)
def test_only_who_may_record_keeps_a_draft(
    case: Case, roles: tuple[Role, ...], status: int
) -> None:
    desk = Desk(courses.person("somebody", Role.CLINICIAN), case)
    form = form_at(desk, INFECTION) | {"note": "typed"}
    held = Membership.objects.get(user__username="somebody")
    Revocation.objects.create(membership=held, revoked_by=held.user)
    for role in roles:
        courses.given(held.user, role)

    answer = desk.send("drafts/", form)

    assert (answer.status_code, Draft.objects.count()) == (status, int(status == 204))


def test_the_token_against_forgery_is_given_to_who_opened_the_form_alone(
    desk: Desk, leo: Desk
) -> None:
    place = {"draft-of": form_at(desk, INFECTION)["draft-of"]}

    own, others = (each.client.get(each.address("drafts/"), place) for each in (desk, leo))
    again = Client(enforce_csrf_checks=True)
    again.cookies = desk.client.cookies
    again.cookies["csrftoken"] = own.cookies["csrftoken"].value
    form = {**place, "token": str(uuid.uuid4()), "note": "typed"}
    answers = [
        again.post(desk.address("drafts/"), form, headers={"X-CSRFToken": token}).status_code
        for token in (own.content.decode(), "x" * 64)
    ]

    assert (own.status_code, others.status_code, others.content) == (200, 422, b"")
    assert answers == [204, 403]


def test_keeping_a_draft_is_no_look_at_the_case(desk: Desk) -> None:
    form = form_at(desk, INFECTION) | {"note": "typed"}
    before = Access.objects.count()

    desk.send("drafts/", form)

    assert Access.objects.count() == before


def test_a_form_asks_one_query_more_than_before_and_other_pages_none(desk: Desk) -> None:
    asked: dict[str, int] = {}
    for path in ("visits/2/", DAY_28, INFECTION, "treatments/1/", "", "records/", "history/"):
        with CaptureQueriesContext(connection) as seen:
            desk.look(path)
        asked[path] = sum("patients_draft" in query["sql"] for query in seen)

    assert asked == {
        **dict.fromkeys(("visits/2/", DAY_28, INFECTION, "treatments/1/"), 1),
        **dict.fromkeys(("", "records/", "history/"), 0),
    }


def test_nothing_follows_from_a_draft_but_in_its_own_form(
    desk: Desk, leo: Desk, case: Case, ana: User
) -> None:
    manager = courses.person("max.data", Role.DATA_MANAGER)

    def found() -> list[Any]:
        opened = open_case_of(ana, case.public_id, Right.SEE)
        exported = export_case(case, by=manager)
        follows = leo.send(f"{DAY_28}follows/", leo.opened(DAY_28) | {"date": "2024-04-03"})
        course = course_of(known_now(opened))
        return [course, exported, text_of(follows), courses.known(case), breaks(case)]

    before = found()
    type_into(
        desk,
        DAY_28,
        date="2024-04-03",
        response="PD",
        deauville="5",
        ldh="900",
        ldh__limit="250",
    )
    type_into(desk, "visits/2/", crp="290", ferritin="9000")

    assert found() == before
    assert Draft.objects.count() == 2


@pytest.mark.one_database("the tests above ask for drafts on both")
@pytest.mark.usefixtures("db", "paper_set_once")
def test_no_page_of_anybody_else_shows_a_draft_and_none_but_its_form_to_its_author() -> None:
    matrix = Matrix()
    of = matrix.own
    place = reverse("patients:new_event", args=[of.case.public_id, "infection"])
    about = {"author": of.staff, "case": of.case, "token": uuid.uuid4(), "at": timezone.now()}
    Draft.objects.create(place=place, typed={"note": [CANARY]}, **about)
    courses.given(of.staff, Role.DATA_MANAGER, at=of.centre)
    client = Client()
    client.force_login(of.staff)
    matrix.sessions = {
        who: matrix.sessions[who] for who in ("data_manager", "chair", "administrator")
    } | {"author": client.cookies["sessionid"].value}

    showing = {
        (route.name, who)
        for route in routes()
        for who in matrix.sessions
        for method in ("GET", "POST")
        if CANARY in matrix.ask(Cell(route, who, method, "own", route.path(of.examples))).text
    }

    assert showing == {("patients:new_event", "author")}


def test_a_draft_stays_until_its_author_discards_it(desk: Desk, case: Case, ana: User) -> None:
    type_into(desk, INFECTION, note="typed")

    ana.is_active = False
    ana.save()
    record(case, courses.person("eva", Role.CLINICIAN), value(courses.infusion(case), "crp", "3"))
    ana.is_active = True
    ana.save()

    assert "typed" in said(Desk(ana, case).look(INFECTION)).lower()


def test_a_draft_is_read_by_its_own_module_alone() -> None:
    """What scores, exports and hashes cannot see one, and there is no way to one from a case."""
    root = Path(drafts.__file__).parent.parent

    reading = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if re.search(r"\bDraft\.objects", path.read_text("utf-8"))
    }

    assert reading == {"records/drafts.py"}
    assert [
        f.name for f in Draft._meta.fields if f.remote_field and not f.remote_field.hidden
    ] == []
