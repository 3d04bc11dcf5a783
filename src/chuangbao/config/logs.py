"""How the program speaks of itself: one line per event, as JSON, that says where and how long, never who or what.

Lines of libraries keep their template and lose what was filled in; an error keeps its kind and its places and loses
its words, because PostgreSQL's words hold the values of rows. Whatever still looks like a person is masked.
"""

from __future__ import annotations

import re
import sys
from logging import LogRecord
from pathlib import PurePath
from traceback import extract_tb
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from collections.abc import Iterator, MutableMapping

__all__ = ["configure_logs", "faceless", "places"]

MASKS = (
    (re.compile(r"://[^@\s/]+@"), "://…@"),  # the password of an address
    (re.compile(r"(?<![^\s<>\"'@=/:…])[^\s<>\"'@=/:…]++@[^\s<>\"',;]+"), "…@…"),
    (re.compile(r"\?\S+"), "?…"),  # query strings
    (re.compile(r"\b[0-9A-Z]{15,18}\b"), "…"),  # credit codes and resident numbers
    (re.compile(r"\d{7,}"), "…"),  # telephones, accounts
    (re.compile(r"[㐀-鿿]+"), "…"),  # names; what we say ourselves here is English
)
OURS = {"timestamp", "level", "logger", "request_id"}
MOST_PLACES = 25


def configure_logs(form: str, *, debug: bool) -> dict[str, Any]:
    """Set structlog up and return Django's LOGGING; ``form`` is json, text, or empty for what suits the output."""
    person = form == "text" or (not form and sys.stderr.isatty())
    first: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*first, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    drawn: Any = structlog.dev.ConsoleRenderer(colors=False) if person else structlog.processors.JSONRenderer()
    processors: list[Any] = [structlog.processors.format_exc_info] if debug else [places, faceless]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [*first, template],
                "processors": [*processors, structlog.stdlib.ProcessorFormatter.remove_processors_meta, drawn],
            }
        },
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "stream": "ext://sys.__stderr__",  # whoever stands in for sys.stderr may be gone at the next line
            }
        },
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "chuangbao": {"level": "WARNING" if person and not form else "INFO"},
            "django": {"handlers": [], "level": "WARNING"},
            "django.request": {"level": "ERROR"},  # what is merely not found stands in the line of the request
            "procrastinate": {"level": "WARNING"},  # its lines hold the arguments of jobs
        },
    }


def template(_logger: object, _level: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A library's line without what was filled in."""
    written = event.get("_record")
    if isinstance(written, LogRecord):
        event["event"] = str(written.msg)
    return event


def places(_logger: object, _level: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """In place of an error's words: its kind, and the places it came through."""
    given = event.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()
    error = given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["error"] = [kind(one) for one in chain(error)]
        event["trace"] = [line for one in chain(error) for line in frames(one)][-MOST_PLACES:]
    event.pop("stack_info", None)
    return event


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error and those it came from."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def kind(error: BaseException) -> str:
    """The class of an error, with PostgreSQL's code for it."""
    state = getattr(error, "sqlstate", None)
    return f"{type(error).__module__}.{type(error).__qualname__}" + (f" {state}" if state else "")


def frames(error: BaseException) -> Iterator[str]:
    """Where an error came through."""
    for frame in extract_tb(error.__traceback__):
        yield f"{'/'.join(PurePath(frame.filename).parts[-3:])}:{frame.lineno} {frame.name}"


def faceless(_logger: object, _level: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Mask whatever looks like a person."""
    for key, value in event.items():
        if key not in OURS and not key.startswith("_"):
            event[key] = mask(value)
    return event


def mask(value: Any) -> Any:
    """A value without addresses, numbers of people and names; figures stay."""
    if isinstance(value, list | tuple):
        return [mask(each) for each in value]
    if isinstance(value, bool | int | float) or value is None:
        return value
    text = str(value)
    for pattern, instead in MASKS:
        text = pattern.sub(instead, text)
    return text
