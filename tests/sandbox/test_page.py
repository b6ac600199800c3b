"""The page as a browser gets it: everything in it, nothing unescaped."""

import re
from urllib.request import urlopen

from markupsafe import escape
from slack_sdk import WebClient

from bot.sandbox import ControlClient, Sandbox
from tests.sandbox.bolt_bot import BoltBot
from tests.sandbox.payload_parts import actions, button, field, home, modal, option, overflow, section, select

EVIL = "<script>alert(1)</script>"


def page(sandbox: Sandbox, query: str = "") -> str:
    with urlopen(f"{sandbox.url}/?{query}") as response:
        return str(response.read().decode())


def test_messages_with_their_buttons(sandbox: Sandbox, web: WebClient) -> None:
    blocks = [section("*打印机* 坏了"), actions(button("accept", "IMP-1", "接受"), overflow("cancel IMP-1"))]
    web.chat_postMessage(channel="C_QUALITY", text="x", blocks=blocks)
    html = page(sandbox, "as=U_CHEN&at=C_QUALITY")
    assert "<strong>打印机</strong> 坏了" in html
    assert 'data-value="IMP-1" data-action="accept">接受</button>' in html
    assert 'data-value="cancel IMP-1" data-action="more"' in html


def test_language_of_the_reader(sandbox: Sandbox) -> None:
    assert "我是" in page(sandbox, "as=U_CHEN")
    assert "I am" in page(sandbox, "as=U_SMITH")


def test_nothing_of_other_people(sandbox: Sandbox, web: WebClient) -> None:
    web.chat_postMessage(channel="U_CHEN", text="a secret")
    web.chat_postEphemeral(channel="C_QUALITY", user="U_CHEN", text="another secret")
    assert "a secret" in page(sandbox, "as=U_CHEN&at=D_CHEN")
    assert "secret</div>" not in page(sandbox, "as=U_ZHOU&at=D_CHEN")
    assert "another secret" not in page(sandbox, "as=U_ZHOU&at=C_QUALITY")


def test_everything_is_escaped(sandbox: Sandbox, people: ControlClient, web: WebClient) -> None:
    people.act("user", id="U_CHEN", real_name=EVIL, title=EVIL)
    people.act("message", as_="U_CHEN", channel="C_QUALITY", text=EVIL)
    web.chat_postMessage(channel="C_QUALITY", text="x", blocks=[actions(button(EVIL, '"' + EVIL, EVIL))])
    html = page(sandbox, "as=U_CHEN&at=C_QUALITY")
    assert EVIL not in html
    assert str(escape(EVIL)) in html


def test_modal_and_home(bot: BoltBot, sandbox: Sandbox, people: ControlClient) -> None:
    form = modal(
        field("title", {"type": "plain_text_input", "initial_value": "旧标题"}),
        field("kind", select("a") | {"initial_option": option("a")}),
        field("agreed", {"type": "checkboxes", "options": [option("true", "我同意")]}),
        field("who", {"type": "users_select", "initial_user": "U_ZHOU"}),
    )
    bot.home = home(section("我的事项"))

    @bot.app.command("/improve")
    def open_modal(ack, body, client) -> None:  # type: ignore[no-untyped-def]
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=form)

    people.act("command", as_="U_CHEN", text="/improve")
    html = page(sandbox, "as=U_CHEN&at=home")
    assert "我的事项" in html
    assert 'value="旧标题"' in html
    assert '<option value="U_ZHOU" selected>周岚</option>' in html
    assert "我同意" in html


def test_a_picture_shows_itself_in_its_thread(sandbox: Sandbox, web: WebClient) -> None:
    ts = web.chat_postMessage(channel="C_QUALITY", text="x")["ts"]
    share = {"channel": "C_QUALITY", "thread_ts": ts, "content": b"PNG"}
    web.files_upload_v2(**share, filename="a.png", title="Causes", alt_txt=EVIL)
    web.files_upload_v2(**share, filename="b.txt", title="Notes")
    assert "Causes" not in page(sandbox, "as=U_CHEN&at=C_QUALITY")
    html = page(sandbox, f"as=U_CHEN&at=C_QUALITY&thread={ts}")
    [source] = re.findall(r'<img src="([^"]+)" alt="&lt;script&gt;', html)
    assert EVIL not in html
    assert html.count("<img src=") == 1
    with urlopen(sandbox.url + source) as picture:
        assert (picture.headers.get_content_type(), picture.read()) == ("image/png", b"PNG")
