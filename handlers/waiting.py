"""What waits for a person: asked of the database by stage and column, then judged person by person in memory."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

import storage.record
from bot.company import Company
from bot.improvement.deadlines import DEADLINES, WAITS_FOR
from bot.people.who import Who
from bot.workflow import Scene, Workflow, scene

READ_AHEAD = 3
"""Some items of a role's stages are not for this person (separation of duties); so a few more are read."""


def waiting_for(
    session: Session, workflow: Workflow, company: Company, person: str, now: datetime, *, most: int
) -> list[Scene]:
    """The open records whose present stage waits for this person, the pressing ones first."""
    found = storage.record.waiting_for(
        session,
        person=person,
        owner_stages=_stages_of("owner"),
        raiser_stages=_stages_of("raiser"),
        role_stages=_role_stages(company, person),
        limit=most * READ_AHEAD,
    )
    scenes = scene.load(session, company, now, found)
    return [here for here in scenes if _waits(workflow, here, person)][:most]


def _holders() -> Mapping[str, Who]:
    return {stage: DEADLINES[name].holder for stage, name in WAITS_FOR.items()}


def _stages_of(code: str) -> list[str]:
    return [stage for stage, who in _holders().items() if any(grant.code == code for grant in who.grants)]


def _role_stages(company: Company, person: str) -> list[str]:
    """Stages that wait for a role; a role may fall to the person along the chain, so any office will do."""
    if not company.directory.roles_of(person):
        return []
    return [stage for stage, who in _holders().items() if any(grant.role for grant in who.grants)]


def _waits(workflow: Workflow, here: Scene, person: str) -> bool:
    who = _holders()[here.record.stage]
    return person in who.people(here.case)
