"""Every input element: what a person enters becomes Slack's state, what nobody could enter is refused."""

from typing import Any

import pytest

from bot.sandbox import ControlClient
from tests.sandbox.bolt_bot import BoltBot
from tests.sandbox.payload_parts import actions, field, home, modal, option, section, select
from tests.sandbox.test_interaction import filled, hears_form, opens

Json = dict[str, Any]

RICH = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "词"}]}]}
OPTIONS = [option("a"), option("b")]
GROUPS = {"option_groups": [{"label": {"type": "plain_text", "text": "G"}, "options": OPTIONS}]}
FILE = {"name": "a.txt", "content_base64": "aGVsbG8="}
MORNING = 1_772_413_200  # 2026-03-02 09:00 in Shanghai

# (element, what is entered, Slack's state without its type)
INPUTS: list[tuple[Json, Any, Any]] = [
    ({"type": "plain_text_input"}, "词", {"value": "词"}),
    ({"type": "number_input", "is_decimal_allowed": True}, 1.5, {"value": "1.5"}),
    ({"type": "email_text_input"}, "a@b.cn", {"value": "a@b.cn"}),
    ({"type": "url_text_input"}, "https://b.cn/x", {"value": "https://b.cn/x"}),
    ({"type": "datepicker"}, "2026-02-28", {"selected_date": "2026-02-28"}),
    ({"type": "timepicker"}, "09:30", {"selected_time": "09:30"}),
    ({"type": "datetimepicker"}, MORNING, {"selected_date_time": MORNING}),
    ({"type": "datetimepicker"}, "2026-03-02T09:00", {"selected_date_time": MORNING}),
    ({"type": "datetimepicker"}, "2026-03-02T01:00+00:00", {"selected_date_time": MORNING}),
    ({"type": "static_select", "options": OPTIONS}, "b", {"selected_option": OPTIONS[1]}),
    ({"type": "static_select", **GROUPS}, "b", {"selected_option": OPTIONS[1]}),
    ({"type": "multi_static_select", "options": OPTIONS}, ["b", "a", "b"], {"selected_options": OPTIONS[::-1]}),
    ({"type": "external_select", "min_query_length": 0}, "x", {"selected_option": option("x")}),
    ({"type": "multi_external_select", "min_query_length": 0}, ["x"], {"selected_options": [option("x")]}),
    ({"type": "users_select"}, "U_ZHOU", {"selected_user": "U_ZHOU"}),
    ({"type": "multi_users_select"}, ["U_ZHOU", "U_CHEN"], {"selected_users": ["U_ZHOU", "U_CHEN"]}),
    ({"type": "conversations_select"}, "C_SECRET", {"selected_conversation": "C_SECRET"}),
    ({"type": "multi_conversations_select"}, ["D_CHEN"], {"selected_conversations": ["D_CHEN"]}),
    ({"type": "channels_select"}, "C_OPEN", {"selected_channel": "C_OPEN"}),
    ({"type": "multi_channels_select"}, ["C_OPEN"], {"selected_channels": ["C_OPEN"]}),
    ({"type": "radio_buttons", "options": OPTIONS}, "a", {"selected_option": OPTIONS[0]}),
    ({"type": "checkboxes", "options": OPTIONS}, ["a"], {"selected_options": [OPTIONS[0]]}),
    ({"type": "rich_text_input"}, "词", {"rich_text_value": RICH}),
    ({"type": "rich_text_input"}, RICH, {"rich_text_value": RICH}),
]

