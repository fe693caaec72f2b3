"""The guide for the first time: it stands above the cases until somebody puts it away for good."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from patients.frame.policy import of_everybody, user_of


@require_http_methods(["GET", "HEAD", "POST"])
@of_everybody
def guide(request: HttpRequest) -> HttpResponse:
    """The guide on a page of its own; by the button it is put away."""
    if request.method != "POST":
        return render(request, "patients/people/guide.html")
    user = user_of(request)
    user.guide_put_away = True
    user.save(update_fields=["guide_put_away"])
    return redirect("patients:worklist")
