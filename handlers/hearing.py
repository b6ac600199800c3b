"""One request from Slack: who it is from, when, in which language, and how to answer that person alone."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import structlog
from slack_bolt import Args
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient
from sqlmodel import Session

from bot.company import Company
from bot.context import Context
from bot.listeners import Turn
from bot.people.sync import refresh_one
from bot.render import Words
from handlers.blocks import Block, section, view

ANSWER_SECONDS, OK = 8, 200
ANSWER_HOSTS = ("hooks.slack.com", "hooks.slack-gov.com")
log = structlog.get_logger()


@dataclass(frozen=True)
class Hearing:
    """What a listener is given. `now` is read once, at the beginning.

    Behind an ack its `turn` is to be over before it waits: for a writer of the database, or for Slack.
    """

    context: Context
    args: Args
    actor: str
    now: datetime
    company: Company
    words: Words
    turn: Turn = field(default_factory=Turn)

    @property
    def body(self) -> Mapping[str, Any]:
        """The payload as Slack sent it."""
        return self.args.body

    @property
    def key(self) -> str:
        """The name of this delivery; a repeated delivery has the same, that of somebody else never."""
        form = self.body.get("type") == "view_submission"
        name = self.body["view"]["id"] if form else self.body["trigger_id"]
        if not name or not isinstance(name, str):
            raise ValueError("a delivery without a name")
        return f"{'view' if form else 'act'}:{name}:{self.actor}"

    @property
    def acked(self) -> bool:
        """Whether Slack has had its answer."""
        return self.args.ack.response is not None

    @property
    def slack(self) -> WebClient:
        """To be asked for when Slack is asked: meanwhile others may work."""
        self.turn.over()
        return self.context.slack

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
            self.slack.views_push(trigger_id=trigger, view=modal)
        else:
            self.slack.views_open(trigger_id=trigger, view=modal)

    @property
    def holds_a_form(self) -> bool:
        """Whether a filled form waits for its answer."""
        return self.body.get("type") == "view_submission" and not self.acked

    def keep_open(self, sentence: str) -> None:
        """Leave the form as it was filled, with a sentence at its first input."""
        self.ack(response_action="errors", errors={first_input(self.body): sentence})

    def answer(self, text: str, blocks: list[Block] | None = None, *, replace: bool = False) -> None:
        """Say something to this person alone, in the way the request allows.

        `replace` puts it in the place of the answer that was clicked on.
        """
        said = blocks or [section(text)]
        if self.holds_a_form:
            self.ack(response_action="update", view=self.notice(said))
        elif "command" in self.body and not self.acked:
            self.ack(text=text, blocks=said, response_type="ephemeral")
        elif self.body.get("response_url"):
            self.ack_if_due()
            self.answer_at(self.body["response_url"], text, said, replace=replace)
        else:
            self.ack_if_due()
            self._open_notice(said)

    def answer_at(self, response_url: str, text: str, blocks: list[Block], *, replace: bool) -> None:
        """Answer a click at the address Slack gave for it, good for five answers in half an hour."""
        answer_at(self.slack, response_url, text, blocks, replace=replace)

    def _open_notice(self, said: list[Block]) -> None:
        """An event has no place for an answer; everything else that comes without one can be shown a modal."""
        if "trigger_id" in self.body:
            self.open(self.notice(said))
        else:
            log.warning("nowhere_to_answer", type=self.body.get("type"), person=self.actor)

    def ack_if_due(self) -> None:
        """Ack, unless that has happened."""
        if not self.acked:
            self.ack()

    def notice(self, blocks: list[Block]) -> Block:
        """A modal that only says something."""
        return view(self.words.say("ui.notice"), blocks, close=self.words.say("ui.close"))


Handle = Callable[[Hearing], None]


def first_input(body: Mapping[str, Any]) -> str:
    """The block id of a form's first input, where a sentence about the whole form can stand."""
    return str(next(block["block_id"] for block in body["view"]["blocks"] if block["type"] == "input"))


def _is_slacks(address: str, api: str) -> bool:
    """Whether Slack answers there; what people wrote is sent nowhere else."""
    there, ours = urlsplit(address), urlsplit(api)
    at_the_api = (there.scheme, there.netloc) == (ours.scheme, ours.netloc)
    return at_the_api or (there.scheme == "https" and there.netloc in ANSWER_HOSTS)


def answer_at(slack: WebClient, response_url: str, text: str, blocks: list[Block], *, replace: bool = False) -> None:
    """Say something to one person at the address that came with what they did."""
    if not _is_slacks(response_url, slack.base_url):
        log.warning("answer_refused", said="not an address of Slack")
        return
    answer = WebhookClient(response_url, timeout=ANSWER_SECONDS, ssl=slack.ssl, proxy=slack.proxy).send(
        text=text, blocks=blocks, response_type="ephemeral", replace_original=replace
    )
    if answer.status_code != OK:
        log.warning("answer_refused", status=answer.status_code, said=answer.body)


def hear(context: Context, args: Args, turn: Turn) -> Hearing:
    """Put together what a listener needs. Somebody never seen before is looked up in Slack, once."""
    now = context.clock.now()
    actor = actor_of(args.body)
    with context.database.reading() as session:
        company = context.companies.load(session)
    if actor not in company.directory.facts:
        turn.over()
        refresh_one(context.database, context.slack, actor, now)
        with context.database.reading() as session:
            company = context.companies.load(session)
    words = context.phrasebook.words(company.directory.language_of(actor))
    return Hearing(context, args, actor, now, company, words, turn)


def actor_of(body: Mapping[str, Any]) -> str:
    """Who sent this: commands, interactions and events each say it in their own place."""
    if "user_id" in body:
        return str(body["user_id"])
    user = body.get("user") or body.get("event", {}).get("user")
    return str(user["id"] if isinstance(user, Mapping) else user)
