"""Measures the page of a case in Chromium as on a slow hospital PC, at its first visit.

The line has 10 Mbit/s and answers after 40 ms, the processor is slowed four times, nothing is kept.
"""

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from threading import Thread
from typing import Any, NamedTuple

import django

django.setup()

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import include, path
from measure_pages import client_of
from playwright.sync_api import CDPSession, Page, sync_playwright
from timing import Row

from patients.models import Role, User
from patients.people.roles import grant, open_centre
from patients.timeline.views import case as page_of_case
from patients.transfer.documents import import_case

CHROMIUM = "/usr/bin/chromium-headless-shell"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
LINE = {
    "offline": False,
    "latency": 40,
    "downloadThroughput": 10e6 / 8,
    "uploadThroughput": 10e6 / 8,
}
SLOWED = 4
ROUNDS = 15
QUIET_MS = 1000
VIGNETTES = Path(__file__).parent.parent / "tests" / "contract" / "vignettes"
TIMELINE = re.compile(rb'<section class="panel timeline".*?</section>', re.DOTALL)
IN_STYLE = {"Document", "Stylesheet"}

WATCH = """
window.seen = { tasks: [], shift: 0, timeline: null };
new PerformanceObserver(list => list.getEntries().forEach(
  each => seen.tasks.push([each.startTime, each.duration])
)).observe({ type: "longtask", buffered: true });
new PerformanceObserver(list => list.getEntries().forEach(
  each => { if (!each.hadRecentInput) seen.shift += each.value; }
)).observe({ type: "layout-shift", buffered: true });
const look = now => {
  if (document.querySelector(".timeline svg.tl")) seen.timeline = now;
  else requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""
"""Begins before the page: long tasks, what moves, and the frame that has the timeline in it."""


class Visit(NamedTuple):
    """One first visit of a page; times in milliseconds since it was asked for."""

    painted: float
    timeline: float
    """The first frame with the timeline in it: not after the first paint, if it comes with that."""
    before: float
    """Kilobytes of page and styles, compressed, with their headers, before the first paint."""
    whole: float
    """Kilobytes of page and styles altogether."""
    blocked: float
    shift: float

    @property
    def shown(self) -> float:
        """When the timeline is on the screen."""
        return max(self.painted, self.timeline)


def browser_rows() -> list[Row]:
    """The page of a case with its timeline and, in turns, without."""
    with override_settings(ROOT_URLCONF=with_page_without_timeline()), served() as site:
        address, session = prepared()
        cookie = {"name": "sessionid", "value": session, "url": site}
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            visits, without = [], []
            for _ in range(ROUNDS + 1):
                page = browser.new_page(viewport={"width": 1280, "height": 720})
                page.context.add_cookies([cookie])  # type: ignore[list-item]  # a plain dictionary
                visits.append(visit(page, site + address))
                without.append(visit(page, f"{site}/without{address}"))
                page.context.close()
            browser.close()
    return list(rows_of(visits[1:], without[1:]))  # the first of each warms the server


def rows_of(visits: list[Visit], without: list[Visit]) -> Iterator[Row]:
    """Of times that are compared the least of each: what else the machine does only adds to them,
    and not to both alike. Of the others medians."""
    about = "case on a slow PC"
    least, bare = min(v.shown for v in visits), min(v.painted for v in without)
    medians = median(v.shown for v in visits), median(v.painted for v in without)
    together = sum(visit.timeline <= visit.painted for visit in visits)
    figures = (
        f"{least:.0f} against {bare:.0f} ms, medians {medians[0]:.0f} and {medians[1]:.0f}; "
        f"with the first paint {together}/{len(visits)}; load {os.getloadavg()[0]:.1f}"
    )
    yield f"{about}, timeline / first paint without it", f"{least / bare:.2f}", "<= 1.30", figures
    before, whole = (median(visit[at] for visit in visits) for at in (2, 3))
    figures = f"{whole:.1f} kB of page and styles altogether"
    yield f"{about}, kB before the first paint", f"{before:.1f}", "<= 30", figures
    blocked = median(visit.blocked for visit in visits)
    yield f"{about}, ms that scripts block", f"{blocked:.0f}", "<= 150", ""
    shift = max(visit.shift for visit in visits)
    yield f"{about}, layout shift", f"{shift:.3f}", "0", "the worst visit"


def with_page_without_timeline() -> tuple[Any, ...]:
    """The addresses of the site, and the page of a case without its timeline."""

    def without(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        answer = page_of_case(request, **kwargs)
        if not isinstance(answer, HttpResponse):
            raise TypeError("The page of a case is not sent as a whole.")
        answer.content, cut = TIMELINE.subn(b"", answer.content)
        if cut != 1:
            raise RuntimeError("The page of a case has no timeline to leave out.")
        return answer

    return path("without/cases/<uuid:public_id>/", without), path("", include("cartapp.urls"))


@contextmanager
def served() -> Iterator[str]:
    """The site on a port of this machine."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), WSGIRequestHandler)
    server.daemon_threads = True
    server.set_app(get_wsgi_application())
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


