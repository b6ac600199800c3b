"""What everybody has read. Only the page knows: to the workspace and the bot it makes no difference."""

from bisect import bisect_right
from collections import Counter, defaultdict

from bot.sandbox.state import Message, Workspace


class Reading:
    """How far each person has looked in each conversation; everything after that is unread."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._upto: dict[tuple[str, str], str] = {}

    def look(self, user_id: str, channel: str) -> bool:
        """This person sees the conversation as it stands. Says whether anything in it was new to them."""
        seen = [one.ts for one in self._workspace.messages_in(channel) if one.ephemeral_for in (None, user_id)]
        if user_id not in self._workspace.people_in(channel) or not seen:
            return False
        before = self.upto(user_id, channel)
        self._upto[user_id, channel] = max(before, *seen)
        return self._upto[user_id, channel] > before

    def upto(self, user_id: str, channel: str) -> str:
        """The ts of the last message this person looked at; "" where they never looked."""
        return self._upto.get((user_id, channel), "")

    def unread(self) -> dict[str, Counter[str]]:
        """By person and conversation, how many messages of others they have not looked at."""
        said: dict[str, list[Message]] = defaultdict(list)
        for message in self._workspace.messages:
            said[message.channel].append(message)
        return {
            reader: Counter({channel: self._unread(reader, channel, messages) for channel, messages in said.items()})
            for reader in self._workspace.users
        }

    def _unread(self, reader: str, channel: str, messages: list[Message]) -> int:
        if reader not in self._workspace.people_in(channel):
            return 0
        start = bisect_right(messages, self.upto(reader, channel), key=lambda message: message.ts)
        new = messages[start:]
        return sum(1 for one in new if one.user != reader and one.ephemeral_for in (None, reader))
