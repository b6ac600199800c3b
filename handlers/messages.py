"""What an outbox row looks like when it is sent: rendered then, so that a card is never older than its record."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from sqlmodel import Session

import storage.card
import storage.outbox
import storage.record
from bot import pictures
from bot.company import Company
from bot.context import Context
from bot.delivery import Attachment, Outgoing
from bot.errors import UserError
from bot.reminders import orphans
from bot.render import Words
from bot.workflow import Scene, cards, scene
from bot.workflow.cards import decode
from bot.workflow.pictures import PICTURE
from handlers import digest, reminder
from handlers.blocks import Block, section
from handlers.cards import Reader, card, headline
from storage.outbox import OutboxRow


@dataclass(frozen=True)
class Renderer:
    """Makes messages out of outbox rows."""

    context: Context

    def __call__(self, session: Session, row: OutboxRow) -> Outgoing | None:
        """The message for a row, or None if there is nothing left to say."""
        company = self.context.companies.load(session)
        return self._by_kind(row.kind)(session, row, company, self._words(row, company))

    def _by_kind(self, kind: str) -> "Draw":
        draw: dict[str, Draw] = {
            "card": self._card,
            "refresh": self._refresh,
            "reminder": self._reminder,
            "orphans": self._orphans,
            "digest": self._digest,
            "note": self._note,
            PICTURE: self._picture,
        }
        return draw[kind]

    def _words(self, row: OutboxRow, company: Company) -> Words:
        """A person's own language in a DM, the company's in a channel."""
        person = row.target in company.directory.facts
        language = company.directory.language_of(row.target) if person else company.profile.company.language
        return self.context.phrasebook.words(language)

    def _card(self, session: Session, row: OutboxRow, company: Company, words: Words) -> Outgoing:
        overtaken = self._live_key(session, row) != row.key
        text, blocks = self._drawn(session, row, company, words, retired=overtaken)
        return Outgoing(channel=row.target, text=text, blocks=blocks)

    def _refresh(self, session: Session, row: OutboxRow, company: Company, words: Words) -> Outgoing | None:
        retired = "retire" in row.data
        key = row.data.get("retire") or row.data.get("redraw") or self._live_key(session, row)
        message = storage.outbox.find(session, key) if key else None
        if message is None or message.ts is None or message.channel is None:
            return None
        match message.kind:
            case cards.CARD:
                text, blocks = self._drawn(session, message, company, words, retired=retired)
            case orphans.KIND:
                text, blocks = reminder.redraw_orphans(session, message, self.context, words, retired=retired)
            case _:
                text, blocks = reminder.redraw(session, message, self.context, words, retired=retired)
        return Outgoing(channel=message.channel, text=text, blocks=blocks, update_ts=message.ts)

    @staticmethod
    def _live_key(session: Session, row: OutboxRow) -> str | None:
        """The message in which the record's card stands in the row's place now."""
        live = storage.card.find(session, record=row.record or "", place=row.target)
        return live.outbox_key if live else None

    def _drawn(
        self, session: Session, row: OutboxRow, company: Company, words: Words, *, retired: bool
    ) -> tuple[str, list[Block]]:
        here = self._scene(session, company, row.record or "")
        params = decode(row.data["params"])
        news = words.mrkdwn(f"news.{row.data['news']}", **params)
        text = headline(here, words, news)
        if retired:
            return text, [section(words.mrkdwn("ui.retired", news=news, number=here.record.number))]
        reader = self._reader(row.target, company)
        return text, card(here, reader, self.context.workflow, words, news=news, lasting=True)

    def _scene(self, session: Session, company: Company, number: str) -> Scene:
        record = storage.record.find(session, number)
        if record is None:
            raise UserError("refused.no_record", number=number)
        return scene.load(session, company, self.context.clock.now(), [record])[0]

    @staticmethod
    def _reader(target: str, company: Company) -> Reader:
        if target == company.profile.channels.quality:
            return Reader.audience(company.directory.holders("qa"))
        return Reader.person(target)

    def _reminder(self, session: Session, row: OutboxRow, _company: Company, words: Words) -> Outgoing | None:
        return _outgoing(row, reminder.draw(session, row, self.context, words))

    def _orphans(self, session: Session, row: OutboxRow, _company: Company, words: Words) -> Outgoing | None:
        return _outgoing(row, reminder.draw_orphans(session, row, self.context, words))

    def _digest(self, _session: Session, row: OutboxRow, company: Company, words: Words) -> Outgoing | None:
        if digest.is_over(row.data, company, self.context.clock.now()):
            return None
        return _outgoing(row, digest.draw(row.data, company, words))

    def _note(self, _session: Session, row: OutboxRow, _company: Company, words: Words) -> Outgoing:
        text = words.mrkdwn(f"news.{row.data['news']}", **decode(row.data["params"]))
        return Outgoing(channel=row.target, text=text, blocks=[section(text)])

    def _picture(self, session: Session, row: OutboxRow, company: Company, words: Words) -> Outgoing:
        """Into the thread of the card, which every try has to choose alike: the file is looked up there."""
        here = self._scene(session, company, row.record or "")
        analysis = pictures.read(here, round=row.data["round"], version=row.data["version"])
        above = storage.outbox.last_posted(session, target=row.target, record=here.record.number, kind=cards.CARD)
        return Outgoing(
            channel=above.channel or row.target if above else row.target,
            text=words.mrkdwn("picture.shared", **row.data),
            thread_ts=above.ts if above else None,
            file=_attachment(row, analysis, words),
        )


def _attachment(row: OutboxRow, analysis: pictures.Analysis, words: Words) -> Attachment:
    number, digest = analysis.number, hashlib.sha256(row.key.encode()).hexdigest()[:8]
    return Attachment(
        name=f"{number}-R{analysis.round}-V{analysis.version}-{digest}.png",
        content=pictures.draw(analysis, words),
        title=words.say("picture.file", number=number),
        alt_text=words.say(
            "picture.alt",
            number=number,
            causes=len(analysis.causes),
            chains=len(analysis.chains),
            roots=len(analysis.root_causes),
        ),
    )


def _outgoing(row: OutboxRow, drawn: tuple[str, list[Block]] | None) -> Outgoing | None:
    return Outgoing(channel=row.target, text=drawn[0], blocks=drawn[1]) if drawn else None


Draw = Callable[[Session, OutboxRow, Company, Words], Outgoing | None]
