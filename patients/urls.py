"""The addresses of people, cases and records."""

from django.urls import path

from patients.views import cases, history, timeline

app_name = "patients"
urlpatterns = [
    path("cases/", cases.worklist, name="worklist"),
    path("cases/<uuid:public_id>/", timeline.case, name="case"),
    path("cases/<uuid:public_id>/history/", history.history, name="history"),
]
