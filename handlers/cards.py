"""A record → its card, with exactly the buttons this reader may press: one or two first, the rest behind "⋯"."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.errors import Message
from bot.improvement import alike
from bot.improvement.deadlines import DEADLINES
from bot.people.visibility import sees_details
from bot.render import Mrkdwn, Words, escape_mrkdwn, mention
from bot.workflow import Scene, Step, Workflow, glance
from bot.workflow.names import stage_name
from handlers import capa, project
from handlers.blocks import Block, actions, button, cut, menu, paragraphs, section
from storage.deadline import Deadline
from storage.record import Record

FIRST_SHOWN = 2
SHOWN_RANK = 20
BRIEFLY = 160
BRIEF = ("description", "requirement", "question", "result", "finding", "reason", "deadline_item", "new_due")
BRIEF_CASE = ("case_problem", "case_cause", "case_practice", "case_result")
MORE = "more"


@dataclass(frozen=True)
class Reader:
    """Whom a card is drawn for: one person, or the audience of a channel, of whom nobody sees the details."""

    people: Sequence[str]
    alone: bool

    @classmethod
    def person(cls, person: str) -> "Reader":
        """One person, in a DM, on Home or in an answer."""
        return cls((person,), alone=True)

    @classmethod
    def audience(cls, people: Iterable[str]) -> "Reader":
        """Those for whom a channel's card carries buttons."""
        return cls(tuple(people), alone=False)


def card(
    scene: Scene,
    reader: Reader,
    workflow: Workflow,
    words: Words,
    *,
    news: Mrkdwn | None = None,
    lasting: bool = False,
    row: str = "steps",
) -> list[Block]:
    """The blocks of a card, `news` above it.

    `lasting` is for a card that stays where it is: tomorrow "three days left" would be wrong there. `row` begins the
    block id of its buttons and tells where they were pressed.
    """
    visible = reader.alone and sees_details(reader.people[0], scene.case)
    so_far = _so_far(scene, words, counted=not lasting) if visible else []
    brief = _details(scene, words, BRIEF + BRIEF_CASE, news or "") if visible and not _tells_itself(scene) else []
    dates = [due_line(scene, deadline, words, counted=not lasting) for deadline in scene.running()]
    dates += [words.mrkdwn(sentence) for sentence in alike.in_words(scene)]
    blocks = [section(news)] if news else []
    blocks.append(section(head(scene, words, dates, brief, shows_owner=visible)))
    return blocks + paragraphs(so_far) + buttons(scene, reader, workflow, words, row=row)


def _so_far(scene: Scene, words: Words, *, counted: bool) -> list[Mrkdwn]:
    return [*capa.lines(scene, words, counted=counted), *project.lines(scene, words, counted=counted)]


def _tells_itself(scene: Scene) -> bool:
    return capa.tells_itself(scene) or project.tells_itself(scene)


def headline(scene: Scene, words: Words, news: Mrkdwn | None = None) -> str:
    """The card in one line, for notifications and screen readers; Slack reads mrkdwn there too, so it is escaped."""
    record, stage = scene.record, stage_name(scene.record.kind, scene.record.stage)
    line = words.mrkdwn("ui.headline", number=record.number, title=record.title, stage=stage)
    return cut(f"{news} {line}" if news else line, 1000)


def head(
    scene: Scene, words: Words, dates: Sequence[Mrkdwn], details: Sequence[tuple[str, str]], *, shows_owner: bool
) -> Mrkdwn:
    """What every card begins with: number, title, stage, department and dates; the owner where details may be seen."""
    record, item = scene.record, scene.item
    return words.template(
        "messages/card.j2",
        number=record.number,
        title=record.title,
        major=item.major_problem,
        stage=words.say(stage_name(record.kind, record.stage)),
        class_=words.say(f"class.{item.class_}") if item.class_ else "",
        round=record.round or item.round,
        department=item.responsible_dept or "",
        owner=mention(item.owner) if item.owner and shows_owner else "",
        dates=dates,
        details=details,
    )


