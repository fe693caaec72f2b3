"""The written forms: case documents are parsed and written, findings and the catalogue written."""

from riskfactors.domain.documents.decoding import InvalidDocument
from riskfactors.domain.documents.fields import LONGEST_TEXT, parse_date
from riskfactors.domain.documents.parsing import observation_of, parse_case
from riskfactors.domain.documents.writing import (
    FindingsWriter,
    write_case,
    write_catalogue,
    write_errors,
)

__all__ = [
    "LONGEST_TEXT",
    "FindingsWriter",
    "InvalidDocument",
    "observation_of",
    "parse_case",
    "parse_date",
    "write_case",
    "write_catalogue",
    "write_errors",
]
