"""A real Bolt bot and the people of the workspace: commands, forms, buttons, menus, Home."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.sandbox import ControlClient, filling
from tests.sandbox.bolt_bot import BoltBot
from tests.sandbox.payload_parts import (
    actions,
    button,
    field,
    home,
    modal,
    option,
    overflow,
    plain,
    section,
    select,
)

Json = dict[str, Any]


def opens(bot: BoltBot, view: Json) -> None:
    """/improve opens this modal."""

    @bot.app.command("/improve")
    def open_modal(ack: Any, body: Json, client: Any) -> None:
        bot.heard.append(body)
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=view)


def hears_form(bot: BoltBot, **answer: Any) -> None:
    """The form's submission is acked with `answer`."""

    @bot.app.view("form")
    def submitted(ack: Any, body: Json) -> None:
        bot.heard.append(body)
        ack(**answer)


def hears_action(bot: BoltBot, action_id: str, said: str | None = None) -> None:
    @bot.app.action(action_id)
    def pressed(ack: Any, body: Json, respond: Any) -> None:
        bot.heard.append(body)
        ack()
        if said:
            respond(said)


def filled(bot: BoltBot) -> Json:
    """The values of the last submission, by action_id."""
    blocks = bot.heard[-1]["view"]["state"]["values"].values()
    return {name: state for block in blocks for name, state in block.items()}


# -- commands


def test_command_opens_a_modal(bot: BoltBot, people: ControlClient) -> None:
    opens(bot, modal(field("title")))
    answer = people.act("command", as_="U_CHEN", text="/improve")
    assert answer["done"]
    assert people.look("view", as_="U_CHEN")["view"]["view_id"] == answer["view_id"]
    assert people.look("view", as_="U_ZHOU")["view"] is None


def test_command_payload(bot: BoltBot, people: ControlClient) -> None:
    opens(bot, modal(field("title")))
    people.act("command", as_="U_CHEN", channel="C_QUALITY", text="/improve 打印机 A&B @周岚 #quality")
    heard = bot.heard[0]
    assert heard["text"] == "打印机 A&amp;B <@U_ZHOU|zhoulan> <#C_QUALITY|quality>"
    assert (heard["user_id"], heard["channel_id"], heard["channel_name"]) == (
        "U_CHEN",
        "C_QUALITY",
        "quality",
    )


@pytest.mark.parametrize("way", ["ack", "respond", "postEphemeral", "modal"])
def test_what_the_person_is_told(bot: BoltBot, people: ControlClient, way: str) -> None:
    @bot.app.command("/improve")
    def tell(ack: Any, body: Json, respond: Any, client: Any) -> None:
        if way == "ack":
            ack("no")
            return
        ack()
        if way == "respond":
            respond("no")
        elif way == "modal":
            client.views_open(trigger_id=body["trigger_id"], view=modal(section("no"), submit=None))
        else:
            client.chat_postEphemeral(channel=body["channel_id"], user=body["user_id"], text="no")

    answer = people.act("command", as_="U_CHEN", channel="C_QUALITY", text="/improve")
    assert (answer["done"], answer["said"]) == (True, "no")


def test_bot_that_does_not_ack(bot: BoltBot, people: ControlClient) -> None:
    @bot.app.command("/improve")
    def fail(ack: Any) -> None:
        raise ValueError

    answer = people.act("command", as_="U_CHEN", text="/improve")
    assert (answer["error"], answer["of"]) == ("dispatch_failed", "/improve")


def test_a_form_that_is_not_acked_stays_open(bot: BoltBot, people: ControlClient) -> None:
    opens(bot, modal(field("title"), actions(button("more"))))

    @bot.app.view("form")
    @bot.app.action("more")
    def fail(ack: Any) -> None:
        raise ValueError

    people.act("command", as_="U_CHEN", text="/improve")
    sent = people.act("submit", as_="U_CHEN", values={"title": "x"})
    pressed = people.act("press", as_="U_CHEN", action_id="more", value="1")
    assert [(one["error"], one["of"]) for one in (sent, pressed)] == [
        ("dispatch_failed", "view_submission"),
        ("dispatch_failed", "block_actions"),
    ]
    assert people.look("view", as_="U_CHEN")["view"]["inputs"][0]["state"]["value"] == "x"


