"""What monitoring reads: how many requests of which page ended how, after how long.

No label holds a part of an address: the name of a page says nothing of a patient.
"""

import os
import time
from collections.abc import Callable, Iterator
from typing import Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Histogram, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from cartapp.health import unreadiness

FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
"""The library's own name for where processes that serve together keep what they count."""

SECONDS: Final = Histogram(
    "cartapp_request_seconds",
    "Seconds until an answer, by the name of its page and its status",
    ("page", "method", "status"),
    buckets=(0.1, 0.3, 1, 3, 10),
    registry=None,
)
METHODS: Final = {"GET", "HEAD", "OPTIONS", "POST"}


def measured(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: counts every answer, those of other middleware too."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        begun = time.perf_counter()
        response = get_response(request)
        page = request.resolver_match.view_name if request.resolver_match else ""
        method = request.method if request.method in METHODS else "other"
        taken = time.perf_counter() - begun
        SECONDS.labels(page, method, response.status_code).observe(taken)
        return response

    return middleware


class _Ready(Collector):
    """Whether the site can record, asked at each reading."""

    def collect(self) -> Iterator[Metric]:
        words = "1 if the database answers and the clock does not stand behind it"
        yield GaugeMetricFamily("cartapp_ready", words, value=not any(unreadiness()))


@require_safe
@login_not_required
def metrics(request: HttpRequest) -> HttpResponse:
    """For who has the token of the settings; for anybody else there is no such page."""
    given = request.headers.get("Authorization", "")
    token = settings.METRICS_TOKEN
    if not token or not constant_time_compare(given, f"Bearer {token}"):
        raise Http404
    registry = CollectorRegistry()
    registry.register(_Ready())
    if FOLDER in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # registers itself
    else:
        registry.register(SECONDS)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
