"""The worklist. A search is posted, so that no name stands in an address; it changes nothing."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from patients.frame.policy import of_everybody, user_of
from patients.models import Centre, ListKind
from patients.records.looks import note_list
from patients.worklist.page import worklist_page


@require_http_methods(["GET", "HEAD", "POST"])
@of_everybody
def worklist(request: HttpRequest) -> HttpResponse:
    """The cases of one centre."""
    asked = request.GET.dict() | {"q": ""} | request.POST.dict()
    user = user_of(request)
    try:
        page = worklist_page(user, asked, today=timezone.localdate())
    except Centre.DoesNotExist as foreign:
        raise Http404 from foreign
    if page is None:
        return render(request, "patients/worklist/no_centre.html")
    if request.method == "POST" and not (page.search or page.problems):
        return redirect(page.again_url)
    kind = ListKind.SEARCH if page.search else ListKind.WORKLIST
    note_list(page.centre, kind, page.cases, by=user)
    return render(request, "patients/worklist/worklist.html", {"worklist": page})