def test_own_dm_need_not_be_open_yet(bot: BoltBot, people: ControlClient) -> None:
    opens(bot, modal(field("title")))
    assert people.act("command", as_="U_CHEN", channel="D_CHEN", text="/improve")["done"]


def test_nobody_connected(people: ControlClient) -> None:
    assert people.act("command", as_="U_CHEN", text="/improve")["error"] == "dispatch_failed"


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        ({"as": "U_NOBODY", "text": "/improve"}, "user_not_found"),
        ({"as": "U_CHEN", "text": "/deploy"}, "unknown_command"),
        ({"as": "U_SMITH", "text": "/improve", "channel": "C_QUALITY"}, "not_in_channel"),
        ({"as": "U_CHEN", "text": "/improve", "channel": "C_NOWHERE"}, "channel_not_found"),
    ],
)
def test_commands_nobody_could_type(people: ControlClient, wish: Json, error: str) -> None:
    assert people.act("command", **wish)["error"] == error


# -- forms


def test_form_errors_then_done(bot: BoltBot, people: ControlClient) -> None:
    opens(bot, modal(field("title")))

    @bot.app.view("form")
    def submitted(ack: Any, view: Json) -> None:
        title = view["state"]["values"]["block_title"]["title"]["value"]
        if title == "bad":
            ack(response_action="errors", errors={"block_title": "not like this"})
        else:
            ack()

    people.act("command", as_="U_CHEN", text="/improve")
    assert people.act("submit", as_="U_CHEN", values={"title": "bad"})["errors"] == {"title": "not like this"}
    assert people.act("submit", as_="U_CHEN", values={"title": "good"})["done"]
    assert people.look("view", as_="U_CHEN")["view"] is None


def test_every_kind_of_input(bot: BoltBot, people: ControlClient) -> None:
    yes_no = {"type": "checkboxes", "options": [option("true")]}
    opens(
        bot,
        modal(
            field("text"),
            field("kept", {"type": "plain_text_input", "initial_value": "as it was"}),
            field("number", {"type": "number_input", "is_decimal_allowed": True}),
            field("choice", select("a", "b")),
            field("person", {"type": "users_select"}),
            field("persons", {"type": "multi_users_select"}),
            field("day", {"type": "datepicker"}),
            field("agreed", yes_no),
            field("refused", yes_no | {"initial_options": [option("true")]}, optional=True),
            field("flag", select("true", "false")),
            field("file", {"type": "file_input"}),
        ),
    )
    hears_form(bot)
    people.act("command", as_="U_CHEN", text="/improve")
    values = {
        "text": "词",
        "number": "1.5",
        "choice": "b",
        "person": "U_ZHOU",
        "persons": ["U_ZHOU", "U_SMITH"],
        "day": "2026-02-28",
        "agreed": True,
        "refused": False,
        "flag": False,
        "file": {"name": "a.txt", "content_base64": "aGVsbG8="},
    }
    assert people.act("submit", as_="U_CHEN", values=values)["done"]
    state = filled(bot)
    assert state["text"] == {"type": "plain_text_input", "value": "词"}
    assert state["kept"]["value"] == "as it was"
    assert state["number"]["value"] == "1.5"
    assert state["choice"]["selected_option"]["value"] == "b"
    assert state["person"]["selected_user"] == "U_ZHOU"
    assert state["persons"]["selected_users"] == ["U_ZHOU", "U_SMITH"]
    assert state["day"]["selected_date"] == "2026-02-28"
    assert [one["value"] for one in state["agreed"]["selected_options"]] == ["true"]
    assert state["refused"]["selected_options"] == []
    assert state["flag"]["selected_option"]["value"] == "false"
    assert state["file"]["files"][0]["name"] == "a.txt"


def test_external_select_asks_the_bot(bot: BoltBot, people: ControlClient) -> None:
    opens(bot, modal(field("record", {"type": "external_select", "min_query_length": 0})))
    hears_form(bot)

    @bot.app.options("record")
    def offer(ack: Any, body: Json) -> None:
        ack(options=[option("IMP-1")] if body["value"] in ("", "IMP-1") else [])

    people.act("command", as_="U_CHEN", text="/improve")
    assert people.act("submit", as_="U_CHEN", values={"record": "IMP-2"})["error"] == "unknown_option"
    assert people.act("submit", as_="U_CHEN", values={"record": "IMP-1"})["done"]
    assert filled(bot)["record"]["selected_option"]["value"] == "IMP-1"


