"""The workspace's pulse: it beats when something may have changed, and whoever waits for that looks again."""

import asyncio


class Pulse:
    """Counts the beats. It belongs to the server's loop, like everything in the workspace."""

    def __init__(self) -> None:
        self.count = 0
        self.stopped = False
        self._next = asyncio.Event()

    def beat(self) -> None:
        """Something may be different now: a message, a view, the time, a read mark."""
        self.count += 1
        self._wake()

    def stop(self) -> None:
        """There will be no more beats; nobody need wait any longer."""
        self.stopped = True
        self._wake()

    async def wait(self, seen: int) -> int:
        """Returns the count as soon as it is above `seen`, or at once when the pulse has stopped."""
        while self.count <= seen and not self.stopped:
            await self._next.wait()
        return self.count

    def _wake(self) -> None:
        waiting, self._next = self._next, asyncio.Event()
        waiting.set()
