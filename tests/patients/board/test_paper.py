"""The board on paper: tagged, on one sheet, with who it is, the figures and what was said."""

import re
from base64 import b64decode
from datetime import date
from io import BytesIO
from types import SimpleNamespace
from typing import Any, Final

import pytest
from django.test import Client
from pypdf import PdfReader
from weasyprint.urls import FatalURLFetchingError

from patients.board.paper import pdf_of
from patients.models import Access, Assessment, BoardSetting, Case, Role, User
from riskfactors.drawing import LEAST_WIDTH
from riskfactors.published import catalogue
from tests.patients import boards, courses
from tests.patients.screens import NAMES, imported, vignette

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def printed(client: Client, address: str) -> bytes:
    answer = client.get(address)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    return answer.content


def paper(client: Client, address: str) -> PdfReader:
    return PdfReader(BytesIO(printed(client, address)))


def words(of: PdfReader) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in of.pages))


def on_an_agenda(name: str) -> tuple[Case, User]:
    """The case of a vignette with a signed recommendation."""
    case = imported(vignette(name))
    by = User.objects.get(username="ines.gil")
    boards.signed(boards.item(case, by), boards.chair(at=case), rationale="Because of the PET.")
    return case, by


_set: Final[dict[str, tuple[str, bytes]]] = {}


def signed_paper(name: str) -> tuple[str, PdfReader]:
    """The pseudonym and the paper of a case on an agenda: set for the first test that reads it."""
    if name not in _set:
        case, by = on_an_agenda(name)
        answer = printed(signed_in(by), f"/cases/{case.public_id}/meetings/1/paper.pdf")
        _set[name] = case.case_id, answer
    case_id, content = _set[name]
    return case_id, PdfReader(BytesIO(content))


def test_a_case_says_who_it_is_what_was_found_and_what_the_board_said() -> None:
    case_id, read = signed_paper(NAMES[0])
    said = words(read)

    for part in (
        case_id,
        "What follows the PET of day +28?",
        "LDH above normal; ■",
        "[9]",
        "Criterion not met:",
        "Cannot be decided:",
        "Not recorded, what decides most first:",
        "Signed by clara.chair",
        "The board recommended Repeat PET",
        "Rationale Because of the PET.",
        "Findings it rests on none",
        "No validated score combines these findings.",
        "1 / 1",
    ):
        assert part in said, part


@pytest.mark.one_database("what is signed is printed on both in the tests beside it")
@pytest.mark.parametrize("name", NAMES)
def test_every_case_is_one_tagged_sheet_in_its_language_with_a_title(name: str) -> None:
    case_id, read = signed_paper(name)

    catalogue: Any = read.trailer["/Root"]
    assert len(read.pages) == 1
    assert catalogue["/MarkInfo"]["/Marked"].value is True
    assert catalogue["/Lang"] == "en-gb"
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert read.metadata is not None
    assert str(read.metadata.title).startswith(f"Case {case_id}, ")
    assert b"pdfuaid" in read.xmp_metadata.stream.get_data()  # type: ignore[union-attr]  # there is one


@pytest.mark.one_database("what is signed is printed on both in the tests beside it")
def test_its_colours_are_greys() -> None:
    _case_id, read = signed_paper(NAMES[0])

    drawn = b"".join(page.get_contents().get_data() for page in read.pages)  # type: ignore[union-attr]  # drawn on
    colours = re.findall(rb"([\d.]+) ([\d.]+) ([\d.]+) (?:rg|RG)\b", drawn)
    assert colours
    assert [colour for colour in colours if len({*colour}) != 1] == []


def test_what_is_signed_is_printed_as_it_was_seen_with_what_has_changed_since() -> None:
    ines = courses.person("ines.gil", Role.CLINICIAN)
    day_28 = courses.visit("day_28", date(2024, 4, 3), response="PR", suvmax="12")
    case = courses.case(ines, *courses.visit(crp="12"), *day_28)
    rests = {"rests_on": "day_28:suvmax_ge_10_day_28", "rests_on_none": False}
    boards.signed(boards.item(case, ines), boards.chair(at=case), **rests)
    corrected = courses.value(
        Assessment.objects.get(case=case, milestone="day_28"), "suvmax", "4.2", 2
    )
    courses.record(case, ines, corrected, reason="central reading")

    said = words(paper(signed_in(ines), f"/cases/{case.public_id}/meetings/1/paper.pdf"))
    minutes = words(paper(signed_in(ines), "/centres/BCN/board/1/paper.pdf"))

    assert "SUVmax 10 or more at day 30 in PR or SD, Day +28: Criterion met (SUVmax 12)" in said
    assert "Changed since this was seen:" in said
    assert "(it rests on this): Criterion met (SUVmax 12) → Criterion not met (SUVmax 4.2)" in said
    assert "A finding it rests on has changed since it was seen." in minutes
    assert f"Seen with catalogue {catalogue().digest[:12]}." in minutes