SHORT = {"type": "plain_text_input", "min_length": 3, "max_length": 5}
WHOLE = {"type": "number_input", "is_decimal_allowed": False, "min_value": "1"}


@pytest.mark.parametrize(
    ("element", "value", "words"),
    [
        ({}, "", "Please complete this required field."),
        (SHORT, "ab", "Please enter at least 3 characters."),
        (SHORT, "abcdef", "Please enter no more than 5 characters."),
        (WHOLE, "1.5", "Please enter a valid number."),
        (WHOLE, "0", "Please enter a number of at least 1."),
        ({"type": "email_text_input"}, "nobody", "Please enter a valid email address."),
        ({"type": "url_text_input"}, "nowhere", "Please enter a valid URL."),
    ],
)
def test_slack_itself_refuses(bot: BoltBot, people: ControlClient, element: Json, value: str, words: str) -> None:
    opens(bot, modal(field("field", element)))
    people.act("command", as_="U_SMITH", text="/improve")
    assert people.act("submit", as_="U_SMITH", values={"field": value})["errors"] == {"field": words}
    assert len(bot.heard) == 1


def test_slack_refuses_in_the_language_of_the_reader(bot: BoltBot, people: ControlClient) -> None:
    opens(bot, modal(field("field", SHORT)))
    people.act("command", as_="U_CHEN", text="/improve")
    assert people.act("submit", as_="U_CHEN", values={"field": "ab"})["errors"] == {"field": "请至少输入 3 个字。"}
    assert filling.ZH.keys() == filling.EN.keys()


def test_inputs_and_options_that_are_not_there(bot: BoltBot, people: ControlClient) -> None:
    opens(bot, modal(field("choice", select("a")), field("who", {"type": "users_select"})))
    people.act("command", as_="U_CHEN", text="/improve")
    wishes: list[Json] = [{"title": "x"}, {"choice": "b"}, {"who": "U_NOBODY"}]
    errors = [people.act("submit", as_="U_CHEN", values=values)["error"] for values in wishes]
    assert errors == ["unknown_input", "unknown_option", "unknown_option"]


CAUSES = [
    option("7", "C1 系统允许空着关闭"),
    option("8", "C10 误操作"),
    option("9", "C2 没有培训"),
    option("C1x", "上线 时"),
    option("11", "上线 后"),
]


@pytest.mark.parametrize(
    ("given", "chosen"),
    [
        ("7", "7"),
        ("C1", "7"),
        ("C2 没有培训", "9"),
        ("C1x", "C1x"),
        ("上线", None),  # two begin so
        ("C", None),
        ("没有培训", None),
    ],
)
def test_an_option_is_meant_by_its_value_or_by_what_a_person_reads(
    bot: BoltBot, people: ControlClient, given: str, chosen: str | None
) -> None:
    opens(bot, modal(field("cause", {"type": "static_select", "options": CAUSES})))
    hears_form(bot)
    people.act("command", as_="U_CHEN", text="/improve")
    answer = people.act("submit", as_="U_CHEN", values={"cause": given})
    assert answer.get("error") == (None if chosen else "unknown_option")
    assert [filled(bot)["cause"]["selected_option"]["value"] for _ in bot.heard[1:]] == ([chosen] if chosen else [])


def test_update_to_a_page_without_inputs_is_something_said(bot: BoltBot, people: ControlClient) -> None:
    opens(bot, modal(field("title")))
    hears_form(bot, response_action="update", view=modal(section("thank you"), submit=None))
    people.act("command", as_="U_CHEN", text="/improve")
    answer = people.act("submit", as_="U_CHEN", values={"title": "x"})
    assert (answer["done"], answer["said"]) == (True, "thank you")
    assert people.act("close", as_="U_CHEN")["done"]
    assert people.look("view", as_="U_CHEN")["view"] is None


def test_push_close_and_clear(bot: BoltBot, people: ControlClient) -> None:
    opens(bot, modal(field("title")))
    hears_form(bot, response_action="push", view=modal(field("more"), callback_id="second"))

    @bot.app.view("second")
    def clear(ack: Any) -> None:
        ack(response_action="clear")

    people.act("command", as_="U_CHEN", text="/improve")
    second = people.act("submit", as_="U_CHEN", values={"title": "x"})["view_id"]
    people.act("close", as_="U_CHEN", view_id=second)
    assert people.look("view", as_="U_CHEN")["view"]["inputs"][0]["name"] == "title"
    people.act("submit", as_="U_CHEN", values={})
    assert people.act("submit", as_="U_CHEN", values={"more": "y"})["done"]
    assert people.look("view", as_="U_CHEN")["view"] is None


