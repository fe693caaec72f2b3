"""What a centre's board recommended: what is outstanding, and what was carried out or not."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from msgspec import Struct

from patients.frame.decisions import option_words, outcome_words
from patients.models import Centre, Observation, OutcomeRevision, RecommendationRevision, Stage
from patients.permissions import cases_at
from riskfactors.domain.timepoints import Milestone
from riskfactors.words.facts import day_words

SHOWN = 200
RESPONSES = (Milestone.DAY_28, Milestone.DAY_90)


class OutstandingLine(Struct, frozen=True, kw_only=True):
    """A signed recommendation of which nobody has said what came of it."""

    case_id: str
    case_url: str
    what: str
    responsible: str
    due: str
    overdue: bool
    meeting: str
    outcome_url: str


class FollowedLine(Struct, frozen=True, kw_only=True):
    """A recommendation, what came of it, and the responses at day +28 and +90 beside it."""

    case_id: str
    case_url: str
    what: str
    outcome: str
    outcome_url: str
    responses: tuple[str, ...]


class ActionsPage(Struct, frozen=True, kw_only=True):
    """Both lists, each with whether there is more than is shown."""

    centre: Centre
    outstanding: tuple[OutstandingLine, ...]
    more_outstanding: bool
    followed: tuple[FollowedLine, ...]
    more_followed: bool


def actions_page(centre: Centre, *, today: date) -> ActionsPage:
    """The actions of a centre, in four queries."""
    waiting = list(outstanding(centre).order_by("due_on", "pk")[: SHOWN + 1])
    followed = list(signed_of(centre).filter(open=False).order_by("-pk")[: SHOWN + 1])
    return ActionsPage(
        centre=centre,
        outstanding=tuple(_waiting(row, today) for row in waiting[:SHOWN]),
        more_outstanding=len(waiting) > SHOWN,
        followed=tuple(_followed(followed[:SHOWN])),
        more_followed=len(followed) > SHOWN,
    )


def outstanding(centre: Centre) -> QuerySet[Any]:
    """The signed recommendations, as amended last, of which nobody has said what came of them."""
    return signed_of(centre).filter(Q(open=True) | Q(open__isnull=True))


def signed_of(centre: Centre) -> QuerySet[Any]:
    """Each signed recommendation as amended last: a RecommendationRevision with `open`, true where
    its outcome was withdrawn, None where there is none."""
    signed = RecommendationRevision.objects.exclude(stage=Stage.DRAFT)
    own = {"recommendation": OuterRef("recommendation")}
    said = OutcomeRevision.objects.filter(**own).order_by("-revision")
    return (
        signed.filter(recommendation__case__in=cases_at(centre))
        .filter(pk=Subquery(signed.filter(**own).order_by("-revision").values("pk")[:1]))
        .annotate(open=Subquery(said.values("withdrawn")[:1]))
        .select_related("recommendation__case", "recommendation__item__meeting")
    )


def _waiting(row: RecommendationRevision, today: date) -> OutstandingLine:
    about = row.recommendation
    return OutstandingLine(
        case_id=about.case.case_id,
        case_url=reverse("patients:case", args=[about.case.public_id]),
        what=option_words(row),
        responsible=row.responsible,
        due=day_words(row.due_on) if row.due_on else "",
        overdue=row.due_on is not None and row.due_on < today,
        meeting=day_words(about.item.meeting.held_on),
        outcome_url=_outcome_url(row),
    )


def _followed(rows: list[RecommendationRevision]) -> Iterator[FollowedLine]:
    about = [row.recommendation for row in rows]
    said = OutcomeRevision.objects.filter(recommendation__in=about).order_by("revision")
    last = {row.recommendation_id: row for row in said}
    responses = _responses({of.case_id for of in about})
    for row in rows:
        case = row.recommendation.case
        yield FollowedLine(
            case_id=case.case_id,
            case_url=reverse("patients:case", args=[case.public_id]),
            what=option_words(row),
            outcome=outcome_words(last[row.recommendation_id]),
            outcome_url=_outcome_url(row),
            responses=tuple(responses.get((case.pk, at), "") for at in RESPONSES),
        )


def _responses(cases: set[int]) -> Mapping[tuple[int, str], str]:
    """The code of the response of each case at day +28 and +90, by case and milestone."""
    rows = (
        Observation.objects.filter(
            assessment__case__in=cases, assessment__milestone__in=RESPONSES, variable="response"
        )
        .order_by("revision")
        .values_list("assessment__case_id", "assessment__milestone", "value")
    )
    return {(case, milestone): value for case, milestone, value in rows}


def _outcome_url(row: RecommendationRevision) -> str:
    of = row.recommendation
    return reverse("patients:outcome", args=[of.case.public_id, of.number])
