"""The addresses of people, cases and records."""

from django.urls import include, path

from patients.views import cases, course, records, values, visits

app_name = "patients"

of_a_case = [
    path("", cases.case, name="case"),
    path("records/", records.records, name="records"),
    path("visits/new/<slug:milestone>/", visits.new_visit, name="new_visit"),
    path("visits/<int:number>/", visits.visit, name="visit"),
    path("visits/<int:number>/date/", course.visit_date, name="visit_date"),
    path("visits/<int:number>/standing/", visits.standing, name="standing"),
    path("visits/<int:number>/values/<slug:variable>/", values.value, name="value"),
    path("treatments/new/<slug:role>/", course.new_treatment, name="new_treatment"),
    path("treatments/<int:number>/", course.treatment, name="treatment"),
    path("events/new/<slug:kind>/", course.new_event, name="new_event"),
    path("events/<int:number>/", course.event, name="event"),
]

urlpatterns = [
    path("cases/", cases.worklist, name="worklist"),
    path("cases/<uuid:public_id>/", include(of_a_case)),
]