def test_close_is_told_only_when_asked_for(bot: BoltBot, people: ControlClient) -> None:
    opens(bot, modal(field("title"), notify_on_close=True))

    @bot.app.view_closed("form")
    def closed(ack: Any, body: Json) -> None:
        bot.heard.append(body)
        ack()

    people.act("command", as_="U_CHEN", text="/improve")
    people.act("close", as_="U_CHEN")
    assert (bot.heard[-1]["type"], bot.heard[-1]["is_cleared"]) == ("view_closed", False)


def test_wrong_answer_to_a_form_is_shown_to_the_developer(bot: BoltBot, people: ControlClient) -> None:
    opens(bot, modal(field("title")))
    hears_form(bot, response_action="errors", errors={"no_such_block": "x"})
    people.act("command", as_="U_CHEN", text="/improve")
    answer = people.act("submit", as_="U_CHEN", values={"title": "x"})
    assert answer["error"] == "invalid_response"
    assert answer["messages"] == ["[ERROR] errors name no input block: no_such_block"]


# -- buttons and menus


def card(bot: BoltBot, channel: str, *elements: Json) -> str:
    return str(bot.client.chat_postMessage(channel=channel, text="card", blocks=[actions(*elements)])["ts"])


def test_click_on_a_message(bot: BoltBot, people: ControlClient) -> None:
    hears_action(bot, "accept")
    ts = card(bot, "C_QUALITY", button("accept", "IMP-1"))
    click = {"as": "U_CHEN", "channel": "C_QUALITY", "ts": ts, "action_id": "accept"}
    assert people.act("click", **click, value="IMP-1")["done"]
    heard = bot.heard[0]
    assert (heard["actions"][0]["value"], heard["container"]["message_ts"]) == ("IMP-1", ts)
    assert (heard["user"]["id"], heard["message"]["text"], heard["channel"]["name"]) == (
        "U_CHEN",
        "card",
        "quality",
    )
    assert people.act("click", **click, value="IMP-2") == people.act("click", **click, value="IMP-2") | {
        "not_offered": True
    }


def test_nobody_clicks_what_they_cannot_see(bot: BoltBot, people: ControlClient) -> None:
    hears_action(bot, "accept")
    ts = card(bot, "C_QUALITY", button("accept"))
    click = {"as": "U_SMITH", "channel": "C_QUALITY", "ts": ts, "action_id": "accept"}
    assert people.act("click", **click)["not_offered"]
    assert bot.heard == []


def test_forged_click_is_sent_all_the_same(bot: BoltBot, people: ControlClient) -> None:
    hears_action(bot, "accept", said="not for you")
    forged = {"as": "U_SMITH", "channel": "C_QUALITY", "ts": "1.1", "action_id": "accept", "value": "IMP-9"}
    answer = people.act("click", **forged, force=True)
    assert answer["said"] == "not for you"
    assert "done" not in answer
    assert bot.heard[0]["actions"][0]["value"] == "IMP-9"


def test_refusal_of_a_press_is_said_and_not_done(bot: BoltBot, people: ControlClient) -> None:
    hears_action(bot, "accept", said="not yours")
    card(bot, "U_CHEN", button("accept", "IMP-1"))
    answer = people.act("press", as_="U_CHEN", action_id="accept", value="IMP-1")
    assert (answer["said"], "done" in answer) == ("not yours", False)


def test_press_takes_the_newest_place_of_ones_own(bot: BoltBot, people: ControlClient) -> None:
    hears_action(bot, "accept")
    card(bot, "U_CHEN", button("accept", "IMP-1"))
    newest = card(bot, "C_QUALITY", button("accept", "IMP-1"))
    card(bot, "U_ZHOU", button("accept", "IMP-1"))
    people.act("press", as_="U_CHEN", action_id="accept", value="IMP-1")
    assert bot.heard[0]["container"]["message_ts"] == newest
    assert people.act("press", as_="U_SMITH", action_id="accept", value="IMP-1")["not_offered"]


