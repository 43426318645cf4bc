"""Logging: an event name and plain fields, as text or as JSON. Never content, keys or passwords."""

from __future__ import annotations

import json
import logging
import sys
import time
from typing import TextIO

_ROOT = "csce513"

Field = str | int | float | bool | None


def setup_logging(
    log_format: str = "text", level: str = "info", stream: TextIO | None = None
) -> None:
    """Send all our loggers to standard error (or `stream`).

    A later call replaces the earlier set-up.
    """
    root = logging.getLogger(_ROOT)
    for handler in list(root.handlers):
        root.removeHandler(handler)
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_JsonFormatter() if log_format == "json" else _TextFormatter())
    root.addHandler(handler)
    root.setLevel(level.upper())
    root.propagate = False


class Log:
    """The logger of one area, such as "broker.threads.network"."""

    def __init__(self, area: str) -> None:
        self._logger = logging.getLogger(f"{_ROOT}.{area}")

    def debug(self, event: str, **fields: Field) -> None:
        """Log a detail for anyone looking for a fault."""
        self._write(logging.DEBUG, event, fields)

    def info(self, event: str, **fields: Field) -> None:
        """Log that something worth knowing happened."""
        self._write(logging.INFO, event, fields)

    def warning(self, event: str, **fields: Field) -> None:
        """Log something that was not as it should be and has been dealt with."""
        self._write(logging.WARNING, event, fields)

    def error(self, event: str, *, exc_info: bool = False, **fields: Field) -> None:
        """Log something that somebody must act on."""
        self._write(logging.ERROR, event, fields, exc_info=exc_info)

    def _write(
        self, level: int, event: str, fields: dict[str, Field], *, exc_info: bool = False
    ) -> None:
        if self._logger.isEnabledFor(level):
            self._logger.log(level, event, extra={"fields": fields}, exc_info=exc_info)


class _TextFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        fields: dict[str, Field] = getattr(record, "fields", {})
        clock = time.strftime("%Y-%m-%d %H:%M:%S%z", time.localtime(record.created))
        area = record.name.removeprefix(f"{_ROOT}.")
        words = "".join(f" {key}={_one_line(value)}" for key, value in fields.items())
        line = f"{clock} {record.levelname.lower():7} {area} {record.getMessage()}{words}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class _JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        fields: dict[str, Field] = getattr(record, "fields", {})
        line: dict[str, Field] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
            + f".{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "area": record.name.removeprefix(f"{_ROOT}."),
            "event": record.getMessage(),
            **fields,
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(
            line
        )  # in ASCII: a stream of another encoding would write something that is not JSON


def _one_line(value: Field) -> str:
    text = str(value)
    return json.dumps(text, ensure_ascii=False) if not text.isprintable() or " " in text else text
