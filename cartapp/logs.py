"""Formats log records without the message of an exception, which may quote what a person typed."""

import json
import logging
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from types import TracebackType

ExceptionInfo = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)


class DiscreetFormatter(logging.Formatter):
    """Says when, where and which exception; its frames, never its message."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name}: {message}", style="{")

    def formatException(self, ei: ExceptionInfo) -> str:  # noqa: N802 - the name logging calls
        """The frames and the types of the exception and of those that led to it, latest first."""
        return "".join(
            f"{''.join(traceback.format_tb(link.__traceback__))}{type(link).__qualname__}\n"
            for link in _chain(ei[1])
        ).rstrip()


def _chain(exception: BaseException | None) -> Iterator[BaseException]:
    while exception is not None:
        yield exception
        exception = exception.__cause__ or (
            None if exception.__suppress_context__ else exception.__context__
        )


class JsonFormatter(DiscreetFormatter):
    """The same as one object a line, for whatever collects logs."""

    def format(self, record: logging.LogRecord) -> str:
        """Its keys: time, level, logger, message, and exception where there is one."""
        said = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            said["exception"] = self.formatException(record.exc_info)
        return json.dumps(said)
