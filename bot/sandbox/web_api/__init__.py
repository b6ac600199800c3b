"""The Web API: reads a request, checks token, scopes, rates and faults, and calls the method's function."""

import asyncio
import json
from collections.abc import Callable
from time import monotonic

from aiohttp import web

from bot.sandbox.faults import Fault, Faults
from bot.sandbox.rates import Rates
from bot.sandbox.state import Json, Workspace
from bot.sandbox.web_api import basics, chat, conversations, files, users, views
from bot.sandbox.web_api.call import Call, SlackError

Method = Callable[[Call], Json]

METHODS: dict[str, Method] = {
    **basics.METHODS,
    **chat.METHODS,
    **conversations.METHODS,
    **files.METHODS,
    **users.METHODS,
    **views.METHODS,
}

# A method needs one of these scopes. Conversations depend on their kind and check for themselves.
SCOPES: dict[str, tuple[str, ...]] = {
    "chat.postMessage": ("chat:write",),
    "chat.update": ("chat:write",),
    "chat.delete": ("chat:write",),
    "chat.postEphemeral": ("chat:write",),
    "conversations.open": ("im:write", "mpim:write"),
    "conversations.join": ("channels:join",),
    "users.info": ("users:read",),
    "users.list": ("users:read",),
    "bots.info": ("users:read",),
    "team.info": ("team:read",),
    "files.getUploadURLExternal": ("files:write",),
    "files.completeUploadExternal": ("files:write",),
    "files.info": ("files:read",),
}
WITHOUT_TOKEN = ("api.test",)
GLANCE_SECONDS = 0.05
"""How often it is looked whether a caller who is kept waiting is still there."""

JSON_TYPE = "application/json"
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


class WebApi:
    """Answers /api/METHOD and keeps the log of every call."""

    def __init__(self, workspace: Workspace, faults: Faults) -> None:
        self._workspace = workspace
        self._faults = faults
        self._rates = Rates(workspace)
        self.log: list[Json] = []

    async def handle(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        self._workspace.calls_in_flight += 1
        try:
            return await self._handle(method, request)
        finally:
            self._workspace.calls_in_flight -= 1
            self._workspace.activity += 1
            self._workspace.pulse.beat()

    async def _handle(self, method: str, request: web.Request) -> web.Response:
        entry: Json = {"n": len(self.log) + 1, "method": method, "args": {}, "answer": None}
        entry["now"] = self._workspace.now.isoformat()
        self.log.append(entry)
        wire = self._workspace.wire.call(method, entry["args"])
        try:
            return await self._attempt(entry, request)
        finally:
            answer = entry["answer"]
            self._workspace.wire.answered(wire, answer, (answer or {}).get("error"))
            wire["fault"] = entry.get("fault")

    async def _attempt(self, entry: Json, request: web.Request) -> web.Response:
        method = entry["method"]
        try:
            args = await _arguments(request)
        except SlackError as refusal:
            return self._respond(entry, refusal.answer)
        entry["args"].update((key, value) for key, value in args.items() if key != "token")
        fault = self._faults.next_for(method)
        if fault:
            entry["fault"] = fault.mode
            return await self._broken(fault, entry, request, args)
        return self._respond(entry, self._answer(method, request, args))

    async def _broken(self, fault: Fault, entry: Json, request: web.Request, args: Json) -> web.Response:
        method = entry["method"]
        if fault.mode == "rate_limit":
            return self._respond(entry, _limited(fault.retry_after))
        if fault.mode == "error":
            return self._respond(entry, {"ok": False, "error": fault.error}, fault.status)
        if fault.mode == "drop_before":
            return hang_up(request)
        if fault.mode == "slow" and fault.when == "before":
            await self._hold(request, fault.seconds)
        answer = self._answer(method, request, args)
        if fault.mode == "drop_after":
            entry["answer"] = answer
            return hang_up(request)
        if fault.when == "after":
            entry["answer"] = answer
            await self._hold(request, fault.seconds)
        return self._respond(entry, answer)

    async def _hold(self, request: web.Request, seconds: float) -> None:
        """Let a caller wait. Once the caller has hung up, nobody else waits for this call."""
        over = monotonic() + seconds
        while (left := over - monotonic()) > 0 and not _hung_up(request):
            await asyncio.sleep(min(left, GLANCE_SECONDS))
        self._workspace.calls_in_flight -= 1
        try:
            await asyncio.sleep(max(0.0, over - monotonic()))
        finally:
            self._workspace.calls_in_flight += 1

    def _answer(self, method: str, request: web.Request, args: Json) -> Json:
        function = METHODS.get(method)
        try:
            if function is None:
                raise SlackError("unknown_method", req_method=method)
            self._check_token(method, request, args)
            self._check_scopes(method)
            wait = self._rates.wait(method, self._channel_of(args))
            return {"ok": True, **function(Call(self._workspace, method, args))} if wait is None else _limited(wait)
        except SlackError as refusal:
            return refusal.answer

    def _check_token(self, method: str, request: web.Request, args: Json) -> None:
        if method in WITHOUT_TOKEN:
            return
        company = self._workspace.company
        token = request.headers.get("Authorization", "").removeprefix("Bearer").strip() or str(args.get("token") or "")
        if not token:
            raise SlackError("not_authed")
        if token not in (company.bot_token, company.app_token):
            raise SlackError("invalid_auth")
        wants_app_token = method == "apps.connections.open"
        if wants_app_token != (token == company.app_token) and method != "auth.test":
            raise SlackError("not_allowed_token_type")

    def _check_scopes(self, method: str) -> None:
        needed = SCOPES.get(method)
        held = self._workspace.company.scopes
        if needed and not set(needed) & set(held):
            raise SlackError("missing_scope", needed=needed[0], provided=",".join(held))

    def _channel_of(self, args: Json) -> str | None:
        """A DM counts as one channel whether it is named by its D id or by its person."""
        channel = str(args.get("channel") or "")
        return self._workspace.dm_of(channel) if channel in self._workspace.users else channel or None

    def _respond(self, entry: Json, answer: Json, status: int = 200) -> web.Response:
        entry["answer"] = answer
        headers = {
            "X-OAuth-Scopes": ",".join(self._workspace.company.scopes),
            "X-Accepted-OAuth-Scopes": ",".join(SCOPES.get(entry["method"], ())),
            "X-Slack-Req-Id": f"sandbox-{entry['n']}",
        }
        if answer.get("error") == "ratelimited":
            headers["Retry-After"] = str(answer["retry_after"])
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
        return web.json_response(answer, status=status, headers=headers)


def _hung_up(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()


def hang_up(request: web.Request) -> web.Response:
    """Closes the connection without an answer; what is returned is never sent."""
    if request.transport:
        request.transport.close()
    return web.Response()


def _limited(seconds: int) -> Json:
    return {"ok": False, "error": "ratelimited", "retry_after": seconds}


async def _arguments(request: web.Request) -> Json:
    args: Json = dict(request.query)
    kind = request.content_type
    if request.method == "GET" or not request.can_read_body:
        return args
    if kind == JSON_TYPE:
        args.update(_json_object(await request.text()))
    elif kind in FORM_TYPES:
        args.update({key: value for key, value in (await request.post()).items() if isinstance(value, str)})
    else:
        raise SlackError("invalid_post_type")
    return args


def _json_object(body: str) -> Json:
    try:
        data = json.loads(body)
    except json.JSONDecodeError as error:
        raise SlackError("invalid_json", [error.msg]) from error
    if not isinstance(data, dict):
        raise SlackError("json_not_object")
    return data
