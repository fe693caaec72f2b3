"""The addresses of people, cases and records."""

from django.urls import path

from patients.views import cases, password, people, transfer

app_name = "patients"
urlpatterns = [
    path("cases/", cases.worklist, name="worklist"),
    path("cases/<uuid:public_id>/", cases.case, name="case"),
    path("cases/import/", transfer.import_, name="import"),
    path("cases/<uuid:public_id>/export/", transfer.export, name="export"),
    path("centres/", people.centres, name="centres"),
    path("centres/<slug:code>/people/", people.everybody, name="people"),
    path("centres/<slug:code>/people/<str:username>/", people.person, name="person"),
    path("centres/<slug:code>/people/<str:username>/end/", people.end_role, name="end_role"),
    path(
        "centres/<slug:code>/people/<str:username>/password/",
        people.new_password,
        name="new_password",
    ),
    path("centres/<slug:code>/people/<str:username>/close/", people.close, name="close_account"),
    path("centres/<slug:code>/people/<str:username>/open/", people.reopen, name="reopen_account"),
    path("centres/<slug:code>/new-account/", people.new_account, name="new_account"),
    path("centres/<slug:code>/settings/", people.settings, name="settings"),
    path("password/", password.password, name="password"),
]
