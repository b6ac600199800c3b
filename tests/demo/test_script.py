"""The life as it is written down can be lived on any day, on both databases, and always comes out alike."""

import shutil
from collections.abc import Iterator
from datetime import datetime, time
from pathlib import Path
from typing import Any

import pytest

from bot.demo import script
from bot.demo.living import Living
from bot.demo.run import MID_WEEK, ZONE
from bot.render import Phrasebook
from bot.sandbox import ControlClient
from bot.workdays import PublishedHolidays, WorkCalendar
from storage.database import Database
from tests.demo.shelf import Shelf
from tests.support.company import DemoCompany

CALENDAR = WorkCalendar(PublishedHolidays())
DAYS = (
    "2026-03-04T10:00",
    "2026-03-08T15:00",  # a Sunday
    "2026-02-18T09:00",  # in the Spring Festival
    "2026-10-09T09:00",  # in the morning of the second day after the National Day
    "2025-06-18T23:30",
)


class Hurried(ControlClient):
    """A workspace in which time passes and nothing else happens."""

    def __init__(self) -> None:
        super().__init__("http://nowhere")

    def act(self, call: str, **wish: Any) -> dict[str, Any]:
        """The clock goes where it is asked to; what people say is not kept."""
        return {"now": wish["to"]} if call == "clock" else {"done": True}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def lived(company: DemoCompany, until: datetime) -> list[tuple[str, str, int]]:
    """The register after the life up to a moment: number, stage, round."""
    acts = script.acts(until, CALENDAR)
    Living(company.workflow, CALENDAR, Phrasebook(ZONE).words("zh_CN"), Hurried()).live(acts, until)
    shelf = Shelf.read(company.database.url.render_as_string(hide_password=False))
    return [(record.number[-4:], record.stage, record.round) for record in shelf.of_kind("improvement")]


@pytest.mark.parametrize("day", DAYS)
def test_people_work_in_working_hours_of_working_days_and_not_later_than_asked(day: str) -> None:
    acts = script.acts(at(day), CALENDAR)

    assert all(CALENDAR.is_working(act.at.date()) for act in acts)
    assert all(time(9) < act.at.time() < time(18) for act in acts)
    assert acts == sorted(acts, key=lambda act: act.at)
    assert acts[-1].at < at(day)


def test_the_last_day_is_the_one_asked_for_if_it_has_come_so_far() -> None:
    assert script.last_day(at("2026-03-04T10:00"), CALENDAR).isoformat() == "2026-03-04"
    assert script.last_day(at("2026-03-04T09:59"), CALENDAR).isoformat() == "2026-03-03"
    assert script.last_day(at("2026-02-23T12:00"), CALENDAR).isoformat() == "2026-02-14"


@pytest.fixture
def neighbour(tmp_path: Path, sqlite_template: Path) -> Iterator[DemoCompany]:
    """The same company once more, in a database of its own."""
    shutil.copyfile(sqlite_template, tmp_path / "neighbour.db")
    database = Database(f"sqlite:///{tmp_path / 'neighbour.db'}")
    yield DemoCompany(database)
    database.dispose()


def test_it_comes_out_alike_whenever_it_is_lived(company: DemoCompany, neighbour: DemoCompany) -> None:
    moved = lived(company, at("2025-06-18T12:00"))
    again = lived(neighbour, MID_WEEK)

    assert len(moved) == 31
    assert moved == again
