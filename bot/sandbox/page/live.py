"""Tells a browser when to look again: Server-Sent Events, one for every time the workspace's pulse has beaten."""

import asyncio

from aiohttp import web

from bot.sandbox.pulse import Pulse

CALM_SECONDS = 0.1
SILENCE_SECONDS = 15.0
HEADERS = {"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}


async def listen(request: web.Request, pulse: Pulse) -> web.StreamResponse:
    """Sends the pulse's count now and after every change, until the browser or the sandbox goes.

    Beats that follow each other closely are told once. In a long silence a comment shows whether anybody still listens.
    """
    response = web.StreamResponse(headers=HEADERS)
    await response.prepare(request)
    seen = -1
    try:
        while not pulse.stopped:
            beaten = await _next(pulse, seen)
            await response.write(b":\n\n" if beaten is None else f"data: {beaten}\n\n".encode())
            if beaten is not None:
                seen = beaten
                await asyncio.sleep(CALM_SECONDS)
    except ConnectionError:
        return response
    return response


async def _next(pulse: Pulse, seen: int) -> int | None:
    try:
        return await asyncio.wait_for(pulse.wait(seen), SILENCE_SECONDS)
    except TimeoutError:
        return None
