"""What Slack says of people is kept, page by page, and departures are noticed once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

import storage.person
import storage.stamp
from bot.people import sync
from bot.people.sync import from_payload, refresh_one, save
from bot.sandbox import Company, User
from storage.database import Database
from storage.person import Person
from tests.delivery.slack_server import SlackServer

NOW = datetime(2026, 2, 10, 1, tzinfo=UTC)
HOME = "T_HOME"
COMPANY = Company(
    users=(
        User("U_CHEN", "chenxiao", "陈晓"),
        User("U_SMITH", "smith", "Alex Smith", locale="en-US", tz="Europe/London"),
        User("U_GUEST", "guest", is_restricted=True),
        User("U_ROBOT", "robot", is_bot=True),
        *(User(f"U_{n:04}", f"user{n}") for n in range(sync.PAGE)),
    )
)


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer(COMPANY) as server:
        yield server


@pytest.fixture
def refresh(database: Database, slack: SlackServer) -> Callable[[], list[str]]:
    """Everybody, asked once more."""
    client = WebClient(COMPANY.bot_token, base_url=slack.url)

    def ask() -> list[str]:
        people = sync.everyone(client, NOW)
        with database.transaction() as session:
            return save(session, people)

    return ask


def people(database: Database) -> dict[str, Person]:
    with database.reading() as session:
        return {person.id: person for person in storage.person.everyone(session)}


def leaves(slack: SlackServer, person: str) -> None:
    slack.workspace.users[person] = User(person, "gone", deleted=True)


def test_everybody_is_kept_whatever_page_they_stand_on(
    database: Database, slack: SlackServer, refresh: Callable[[], list[str]]
) -> None:
    refresh()

    kept = people(database)
    assert kept.keys() == slack.workspace.users.keys()
    assert len(slack.calls("users.list")) == 2
    assert (kept["U_SMITH"].name, kept["U_SMITH"].locale, kept["U_SMITH"].zone) == (
        "Alex Smith",
        "en-US",
        "Europe/London",
    )
    assert (kept["U_GUEST"].is_guest, kept["U_ROBOT"].is_bot, kept["U_CHEN"].is_guest) == (True, True, False)


def test_a_departure_is_reported_once(slack: SlackServer, refresh: Callable[[], list[str]]) -> None:
    assert refresh() == []
    leaves(slack, "U_CHEN")

    assert refresh() == ["U_CHEN"]
    assert refresh() == []


def test_somebody_who_had_left_before_we_came_has_not_left_now(
    slack: SlackServer, refresh: Callable[[], list[str]]
) -> None:
    leaves(slack, "U_CHEN")

    assert refresh() == []


def test_nothing_new_makes_nobody_read_the_company_again(database: Database, refresh: Callable[[], list[str]]) -> None:
    refresh()
    with database.reading() as session:
        before = storage.stamp.all_(session)

    refresh()

    with database.reading() as session:
        assert storage.stamp.all_(session) == before


def test_one_person_is_looked_up(database: Database, slack: SlackServer) -> None:
    refresh_one(database, WebClient(COMPANY.bot_token, base_url=slack.url), "U_SMITH", NOW)

    met = people(database)["U_SMITH"]
    assert (met.locale, met.is_guest) == ("en-US", False)


def test_many_requests_may_meet_the_same_new_people_at_once(database: Database) -> None:
    everybody = range(8)
    begin = Barrier(len(everybody))

    def meet(_: int) -> None:
        new = [from_payload({"id": f"U_{n}"}, NOW, home=HOME) for n in range(50)]
        begin.wait()
        with database.transaction() as session:
            save(session, new)

    with ThreadPoolExecutor(len(everybody)) as threads:
        list(threads.map(meet, everybody))
    assert len(people(database)) == 50


def test_a_failure_on_the_second_page_changes_nothing(
    database: Database, slack: SlackServer, refresh: Callable[[], list[str]]
) -> None:
    slack.before = None
    calls = iter(range(2))
    slack.after = lambda _method: slack.fault("users.list", "error", error="fatal_error") if next(calls) == 0 else None

    with pytest.raises(SlackApiError):
        refresh()

    assert people(database) == {}


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        ({"id": "U1"}, {"name": "U1", "locale": "zh-CN", "zone": "Asia/Shanghai"}),
        ({"id": "U1", "name": "chen"}, {"name": "chen"}),
        ({"id": "U1", "name": "chen", "real_name": "陈晓"}, {"name": "陈晓"}),
        ({"id": "U1", "real_name": "陈晓", "profile": {"display_name": "小陈"}}, {"name": "小陈"}),
        ({"id": "U1", "real_name": "陈晓", "profile": {"display_name": ""}}, {"name": "陈晓"}),
        ({"id": "U1", "locale": "en-US", "tz": "Asia/Tokyo"}, {"locale": "en-US", "zone": "Asia/Tokyo"}),
        ({"id": "U1", "tz": None, "profile": None}, {"zone": "Asia/Shanghai"}),
        ({"id": "U1", "deleted": True}, {"deactivated": True}),
        ({"id": "U1", "is_ultra_restricted": True}, {"is_guest": True}),
        ({"id": "U1", "team_id": "T_HOME"}, {"is_guest": False}),
        ({"id": "U1", "team_id": "T_OTHERS"}, {"is_guest": True}),
        ({"id": "U1", "team_id": "T_HOME", "is_stranger": True}, {"is_guest": True}),
        ({"id": "U1", "team_id": "T_SISTER", "enterprise_user": {"teams": ["T_HOME"]}}, {"is_guest": False}),
        ({"id": "USLACKBOT", "is_bot": False}, {"is_bot": True}),
    ],
)
def test_what_slack_says_of_a_person(payload: dict[str, Any], expected: dict[str, Any]) -> None:
    assert expected.items() <= from_payload(payload, NOW, home=HOME).model_dump().items()


def test_what_slack_leaves_out_stays_as_it_was_known() -> None:
    known = Person(id="U1", name="Alex", locale="en-US", zone="Europe/London", refreshed_at=NOW)

    person = from_payload({"id": "U1", "name": "Alex"}, NOW + timedelta(days=1), home=HOME, known=known)

    assert (person.locale, person.zone) == ("en-US", "Europe/London")
