"""The addresses of people, cases and records."""

from django.urls import path

from patients.views import cases, registration, worklist

app_name = "patients"
urlpatterns = [
    path("cases/", worklist.worklist, name="worklist"),
    path("cases/new/", registration.register, name="register"),
    path("cases/<uuid:public_id>/", cases.case, name="case"),
    path("cases/<uuid:public_id>/identity/", registration.identity, name="identity"),
]
