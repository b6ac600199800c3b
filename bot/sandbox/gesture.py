"""One gesture of one person: who, since when, and what they were shown because of it."""

from dataclasses import dataclass
from datetime import datetime

from bot.sandbox.company import User
from bot.sandbox.state import Json, Shown, Workspace


class BadGestureError(Exception):
    """The caller of the control API asks for something no person could do; `answer` says what."""

    def __init__(self, error: str, detail: str = "") -> None:
        super().__init__(f"{error}: {detail}" if detail else error)
        self.answer: Json = {"error": error, "detail": detail} if detail else {"error": error}


@dataclass(frozen=True)
class Gesture:
    """What the screen looked like before, so that afterwards the difference can be told."""

    user: User
    start: datetime
    heard: int
    top: tuple[str, str] | None

    @staticmethod
    def by(workspace: Workspace, user_id: object) -> "Gesture":
        """Raises BadGestureError for somebody who is not there or may not act."""
        user = workspace.person(str(user_id))
        if user is None:
            raise BadGestureError("user_not_found", str(user_id))
        if user.deleted:
            raise BadGestureError("user_deactivated", user.id)
        workspace.gestures += 1
        return Gesture(user, workspace.now, len(workspace.shown), _top(workspace, user.id))

    def said(self, workspace: Workspace) -> list[Shown]:
        return [one for one in workspace.shown[self.heard :] if one.user == self.user.id]

    def opened(self, workspace: Workspace) -> str | None:
        """The id of the modal that is on screen now and was not, or not like this, before."""
        top = _top(workspace, self.user.id)
        return top[0] if top is not None and top != self.top else None

    def done(self, workspace: Workspace) -> Json:
        """{done, view_id?, said?}: the answer to a command, a shortcut or a form."""
        answer: Json = {"done": True}
        words = [one.text for one in self.said(workspace)]
        if words:
            answer["said"] = "\n".join(words)
        view_id = self.opened(workspace)
        if view_id is not None:
            answer["view_id"] = view_id
        return answer

    def pressed(self, workspace: Workspace) -> Json:
        """The answer to a button: `done`, or only `said` where the person was told something for good."""
        answer = self.done(workspace)
        if any(one.final for one in self.said(workspace)):
            del answer["done"]
        return answer


def _top(workspace: Workspace, user_id: str) -> tuple[str, str] | None:
    view = workspace.top_view(user_id)
    return (view.id, view.hash) if view is not None else None
