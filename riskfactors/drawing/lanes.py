"""What is laid in rows above the tracks: visits, therapy, toxicity, response, circulating DNA."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from riskfactors.domain.timeline import Lane, Marker, Span, Timeline
from riskfactors.drawing.lettering import fitting, width_of
from riskfactors.drawing.parts import DAYS, LEAST_BAR, Item, Label
from riskfactors.drawing.rows import INSIDE, Unit, tile
from riskfactors.drawing.scales import Days
from riskfactors.words.course import (
    happening_words,
    marker_short,
    marker_words,
    treatment_kind,
    treatment_words,
)
from riskfactors.words.drawn import (
    CTDNA,
    GRADES,
    event_short,
    expected_short,
    expected_words,
    visit_words,
    visits_short,
    worst_short,
)
from riskfactors.words.names import role_name
from riskfactors.words.translating import gettext as _

LONGEST_LABEL: Final = 190.0
"""No name of a treatment is longer on the sheet; its words say all of it."""

CLEAR: Final = 3.0


class Mention(Struct, frozen=True):
    """Something of one day: its letters, how it looks, what is said of it, and its last day."""

    day: int
    text: str
    look: str
    words: tuple[str, ...]
    end: int | None = None


def head(timeline: Timeline, days: Days) -> list[Unit]:
    """Visits over their days, those that are not recorded over their windows, and what happened."""
    units = [
        _centred(days(day), day, visits_short(v.milestone for v in found), found_words, "visit")
        for day, found in _by_day(timeline.visits)
        for found_words in [tuple(map(visit_words, found))]
    ]
    for expected in timeline.expected:
        middle = (days(expected.opens) + days(expected.closes)) / 2
        said = (expected_words(expected),)
        units.append(_centred(middle, expected.opens, expected_short(expected), said, "expected"))
    for happening in timeline.happenings:
        if happening.lane is Lane.OTHER:
            text, words = f"◆ {event_short(happening)}", (happening_words(happening),)
            units.append(_centred(days(happening.day), happening.day, text, words, "happened"))
    return units


def _by_day(things: Iterable[Any]) -> Iterator[tuple[int, list[Any]]]:
    for day, found in groupby(sorted(things, key=attrgetter("day")), key=attrgetter("day")):
        yield day, list(found)


def _centred(x: float, day: int, text: str, words: tuple[str, ...], look: str) -> Unit:
    width = width_of(text)
    middle = min(max(x, width / 2), DAYS - width / 2)
    label = Label(text, x, 0.0, middle - x, "middle", look)
    item = Item(shape="text", row="head", day=day, x=x, y=0.0, words=words, label=label, look=look)
    return Unit(middle - width / 2, middle + width / 2, (item,))


def therapy(timeline: Timeline, days: Days) -> list[Unit]:
    """Treatments as bars, each with its name, and the infusion."""
    units = [_bar(span, days) for span in timeline.spans]
    if timeline.from_infusion:
        words = (_("Infusion of CAR T-cells, day 0"),)
        mark = Item(shape="mark", row="therapy", day=0, x=days(0), y=0.0, words=words, look="cells")
        units.append(_labelled(mark, _("CAR T")))
    return units


def _bar(span: Span, days: Days) -> Unit:
    treatment = span.treatment
    what = treatment.regimen or treatment_kind(treatment) or role_name(treatment.role)
    best = f", {treatment.best_response}" if treatment.best_response else ""
    x, end = days(span.start), days(span.start if span.end is None else span.end)
    item = Item(
        shape="bar",
        row="therapy",
        day=span.start,
        x=x,
        y=0.0,
        words=(treatment_words(treatment),),
        look=f"{span.lane} open" if span.end is None else span.lane,
        end=end,
    )
    return _labelled(item, fitting(what, LONGEST_LABEL - width_of(best)) + best)


def _labelled(item: Item, text: str) -> Unit:
    """A bar or mark with its name: in the bar, else right of it, else left of it."""
    width = width_of(text)
    (mark,) = item.boxes()
    ends = mark.x1
    if item.shape == "bar" and width + 2 * INSIDE <= ends - item.x:
        label = Label(text, item.x, 0.0, INSIDE, look="in-bar")
        return Unit(item.x, ends, (replace(item, label=label),))
    at = item.x if item.end is None else max(item.end, item.x)
    out = ends - at + CLEAR
    if ends + CLEAR + width <= DAYS:
        return Unit(
            mark.x0, ends + CLEAR + width, (replace(item, label=Label(text, at, 0.0, out)),)
        )
    before = mark.x0 - item.x - CLEAR
    label = Label(text, item.x, 0.0, before, "end")
    return Unit(mark.x0 - CLEAR - width, ends, (replace(item, label=label),))


def toxicity(timeline: Timeline, days: Days) -> list[Unit]:
    """Toxicity in strips, one for each day; what lasts is underlined until its last day."""
    mentions = _toxic(timeline)
    lasting = [_strip([e], days, "toxicity") for e in mentions if e.end is not None]
    short = sorted((e for e in mentions if e.end is None), key=attrgetter("day"))
    days_of_it = groupby(short, key=attrgetter("day"))
    return [*lasting, *(_strip(list(found), days, "toxicity") for _day, found in days_of_it)]


def _toxic(timeline: Timeline) -> list[Mention]:
    """Events, and worst grades at visits, said with the event that they are the grade of."""
    mentions: dict[tuple[str, int, bool] | int, Mention] = {}
    for place, happening in enumerate(timeline.happenings):
        if happening.lane is Lane.TOXICITY and (event := happening.event) is not None:
            look = "given" if event.grade is None else f"grade-{event.grade}"
            said = (happening_words(happening),)
            mention = Mention(happening.day, event_short(happening), look, said, happening.end)
            graded = event.grade is not None
            key = (event.kind, event.grade or 0, happening.day >= 0) if graded else place
            mentions[place if key in mentions else key] = mention
    for marker in sorted(timeline.markers, key=attrgetter("day")):
        if marker.variable in GRADES and marker.observation is not None:
            _add_worst(mentions, marker, int(marker.observation.number))
    return list(mentions.values())


def _add_worst(
    mentions: dict[tuple[str, int, bool] | int, Mention], marker: Marker, grade: int
) -> None:
    key, words = (GRADES[marker.variable], grade, marker.day >= 0), (marker_words(marker),)
    known = mentions.get(key)
    if known is not None and known.day <= marker.day:
        mentions[key] = replace(known, words=known.words + words)
    else:
        text = worst_short(marker, grade)
        mentions[key if known is None else -len(mentions)] = Mention(
            marker.day, text, f"grade-{grade}", words
        )


def response(timeline: Timeline, days: Days) -> list[Unit]:
    """Responses as tiles on their days, each with its Deauville score."""
    units = []
    found = [m for m in timeline.markers if m.variable in ("response", "deauville")]
    for day, markers in _by_day(found):
        mentions: dict[str, Mention] = {}
        for marker in sorted(markers, key=lambda m: m.variable != "response"):
            mention = _answer(day, marker)
            known = mentions.get(mention.text)
            words = mention.words if known is None else known.words + mention.words
            mentions[mention.text] = replace(mention, words=words)
        units.append(_strip(list(mentions.values()), days, "response", centred=True))
    return units


def _answer(day: int, marker: Marker) -> Mention:
    words = (marker_words(marker),)
    if marker.variable == "deauville":
        return Mention(day, _("DS %s") % marker_short(marker), "deauville", words)
    if marker.observation is None:
        return Mention(day, _("NE"), "response-ne", words)
    text = marker_short(marker)
    return Mention(day, text, f"response-{text.lower()}", words)


def ctdna(timeline: Timeline, days: Days) -> list[Unit]:
    """Circulating tumour DNA, detectable or not."""
    units = []
    for day, markers in _by_day(m for m in timeline.markers if m.variable == "ctdna"):
        mentions: dict[str, Mention] = {}
        for marker in markers:
            code = "" if marker.observation is None else str(marker.observation.value)
            text = CTDNA.get(code, marker_short(marker))
            words = (*(mentions[text].words if text in mentions else ()), marker_words(marker))
            mentions[text] = Mention(day, text, f"ctdna-{code}", words)
        units.append(_strip(list(mentions.values()), days, "ctdna", centred=True))
    return units


def _strip(mentions: Sequence[Mention], days: Days, row: str, *, centred: bool = False) -> Unit:
    """Tiles of one day beside each other from that day on, or before it at the sheet's end."""
    day, x = mentions[0].day, days(mentions[0].day)
    like = Item(shape="tile", row=row, day=day, x=x, y=0.0, words=())
    tiles = [tile(like, e.text, e.words, e.look, 0.0) for e in mentions]
    whole = sum(t.width for t in tiles)
    first = tiles[0].width / 2 if centred else 0.0
    if x - first + whole > DAYS:
        tiles, first = tiles[::-1], whole - (tiles[0].width / 2 if centred else 0.0)
    at, placed = -first, []
    for each in tiles:
        placed.append(tile(like, each.label.text if each.label else "", each.words, each.look, at))
        at += each.width
    last = mentions[0].end
    end = None if last is None else max(days(last), x + LEAST_BAR)
    if end is not None:
        placed[0] = replace(placed[0], end=end)
    return Unit(x - first, max(x - first + whole, end or 0.0), tuple(placed))
