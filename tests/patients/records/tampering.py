# ruff: noqa: S608 - the names in its SQL are our own
"""What somebody can do to a database who owns it: each kind in SQL, and where it is found."""

from collections.abc import Sequence
from typing import Final

from django.db import models

from patients.models import (
    Access,
    AssessmentDate,
    Case,
    CentreLimit,
    Membership,
    Observation,
)


def copied(model: type[models.Model], where: str, **other: str) -> str:
    """Inserts a row like another but for these columns."""
    columns = [f.column for f in model._meta.concrete_fields if not f.primary_key]
    written = ", ".join(other.get(column or "", f'"{column}"') for column in columns)
    named = ", ".join(f'"{column}"' for column in columns)
    table = model._meta.db_table
    return f"INSERT INTO {table} ({named}) SELECT {written} FROM {table} WHERE {where}"


def exchanged(table: str, column: str, one: str, other: str) -> str:
    """Gives each of two rows what the other had."""
    change = f"CASE {column} WHEN {one} THEN {other} ELSE {one} END"
    return f"UPDATE {table} SET {column} = {change} WHERE {column} IN ({one}, {other})"


A_1, A_2 = (f"(SELECT id FROM patients_case WHERE case_id = 'A-{n}')" for n in (1, 2))
LAST = f"(SELECT id FROM patients_entry WHERE case_id = {A_1} ORDER BY sequence DESC LIMIT 1)"
SECOND = f"(SELECT id FROM patients_entry WHERE case_id = {A_1} AND sequence = 2)"
ANA, LEO = (
    f"(SELECT id FROM patients_user WHERE username = '{n}')" for n in ("ana.ruiz", "leo.vidal")
)
OF_A_2: Final = f"IN (SELECT id FROM patients_assessment WHERE case_id = {A_2})"
END_OF_A_1: Final = (
    f"UPDATE patients_orderkey SET entry_id = {SECOND} WHERE case_id = {A_1}",
    "DELETE FROM patients_observation WHERE variable = 'ferritin'",
    f"DELETE FROM patients_entry WHERE id = {LAST}",
)
ALL_OF_A_2: Final = (
    f"DELETE FROM patients_observation WHERE assessment_id {OF_A_2}",
    f"DELETE FROM patients_assessmentdate WHERE assessment_id {OF_A_2}",
    *(
        f"DELETE FROM patients_{table} WHERE case_id = {A_2}"
        for table in ("assessment", "demographics", "orderkey", "searchkey", "access", "entry")
    ),
    "DELETE FROM patients_case WHERE case_id = 'A-2'",
)
CASE, JOURNAL, HEAD = "case: changed", "journal: changed", "head: changed"
GONE, STRAY = "journal: missing", "journal: stray"
LAST_LINE: Final = (
    "centre_id IS NOT NULL AND sequence ="
    " (SELECT MAX(sequence) FROM patients_journalline WHERE centre_id IS NOT NULL)"
)