# (element, what nobody could enter, the error or the sentence at the field)
IMPOSSIBLE: list[tuple[Json, Any, Any]] = [
    ({"type": "plain_text_input"}, {"a": 1}, "not_a_text"),
    ({"type": "number_input", "is_decimal_allowed": True}, "many", "请输入有效的数字。"),
    (
        {"type": "number_input", "is_decimal_allowed": True, "max_value": "3"},
        "3.1",
        "请输入不大于 3 的数字。",
    ),
    ({"type": "email_text_input"}, "a@b", "请输入有效的电子邮箱。"),
    ({"type": "url_text_input"}, "javascript:alert(1)", "请输入有效的网址。"),
    ({"type": "datepicker"}, "2026-02-30", "unknown_option"),
    ({"type": "datepicker"}, "30.3.2026", "unknown_option"),
    ({"type": "timepicker"}, "24:00", "unknown_option"),
    ({"type": "timepicker"}, "9am", "unknown_option"),
    ({"type": "datetimepicker"}, "soon", "unknown_option"),
    ({"type": "datetimepicker"}, 5, "unknown_option"),
    ({"type": "datetimepicker"}, True, "unknown_option"),
    ({"type": "static_select", "options": OPTIONS}, "c", "unknown_option"),
    ({"type": "static_select", "options": OPTIONS}, ["a", "b"], "unknown_option"),
    (
        {"type": "multi_static_select", "options": OPTIONS, "max_selected_items": 1},
        ["a", "b"],
        "最多选择 1 项。",
    ),
    ({"type": "external_select", "min_query_length": 0}, "y", "unknown_option"),
    ({"type": "users_select"}, "U_NOBODY", "unknown_option"),
    ({"type": "users_select"}, ["U_CHEN", "U_ZHOU"], "unknown_option"),
    ({"type": "multi_users_select"}, ["U_CHEN", "U_NOBODY"], "unknown_option"),
    ({"type": "conversations_select"}, "C_NOWHERE", "unknown_option"),
    ({"type": "conversations_select", "filter": {"include": ["public"]}}, "C_SECRET", "unknown_option"),
    ({"type": "channels_select"}, "C_SECRET", "unknown_option"),
    ({"type": "radio_buttons", "options": OPTIONS}, "c", "unknown_option"),
    ({"type": "checkboxes", "options": OPTIONS}, ["c"], "unknown_option"),
    ({"type": "file_input"}, {"name": "a.txt", "content_base64": ""}, "empty_file"),
    ({"type": "file_input"}, {"name": "a.txt", "content_base64": "?"}, "unreadable_file"),
    ({"type": "file_input"}, "a.txt", "unreadable_file"),
    ({"type": "file_input", "filetypes": ["pdf"]}, FILE, "filetype_not_taken"),
    ({"type": "file_input", "max_files": 1}, [FILE, FILE], "最多上传 1 个文件。"),
]


def names(table: list[tuple[Json, Any, Any]]) -> list[str]:
    return [f"{number}-{element['type']}" for number, (element, _, _) in enumerate(table)]


def begins(bot: BoltBot, people: ControlClient, element: Json) -> None:
    """陈晓 has a form with this one input in front of her."""
    people.act("message", as_="U_CHEN", text="this opens my conversation with the bot")
    opens(bot, modal(field("it", element)))
    hears_form(bot)

    @bot.app.options("it")
    def offer(ack: Any) -> None:
        ack(options=[option("x")])

    people.act("command", as_="U_CHEN", text="/improve")


@pytest.mark.parametrize(("element", "entered", "state"), INPUTS, ids=names(INPUTS))
def test_state_of(bot: BoltBot, people: ControlClient, element: Json, entered: Any, state: Json) -> None:
    begins(bot, people, element)
    assert people.act("submit", as_="U_CHEN", values={"it": entered})["done"]
    assert filled(bot)["it"] == {"type": element["type"], **state}


@pytest.mark.parametrize(("element", "entered", "problem"), IMPOSSIBLE, ids=names(IMPOSSIBLE))
def test_nobody_could_enter(bot: BoltBot, people: ControlClient, element: Json, entered: Any, problem: str) -> None:
    begins(bot, people, element)
    answer = people.act("submit", as_="U_CHEN", values={"it": entered})
    assert problem in (answer.get("error"), answer.get("errors", {}).get("it"))
    assert "view_submission" not in [body.get("type") for body in bot.heard]
    assert "errors" in answer or people.look("files")["files"] == []


def test_values_are_an_object(bot: BoltBot, people: ControlClient) -> None:
    begins(bot, people, {"type": "plain_text_input"})
    assert people.act("submit", as_="U_CHEN", values=["x"])["error"] == "values_not_object"


def test_a_chosen_conversation_brings_an_address(bot: BoltBot, people: ControlClient) -> None:
    begins(bot, people, {"type": "conversations_select", "response_url_enabled": True})
    people.act("submit", as_="U_CHEN", values={"it": "C_QUALITY"})
    found = bot.heard[-1]["response_urls"]
    assert [(one["action_id"], one["channel_id"]) for one in found] == [("it", "C_QUALITY")]


# -- external selects and choices outside of modals


EXTERNAL = {"type": "external_select", "action_id": "record", "min_query_length": 0}


