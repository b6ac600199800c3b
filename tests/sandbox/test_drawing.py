"""Every block and element as HTML: drawn, with what is filled in, and nothing of it unescaped."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.sandbox import Company, User, check_payload
from bot.sandbox.block_rules import SURFACES
from bot.sandbox.element_rules import ELEMENTS
from bot.sandbox.page.drawing import Drawing
from bot.sandbox.page.drawing_words import EN, ZH
from bot.sandbox.state import Message, View, Workspace, fill_ids
from tests.sandbox.conftest import START
from tests.sandbox.payload_parts import actions, button, field, modal, mrkdwn, option, overflow, plain, section

Json = dict[str, Any]
EVIL = "'\"><script>alert(1)</script>"
PICTURE = {"image_url": "https://example.com/a.png", "alt_text": "A picture"}
CONFIRM = {"title": plain("真的?"), "text": mrkdwn("*无法* 恢复"), "confirm": plain("是"), "deny": plain("否")}
SPARSE = {
    "type": "rich_text",
    "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "rich"}]}],
}
CELLS = [
    [{"type": "raw_text", "text": "名称"}, {"type": "raw_text", "text": "数量"}],
    [SPARSE, {"type": "raw_number", "value": 3, "text": "3 件"}],
]

NOT_DRAWN = {"context_actions", "data_visualization", "plan", "task_card", "video"}
# Block type -> a block of it, and what must be in its HTML.
BLOCKS: dict[str, tuple[Json, list[str]]] = {
    "actions": (actions(button("go", "7", "开始")), ['data-value="7" data-action="go">开始</button>']),
    "alert": (
        {"type": "alert", "level": "error", "text": mrkdwn("*停*")},
        ['class="alert error"', "<strong>停</strong>"],
    ),
    "card": (
        {"type": "card", "title": plain("案例"), "body": mrkdwn("*好*"), "hero_image": PICTURE, "actions": [button()]},
        ["案例", "<strong>好</strong>", 'class="hero" src="https://example.com/a.png"', 'data-action="press"'],
    ),
    "carousel": ({"type": "carousel", "elements": [{"type": "card", "title": plain("一")}]}, ["carousel", "一"]),
    "container": (
        {"type": "container", "title": plain("第 2 轮"), "is_collapsible": True, "child_blocks": [section("里面")]},
        ["<details", "第 2 轮", "里面"],
    ),
    "context": (
        {"type": "context", "elements": [{"type": "image", **PICTURE}, mrkdwn("_小_")]},
        ['class="thumb"', "<em>小</em>"],
    ),
    "context_actions": ({"type": "context_actions", "elements": []}, ["[context_actions]"]),
    "data_table": (
        {"type": "data_table", "caption": "进展", "rows": CELLS},
        ["<caption>进展</caption>", 'class="left">名称</th>', 'class="right">3 件</td>', 'scope="row"', "rich"],
    ),
    "data_visualization": ({"type": "data_visualization", "title": "x"}, ["[data_visualization]"]),
    "divider": ({"type": "divider"}, ["<hr>"]),
    "header": ({"type": "header", "text": plain("标题 :tada:")}, ['<h3 class="header">标题 🎉</h3>']),
    "image": (
        {"type": "image", "title": plain("原因图"), **PICTURE},
        ["<figcaption>原因图", 'src="https://example.com/a.png" alt="A picture"'],
    ),
    "input": (field("title", hint=plain("一句话"), optional=True), ["<label", "title", "（选填）", "一句话"]),
    "markdown": ({"type": "markdown", "text": "**粗**"}, ["<strong>粗</strong>"]),
    "plan": ({"type": "plan", "tasks": []}, ["[plan]"]),
    "rich_text": (SPARSE, ["rich"]),
    "section": (
        section("*a*", fields=[mrkdwn("_b_")], accessory=button()),
        ["<strong>a</strong>", "<em>b</em>", "<button"],
    ),
    "table": (
        {"type": "table", "rows": CELLS, "column_settings": [{"align": "center", "is_wrapped": True}]},
        ['<th scope="col" class="center wrapped">名称</th>', '<td class="right">3 件</td>', "rich"],
    ),
    "task_card": ({"type": "task_card"}, ["[task_card]"]),
    "video": ({"type": "video", "title": plain("x")}, ["[video]"]),
}

OPTIONS = [option("a", "第一", description=plain("细节")), option("b", "第二")]
# Element type -> its own properties, what is filled in from the start, and what must be in its HTML then.
FILLED: dict[str, tuple[Json, list[str]]] = {
    "button": ({"text": plain("走"), "url": "https://a.cn"}, ['data-url="https://a.cn"', ">走</button>"]),
    "channels_select": ({"initial_channel": "C_OPEN"}, ['<option value="C_OPEN" selected>#open</option>']),
    "checkboxes": ({"options": OPTIONS, "initial_options": OPTIONS[:1]}, ['value="a" checked', "第一", "细节"]),
    "conversations_select": ({"initial_conversation": "D_CHEN"}, ['<option value="D_CHEN" selected>@improve</option>']),
    "datepicker": ({"initial_date": "2026-02-10"}, ['type="date"', 'value="2026-02-10"']),
    "datetimepicker": ({"initial_date_time": 1770685200}, ['data-zone="Asia/Shanghai"', 'value="2026-02-10T09:00"']),
    "email_text_input": ({"initial_value": "a@b.cn"}, ['type="email"', 'value="a@b.cn"']),
    "external_select": ({"initial_option": OPTIONS[0]}, ['data-value="a"', 'value="第一"', 'data-least="3"']),
    "file_input": ({"max_files": 2, "filetypes": ["pdf", "png"]}, [" multiple", 'accept=".pdf,.png"', "2</p>"]),
    "image": (PICTURE, ['alt="A picture"']),
    "multi_channels_select": ({"initial_channels": ["C_OPEN"]}, ['value="C_OPEN" checked']),
    "multi_conversations_select": ({"initial_conversations": ["C_SECRET"]}, ['value="C_SECRET" checked']),
    "multi_external_select": ({"initial_options": OPTIONS}, ['<li data-value="a">第一', 'aria-label="移除 第二"']),
    "multi_static_select": (
        {"options": OPTIONS, "initial_options": OPTIONS[:1], "max_selected_items": 1},
        ['value="a" checked', 'value="b" disabled', 'data-most="1"'],
    ),
    "multi_users_select": ({"initial_users": ["U_ZHOU"]}, ['value="U_ZHOU" checked', "陈晓"]),
    "number_input": ({"is_decimal_allowed": True, "initial_value": "1.5"}, ['inputmode="decimal"', 'value="1.5"']),
    "overflow": ({"options": OPTIONS}, ['data-value="b" data-action="it">第二', 'role="menu"']),
    "plain_text_input": ({"multiline": True, "initial_value": "旧\n的"}, ["<textarea", "旧\n的</textarea>"]),
    "radio_buttons": ({"options": OPTIONS, "initial_option": OPTIONS[1]}, ['value="b" checked', 'type="radio"']),
    "rich_text_input": ({"initial_value": SPARSE}, ["<textarea", "rich</textarea>"]),
    "static_select": (
        {"option_groups": [{"label": plain("组"), "options": OPTIONS}], "initial_option": OPTIONS[1]},
        ['<optgroup label="组">', '<option value="b" selected>第二</option>'],
    ),
    "timepicker": ({"initial_time": "09:30"}, ['type="time"', 'value="09:30"']),
    "url_text_input": ({"initial_value": "https://a.cn"}, ['type="url"', 'value="https://a.cn"']),
    "users_select": ({"initial_user": "U_ZHOU"}, ['<option value="U_ZHOU" selected>周岚</option>']),
    "workflow_button": ({"text": plain("走")}, [">走</button>"]),
}


@pytest.fixture
def workspace(company: Company) -> Workspace:
    return Workspace(company, START)


@pytest.fixture
def chen(workspace: Workspace) -> Drawing:
    return Drawing(workspace, workspace.users["U_CHEN"])


def message(*blocks: Json) -> Message:
    return Message("1770685200.000100", "C_QUALITY", "U_BOT", "text", blocks=fill_ids(list(blocks)))


def form(workspace: Workspace, *blocks: Json) -> View:
    return workspace.new_view("U_CHEN", modal(*blocks))


def placed(kind: str) -> Json:
    """The element where it may stand: in an input if it can be filled, otherwise beside something."""
    element = {"type": kind, "action_id": "it", **FILLED[kind][0]}
    if "input" in ELEMENTS[kind].blocks:
        return field("it", element)
    return section(accessory=element)


@pytest.mark.parametrize("kind", sorted(SURFACES))
def test_every_block(chen: Drawing, kind: str) -> None:
    """What the workspace accepts it draws, or shows by its type where it is known not to be drawn."""
    block, fragments = BLOCKS[kind]
    html = chen.blocks(message(block))
    assert [one for one in fragments if one not in html] == []
    assert (f"[{kind}]" in html) == (kind in NOT_DRAWN)


@pytest.mark.parametrize("kind", sorted(ELEMENTS))
def test_every_element(chen: Drawing, workspace: Workspace, kind: str) -> None:
    html = chen.form(form(workspace, placed(kind)))
    assert [one for one in FILLED[kind][1] if one not in html] == []
    assert "unknown" not in html


@pytest.mark.parametrize("kind", sorted(kind for kind, rule in ELEMENTS.items() if "section" in rule.blocks))
def test_every_element_beside_a_text(chen: Drawing, kind: str) -> None:
    element = {"type": kind, "action_id": "it", **FILLED[kind][0]}
    html = chen.blocks(message(section(accessory=element)))
    assert "unknown" not in html
    assert ('data-action="it"' in html) == (kind != "image")


def test_the_samples_are_what_slack_accepts() -> None:
    for kind, (block, _) in BLOCKS.items():
        if kind not in NOT_DRAWN:
            surface = SURFACES[kind][0]
            payload = modal(block) if surface == "modal" else {"text": "x", "blocks": [block]}
            assert check_payload(surface, payload) == [], kind
    for kind in FILLED:
        assert check_payload("modal", modal(placed(kind))) == [] or "modal" not in ELEMENTS[kind].surfaces


def test_what_nobody_knows_is_shown_by_its_type(chen: Drawing) -> None:
    html = chen.blocks(message({"type": "hologram"}, actions({"type": "lever", "action_id": "a"})))
    assert "[hologram]" in html
    assert "[lever]" in html


def poisoned(value: Any, key: str = "") -> Any:
    """The same block with a hostile text wherever an app may write one."""
    if isinstance(value, dict):
        return {name: poisoned(one, name) for name, one in value.items()}
    if isinstance(value, list):
        return [poisoned(one, key) for one in value]
    return EVIL if isinstance(value, str) and key != "type" else value


@pytest.mark.parametrize("kind", sorted(set(SURFACES) - {"input"}))
def test_no_text_of_a_block_becomes_markup(chen: Drawing, kind: str) -> None:
    html = chen.blocks(message(poisoned(BLOCKS[kind][0]), {"type": EVIL}))
    assert "<script" not in html
    assert EVIL[:3] not in html


@pytest.mark.parametrize("kind", sorted(ELEMENTS))
def test_no_text_of_an_element_becomes_markup(chen: Drawing, workspace: Workspace, kind: str) -> None:
    block = {**placed(kind), "hint": plain("x")}
    holder = "element" if block["type"] == "input" else "accessory"
    block[holder] = {**block[holder], "confirm": CONFIRM, "placeholder": plain("x")}
    evil = poisoned(block)
    if kind == "datetimepicker":
        evil[holder]["initial_date_time"] = 1
    html = chen.form(form(workspace, evil))
    assert "<script" not in html
    assert EVIL[:3] not in html


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "vbscript:x"])
def test_addresses_that_a_page_must_not_follow(chen: Drawing, address: str) -> None:
    picture = {"type": "image", "image_url": address, "alt_text": "Alt"}
    html = chen.blocks(message(actions(button(url=address)), picture))
    assert address not in html
    assert "[Alt]" in html


def test_what_a_person_chose_stands_in_the_form(chen: Drawing, workspace: Workspace) -> None:
    """What was filled in later counts, not what was there from the start."""
    view = form(workspace, field("title", {"initial_value": "旧的"}), field("who", {"type": "users_select"}))
    view.state["block_title"] = {"title": {"type": "plain_text_input", "value": "new"}}
    view.state["block_who"] = {"who": {"type": "users_select", "selected_user": "U_SMITH"}}
    html = chen.form(view)
    assert 'value="new"' in html
    assert "旧的" not in html
    assert '<option value="U_SMITH" selected>Alex Smith</option>' in html


def test_everybody_has_their_own_choices_in_a_message(workspace: Workspace) -> None:
    said = message(actions({"type": "datepicker", "action_id": "day"}))
    state = {"type": "datepicker", "selected_date": "2026-03-01"}
    said.state_of("U_CHEN")[said.blocks[0]["block_id"]] = {"day": state}
    assert "2026-03-01" in Drawing(workspace, workspace.users["U_CHEN"]).blocks(said)
    assert "2026-03-01" not in Drawing(workspace, workspace.users["U_ZHOU"]).blocks(said)


def test_labels_hints_and_errors_are_tied_to_their_input(chen: Drawing, workspace: Workspace) -> None:
    html = chen.form(form(workspace, field("title", hint=plain("一句话"))))
    assert '<label for="' in html
    spot = html.split('<label for="')[1].split('"')[0]
    assert f'id="{spot}"' in html
    assert f'aria-describedby="{spot}-hint {spot}-error"' in html
    assert f'id="{spot}-hint"' in html
    assert f'id="{spot}-error" role="alert" hidden' in html
    assert 'aria-required="true"' in html
    assert 'aria-required="true"' not in chen.form(form(workspace, field("title", optional=True)))


def test_a_group_of_boxes_has_a_legend(chen: Drawing, workspace: Workspace) -> None:
    html = chen.form(form(workspace, field("which", {"type": "checkboxes", "options": OPTIONS})))
    assert "<legend>which</legend>" in html
    assert "<label for" not in html


def test_only_dispatching_inputs_tell_the_bot_at_once(chen: Drawing, workspace: Workspace) -> None:
    assert "data-acts" in chen.form(form(workspace, field("title", dispatch_action=True)))
    assert "data-acts" not in chen.form(form(workspace, field("title")))
    assert "data-acts" in chen.blocks(message(actions({"type": "users_select", "action_id": "who"})))


def test_a_question_comes_with_the_elements_own_words(chen: Drawing) -> None:
    html = chen.blocks(message(actions(button(confirm={**CONFIRM, "style": "danger"}))))
    dialog = html.split("<dialog")[1]
    assert "真的?" in dialog
    assert "<strong>无法</strong> 恢复" in dialog
    assert dialog.index("否") < dialog.index("是")
    assert 'class="button danger" data-answer="confirm">是' in dialog
    assert 'data-answer="deny" autofocus>否' in dialog


def test_who_and_what_is_offered(company: Company) -> None:
    """People who left only where they are chosen, private channels only to those inside, no bots."""
    workspace = Workspace(company, START)
    workspace.change_user("U_SMITH", deleted=True)
    person = {"type": "users_select", "action_id": "who"}
    place = {"type": "conversations_select", "action_id": "where"}
    said = message(actions(person, place))
    html = Drawing(workspace, workspace.users["U_CHEN"]).blocks(said)
    assert "Alex" not in html
    assert "U_BOT" not in html
    assert "#secret" in html
    assert "#secret" not in Drawing(workspace, workspace.users["U_ZHOU"]).blocks(said)
    chosen = message(actions({**person, "initial_user": "U_SMITH"}))
    assert "Alex" in Drawing(workspace, workspace.users["U_CHEN"]).blocks(chosen)


def test_conversations_by_their_filter(chen: Drawing) -> None:
    place = {"type": "conversations_select", "action_id": "where", "filter": {"include": ["private"]}}
    html = chen.blocks(message(actions(place)))
    assert "#secret" in html
    assert "#open" not in html
    assert "@improve" not in html


def test_a_long_list_can_be_filtered(workspace: Workspace, chen: Drawing) -> None:
    many = [option(str(number)) for number in range(9)]
    kind = {"type": "multi_static_select"}
    assert "筛选" in chen.form(form(workspace, field("which", {**kind, "options": many})))
    assert "筛选" not in chen.form(form(workspace, field("which", {**kind, "options": many[:8]})))


def test_one_place_drawn_twice_has_ids_of_its_own(workspace: Workspace) -> None:
    said = message(actions(overflow("a")))
    reader = workspace.users["U_CHEN"]
    spots = [html.split('popovertarget="')[1].split('"')[0] for html in (
        Drawing(workspace, reader).blocks(said),
        Drawing(workspace, reader, "thread-").blocks(said),
    )]  # fmt: skip
    assert len(set(spots)) == 2


def test_language_and_zone_of_the_reader(workspace: Workspace) -> None:
    noon = int(datetime(2026, 2, 10, 12, tzinfo=UTC).timestamp())
    element = {"type": "datetimepicker", "initial_date_time": noon}
    alex: User = workspace.users["U_SMITH"]
    html = Drawing(workspace, alex).form(form(workspace, field("when", element, optional=True)))
    assert "(optional)" in html
    assert 'value="2026-02-10T12:00"' in html


def test_a_message_without_blocks(chen: Drawing) -> None:
    said = message()
    said.text = "*你好* <@U_ZHOU>"
    assert "<strong>你好</strong>" in chen.text(said)


def test_both_languages_say_the_same_things() -> None:
    assert EN.keys() == ZH.keys()
