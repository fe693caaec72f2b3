"""Results that were copied from a laboratory's system are read for the form of a visit: a part of
its page, asked for by sending the form with them. Nothing is written but the look."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from patients.entry.pasted_page import PastedText, pasted_page
from patients.entry.places import Place, visit_at
from patients.frame.policy import of_case
from patients.permissions import OpenedCase, Right
from patients.records.slots import Known, known_of
from riskfactors.domain.timepoints import Milestone
from riskfactors.markup import rendered


@require_POST
@of_case(Right.RECORD)
def of_visit(request: HttpRequest, opened: OpenedCase, number: int) -> HttpResponse:
    """For the form of a recorded visit."""
    known = known_of(opened.case, opened.head)
    if number not in known.visits:
        raise Http404
    place = visit_at(known.visits[number][0].milestone, number)
    return _read(request, opened, known, place)


@require_POST
@of_case(Right.RECORD)
def of_new_visit(request: HttpRequest, opened: OpenedCase, milestone: str) -> HttpResponse:
    """For the form of a visit that is not recorded yet."""
    at = Milestone.of(milestone)
    if at is None:
        raise Http404
    return _read(request, opened, known_of(opened.case, opened.head), visit_at(at, None))


def _read(request: HttpRequest, opened: OpenedCase, known: Known, place: Place) -> HttpResponse:
    text = PastedText(request.POST)
    wrong, page = "", None
    if text.is_valid():
        page = pasted_page(opened, known, place, request.POST, text.cleaned_data["pasted"])
    else:
        wrong = " ".join(map(str, text.errors["pasted"]))
    labels = {
        "line": _("Line"),
        "read": _("Read as"),
        "note": _("Note"),
        "days": _(
            "Days and ranges are not read: each value counts for the day of the visit. Compare the "
            "lines with what you copied, and whose they are."
        ),
        "nothing": _("Nothing of it fills an empty field."),
    }
    part = rendered("patients/entry/pasted.jinja", page=page, wrong=wrong, labels=labels)
    return HttpResponse(part, status=422 if wrong else 200)
