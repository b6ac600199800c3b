"""The WebSocket itself: hello, one connection per envelope, retries, connections that end."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import aiohttp
import pytest
from slack_sdk import WebClient

from bot.sandbox import ControlClient, Sandbox
from tests.sandbox.bolt_bot import BoltBot

Socket = aiohttp.ClientWebSocketResponse
Story = Callable[[list[Socket]], Awaitable[None]]


def address(sandbox: Sandbox) -> str:
    """Opens one connection, once."""
    opener = WebClient(sandbox.company.app_token, base_url=sandbox.api_url)
    return str(opener.apps_connections_open(app_token=sandbox.company.app_token)["url"])


def connected(sandbox: Sandbox, count: int, story: Story) -> None:
    """Runs `story` with `count` open connections, each past its hello."""

    async def run() -> None:
        async with aiohttp.ClientSession() as session:
            sockets = [await session.ws_connect(address(sandbox)) for _ in range(count)]
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
        assert (await typed)["error"] == "dispatch_failed"
        assert people.look("wire")["wire"][-1]["reason"] == "connection_lost"

    connected(sandbox, 1, story)


def test_eleventh_connection_is_turned_away(sandbox: Sandbox) -> None:
    async def story(sockets: list[Socket]) -> None:
        async with aiohttp.ClientSession() as session:
            late = await session.ws_connect(address(sandbox))
            assert (await late.receive_json())["reason"] == "too_many_websockets"

    connected(sandbox, 10, story)


def test_hello_tells_how_long_the_connection_may_last(sandbox: Sandbox) -> None:
    async def run() -> list[int]:
        lives = []
        async with aiohttp.ClientSession() as session:
            for more in ("", "&debug_reconnects=true"):
                socket = await session.ws_connect(address(sandbox) + more)
                lives.append((await socket.receive_json())["debug_info"]["approximate_connection_time"])
        return lives

    assert asyncio.run(run()) == [3600, 360]


def test_an_address_opens_one_connection(sandbox: Sandbox) -> None:
    async def run() -> int:
        url = address(sandbox)
        async with aiohttp.ClientSession() as session:
            await session.ws_connect(url)
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await session.ws_connect(url)
        return refused.value.status

    assert asyncio.run(run()) == 403


def test_a_lost_envelope_goes_over_another_connection(sandbox: Sandbox, people: ControlClient) -> None:
    async def story(sockets: list[Socket]) -> None:
        typed = asyncio.create_task(asyncio.to_thread(people.act, "command", as_="U_CHEN", text="/improve"))
        lost = await heard(sockets[0], ack=False)
        await sockets[0].close()
        again = await heard(sockets[1])
        assert (await typed)["done"]
        assert again["payload"] == lost["payload"]

    connected(sandbox, 2, story)


def test_an_envelope_may_come_twice(sandbox: Sandbox, people: ControlClient) -> None:
    async def story(sockets: list[Socket]) -> None:
        people.act("socket", envelopes="double")
        typed = asyncio.to_thread(people.act, "command", as_="U_CHEN", text="/improve")
        answer, *twice = await asyncio.gather(typed, *(heard(socket) for socket in sockets))
        assert answer["done"]
        assert twice[0]["payload"] == twice[1]["payload"]
        assert twice[0]["envelope_id"] != twice[1]["envelope_id"]

    connected(sandbox, 2, story)


@pytest.mark.parametrize(("mishap", "arrived"), [("lose", 0), ("lose_ack", 1)])
def test_an_envelope_may_get_lost(sandbox: Sandbox, people: ControlClient, mishap: str, arrived: int) -> None:
    async def story(sockets: list[Socket]) -> None:
        people.act("socket", envelopes=mishap)
        typed = asyncio.create_task(asyncio.to_thread(people.act, "command", as_="U_CHEN", text="/improve"))
        for _ in range(arrived):
            await heard(sockets[0])
        assert (await typed)["error"] == "dispatch_failed"

    connected(sandbox, 1, story)


def test_what_was_to_befall_envelopes_is_cleared_with_the_faults(sandbox: Sandbox, people: ControlClient) -> None:
    async def story(sockets: list[Socket]) -> None:
        people.act("socket", envelopes="lose", times=2)
        people.act("fault", clear=True)
        typed = asyncio.to_thread(people.act, "command", as_="U_CHEN", text="/improve")
        assert (await asyncio.gather(typed, heard(sockets[0])))[0]["done"]

    connected(sandbox, 1, story)


def test_a_warning_comes_before_the_end(sandbox: Sandbox, people: ControlClient) -> None:
    async def story(sockets: list[Socket]) -> None:
        assert (await asyncio.to_thread(people.act, "socket", disconnect="warning", seconds=3))["ended"] == 1
        warning = await sockets[0].receive_json()
        assert (warning["type"], warning["reason"]) == ("disconnect", "warning")
        typed = asyncio.create_task(asyncio.to_thread(people.act, "command", as_="U_CHEN", text="/improve"))
        assert (await heard(sockets[0]))["type"] == "slash_commands"
        assert (await typed)["done"]
        assert (await sockets[0].receive()).type is aiohttp.WSMsgType.CLOSE

    connected(sandbox, 1, story)


def test_what_was_begun_before_a_warning_may_be_acked_over_the_next_connection(
    sandbox: Sandbox, people: ControlClient
) -> None:
    async def story(sockets: list[Socket]) -> None:
        typed = asyncio.create_task(asyncio.to_thread(people.act, "command", as_="U_CHEN", text="/improve"))
        envelope = await heard(sockets[0], ack=False)
        await asyncio.to_thread(people.act, "socket", disconnect="refresh_requested")
        async with aiohttp.ClientSession() as session:
            next_one = await session.ws_connect(address(sandbox))
            assert (await next_one.receive_json())["type"] == "hello"
            await next_one.send_json({"envelope_id": envelope["envelope_id"]})
            assert (await typed)["done"]
        assert len([one for one in people.look("wire")["wire"] if one["what"] == "slash_commands"]) == 1

    connected(sandbox, 1, story)


@pytest.mark.parametrize(("how", "ping_seconds"), [("warning", 5), ("refresh_requested", 5), ("drop", 1)])
def test_the_sdk_comes_back_and_every_envelope_arrives(bot: BoltBot, people: ControlClient, how: str) -> None:
    @bot.app.command("/improve")
    def hear(ack: Any, body: dict[str, Any]) -> None:
        bot.heard.append(body)
        ack()

    def type_(number: int) -> dict[str, Any]:
        if number == 4:
            return people.act("socket", disconnect=how)
        return people.act("command", as_="U_CHEN", text=f"/improve {number}")

    with ThreadPoolExecutor(4) as hands:
        answers = list(hands.map(type_, range(12)))
    # Nothing says that the line was not cut last; one more command is there when the bot has come back.
    answers.append(type_(12))
    assert [one for one in answers if not one.get("done")] == []
    assert {one["text"] for one in bot.heard} == {str(number) for number in range(13) if number != 4}
    while people.look("time")["connections"] != 1:
        pass


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        ({"disconnect": "never"}, "unknown_disconnect"),
        ({"disconnect": "warning", "seconds": -1}, "bad_seconds"),
        ({"disconnect": "warning", "seconds": True}, "bad_seconds"),
        ({"envelopes": "eat"}, "unknown_mishap"),
        ({"envelopes": "lose", "times": "2"}, "unknown_mishap"),
    ],
)
def test_ends_that_cannot_be(people: ControlClient, wish: dict[str, Any], error: str) -> None:
    assert people.act("socket", **wish)["error"] == error
