"""Draws the workspace with one person's eyes. It changes nothing itself: the script asks the control API."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web
from jinja2 import Environment, PackageLoader

from bot.sandbox.company import User
from bot.sandbox.interaction import Interaction
from bot.sandbox.page.mrkdwn import to_html
from bot.sandbox.page.words import words_for
from bot.sandbox.places import inputs_of
from bot.sandbox.state import Message, Workspace

HOME = "home"
STATIC = {"page.css": "text/css", "page.js": "text/javascript"}
POLICY = "default-src 'self'; img-src * data:; style-src 'self'; script-src 'self'"


@dataclass(frozen=True)
class Line:
    """One message as the page shows it."""

    message: Message
    author: str
    is_bot: bool
    time: str
    is_reply: bool


class Page:
    """The routes of the page."""

    def __init__(self, workspace: Workspace, interaction: Interaction) -> None:
        self._workspace = workspace
        self._interaction = interaction
        # Undefined stays lenient: blocks are JSON whose optional keys are simply absent.
        self._templates = Environment(loader=PackageLoader("bot.sandbox", "page/templates"), autoescape=True)
        self._files = PackageLoader("bot.sandbox", "page/static")

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", self._show),
            web.get("/static/{name}", self._static),
            web.get("/archives/{channel}/{ts}", self._archive),
        ]

    async def _show(self, request: web.Request) -> web.Response:
        reader = self._reader(request.query.get("as"))
        if reader is None:
            return web.Response(text="Nobody is here.")
        at = request.query.get("at") or self._workspace.dm_of(reader.id)
        if at == HOME:
            await self._interaction.open_home(reader.id)
        html = self._templates.get_template("page.html").render(self._context(reader, at))
        return web.Response(text=html, content_type="text/html", headers={"Content-Security-Policy": POLICY})

    async def _static(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in STATIC:
            return web.Response(status=404)
        source, _, _ = self._files.get_source(self._templates, name)
        return web.Response(text=source, content_type=STATIC[name])

    async def _archive(self, request: web.Request) -> web.StreamResponse:
        """Where chat.getPermalink leads."""
        raise web.HTTPFound(f"/?at={request.match_info['channel']}#{request.match_info['ts']}")

    def _reader(self, wanted: str | None) -> User | None:
        people = self._people()
        return next((user for user in people if user.id == wanted), people[0] if people else None)

    def _people(self) -> list[User]:
        return [user for user in self._workspace.users.values() if not user.is_bot]

    def _context(self, reader: User, at: str) -> dict[str, Any]:
        workspace = self._workspace
        now = workspace.now.astimezone(ZoneInfo(reader.tz))
        modal = workspace.top_view(reader.id)
        return {
            "words": words_for(reader),
            "company": workspace.company,
            "people": self._people(),
            "reader": reader,
            "at": at,
            "dm": workspace.dm_of(reader.id),
            "channels": [c for c in workspace.channels.values() if reader.id in workspace.people_in(c.id)],
            "shortcuts": [one for one in workspace.company.shortcuts if one.type == "global"],
            "lines": [] if at == HOME else self._lines(reader, at),
            "home": workspace.homes.get(reader.id) if at == HOME else None,
            "modal": modal,
            "inputs": {} if modal is None else {one["name"]: one for one in inputs_of(modal)},
            "now": now,
            "tomorrow": (now + timedelta(days=1)).isoformat(),
            "mrkdwn": partial(to_html, workspace=workspace, reader=reader),
            "plain": _plain,
        }

    def _lines(self, reader: User, channel: str) -> list[Line]:
        """Replies follow the message they answer."""
        seen = [one for one in self._workspace.visible_to(reader.id) if one.channel == channel]
        seen.sort(key=lambda message: (message.thread_ts or message.ts, message.ts))
        return [self._line(message, reader) for message in seen]

    def _line(self, message: Message, reader: User) -> Line:
        author = self._workspace.users[message.user]
        at = datetime.fromtimestamp(float(message.ts), ZoneInfo(reader.tz))
        reply = message.thread_ts not in (None, message.ts)
        return Line(message, author.shown_name, author.is_bot, at.strftime("%m-%d %H:%M"), reply)


def _plain(text: dict[str, Any] | None) -> str:
    return str(text["text"]) if text else ""