def test_a_meeting_has_its_cases_by_pseudonyms_and_who_was_there() -> None:
    ines = courses.person("ines.gil", Role.CLINICIAN)
    case = courses.case(ines, *courses.visit())
    of = boards.item(case, ines)
    of.meeting.participants.create(name="Clara Chair", discipline="haematology", present=True)
    boards.signed(of, boards.chair(at=case))

    said = words(paper(signed_in(ines), "/centres/BCN/board/1/paper.pdf"))

    assert "Clara Chair (Haematology)" in said
    assert "1 present; the quorum of 3 is not met." in said
    assert "A-1: What follows the PET of day +28?" in said
    assert "The board recommended Repeat PET" in said
    assert "Invented Name" not in said


def test_minutes_name_the_decision_point_of_a_case_once() -> None:
    """That of what was written; of a case of which nothing was, that of the agenda."""
    ines = courses.person("ines.gil", Role.CLINICIAN)
    cases = [courses.case(ines, *courses.visit(), case_id=name) for name in ("A-1", "A-2")]
    written, _not_yet = (boards.item(each, ines, gate="bridging", rules="ctdna") for each in cases)
    boards.signed(written, boards.chair(at=cases[0]), gate="day_90")

    said = words(paper(signed_in(ines), "/centres/BCN/board/1/paper.pdf"))

    first, second = said.split("A-1:")[1].split("A-2:")
    points = ("Day +90", "Bridging and its aim")
    assert [first.count(point) for point in points] == [1, 0]
    assert [second.count(point) for point in points] == [0, 1]
    assert [part.count("ctDNA detectable with PR or SD") for part in (first, second)] == [1, 1]


def test_what_is_missing_of_the_minimum_data_set_stands_in_the_minutes_with_the_reason() -> None:
    ines = courses.person("ines.gil", Role.CLINICIAN)
    case = courses.case(ines, *courses.visit())
    BoardSetting.objects.create(centre=case.centre, kind="follow_up", minimum="suvmax")
    item = boards.item(case, ines)
    item.marks.create(revision=1, mark="all_the_same", note="PET tomorrow", by=ines)

    said = words(paper(signed_in(ines), "/centres/BCN/board/1/paper.pdf"))

    assert "Day +28. Missing of the minimum data set: SUVmax (PET tomorrow)" in said


def test_before_anybody_is_recorded_as_there_paper_says_who_was_asked() -> None:
    ines = courses.person("ines.gil", Role.CLINICIAN)
    case = courses.case(ines, *courses.visit())
    meeting = boards.item(case, ines).meeting
    clara = meeting.participants.create(name="Clara Chair", discipline="haematology")
    meeting.participants.create(name="Nuria Ruiz", discipline="nursing")
    addresses = (f"/cases/{case.public_id}/meetings/1/paper.pdf", "/centres/BCN/board/1/paper.pdf")

    before = [words(paper(signed_in(ines), address)) for address in addresses]
    clara.present = True
    clara.save()
    after = [words(paper(signed_in(ines), address)) for address in addresses]

    asked = (
        "Participants: Clara Chair (Haematology, asked), Nuria Ruiz (Nursing, asked). "
        "2 asked, nobody is recorded as there; quorum: 3."
    )
    there = (
        "Participants: Clara Chair (Haematology), Nuria Ruiz (Nursing, not there). "
        "1 present; the quorum of 3 is not met."
    )
    assert [asked in said for said in before] == [True, True]
    assert [there in said for said in after] == [True, True]


def test_to_print_is_a_right_of_its_own_and_is_logged() -> None:
    ines = courses.person("ines.gil", Role.CLINICIAN)
    case = courses.case(ines, *courses.visit())
    boards.item(case, ines)
    reader = courses.person("rita.reader", Role.READER)
    address = f"/cases/{case.public_id}/meetings/1/paper.pdf"

    refused = signed_in(reader).get(address)
    signed_in(ines).get(address)
    signed_in(ines).get("/centres/BCN/board/1/paper.pdf")

    assert refused.status_code == 403
    kinds = Access.objects.filter(user=ines).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["printed", "printed"]


@pytest.mark.usefixtures("paper_as_text")
def test_the_drawing_is_as_wide_as_its_labels_were_laid() -> None:
    case, by = on_an_agenda("01")

    answer = signed_in(by).get(f"/cases/{case.public_id}/meetings/1/paper.pdf")

    drawing = b64decode(answer.context["page"].drawing.partition(",")[2]).decode()
    assert float(re.findall(r'width="([\d.]+)"', drawing)[0]) >= LEAST_WIDTH


def test_paper_fetches_nothing() -> None:
    elsewhere = SimpleNamespace(drawing="https://elsewhere.example/picture.svg")

    with pytest.raises(FatalURLFetchingError, match=r"elsewhere\.example"):
        pdf_of("patients/board/paper_case.html", elsewhere)
