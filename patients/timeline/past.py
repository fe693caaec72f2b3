"""A case as it was known on a past day, by both times: what was dated by then, and recorded by."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Max
from django.http import HttpRequest
from django.utils.timezone import localdate, make_aware
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from msgspec import Struct

from patients.course.known import Moment, known_now
from patients.permissions import OpenedCase
from riskfactors.words.facts import day_words

DAY = forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class PastForm(forms.Form):
    """Two days, neither after today. What was recorded by is today unless it is said."""

    on = forms.DateField(label=gettext_lazy("Dated by"), widget=DAY)
    recorded = forms.DateField(label=gettext_lazy("Recorded by"), widget=DAY, required=False)

    def __init__(self, opened: OpenedCase, *args: Any, **kwargs: Any) -> None:
        self.opened = opened
        self.head: int | None = None
        super().__init__(*args, **kwargs)

    def clean_on(self) -> date:
        return _not_after_today(self.cleaned_data["on"])

    def clean_recorded(self) -> date:
        recorded = _not_after_today(self.cleaned_data["recorded"] or localdate())
        if recorded == localdate():
            self.head = self.opened.head  # the last entry, whatever the clock said of it
            return recorded
        ends = make_aware(datetime.combine(recorded + timedelta(days=1), time.min))
        entries = self.opened.case.entries.filter(recorded_at__lt=ends)
        self.head = entries.aggregate(head=Max("pk"))["head"]
        if self.head is None:
            raise forms.ValidationError(
                _("Nothing of this case was recorded by %s.") % day_words(recorded)
            )
        return recorded


class Past(Struct, frozen=True):
    """The control that asks for a past day, and what is said while one is shown."""

    form: PastForm
    said: str


def asked_moment(request: HttpRequest, opened: OpenedCase) -> tuple[Moment, Past]:
    """The moment that an address asks for, else now; and the control, with what is wrong."""
    now, today = known_now(opened), localdate()
    if not ("on" in request.GET or "recorded" in request.GET):
        return now, Past(PastForm(opened, initial={"on": today, "recorded": today}), "")
    form = PastForm(opened, request.GET)
    if not form.is_valid() or form.head is None:
        return now, Past(form, "")
    on, recorded = form.cleaned_data["on"], form.cleaned_data["recorded"]
    words = _("As of %(on)s, from what was recorded by %(recorded)s: not what is known now.")
    said = words % {"on": day_words(on), "recorded": day_words(recorded)}
    query = urlencode({"on": on.isoformat(), "recorded": recorded.isoformat()})
    return replace(now, head=form.head, as_of=on, query=query), Past(form, said)


def _not_after_today(day: date) -> date:
    if day > localdate():
        raise forms.ValidationError(_("This day is still to come."))
    return day
