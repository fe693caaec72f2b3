"""A data manager exports and imports cases in the browser."""

import html
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from patients.frame.files import file_name
from patients.models import Access, Case, Entry, Observation, Role, User
from patients.transfer.forms import LARGEST
from tests.conftest import lift_triggers
from tests.domain.cases import case, findings, text
from tests.patients import courses

GOOD = case(infusion={"ecog": 2, "crp": 29.9})


@pytest.fixture
def manager(db: None) -> User:
    return courses.person("ines.gil", Role.DATA_MANAGER)


@pytest.fixture
def client(manager: User) -> Client:
    client = Client()
    client.force_login(manager)
    return client


def sent(client: Client, document: bytes, **about: Any) -> Any:
    file = SimpleUploadedFile("case.json", document, content_type="application/json")
    about = {"centre": courses.centre().pk, "file": file, **about}
    return client.post("/cases/import/", about)


def alert(response: Any) -> list[str]:
    found = re.search(r'role="alert".*?</div>', response.content.decode(), re.DOTALL)
    lines = re.findall(r"<li>(.*?)</li>", found[0], re.DOTALL) if found else []
    return [html.unescape(re.sub(r"<[^>]+>", "", line)) for line in lines]


def test_a_case_goes_in_and_comes_out_with_the_same_findings(client: Client, manager: User) -> None:
    imported = sent(client, text(GOOD))
    export = f"/cases/{Case.objects.get().public_id}/export/"
    explained = client.get(export)
    exported = client.post(export)

    assert imported.headers["Location"] == export.removesuffix("export/")
    assert "Export case" in explained.content.decode()
    assert findings(json.loads(exported.content)) == findings(GOOD)
    assert (exported.headers["Content-Disposition"], exported.headers["Content-Type"]) == (
        f'attachment; filename="{GOOD["case_id"]}.json"',
        "application/json",
    )
    assert Entry.objects.get().recorded_by == manager
    assert list(Access.objects.order_by("pk").values_list("kind", "user")) == [
        (kind, manager.pk) for kind in ("looked", "looked", "exported")
    ]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.DATA_MANAGER])
def test_nobody_else_exports_or_imports(role: Role, manager: User, client: Client) -> None:
    sent(client, text(GOOD))
    export = f"/cases/{Case.objects.get().public_id}/export/"
    theirs = Client()
    theirs.force_login(courses.person("somebody", role))

    answers = [theirs.get(export), theirs.post(export), sent(theirs, text(GOOD))]

    refused = 404 if role is Role.ADMINISTRATOR else 403
    assert [answer.status_code for answer in answers] == [refused, refused, 403]
    assert list(Access.objects.values_list("kind", flat=True)) == ["refused"] * 2
    assert Entry.objects.count() == 1


def test_a_refused_document_is_refused_whole_with_every_problem(client: Client) -> None:
    response = sent(client, text(case(infusion={"ecog": 9, "crp": -1, "nonsense": 1})))

    assert (response.status_code, Entry.objects.count()) == (422, 0)
    assert [line.partition(": ")[0] for line in alert(response)] == [
        "assessments[0].observations.ecog",
        "assessments[0].observations.crp",
        "assessments[0].observations.nonsense",
    ]
    assert "<title>Error: Import a case – cartapp</title>" in response.content.decode()


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (b"{", "document: "),
        (b"\xff", "document: "),
        (b"", "Case document: The submitted file is empty."),
        (b" " * (LARGEST + 1), "Case document: Choose a file of at most 1 MB."),
        (b" " * 3_000_000, "Case document: Choose a file of at most 1 MB."),
        (text(GOOD | {"case_id": "x" * 201}), "case_id: Ensure this value has at most 200 char"),
        (text(case(dates={"infusion": "2999-01-01"}, infusion={})), "assessments[0].date: this "),
        (text(GOOD | {"case_id": "--"}), "case_id: Write it with letters or digits."),
        (text(GOOD | {"case_id": "a\tb"}), "case_id: a text without control characters"),
    ],
    ids=["no JSON", "no UTF-8", "empty", "large", "huge", "long name", "ahead", "no name", "a tab"],
)
def test_what_is_no_document_is_refused_in_words(
    document: bytes, said: str, client: Client
) -> None:
    response = sent(client, document)

    assert (response.status_code, Case.objects.count()) == (422, 0)
    assert [line[: len(said)] for line in alert(response)] == [said]
    assert response.context["form"].data["centre"] == str(courses.centre().pk)


def test_a_case_is_imported_once_and_into_one_s_own_centre_alone(client: Client) -> None:
    elsewhere = courses.centre("MAD")

    answers = [
        sent(client, text(GOOD), centre=elsewhere.pk),
        sent(client, text(GOOD)),
        sent(client, text(GOOD)),
    ]

    assert [answer.status_code for answer in answers] == [422, 302, 422]
    assert alert(answers[0])[0].startswith("Centre: Select a valid choice.")
    assert alert(answers[2]) == ["The centre has a case with this case_id already."]
    assert "Hospital MAD" not in client.get("/cases/import/").content.decode()


def test_a_pseudonym_is_written_by_one_rule_at_every_door(client: Client) -> None:
    pasted = f"\N{ZERO WIDTH NO-BREAK SPACE}{GOOD['case_id']}\N{NO-BREAK SPACE}"

    answers = [sent(client, text(GOOD | {"case_id": name})) for name in (pasted, GOOD["case_id"])]

    assert [answer.status_code for answer in answers] == [302, 422]
    assert Case.objects.get().case_id == GOOD["case_id"]


def test_nothing_that_is_uploaded_touches_the_disk(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Any] = []
    monkeypatch.setattr(
        "django.core.files.uploadedfile.TemporaryUploadedFile.__init__",
        lambda *arguments: opened.append(arguments),
    )

    sent(client, b" " * 3_000_000)

    assert opened == []


def test_a_case_that_cannot_be_read_says_so_and_is_not_logged_as_exported(client: Client) -> None:
    sent(client, text(GOOD))
    lift_triggers()
    Observation.objects.filter(variable="ecog").update(value="many")

    response = client.post(f"/cases/{Case.objects.get().public_id}/export/")

    assert (response.status_code, len(alert(response))) == (422, 1)
    assert list(Access.objects.values_list("kind", flat=True)) == ["looked"]


@pytest.mark.parametrize(
    ("case_id", "expected"),
    [
        ("BCN-0042", "BCN-0042.json"),
        ("../../etc/passwd", "etc-passwd.json"),
        ('a"\r\nSet-Cookie: x', "a-Set-Cookie-x.json"),
        ("Núñez 7", "N-ez-7.json"),
        ("…", "case.json"),
        ("x" * 200, "x" * 80 + ".json"),
    ],
)
def test_a_file_has_a_name_that_every_system_takes(case_id: str, expected: str) -> None:
    assert file_name(case_id, ".json") == expected
    assert Path(expected).name == expected
