"""The addresses of the evidence library."""

from django.urls import path

from riskfactors.library import views

app_name = "riskfactors"
urlpatterns = [
    path("", views.library, name="library"),
    path("factors/<slug:key>/", views.factor, name="factor"),
    path("facts/", views.facts, name="facts"),
    path("facts/<slug:name>/", views.fact, name="fact"),
    path("glossary/", views.glossary, name="glossary"),
    path("references/", views.references, name="references"),
    path("variables/", views.variables, name="variables"),
    path("methods/", views.methods, name="methods"),
    path("about/", views.about, name="about"),
]
