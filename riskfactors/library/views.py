"""The pages of the evidence library."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from riskfactors.access import open_in_demonstration
from riskfactors.beside.citations import references_page
from riskfactors.library.about_page import about_page, variables_page
from riskfactors.library.fact_page import fact_page, facts_page
from riskfactors.library.factor_page import factor_page
from riskfactors.library.filters import LONGEST_SEARCH
from riskfactors.library.glossary import glossary_page
from riskfactors.library.list_page import library_page
from riskfactors.library.methods_page import methods_page
from riskfactors.words.facts import day_words


@open_in_demonstration
def library(request: HttpRequest) -> HttpResponse:
    """Every factor, searched and filtered by the address."""
    return render(request, "riskfactors/library.html", {"library": library_page(request.GET)})


@open_in_demonstration
def factor(request: HttpRequest, key: str) -> HttpResponse:
    """One factor with all that was published about it."""
    page = factor_page(key)
    if page is None:
        raise Http404
    return render(request, "riskfactors/factor.html", {"factor": page})


@open_in_demonstration
def facts(request: HttpRequest) -> HttpResponse:
    """Every fact whose studies are set side by side."""
    return render(request, "riskfactors/facts.html", {"facts": facts_page()})


@open_in_demonstration
def fact(request: HttpRequest, name: str) -> HttpResponse:
    """Every estimate of the factors that rest on one fact."""
    page = fact_page(name)
    if page is None:
        raise Http404
    return render(request, "riskfactors/fact.html", {"fact": page})


@open_in_demonstration
def glossary(request: HttpRequest) -> HttpResponse:
    """The terms of the field, searched by the address."""
    page = glossary_page(request.GET.get("q", "")[:LONGEST_SEARCH])
    return render(request, "riskfactors/glossary.html", {"glossary": page})


@open_in_demonstration
def references(request: HttpRequest) -> HttpResponse:
    """Every reference, with what rests on it and what is known to be wrong with it."""
    return render(request, "riskfactors/references.html", {"references": references_page()})


@open_in_demonstration
def variables(request: HttpRequest) -> HttpResponse:
    """The data dictionary."""
    return render(request, "riskfactors/variables.html", {"variables": variables_page()})


@open_in_demonstration
def about(request: HttpRequest) -> HttpResponse:
    """Method and limits."""
    return render(request, "riskfactors/about.html", {"about": about_page()})


@open_in_demonstration
def methods(request: HttpRequest) -> HttpResponse:
    """Method and evidence in full, to be printed."""
    page = {"methods": methods_page(), "made_on": day_words(timezone.localdate())}
    return render(request, "riskfactors/methods.html", page)
