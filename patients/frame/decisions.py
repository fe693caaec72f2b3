"""What a board recommended, what came of it, and what was settled before, as lines of text."""

from typing import Any

from django.utils.translation import gettext as _

from patients.models import ClearanceRevision, OutcomeRevision, RecommendationRevision
from riskfactors.words import code_name
from riskfactors.words.course import beside_words, listed, note_words
from riskfactors.words.facts import day_words


def option_code(row: RecommendationRevision) -> str:
    """What is recommended, with its class, by codes alone."""
    chosen = str(row.get_option_display()) if row.option else _("no option yet")
    if row.salvage_class:
        chosen = f"{chosen} ({code_name('treatment_class', row.salvage_class)})"
    return chosen


def option_words(row: RecommendationRevision) -> str:
    """What is recommended, with its class and detail."""
    return listed((option_code(row), row.detail))


def recommendation_words(row: RecommendationRevision) -> str:
    """A recommendation: how far it is, what, who does it, by when, and what was said besides."""
    details: tuple[tuple[str, Any], ...] = (
        (_("intent: %s"), row.get_intent_display() if row.intent else ""),
        (_("responsible: %s"), row.responsible),
        (_("by %s"), day_words(row.due_on) if row.due_on else ""),
        (_("follow-up %s"), day_words(row.follow_up_on) if row.follow_up_on else ""),
        (_("because: %s"), row.rationale),
        (_("dissent: %s"), row.dissent),
    )
    said = listed(words % value for words, value in details if value)
    return f"{row.get_stage_display()}: {listed((option_words(row), said))}"


def outcome_words(row: OutcomeRevision) -> str:
    """Whether it was carried out, when, and if not why."""
    done = _("Done") if row.done else _("Not done: %s") % row.get_not_done_display().lower()
    return listed((done, beside_words(on=row.on, note=row.note)))


def clearance_words(row: ClearanceRevision) -> str:
    """How eligibility or an approval was settled."""
    reason = row.get_not_eligible_display().lower() if row.not_eligible else ""
    words = (row.get_answer_display(), reason, row.by_whom, row.reference)
    on = day_words(row.on) if row.on else ""
    return listed((*words, on, note_words(row.note)))
