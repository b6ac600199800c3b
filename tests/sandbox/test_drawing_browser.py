"""Forms and elements as a person uses them in a browser: by mouse and keyboard, and what the bot then gets."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bot.sandbox import ControlClient, Sandbox
from tests.sandbox.bolt_bot import BoltBot
from tests.sandbox.payload_parts import actions, button, field, modal, mrkdwn, option, overflow, plain, section
from tests.support.chromium import DESKTOP, PHONE, NewPage

Json = dict[str, Any]
OPTIONS = [option("a", "第一"), option("b", "第二"), option("c", "第三")]
CASES = [option("7", "IMP-7 备件台账"), option("9", "IMP-9 机房巡检")]
CONFIRM = {"title": plain("真的?"), "text": mrkdwn("*无法* 恢复"), "confirm": plain("是"), "deny": plain("否")}
ANY = {"min_query_length": 0}


FIELDS: dict[str, Json] = {
    "text": {"type": "plain_text_input", "max_length": 20},
    "lines": {"type": "plain_text_input", "multiline": True},
    "number": {"type": "number_input", "is_decimal_allowed": True},
    "mail": {"type": "email_text_input"},
    "address": {"type": "url_text_input"},
    "rich": {"type": "rich_text_input"},
    "date": {"type": "datepicker"},
    "time": {"type": "timepicker"},
    "moment": {"type": "datetimepicker"},
    "choice": {"type": "static_select", "options": OPTIONS},
    "choices": {"type": "multi_static_select", "options": OPTIONS},
    "person": {"type": "users_select"},
    "people": {"type": "multi_users_select"},
    "channel": {"type": "channels_select"},
    "channels": {"type": "multi_channels_select"},
    "talk": {"type": "conversations_select"},
    "talks": {"type": "multi_conversations_select"},
    "case": {"type": "external_select", **ANY},
    "cases": {"type": "multi_external_select", **ANY},
    "radio": {"type": "radio_buttons", "options": OPTIONS},
    "boxes": {"type": "checkboxes", "options": OPTIONS},
    "files": {"type": "file_input"},
}


def control(page: Page, name: str) -> Any:
    return page.locator(f'.control[data-action="{name}"]')


def write(name: str, words: str) -> Callable[[Page], None]:
    return lambda page: control(page, name).locator("input, textarea").press_sequentially(words)


def put(name: str, value: str) -> Callable[[Page], None]:
    return lambda page: control(page, name).locator("input").fill(value)


def pick(name: str, label: str) -> Callable[[Page], None]:
    return lambda page: control(page, name).locator("select").select_option(label=label)


def tick(name: str, *labels: str) -> Callable[[Page], None]:
    def ticked(page: Page) -> None:
        for label in labels:
            control(page, name).get_by_label(label).press("Space")

    return ticked


def find(name: str, times: int = 1) -> Callable[[Page], None]:
    """Chooses by keyboard, each time the first that the bot offers."""

    def found(page: Page) -> None:
        search = control(page, name).get_by_role("combobox")
        search.focus()
        for time in range(times):
            if time:
                search.press("ArrowDown")
            expect(control(page, name).get_by_role("option").first).to_be_visible()
            search.press("Enter")

    return found


def attach(page: Page) -> None:
    file = {"name": "报告.txt", "mimeType": "text/plain", "buffer": "已修复".encode()}
    control(page, "files").locator("input").set_input_files(file)


HANDS: list[Callable[[Page], None]] = [
    write("text", "打印机卡纸"),
    write("lines", "一\n二"),
    write("number", "1.5"),
    write("mail", "a@example.com"),
    write("address", "https://example.com"),
    write("rich", "说明"),
    put("date", "2026-02-17"),
    put("time", "09:30"),
    put("moment", "2026-02-10T09:00"),
    pick("choice", "第二"),
    tick("choices", "第一", "第三"),
    pick("person", "周岚"),
    tick("people", "陈晓", "Alex Smith"),
    pick("channel", "#open"),
    tick("channels", "#quality"),
    pick("talk", "@improve"),
    tick("talks", "#secret"),
    find("case"),
    find("cases", 2),
    tick("radio", "第二"),
    tick("boxes", "第一", "第二"),
    attach,
]
# What the bot gets: input -> the key of its state, and the value there.
STATE: dict[str, tuple[str, Any]] = {
    "text": ("value", "打印机卡纸"),
    "lines": ("value", "一\n二"),
    "number": ("value", "1.5"),
    "mail": ("value", "a@example.com"),
    "address": ("value", "https://example.com"),
    "date": ("selected_date", "2026-02-17"),
    "time": ("selected_time", "09:30"),
    "moment": ("selected_date_time", 1770685200),
    "choice": ("selected_option", OPTIONS[1]),
    "choices": ("selected_options", [OPTIONS[0], OPTIONS[2]]),
    "person": ("selected_user", "U_ZHOU"),
    "people": ("selected_users", ["U_CHEN", "U_SMITH"]),
    "channel": ("selected_channel", "C_OPEN"),
    "channels": ("selected_channels", ["C_QUALITY"]),
    "talk": ("selected_conversation", "D_CHEN"),
    "talks": ("selected_conversations", ["C_SECRET"]),
    "case": ("selected_option", CASES[0]),
    "cases": ("selected_options", CASES),
    "radio": ("selected_option", OPTIONS[1]),
    "boxes": ("selected_options", OPTIONS[:2]),
}


class Ears:
    """A bot that opens one form, and remembers what it hears of it."""

    def __init__(self, bot: BoltBot, form: Json) -> None:
        self.submitted: Json = {}
        self.pressed: list[Json] = []
        self.errors: dict[str, str] = {}
        self._form = form
        bot.app.command("/improve")(self._open)
        bot.app.view("form")(self._submit)
        bot.app.options(re.compile("case|cases"))(self._offer)
        bot.app.action(re.compile(".*"))(self._press)

    def _open(self, ack: Any, body: Json, client: Any) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=self._form)

    def _submit(self, ack: Any, body: Json) -> None:
        self.submitted = body["view"]["state"]["values"]
        if self.errors:
            ack(response_action="errors", errors=self.errors)
        else:
            ack()

    def _offer(self, ack: Any, body: Json) -> None:
        typed = body["value"]
        ack(options=[one for one in CASES if typed in (one["value"], "") or typed in one["text"]["text"]])

    def _press(self, ack: Any, body: Json) -> None:
        ack()
        self.pressed += body["actions"]


def open_form(page: Page, sandbox: Sandbox, people: ControlClient) -> None:
    people.act("command", as_="U_CHEN", text="/improve")
    page.goto(f"{sandbox.url}/?as=U_CHEN&at=C_QUALITY")
    expect(page.get_by_role("dialog")).to_be_visible()


def show_message(page: Page, sandbox: Sandbox, bot: BoltBot, *blocks: Json) -> None:
    bot.client.chat_postMessage(channel="C_QUALITY", text="x", blocks=list(blocks))
    page.goto(f"{sandbox.url}/?as=U_CHEN&at=C_QUALITY")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_every_input_of_a_form(
    bot: BoltBot, sandbox: Sandbox, people: ControlClient, new_page: NewPage, size: tuple[int, int]
) -> None:
    ears = Ears(bot, modal(*(field(name, element) for name, element in FIELDS.items())))
    page = new_page(size)
    open_form(page, sandbox, people)
    for hand in HANDS:
        hand(page)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    got = {name: ears.submitted[f"block_{name}"][name] for name in FIELDS}
    assert {name: got[name]["type"] for name in FIELDS} == {name: one["type"] for name, one in FIELDS.items()}
    assert {name: got[name][key] for name, (key, _) in STATE.items()} == {n: value for n, (_, value) in STATE.items()}
    assert got["rich"]["rich_text_value"]["elements"][0]["elements"][0]["text"] == "说明"
    [file] = got["files"]["files"]
    assert (file["name"], file["size"]) == ("报告.txt", len("已修复".encode()))
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_what_is_wrong_stands_under_its_field(
    bot: BoltBot, sandbox: Sandbox, people: ControlClient, new_page: NewPage
) -> None:
    ears = Ears(bot, modal(field("first"), field("title", hint=plain("一句话")), field("boxes", FIELDS["boxes"])))
    ears.errors = {"block_title": "已经有人提过", "block_boxes": "请都确认"}
    page = new_page()
    open_form(page, sandbox, people)
    for hand in (write("first", "x"), write("title", "卡纸"), tick("boxes", "第一")):
        hand(page)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("请都确认")).to_be_visible()
    title = page.get_by_label("title")
    expect(title).to_be_focused()
    expect(title).to_have_attribute("aria-invalid", "true")
    expect(title).to_have_accessible_description("一句话 已经有人提过")
    expect(title).to_have_value("卡纸")
    expect(page.get_by_label("first")).not_to_have_attribute("aria-invalid", "true")


def test_a_question_is_asked_first(bot: BoltBot, sandbox: Sandbox, new_page: NewPage) -> None:
    ears = Ears(bot, modal(field("title")))
    page = new_page()
    show_message(page, sandbox, bot, actions(button("drop", "1", "取消", confirm=CONFIRM)))
    for answer in ("Escape", "Enter"):
        page.get_by_role("button", name="取消").click()
        expect(page.get_by_role("dialog", name="真的?").get_by_role("button", name="否")).to_be_focused()
        page.keyboard.press(answer)
        expect(page.get_by_role("dialog", name="真的?")).to_be_hidden()
    assert ears.pressed == []
    page.get_by_role("button", name="取消").click()
    with page.expect_response("**/_control/click"):
        page.get_by_role("dialog", name="真的?").get_by_role("button", name="是").click()
    assert [one["value"] for one in ears.pressed] == ["1"]


def test_a_choice_that_was_not_meant_is_taken_back(bot: BoltBot, sandbox: Sandbox, new_page: NewPage) -> None:
    ears = Ears(bot, modal(field("title")))
    page = new_page()
    show_message(page, sandbox, bot, actions({"type": "users_select", "action_id": "who", "confirm": CONFIRM}))
    pick("who", "周岚")(page)
    page.get_by_role("dialog", name="真的?").get_by_role("button", name="否").click()
    expect(control(page, "who").locator("select")).to_have_value("")
    assert ears.pressed == []


def test_a_menu_by_keyboard(bot: BoltBot, sandbox: Sandbox, new_page: NewPage) -> None:
    ears = Ears(bot, modal(field("title")))
    page = new_page(PHONE)
    entries = {"type": "overflow", "action_id": "more", "options": OPTIONS}
    show_message(page, sandbox, bot, section("x", accessory=entries))
    page.locator(".blocks .more").press("Enter")
    expect(page.get_by_role("menuitem", name="第一")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    with page.expect_response("**/_control/click"):
        page.keyboard.press("Enter")
    assert [one["selected_option"]["value"] for one in ears.pressed] == ["c"]
    expect(page.get_by_role("menu", name="更多操作")).to_be_hidden()


def test_several_choices_are_told_once_when_their_list_closes(
    bot: BoltBot, sandbox: Sandbox, new_page: NewPage
) -> None:
    ears = Ears(bot, modal(field("title")))
    page = new_page()
    show_message(page, sandbox, bot, section("x", accessory={"type": "multi_users_select", "action_id": "who"}))
    control(page, "who").get_by_role("button").click()
    tick("who", "陈晓", "周岚")(page)
    with page.expect_response("**/_control/click"):
        page.keyboard.press("Escape")
    assert [one["selected_users"] for one in ears.pressed] == [["U_CHEN", "U_ZHOU"]]


def test_an_input_that_tells_at_once(bot: BoltBot, sandbox: Sandbox, people: ControlClient, new_page: NewPage) -> None:
    """By Enter, without sending the form; what is typed elsewhere stays."""
    dispatching = [field("title", dispatch_action=True), field("case", FIELDS["case"], dispatch_action=True)]
    ears = Ears(bot, modal(*dispatching, field("other")))
    page = new_page()
    open_form(page, sandbox, people)
    write("other", "在写")(page)
    write("title", "卡纸")(page)
    with page.expect_response("**/_control/click"):
        page.get_by_label("title").press("Enter")
    with page.expect_response("**/_control/click"):
        find("case")(page)
    assert [one.get("value") or one["selected_option"]["value"] for one in ears.pressed] == ["卡纸", "7"]
    assert ears.submitted == {}
    expect(page.get_by_label("other")).to_have_value("在写")


def test_searching_with_the_mouse_and_taking_back(
    bot: BoltBot, sandbox: Sandbox, people: ControlClient, new_page: NewPage
) -> None:
    ears = Ears(bot, modal(field("cases", FIELDS["cases"]), field("case", FIELDS["case"], optional=True)))
    page = new_page()
    open_form(page, sandbox, people)
    search = page.get_by_role("combobox", name="cases")
    search.press_sequentially("机房")
    page.get_by_role("option", name="IMP-9").click()
    search.press_sequentially("无此")
    expect(page.get_by_text("没有找到")).to_be_visible()
    search.fill("")
    page.get_by_role("option", name="IMP-7").click()
    page.get_by_role("button", name="移除 IMP-9 机房巡检").click()
    other = page.get_by_role("combobox", name="case").last
    other.press_sequentially("没选")
    search.focus()
    expect(other).to_have_value("")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert ears.submitted["block_cases"]["cases"]["selected_options"] == [CASES[0]]
    assert ears.submitted["block_case"]["case"]["selected_option"] is None


def test_long_lists_and_long_texts(bot: BoltBot, sandbox: Sandbox, people: ControlClient, new_page: NewPage) -> None:
    many = [option(str(number), f"原因 {number}") for number in range(12)]
    list_of_two = {"type": "multi_static_select", "options": many, "max_selected_items": 2}
    Ears(bot, modal(field("which", list_of_two), field("text", {"max_length": 10})))
    page = new_page()
    open_form(page, sandbox, people)
    boxes = control(page, "which")
    boxes.get_by_role("searchbox").fill("原因 11")
    expect(boxes.get_by_role("checkbox")).to_have_count(1)
    boxes.get_by_label("原因 11").check()
    boxes.get_by_role("searchbox").fill("")
    boxes.get_by_label("原因 2").check()
    expect(boxes.get_by_label("原因 3")).to_be_disabled()
    expect(control(page, "text").locator(".count")).to_be_hidden()
    write("text", "一二三四五六七八九十一")(page)
    expect(control(page, "text").locator(".count")).to_have_text("11 / 10")


@pytest.mark.parametrize(
    ("zone", "local", "seconds"),
    [
        ("Asia/Shanghai", "2026-02-10T09:00", 1770685200),
        ("Europe/London", "2026-02-10T01:00", 1770685200),
        ("America/New_York", "2026-03-08T03:30", 1772955000),
        ("America/New_York", "2026-11-01T00:30", 1793507400),
        ("Asia/Kathmandu", "2026-02-10T00:00", 1770660900),
    ],
)
def test_the_instant_of_a_local_time(sandbox: Sandbox, new_page: NewPage, zone: str, local: str, seconds: int) -> None:
    page = new_page()
    page.goto(f"{sandbox.url}/?as=U_CHEN")
    found = page.evaluate(
        "async ([zone, local]) => (await import('/static/values.js')).secondsIn(zone, local)", [zone, local]
    )
    assert found == seconds


def test_menus_of_a_message_do_not_leave_the_screen(bot: BoltBot, sandbox: Sandbox, new_page: NewPage) -> None:
    Ears(bot, modal(field("title")))
    page = new_page(PHONE)
    show_message(page, sandbox, bot, section("x", accessory=overflow("a", "b", "c")))
    page.locator(".blocks .more").click()
    box = page.locator(".menu:popover-open").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["y"] >= 0
    assert box["x"] + box["width"] <= PHONE[0]
    assert box["y"] + box["height"] <= PHONE[1]
