"""What was published about one factor, as it stands beside a patient's finding: made once."""

from collections.abc import Iterator
from functools import cache

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from riskfactors.beside.citations import cited
from riskfactors.beside.estimates import Line, Section, sections
from riskfactors.beside.rules import RulePart, rule_part
from riskfactors.domain.evidence import Factor
from riskfactors.published import catalogue
from riskfactors.words.estimates import printed
from riskfactors.words.library import capitalised, exceptions_to_source, source_name

EMPTY = SafeString("")


def evidence_of(key: str, own: str | None = None) -> SafeString:
    """Every estimate of a factor with its sentence, doubts, cohorts and references.

    `own` is the patient's stratum or verdict: the column of that group says so.
    """
    return _evidence(key, own, get_language())


def rule_of(key: str) -> SafeString:
    """The rule of a factor in words."""
    return _rule(key, get_language())


def outcomes_of(key: str) -> str:
    """The outcomes that its estimates are about, as they are titled."""
    return _outcomes(key, get_language())


def url_of(key: str) -> str:
    """Its page in the evidence library."""
    return _url(key)


@cache
def _url(key: str) -> str:
    return reverse("riskfactors:factor", args=[key])


@cache
def _outcomes(key: str, _language: str) -> str:
    lines = (line for section in _sections(key, _language) for line in section.lines)
    return "; ".join(dict.fromkeys(capitalised(line.outcome) for line in lines))


@cache
def _sections(key: str, _language: str) -> tuple[Section, ...]:
    return sections(catalogue().by_key[key], drawn=False)


@cache
def _rule(key: str, _language: str) -> SafeString:
    return _part(rule_part(catalogue().by_key[key].criterion.sentence))


def _part(part: RulePart) -> SafeString:
    if not part.parts:
        return format_html("{}", part.text)
    return format_html(
        "{}<ul>{}</ul>",
        part.text,
        format_html_join("", "<li>{}</li>", ((_part(each),) for each in part.parts)),
    )


@cache
def _evidence(key: str, own: str | None, language: str) -> SafeString:
    factor = catalogue().by_key[key]
    marked = {
        printed(group.name)
        for line in factor.evidence
        for group in line.groups
        if own is not None and own in (group.stratum, group.verdict)
    }
    published = format_html_join(
        "", "{}", ((_section(section, marked),) for section in _sections(key, language))
    )
    return format_html(
        '{}<dl class="about">{}</dl><ul class="refs">{}</ul>'
        '<p class="more"><a href="{}">{}</a></p>',
        published,
        format_html_join("", "<div><dt>{}</dt><dd>{}</dd></div>", _about(factor)),
        format_html_join(
            "",
            '<li>[{}] {}. <a href="{}" rel="noopener noreferrer">doi:{}</a>. {}: {}. {}: {}.</li>',
            (
                (
                    *(c.number, c.short, c.doi_url, c.doi),
                    *(_("Products"), c.products, _("Patients"), c.patients),
                )
                for c in map(cited, factor.references)
            ),
        ),
        _url(key),
        _("“%s” in the evidence library") % _(factor.name),
    )


def _about(factor: Factor) -> Iterator[tuple[str, str]]:
    """The population, where values come from, the cut-off, and what is to be remembered."""
    yield _("Studied in"), _(factor.studied_in)
    yield (
        _("Values come from"),
        " ".join([f"{source_name(factor.values_from)}.", *exceptions_to_source(factor)]),
    )
    if factor.cutoff_source:
        yield _("Source of the cut-off"), _(factor.cutoff_source)
    if factor.analysis:
        yield _("Analysis"), _(factor.analysis)
    for caveat in factor.caveats:
        yield _("Caveat"), _(caveat)


def _section(section: Section, marked: set[str]) -> SafeString:
    grouped = section.dom_id.startswith("groups")
    table = _groups(section, marked) if grouped else EMPTY
    return format_html(
        '<h5>{}</h5>{}<ul class="published">{}</ul>',
        section.title,
        table,
        format_html_join("", "{}", ((_line(line, numbers=not grouped),) for line in section.lines)),
    )


def _groups(section: Section, marked: set[str]) -> SafeString:
    """The groups side by side, with the case's own marked in words."""
    own = _("group of this case")
    head = format_html_join(
        "",
        '<th scope="col"{}>{}{}</th>',
        (
            (SafeString(' class="own"'), name, format_html("<span>{}</span>", own))
            if name in marked
            else (EMPTY, name, EMPTY)
            for name in section.headings
        ),
    )
    rows = format_html_join(
        "",
        '<tr><th scope="row">{}</th>{}</tr>',
        (
            (
                line.outcome,
                format_html_join(
                    "",
                    "<td{}>{}</td>",
                    (
                        (SafeString(' class="own"') if c.heading in marked else EMPTY, c.text)
                        for c in line.cells
                    ),
                ),
            )
            for line in section.lines
        ),
    )
    return format_html(
        '<div class="scroll" tabindex="0" role="group" aria-label="{}"><table class="groups">'
        '<thead><tr><th scope="col">{}</th>{}</tr></thead><tbody>{}</tbody></table></div>',
        section.title,
        _("Outcome"),
        head,
        rows,
    )


def _line(line: Line, *, numbers: bool) -> SafeString:
    figures = ", ".join(
        f"p {cell.text}" if cell.heading == "p" else cell.text for cell in line.cells
    )
    head = format_html("<strong>{}</strong> {}. ", line.outcome, figures) if numbers else EMPTY
    remarks = format_html_join(
        "",
        ' <span class="{}"><strong>{}</strong> {}</span>',
        (
            (kind, title, text)
            for kind, title, text in (
                ("remark", _("Note."), line.note),
                ("doubt", _("Doubt."), line.doubt),
            )
            if text
        ),
    )
    return format_html(
        "<li>{}{}{} {}{}</li>",
        head,
        f"{line.statement} " if line.statement else "",
        line.sentence,
        " ".join(f"[{c.number}]" for c in line.citations),
        remarks,
    )
