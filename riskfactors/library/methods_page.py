"""All of the method and the evidence on one page, made from the catalogue, to be printed."""

from functools import cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from msgspec import Struct

from riskfactors.beside.citations import Citation, cited
from riskfactors.beside.figures import result_of
from riskfactors.domain.evidence import Factor
from riskfactors.domain.vocabulary import Setting
from riskfactors.library.about_page import AboutPage, about_page
from riskfactors.library.arithmetic import Arithmetic, arithmetic
from riskfactors.library.fact_page import ToldLine
from riskfactors.library.factor_page import FactorPage, factor_page
from riskfactors.library.whose import whose
from riskfactors.published import catalogue
from riskfactors.words import milestone_name, setting_name


class PrintedFactor(Struct, frozen=True):
    """A factor on paper: its page, and a line for each of its estimates."""

    page: FactorPage
    lines: tuple[ToldLine, ...]


class PrintedSetting(Struct, frozen=True):
    """The factors of one part of the course, rendered."""

    dom_id: str
    title: str
    factors: tuple[SafeString, ...]


class Window(Struct, frozen=True):
    """The days after the infusion on which a visit belongs to its milestone."""

    milestone: str
    days: str


class MethodsPage(Struct, frozen=True, kw_only=True):
    """What is evaluated, how, on what evidence, and as of when."""

    about: AboutPage
    windows: tuple[Window, ...]
    settings: tuple[PrintedSetting, ...]
    indices: tuple[Arithmetic, ...]
    references: tuple[Citation, ...]
    outside: tuple[Citation, ...]


def methods_page() -> MethodsPage:
    """The page in the active language."""
    return _methods(get_language())


@cache
def _methods(_language: str) -> MethodsPage:
    windows = catalogue().dictionary.windows_days_after_infusion
    return MethodsPage(
        about=about_page(),
        windows=tuple(
            Window(milestone_name(m), _("%s to %s") % window.ends) for m, window in windows.items()
        ),
        settings=tuple(map(_setting, Setting)),
        indices=arithmetic(),
        references=tuple(cited(reference.number) for reference in catalogue().references),
        outside=tuple(cited(publication.number) for publication in catalogue().publications),
    )


def _setting(setting: Setting) -> PrintedSetting:
    factors = (factor for factor in catalogue().factors if factor.setting is setting)
    return PrintedSetting(setting, setting_name(setting), tuple(map(_factor, factors)))


def _factor(factor: Factor) -> SafeString:
    page = factor_page(factor.key)
    if page is None:
        raise KeyError(factor.key)
    lines = tuple(ToldLine(whose(factor, line), result_of(line)) for line in factor.evidence)
    return render_to_string("riskfactors/_printed.html", {"factor": PrintedFactor(page, lines)})
