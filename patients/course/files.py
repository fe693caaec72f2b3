"""The timeline outside its page: the figure that is enlarged, and the drawing as a file."""

from msgspec import json

from patients.course.known import Moment, course_of
from riskfactors.drawing import FILE_WIDTH, Saying, sheet_of, svg_file
from riskfactors.drawing.plotly import course_figure
from riskfactors.words.facts import day_words
from riskfactors.words.translating import gettext as _


def figure_of(known: Moment) -> bytes:
    """What Plotly draws when the timeline is enlarged."""
    return json.encode(course_figure(course_of(known).timeline))


def drawing_of(known: Moment, said: str, *, dates: bool, width: float = FILE_WIDTH) -> str:
    """The drawing as SVG that needs nothing else: of which case it is, when, and on what evidence.

    `said` is what is said of a past moment.
    """
    course = course_of(known)
    of_now = _("As known on %s.") % day_words(course.as_of)
    title = _("Case %(case)s. %(moment)s") % {"case": known.case.case_id, "moment": said or of_now}
    caption = _(
        "cartapp, evidence to 2023, catalogue %(digest)s. Days relative to %(origin)s; "
        "a number of days under a break: so many are left out."
    ) % {
        "digest": course.digest[:12],
        "origin": _("the infusion") if course.timeline.from_infusion else _("the first visit"),
    }
    return svg_file(sheet_of(course.timeline), Saying(title, caption), dates=dates, width=width)
