"""One request from Slack: who it is from, when, in which language, and how to answer that person alone."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_bolt import Args
from sqlmodel import Session

from bot.company import Company
from bot.context import Context
from bot.people.sync import refresh_one
from bot.render import Words
from handlers.blocks import Block, section, view


@dataclass(frozen=True)
class Hearing:
    """What a listener is given. `now` is read once, at the beginning."""

    context: Context
    args: Args
    actor: str
    now: datetime
    company: Company
    words: Words

    @property
    def body(self) -> Mapping[str, Any]:
        """The payload as Slack sent it."""
        return self.args.body

    @property
    def key(self) -> str:
        """The name of this delivery; a repeated delivery has the same."""
        body = self.body
        if body.get("type") == "view_submission":
            return f"view:{body['view']['id']}"
        return f"act:{body.get('trigger_id') or body.get('event_id')}"

    @property
    def acked(self) -> bool:
        """Whether Slack has had its answer."""
        return self.args.ack.response is not None

    def reading(self) -> AbstractContextManager[Session]:
        """A session for questions."""
        return self.context.database.reading()

    def ack(self, **response: Any) -> None:
        """Answer Slack within its three seconds."""
        self.args.ack(**response)

    def open(self, modal: Block) -> None:
        """Open a modal, on top of one that is open already."""
        trigger = self.body["trigger_id"]
        if "view" in self.body and self.body["view"]["type"] == "modal":
            self.args.client.views_push(trigger_id=trigger, view=modal)
        else:
            self.args.client.views_open(trigger_id=trigger, view=modal)

    def answer(self, text: str, blocks: list[Block] | None = None) -> None:
        """Say something to this person alone, in the way the request allows."""
        said = blocks or [section(text)]
        if self.body.get("type") == "view_submission" and not self.acked:
            self.ack(response_action="update", view=self.notice(said))
        elif "command" in self.body and not self.acked:
            self.ack(text=text, blocks=said, response_type="ephemeral")
        elif self.body.get("response_url"):
            self.ack_if_due()
            self.args.respond(text=text, blocks=said, response_type="ephemeral", replace_original=False)
        else:
            self.ack_if_due()
            self.open(self.notice(said))

    def ack_if_due(self) -> None:
        """Ack, unless that has happened."""
        if not self.acked:
            self.ack()

    def notice(self, blocks: list[Block]) -> Block:
        """A modal that only says something."""
        return view(self.words.say("ui.notice"), blocks, close=self.words.say("ui.close"))


Handle = Callable[[Hearing], None]


def hear(context: Context, args: Args) -> Hearing:
    """Put together what a listener needs. Somebody never seen before is looked up in Slack, once."""
    now = context.clock.now()
    actor = actor_of(args.body)
    with context.database.reading() as session:
        company = context.companies.load(session)
    if actor not in company.directory.facts:
        refresh_one(context.database, context.slack, actor, now)
        with context.database.reading() as session:
            company = context.companies.load(session)
    words = context.phrasebook.words(company.directory.language_of(actor))
    return Hearing(context, args, actor, now, company, words)


def actor_of(body: Mapping[str, Any]) -> str:
    """Who sent this: commands, interactions and events each say it in their own place."""
    if "user_id" in body:
        return str(body["user_id"])
    user = body.get("user") or body.get("event", {}).get("user")
    return str(user["id"] if isinstance(user, Mapping) else user)
