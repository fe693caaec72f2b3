"""What a visit asks for stands in the data dictionary, and nowhere else."""

import re
from pathlib import Path

import pytest

from patients.models import Role
from riskfactors.domain.timepoints import MILESTONES, Milestone
from riskfactors.published import catalogue
from tests.patients import courses
from tests.patients.courses import visit
from tests.patients.desks import Desk
from tests.patients.dictionaries import dictionary


@pytest.fixture
def desk(db: None) -> Desk:
    ana = courses.person("ana.ruiz", Role.CLINICIAN)
    return Desk(ana, courses.case(ana, *visit()))


def asked_on(page: str) -> set[str]:
    """The variables that a page has a field for."""
    known = catalogue().dictionary.variables
    return {name for name in re.findall(r' name="([a-z0-9_]+)"', page) if name in known}


def at(milestone: Milestone) -> set[str]:
    return {variable.name for variable in catalogue().dictionary.asked[milestone]}


@pytest.mark.django_db
@pytest.mark.parametrize("milestone", [m for m in Milestone if m is not Milestone.INFUSION])
def test_a_form_asks_what_the_dictionary_asks_at_its_milestone(
    desk: Desk, milestone: Milestone
) -> None:
    assert asked_on(desk.look(f"visits/new/{milestone}/")) == at(milestone)


def test_standing_facts_are_asked_once_for_all_and_the_product_at_the_infusion_again() -> None:
    again = {
        milestone: [v.name for v in catalogue().dictionary.asked[milestone] if v.standing]
        for milestone in MILESTONES
    }

    assert {m: names for m, names in again.items() if names} == {Milestone.INFUSION: ["product"]}


def test_an_interim_visit_asks_what_is_followed_after_the_infusion() -> None:
    interim = at(Milestone.INTERIM)

    assert {"ldh", "response", "deauville", "ctdna", "car_t_level"} <= interim
    assert not {"ecog", "crs_grade_max", "creatinine", "product", "histology"} & interim


def test_another_dictionary_asks_otherwise(desk: Desk, tmp_path: Path) -> None:
    def change(text: str) -> str:
        groups = 'groups = ["laboratory", "imaging and response", "ctDNA and expansion"]'
        text = text.replace(groups, 'groups = ["confounders"]')
        head, name, tail = text.partition('name = "tp53"\n')
        return f'{head}{name}asked_again_at = ["infusion"]\n{tail}'

    with dictionary(tmp_path, change):
        interim, infusion = asked_on(desk.look("visits/new/interim/")), desk.look("visits/1/")

    assert interim == {"tocilizumab_given", "steroids_given"}
    assert {"tp53", "product"} <= asked_on(infusion)
