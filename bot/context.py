"""Everything from outside that a listener or a tick needs, made once at the composition root and passed in."""

from dataclasses import dataclass

from slack_sdk import WebClient

from bot.clock import Clock
from bot.company import CompanySource
from bot.render import Phrasebook
from bot.workflow import Workflow
from storage.database import Database


@dataclass(frozen=True)
class Context:
    """The parts of a running bot."""

    database: Database
    companies: CompanySource
    workflow: Workflow
    phrasebook: Phrasebook
    clock: Clock
    slack: WebClient
