"""Cases on the screen of a meeting, one after the other, and the screen that follows."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from patients.board import presenting
from patients.board.meeting_views import meeting_of, number_in
from patients.board.presenter_page import presented_page, presenter_of
from patients.frame.policy import of_case, of_centre, user_of
from patients.models import AccessKind, AgendaItem, Centre
from patients.permissions import OpenedCase, Right
from patients.records.opening import note_access


@require_safe
@of_centre(Right.SEE)
def present(request: HttpRequest, centre: Centre, meeting: int) -> HttpResponse:
    """Leads to the case that is on screen, else to the first of the agenda."""
    found = meeting_of(centre, meeting)
    item = found.shown or found.items.order_by("position", "pk").first()
    if item is None:
        return redirect("patients:meeting", centre.code, found.number)
    address = reverse("patients:presented", args=[item.case.public_id, found.number])
    return redirect(f"{address}?follow" if "follow" in request.GET else address)


@require_http_methods(["GET", "HEAD", "POST"])
@of_case()
def presented(request: HttpRequest, opened: OpenedCase, meeting: int) -> HttpResponse:
    """One case; asked for by POST, who it is stands above it, and that is logged."""
    item = get_object_or_404(
        AgendaItem.objects.select_related("meeting__centre", "meeting__presenter"),
        case=opened.case,
        meeting__centre=opened.case.centre,
        meeting__number=meeting,
    )
    revealed = request.method == "POST"
    if revealed:
        note_access(opened.case, AccessKind.REVEALED, by=user_of(request))
    page = presented_page(
        opened, item, by=user_of(request), revealed=revealed, follows="follow" in request.GET
    )
    # A projector is dark, whatever this person chose for a desk.
    return render(request, "patients/board/presented.html", {"page": page, "look": "dark"})


@require_http_methods(["GET", "HEAD", "POST"])
@of_centre(Right.SEE, post=Right.PREPARE)
def shown(request: HttpRequest, centre: Centre, meeting: int) -> HttpResponse:
    """The address and the version of the case that is on screen; sent an item by who presents, that
    is it from now on. To others it says who presents (409)."""
    found = meeting_of(centre, meeting)
    if request.method == "POST":
        item = get_object_or_404(found.items, pk=number_in(request.POST.get("item", "")))
        try:
            presenting.show(found, item, user_of(request), take_over="take_over" in request.POST)
        except presenting.Presented:
            return JsonResponse({"presenter": presenter_of(found)}, status=409)
        found.shown = item
    if found.shown_id is None:
        return JsonResponse({"url": ""})
    case, version = presenting.on_screen(found.shown_id)
    url = reverse("patients:presented", args=[case, meeting])
    return JsonResponse({"url": url, "version": version})
