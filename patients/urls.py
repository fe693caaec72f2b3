"""The addresses of people, cases and records."""

from django.urls import include, path

from patients.board import (
    action_views,
    meeting_views,
    paper_views,
    presenter_views,
    recommendation_views,
    settled_views,
)
from patients.completeness import views as completeness
from patients.emergency import views as emergency_views
from patients.entry import (
    draft_views,
    list_views,
    pasted_views,
    statement_views,
    value_views,
    visit_views,
)
from patients.history import views as history
from patients.identity import views as identity
from patients.people import access_views, guide_views, password_views
from patients.people import views as people
from patients.timeline import following_views
from patients.timeline import views as timeline
from patients.transfer import views as transfer
from patients.worklist import views as worklist

app_name = "patients"

of_a_case = [
    path("", timeline.case, name="case"),
    path("compare/", timeline.compare, name="compare"),
    path("facts/<slug:fact>/", timeline.one_fact, name="fact"),
    path("charts/<slug:chart>/", timeline.one_chart, name="chart"),
    path("cards/", timeline.all_cards, name="cards"),
    path("timeline.json", timeline.timeline_figure, name="timeline_figure"),
    path("timeline.svg", timeline.timeline_file, name="timeline_file"),
    path("history/", history.history, name="history"),
    path("identity/", identity.identity, name="identity"),
    path("records/", list_views.records, name="records"),
    path("drafts/", draft_views.drafts, name="drafts"),
    path("visits/new/<slug:milestone>/", visit_views.new_visit, name="new_visit"),
    path("visits/new/<slug:milestone>/standing/", visit_views.new_standing, name="new_standing"),
    path(
        "visits/new/<slug:milestone>/follows/",
        following_views.of_new_visit,
        name="new_visit_follows",
    ),
    path(
        "visits/new/<slug:milestone>/standing/follows/",
        following_views.of_new_standing,
        name="new_standing_follows",
    ),
    path(
        "visits/new/<slug:milestone>/results/",
        pasted_views.of_new_visit,
        name="new_visit_results",
    ),
    path("visits/<int:number>/", visit_views.visit, name="visit"),
    path("visits/<int:number>/results/", pasted_views.of_visit, name="visit_results"),
    path("visits/<int:number>/follows/", following_views.of_visit, name="visit_follows"),
    path(
        "visits/<int:number>/standing/follows/",
        following_views.of_standing,
        name="standing_follows",
    ),
    path("visits/<int:number>/date/", statement_views.visit_date, name="visit_date"),
    path("visits/<int:number>/standing/", visit_views.standing, name="standing"),
    path("visits/<int:number>/values/<slug:variable>/", value_views.value, name="value"),
    path("treatments/new/<slug:purpose>/", statement_views.new_treatment, name="new_treatment"),
    path("treatments/<int:number>/", statement_views.treatment, name="treatment"),
    path("events/new/<slug:kind>/", statement_views.new_event, name="new_event"),
    path("events/<int:number>/", statement_views.event, name="event"),
    path("export/", transfer.export, name="export"),
    path("recommendations/typed/", recommendation_views.typed, name="typed"),
    path("recommendations/", recommendation_views.recommendations, name="recommendations"),
    path(
        "recommendations/<int:recommendation>/",
        recommendation_views.recommendation,
        name="recommendation",
    ),
    path("meetings/<int:meeting>/", presenter_views.presented, name="presented"),
    path("meetings/<int:meeting>/paper.pdf", paper_views.paper_of_case, name="paper_of_case"),
    path(
        "meetings/<int:meeting>/recommendation/", recommendation_views.recommend, name="recommend"
    ),
    path("clearances/", settled_views.clearances, name="clearances"),
    path("clearances/<slug:clearance>/", settled_views.clearance, name="clearance"),
    path("recommendations/<int:recommendation>/outcome/", settled_views.outcome, name="outcome"),
]

urlpatterns = [
    path("cases/", worklist.worklist, name="worklist"),
    path("cases/new/", identity.register, name="register"),
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
    path(
        "centres/<slug:code>/people/<str:username>/second-factor/",
        people.no_second_factor,
        name="reset_second_factors",
    ),
    path("centres/<slug:code>/people/<str:username>/close/", people.close, name="close_account"),
    path("centres/<slug:code>/people/<str:username>/open/", people.reopen, name="reopen_account"),
    path("centres/<slug:code>/new-account/", people.new_account, name="new_account"),
    path("centres/<slug:code>/completeness/", completeness.completeness, name="completeness"),
    path("board/", meeting_views.boards, name="boards"),
    path("centres/<slug:code>/board/", meeting_views.board, name="board"),
    path("centres/<slug:code>/board/plan/", meeting_views.plan, name="plan_meeting"),
    path(
        "centres/<slug:code>/board/settings/", meeting_views.board_settings, name="board_settings"
    ),
    path("centres/<slug:code>/board/<int:meeting>/", meeting_views.meeting, name="meeting"),
    path("centres/<slug:code>/board/<int:meeting>/acts/<slug:act>/", meeting_views.act, name="act"),
    path(
        "centres/<slug:code>/board/<int:meeting>/present/", presenter_views.present, name="present"
    ),
    path(
        "centres/<slug:code>/board/<int:meeting>/paper.pdf",
        paper_views.paper_of_meeting,
        name="paper_of_meeting",
    ),
    path("centres/<slug:code>/board/<int:meeting>/shown/", presenter_views.shown, name="shown"),
    path(
        "centres/<slug:code>/board/<int:meeting>/invitation.ics",
        meeting_views.invitation,
        name="invitation",
    ),
    path(
        "centres/<slug:code>/board/affected/", recommendation_views.affected_list, name="affected"
    ),
    path("centres/<slug:code>/board/actions/", action_views.actions, name="actions"),
    path("centres/<slug:code>/board/indicators/", action_views.indicators, name="indicators"),
    path("centres/<slug:code>/settings/", people.settings, name="settings"),
    path("centres/<slug:code>/access/", access_views.access, name="access"),
    path("emergency/", emergency_views.emergency, name="emergency"),
    path("password/", password_views.password, name="password"),
    path("guide/", guide_views.guide, name="guide"),
]
