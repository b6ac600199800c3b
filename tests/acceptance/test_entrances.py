"""The ways in: the command in both languages, the shortcuts, a message that becomes an opportunity, the Home tab."""

from tests.support import screen
from tests.support.town import LIGHT, Town


def test_a_sentence_behind_the_command_is_the_title_of_the_form(office: Town) -> None:
    office.improve("U_CHEN", "到货通知没有抄送值班 <紧急> & 常见")
    form = office.form("U_CHEN")

    assert form["title"]["state"]["value"] == "到货通知没有抄送值班 <紧急> & 常见"
    assert form["raising_dept"]["state"]["selected_option"]["value"] == "信息部"
    assert [name for name, field in form.items() if name != "text" and not field["optional"]] == [
        "title",
        "description",
        "source",
        "raising_dept",
    ]
    office.close_all("U_CHEN")


def test_a_long_sentence_loses_nothing(office: Town) -> None:
    sentence = "每天早上" * 40
    office.improve("U_CHEN", sentence)
    form = office.form("U_CHEN")

    assert len(form["title"]["state"]["value"]) == 80
    assert form["description"]["state"]["value"] == sentence
    office.close_all("U_CHEN")


def test_mine_shows_what_waits_with_its_button_in_the_readers_language(office: Town) -> None:
    number = office.raise_("U_SMITH", "Badge reader fails at night")
    assert number in office.improve("U_SMITH", "mine")
    office.take("U_LIU", "ask_info", number, question="Which door?")

    assert "Waiting for you (1)" in office.improve("U_SMITH", "mine")
    office.press("U_SMITH", "answer_info", number, answer="The north door")
    assert office.register.stage(number) == "SUBMITTED"
    assert "等我办理的（0项）" in office.improve("U_CHEN", "我的")


def test_the_list_of_open_items_is_turned_over(office: Town) -> None:
    numbers = [office.raise_(title=f"第{n}个想法") for n in range(11)]

    first = office.improve("U_SUN", "列表")
    assert numbers[-1] in first
    assert numbers[0] not in first
    assert "三楼打印机" not in first
    answers = len(office.answers("U_SUN"))
    assert numbers[0] in office.press("U_SUN", "list_page:2", "2")["said"]
    assert numbers[-1] in office.press("U_SUN", "list_page:1", "1")["said"]
    assert len(office.answers("U_SUN")) == answers
    assert numbers[0] in office.improve("U_SMITH", "list 2")
    assert numbers[0] in office.improve("U_SMITH", "list 99999999999999999999")


def test_my_items_are_counted_and_turned_over_in_place(office: Town) -> None:
    numbers = [office.raise_("U_HE", f"第{n}件事") for n in range(11)]
    for number in numbers:
        office.take("U_LIU", "ask_info", number, question="哪里？")

    first = office.improve("U_HE", "我的")
    assert "等我办理的（11项）" in first
    assert "我提出的（11项）" in first
    assert "等我办理（11项）" in office.home("U_HE")

    answers = len(office.answers("U_HE"))
    office.press("U_HE", "mine_page:2", "2")
    assert len(office.answers("U_HE")) == answers
    shown = office.answers("U_HE")[-1]
    assert [value for step, value in screen.offered(shown) if step == "answer_info"] == [numbers[-1]]
    office.press("U_HE", "answer_info", numbers[-1], answer="三楼")
    again = office.read(office.answers("U_HE")[-1])
    assert "等我办理的（10项）" in again
    assert numbers[9] not in again  # still the second page


def test_show_gives_each_reader_what_they_may_see(office: Town) -> None:
    number = office.raise_(description="客户的内部电话外泄")

    assert "客户的内部电话外泄" in office.improve("U_LIU", f"查看 {number.lower()}")
    assert "客户的内部电话外泄" in office.improve("U_CHEN", f"show {int(number[-4:])}")
    stranger = office.improve("U_SUN", f"查看 {int(number[-4:])}")
    assert number in stranger
    assert "客户的内部电话外泄" not in stranger
    assert "没有找到编号“IMP-2026-9999”" in office.improve("U_CHEN", "查看 9999")
    assert "IMP-2026-0012" in office.improve("U_SMITH", "show")


def test_help_in_both_languages(office: Town) -> None:
    assert "/improve 我的" in office.improve("U_CHEN", "帮助")
    assert "/improve mine" in office.improve("U_SMITH", "help")


def test_an_unknown_word_is_asked_about_and_can_be_raised_all_the_same(office: Town) -> None:
    said = office.improve("U_CHEN", "mien")
    assert "没有“mien”这个命令，您是不是要用 `/improve mine`？" in said

    office.act("press", as_="U_CHEN", action_id="raise_with_text", value="mien")
    assert office.form("U_CHEN")["title"]["state"]["value"] == "mien"
    assert office.answers("U_CHEN")[-1]["buttons"] == []
    assert "“mien”" in office.read(office.answers("U_CHEN")[-1])
    office.close_all("U_CHEN")
    assert "`/improve list`" in office.improve("U_SMITH", "lst")


def test_a_message_becomes_an_opportunity(office: Town) -> None:
    said = office.act("message", as_="U_SUN", channel="C_WEEKLY", text="客户说回访太晚\n上周三起，共五次")
    office.act("shortcut", as_="U_CHEN", callback_id="raise_from_message", channel="C_WEEKLY", ts=said["ts"])

    form = office.form("U_CHEN")
    assert form["title"]["state"]["value"] == "客户说回访太晚"
    assert form["description"]["state"]["value"] == "客户说回访太晚\n上周三起，共五次"
    assert office.submit("U_CHEN")["done"]
    assert office.register.record(office.register.newest())["raiser"] == "U_CHEN"


def test_the_global_shortcut_opens_an_empty_form(office: Town) -> None:
    office.act("shortcut", as_="U_SMITH", callback_id="raise_opportunity")
    form = office.form("U_SMITH")

    assert "value" not in form["title"]["state"] or not form["title"]["state"]["value"]
    assert form["description"]["label"] == "Situation and problem"
    assert not office.submit("U_SMITH", title="Only a title").get("done")
    office.close_all("U_SMITH")


def test_the_home_tab_raises_and_acts(office: Town) -> None:
    number = office.raise_()
    office.take("U_LIU", "classify_daily", number, **LIGHT)
    assert number in office.home("U_ZHOU")

    answer = office.act("click", as_="U_ZHOU", home=True, action_id="accept", value=number)
    assert answer["done"]
    assert "实施中" in office.home("U_ZHOU")
    assert "没有等您办理的事项" in office.home("U_GUO")
    office.act("click", as_="U_GUO", home=True, action_id="home_raise", value="raise")
    assert office.form("U_GUO")["raising_dept"]["state"]["selected_option"]["value"] == "公司高层"
    office.close_all("U_GUO")


def test_a_guest_sees_nothing_of_the_register(office: Town) -> None:
    number = office.raise_("U_SMITH", "Badge reader fails at night")
    office.act("user", id="U_SMITH", is_restricted=True)

    for line in ("mine", "list", f"show {number}"):
        said = office.improve("U_SMITH", line)
        assert "for employees only" in said
        assert number not in said
    assert office.home("U_SMITH").startswith("The register is for employees only")

    before = len(office.register.refused_raises())
    assert "employee" in office.improve("U_SMITH", "Another idea")
    assert office.register.refused_raises()[before:] == [("U_SMITH", "raise_opportunity", "wrong_role")]
    office.act("user", id="U_SMITH", is_restricted=False)
