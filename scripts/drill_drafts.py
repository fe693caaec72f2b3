"""Kills the server, or the browser, while somebody types: what stands in the form afterwards?
`drill_drafts.py [--torn]`; torn is the negative control, a browser that keeps nothing."""

import os
import random
import re
import signal
import subprocess
import sys
import time
import uuid
from contextlib import suppress
from datetime import date
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import django

django.setup()

from django.core.management import call_command
from playwright.sync_api import Browser, Error, Page, Playwright, sync_playwright

from patients.models import Patient, Role, User
from patients.people.roles import grant, open_centre
from patients.records.opening import open_case
from riskfactors.domain.vocabulary import Sex

KILLS, TYPED_FOR = 10, (2.0, 3.5)
SOON = 6  # seconds: the form tries again each three
PORT, PASSWORD = "8971", "an invented long phrase"
SITE = f"http://127.0.0.1:{PORT}"
GUNICORN = [str(Path(sys.executable).with_name("gunicorn")), "cartapp.wsgi"]
CHROMIUM, ARGUMENTS = "/usr/bin/chromium-headless-shell", ["--no-sandbox", "--disable-gpu"]
NOTE = "#id_note"


def prepare() -> str:
    """Somebody who records, and a case; gives the address of a form."""
    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    user = User.objects.create_user("typist", password=PASSWORD)
    centre = open_centre(code="TYPED", name="Typed", administrator=user)
    grant(user=user, role=Role.CLINICIAN, centre=centre, by=user)
    case = open_case(
        patient=Patient(centre=centre, name="Invented", hospital_number="T-1"),
        case_id="T-1",
        birth_date=date(1960, 5, 5),
        sex=Sex.FEMALE,
        by=user,
        token=uuid.uuid4(),
    ).case
    return f"{SITE}/cases/{case.public_id}/events/new/infection/"


def serve() -> "subprocess.Popen[bytes]":
    """The site, once it answers."""
    server = subprocess.Popen(  # noqa: S603 - our own site
        [*GUNICORN, "--config", "python:cartapp.serving"],
        env=os.environ | {"PORT": PORT},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    for _second in range(300):
        try:
            with urlopen(f"{SITE}/"):  # noqa: S310 - our own site
                return server
        except (URLError, ConnectionError):
            time.sleep(0.1)
    raise RuntimeError("the site does not answer")


def kill(server: "subprocess.Popen[bytes]") -> None:
    """All of its processes at once."""
    os.killpg(server.pid, signal.SIGKILL)
    server.wait()


def typing(browser: Browser, address: str, *, torn: bool) -> Page:
    """Somebody who has signed in and opened the form."""
    page = browser.new_context().new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    if torn:
        page.route(re.compile("/drafts[./]"), lambda route: route.abort())
    page.goto(f"{SITE}/sign-in/?next={address.removeprefix(SITE)}")
    page.fill("[name=login]", "typist")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.locator(NOTE).wait_for()
    return page


def type_for(page: Page, seconds: float) -> list[float]:
    """Type without a pause; gives the moment of each character."""
    page.locator(NOTE).focus()
    page.keyboard.press("End")
    moments, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        page.keyboard.type(random.choice("abcdefgh"))  # noqa: S311 - no secret
        moments.append(time.monotonic())
    return moments


def left_in(play: Playwright, address: str) -> str:
    """What another browser finds in the form."""
    with play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS) as browser:
        return typing(browser, address, torn=False).locator(NOTE).input_value()


def drill(*, torn: bool) -> None:
    """Kill a server or a browser while somebody types; open the form anew each time."""
    address, server = prepare(), serve()
    lost, behind = {"server": 0, "browser": 0}, 0.0
    with sync_playwright() as play:
        for number in range(2 * KILLS):
            killed = ("server", "browser")[number % 2]
            browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            page = typing(browser, address, torn=torn)
            page.fill(NOTE, begun := f"{number}: ")
            moments = type_for(page, random.uniform(*TYPED_FOR))  # noqa: S311 - no secret
            if killed == "server":
                kill(server)
                type_for(page, 0.5)
                server = serve()
                time.sleep(SOON)
            typed = page.locator(NOTE).input_value()
            with suppress(Error):  # no answer comes from a browser that is gone
                browser.new_browser_cdp_session().send("Browser.crash")
            shown = left_in(play, address)
            wrong = not (shown.startswith(begun) and typed.startswith(shown))
            lost[killed] += wrong or (killed == "server" and shown != typed)
            if killed == "browser" and not wrong and shown != typed:
                behind = max(behind, moments[-1] - moments[len(shown) - len(begun)])
    kill(server)
    print(
        f"{KILLS} servers killed: text lost {lost['server']} times; {KILLS} browsers killed: text "
        f"lost {lost['browser']} times, the last {behind:.1f} s of it at most"
    )


if __name__ == "__main__":
    drill(torn="--torn" in sys.argv)
