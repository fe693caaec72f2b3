"""What can move a value by itself, and what of it was recorded with one."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from riskfactors.domain.snapshot import Assessment, Event
from riskfactors.domain.variables import Dictionary

EVENTS: Final = "events."
INFLAMMATION: Final = (
    *("tocilizumab_given", "steroids_given", "infection_active"),
    *("events.tocilizumab", "events.steroids", "events.infection"),
)
MOVED_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "hemoglobin": ("red_cells_transfused_30d", "events.transfusion"),
    "platelets": ("platelets_transfused_7d", "events.transfusion"),
    "neutrophils": ("growth_factor_recent", "events.growth_factor"),
    "crp": INFLAMMATION,
    "ferritin": INFLAMMATION,
    "ferritin_peak": INFLAMMATION,
    "il6": INFLAMMATION,
}
"""What moves each value: variables of the same visit, and events as `events.KIND`. Nothing else is
said of a value."""

TRANSFUSED: Final = frozenset({"red_cells_transfused_30d", "platelets_transfused_7d"})
"""What was transfused, as a visit says it; an event of transfusion does not."""


def confounders(
    variable: str, visit: Assessment, events: Iterable[Event], dictionary: Dictionary
) -> tuple[str, ...]:
    """What was recorded with a value of a visit, or happened shortly before it was observed."""
    moved_by = MOVED_BY.get(variable)
    if moved_by is None:
        return ()
    on = visit.observations[variable].fact.observed_on
    lasting = dictionary.fresh_days_before_visit["confounders"]["otherwise"]
    kinds = {name.removeprefix(EVENTS) for name in moved_by if name.startswith(EVENTS)}
    said = {name: visit.observations[name].value for name in moved_by if name in visit.observations}
    if any(said.get(name) == "no" for name in TRANSFUSED):
        kinds.discard("transfusion")
    near = {e.kind for e in events if e.kind in kinds and _shortly_before(on, e, lasting)}
    found = {f"{EVENTS}{kind}" for kind in near}
    found |= {name for name, value in said.items() if value == "yes"}
    return tuple([name for name in moved_by if name in found])


def _shortly_before(on: date, event: Event, lasting: int) -> bool:
    """Whether an event was going on, or had ended at most so many days ago."""
    return event.date <= on and (on - (event.end or event.date)).days <= lasting
