"""The page in regions: each is drawn as HTML with a version, so that a browser asks only for what it does not have."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from statistics import mode
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from bot.sandbox.company import User
from bot.sandbox.page import dates
from bot.sandbox.page.drawing import Drawing
from bot.sandbox.page.look import Look, Region, region
from bot.sandbox.page.reading import Reading
from bot.sandbox.page.remembered import Remembered
from bot.sandbox.page.sight import Line, Sight, initials, total
from bot.sandbox.page.words import script_words, tour_of, words_for
from bot.sandbox.state import Message, Workspace
from bot.sandbox.time_channel import TimeChannel

HOME = "home"
HUES = 8
TIME_STEPS = {"plus_day": timedelta(days=1), "plus_week": timedelta(days=7)}


class Regions:
    """Draws the page and its regions for one look at the workspace."""

    def __init__(self, workspace: Workspace, reading: Reading, time: TimeChannel) -> None:
        self._workspace = workspace
        self._reading = reading
        self._time = time
        self._messages = Remembered(workspace, self._message)
        self._templates = Environment(
            loader=PackageLoader("bot.sandbox", "page/templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True
        )
        self._templates.globals |= {"initials": initials, "hue": self._hue, "dates": dates, "json": _json}

    def page(self, look: Look) -> str:
        """The whole page, with every region in it."""
        place = Sight(self._workspace, look.reader).place(look.at)
        shortcuts = self._workspace.company.shortcuts
        return self._templates.get_template("page.html").render(
            self._words(look),
            place=place,
            regions=self.draw(look),
            commands=self._workspace.company.commands,
            shortcuts=[one for one in shortcuts if one.type == "global"],
            message_shortcuts=[one for one in shortcuts if one.type == "message"],
            said=_json(script_words(look.reader)),
            tour=[(self._workspace.users[who], self._tour_text(look, words)) for who, words in self._tour()],
            new_since=self._reading.upto(look.reader.id, look.at),
            zone=self._zone(),
        )

    def draw(self, look: Look) -> dict[str, Region]:
        """Every region by its name."""
        drawers: dict[str, Callable[[Look], Region]] = {
            "clock": self._clock,
            "sidebar": self._sidebar,
            "stream": self._home if look.at == HOME else self._stream,
            "thread": self._thread,
            "modal": self._modal,
        }
        return {name: drawer(look) for name, drawer in drawers.items()}

    def changed(self, look: Look, held: Mapping[str, str]) -> dict[str, dict[str, str]]:
        """The regions whose version is not the one that is held, as JSON takes them."""
        drawn = self.draw(look)
        return {
            name: {"version": region.version, "html": str(region.html)}
            for name, region in drawn.items()
            if held.get(name) != region.version
        }

    def people(self) -> list[User]:
        """Everybody one can be."""
        return [user for user in self._workspace.users.values() if not user.is_bot]

    # -- the regions

    def _clock(self, look: Look) -> Region:
        now = self._workspace.now.astimezone(ZoneInfo(self._zone()))
        steps = [(name, (now + step).replace(second=0, microsecond=0)) for name, step in TIME_STEPS.items()]
        landmarks = [
            (name, instant.astimezone(now.tzinfo))
            for name, instant in self._time.landmarks.items()
            if instant > self._workspace.now
        ]
        return self._region("clock.html", look, now=now, steps=steps, landmarks=landmarks)

    def _sidebar(self, look: Look) -> Region:
        unread = self._reading.unread()
        sight = Sight(self._workspace, look.reader)
        others = [(one, total(unread.get(one.id, Counter())), self._place_of(one, look.at)) for one in self.people()]
        return self._region(
            "sidebar.html", look, places=sight.places(), unread=unread.get(look.reader.id, Counter()), others=others
        )

    def _stream(self, look: Look) -> Region:
        sight = Sight(self._workspace, look.reader)
        stretch = sight.stretch(look.at, look.since)
        return self._region(
            "stream.html",
            look,
            place=sight.place(look.at),
            older=stretch.older,
            lines=[(line, self._messages.draw(look, line)) for line in stretch.lines],
        )

    def _thread(self, look: Look) -> Region:
        lines = Sight(self._workspace, look.reader).thread(look.at, look.thread) if look.thread else []
        drawn = [(line, self._messages.draw(look, line, in_thread=True)) for line in lines]
        return self._region("thread.html", look, lines=drawn) if look.thread else region(Markup(""))

    def _message(self, look: Look, line: Line, *, in_thread: bool = False) -> Region:
        drawing = Drawing(self._workspace, look.reader, "thread-" if in_thread else "")
        content = drawing.blocks(line.message) if line.message.blocks else drawing.text(line.message)
        return self._region("message.html", look, line=line, content=content, in_thread=in_thread)

    def _home(self, look: Look) -> Region:
        home = self._workspace.homes.get(look.reader.id)
        content = None if home is None else Drawing(self._workspace, look.reader).blocks(home)
        return self._region("home.html", look, content=content, version="" if home is None else home.hash)

    def _modal(self, look: Look) -> Region:
        """A form is drawn anew only when the bot changed it; what somebody types meanwhile stays in the browser."""
        view = self._workspace.top_view(look.reader.id)
        if view is None:
            return region(Markup(""))
        depth = len(self._workspace.open_views(look.reader.id))
        form = Drawing(self._workspace, look.reader).form(view)
        drawn = self._region("modal.html", look, view=view, depth=depth, form=form)
        return Region(drawn.html, f"{view.id}-{view.hash}-{depth}")

    # -- what they are made of

    def _region(self, template: str, look: Look, **parts: Any) -> Region:
        return region(Markup(self._templates.get_template(template).render(self._words(look), **parts)))  # noqa: S704

    def _words(self, look: Look) -> dict[str, Any]:
        """What every template may say and name."""
        return {
            "words": words_for(look.reader),
            "look": look,
            "reader": look.reader,
            "company": self._workspace.company,
            "users": self._workspace.users,
        }

    def _place_of(self, person: User, at: str) -> str:
        """Where somebody else finds themselves when one becomes them: here, if they may be here."""
        may_stay = at == HOME or Sight(self._workspace, person).place(at) is not None
        return at if may_stay else self._workspace.dm_of(person.id)

    def _hue(self, user: User) -> int:
        """Which of the avatar colours is this person's, always the same."""
        return list(self._workspace.users).index(user.id) % HUES

    def _zone(self) -> str:
        """Company time is the time that most of its people live in."""
        return mode([user.tz for user in self.people()] or ["UTC"])

    def _tour(self) -> list[tuple[str, Mapping[str, str]]]:
        return [(who, words) for who, words in self._workspace.company.tour if who in self._workspace.users]

    def _tour_text(self, look: Look, words: Mapping[str, str]) -> Markup:
        message = Message("0", "", "", tour_of(look.reader, words))
        return Drawing(self._workspace, look.reader).text(message)


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False)