def offers(bot: BoltBot) -> None:
    @bot.app.options("record")
    def offer(ack: Any, body: Json) -> None:
        bot.heard.append(body)
        ack(options=[option("IMP-1")] if body["value"] in "IMP-1" else [])

    @bot.app.action("record")
    def chosen(ack: Any, body: Json) -> None:
        bot.heard.append(body)
        ack()


def test_an_external_select_in_a_message(bot: BoltBot, people: ControlClient) -> None:
    offers(bot)
    posted = bot.client.chat_postMessage(channel="C_QUALITY", text="x", blocks=[section(accessory=EXTERNAL)])
    place = {"as": "U_CHEN", "channel": "C_QUALITY", "ts": posted["ts"], "action_id": "record"}
    assert [one["value"] for one in people.act("suggest", **place, typed="IMP")["options"]] == ["IMP-1"]
    assert people.act("click", **place, value="IMP-1")["done"]
    asked, chosen = bot.heard[0], bot.heard[-1]
    assert (asked["container"]["message_ts"], asked["value"]) == (posted["ts"], "IMP")
    assert chosen["actions"][0]["selected_option"]["value"] == "IMP-1"
    assert people.act("click", **place, value="IMP-2")["not_offered"]
    assert people.act("suggest", **{**place, "as": "U_SMITH"}, typed="")["not_offered"]


def test_what_was_found_by_a_word_is_chosen_by_its_value(bot: BoltBot, people: ControlClient) -> None:
    opens(bot, modal(field("record", {"type": "external_select", "min_query_length": 1})))
    hears_form(bot)

    @bot.app.options("record")
    def offer(ack: Any, body: Json) -> None:
        ack(options=[option("12", "打印机")] if body["value"] == "打印" else [])

    people.act("command", as_="U_CHEN", text="/improve")
    assert people.act("submit", as_="U_CHEN", values={"record": "12"})["error"] == "unknown_option"
    people.act("suggest", as_="U_CHEN", action_id="record", typed="打印")
    assert people.act("submit", as_="U_CHEN", values={"record": "12"})["done"]
    assert filled(bot)["record"]["selected_option"] == option("12", "打印机")


def test_an_external_select_on_the_home_tab(bot: BoltBot, people: ControlClient) -> None:
    offers(bot)
    bot.home = home(actions(EXTERNAL))
    people.look("home", as_="U_CHEN")
    place = {"as": "U_CHEN", "home": True, "action_id": "record"}
    assert [one["value"] for one in people.act("suggest", **place, typed="")["options"]] == ["IMP-1"]
    assert people.act("click", **place, value="IMP-1")["done"]
    assert bot.heard[-1]["actions"][0]["selected_option"]["value"] == "IMP-1"


def test_what_is_chosen_in_a_message_comes_with_the_next_press_of_the_same_person(
    bot: BoltBot, people: ControlClient
) -> None:
    for name in ("pick", "send"):

        @bot.app.action(name)
        def heard(ack: Any, body: Json) -> None:
            bot.heard.append(body)
            ack()

    press = {"type": "button", "action_id": "send", "text": {"type": "plain_text", "text": "Send"}}
    block = actions({"action_id": "pick", **select("a", "b")}, press, block_id="both")
    ts = bot.client.chat_postMessage(channel="C_QUALITY", text="x", blocks=[block])["ts"]
    people.act("click", as_="U_CHEN", channel="C_QUALITY", ts=ts, action_id="pick", value="b")
    for person in ("U_CHEN", "U_ZHOU"):
        people.act("click", as_=person, channel="C_QUALITY", ts=ts, action_id="send")
    chosen = [body["state"]["values"]["both"]["pick"]["selected_option"] for body in bot.heard[1:]]
    assert chosen == [option("b"), None]


def test_what_is_typed_comes_with_a_press_in_the_modal(bot: BoltBot, people: ControlClient) -> None:
    @bot.app.action("more")
    def heard(ack: Any, body: Json) -> None:
        bot.heard.append(body)
        ack()

    press = {"type": "button", "action_id": "more", "text": {"type": "plain_text", "text": "More"}}
    opens(bot, modal(field("title"), actions(press)))
    view_id = people.act("command", as_="U_CHEN", text="/improve")["view_id"]
    people.act("click", as_="U_CHEN", view_id=view_id, action_id="more", values={"title": "half"})
    assert filled(bot)["title"]["value"] == "half"
    assert (
        people.act("click", as_="U_CHEN", view_id=view_id, action_id="more", values={"x": 1})["error"]
        == "unknown_input"
    )
