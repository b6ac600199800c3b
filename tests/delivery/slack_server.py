"""The Web API of the local workspace in a thread of its own, without bot, browser or Socket Mode."""

import asyncio
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.sandbox.company import Channel, Company, User
from bot.sandbox.faults import Faults
from bot.sandbox.server import Answers
from bot.sandbox.state import Workspace
from bot.sandbox.web_api import WebApi, hang_up

COMPANY = Company(
    users=(User("U_LIU", "liu"), User("U_CHEN", "chen"), User("U_GONE", "gone", deleted=True)),
    channels=(
        Channel("C_QUALITY", "quality", ("U_BOT", "U_LIU")),
        Channel("C_WEEKLY", "weekly", ("U_BOT", "U_LIU", "U_CHEN")),
        Channel("C_ARCHIVED", "archived", ("U_BOT",), is_archived=True),
        Channel("C_OTHERS", "others", ("U_CHEN",)),
    ),
)

Witness = Callable[[str], None]


class SlackServer:
    """Slack for one test.

    `before` and `after` are told of every call, or of those of the `watched` method, before and after it takes effect.
    """

    def __init__(self, company: Company = COMPANY) -> None:
        self.workspace = Workspace(company, datetime(2026, 2, 10, 1, 0, tzinfo=UTC))
        self.faults = Faults()
        self.api = WebApi(self.workspace, self.faults)
        self.watched: str | None = None
        self.before: Witness | None = None
        self.after: Witness | None = None
        self.url = ""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)

    def __enter__(self) -> "SlackServer":
        self._thread.start()
        self.url = asyncio.run_coroutine_threadsafe(self._open(), self._loop).result()
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def fault(self, method: str, mode: str, **more: Any) -> None:
        """Break the next calls of a method."""
        self.faults.plant({"method": method, "mode": mode, **more})

    def calls(self, method: str | None = None) -> list[str]:
        """The methods called so far, or all calls of one."""
        return [call["method"] for call in self.api.log if method in (None, call["method"])]

    def texts(self, channel: str) -> list[str]:
        """What stands in a channel, oldest first."""
        return [message.text for message in self.workspace.messages_in(channel)]

    async def _open(self) -> str:
        app = web.Application(middlewares=[self._witnessed])
        app.router.add_post("/api/{method}", self.api.handle)
        app.router.add_post("/{method:upload}/{id}", Answers(self.workspace, self.faults).upload)
        self._runner = web.AppRunner(app, shutdown_timeout=0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.workspace.url = f"http://{host}:{port}"
        return f"{self.workspace.url}/api/"

    @web.middleware
    async def _witnessed(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        method = request.match_info.get("method", "")
        if self.before and self.watched in (None, method):
            self.before(method)
            return hang_up(request)
        answer = await handler(request)
        if self.after and self.watched in (None, method):
            self.after(method)
        return answer
