"""Logs: one line an event. A trace says where it happened, never what people wrote."""

import logging
from typing import Literal

import structlog
from structlog.processors import ExceptionRenderer, JSONRenderer, TimeStamper, add_log_level
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import Processor

Style = Literal["json", "text", "debug"]


def set_up(style: Style) -> None:
    """Write JSON lines, or lines for a person to read; "debug" also shows what libraries say."""
    level = logging.DEBUG if style == "debug" else logging.WARNING
    logging.basicConfig(level=level, format="%(levelname)s %(name)s %(message)s")
    # Bolt warns of a token in the environment beside the client it was given; both are the same.
    logging.getLogger("slack_bolt.App").setLevel(logging.ERROR)
    processors: list[Processor] = [add_log_level, TimeStamper(fmt="iso", utc=True)]
    if style == "json":
        # Without local variables: they hold what people wrote, and tokens.
        trace = ExceptionRenderer(ExceptionDictTransformer(show_locals=False))
        processors += [trace, JSONRenderer(ensure_ascii=False)]
    else:
        plain = structlog.dev.plain_traceback
        processors.append(structlog.dev.ConsoleRenderer(colors=False, exception_formatter=plain))
    structlog.configure(processors=processors)
