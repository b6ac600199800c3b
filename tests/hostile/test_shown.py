"""What people type is shown, never obeyed: every text field of every step, in everything the bot draws from it."""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from bot.delivery import Outgoing
from bot.improvement.stages import Stage
from bot.pictures.canvas import Canvas
from bot.pictures.png import paint
from bot.sandbox import check_payload
from bot.workflow.forms import tidy
from handlers.messages import Renderer
from storage.outbox import OutboxRow
from tests.hostile.gate import Gate
from tests.hostile.shelf import FAKE_LINE, Shelf, asking, texts
from tests.hostile.speech import Speech
from tests.support.company import NAMES

PLAIN_NAME = re.compile(r"[A-Za-z0-9-]+\.png")
MENTION = re.compile(r"<@(\w+)>")
READERS = ("U_LIU", "U_SMITH")
DAYS = (1, 8, 30)


@pytest.fixture
def shelf(at_the_gate: Gate) -> Shelf:
    filled = Shelf(at_the_gate.company)
    filled.fill()
    return filled


@pytest.mark.parametrize("engine", ["sqlite"])  # what is drawn does not depend on the database
def test_every_text_a_person_can_type_is_only_shown(at_the_gate: Gate, speech: Speech, shelf: Shelf) -> None:
    assert {(step.id, name) for step in asking() for name, _ in texts(step)} == shelf.typed
    for days in DAYS:
        at_the_gate.bot.agenda.reminders.run(at_the_gate.now + timedelta(days=days))
        at_the_gate.bot.agenda.digests.run(at_the_gate.now + timedelta(days=days))
    assert {"reminder", "digest", "card"} <= {row.kind for row in _rows(at_the_gate)}
    drawn = [*_messages(at_the_gate), *_screens(at_the_gate, speech, shelf)]
    wrong = [(text, fault) for payload in drawn for text in mrkdwn(payload) if (fault := obeyed(text))]
    assert wrong[:3] == []
    shown = str(drawn)
    assert "⟦{{7*7}}⟧" in shown
    assert "⟦49⟧" not in shown
    assert "%(number)s" in shown
    names = [found.file.name for found in _drawn(at_the_gate) if found.file]
    assert names
    assert all(PLAIN_NAME.fullmatch(name) for name in names)


def test_a_picture_holds_whatever_was_typed() -> None:
    canvas = Canvas(400, 200)
    canvas.write(0, 0, (tidy('</text><image href="file:///etc/passwd"/>&amp;\ufffe\x00'), "]]><!--"), 12, "note")
    assert paint(canvas).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("报\u202e告gnp\u202c", "报告gnp"),
        ("\u2066一\u2069\u200f", "一\u200f"),
        ("一\u2028二\u2029三", "一\n二\n三"),
        ("一\x00\x1b[2J\x85二\ud800\uffff", "一[2J二\ufffd"),
    ],
)
def test_what_turns_or_hides_a_line_is_not_kept(typed: str, kept: str) -> None:
    assert tidy(typed) == kept


def obeyed(text: str) -> str | None:
    """What Slack would do because of a text that somebody typed."""
    left = MENTION.sub(lambda found: "" if found[1] in {*NAMES, "U_BOT"} else found[0], text)
    if "<" in left:
        return left[left.index("<") :][:30]
    if "```" in text:
        return "a code block"
    return "a line that passes for ours" if any(line.startswith(FAKE_LINE) for line in text.split("\n")) else None


def mrkdwn(payload: Any) -> Iterator[str]:
    """Every text that Slack reads as mrkdwn; the text of a message is, as its notification."""
    if isinstance(payload, list):
        for part in payload:
            yield from mrkdwn(part)
    elif isinstance(payload, Mapping):
        if isinstance(payload.get("text"), str) and payload.get("type") != "plain_text":
            yield payload["text"]
        for part in payload.values():
            yield from mrkdwn(part)


def _rows(gate: Gate) -> list[OutboxRow]:
    with gate.company.database.reading() as session:
        return list(session.exec(select(OutboxRow)))


def _messages(gate: Gate) -> Iterator[dict[str, Any]]:
    """Everything that waits to be sent, as Slack gets it."""
    for found in _drawn(gate):
        if not found.file:
            message = {"text": found.text, "blocks": list(found.blocks)}
            assert check_payload("message", message) == []
            yield message


def _drawn(gate: Gate) -> Iterator[Outgoing]:
    """Everything that waits to be sent, drawn as it would be now."""
    render = Renderer(gate.bot.context)
    for row in _rows(gate):
        with gate.company.database.reading() as session:
            found = render(session, row)
        if found:
            yield found


def _screens(gate: Gate, speech: Speech, shelf: Shelf) -> Iterator[Any]:
    """What people see who look: lists, items with their pages, the Home tab, cases, and every form they may open."""
    since = gate.slack.wire.last
    for person in READERS:
        for line in ("我的", "列表", "案例 here", *(f"查看 {number}" for number in shelf.numbers)):
            yield _body(gate, speech.command(person, line))
        yield _body(gate, speech.home_opened(person))
    for number in shelf.numbers:
        _open_all(gate, speech, number)
    calls = gate.calls(since)
    assert {"views.open", "views.publish"} <= {call["what"] for call in calls}
    for call in calls:
        yield call["args"]


def _open_all(gate: Gate, speech: Speech, number: str) -> None:
    here = gate.company.scene(number, gate.now)
    for person in READERS:
        for step in gate.company.workflow.available(here, person):
            if step.asks and here.record.stage != Stage.SUBMITTED:
                gate.hear(speech.choose(person, step.id, number))
                gate.slack.stacks.clear()


def _body(gate: Gate, payload: dict[str, Any]) -> Any:
    response = gate.hear(payload)
    assert response is not None
    assert gate.escaped == []
    return response.body
