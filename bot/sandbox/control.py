"""The control API: what people do and see, as JSON in and JSON out. Tests and the page use nothing else."""

import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aiohttp import web

from bot.sandbox.courier import Courier
from bot.sandbox.faults import BadFaultError, Faults
from bot.sandbox.gesture import BadGestureError
from bot.sandbox.http_transport import NotVerifiedError
from bot.sandbox.interaction import Interaction
from bot.sandbox.looks import Look, Looks
from bot.sandbox.socket_mode import DISCONNECTS, LONGEST_WARNING, MISHAPS, WARNING_SECONDS
from bot.sandbox.state import Json, Workspace
from bot.sandbox.time_channel import TimeChannel, TimeStuckError
from bot.sandbox.web_api import WebApi

Act = Callable[[Json], Awaitable[Json]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
CHANGEABLE = ("name", "real_name", "locale", "tz", "deleted", "is_restricted", "is_admin", "title")


class Control:
    """Routes under /_control and /_time."""

    def __init__(
        self,
        workspace: Workspace,
        interaction: Interaction,
        courier: Courier,
        time: TimeChannel,
        *,
        api: WebApi,
        faults: Faults,
    ) -> None:
        self._workspace = workspace
        self._interaction = interaction
        self._courier = courier
        self._time = time
        self._looks = Looks(workspace, interaction, time, api)
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
            "socket": self._socket,
            "transport": self._transport,
        }
        return [
            *(web.post(f"/_control/{name}", self._acting(act)) for name, act in acts.items()),
            *(web.get(f"/_control/{name}", self._looking(look)) for name, look in self._looks.table().items()),
            web.get("/_control/files/{id}", self._looks.file),
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
            try:
                return await self._answered(act(wish))
            finally:
                self._workspace.pulse.beat()

        return handle

    def _looking(self, look: Look) -> Handler:
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
            self._courier.socket.forget_plans()
            return {"done": True}
        try:
            self._faults.plant(wish)
        except BadFaultError as problem:
            raise BadGestureError("bad_fault", str(problem)) from problem
        return {"done": True}

    async def _socket(self, wish: Json) -> Json:
        """{disconnect, seconds?}: ends the Socket Mode connections, as Slack does now and then. See SocketMode.

        {envelopes, times?}: what befalls the next envelopes instead.
        """
        if "envelopes" in wish:
            return self._mishap(str(wish["envelopes"]), wish.get("times", 1))
        reason, seconds = str(wish.get("disconnect")), wish.get("seconds", WARNING_SECONDS)
        if reason not in DISCONNECTS:
            raise BadGestureError("unknown_disconnect", f"one of {', '.join(DISCONNECTS)}")
        if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or not 0 <= seconds <= LONGEST_WARNING:
            raise BadGestureError("bad_seconds", f"a number from 0 to {LONGEST_WARNING}")
        return {"done": True, "ended": await self._courier.socket.disconnect(reason, seconds)}

    def _mishap(self, mishap: str, times: Any) -> Json:
        if mishap not in MISHAPS or not isinstance(times, int):
            raise BadGestureError("unknown_mishap", f"one of {', '.join(MISHAPS)}, and how many times")
        self._courier.socket.plan(mishap, times)
        return {"done": True}

    async def _transport(self, wish: Json) -> Json:
        """{request_url}: verifies the bot's URL and uses HTTP from now on; null goes back to Socket Mode."""
        url = wish.get("request_url")
        if url is None:
            self._courier.http.forget()
            return {"done": True, "transport": "socket_mode"}
        if urlsplit(str(url)).scheme not in ("http", "https"):
            raise BadGestureError("bad_request_url", str(url))
        try:
            await self._courier.http.register(str(url))
        except NotVerifiedError as problem:
            raise BadGestureError("url_verification_failed", str(problem)) from problem
        return {"done": True, "transport": "http"}

    # -- the time channel

    async def _time_now(self, request: web.Request) -> web.Response:
        return web.json_response({"now": self._workspace.now.isoformat()})

    async def _time_bot(self, request: web.Request) -> web.Response:
        self._time.register(str((await request.json())["url"]))
        return web.json_response({"now": self._workspace.now.isoformat()})


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
