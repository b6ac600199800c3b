"""The measures of a CAPA on the ladder: each for whoever is responsible, with the buttons for it."""

from collections.abc import Mapping

from sqlmodel import select

from bot.reminders.orphans import on_deactivated
from storage.outbox import OutboxRow
from tests.reminders.desk import Desk
from tests.reminders.drawing import buttons, render, sections
from tests.reminders.test_standing import change
from tests.support import capa
from tests.support.company import DemoCompany, at

PLANNED = at("2025-05-06 10:00")  # measures are due on Friday 2025-05-16
BEFORE, TODAY, LATE, DEPT, REP = (f"2025-05-{day} 09:00" for day in (15, 16, 19, 21, 23))


def drawn(company: DemoCompany, key: str, moment: str) -> list[str]:
    """The paragraphs of a message."""
    found = render(company, key, at(moment))
    assert found is not None
    return sections(found)


def pressed(company: DemoCompany, key: str, moment: str) -> list[tuple[str, str]]:
    """The buttons of a message."""
    found = render(company, key, at(moment))
    assert found is not None
    return buttons(found)


def test_everybody_hears_of_their_own(company: DemoCompany, desk: Desk) -> None:
    number = capa.planned(company, PLANNED, measures=2)
    assert desk.run(BEFORE) == {"U_CHEN": ["1-M1 BEFORE"], "U_SMITH": ["1-M2 BEFORE"]}
    assert desk.run(TODAY) == {"U_CHEN": ["1-M1 TODAY"], "U_SMITH": ["1-M2 TODAY"]}
    capa.done(company, number, at("2025-05-16 10:00"))
    assert desk.run(LATE) == {}


def test_the_ladder_of_a_late_measure(company: DemoCompany, desk: Desk) -> None:
    number = capa.planned(company, PLANNED)
    assert [desk.run(moment) for moment in (LATE, DEPT, REP)] == [
        {"U_CHEN": ["1-M1 OVERDUE"]},
        {
            "U_CHEN": ["1-M1 OVERDUE"],
            "U_LIU": ["1-M1 DEPT"],
            "U_TANG": ["1-M1 DEPT"],
            "U_ZHOU": ["1-M1 DEPT"],
        },
        {"U_CHEN": ["1-M1 OVERDUE"], "U_MA": ["1-M1 REP"]},
    ]
    assert company.steps(number)[-2:] == ["escalate", "escalate"]


def test_a_line_says_which_measure_it_is_and_carries_its_buttons(company: DemoCompany, desk: Desk) -> None:
    measure = f"{capa.planned(company, PLANNED)}-M1"
    desk.reminders.run(at(BEFORE))
    line = drawn(company, "remind:U_CHEN:2025-05-15", BEFORE)[1]
    for part in (
        measure,
        "工单缺解决代码",
        "措施：关闭工单时校验解决代码",
        "完成时限",
        "还剩1个工作日",
        "待办：报告完成",
    ):
        assert part in line
    assert pressed(company, "remind:U_CHEN:2025-05-15", BEFORE) == [
        ("report_measure_done", measure),
        ("request_extension", measure),
    ]


def test_whoever_hears_of_the_delay_can_urge_or_hand_it_on(company: DemoCompany, desk: Desk) -> None:
    number = capa.planned(company, PLANNED)
    desk.reminders.run(at(DEPT))
    assert pressed(company, "remind:U_LIU:2025-05-21", DEPT) == [("urge", number)]
    assert pressed(company, "remind:U_ZHOU:2025-05-21", DEPT) == [("reassign_measure", f"{number}-M1")]
    assert "等待 <@U_CHEN> 办理" in drawn(company, "remind:U_ZHOU:2025-05-21", DEPT)[1]


def test_a_request_for_more_time_shows_on_the_line_of_its_measure_only(company: DemoCompany, desk: Desk) -> None:
    number = capa.planned(company, PLANNED)
    own = capa.measured(company, number, PLANNED, responsible="U_CHEN", due_on="2025-05-16")
    company.do("approve_measure", own, PLANNED, by="U_TANG")
    wish = {"deadline_item": "measure_due", "new_due": "2025-05-20", "reason": "等待厂商补丁"}
    company.do("request_extension", own, at("2025-05-14 10:00"), by="U_CHEN", **wish)
    desk.reminders.run(at(TODAY))
    first, second = drawn(company, "remind:U_CHEN:2025-05-16", TODAY)[1:3]
    assert (f"{number}-M1" in first, "延期申请待审批" in first) == (True, False)
    assert (own in second, "延期申请待审批" in second) == (True, True)


def test_a_line_is_drawn_again_when_its_measure_is_done(company: DemoCompany, desk: Desk) -> None:
    number = capa.planned(company, PLANNED)
    desk.run(TODAY)
    now = at("2025-05-16 10:00")
    capa.done(company, number, now)
    again = render(company, change(company, "redraw", "remind:U_CHEN:2025-05-16") or "", now)
    assert again is not None
    assert buttons(again) == []
    assert sections(again)[1].startswith(f"✅ *{number}-M1*")


