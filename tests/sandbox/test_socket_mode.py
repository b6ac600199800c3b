"""The WebSocket itself: hello, one connection per envelope, retries of events."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from slack_sdk import WebClient

from bot.sandbox import ControlClient, Sandbox

Socket = aiohttp.ClientWebSocketResponse
Story = Callable[[list[Socket]], Awaitable[None]]


def connected(sandbox: Sandbox, count: int, story: Story) -> None:
    """Runs `story` with `count` open connections, each past its hello."""

    async def run() -> None:
        async with aiohttp.ClientSession() as session:
            opener = WebClient(sandbox.company.app_token, base_url=sandbox.api_url)
            urls = [opener.apps_connections_open(app_token=sandbox.company.app_token)["url"] for _ in range(count)]
            sockets = [await session.ws_connect(url) for url in urls]
            assert [(await socket.receive_json())["type"] for socket in sockets] == ["hello"] * count
            await story(sockets)

    asyncio.run(run())


async def heard(socket: Socket, *, ack: bool = True) -> dict[str, Any]:
    envelope: dict[str, Any] = await socket.receive_json(timeout=10)
    if ack:
        await socket.send_json({"envelope_id": envelope["envelope_id"]})
    return envelope


def test_envelopes_go_to_one_connection_each_in_turn(sandbox: Sandbox, people: ControlClient) -> None:
    async def story(sockets: list[Socket]) -> None:
        for socket in sockets:
            typed = asyncio.to_thread(people.act, "command", as_="U_CHEN", text="/improve")
            answer, envelope = await asyncio.gather(typed, heard(socket))
            assert answer["done"]
            assert (envelope["type"], envelope["accepts_response_payload"]) == ("slash_commands", True)

    connected(sandbox, 2, story)


def test_an_unacked_event_comes_again(sandbox: Sandbox, people: ControlClient) -> None:
    async def story(sockets: list[Socket]) -> None:
        changing = asyncio.create_task(asyncio.to_thread(people.act, "user", id="U_CHEN", locale="en-US"))
        first = await heard(sockets[0], ack=False)
        second = await heard(sockets[0])
        assert (await changing)["done"]
        assert [first["retry_attempt"], second["retry_attempt"]] == [0, 1]
        assert first["payload"]["event_id"] == second["payload"]["event_id"]

    connected(sandbox, 1, story)


def test_a_connection_that_breaks_fails_at_once(sandbox: Sandbox, people: ControlClient) -> None:
    async def story(sockets: list[Socket]) -> None:
        typed = asyncio.create_task(asyncio.to_thread(people.act, "command", as_="U_CHEN", text="/improve"))
        await heard(sockets[0], ack=False)
        await sockets[0].close()
        assert (await asyncio.wait_for(typed, 2))["error"] == "dispatch_failed"

    connected(sandbox, 1, story)


def test_eleventh_connection_is_turned_away(sandbox: Sandbox) -> None:
    async def story(sockets: list[Socket]) -> None:
        async with aiohttp.ClientSession() as session:
            late = await session.ws_connect(f"{sandbox.url}/link/".replace("http", "ws", 1))
            assert (await late.receive_json())["reason"] == "too_many_websockets"

    connected(sandbox, 10, story)
