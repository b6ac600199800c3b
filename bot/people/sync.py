"""Keeps what Slack knows of people: asked once a day for everybody, and for one person when Slack says they changed."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from slack_sdk import WebClient
from sqlmodel import Session

import storage.person
from bot.workflow.forms import tidy
from storage.database import Database
from storage.person import Person

PAGE = 999  # the most there is: Slack answers about twenty such questions a minute
NAME_MOST, LOCALE_MOST, ZONE_MOST = 200, 16, 64
CODE = re.compile(r"[A-Za-z0-9_+/-]+")
SLACKBOT = "USLACKBOT"  # Slack's own helper is not marked as a bot
GUEST_MARKS = ("is_restricted", "is_ultra_restricted", "is_stranger")
DEFAULT_LOCALE, DEFAULT_ZONE = "zh-CN", "Asia/Shanghai"


def everyone(slack: WebClient, now: datetime) -> list[Person]:
    """Ask Slack for all members."""
    home = _home(slack)
    return [from_payload(member, now, home=home) for member in _members(slack)]


def refresh_one(database: Database, slack: WebClient, person: str, now: datetime) -> None:
    """Ask Slack for somebody who has never been seen, and keep them."""
    member = slack.users_info(user=person, include_locale=True)["user"]
    met = from_payload(member, now, home=_home(slack))
    with database.transaction() as session:
        save(session, [met])


def save(session: Session, people: Iterable[Person]) -> list[str]:
    """Keep people as they are now; answers the ids of those who were active before and are deactivated now.

    What is as it was is left alone, so that no process reads the company again for nothing.
    """
    known = {person.id: person for person in storage.person.everyone(session)}
    changed = [person for person in people if _facts(person) != _facts(known.get(person.id))]
    gone = [p.id for p in changed if p.deactivated and p.id in known and not known[p.id].deactivated]
    if changed:
        storage.person.save(session, changed)
    return gone


def from_payload(user: Mapping[str, Any], now: datetime, *, home: str, known: Person | None = None) -> Person:
    """A person from Slack's user object; whoever is not of the workspace `home` is a guest here.

    Slack leaves fields out: the language unless it was asked for, the zone of somebody who never signed in. What is
    `known` of the person then stays.
    """
    profile = user.get("profile") or {}
    named = (profile.get("display_name"), profile.get("real_name"), user.get("real_name"), user.get("name"))
    names = (" ".join(tidy(name).split())[:NAME_MOST] for name in named if isinstance(name, str))
    return Person(
        id=user["id"],
        name=next((name for name in names if name), user["id"]),
        locale=_code(user.get("locale"), LOCALE_MOST) or (known.locale if known else DEFAULT_LOCALE),
        zone=_code(user.get("tz"), ZONE_MOST) or (known.zone if known else DEFAULT_ZONE),
        deactivated=bool(user.get("deleted")),
        is_bot=bool(user.get("is_bot")) or user["id"] == SLACKBOT,
        is_guest=any(user.get(mark) for mark in GUEST_MARKS) or _from_elsewhere(user, home),
        refreshed_at=now,
    )


def _code(text: Any, most: int) -> str:
    """A language or a zone as Slack writes it; nothing for anything else, which would cost everybody the look-up."""
    return text if isinstance(text, str) and CODE.fullmatch(text) and len(text) <= most else ""


def _from_elsewhere(user: Mapping[str, Any], home: str) -> bool:
    """Whether somebody belongs to another company's workspace; in an enterprise a member has several workspaces."""
    own = [user.get("team_id"), *((user.get("enterprise_user") or {}).get("teams") or [])]
    return any(own) and home not in own


def _home(slack: WebClient) -> str:
    return str(slack.auth_test()["team_id"])


def _facts(person: Person | None) -> dict[str, Any]:
    return person.model_dump(exclude={"refreshed_at"}) if person else {}


def _members(slack: WebClient) -> Iterator[Mapping[str, Any]]:
    cursor = ""
    while True:
        page = slack.users_list(include_locale=True, limit=PAGE, cursor=cursor)
        yield from page["members"]
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return