def test_an_approval_names_the_step_of_its_stage(company: DemoCompany, desk: Desk) -> None:
    """One deadline serves the plan, a measure added to it, and one that is to be dropped."""
    draft = capa.classified(company, PLANNED)
    capa.analysed(company, draft, PLANNED)
    capa.measured(company, draft, PLANNED)
    company.do("submit_plan", draft, PLANNED, by="U_ZHOU")
    running = capa.planned(company, PLANNED)
    added = capa.measured(company, running, PLANNED)
    company.do("request_drop", f"{running}-M1", PLANNED, by="U_ZHOU", reason="已无必要")
    desk.reminders.run(at("2025-05-09 09:00"))
    lines = {line.split("*")[1]: line for line in drawn(company, "remind:U_TANG:2025-05-09", "2025-05-09 09:00")[1:]}
    expected = {draft: "批准方案", added: "批准措施", f"{running}-M1": "同意取消"}
    assert {number: step for number, step in expected.items() if f"待办：{step}" in lines[number]} == expected


def test_the_day_of_a_check_is_no_deadline_but_the_time_for_it_is(company: DemoCompany, desk: Desk) -> None:
    number = capa.planned(company, PLANNED)
    capa.done(company, number, at("2025-05-08 10:00"))  # checked from Monday 2025-06-09, by Thursday
    assert [desk.run(f"2025-06-{day} 09:00") for day in ("06", "09", "10")] == [{}, {}, {}]
    found = desk.run("2025-06-11 09:00")
    assert found == {"U_LIU": ["0001 BEFORE"], "U_TANG": ["0001 BEFORE"]}
    assert "待办：验证有效" in drawn(company, "remind:U_LIU:2025-06-11", "2025-06-11 09:00")[1]


def test_a_measure_of_somebody_who_left_is_asked_of_the_head(company: DemoCompany, desk: Desk) -> None:
    measure = f"{capa.planned(company, PLANNED)}-M1"
    company.deactivate("U_CHEN")
    assert desk.run(TODAY) == {"U_ZHOU": ["1-M1 TODAY"]}
    assert "<@U_CHEN> 已停用" in drawn(company, "remind:U_ZHOU:2025-05-16", TODAY)[1]
    assert pressed(company, "remind:U_ZHOU:2025-05-16", TODAY) == [("reassign_measure", measure)]


def leave(company: DemoCompany, desk: Desk, person: str, moment: str) -> Mapping[str, OutboxRow]:
    """Somebody leaves; who is told of what they held."""
    company.deactivate(person)
    with company.database.transaction() as session:
        on_deactivated(session, company.now(session), person, at(moment))
    with company.database.reading() as session:
        rows = session.exec(select(OutboxRow).where(OutboxRow.kind == "orphans")).all()
    desk.deliver(at(moment))
    return {row.target: row for row in rows}


def test_open_measures_are_among_what_somebody_leaves_behind(company: DemoCompany, desk: Desk) -> None:
    number = capa.planned(company, PLANNED, measures=2)
    capa.measured(company, number, PLANNED, responsible="U_CHEN")  # proposed
    own = company.daily(PLANNED, owner="U_CHEN")
    note = leave(company, desk, "U_CHEN", "2025-05-07 10:00")["U_ZHOU"]
    offered = [("reassign_measure", f"{number}-M1"), ("reassign_owner", own)]
    assert pressed(company, note.key, "2025-05-07 10:00") == offered

    now = at("2025-05-07 11:00")
    company.do("reassign_measure", f"{number}-M1", now, by="U_ZHOU", new_responsible="U_SMITH")
    again = render(company, change(company, "redraw", note.key) or "", now)
    assert again is not None
    assert buttons(again) == offered[1:]


def test_a_measure_for_another_department_is_left_to_that_one(company: DemoCompany, desk: Desk) -> None:
    number = capa.planned(company, PLANNED, department="通信部", owner="U_HE")  # 陈晓 belongs to another
    own = company.daily(PLANNED, owner="U_CHEN")
    notes = leave(company, desk, "U_CHEN", "2025-05-07 10:00")
    assert {told: row.data["numbers"] for told, row in notes.items()} == {"U_HE": [f"{number}-M1"], "U_ZHOU": [own]}


def test_a_plan_on_which_nobody_may_decide_is_reported_once(company: DemoCompany, desk: Desk) -> None:
    number = capa.classified(company, PLANNED)
    capa.analysed(company, number, PLANNED)
    capa.measured(company, number, PLANNED)
    company.do("submit_plan", number, PLANNED, by="U_ZHOU")
    company.deactivate("U_TANG", "U_MA", "U_GUO")
    for moment in ("2025-05-07 09:00", "2025-05-08 09:00"):
        desk.run(moment)
    assert [(row.target, row.record, row.data["news"]) for row in desk.notes] == [("U_LIN", number, "nobody_can_act")]
