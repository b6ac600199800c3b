"""The control API: what people do and see, as JSON in and JSON out. Tests and the page use nothing else."""

import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aiohttp import web

from bot.sandbox.faults import BadFaultError, Faults
from bot.sandbox.gesture import BadGestureError
from bot.sandbox.interaction import Interaction
from bot.sandbox.places import inputs_of, offers_in
from bot.sandbox.state import Json, Message, View, Workspace
from bot.sandbox.time_channel import TimeChannel, TimeStuckError
from bot.sandbox.web_api import WebApi
from bot.sandbox.web_api.files import file_object
from bot.sandbox.web_api.views import view_object

Act = Callable[[Json], Awaitable[Json]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
CHANGEABLE = ("name", "real_name", "locale", "tz", "deleted", "is_restricted", "is_admin", "title")


class Control:
    """Routes under /_control and /_time."""

    def __init__(
        self, workspace: Workspace, interaction: Interaction, time: TimeChannel, api: WebApi, faults: Faults
    ) -> None:
        self._workspace = workspace
        self._interaction = interaction
        self._time = time
        self._api = api
        self._faults = faults

    def routes(self) -> list[web.RouteDef]:
        acts: dict[str, Act] = {
            "command": self._interaction.command,
            "shortcut": self._interaction.shortcut,
            "click": self._interaction.click,
            "press": self._interaction.press,
            "submit": self._interaction.submit,
            "close": self._interaction.close,
            "message": self._interaction.write,
            "suggest": self._interaction.suggest,
            "user": self._user,
            "clock": self._clock,
            "fault": self._fault,
        }
        looks: dict[str, Callable[[web.Request], Awaitable[Json]]] = {
            "messages": self._messages,
            "view": self._view,
            "home": self._home,
            "files": self._files,
            "log": self._log,
            "people": self._people,
            "channels": self._channels,
            "time": self._now,
        }
        return [
            *(web.post(f"/_control/{name}", self._acting(act)) for name, act in acts.items()),
            *(web.get(f"/_control/{name}", self._looking(look)) for name, look in looks.items()),
            web.get("/_control/files/{id}", self._file),
            web.get("/_time", self._time_now),
            web.post("/_time/bots", self._time_bot),
        ]

    # -- how every call is answered

    def _acting(self, act: Act) -> Handler:
        async def handle(request: web.Request) -> web.Response:
            try:
                wish = await request.json()
            except json.JSONDecodeError as error:
                return self._answer({"error": "invalid_json", "detail": str(error)}, self._workspace.now, 400)
            if not isinstance(wish, dict):
                return self._answer({"error": "json_not_object"}, self._workspace.now, 400)
            return await self._answered(act(wish))

        return handle

    def _looking(self, look: Callable[[web.Request], Awaitable[Json]]) -> Handler:
        async def handle(request: web.Request) -> web.Response:
            return await self._answered(look(request))

        return handle

    async def _answered(self, doing: Awaitable[Json]) -> web.Response:
        start = self._workspace.now
        try:
            return self._answer(await doing, start)
        except BadGestureError as problem:
            return self._answer(problem.answer, start, 400)
        except TimeStuckError as problem:
            return self._answer({"error": "time_stuck", "detail": str(problem)}, start, 500)

    def _answer(self, answer: Json, start: datetime, status: int = 200) -> web.Response:
        moved = (self._workspace.now - start).total_seconds()
        full = {**answer, "now": self._workspace.now.isoformat(), "moved_seconds": moved}
        if self._time.problems:
            full["bot_problems"] = list(self._time.problems)
            self._time.problems.clear()
        return web.json_response(full, status=status, dumps=_dumps)

    # -- acting

    async def _user(self, wish: Json) -> Json:
        user_id = str(wish.get("id"))
        if user_id not in self._workspace.users:
            raise BadGestureError("user_not_found", user_id)
        changes = {key: value for key, value in wish.items() if key != "id"}
        unknown = sorted(set(changes) - set(CHANGEABLE))
        if unknown:
            raise BadGestureError("unknown_property", ", ".join(unknown))
        try:
            ZoneInfo(str(changes.get("tz", "UTC")))
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise BadGestureError("unknown_time_zone", str(changes["tz"])) from error
        return await self._interaction.change_user(user_id, changes)

    async def _clock(self, wish: Json) -> Json:
        """{to}: an ISO instant with its zone, or "next" for the next scheduled moment."""
        if wish.get("to") == "next":
            moment = await self._time.next_moment()
            if moment is None:
                return {"moments": []}
        else:
            moment = _instant(wish.get("to"))
        if moment < self._workspace.now:
            raise BadGestureError("time_runs_forward", f"it is already {self._workspace.now.isoformat()}")
        return {"moments": [one.isoformat() for one in await self._time.advance(moment)]}

    async def _fault(self, wish: Json) -> Json:
        if wish.get("clear"):
            self._faults.clear()
            return {"done": True}
        try:
            self._faults.plant(wish)
        except BadFaultError as problem:
            raise BadGestureError("bad_fault", str(problem)) from problem
        return {"done": True}

    # -- looking

    async def _messages(self, request: web.Request) -> Json:
        """?channel= or ?dm=, and ?as= to see it with one person's eyes."""
        person, reader = request.query.get("dm"), request.query.get("as")
        channel = self._workspace.dm_of(person) if person else request.query.get("channel", "")
        known = channel in self._workspace.channels or channel in self._workspace.dms
        if not known and person not in self._workspace.users:
            raise BadGestureError("channel_not_found", channel)
        found = self._workspace.messages_in(channel)
        if reader:
            seen = {id(message) for message in self._workspace.visible_to(reader)}
            found = [message for message in found if id(message) in seen]
        return {"channel": channel, "messages": [message_data(message) for message in found]}

    async def _view(self, request: web.Request) -> Json:
        view = self._workspace.top_view(self._reader(request))
        return {"view": None if view is None else self._view_data(view)}

    async def _home(self, request: web.Request) -> Json:
        """Opens the Home tab. ?peek=1 only looks at what was published last."""
        reader = self._reader(request)
        peek = request.query.get("peek")
        home = self._workspace.homes.get(reader) if peek else await self._interaction.open_home(reader)
        return {"view": None if home is None else self._view_data(home)}

    def _view_data(self, view: View) -> Json:
        buttons = [offer.as_data() for offer in offers_in(view)]
        found = view_object(self._workspace, view)
        return {**found, "view_id": view.id, "buttons": buttons, "inputs": inputs_of(view)}

    async def _files(self, request: web.Request) -> Json:
        files = [file_object(self._workspace, file) for file in self._workspace.files.values() if file.shared]
        return {"files": files}

    async def _file(self, request: web.Request) -> web.StreamResponse:
        file = self._workspace.files.get(request.match_info["id"])
        if file is None:
            return web.json_response({"error": "file_not_found"}, status=404)
        kind = str(file_object(self._workspace, file)["mimetype"])
        return web.Response(body=file.content, content_type=kind)

    async def _log(self, request: web.Request) -> Json:
        since = int(request.query.get("since", "0") or "0")
        return {"log": [entry for entry in self._api.log if entry["n"] > since]}

    async def _people(self, request: web.Request) -> Json:
        return {"people": [vars(user) for user in self._workspace.users.values()]}

    async def _channels(self, request: web.Request) -> Json:
        channels = [
            {**vars(channel), "members": self._workspace.people_in(channel.id)}
            for channel in self._workspace.channels.values()
        ]
        return {"channels": channels}

    async def _now(self, request: web.Request) -> Json:
        return {"bots": self._time.bots, "connections": self._time.connections}

    def _reader(self, request: web.Request) -> str:
        reader = request.query.get("as", "")
        if reader not in self._workspace.users:
            raise BadGestureError("user_not_found", reader)
        return reader

    # -- the time channel

    async def _time_now(self, request: web.Request) -> web.Response:
        return web.json_response({"now": self._workspace.now.isoformat()})

    async def _time_bot(self, request: web.Request) -> web.Response:
        self._time.register(str((await request.json())["url"]))
        return web.json_response({"now": self._workspace.now.isoformat()})


def message_data(message: Message) -> Json:
    """One message as the control API shows it, with everything on it that can be pressed."""
    return {
        "ts": message.ts,
        "channel": message.channel,
        "user": message.user,
        "text": message.text,
        "blocks": message.blocks,
        "buttons": [offer.as_data() for offer in offers_in(message)],
        "metadata": message.metadata,
        "thread_ts": message.thread_ts,
        "edited": message.edited,
        "ephemeral_for": message.ephemeral_for,
        "files": message.files,
    }


def _instant(text: Any) -> datetime:
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError as error:
        raise BadGestureError("not_an_instant", str(text)) from error
    if found.tzinfo is None:
        raise BadGestureError("needs_a_time_zone", str(text))
    return found


def _dumps(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False)