@pytest.mark.parametrize("menu", [overflow("cancel IMP-1"), {"action_id": "more", **select("cancel IMP-1")}])
def test_press_finds_menu_entries(bot: BoltBot, people: ControlClient, menu: Json) -> None:
    hears_action(bot, "more")
    card(bot, "U_CHEN", button("accept", "IMP-1"), menu)
    assert people.act("press", as_="U_CHEN", action_id="cancel", value="IMP-1")["done"]
    assert bot.heard[0]["actions"][0]["selected_option"]["value"] == "cancel IMP-1"
    assert people.act("press", as_="U_CHEN", action_id="cancel", value="IMP-2")["not_offered"]


def test_press_with_values_takes_the_menu_entry_and_fills_its_form(bot: BoltBot, people: ControlClient) -> None:
    hears_action(bot, "accept")
    hears_form(bot)

    @bot.app.action("more")
    def details(ack: Any, body: Json, client: Any) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=modal(field("note")))

    card(bot, "U_CHEN", button("accept", "IMP-1"), overflow("accept IMP-1"))
    at_once = people.act("press", as_="U_CHEN", action_id="accept", value="IMP-1")
    with_form = people.act("press", as_="U_CHEN", action_id="accept", value="IMP-1", values={"note": "x"})
    assert (at_once["done"], with_form["done"]) == (True, True)
    assert ("submitted" in at_once, with_form["submitted"]) == (False, True)
    assert [one["type"] for one in bot.heard] == ["block_actions", "view_submission"]
    missing = people.act("press", as_="U_CHEN", action_id="accept", value="IMP-1", values={})
    assert missing["errors"] == {"note": "请填写此项。"}


def test_ephemeral_buttons_and_replacing_them(bot: BoltBot, people: ControlClient) -> None:
    @bot.app.action("snooze")
    def snooze(ack: Any, respond: Any) -> None:
        ack()
        respond(text="later", replace_original=True)

    blocks = [actions(button("snooze"))]
    bot.client.chat_postEphemeral(channel="C_QUALITY", user="U_CHEN", text="now?", blocks=blocks)
    assert people.act("press", as_="U_ZHOU", action_id="snooze", value="1")["not_offered"]
    assert people.act("press", as_="U_CHEN", action_id="snooze", value="1")["said"] == "later"
    seen = people.look("messages", channel="C_QUALITY", as_="U_CHEN")["messages"]
    assert [(one["text"], one["buttons"]) for one in seen] == [("later", [])]


def test_select_in_a_modal_keeps_what_was_typed(bot: BoltBot, people: ControlClient) -> None:
    picker = {"action_id": "kind", **select("a", "b")}
    view = modal(field("title"), section(block_id="kind", accessory=picker))
    opens(bot, view)
    hears_form(bot)

    @bot.app.action("kind")
    def chosen(ack: Any, body: Json, client: Any) -> None:
        ack()
        view_id, guard = body["view"]["id"], body["view"]["hash"]
        client.views_update(view_id=view_id, hash=guard, view=view | {"title": plain("Changed")})

    view_id = people.act("command", as_="U_CHEN", text="/improve")["view_id"]
    people.act("submit", as_="U_CHEN", values={"title": ""})
    assert people.act("click", as_="U_CHEN", view_id=view_id, action_id="kind", value="b")["view_id"] == view_id
    people.act("submit", as_="U_CHEN", values={"title": "x"})
    assert filled(bot)["kind"]["selected_option"]["value"] == "b"


# -- Home, shortcuts, people


def test_home_is_published_when_it_is_opened(bot: BoltBot, people: ControlClient) -> None:
    hears_action(bot, "take")
    bot.home = home(actions(button("take", "IMP-1", "接受")))
    view = people.look("home", as_="U_CHEN")["view"]
    assert view["buttons"] == [{"action_id": "take", "value": "IMP-1", "text": "接受", "kind": "button"}]
    assert people.act("click", as_="U_CHEN", home=True, action_id="take")["done"]
    assert people.act("press", as_="U_ZHOU", action_id="take", value="IMP-1")["done"]
    assert [one["container"]["type"] for one in bot.heard] == ["view", "view"]


