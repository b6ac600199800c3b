"""What people see, as JSON: the half of the control API that changes nothing."""

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from bot.sandbox.gesture import BadGestureError
from bot.sandbox.interaction import Interaction
from bot.sandbox.places import inputs_of, offers_in
from bot.sandbox.state import Json, Message, View, Workspace
from bot.sandbox.time_channel import TimeChannel
from bot.sandbox.web_api import WebApi
from bot.sandbox.web_api.files import file_object
from bot.sandbox.web_api.views import view_object

Look = Callable[[web.Request], Awaitable[Json]]


class Looks:
    """The GET routes under /_control. Only opening the Home tab is heard by the bot."""

    def __init__(self, workspace: Workspace, interaction: Interaction, time: TimeChannel, api: WebApi) -> None:
        self._workspace = workspace
        self._interaction = interaction
        self._time = time
        self._api = api

    def table(self) -> Mapping[str, Look]:
        """Every look by its name."""
        return {
            "messages": self._messages,
            "view": self._view,
            "home": self._home,
            "files": self._files,
            "log": self._log,
            "wire": self._wire,
            "people": self._people,
            "channels": self._channels,
            "time": self._now,
        }

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

    async def file(self, request: web.Request) -> web.StreamResponse:
        file = self._workspace.files.get(request.match_info["id"])
        if file is None:
            return web.json_response({"error": "file_not_found"}, status=404)
        kind = str(file_object(self._workspace, file)["mimetype"])
        # An uploaded page or drawing must not act as a part of the workspace's own page.
        return web.Response(body=file.content, content_type=kind, headers={"Content-Security-Policy": "sandbox"})

    async def _log(self, request: web.Request) -> Json:
        return {"log": self._api.log[_since(request) :]}

    async def _wire(self, request: web.Request) -> Json:
        """?since=N: what went between workspace and bot after entry N."""
        return {"wire": self._workspace.wire.since(_since(request))}

    async def _people(self, request: web.Request) -> Json:
        return {"people": [vars(user) for user in self._workspace.users.values()]}

    async def _channels(self, request: web.Request) -> Json:
        channels = [
            {**vars(channel), "members": self._workspace.people_in(channel.id)}
            for channel in self._workspace.channels.values()
        ]
        return {"channels": channels}

    async def _now(self, request: web.Request) -> Json:
        landmarks = {name: moment.isoformat() for name, moment in self._time.landmarks.items()}
        return {"bots": self._time.bots, "connections": self._time.connections, "landmarks": landmarks}

    def _reader(self, request: web.Request) -> str:
        reader = request.query.get("as", "")
        if reader not in self._workspace.users:
            raise BadGestureError("user_not_found", reader)
        return reader


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


def _since(request: web.Request) -> int:
    text = request.query.get("since") or "0"
    if not text.isdecimal():
        raise BadGestureError("not_a_number", text)
    return int(text)
