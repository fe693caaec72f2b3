"""Opens pages of published evidence, never of patients, to everybody in demonstration mode."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth.decorators import login_not_required, login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

Parameters = ParamSpec("Parameters")
View = Callable[Concatenate[HttpRequest, Parameters], HttpResponseBase]


def open_in_demonstration(view: View[Parameters]) -> View[Parameters]:
    """The view, which is only read, asking for a sign-in unless the site is in demonstration mode
    when it is asked."""
    reading = require_safe(view)
    closed = login_required(reading)

    @login_not_required
    @wraps(view)
    def opened(
        request: HttpRequest, /, *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> HttpResponseBase:
        chosen = reading if settings.DEMONSTRATION else closed
        return chosen(request, *args, **kwargs)

    return opened
