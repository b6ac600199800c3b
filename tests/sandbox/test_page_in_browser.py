"""The page in the hands of a person: it lives without reload, by mouse and keyboard, on a desk and on a phone."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox import ControlClient, Sandbox
from tests.sandbox.bolt_bot import BoltBot
from tests.sandbox.payload_parts import actions, button, field, home, modal, plain, section
from tests.support.chromium import PHONE, NewPage

Json = dict[str, Any]
LONG = "一个没有空格的很长很长的标题" * 12


def opened(sandbox: Sandbox, page: Page, person: str, at: str = "") -> Page:
    """The page as this person, with a mark that a reload would wipe away."""
    page.goto(f"{sandbox.url}/?as={person}&at={at or 'D' + person[1:]}")
    page.evaluate("window.neverReloaded = true")
    return page


def opens(bot: BoltBot, view: Json) -> None:
    """/improve opens this modal."""

    @bot.app.command("/improve")
    def open_modal(ack: Any, body: Json, client: Any) -> None:
        bot.heard.append(body)
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=view)


def opens_one_on_another(bot: BoltBot) -> None:
    """/improve opens a modal with a button that opens another."""
    opens(bot, modal(field("title"), actions(button("deeper", text="更深")), notify_on_close=True))

    @bot.app.action("deeper")
    def push(ack: Any, body: Json, client: Any) -> None:
        ack()
        client.views_push(
            trigger_id=body["trigger_id"], view=modal(section("上面"), title=plain("第二层"), submit=None)
        )


def type_command(page: Page, text: str) -> None:
    page.locator("#say").fill(text)
    page.locator("#say").press("Enter")


def messages(page: Page) -> Any:
    return page.locator("#stream article")


def held(page: Page, call: str) -> Callable[[], Route]:
    """Holds the next such request to the workspace; what is returned waits for it, and can let it go on."""
    found: list[Route] = []

    def hold(route: Route) -> None:
        found.append(route)

    def come() -> Route:
        while not found:
            page.wait_for_timeout(1)
        return found[0]

    page.route(f"**/_control/{call}", hold, times=1)
    return come


# -- conversations


def test_a_message_appears_without_reload(sandbox: Sandbox, people: ControlClient, new_page: NewPage) -> None:
    page = opened(sandbox, new_page(), "U_ZHOU", "C_QUALITY")
    people.act("message", as_="U_CHEN", channel="C_QUALITY", text="打印机又卡纸了")
    expect(messages(page)).to_contain_text(["打印机又卡纸了"])
    assert page.evaluate("window.neverReloaded")


def test_unread_until_it_is_looked_at(sandbox: Sandbox, people: ControlClient, new_page: NewPage) -> None:
    page = opened(sandbox, new_page(), "U_ZHOU")
    people.act("message", as_="U_CHEN", channel="C_QUALITY", text="one")
    people.act("message", as_="U_CHEN", channel="C_QUALITY", text="two")
    entry = page.locator("#go-C_QUALITY")
    expect(entry).to_contain_text("2 条未读")
    entry.click()
    expect(messages(page)).to_have_count(2)
    expect(page.locator("#go-C_QUALITY")).not_to_contain_text("未读")
    page.go_back()
    expect(page.locator("#go-C_QUALITY")).not_to_contain_text("未读")


def test_a_line_stands_above_what_was_new(sandbox: Sandbox, people: ControlClient, new_page: NewPage) -> None:
    people.act("message", as_="U_CHEN", channel="C_QUALITY", text="old")
    page = opened(sandbox, new_page(), "U_ZHOU", "C_QUALITY")
    expect(page.locator("#go-C_QUALITY")).not_to_contain_text("未读")
    page.goto("about:blank")
    people.act("message", as_="U_CHEN", channel="C_QUALITY", text="second")
    opened(sandbox, page, "U_ZHOU", "C_QUALITY")
    people.act("message", as_="U_CHEN", channel="C_QUALITY", text="third")
    expect(messages(page)).to_have_count(3)
    expect(page.locator(".first-new")).to_contain_text(["second"])


def test_enter_sends_and_shift_enter_begins_a_line(sandbox: Sandbox, new_page: NewPage) -> None:
    page = opened(sandbox, new_page(), "U_CHEN", "C_QUALITY")
    page.locator("#say").press_sequentially("一")
    page.locator("#say").press("Shift+Enter")
    page.locator("#say").press_sequentially("二")
    page.locator("#say").press("Enter")
    expect(messages(page)).to_contain_text(["一二"], use_inner_text=False)
    expect(page.locator("#say")).to_have_value("")


def test_reply_in_a_thread(sandbox: Sandbox, people: ControlClient, new_page: NewPage) -> None:
    people.act("message", as_="U_CHEN", channel="C_QUALITY", text="谁来处理？")
    page = opened(sandbox, new_page(), "U_ZHOU", "C_QUALITY")
    messages(page).first.hover()
    messages(page).first.get_by_label("回复").click()
    page.locator("#answer").fill("我来")
    page.locator("#answer").press("Enter")
    expect(page.locator("#thread article")).to_contain_text(["谁来处理？", "我来"])
    expect(messages(page)).to_contain_text(["1 条回复"])
    page.go_back()
    expect(page.locator("#thread")).to_be_hidden()


def test_a_draft_waits_where_it_was_written(sandbox: Sandbox, people: ControlClient, new_page: NewPage) -> None:
    for text in ("first", "second"):
        people.act("message", as_="U_CHEN", channel="C_QUALITY", text=text)
    page = opened(sandbox, new_page(), "U_ZHOU", "C_QUALITY")
    page.locator("#say").fill("to all")
    for number, draft in ((0, "to the first"), (1, "")):
        messages(page).nth(number).hover()
        messages(page).nth(number).get_by_label("回复").click()
        expect(page.locator("#answer")).to_have_value("")
        page.locator("#answer").fill(draft)
    page.locator("#go-D_ZHOU").click()
    expect(page.locator("#say")).to_have_value("")
    page.go_back()
    page.go_back()
    expect(page.locator("#answer")).to_have_value("to the first")
    expect(page.locator("#say")).to_have_value("to all")


def test_older_messages_leave_one_where_one_was(sandbox: Sandbox, people: ControlClient, new_page: NewPage) -> None:
    for number in range(130):
        people.act("message", as_="U_CHEN", channel="C_QUALITY", text=f"message {number}.")
    page = opened(sandbox, new_page(), "U_ZHOU", "C_QUALITY")
    expect(messages(page)).to_have_count(100)
    top = messages(page).first
    top.scroll_into_view_if_needed()
    page.get_by_role("button", name="更早的消息").click()
    expect(messages(page)).to_have_count(130)
    expect(page.get_by_text("message 30.")).to_be_in_viewport()


# -- commands and shortcuts


def test_slash_shows_the_commands(bot: BoltBot, sandbox: Sandbox, new_page: NewPage) -> None:
    opens(bot, modal(field("title")))
    page = opened(sandbox, new_page(), "U_CHEN")
    page.locator("#say").press_sequentially("/i")
    expect(page.get_by_role("option", name="/improve")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#say")).to_have_value("/improve ")
    page.keyboard.type("打印机")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert bot.heard[0]["text"] == "打印机"


def test_failed_command_is_told_as_slack_tells_it(sandbox: Sandbox, new_page: NewPage) -> None:
    page = opened(sandbox, new_page(), "U_CHEN")
    type_command(page, "/improve")
    expect(page.get_by_text("/improve 失败，出现错误“dispatch_failed”")).to_be_visible()
    page = opened(sandbox, page, "U_SMITH")
    type_command(page, "/improve")
    expect(page.get_by_text('/improve failed with the error "dispatch_failed"')).to_be_visible()


def test_message_shortcut_by_keyboard(bot: BoltBot, sandbox: Sandbox, people: ControlClient, new_page: NewPage) -> None:
    @bot.app.shortcut("from_message")
    def raised(ack: Any, body: Json, client: Any) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=modal(section(body["message"]["text"]), submit=None))

    people.act("message", as_="U_ZHOU", channel="C_QUALITY", text="复印机也卡纸")
    page = opened(sandbox, new_page(), "U_CHEN", "C_QUALITY")
    page.locator("article [data-menu]").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="From message")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("article [data-menu]")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("复印机也卡纸")


# -- modals


def test_modals_lie_on_each_other(bot: BoltBot, sandbox: Sandbox, new_page: NewPage) -> None:
    opens_one_on_another(bot)

    @bot.app.view_closed("form")
    def closed(ack: Any, body: Json) -> None:
        bot.heard.append(body)
        ack()

    page = opened(sandbox, new_page(), "U_CHEN")
    type_command(page, "/improve")
    field_under = page.get_by_role("dialog").get_by_label("title")
    expect(field_under).to_be_focused()
    field_under.press_sequentially("写了一半")
    page.get_by_role("button", name="更深").click()
    expect(page.get_by_role("dialog", name="第二层")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="第二层")).to_have_count(0)
    expect(field_under).to_have_value("写了一半")
    with page.expect_response("**/_control/close"):
        page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("#say")).to_be_focused()
    assert bot.heard[-1]["type"] == "view_closed"
    assert page.evaluate("window.neverReloaded")


def test_the_form_below_can_be_closed_while_the_page_still_learns_what_became_of_the_one_above(
    bot: BoltBot, sandbox: Sandbox, people: ControlClient, new_page: NewPage
) -> None:
    opens_one_on_another(bot)
    page = opened(sandbox, new_page(), "U_CHEN")
    first = held(page, "close")
    type_command(page, "/improve")
    page.get_by_role("button", name="更深").click()
    above = page.get_by_role("dialog", name="第二层")
    expect(above).to_be_visible()
    page.keyboard.press("Escape")
    unanswered = first()
    people.act("close", as_="U_CHEN")
    expect(above).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("#say")).to_be_focused()
    unanswered.fulfill(json={"done": True})


def test_a_half_filled_form_survives_what_happens_meanwhile(
    bot: BoltBot, sandbox: Sandbox, people: ControlClient, new_page: NewPage
) -> None:
    opens(bot, modal(field("title")))
    page = opened(sandbox, new_page(), "U_CHEN", "C_QUALITY")
    type_command(page, "/improve")
    page.get_by_label("title").press_sequentially("写了")
    people.act("message", as_="U_ZHOU", channel="C_QUALITY", text="news")
    expect(messages(page)).to_have_count(1)
    page.keyboard.type("一半")
    expect(page.get_by_label("title")).to_have_value("写了一半")


def test_refused_form_says_why_and_enter_sends_it(bot: BoltBot, sandbox: Sandbox, new_page: NewPage) -> None:
    opens(bot, modal(field("title")))
    answers = [{"response_action": "errors", "errors": {"block_title": "太短了"}}, {}]

    @bot.app.view("form")
    def submitted(ack: Any) -> None:
        ack(**answers.pop(0))

    page = opened(sandbox, new_page(), "U_CHEN")
    type_command(page, "/improve")
    page.get_by_label("title").fill("短")
    page.keyboard.press("Enter")
    expect(page.get_by_text("太短了")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)


# -- pressing


def test_a_button_on_the_home_tab(bot: BoltBot, sandbox: Sandbox, new_page: NewPage) -> None:
    bot.home = home(section("我的事项"), actions(button("accept", "IMP-1", "接单")))

    @bot.app.action("accept")
    def accepted(ack: Any, body: Json, client: Any) -> None:
        ack()
        client.views_publish(user_id=body["user"]["id"], view=home(section("已接单")))

    page = opened(sandbox, new_page(), "U_CHEN", "home")
    page.get_by_role("button", name="接单").click()
    expect(page.locator("#home")).to_have_text("已接单")
    assert page.evaluate("window.neverReloaded")


def test_the_one_who_presses_is_told_what_only_they_see(
    bot: BoltBot, sandbox: Sandbox, web: WebClient, new_page: NewPage
) -> None:
    @bot.app.action("press")
    def refused(ack: Any, respond: Any) -> None:
        ack()
        respond("这一步不是您的。", replace_original=False)

    web.chat_postMessage(channel="C_QUALITY", text="x", blocks=[actions(button())])
    page = opened(sandbox, new_page(), "U_CHEN", "C_QUALITY")
    page.get_by_role("button", name="Press").click()
    expect(page.locator("article.ephemeral")).to_contain_text(["仅对您可见"])
    expect(page.locator("article.ephemeral")).to_contain_text(["这一步不是您的。"])


def test_the_last_letters_are_told_when_the_first_have_been_heard(
    bot: BoltBot, sandbox: Sandbox, new_page: NewPage
) -> None:
    at_once = {"dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]}}
    opens(bot, modal(field("title", at_once, dispatch_action=True)))

    @bot.app.action("title")
    def hear(ack: Any, body: Json, client: Any) -> None:
        ack()
        heard = section(f"heard {body['actions'][0]['value']}")
        client.views_update(
            view_id=body["view"]["id"], view=modal(field("title", at_once, dispatch_action=True), heard)
        )

    page = opened(sandbox, new_page(), "U_CHEN")
    click = held(page, "click")
    page.evaluate("window.told = []; addEventListener('act', (event) => told.push(event.detail.value))")
    type_command(page, "/improve")
    for words in ("一", "一二"):
        page.get_by_label("title").fill(words)
        page.wait_for_function("words => told.at(-1) === words", arg=words)
    click().continue_()
    expect(page.get_by_role("dialog")).to_contain_text("heard 一二")


def test_a_button_is_not_pressed_twice(bot: BoltBot, sandbox: Sandbox, web: WebClient, new_page: NewPage) -> None:
    @bot.app.action("press")
    def heard(ack: Any, body: Json) -> None:
        bot.heard.append(body)
        ack()

    web.chat_postMessage(channel="C_QUALITY", text="x", blocks=[actions(button())])
    page = opened(sandbox, new_page(), "U_CHEN", "C_QUALITY")
    click = held(page, "click")
    page.get_by_role("button", name="Press").click()
    page.get_by_role("button", name="Press").click()
    click().continue_()
    expect(page.locator("#stream [aria-busy]")).to_have_count(0)
    assert len(bot.heard) == 1


# -- time, wire, tour


def test_time_goes_on(sandbox: Sandbox, new_page: NewPage) -> None:
    page = opened(sandbox, new_page(), "U_CHEN")
    page.get_by_role("button", name="＋1 天").click()
    expect(page.get_by_text("现在是 2026年2月11日 周三 09:00")).to_be_visible()
    page.locator("#clock-toggle").click()
    page.get_by_label("前进到").fill("2026-02-13T18:30")
    page.get_by_role("button", name="前往").click()
    expect(page.locator(".clock .long")).to_contain_text("2月13日 周五 18:30")


def test_wire_log_shows_refusals_as_they_come(sandbox: Sandbox, web: WebClient, new_page: NewPage) -> None:
    page = opened(sandbox, new_page(), "U_CHEN")
    page.get_by_role("button", name="通信日志").click()
    web.api_call("auth.test")
    web.chat_postMessage(channel="C_QUALITY", text="hello")
    page.get_by_text("chat.postMessage").click()
    expect(page.locator("#wire pre").first).to_contain_text("hello")
    with pytest.raises(SlackApiError):
        web.api_call("no.such")
    expect(page.locator("#wire .refused")).to_contain_text(["unknown_method"])
    page.get_by_label("只看被拒绝的").check()
    expect(page.locator("#wire li:visible")).to_have_count(1)


def test_what_happens_while_the_wire_log_is_read_comes_with_the_next_look(
    sandbox: Sandbox, web: WebClient, new_page: NewPage
) -> None:
    page = opened(sandbox, new_page(), "U_CHEN")
    page.route("**/_page/regions?*", lambda _: None)
    look = held(page, "wire?*")
    page.get_by_role("button", name="通信日志").click()
    web.api_call("auth.test")
    page.evaluate("document.dispatchEvent(new CustomEvent('refreshed', { detail: [] }))")
    look().fulfill(json={"wire": []})
    expect(page.locator("#wire-entries")).to_contain_text("auth.test")


def test_a_workspace_that_is_gone_is_told(sandbox: Sandbox, new_page: NewPage) -> None:
    page = opened(sandbox, new_page(), "U_CHEN")
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('nobody there')) }")
    page.locator("#say").fill("hello")
    page.locator("#say").press("Enter")
    expect(page.locator(".toast")).to_contain_text("工作区没有回应")
    expect(page.locator("#say")).to_have_value("hello")


# -- on a phone


def test_everything_can_be_reached_on_a_phone(sandbox: Sandbox, web: WebClient, new_page: NewPage) -> None:
    web.chat_postMessage(channel="C_QUALITY", text=LONG, blocks=[section(LONG), actions(button(text="接单"))])
    page = opened(sandbox, new_page(PHONE), "U_CHEN", "C_QUALITY")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="打开侧栏").click()
    expect(page.locator("#go-home")).to_be_in_viewport(ratio=1)
    page.locator("#who").click()
    expect(page.locator("#be-U_SMITH")).to_be_in_viewport(ratio=1)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator("#go-home")).not_to_be_in_viewport()
    page.get_by_role("button", name="公司时间").click()
    for name in ("＋1 天", "＋1 周", "前往"):
        expect(page.get_by_role("button", name=name)).to_be_in_viewport(ratio=1)
    page.keyboard.press("Escape")
    page.locator("article [data-menu]").click()
    expect(page.get_by_role("button", name="From message")).to_be_in_viewport(ratio=1)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="通信日志").click()
    expect(page.locator("#wire-text")).to_be_in_viewport(ratio=1)
    page.locator("#close-wire").click()
    expect(page.get_by_role("button", name="发送")).to_be_in_viewport(ratio=1)
