"""Reading an item in Slack: page by page in one place, a measure by its own number, and the form's hints."""

from tests.support.town import GRAVE, town

MEASURE = {"measure": "更换进纸辊", "responsible": "U_CHEN", "due_on": "2026-03-20", "involves_change": "false"}
PROBLEM = {"phenomenon": "甲" * 2000, "scope": "乙" * 1000, "impact_description": "丙" * 1000, "found_by": "U_CHEN"}


def test_an_item_is_read_page_by_page_and_a_measure_by_its_number(database_url: str) -> None:
    with town(database_url, forked=True) as office:
        number = office.raise_(description="现" * 3000, suggestion="建" * 2000)
        office.take("U_LIU", "classify_capa", number, **GRAVE)
        office.take("U_ZHOU", "describe_problem", number, **PROBLEM, found_on="2026-03-02")
        office.take("U_ZHOU", "add_why", number, chain_no="1", why_question="为什么卡纸", why_answer="值班员疏忽")
        for text in ("丁", "戊"):
            office.take("U_ZHOU", "add_comment", number, comment=text * 2000)

        shown = office.improve("U_ZHOU", "查看 1")
        assert "甲甲甲" in shown
        assert "戊戊戊" not in shown

        further = office.press("U_ZHOU", "show_page:1.2", f"1.2.{number}")["said"]
        assert "戊戊戊" in further
        assert "甲甲甲" not in further
        back = office.press("U_ZHOU", "show_page:1.1", f"1.1.{number}")["said"]
        assert "甲甲甲" in back
        assert len([message for message in office.answers("U_ZHOU") if number in office.read(message)]) == 1

        hints = office.open("U_ZHOU", "add_root_cause", number)["text"]
        assert "💡 “值班员疏忽”停在了人身上" in hints
        office.close_all("U_ZHOU")

        office.take("U_ZHOU", "add_measure", number, **MEASURE)
        assert "更换进纸辊" in office.improve("U_ZHOU", "查看 1-M1")
        assert "更换进纸辊" not in office.improve("U_SUN", "查看 1-M1")
        assert "甲甲甲" not in office.improve("U_SUN", "查看 1")
        office.assert_payloads_obey_slack()
        office.assert_no_dead_buttons()