def prepared() -> tuple[str, str]:
    """The address of the case that the review describes, and the session of somebody who may."""
    user = User.objects.create_user("browser")
    centre = open_centre(code="BROWSER", name="Browser", administrator=user)
    grant(user=user, role=Role.DATA_MANAGER, centre=centre, by=user)
    document = json.loads(next(VIGNETTES.glob("01*.json")).read_text())["case"]
    case = import_case(json.dumps(document).encode(), centre=centre, by=user).case
    return f"/cases/{case.public_id}/", client_of(user).cookies["sessionid"].value


def visit(page: Page, address: str) -> Visit:
    """Opens the address as if for the first time."""
    session = page.context.new_cdp_session(page)
    traffic = Traffic(session)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.send("Network.emulateNetworkConditions", LINE)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    session.send("Page.enable")
    session.send("Page.setLifecycleEventsEnabled", {"enabled": True})
    script = session.send("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})
    answer = page.goto(address)
    if answer is None or answer.status != 200:
        raise RuntimeError(f"{address} does not answer.")
    page.wait_for_timeout(QUIET_MS)
    paint = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
    painted = page.evaluate(paint)
    seen = page.evaluate("window.seen")
    session.send("Page.removeScriptToEvaluateOnNewDocument", script)
    session.detach()
    return Visit(
        painted=painted,
        timeline=seen["timeline"] or float("inf"),
        before=traffic.kilobytes(until=traffic.painted),
        whole=traffic.kilobytes(),
        blocked=sum(max(0, took - 50) for start, took in seen["tasks"] if start > painted),
        shift=seen["shift"],
    )


class Traffic:
    """What comes over the line for the page and its styles, piece by piece."""

    def __init__(self, session: CDPSession) -> None:
        self.painted = float("inf")
        self._kinds: dict[str, str] = {}
        self._pieces: list[tuple[str, float, float]] = []
        session.on("Network.responseReceived", self._answered)
        session.on("Network.dataReceived", self._received)
        session.on("Network.loadingFinished", self._finished)
        session.on("Page.lifecycleEvent", self._happened)

    def _answered(self, event: dict[str, Any]) -> None:
        self._kinds[event["requestId"]] = event["type"]
        headers = event["response"]["encodedDataLength"]
        self._pieces.append((event["requestId"], event["timestamp"], headers))

    def _received(self, event: dict[str, Any]) -> None:
        self._pieces.append((event["requestId"], event["timestamp"], event["encodedDataLength"]))

    def _finished(self, event: dict[str, Any]) -> None:
        """The total is exact; single pieces may have been left out."""
        request, total = event["requestId"], event["encodedDataLength"]
        rest = total - sum(size for one, _, size in self._pieces if one == request)
        self._pieces.append((request, event["timestamp"], rest))

    def _happened(self, event: dict[str, Any]) -> None:
        if event["name"] == "firstContentfulPaint":
            self.painted = event["timestamp"]

    def kilobytes(self, until: float = float("inf")) -> float:
        """What had come by then."""
        wanted = {request for request, kind in self._kinds.items() if kind in IN_STYLE}
        return sum(size for one, at, size in self._pieces if one in wanted and at <= until) / 1e3