def test_shortcuts(bot: BoltBot, people: ControlClient) -> None:
    for callback_id in ("new", "from_message"):

        @bot.app.shortcut(callback_id)
        def ran(ack: Any, body: Json) -> None:
            bot.heard.append(body)
            ack()

    ts = people.act("message", as_="U_ZHOU", channel="C_QUALITY", text="the printer again")["ts"]
    assert people.act("shortcut", as_="U_CHEN", callback_id="new")["done"]
    assert people.act("shortcut", as_="U_CHEN", callback_id="from_message", channel="C_QUALITY", ts=ts)["done"]
    assert [one["type"] for one in bot.heard] == ["shortcut", "message_action"]
    assert ("response_url" in bot.heard[0], bot.heard[1]["message"]["text"]) == (False, "the printer again")


def test_changed_people_are_announced(bot: BoltBot, people: ControlClient) -> None:
    @bot.app.event("user_change")
    def changed(event: Json) -> None:
        bot.heard.append(event["user"])

    people.act("user", id="U_CHEN", locale="en-US")
    assert (bot.heard[0]["id"], bot.heard[0]["locale"]) == ("U_CHEN", "en-US")
    assert people.act("user", id="U_CHEN", shoe_size=43)["error"] == "unknown_property"


# -- triggers and views


def refused(call: Any, **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as problem:
        call(**arguments)
    return str(problem.value.response["error"])


def test_a_trigger_opens_one_modal(bot: BoltBot, people: ControlClient) -> None:
    opens(bot, modal(field("title")))
    people.act("command", as_="U_CHEN", text="/improve")
    used = bot.heard[0]["trigger_id"]
    assert refused(bot.client.views_open, trigger_id=used, view=modal(field("x"))) == "exchanged_trigger_id"
    assert refused(bot.client.views_open, trigger_id="1.2.3", view=modal(field("x"))) == "invalid_trigger_id"


def test_a_late_trigger_is_refused(bot: BoltBot, people: ControlClient) -> None:
    hears_action(bot, "accept")
    card(bot, "U_CHEN", button("accept"))
    people.act("press", as_="U_CHEN", action_id="accept", value="1")
    people.act("fault", method="auth.test", mode="slow", times=1, seconds=3.1)
    bot.client.auth_test()
    late = bot.heard[0]["trigger_id"]
    assert refused(bot.client.views_open, trigger_id=late, view=modal(field("x"))) == "expired_trigger_id"


def test_views_that_are_refused(bot: BoltBot, people: ControlClient) -> None:
    opens(bot, modal(field("title")))
    view_id = people.act("command", as_="U_CHEN", text="/improve")["view_id"]
    good = modal(field("x"))
    update = bot.client.views_update
    assert refused(update, view_id="V0", view=good) == "not_found"
    assert refused(update, view_id=view_id, hash="old", view=good) == "hash_conflict"
    assert refused(update, view_id=view_id, view=modal(field("x"), submit=None)) == "invalid_arguments"
    people.act("close", as_="U_CHEN")
    assert refused(update, view_id=view_id, view=good) == "not_found"


def test_three_views_on_a_stack(bot: BoltBot, people: ControlClient) -> None:
    opens(bot, modal(field("title"), actions(button("deeper"))))
    errors: list[str] = []

    @bot.app.action("deeper")
    def deeper(ack: Any, body: Json, client: Any) -> None:
        ack()
        try:
            client.views_push(trigger_id=body["trigger_id"], view=modal(field("x"), actions(button("deeper"))))
        except SlackApiError as problem:
            errors.append(problem.response["error"])

    people.act("command", as_="U_CHEN", text="/improve")
    for _ in range(3):
        people.act("press", as_="U_CHEN", action_id="deeper", value="1")
    assert errors == ["push_limit_reached"]


def test_response_url_is_used_five_times_within_thirty_minutes(bot: BoltBot, people: ControlClient) -> None:
    answers: list[tuple[int, str]] = []
    keep: list[Any] = []

    @bot.app.command("/improve")
    def chatty(ack: Any, respond: Any) -> None:
        ack()
        keep.append(respond)

    people.act("command", as_="U_CHEN", text="/improve")
    people.act("command", as_="U_CHEN", text="/improve")
    for _ in range(6):
        answer = keep[0]("again")
        answers.append((answer.status_code, answer.body))
    assert [status for status, _ in answers] == [200, 200, 200, 200, 200, 404]
    assert "used_url" in answers[-1][1]
    people.act("clock", to="2026-02-10T09:30:01+08:00")
    assert "expired_url" in keep[1]("late").body
