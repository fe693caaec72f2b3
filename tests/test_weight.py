"""What a page weighs: compressed on its way, without telling by its length what stands in it."""

from gzip import decompress

import pytest
from django.conf import settings
from django.test import Client

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
