"""The daily message of a person, and the note about items that somebody who left has left behind.

Both are drawn from the records as they are when the message is sent: what has been done since is left out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

import storage.record
from bot.company import Company
from bot.context import Context
from bot.errors import Mention, Message
from bot.improvement.deadlines import DEADLINES, DeadlineKind
from bot.reminders.hours import may_send
from bot.reminders.ladder import ESCALATIONS, Rung, holders
from bot.reminders.line import Line
from bot.render import Mrkdwn, Words
from bot.workflow import Scene, Workflow, scene
from handlers.blocks import MESSAGE_BLOCKS, Block, actions, button, cut, section
from handlers.cards import due_line, record_line
from handlers.lists import OPEN_MINE
from storage.deadline import Deadline
from storage.outbox import OutboxRow

BUTTONS = 3
LINES_MOST = (MESSAGE_BLOCKS - 3) // 2  # a line is a text and a row of buttons; title and "n more" take three
ORPHANS_MOST = 20
EXTEND, REASSIGN = "request_extension", ("reassign_owner", "reassign_measure")
URGE, DECIDE = "urge", "classify_daily"  # about another's delay; quality may decide without the raiser's answer
ESCALATED = {Rung.DEPT: "remind.first_escalation", Rung.REP: "remind.second_escalation"}

MEASURE_DUE, BRIEFLY = "measure_due", 120

Drawn = tuple[str, list[Block]]
Offer = tuple[str, str]
"""A step and the number of the record it is taken on."""


@dataclass(frozen=True)
class Standing:
    """A line whose deadline still runs as it did when the line was written."""

    line: Line
    here: Scene
    deadline: Deadline


def draw(session: Session, row: OutboxRow, context: Context, words: Words) -> Drawn | None:
    """The daily message; None if its day is over or nothing of it is left to do."""
    now, company = context.clock.now(), context.companies.load(session)
    if row.data["date"] != company.today(now).isoformat() or not may_send(company, now):
        return None
    standing = _standing(session, company, _lines_of(row), now)
    if not standing:
        return None
    most = min(company.profile.reminders.max_lines, LINES_MOST)
    blocks = [section(f"*{words.mrkdwn('remind.title', n=len(standing))}*")]
    for one in standing[:most]:
        blocks += _line(one, row.target, context.workflow, words)
    blocks += _more(len(standing) - most, row.target, words)
    first = standing[0].here.record
    return words.mrkdwn("remind.in_short", n=len(standing), number=first.number, title=first.title), blocks


def redraw(session: Session, row: OutboxRow, context: Context, words: Words, *, retired: bool) -> Drawn:
    """A daily message that stands already: what is done keeps its line and loses its buttons.

    `retired` is for the message of an earlier day: all its buttons have moved to the newest one.
    """
    now, company = context.clock.now(), context.companies.load(session)
    lines, most = _lines_of(row), min(company.profile.reminders.max_lines, LINES_MOST)
    found = {one.line: one for one in _standing(session, company, lines, now)}
    scenes = {here.record.number: here for here in _scenes(session, company, {x.number for x in lines}, now)}
    title = words.mrkdwn("remind.of_day", day=date.fromisoformat(row.data["date"]))
    blocks = [section(title)]
    for line in lines[:most]:
        if line in found and not retired:
            blocks += _line(found[line], row.target, context.workflow, words)
        else:
            mark = "remind.still_open" if line in found else "remind.done"
            blocks.append(section(words.mrkdwn(mark, line=_headline(scenes[line.number], words))))
    return title, blocks + ([] if retired else _more(len(lines) - most, row.target, words))


def draw_orphans(session: Session, row: OutboxRow, context: Context, words: Words) -> Drawn | None:
    """What somebody who left still owns, each with the button to hand it on; None if nothing is left."""
    left = [here for here in _left_behind(session, row, context) if _owns(row.data["person"], here)]
    return _orphans(left, row, context, words, retired=False) if left else None


def redraw_orphans(session: Session, row: OutboxRow, context: Context, words: Words, *, retired: bool) -> Drawn:
    """The same where it stands already: what has been handed on keeps its line; `retired` as in `redraw`."""
    return _orphans(_left_behind(session, row, context), row, context, words, retired=retired)


def _left_behind(session: Session, row: OutboxRow, context: Context) -> list[Scene]:
    return _scenes(session, context.companies.load(session), row.data["numbers"], context.clock.now())


def _owns(person: str, here: Scene) -> bool:
    return here.record.ended_on is None and here.record.owner == person


def _orphans(scenes: Sequence[Scene], row: OutboxRow, context: Context, words: Words, *, retired: bool) -> Drawn:
    person = row.data["person"]
    left, done = ([here for here in scenes if _owns(person, here) is owns] for owns in (True, False))
    title = words.mrkdwn("remind.orphans" if left else "remind.orphans_done", person=Mention(person), n=len(left))
    blocks = [section(f"*{title}*")]
    for here in [*left, *done][:ORPHANS_MOST]:
        if here in left and not retired:
            dates = [due_line(here, deadline, words) for deadline in here.running()]
            blocks.append(section("\n".join(filter(None, [_headline(here, words), _what_it_is(here, words), *dates]))))
            blocks += _buttons(here.record.number, _offered(here, REASSIGN, row.target, context.workflow), words)
        else:
            mark = "remind.still_open" if here in left else "remind.done"
            blocks.append(section(words.mrkdwn(mark, line=_headline(here, words))))
    if len(scenes) > ORPHANS_MOST:
        blocks.append(section(words.mrkdwn("remind.more", n=len(scenes) - ORPHANS_MOST)))
    return title, blocks


def _lines_of(row: OutboxRow) -> list[Line]:
    return [Line.model_validate(data) for data in row.data["lines"]]


def _more(n: int, reader: str, words: Words) -> list[Block]:
    if n <= 0:
        return []
    row = actions("more", [button(OPEN_MINE, reader, words.say("remind.open_mine"))])
    return [section(words.mrkdwn("remind.more", n=n)), row]


def _standing(session: Session, company: Company, lines: Sequence[Line], now: datetime) -> list[Standing]:
    scenes = {here.record.number: here for here in _scenes(session, company, {x.number for x in lines}, now)}
    found = ((one, here, _deadline(here, one)) for one in lines if (here := scenes.get(one.number)))
    return [Standing(one, here, deadline) for one, here, deadline in found if deadline]


def _deadline(here: Scene, line: Line) -> Deadline | None:
    """The deadline a line is about, unless it was stopped or moved or its record has ended since."""
    if here.record.ended_on is not None:
        return None
    wanted = (line.deadline, line.instance, line.due)
    return next((d for d in here.running() if (d.name, d.instance, d.current_due) == wanted), None)


def _scenes(session: Session, company: Company, numbers: Iterable[str], now: datetime) -> list[Scene]:
    return scene.load(session, company, now, storage.record.find_all(session, numbers))


def _line(one: Standing, reader: str, workflow: Workflow, words: Words) -> list[Block]:
    facts, here, kind = one.line, one.here, DEADLINES[one.line.deadline]
    due = due_line(here, one.deadline, words)
    text = [_headline(here, words), _what_it_is(here, words), due, _remarks(one, workflow, words)]
    late = facts.rung in ESCALATIONS
    wanted = (URGE, *REASSIGN, *kind.expects, DECIDE) if late else (*kind.expects, EXTEND, *REASSIGN)
    offers = _offered(here, wanted, reader, workflow)
    if late and facts.deadline == MEASURE_DUE:  # whoever is late with a measure is urged on its item
        offers = [*_offered(here.whole, (URGE,), reader, workflow), *offers][:BUTTONS]
    name = f"{facts.number}:{facts.deadline}" + (f":{facts.instance}" if facts.instance else "")
    return [section("\n".join(filter(None, text))), *_buttons(name, offers, words)]


def _headline(here: Scene, words: Words) -> Mrkdwn:
    line = record_line(here.record, words)
    return Mrkdwn(f"{line} · {words.mrkdwn('ui.major')}") if here.item.major_problem else line


def _what_it_is(here: Scene, words: Words) -> str:
    """Of a measure, what is to be done: several of an item have the same title."""
    measure = here.record.values.get("measure")
    return words.mrkdwn("remind.measure", measure=cut(" ".join(measure.split()), BRIEFLY)) if measure else ""


def _remarks(one: Standing, workflow: Workflow, words: Words) -> str:
    """What is expected; for an escalation of whom; and why it came to this reader."""
    facts, here, kind = one.line, one.here, DEADLINES[one.line.deadline]
    escalated = facts.rung in ESCALATIONS
    waited_for, expected = holders(kind, here.case), _expected(here, kind, workflow)
    said = [
        Message(ESCALATED[facts.rung]) if escalated else None,
        Message("remind.expected", {"step": Message(f"step.{expected}")}) if expected else None,
        Message("remind.waits_for", {"people": [Mention(p) for p in waited_for]}) if escalated and waited_for else None,
        Message("remind.without_answer") if escalated and facts.deadline == "info_due" else None,
        Message("remind.extension_pending") if facts.extension_pending else None,
        Message("remind.absent", {"person": Mention(facts.absent)}) if facts.absent else None,
    ]
    return " · ".join(words.mrkdwn(sentence) for sentence in said if sentence)


def _expected(here: Scene, kind: DeadlineKind, workflow: Workflow) -> str | None:
    """The step that is waited for in this stage, where a deadline serves several."""
    steps = workflow.lifecycles[here.record.kind].steps
    return next((id_ for id_ in kind.expects if id_ in steps and here.record.stage in steps[id_].from_), None)


def _offered(here: Scene, wanted: Sequence[str], reader: str, workflow: Workflow) -> list[Offer]:
    """The wanted steps, as far as this reader may take them now."""
    may = {step.id for step in workflow.available(here, reader)}
    return [(step, here.record.number) for step in wanted if step in may][:BUTTONS]


def _buttons(name: str, offers: Sequence[Offer], words: Words) -> list[Block]:
    row = [button(step, number, words.say(f"step.{step}")) for step, number in offers]
    return [actions(name, row)] if row else []
