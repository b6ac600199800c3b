"""Messages as they were drawn: with every beat of the pulse, most of them look as they did before."""

from typing import Protocol
from zoneinfo import ZoneInfo

from bot.sandbox.page.look import Look, Region
from bot.sandbox.page.sight import Line
from bot.sandbox.state import Workspace

MOST = 3_000


class Draw(Protocol):
    """Draws one message."""

    def __call__(self, look: Look, line: Line, *, in_thread: bool = False) -> Region: ...


class Remembered:
    """Asks `draw` only for what may look different now."""

    def __init__(self, workspace: Workspace, draw: Draw) -> None:
        self._workspace = workspace
        self._draw = draw
        self._drawn: dict[tuple[object, ...], Region] = {}

    def draw(self, look: Look, line: Line, *, in_thread: bool = False) -> Region:
        """The message as this reader sees it today, or now where it says how long ago; with the names of now."""
        names = hash((tuple(self._workspace.users.values()), tuple(self._workspace.channels.values())))
        now, words = self._workspace.now.astimezone(ZoneInfo(look.reader.tz)), repr(line)
        key = (look.reader, now if "{ago}" in words else now.date(), names, words, in_thread)
        if key not in self._drawn:
            if len(self._drawn) >= MOST:
                self._drawn.clear()
            self._drawn[key] = self._draw(look, line, in_thread=in_thread)
        return self._drawn[key]
