"""The page's addresses. It draws with one person's eyes and changes nothing itself, except what they have read."""

import json
from urllib.parse import urlencode

from aiohttp import web

from bot.sandbox.company import User
from bot.sandbox.interaction import Interaction
from bot.sandbox.page import assets, live
from bot.sandbox.page.look import Look
from bot.sandbox.page.reading import Reading
from bot.sandbox.page.regions import HOME, Regions
from bot.sandbox.page.sight import is_reply
from bot.sandbox.state import Json, Workspace
from bot.sandbox.time_channel import TimeChannel

POLICY = (
    "default-src 'self'; img-src * data:; style-src 'self'; script-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


class Page:
    """The routes of the page."""

    def __init__(self, workspace: Workspace, interaction: Interaction, time: TimeChannel) -> None:
        self._workspace = workspace
        self._interaction = interaction
        self._reading = Reading(workspace)
        self._regions = Regions(workspace, self._reading, time)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", self._show),
            web.get("/static/{name}", assets.serve),
            web.get("/archives/{channel}/{ts}", self._archive),
            web.get("/_page/regions", self._changed),
            web.get("/_page/events", self._events),
            web.post("/_page/read", self._read),
            web.post("/_control/read", self._read_all),
        ]

    async def stop(self, _app: web.Application) -> None:
        """Lets the pages go that listen."""
        self._workspace.pulse.stop()

    async def _show(self, request: web.Request) -> web.Response:
        """?as=, ?at= a conversation or "home", and perhaps ?thread= and ?since= a ts."""
        look = self._look(request)
        if look is None:
            return web.Response(text="Nobody is here.")
        if look.at == HOME and not look.reader.deleted:
            await self._interaction.open_home(look.reader.id)
        headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
        return web.Response(text=self._regions.page(look), content_type="text/html", headers=headers)

    async def _changed(self, request: web.Request) -> web.Response:
        """The same look, with ?have=name:version for what the browser holds: the regions that are different now."""
        look = self._look(request)
        if look is None:
            return web.json_response({"error": "user_not_found"}, status=404)
        held = dict(one.split(":", 1) for one in request.query.getall("have", []) if ":" in one)
        messages = sum(1 for _ in self._workspace.visible_to(look.reader.id))
        answer = {
            "regions": self._regions.changed(look, held),
            "messages": messages,
            "wire": len(self._workspace.wire.entries),
        }
        return web.json_response(answer, headers={"Cache-Control": "no-store"})

    async def _events(self, request: web.Request) -> web.StreamResponse:
        return await live.listen(request, self._workspace.pulse)

    async def _read(self, request: web.Request) -> web.Response:
        """{as, at}: this person looks at the conversation as it stands."""
        try:
            wish: Json = await request.json()
            reader, at = str(wish["as"]), str(wish["at"])
        except (json.JSONDecodeError, KeyError, TypeError):
            return web.json_response({"error": "invalid_arguments"}, status=400)
        if self._reading.look(reader, at):
            self._workspace.pulse.beat()
        return web.json_response({"done": True})

    async def _read_all(self, _request: web.Request) -> web.Response:
        """Nothing that was said so far is unread: for a life that has gone on before anybody opens the page."""
        for reader in self._workspace.users:
            for channel in (*self._workspace.channels, *self._workspace.dms):
                self._reading.look(reader, channel)
        self._workspace.pulse.beat()
        return web.json_response({"done": True})

    async def _archive(self, request: web.Request) -> web.StreamResponse:
        """Where chat.getPermalink leads: the message, in its thread where it is a reply."""
        channel, ts = request.match_info["channel"], request.match_info["ts"]
        message = next(
            (m for m in self._workspace.messages_in(channel) if m.ts.replace(".", "") == ts.strip("p")), None
        )
        where = {"at": channel}
        if "as" in request.query:
            where["as"] = request.query["as"]
        if message is not None:
            where["since"] = message.ts
            where |= {"thread": str(message.thread_ts), "since": str(message.thread_ts)} if is_reply(message) else {}
        raise web.HTTPFound(f"/?{urlencode(where)}#{ts}")

    def _look(self, request: web.Request) -> Look | None:
        reader = self._reader(request.query.get("as"))
        if reader is None:
            return None
        at = request.query.get("at") or self._workspace.dm_of(reader.id)
        return Look(reader, at, request.query.get("thread"), request.query.get("since"))

    def _reader(self, wanted: str | None) -> User | None:
        people = self._regions.people()
        return next((user for user in people if user.id == wanted), people[0] if people else None)
