"""Logs: one line an event. A trace says where it happened, never what people wrote.

The messages of most exceptions repeat the values they were about: a row that could not be written, a key that was not
there. So a trace has types and places; the message only of what the network, the database server or Slack says.
"""

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from traceback import extract_tb
from typing import Any, Literal, TextIO

import structlog
from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import OperationalError
from structlog.processors import ExceptionRenderer, JSONRenderer, TimeStamper, add_log_level
from structlog.stdlib import ProcessorFormatter, add_logger_name
from structlog.typing import EventDict, ExcInfo, Processor

Style = Literal["json", "text", "debug"]
Told = dict[str, Any]
UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
SECRET = re.compile(r"xox[a-z]-[\w-]+|xapp-[\w-]+|(?<=://)[^\s/@]+(?=@)|(?<=ticket=)[\w-]+")


def set_up(style: Style) -> None:
    """Write JSON lines, or lines for a person to read; "debug" also shows what libraries say, and whole traces."""
    common: list[Processor] = [add_log_level, TimeStamper(fmt="iso", utc=True)]
    structlog.configure(processors=[*common, *_rendering(style)])
    handler = logging.StreamHandler()
    own, *rest = ProcessorFormatter.remove_processors_meta, *_rendering(style)
    handler.setFormatter(ProcessorFormatter(foreign_pre_chain=[*common, add_logger_name], processors=[own, *rest]))
    if style != "debug":
        handler.addFilter(_is_ours_to_know)
    logging.basicConfig(level=logging.DEBUG if style == "debug" else logging.WARNING, handlers=[handler], force=True)


def trace(exc_info: ExcInfo) -> list[Told]:
    """Types and places of an exception and of what caused it, the outermost first."""
    return [_told(error) for error in _chain(exc_info[1])]


def _rendering(style: Style) -> list[Processor]:
    if style == "json":
        return [ExceptionRenderer(trace), _cleaned, JSONRenderer(ensure_ascii=False)]
    formatter = structlog.dev.plain_traceback if style == "debug" else _write_lines
    return [_cleaned, structlog.dev.ConsoleRenderer(colors=False, exception_formatter=formatter)]


def clean(text: str) -> str:
    """The text on one line, without what steers a terminal or stops the writer, and without tokens and passwords."""
    return SECRET.sub("***", UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


def _cleaned(_logger: object, _method: str, event: EventDict) -> EventDict:
    return {name: _clean_value(value) for name, value in event.items()}


def _clean_value(value: Any) -> Any:
    match value:
        case str():
            return clean(value)
        case dict():
            return {name: _clean_value(part) for name, part in value.items()}
        case list():
            return [_clean_value(part) for part in value]
        case _:
            return value


def _is_ours_to_know(record: logging.LogRecord) -> bool:
    """Bolt warns of a request nobody listens to with everything in it, and of a token beside the client."""
    return record.levelno >= logging.ERROR or not record.name.startswith("slack_bolt")


def _write_lines(stream: TextIO, info: ExcInfo) -> None:
    for error in trace(info):
        stream.write(f"\n  {error['type']} {error.get('said', '')}".rstrip())
        stream.writelines(f"\n    {place}" for place in error["at"])


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _told(error: BaseException) -> Told:
    frames = extract_tb(error.__traceback__)
    at = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    said = clean(_said(error) or "")
    return {"type": type(error).__name__, "at": at} | ({"said": said} if said else {})


def _said(error: BaseException) -> str | None:
    match error:
        case OperationalError():
            return (str(error.orig).splitlines() or [""])[0]
        case SlackApiError():
            return str(error.response.get("error"))
        case OSError():
            return str(error)
    return None
