"""What a page weighs: compressed on its way, without telling by its length what stands in it."""

from gzip import decompress
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.test import Client

from cartapp.styles import UncommentedStorage
from patients.models import User

GZIP = {"Accept-Encoding": "gzip, deflate, br"}


def test_a_page_is_compressed_for_whoever_can_read_that(client: Client, clinician: User) -> None:
    client.force_login(clinician)

    plain = client.get("/evidence/references/")
    packed = client.get("/evidence/references/", headers=GZIP)

    assert ("Content-Encoding" in plain.headers, packed.headers["Content-Encoding"]) == (
        False,
        "gzip",
    )
    assert plain.content.strip().startswith(b"<!doctype html>")
    assert len(decompress(packed.content)) == len(plain.content) > 4 * len(packed.content)
    assert packed.headers["Content-Length"] == str(len(packed.content))
    assert "Accept-Encoding" in plain.headers["Vary"]


def test_the_same_page_has_another_length_each_time(client: Client, clinician: User) -> None:
    """Else whoever sees lengths could try out, letter by letter, what stands in it (BREACH)."""
    client.force_login(clinician)

    answers = [client.get("/evidence/about/", headers=GZIP).content for _ in range(8)]

    assert len({len(decompress(answer)) for answer in answers}) == 1
    assert len({len(answer) for answer in answers}) > 1


@pytest.mark.django_db
def test_static_files_are_not_compressed_a_second_time(client: Client) -> None:
    answer = client.get("/static/tokens.css", headers=GZIP)

    assert "Content-Encoding" not in answer.headers
    assert answer.getvalue().startswith(b"/* Colour")


def test_styles_are_served_without_their_comments(tmp_path: Path) -> None:
    written = FileSystemStorage(tmp_path / "written")
    written.save("a.css", ContentFile(b"/* Why:\n   so */\n\n.a { top: 0; } /* here */\n.b {}\n"))
    written.save("a.js", ContentFile(b"/* why */ const a = 1;\n"))
    served = UncommentedStorage(tmp_path / "served")

    for name in ("a.css", "a.js"):
        with written.open(name) as file:
            served.save(name, file)
    list(served.post_process({name: (written, name) for name in ("a.css", "a.js")}))

    assert Path(served.path(served.stored_name("a.css"))).read_bytes() == b".a { top: 0; } .b {}\n"
    assert Path(served.path(served.stored_name("a.js"))).read_bytes() == b"/* why */ const a = 1;\n"


def test_what_is_compressed_has_its_headers_already_or_gets_them_later() -> None:
    order = [name.rpartition(".")[2] for name in settings.MIDDLEWARE]

    assert order[: order.index("SessionMiddleware")] == [
        "measured",
        "SecurityMiddleware",
        "CSPMiddleware",
        "XFrameOptionsMiddleware",
        "demonstration_stays_here",
        "WhiteNoiseMiddleware",
        "GZipMiddleware",
        "nothing_is_kept",
        "no_nul_comes_in",
    ]
