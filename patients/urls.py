"""The addresses of people, cases and records."""

from django.urls import include, path

from patients.views import (
    course,
    history,
    password,
    people,
    records,
    registration,
    timeline,
    transfer,
    values,
    visits,
    worklist,
)

app_name = "patients"

of_a_case = [
    path("", timeline.case, name="case"),
    path("history/", history.history, name="history"),
    path("identity/", registration.identity, name="identity"),
    path("records/", records.records, name="records"),
    path("visits/new/<slug:milestone>/", visits.new_visit, name="new_visit"),
    path("visits/<int:number>/", visits.visit, name="visit"),
    path("visits/<int:number>/date/", course.visit_date, name="visit_date"),
    path("visits/<int:number>/standing/", visits.standing, name="standing"),
    path("visits/<int:number>/values/<slug:variable>/", values.value, name="value"),
    path("treatments/new/<slug:purpose>/", course.new_treatment, name="new_treatment"),
    path("treatments/<int:number>/", course.treatment, name="treatment"),
    path("events/new/<slug:kind>/", course.new_event, name="new_event"),
    path("events/<int:number>/", course.event, name="event"),
    path("export/", transfer.export, name="export"),
]

urlpatterns = [
    path("cases/", worklist.worklist, name="worklist"),
    path("cases/new/", registration.register, name="register"),
    path("cases/import/", transfer.import_, name="import"),
    path("cases/<uuid:public_id>/", include(of_a_case)),
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
