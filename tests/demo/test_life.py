"""What a visitor finds: a company with something in every stage, all of it done and said as it would have been."""

import json
import re
from datetime import datetime
from urllib.request import urlopen

import pytest

from bot.demo.run import EMPTY, MID_WEEK, ZONE, opened
from bot.improvement import LIFECYCLES
from bot.improvement.stages import Stage
from bot.render import Words
from bot.sandbox import ControlClient
from bot.workflow import chain
from storage.database import Database
from tests.demo.conftest import Lived
from tests.demo.shelf import Shelf
from tests.support import screen
from tests.support.company import at

PARTS = (
    ("measure", "PROPOSED"),
    ("measure", "OPEN"),
    ("measure", "DROP_REVIEW"),
    ("measure", "DONE"),
    ("measure", "DROPPED"),
    ("extension", "REQUESTED"),
    ("extension", "APPROVED"),
    ("case", "PUBLISHED"),
)


@pytest.fixture(scope="module")
def shelf(lived: Lived, lived_url: str) -> Shelf:
    """The records, when life is over."""
    return Shelf.read(lived_url)


@pytest.mark.parametrize("stage", Stage)
def test_an_improvement_stands_in_every_stage(shelf: Shelf, stage: Stage) -> None:
    assert stage in {record.stage for record in shelf.of_kind("improvement")}


@pytest.mark.parametrize(("kind", "stage"), PARTS)
def test_a_part_stands_in_each_of_these(shelf: Shelf, kind: str, stage: str) -> None:
    assert stage in {record.stage for record in shelf.of_kind(kind)}


def test_one_capa_is_closed_with_a_case_and_one_in_its_second_round(lived: Lived, shelf: Shelf) -> None:
    capas = [record for record in shelf.of_kind("improvement") if record.class_ == "CAPA"]
    closed = next(record for record in capas if record.stage == Stage.CLOSED)

    assert "open_check" in lived.register.steps(closed.number)
    assert closed.values["case"] in {case.number for case in shelf.of_kind("case")}
    assert any(record.round == 2 and record.stage == Stage.ANALYSIS for record in capas)


def test_every_step_was_taken_at_work(shelf: Shelf, lived: Lived) -> None:
    for record in shelf.of_kind("improvement"):
        for entry in lived.register.record(record.number)["history"]:
            at = datetime.fromisoformat(entry["at"]).astimezone(ZONE)
            assert shelf.calendar.is_working(at.date()), (record.number, entry)
            assert not entry["refused"], (record.number, entry)


def test_no_history_has_a_break(shelf: Shelf, lived_url: str) -> None:
    database = Database(lived_url)
    with database.reading() as session:
        broken = [record.number for record in shelf.records if chain.first_break(session, record.number)]
    database.dispose()
    assert broken == []


def test_everything_was_delivered_and_nothing_waits(shelf: Shelf) -> None:
    assert shelf.messages == {"SENT"}


def test_there_is_a_digest_for_every_week_but_that_of_the_festival(lived: Lived) -> None:
    weeks = [key.rsplit(":", 1)[-1] for key in map(screen.key_of, lived.channel("C_WEEKLY")) if key]
    assert weeks == [f"2026-W{week:02d}" for week in (2, 3, 4, 5, 6, 7, 9, 10)]


def test_who_is_late_was_reminded_daily_and_then_it_was_passed_up(lived: Lived, shelf: Shelf) -> None:
    late = next(record for record in shelf.records if record.title.startswith("传输机房空调"))

    reminded = [key for key in map(screen.key_of, lived.dm(late.owner or "")) if key.startswith("remind:")]
    days = ("2-25", "2-26", "2-27", "2-28", "3-02", "3-03", "3-04")
    assert reminded[-len(days) :] == [f"remind:U_WU:2026-0{day}" for day in days]
    assert lived.register.steps(late.number).count("escalate") == 2
    assert late.number in json.dumps(lived.dm("U_MA")[-1], ensure_ascii=False)


def test_nobody_is_drowned_in_reminders(lived: Lived) -> None:
    reminders = {p: sum(screen.key_of(m).startswith("remind:") for m in lived.dm(p)) for p in lived.people}
    assert max(reminders.values()) <= 12


@pytest.mark.parametrize("person", ["U_CHEN", "U_ZHOU", "U_WU", "U_HE", "U_SUN", "U_QIAN", "U_LIU", "U_TANG", "U_MA"])
def test_something_waits_on_the_home_tab(lived: Lived, person: str) -> None:
    view = lived.control.look("home", as_=person)["view"]
    kinds = {button["action_id"] for button in view["buttons"]}
    assert kinds & set(LIFECYCLES["improvement"].steps) - {"raise_opportunity"}


def test_only_what_was_said_today_is_unread(lived: Lived) -> None:
    with urlopen(f"{lived.url}/?as=U_LIN&at=home") as page:
        counts = [int(n) for n in re.findall(r'<span class="count" title="[^"]*">(\d+)', page.read().decode())]
    assert counts
    assert max(counts) <= 10


def test_time_stands_in_mid_week(lived: Lived) -> None:
    now = datetime.fromisoformat(lived.control.look("time")["now"])
    assert 0 <= (now - MID_WEEK).total_seconds() <= 60


def test_the_workspace_is_told_of_them(lived: Lived) -> None:
    """In mid-week with something overdue, the next working day brings a reminder as well."""
    page = lived.control.look("time")
    assert page["landmarks"] == {name: at("2026-03-05 09:00").isoformat() for name in ("next_workday", "next_reminder")}


def test_a_life_is_lived_once(lived: Lived, lived_url: str, words: Words) -> None:
    """Whoever comes back finds the register, and a time that does not lie before what is in it."""
    before = Shelf.read(lived_url)
    with opened(lived_url, words, at=datetime(2026, 1, 5, 9, tzinfo=ZONE)) as (sandbox, _bot):
        now = datetime.fromisoformat(ControlClient(sandbox.url).look("time")["now"])

    assert now >= MID_WEEK
    assert [one.model_dump() for one in Shelf.read(lived_url).records] == [one.model_dump() for one in before.records]


def test_fresh_is_empty(url: str, words: Words) -> None:
    with opened(url, words, fresh=True) as (sandbox, _bot):
        control = ControlClient(sandbox.url)
        assert datetime.fromisoformat(control.look("time")["now"]) == EMPTY
        assert control.look("messages", channel="C_QUALITY")["messages"] == []
    assert Shelf.read(url).records == []