def buttons(scene: Scene, reader: Reader, workflow: Workflow, words: Words, *, row: str = "steps") -> list[Block]:
    """The row of buttons: the steps most likely wanted, then a menu with all the others and their forms."""
    steps = _available(scene, reader, workflow)
    number = scene.record.number
    shown = [step for step in steps if step.rank_in(scene) <= SHOWN_RANK][:FIRST_SHOWN]
    elements = [_button(step, number, words, first=step is steps[0]) for step in shown]
    person = reader.people[0] if reader.people else ""
    hidden = [s for s in steps if s not in shown or (s.asks and s.acts_on_click(scene, person))]
    entries = [(f"{step.id} {number}", _menu_label(step, shown, words)) for step in hidden]
    entries += capa.steps_on_measures(scene, person, workflow, words) if reader.alone else []
    if entries:
        elements.append(menu(MORE, entries, words.say("ui.more")))
    return [actions(":".join([row, number, *_sights(scene, shown)]), elements)] if elements else []


def sight_of(row: str, step: Step) -> str | None:
    """From the block id of a row of buttons: what stood above the button of a step that decides on something."""
    return next((part.partition("=")[2] for part in row.split(":") if part.startswith(f"{step.id}=")), None)


def _sights(scene: Scene, shown: Iterable[Step]) -> Iterator[str]:
    """A card may be older than what it shows, on Home above all; the click says what was seen."""
    return (f"{step.id}={glance(step, scene)}" for step in shown if step.about)


def _available(scene: Scene, reader: Reader, workflow: Workflow) -> list[Step]:
    """What the reader may do; in a channel only what belongs to an office, nothing personal to one of its readers."""
    found = {step.id: step for person in reader.people for step in workflow.available(scene, person)}
    if not reader.alone:
        found = {name: step for name, step in found.items() if step.who.of_office}
    return sorted(found.values(), key=lambda step: (step.rank_in(scene), step.rank))


def _button(step: Step, number: str, words: Words, *, first: bool) -> Block:
    confirm = _confirmation(step, words) if step.ends else None
    style = "primary" if first else None
    return button(step.id, number, words.say(f"step.{step.id}"), style=style, confirm=confirm)


def _menu_label(step: Step, shown: Sequence[Step], words: Words) -> str:
    label = words.say(f"step.{step.id}")
    return words.say("ui.with_details", step=label) if step in shown else label


def _confirmation(step: Step, words: Words) -> Block:
    return {
        "title": {"type": "plain_text", "text": words.say(f"step.{step.id}")},
        "text": {"type": "plain_text", "text": words.say("ui.really")},
        "confirm": {"type": "plain_text", "text": words.say("ui.yes")},
        "deny": {"type": "plain_text", "text": words.say("ui.cancel")},
    }


def record_line(record: Record, words: Words) -> Mrkdwn:
    """Number, title and stage of a record."""
    stage = stage_name(record.kind, record.stage)
    return words.mrkdwn("ui.line", number=record.number, title=record.title, stage=stage)


def due_line(scene: Scene, deadline: Deadline, words: Words, *, counted: bool = True) -> Mrkdwn:
    """When something is due: the date in force, how far away it is, and the original date if it moved."""
    line = words.mrkdwn("ui.due", name=Message(f"deadline.{deadline.name}"), day=deadline.current_due)
    parts = [line, words.mrkdwn(_distance(scene, deadline))] if counted else [line]
    if deadline.original_due != deadline.current_due:
        parts.append(words.mrkdwn("ui.due_original", day=deadline.original_due))
    if deadline.provisional:
        parts.append(words.mrkdwn("ui.provisional"))
    return Mrkdwn(" · ".join(parts))


def _distance(scene: Scene, deadline: Deadline) -> Message:
    calendar, due, today = scene.company.calendar, deadline.current_due, scene.today
    if DEADLINES[deadline.name].mark and today >= due:
        return Message("ui.mark_reached")
    if today == due:
        return Message("ui.due_today")
    if today > due:
        late = calendar.overdue_by(due, today)
        return Message("ui.due_late", {"n": late}) if late else Message("ui.due_passed")
    return Message("ui.due_left", {"n": calendar.remaining(due, today)})


def _details(scene: Scene, words: Words, names: Sequence[str], news: str) -> list[tuple[str, str]]:
    """The beginning of what was filled in, but nothing that the news says already."""
    values = scene.record.values
    found = [(n, values[n]) for n in names if values.get(n) and escape_mrkdwn(str(values[n])) not in news]
    return [(words.say(f"field.{name}"), _shown(name, value, words)) for name, value in found]


def _shown(name: str, value: object, words: Words) -> str:
    match name:
        case "deadline_item":
            return words.say(f"deadline.{value}")
        case "new_due":
            return words.day(str(value))
        case _:
            return cut(" ".join(str(value).split()), BRIEFLY)
