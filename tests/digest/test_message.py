"""The digest as it stands in the channel."""

from datetime import date, datetime
from typing import Any

from slack_sdk import WebClient
from sqlmodel import Session

import storage.outbox
from bot.clock import SimulatedClock
from bot.context import Context
from bot.delivery import Outgoing
from bot.digest.snapshot import week_of
from bot.render import LANGUAGES
from bot.sandbox.limits import check_payload
from handlers.digest import HEADINGS
from handlers.messages import Renderer
from storage.deadline import Deadline
from storage.record import Record
from tests.digest.desk import Desk
from tests.support import case
from tests.support.company import NAMES, DemoCompany, at
from tests.support.words import phrasebook

MONDAY = "2025-05-12 09:00"
KEY = "digest:C_WEEKLY:2025-W20"
LAST_WEEK = at("2025-05-07 10:00")
FACTS: dict[str, Any] = {
    "title": "&" * 80,
    "raiser": "U_WU",
    "owner": "U_ZHOU",
    "responsible_dept": "信息部",
    "created_at": LAST_WEEK,
    "created_on": LAST_WEEK.date(),
}
CLOCK: dict[str, Any] = {
    "started_at": LAST_WEEK,
    "counted_from": LAST_WEEK.date(),
    "original_due": date(2025, 5, 9),
}


def render(company: DemoCompany, now: datetime, key: str = KEY) -> Outgoing | None:
    """A row of the outbox as the sender would post it now; what Slack would refuse fails the test."""
    context = Context(
        company.database, company.companies, company.workflow, phrasebook(), SimulatedClock(now), WebClient()
    )
    with company.database.reading() as session:
        found = Renderer(context)(session, _row(session, key))
    if found:
        assert check_payload("message", {"text": found.text, "blocks": found.blocks}) == []
    return found


def _row(session: Session, key: str) -> storage.outbox.OutboxRow:
    row = storage.outbox.find(session, key)
    assert row is not None
    return row


def paragraphs(company: DemoCompany, desk: Desk, monday: str = MONDAY) -> list[str]:
    """What the digest of a Monday says."""
    desk.digests.run(at(monday))
    found = render(company, at(monday), key=f"digest:C_WEEKLY:{week_of(at(monday).date())}")
    assert found is not None
    return [block["text"]["text"] for block in found.blocks if block["type"] == "section"]


def test_an_empty_week(company: DemoCompany, desk: Desk) -> None:
    overview, *lists = paragraphs(company, desk)
    assert "新增 0 · 关闭 0 · 逾期 0 · 本周到期 0" in overview
    assert lists == ["*⏰ 逾期（0）*\n无", "*🗓 本周到期（0）*\n无"]


def test_people_are_named_and_not_mentioned(company: DemoCompany, desk: Desk) -> None:
    company.daily(at("2025-04-22 10:00"), owner="U_CHEN")
    company.raise_(LAST_WEEK, by="U_WU")
    said = "\n".join(paragraphs(company, desk))
    assert "陈晓" in said
    assert "吴磊" in said
    assert "<@" not in said


def test_what_is_very_late_is_bold(company: DemoCompany, desk: Desk) -> None:
    badly = company.daily(at("2025-04-22 10:00"))
    slightly = company.daily(at("2025-04-29 10:00"))
    lines = next(text for text in paragraphs(company, desk) if "逾期（2）" in text).splitlines()
    assert lines[1].startswith(f"• *{badly} ")
    assert lines[1].endswith("已逾期7个工作日*")
    assert lines[2].startswith(f"• {slightly} ")


def test_what_people_typed_is_shown_and_never_obeyed(company: DemoCompany, desk: Desk) -> None:
    company.raise_(LAST_WEEK, "<!channel> & <@U_GUO>")
    said = "\n".join(paragraphs(company, desk))
    assert "&lt;!channel&gt; &amp; &lt;@U_GUO&gt;" in said
    assert "<!channel>" not in said


def test_a_crowded_week_fits_into_one_message(company: DemoCompany, desk: Desk) -> None:
    for moment in ("2025-04-14 10:00", "2025-04-29 10:00", "2025-05-07 10:00"):
        for _ in range(11):
            number = company.daily(at(moment), "&" * 80, major_problem=True)
            company.raise_(at(moment), "<" * 80, recurrence_of=number, by="U_SMITH")
    for n in range(1, 22, 2):
        company.report_result(f"IMP-2025-{n:04d}", LAST_WEEK, by="U_ZHOU")
    capas(company, 200)
    projects(company, 30)
    cases(company, 10)
    desk.digests.run(at(MONDAY))
    for language in LANGUAGES:
        company.change_profile("", language=language)
        found = render(company, at(MONDAY))
        assert found is not None
        assert len(found.blocks) > len(HEADINGS)
        more = "另有195项" if language == "zh_CN" else "195 more"
        assert sum(more in block.get("text", {}).get("text", "") for block in found.blocks) == 2


def capas(company: DemoCompany, n: int) -> None:
    """So many CAPAs in a second round, to be checked this week, each with a late measure; written at once."""
    facts = FACTS | {"stage": "VERIFYING", "round": 2}
    numbers = [f"IMP-2024-{no:04d}" for no in range(n)]
    with company.database.transaction() as session:
        session.add_all(Record(number=one, kind="improvement", class_="CAPA", **facts) for one in numbers)
        session.flush()
        part = {"kind": "measure", "stage": "OPEN"}
        session.add_all(Record(number=f"{one}-M1", parent=one, **(facts | part)) for one in numbers)
        session.flush()
        for one in numbers:
            for name, day in (("check_date", 12), ("verify_due", 15)):
                session.add(Deadline(record=one, name=name, current_due=date(2025, 5, day), **CLOCK))
            session.add(Deadline(record=f"{one}-M1", name="measure_due", current_due=date(2025, 5, 9), **CLOCK))


def projects(company: DemoCompany, n: int) -> None:
    """So many projects at work, each with a report due this week; written at once."""
    numbers = [f"IMP-2023-{no:04d}" for no in range(n)]
    with company.database.transaction() as session:
        session.add_all(
            Record(number=one, kind="improvement", class_="PROJECT", stage="EXECUTING", **FACTS) for one in numbers
        )
        session.flush()
        for one in numbers:
            session.add(
                Deadline(record=one, name="report_due", instance="2025-05", current_due=date(2025, 5, 15), **CLOCK)
            )


def cases(company: DemoCompany, n: int) -> None:
    """So many cases published since the last digest."""
    for _ in range(n):
        number = case.of_daily(company, LAST_WEEK, case_title="&" * 80)
        case.published(company, number, LAST_WEEK, best_practice=True)


def test_the_quality_manager_reads_why(company: DemoCompany, desk: Desk) -> None:
    desk.run(MONDAY, refused={"C_WEEKLY": "not_in_channel"})
    found = render(company, at(MONDAY), key=f"{KEY}>U_TANG")
    assert found is not None
    assert "<#C_WEEKLY>" in found.blocks[0]["text"]["text"]
    assert "机器人不在该频道" in found.blocks[0]["text"]["text"]


def test_once_the_week_is_over_it_is_not_posted(company: DemoCompany, desk: Desk) -> None:
    desk.digests.run(at(MONDAY))
    assert render(company, at("2025-05-18 23:59")) is not None
    assert render(company, at("2025-05-19 00:00")) is None


def test_the_names_are_those_slack_gave(company: DemoCompany, desk: Desk) -> None:
    company.raise_(LAST_WEEK, by="U_SMITH")
    assert f"谢谢 {NAMES['U_SMITH']}！" in paragraphs(company, desk)[-1]
