"""Whether it is the database that failed, not what was asked of it."""

from typing import Final

from django.db import InterfaceError, InternalError, OperationalError

READ_ONLY: Final = "25006"
"""How PostgreSQL refuses to write: a standby, or default_transaction_read_only."""


def is_away(error: BaseException | None) -> bool:
    """Whether the database does not answer, is locked or full, or takes nothing.

    Only of PostgreSQL's own word is a database that may be read an `InternalError`.
    """
    if isinstance(error, InternalError):
        return getattr(error.__cause__, "sqlstate", None) == READ_ONLY
    return isinstance(error, OperationalError | InterfaceError)
