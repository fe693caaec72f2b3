"""Meetings of a board: when, who, and the cases on the agenda with the question put to it."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from patients.models.append_only import Record, counted_from_one, one_of, revised_once
from patients.models.cases import Case
from patients.models.people import Centre, User


class MeetingKind(models.TextChoices):
    """What a meeting is for."""

    ELIGIBILITY = "eligibility", _("Eligibility for CAR T-cells")
    FOLLOW_UP = "follow_up", _("Course and follow-up")


class Discipline(models.TextChoices):
    """What somebody stands for at a meeting."""

    HAEMATOLOGY = "haematology", _("Haematology")
    CELL_THERAPY = "cell_therapy", _("Cell therapy")
    IMAGING = "imaging", _("Radiology and nuclear medicine")
    PATHOLOGY = "pathology", _("Pathology")
    RADIOTHERAPY = "radiotherapy", _("Radiotherapy")
    NEUROLOGY = "neurology", _("Neurology")
    INTENSIVE_CARE = "intensive_care", _("Intensive care")
    TRANSFUSION = "transfusion", _("Apheresis and transfusion medicine")
    PHARMACY = "pharmacy", _("Pharmacy")
    NURSING = "nursing", _("Nursing")
    DATA = "data", _("Data management")
    OTHER = "other", _("Other")


class Gate(models.TextChoices):
    """The decision that is due in a course."""

    ELIGIBLE = "eligible", _("Eligible for CAR T-cells")
    APHERESIS = "apheresis", _("Apheresis")
    BRIDGING = "bridging", _("Bridging and its aim")
    LYMPHODEPLETION = "lymphodepletion", _("Proceed to lymphodepletion")
    INFUSION = "infusion", _("Infuse or delay")
    DAY_28 = "day_28", _("Day +28")
    DAY_90 = "day_90", _("Day +90")
    RELAPSE = "relapse", _("Relapse or progression")
    LONG_TERM = "long_term", _("Long term")


class BoardSetting(models.Model):
    """What a centre asks of a kind of meeting. Lists are codes between spaces.

    `minimum` names the variables without which a case is discussed only "all the same";
    `minutes` are those of a case.
    """

    centre = models.ForeignKey(
        Centre, models.CASCADE, db_index=False, related_name="board_settings"
    )
    kind = models.CharField(max_length=20, choices=MeetingKind.choices)
    quorum = models.PositiveSmallIntegerField(default=3)
    disciplines = models.TextField(blank=True)
    minimum = models.TextField(blank=True)
    minutes = models.PositiveSmallIntegerField(default=10)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["centre", "kind"],
                name="board_setting_once",
                violation_error_message=_("This centre has settings of this kind already."),
            ),
            one_of("kind", MeetingKind.values, name="board_setting_kind_known"),
        )

    def __str__(self) -> str:
        return f"{self.centre} {self.kind}"


class Meeting(models.Model):
    """A meeting of a centre's board: planned, held, then closed, or cancelled before it began;
    after either nothing changes.

    Quorum, disciplines and minutes are those of the centre when it was planned. `shown` is the
    item that the presenter has on screen, for a second screen to follow.
    """

    centre = models.ForeignKey(Centre, models.PROTECT, db_index=False, related_name="meetings")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=MeetingKind.choices)
    held_on = models.DateField()
    starts_at = models.TimeField(null=True, blank=True)
    place = models.CharField(max_length=200, blank=True)
    quorum = models.PositiveSmallIntegerField()
    disciplines = models.TextField(blank=True)
    minutes = models.PositiveSmallIntegerField()
    planned_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    planned_at = models.DateTimeField(default=timezone.now)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True, blank=True)
    shown = models.ForeignKey(
        "patients.AgendaItem", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    presenter = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["centre", "number"],
                name="meeting_numbered_once",
                violation_error_message=_("Somebody else has planned a meeting at this moment."),
            ),
            one_of("kind", MeetingKind.values, name="meeting_kind_known"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="meeting_closed_by_somebody",
                violation_error_message=_("A meeting is closed by somebody at a moment."),
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True, cancelled_by__isnull=True)
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False, closed_at__isnull=True),
                name="meeting_cancelled_by_somebody",
                violation_error_message=_(
                    "A meeting is cancelled by somebody at a moment, and only before it is closed."
                ),
            ),
        )
        indexes = (models.Index(fields=["centre", "held_on"], name="meeting_in_time"),)

    def __str__(self) -> str:
        return f"{self.centre} {self.number}"

    @property
    def open(self) -> bool:
        """Whether it is still to be held, or to be closed."""
        return self.closed_at is None and self.cancelled_at is None


class Participant(models.Model):
    """Somebody asked to a meeting, of the staff or from elsewhere, and whether they were there."""

    meeting = models.ForeignKey(
        Meeting, models.CASCADE, db_index=False, related_name="participants"
    )
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=200)
    discipline = models.CharField(max_length=20, choices=Discipline.choices)
    present = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["meeting", "name"],
                name="participant_once",
                violation_error_message=_("Somebody of this name is listed already."),
            ),
            one_of("discipline", Discipline.values, name="participant_discipline_known"),
        )

    def __str__(self) -> str:
        return self.name


class AgendaItem(models.Model):
    """A case on the agenda of a meeting: the question put to it, and why it is there.

    `rules` are the codes, between spaces, of the rules that brought it; by hand there is none.
    """

    meeting = models.ForeignKey(Meeting, models.PROTECT, db_index=False, related_name="items")
    case = models.ForeignKey(Case, models.PROTECT, related_name="agenda_items")
    position = models.PositiveIntegerField()
    gate = models.CharField(max_length=20, choices=Gate.choices)
    question = models.TextField()
    rules = models.TextField(blank=True)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["meeting", "case"],
                name="agenda_item_once",
                violation_error_message=_("This case is on the agenda already."),
            ),
            one_of("gate", Gate.values, name="agenda_item_gate_known"),
        )

    def __str__(self) -> str:
        return f"{self.meeting} {self.case}"


class Mark(models.TextChoices):
    """What was said of a case on the agenda without a recommendation."""

    DISCUSS = "discuss", _("To be discussed")
    NO_ACTION = "no_action", _("No action needed")
    ALL_THE_SAME = "all_the_same", _("Discussed although data are missing")


class ItemMark(Record):
    """Somebody marked a case on the agenda; the highest revision holds."""

    item = models.ForeignKey(AgendaItem, models.PROTECT, db_index=False, related_name="marks")
    revision = models.PositiveIntegerField()
    mark = models.CharField(max_length=20, choices=Mark.choices)
    note = models.TextField(blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            revised_once("item", name="item_mark_revised_once"),
            counted_from_one("item_mark_counted_from_one"),
            one_of("mark", Mark.values, name="item_mark_known"),
            models.CheckConstraint(
                condition=~Q(mark="all_the_same", note=""),
                name="item_mark_has_a_reason",
                violation_error_message=_("Say why it is discussed although data are missing."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.item} {self.mark}"