TAMPERING: Final[dict[str, tuple[Sequence[str], set[str]]]] = {
    # What was recorded
    "a value": (["UPDATE patients_observation SET value = '31' WHERE variable = 'ldh'"], {CASE}),
    "a unit": (["UPDATE patients_observation SET unit = 'g/L' WHERE comparator <> ''"], {CASE}),
    "a comparator": (
        ["UPDATE patients_observation SET comparator = '>' WHERE comparator <> ''"],
        {CASE},
    ),
    "a note": (["UPDATE patients_observation SET note = '' WHERE note <> ''"], {CASE}),
    "a value becomes a reason": (
        [
            "UPDATE patients_observation SET value = '', absent = 'not-performed'"
            " WHERE variable = 'ldh'"
        ],
        {CASE},
    ),
    "a value is deleted": (["DELETE FROM patients_observation WHERE variable = 'ldh'"], {CASE}),
    "a value is added": (
        [copied(Observation, "variable = 'ldh'", variable="'suvmax'", value="'3'")],
        {CASE},
    ),
    "two values change places": (
        [exchanged("patients_observation", "value", "'300'", "'500'")],
        {CASE},
    ),
    "two corrections change places": (
        [
            "UPDATE patients_observation SET revision = 9 WHERE variable = 'crp' AND revision = 2",
            "UPDATE patients_observation SET revision = 2"
            " WHERE variable = 'crp' AND revision = 1 AND value = '12'",
            "UPDATE patients_observation SET revision = 1 WHERE revision = 9",
        ],
        {CASE},
    ),
    "a value goes to another visit": (
        [
            "UPDATE patients_observation SET assessment_id ="
            " (SELECT id FROM patients_assessment WHERE milestone = 'day_7')"
            " WHERE variable = 'ldh'"
        ],
        {CASE},
    ),
    "a value goes to another case": (
        [
            "UPDATE patients_observation SET assessment_id ="
            f" (SELECT id FROM patients_assessment WHERE case_id = {A_2})"
            " WHERE variable = 'ldh'"
        ],
        {CASE, "case: stray"},
    ),
    "the day of a visit": (["UPDATE patients_assessmentdate SET date = '2024-03-07'"], {CASE}),
    "a visit has a second day": (
        [copied(AssessmentDate, "date = '2024-03-06'", revision="2", date="'2024-03-01'")],
        {CASE},
    ),
    "the milestone of a visit": (
        ["UPDATE patients_assessment SET milestone = 'day_28' WHERE milestone = 'day_7'"],
        {CASE},
    ),
    "a treatment": (["UPDATE patients_treatmentrevision SET regimen = 'other'"], {CASE}),
    "a treatment is deleted": (
        ["DELETE FROM patients_treatmentrevision", "DELETE FROM patients_treatment"],
        {CASE},
    ),
    "an event": (["UPDATE patients_eventrevision SET kind = 'death'"], {CASE}),
    "a birth date": (["UPDATE patients_demographics SET birth_date = '1954-01-01'"], {CASE}),
    "a sex": (["UPDATE patients_demographics SET sex = 'other'"], {CASE}),
    "an eligibility": (
        [
            "UPDATE patients_clearancerevision SET answer = 'not_eligible', not_eligible ="
            " 'progression'"
        ],
        {CASE},
    ),
    "what a board recommended": (
        ["UPDATE patients_recommendationrevision SET option = 'biopsy'"],
        {CASE},
    ),
    "what a board saw": (["UPDATE patients_recommendationrevision SET seen = '{}'"], {CASE}),
    "what came of it": (["UPDATE patients_outcomerevision SET note = 'x'"], {CASE}),
    # Entries and cases
    "who recorded": (
        [f"UPDATE patients_entry SET recorded_by_id = {LEO} WHERE id = {SECOND}"],
        {CASE, JOURNAL},
    ),
    "when it was recorded": (
        [f"UPDATE patients_entry SET recorded_at = '2020-01-01 00:00:00+00' WHERE id = {SECOND}"],
        {CASE, JOURNAL},
    ),
    "why it was corrected": (
        ["UPDATE patients_entry SET reason = 'another' WHERE reason = 'read wrongly'"],
        {CASE, JOURNAL},
    ),
    "two entries change places": (
        [
            f"UPDATE patients_entry SET sequence = 99 WHERE id = {SECOND}",
            "UPDATE patients_entry SET sequence = 2 WHERE reason = 'read wrongly'",
            "UPDATE patients_entry SET sequence = 3 WHERE sequence = 99",
        ],
        {CASE, JOURNAL},
    ),
    "an entry goes, with what it wrote": (
        [
            "DELETE FROM patients_observation WHERE value = '12'",
            f"DELETE FROM patients_entry WHERE id = {SECOND}",
        ],
        {"case: missing", GONE},
    ),
    "the end of a case is cut": (END_OF_A_1, {GONE}),
    "the end of a case is cut, with the end of the journal": (
        [*END_OF_A_1, f"DELETE FROM patients_journalline WHERE {LAST_LINE}"],
        {"head: missing"},
    ),
    "a case goes": (ALL_OF_A_2, {GONE}),
    "a case comes from nowhere": (
        [
            copied(
                Case,
                "case_id = 'A-2'",
                case_id="'A-3'",
                public_id="'00000000000000000000000000000000'",
            )
        ],
        {"case: missing"},
    ),
    "a case goes to another patient": (
        [
            "UPDATE patients_case SET patient_id = (SELECT MAX(id) FROM patients_patient)"
            " WHERE case_id = 'A-1'"
        ],
        {CASE},
    ),
    "a pseudonym": (["UPDATE patients_case SET case_id = 'A-9' WHERE case_id = 'A-1'"], {CASE}),
    # Who somebody is
    "two names change places": (
        [exchanged("patients_patient", "name", "'Right Name'", "'Invented Name'")],
        {JOURNAL},
    ),
    "a hospital number": (
        ["UPDATE patients_patient SET hospital_number = 'Z-1' WHERE name = 'Right Name'"],
        {JOURNAL},
    ),
    "a former name": (["UPDATE patients_formeridentity SET name = 'Z'"], {JOURNAL}),
    "a former identity goes": (["DELETE FROM patients_formeridentity"], {GONE}),
    # Who looked, and who may
    "who looked": (
        [f"UPDATE patients_access SET user_id = {ANA} WHERE case_id = {A_1}"],
        {JOURNAL},
    ),
    "when somebody looked": (
        ["UPDATE patients_access SET at = '2020-01-01 00:00:00+00'"],
        {JOURNAL},
    ),
    "a look goes": ([f"DELETE FROM patients_access WHERE case_id = {A_1}"], {GONE}),
    "a look is added": ([copied(Access, f"case_id = {A_1}")], {STRAY}),
    "what stood on a list": (["UPDATE patients_listaccess SET cases = '[]'"], {JOURNAL}),
    "a role": (
        [f"UPDATE patients_membership SET role = 'chair' WHERE user_id = {LEO}"],
        {JOURNAL},
    ),
    "a role is given": ([copied(Membership, f"user_id = {LEO}", role="'chair'")], {STRAY}),
    "a role did not end": (["DELETE FROM patients_revocation"], {GONE}),
    "whose password": (
        [f"UPDATE patients_accountchange SET user_id = {ANA}, by_id = {ANA} WHERE act = 'chosen'"],
        {JOURNAL},
    ),
    "an act on an account goes": (
        ["DELETE FROM patients_accountchange WHERE act = 'chosen'"],
        {GONE},
    ),
    "an account is opened again": (
        ["UPDATE patients_user SET is_active = NOT is_active WHERE username = 'has.left'"],
        {JOURNAL},
    ),
    "an account is closed": (
        ["UPDATE patients_user SET is_active = NOT is_active WHERE username = 'leo.vidal'"],
        {JOURNAL},
    ),
    "a second factor is asked no more": (
        ["UPDATE patients_centre SET asks_second_factor = NOT asks_second_factor"],
        {JOURNAL},
    ),
    "a centre lets others in": (
        ["UPDATE patients_centre SET opens_in_emergency = NOT opens_in_emergency"],
        {JOURNAL},
    ),
    "a limit of a centre": (["UPDATE patients_centrelimit SET value = '500'"], {JOURNAL}),
    "a limit of a centre is given": (
        [copied(CentreLimit, "variable = 'ldh'", variable="'creatinine'")],
        {STRAY},
    ),
    "a limit of a centre goes": (["DELETE FROM patients_centrelimit"], {GONE}),
    "what a board asks": (["UPDATE patients_boardsetting SET quorum = 1"], {JOURNAL}),
    "a change of a rule": (["UPDATE patients_centrechange SET holds = NOT holds"], {JOURNAL}),
    # Meetings
    "the day of a meeting": (["UPDATE patients_meeting SET held_on = '2024-05-01'"], {JOURNAL}),
    "the question to a board": (["UPDATE patients_agendaitem SET question = '?'"], {JOURNAL}),
    "who was there": (["UPDATE patients_participant SET present = NOT present"], {JOURNAL}),
    "a participant goes": (["DELETE FROM patients_participant"], {GONE}),
    "what was said of a case": (["UPDATE patients_itemmark SET mark = 'no_action'"], {JOURNAL}),
    # The journal itself
    "a line": (["UPDATE patients_journalline SET content = 'x' WHERE sequence = 5"], {JOURNAL}),
    "a line goes": (
        ["DELETE FROM patients_journalline WHERE sequence = 5"],
        {GONE, STRAY},
    ),
    "two lines change places": (
        [
            "UPDATE patients_journalline SET sequence = 99 WHERE sequence = 5",
            "UPDATE patients_journalline SET sequence = 5 WHERE sequence = 6",
            "UPDATE patients_journalline SET sequence = 6 WHERE sequence = 99",
        ],
        {JOURNAL},
    ),
    "a line is sealed by another key": (
        ["UPDATE patients_journalline SET key_id = 'another' WHERE sequence = 5"],
        {"journal: unknown_key"},
    ),
    "the end of the journal is another": (
        [f"UPDATE patients_journalline SET digest = 'x' WHERE {LAST_LINE}"],
        {JOURNAL, HEAD},
    ),
}
"""By what is changed: the statements, and where it is found."""
