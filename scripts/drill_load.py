"""Many people work at once: `drill_load.py [--users 50] [--minutes 10]`. Does any request fail, how
long do they wait, and does the site grow?

The site is served as it is for real; everybody signs in, reads lists, cases and histories, opens
forms and records, with some seconds of thought between.
"""

import argparse
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import defaultdict
from html import unescape
from http.client import HTTPConnection
from pathlib import Path
from statistics import quantiles
from threading import Thread
from urllib.parse import urlencode

import django

django.setup()

from django.contrib.auth.hashers import make_password
from django.core.management import call_command

from patients.models import Centre, Role, User
from patients.people.roles import grant

PORT = 8099
PASSWORD = "an invented long phrase"  # noqa: S105 - of invented people
THOUGHT = (2.0, 8.0)
"""Seconds between what somebody does."""

ARRIVE = 10
"""Everybody has come by this part of the time."""

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
CASE = re.compile(r'href="(/cases/[0-9a-f-]{36}/)')
DOES = {"worklist": 3, "case": 5, "records": 1, "history": 1, "form": 2, "record": 2, "search": 1}
"""What people do, and how often."""


class Somebody:
    """A person at a browser that keeps cookies; `took` has the seconds of each kind of request."""

    def __init__(self, name: str, took: dict[str, list[float]], failed: list[str]) -> None:
        self.name, self.took, self.failed = name, took, failed
        self.cookies: dict[str, str] = {}
        self.chance = random.Random(name)  # noqa: S311 - no secret
        self.cases: list[str] = []

    def work(self, until: float) -> None:
        """Sign in, then do one thing after the other."""
        time.sleep(self.chance.uniform(0, (until - time.monotonic()) / ARRIVE))
        typed = {"login": self.name, "password": PASSWORD}
        self.send("sign in", "/sign-in/", self.ask("sign-in page", "/sign-in/"), typed)
        while time.monotonic() < until:
            time.sleep(self.chance.uniform(*THOUGHT))
            (kind,) = self.chance.choices([*DOES], [*DOES.values()])
            self.do(kind if self.cases else "worklist")

    def do(self, kind: str) -> None:
        case = self.chance.choice(self.cases) if self.cases else ""
        match kind:
            case "worklist":
                self.cases = CASE.findall(self.ask(kind, "/cases/"))
            case "search":
                self.send(kind, "/cases/", self.ask("worklist", "/cases/"), {"q": "inv"})
            case "record":
                where = f"{case}events/new/other/"
                day = f"2020-{self.chance.randrange(1, 13):02}-01"
                typed = {"date": day, "note": f"by {self.name}"}
                self.send(kind, where, self.ask("form of an event", where), typed)
            case "form":
                self.ask(kind, f"{case}visits/1/")
            case _:
                self.ask(kind, case if kind == "case" else f"{case}{kind}/")

    def ask(self, kind: str, path: str) -> str:
        return self._request(kind, "GET", path, None)

    def send(self, kind: str, path: str, page: str, typed: dict[str, str]) -> None:
        hidden = {name: unescape(value) for name, value in HIDDEN.findall(page)}
        self._request(kind, "POST", path, urlencode({**hidden, **typed}))

    def _request(self, kind: str, method: str, path: str, body: str | None) -> str:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        begun = time.monotonic()
        try:
            line = HTTPConnection("localhost", PORT, timeout=30)
            line.request(method, path, body, headers)
            answer = line.getresponse()
            text = answer.read().decode()
        except OSError as error:
            self.failed.append(f"{method} {kind}: {type(error).__name__}")
            return ""
        self.took[kind].append(time.monotonic() - begun)
        if answer.status not in ((200,) if kind == "search" or body is None else (302,)):
            self.failed.append(f"{method} {kind}: {answer.status}")
        for header in answer.headers.get_all("Set-Cookie", []):
            name, _equals, rest = header.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        return text


def prepare(users: int) -> None:
    """The demonstration, and so many more people at its centre."""
    call_command("migrate", interactive=False, verbosity=0)
    call_command("demonstrate")
    call_command("collectstatic", interactive=False, verbosity=0)
    centre = Centre.objects.get(code="demonstration")
    head = User.objects.get(username="administrator")
    hashed = make_password(PASSWORD)
    for number in range(users):
        user = User.objects.create(username=f"user{number}", password=hashed)
        grant(user=user, role=Role.CLINICIAN, centre=centre, by=head)


def memory(process: int) -> float:
    """Megabytes of a server and its workers, what they share counted once."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text("utf-8").split()
    sizes = [Path(f"/proc/{each}/smaps_rollup").read_text("utf-8") for each in (process, *children)]
    return sum(int(re.findall(r"^Pss: +(\d+)", size, re.M)[0]) for size in sizes) / 1024


def drill(users: int, minutes: float) -> bool:
    """Let them work; whether nothing failed."""
    prepare(users)
    gunicorn = str(Path(sys.executable).with_name("gunicorn"))
    command = [gunicorn, "--config", "python:cartapp.serving", "cartapp.wsgi"]
    server = subprocess.Popen(  # noqa: S603 - our own
        command, env=os.environ | {"PORT": str(PORT)}, stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None  # noqa: S101 - it is piped
    if not server.stdout.readline():  # it says where it listens once it does
        return False  # and why, when it does not start
    took: dict[str, list[float]] = defaultdict(list)
    failed: list[str] = []
    begun = time.monotonic()
    until = begun + minutes * 60
    people = [Somebody(f"user{number}", took, failed) for number in range(users)]
    threads = [Thread(target=each.work, args=(until,)) for each in people]
    for thread in threads:
        thread.start()
    time.sleep(minutes * 30)
    half = memory(server.pid)
    for thread in threads:
        thread.join()
    whole = memory(server.pid)
    server.send_signal(signal.SIGTERM)
    server.wait()
    everything = [seconds for some in took.values() for seconds in some]
    print(
        f"{users} people, {minutes:g} minutes: {len(everything)} requests, {len(failed)} failed "
        f"{failed[:5]}; 95 of 100 within {_p95(everything):.0f} ms, the slowest "
        f"{max(everything) * 1e3:.0f} ms; memory {half:.0f} MB at half time, {whole:.0f} MB at the "
        f"end ({whole / half - 1:+.1%})"
    )
    for kind, some in sorted(took.items()):
        print(f"  {kind:<18} {len(some):>5} requests, 95 of 100 within {_p95(some):.0f} ms")
    return not failed


def _p95(seconds: list[float]) -> float:
    return 1e3 * (quantiles(seconds, n=20)[-1] if len(seconds) > 1 else seconds[0])


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--users", type=int, default=50)
    options.add_argument("--minutes", type=float, default=10)
    given = options.parse_args()
    sys.exit(0 if drill(given.users, given.minutes) else 1)
