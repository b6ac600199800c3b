"""The sandbox: one asyncio server in a thread of its own for Web API, Socket Mode, control, time and page."""

import asyncio
import threading
from concurrent.futures import Future
from datetime import datetime
from types import TracebackType
from typing import Any

from aiohttp import web

from bot.sandbox import response_url
from bot.sandbox.company import Company
from bot.sandbox.control import Control
from bot.sandbox.courier import Courier
from bot.sandbox.faults import Faults
from bot.sandbox.http_transport import HttpTransport
from bot.sandbox.interaction import Interaction
from bot.sandbox.page.routes import Page
from bot.sandbox.socket_mode import SocketMode
from bot.sandbox.state import Workspace
from bot.sandbox.time_channel import TimeChannel
from bot.sandbox.web_api import WebApi, hang_up
from bot.sandbox.web_api.call import SlackError
from bot.sandbox.web_api.files import file_object

LARGEST_BODY = 120 * 1024 * 1024
START_SECONDS = 10


class Sandbox:
    """A workspace on this machine. Use it as a context manager, or start() and stop() it.

    `now` is the start of simulated time, aware. `port=0` takes a free port. Time stands still until
    somebody moves it through the control API. Stopping forgets everything.
    """

    def __init__(self, company: Company, now: datetime, host: str = "127.0.0.1", port: int = 0) -> None:
        self.company = company
        self._workspace = Workspace(company, now)
        self._host = host
        self._port = port
        self._thread: threading.Thread | None = None
        self._ready: Future[None] = Future()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None

    @property
    def url(self) -> str:
        """The address of the page and the control API, without a slash at the end."""
        return self._workspace.url

    @property
    def api_url(self) -> str:
        """What WebClient takes as its base_url."""
        return f"{self.url}/api/"

    def start(self) -> "Sandbox":
        """Returns when the port is open. Raises OSError when it cannot be opened."""
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)
        self._thread.start()
        self._ready.result(START_SECONDS)
        return self

    def stop(self) -> None:
        if self._thread is None or self._loop is None or self._stop is None:
            return
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        self._thread = None

    def wait(self) -> None:
        """Blocks until somebody stops the sandbox; for a process that is nothing else."""
        if self._thread is not None:
            self._thread.join()

    def __enter__(self) -> "Sandbox":
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        socket = SocketMode(self._workspace)
        runner = web.AppRunner(build_app(self._workspace, socket), access_log=None, shutdown_timeout=1)
        try:
            await runner.setup()
            await web.TCPSite(runner, self._host, self._port).start()
        except OSError as error:
            self._ready.set_exception(error)
            await runner.cleanup()
            return
        self._workspace.url = f"http://{self._host}:{runner.addresses[0][1]}"
        self._ready.set_result(None)
        await self._stop.wait()
        await socket.close()
        await runner.cleanup()


def build_app(workspace: Workspace, socket: SocketMode) -> web.Application:
    """Every route of the sandbox, wired to one workspace."""
    faults = Faults()
    api = WebApi(workspace, faults)
    courier = Courier(workspace, socket, HttpTransport(workspace))
    time = TimeChannel(workspace, courier)
    interaction = Interaction(workspace, courier, time)
    answers = Answers(workspace, faults)
    page = Page(workspace, interaction, time)
    app = web.Application(client_max_size=LARGEST_BODY)
    app.add_routes(
        [
            web.route("*", "/api/{method}", api.handle),
            web.get("/link/", socket.handle),
            web.post("/response/{token}", answers.response_url),
            web.post("/upload/{id}", answers.upload),
            web.get("/files-pri/{id}/{name}", answers.download),
            *Control(workspace, interaction, courier, time, api=api, faults=faults).routes(),
            *page.routes(),
        ]
    )
    app.on_shutdown.append(page.stop)
    return app


class Answers:
    """The addresses outside /api that Slack hands to an app: response_url, uploads, private files."""

    def __init__(self, workspace: Workspace, faults: Faults) -> None:
        self._workspace = workspace
        self._faults = faults

    async def response_url(self, request: web.Request) -> web.Response:
        wire = self._workspace.wire
        entry = wire.call("response_url", {}, "http")
        if self._faults.next_for("response_url"):
            return hang_up(request)
        try:
            entry["args"] = await _body(request)
            response_url.answer(self._workspace, request.match_info["token"], entry["args"])
        except SlackError as refusal:
            wire.answered(entry, refusal.answer, refusal.answer["error"])
            gone = refusal.answer["error"] in ("used_url", "expired_url")
            return web.json_response(refusal.answer, status=404 if gone else 400)
        wire.answered(entry, {"ok": True})
        self._workspace.pulse.beat()
        return web.Response(text="ok")

    async def upload(self, request: web.Request) -> web.Response:
        content = await request.read()
        file = self._workspace.files.get(request.match_info["id"])
        entry = self._workspace.wire.call("upload", {"id": request.match_info["id"], "bytes": len(content)}, "http")
        if self._faults.next_for("upload"):
            return hang_up(request)
        if file is None or file.uploaded or len(content) != file.length:
            self._workspace.wire.answered(entry, None, "invalid_arguments" if file else "file_not_found")
            return web.Response(status=400, text="upload does not fit what was announced")
        file.content, file.uploaded = content, True
        self._workspace.wire.answered(entry, {"ok": True})
        self._workspace.pulse.beat()
        return web.Response(text=f"OK - {len(content)}")

    async def download(self, request: web.Request) -> web.Response:
        company = self._workspace.company
        file = self._workspace.files.get(request.match_info["id"])
        if request.headers.get("Authorization") != f"Bearer {company.bot_token}" or file is None:
            return web.Response(status=404)
        return web.Response(body=file.content, content_type=file_object(self._workspace, file)["mimetype"])


async def _body(request: web.Request) -> Any:
    try:
        return await request.json()
    except ValueError as error:
        raise SlackError("invalid_payload") from error
