"""A record as it is read in full, page by page: the round that is running first, earlier ones behind their buttons."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.people.visibility import sees_details
from bot.records.dossier import Paragraph, open_to_all, paragraphs, rounds_of
from bot.render import Words
from bot.workflow import Scene, Workflow
from handlers.blocks import SECTION, Block, actions, button, context, plain, section
from handlers.cards import Reader, buttons, due_line, head

SHOW_PAGE = "show_page"
PAGE_BLOCKS, PAGE_CHARS = 30, 10_000
"""What a page may hold besides its head and its buttons, so that a message stays well within Slack's limits."""

ROUNDS_BESIDE = 20


@dataclass(frozen=True)
class Place:
    """Where somebody reads: a page of a round. Without a round it is the current one."""

    round: int | None = None
    page: int = 1


BEGINNING = Place()
PLACE = re.compile(r"(?P<round>\d{1,4})\.(?P<page>\d{1,4})\.(?P<number>[A-Z0-9-]{1,40})")
"""A place and the record's number, as a button carries them."""

Piece = tuple[str, str]


def whole(scene: Scene, person: str, workflow: Workflow, words: Words, place: Place = BEGINNING) -> list[Block]:
    """One page of everything this person may see of the record; on the first page with what they may do."""
    visible, rounds = sees_details(person, scene.case), rounds_of(scene)
    round_ = place.round if place.round in rounds else rounds[0]
    found = paragraphs(scene, round_) if visible else open_to_all(scene)
    pages = list(_pages(_pieces(found, words)))
    last = max(len(pages), 1)
    page = min(max(place.page, 1), last)
    first = (round_, page) == (rounds[0], 1)
    blocks = [_top(scene, words, shows_owner=visible) if first else _beginning(scene, round_, words)]
    blocks += _drawn(pages[page - 1]) if pages else []
    if last > 1:
        blocks.append(context(words.mrkdwn("dossier.page", page=page, last=last)))
    blocks += buttons(scene, Reader.person(person), workflow, words) if first else []
    others = _around(rounds, round_) if visible else []
    return blocks + _turns(scene.record.number, Place(round_, page), last, others, words)


def _top(scene: Scene, words: Words, *, shows_owner: bool) -> Block:
    dates = [due_line(scene, deadline, words) for deadline in scene.running()]
    return section(head(scene, words, dates, [], shows_owner=shows_owner))


def _beginning(scene: Scene, round_: int, words: Words) -> Block:
    """How a further page begins: what it is about, and that an earlier round is only read."""
    about = words.mrkdwn("ui.about", number=scene.record.number, title=scene.record.title)
    if scene.above or not scene.record.round:
        return section(about)
    said = "dossier.ended_round" if round_ != scene.record.round else "ui.round"
    return section(f"{about}\n{words.mrkdwn(said, n=round_)}")


def _pieces(found: Iterable[Paragraph], words: Words) -> Iterator[Piece]:
    """Every paragraph in as many pieces as Slack needs for it, each with the paragraph's title."""
    for paragraph in found:
        text = "\n".join(" · ".join(map(words.say, line)) for line in paragraph.lines)
        title = words.mrkdwn(paragraph.title)
        yield from ((title, piece) for piece in split(text, SECTION))


def split(text: str, limit: int) -> Iterator[str]:
    """The text in pieces of at most `limit` characters, parted between lines where that is possible."""
    while len(text) > limit:
        end = text.rfind("\n", limit // 2, limit)
        end = end if end > 0 else limit
        yield text[:end]
        text = text[end:].lstrip("\n")
    if text:
        yield text


def _pages(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    page: list[Piece] = []
    size = blocks = 0
    for title, text in pieces:
        length = len(title) + len(text)
        if page and (size + length > PAGE_CHARS or blocks + 2 > PAGE_BLOCKS):
            yield page
            page, size, blocks = [], 0, 0
        page.append((title, text))
        size, blocks = size + length, blocks + 2
    if page:
        yield page


def _drawn(page: Sequence[Piece]) -> list[Block]:
    """The pieces as they were typed, each paragraph's title once a page."""
    blocks: list[Block] = []
    above = ""
    for title, text in page:
        blocks += [context(f"*{title}*")] if title != above else []
        blocks.append({"type": "section", "text": plain(text, SECTION)})
        above = title
    return blocks


def _around(rounds: Sequence[int], round_: int) -> list[int]:
    """The other rounds, the nearest if there are very many."""
    others = sorted((other for other in rounds if other != round_), key=lambda other: abs(other - round_))
    return sorted(others[:ROUNDS_BESIDE])


def _turns(number: str, here: Place, last: int, others: Sequence[int], words: Words) -> list[Block]:
    """The buttons to the pages before and after, and to the other rounds."""
    turns = [(here.page - 1, "ui.previous_page"), (here.page + 1, "ui.next_page")]
    row = [_turn(number, here.round, page, words.say(label)) for page, label in turns if 0 < page <= last]
    row += [_turn(number, round_, 1, words.say("ui.round", n=round_)) for round_ in others]
    return [actions("dossier", row)] if row else []


def _turn(number: str, round_: int | None, page: int, label: str) -> Block:
    return button(f"{SHOW_PAGE}:{round_}.{page}", f"{round_}.{page}.{number}", label)
