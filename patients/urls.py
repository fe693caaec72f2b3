"""The addresses of people, cases and records."""

from django.urls import path

from patients.views import cases

app_name = "patients"
urlpatterns = [
    path("cases/", cases.worklist, name="worklist"),
    path("cases/<uuid:public_id>/", cases.case, name="case"),
]
