"""What keeps an open page up to date: regions that changed, unread marks, older messages, threads, the pulse."""

import json
from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from slack_sdk import WebClient

from bot.sandbox import BadCompanyError, Company, ControlClient, Sandbox, User
from bot.sandbox.page.regions import TIME_STEPS
from bot.sandbox.page.words import EN, SCRIPT, ZH
from tests.sandbox.bolt_bot import BoltBot
from tests.sandbox.conftest import START
from tests.sandbox.payload_parts import field, modal

Json = dict[str, Any]
AT_QUALITY = {"as": "U_ZHOU", "at": "C_QUALITY"}


def regions(sandbox: Sandbox, look: Mapping[str, str], held: Mapping[str, str] | None = None) -> dict[str, Json]:
    query = [*look.items(), *(("have", f"{name}:{version}") for name, version in (held or {}).items())]
    with urlopen(f"{sandbox.url}/_page/regions?{urlencode(query)}") as response:
        found: dict[str, Json] = json.load(response)["regions"]
    return found


def html(sandbox: Sandbox, name: str, **look: str) -> str:
    return str(regions(sandbox, {key.rstrip("_"): value for key, value in look.items()})[name]["html"])


def versions(sandbox: Sandbox, look: Mapping[str, str]) -> dict[str, str]:
    return {name: region["version"] for name, region in regions(sandbox, look).items()}


def read(sandbox: Sandbox, body: object) -> int:
    request = Request(f"{sandbox.url}/_page/read", json.dumps(body).encode())
    try:
        with urlopen(request) as response:
            return int(response.status)
    except HTTPError as refusal:
        return refusal.code


def unread(sandbox: Sandbox, person: str, channel: str) -> bool:
    entry = html(sandbox, "sidebar", as_=person).split(f'id="go-{channel}"')[1].split("</a>")[0]
    return 'class="unread"' in entry


# -- regions


def test_only_what_changed_is_sent_again(sandbox: Sandbox, people: ControlClient) -> None:
    held = versions(sandbox, AT_QUALITY)
    assert regions(sandbox, AT_QUALITY, held) == {}
    people.act("message", as_="U_CHEN", channel="C_QUALITY", text="news")
    assert set(regions(sandbox, AT_QUALITY, held)) == {"stream", "sidebar"}
    people.act("clock", to="2026-02-11T09:00:00+08:00")
    assert "clock" in regions(sandbox, AT_QUALITY, held)


def test_regions_show_nothing_of_other_people(sandbox: Sandbox, people: ControlClient, web: WebClient) -> None:
    root = web.chat_postMessage(channel="U_CHEN", text="a secret")["ts"]
    people.act("message", as_="U_CHEN", channel="C_SECRET", text="a secret plan")
    web.chat_postEphemeral(channel="C_QUALITY", user="U_CHEN", text="a secret word")
    for at in ("D_CHEN", "C_SECRET", "C_QUALITY"):
        look = {"as": "U_ZHOU", "at": at, "thread": str(root), "since": "0"}
        assert "secret" not in json.dumps([region["html"] for region in regions(sandbox, look).values()])
        assert "secret" in html(sandbox, "stream", as_="U_CHEN", at=at)


def test_names_in_messages_are_those_of_today(sandbox: Sandbox, people: ControlClient, web: WebClient) -> None:
    web.chat_postMessage(channel="C_QUALITY", text="<@U_CHEN> said so")
    assert "@陈晓" in html(sandbox, "stream", **AT_QUALITY)
    people.act("user", id="U_CHEN", real_name="陈小")
    assert "@陈小" in html(sandbox, "stream", **AT_QUALITY)


def test_a_form_is_new_only_when_the_bot_changes_it(bot: BoltBot, sandbox: Sandbox, people: ControlClient) -> None:
    @bot.app.command("/improve")
    def open_modal(ack, body, client) -> None:  # type: ignore[no-untyped-def]
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=modal(field("title")))

    people.act("command", as_="U_ZHOU", text="/improve")
    held = versions(sandbox, AT_QUALITY)
    view = people.look("view", as_="U_ZHOU")["view"]
    people.act("message", as_="U_CHEN", channel="C_QUALITY", text="news")
    assert "modal" not in regions(sandbox, AT_QUALITY, held)
    bot.client.views_update(view_id=view["view_id"], view=modal(field("other")))
    assert 'data-action="other"' in regions(sandbox, AT_QUALITY, held)["modal"]["html"]
    people.act("close", as_="U_ZHOU")
    assert regions(sandbox, AT_QUALITY, held)["modal"]["html"] == ""


def test_clock_offers_the_moments_the_bot_names(bot: BoltBot, sandbox: Sandbox, people: ControlClient) -> None:
    named = {"next_workday": "2026-02-11T01:00:00+00:00", "next_reminder": "2026-02-10T09:00:00+08:00"}

    def tick(now: datetime) -> Json:
        return {"landmarks": named}

    bot.tick = tick
    assert "下一时刻" in html(sandbox, "clock", as_="U_ZHOU")
    people.act("clock", to="2026-02-10T10:00:00+08:00")
    clock = html(sandbox, "clock", as_="U_ZHOU")
    assert 'data-to="2026-02-11T09:00:00+08:00"' in clock
    assert "下一工作日 <span>2月11日 09:00</span>" in clock
    assert "下一提醒" not in clock  # it has passed


def test_page_of_somebody_deactivated(sandbox: Sandbox, people: ControlClient) -> None:
    people.act("user", id="U_ZHOU", deleted=True)
    with urlopen(f"{sandbox.url}/?as=U_ZHOU&at=home") as response:
        assert "应用还没有发布主页" in response.read().decode()
    with urlopen(f"{sandbox.url}/?as=U_ZHOU&at=C_QUALITY") as response:
        assert "此成员已停用" in response.read().decode()


# -- read and unread


def test_a_life_before_the_page_was_opened_is_unread_for_nobody(sandbox: Sandbox, people: ControlClient) -> None:
    people.act("message", as_="U_CHEN", channel="C_QUALITY", text="早")
    assert people.act("read")["done"]
    assert not unread(sandbox, "U_ZHOU", "C_QUALITY")
    people.act("message", as_="U_CHEN", channel="C_QUALITY", text="好")
    assert unread(sandbox, "U_ZHOU", "C_QUALITY")


def test_unread_until_looked_at(sandbox: Sandbox, people: ControlClient) -> None:
    people.act("message", as_="U_CHEN", channel="C_QUALITY", text="news")
    assert (unread(sandbox, "U_ZHOU", "C_QUALITY"), unread(sandbox, "U_CHEN", "C_QUALITY")) == (True, False)
    assert read(sandbox, AT_QUALITY) == 200
    assert not unread(sandbox, "U_ZHOU", "C_QUALITY")
    people.act("message", as_="U_CHEN", channel="C_QUALITY", text="more news")
    assert unread(sandbox, "U_ZHOU", "C_QUALITY")


def test_what_is_said_to_one_person_is_new_to_nobody_else(sandbox: Sandbox, web: WebClient) -> None:
    web.chat_postEphemeral(channel="C_QUALITY", user="U_CHEN", text="only you")
    assert (unread(sandbox, "U_CHEN", "C_QUALITY"), unread(sandbox, "U_ZHOU", "C_QUALITY")) == (True, False)


def test_everybody_sees_who_has_something_unread(sandbox: Sandbox, web: WebClient) -> None:
    for number in range(3):
        web.chat_postMessage(channel=("U_CHEN", "U_ZHOU", "U_CHEN")[number], text="x")
        sandbox_now = f"2026-02-10T09:0{number + 1}:00+08:00"
        ControlClient(sandbox.url).act("clock", to=sandbox_now)
    switcher = html(sandbox, "sidebar", as_="U_SMITH")
    chen = switcher.split('id="be-U_CHEN"')[1].split("</a>")[0]
    assert 'title="2 unread"' in chen


@pytest.mark.parametrize("body", [[], {}, {"as": "U_CHEN"}, None])
def test_bad_read_mark(sandbox: Sandbox, body: object) -> None:
    assert read(sandbox, body) == 400


# -- long conversations and threads


def test_older_messages_come_when_asked_for(sandbox: Sandbox, people: ControlClient) -> None:
    for number in range(120):
        people.act("message", as_="U_CHEN", channel="C_QUALITY", text=f"message {number}.")
    shown = html(sandbox, "stream", **AT_QUALITY)
    assert ("message 19." in shown, "message 20." in shown, "message 119." in shown) == (False, True, True)
    since = shown.split('data-older="')[1].split('"')[0]
    more = html(sandbox, "stream", since=since, **AT_QUALITY)
    assert ("message 0." in more, "message 119." in more, "data-older" in more) == (True, True, False)


def test_replies_stand_in_their_thread(sandbox: Sandbox, people: ControlClient) -> None:
    root = people.act("message", as_="U_CHEN", channel="C_QUALITY", text="question")["ts"]
    people.act("message", as_="U_ZHOU", channel="C_QUALITY", text="first answer", thread_ts=root)
    people.act("message", as_="U_CHEN", channel="C_QUALITY", text="second answer", thread_ts=root)
    shown = html(sandbox, "stream", **AT_QUALITY)
    assert ("2 条回复" in shown, "answer" in shown) == (True, False)
    thread = html(sandbox, "thread", thread=root, **AT_QUALITY)
    assert thread.index("question") < thread.index("first answer") < thread.index("second answer")


def test_permalink_leads_to_the_thread(sandbox: Sandbox, people: ControlClient) -> None:
    root = people.act("message", as_="U_CHEN", channel="C_QUALITY", text="question")["ts"]
    reply = people.act("message", as_="U_CHEN", channel="C_QUALITY", text="answer", thread_ts=root)["ts"]
    with urlopen(f"{sandbox.url}/archives/C_QUALITY/p{reply.replace('.', '')}?as=U_ZHOU") as response:
        assert f"thread={root}" in response.url
        assert "answer" in response.read().decode()


# -- the pulse


def test_every_change_is_told_to_open_pages(sandbox: Sandbox, people: ControlClient, web: WebClient) -> None:
    changes = (
        lambda: people.act("message", as_="U_CHEN", channel="C_QUALITY", text="x"),
        lambda: web.chat_postMessage(channel="C_QUALITY", text="x"),
        lambda: people.act("clock", to="2026-02-11T09:00:00+08:00"),
        lambda: read(sandbox, AT_QUALITY),
    )
    with urlopen(f"{sandbox.url}/_page/events?as=U_ZHOU", timeout=10) as stream:
        seen = -1
        for change in (lambda: None, *changes):
            change()
            count = int(stream.readline().removeprefix(b"data: "))
            assert stream.readline() == b"\n"
            assert count > seen
            seen = count


def test_open_pages_are_let_go_when_the_sandbox_stops(sandbox: Sandbox) -> None:
    with urlopen(f"{sandbox.url}/_page/events?as=U_ZHOU", timeout=10) as stream:
        stream.readline()
        sandbox.stop()
        assert stream.read() == b"\n"


# -- words and the tour


def test_both_languages_have_the_same_words() -> None:
    assert list(ZH) == list(EN)
    assert set(SCRIPT) <= set(ZH)


def test_every_word_is_said_somewhere() -> None:
    parts = [part for folder in ("templates", "static") for part in (files("bot.sandbox.page") / folder).iterdir()]
    written = "\n".join(part.read_text("utf-8") for part in parts)
    named = {"next_workday", "next_reminder", *TIME_STEPS}
    assert [word for word in ZH if f"words.{word}" not in written and word not in named and word not in SCRIPT] == []
    assert [word for word in SCRIPT if f'"{word}"' not in written] == []


TOUR = (
    ("U_CHEN", {"zh": "先输入 `/improve`", "en": "First type `/improve`"}),
    ("U_ZHOU", {"zh": "再看", "en": "Look"}),
)


def test_tour_in_the_language_of_the_reader(company: Company) -> None:
    toured = Company(users=company.users, channels=company.channels, tour=TOUR)
    with Sandbox(toured, START) as sandbox:
        pages = {}
        for person in ("U_CHEN", "U_SMITH"):
            with urlopen(f"{sandbox.url}/?as={person}") as response:
                pages[person] = response.read().decode()
    assert "先输入 <code>/improve</code>" in pages["U_CHEN"]
    assert "First type <code>/improve</code>" in pages["U_SMITH"]
    assert ("成为周岚" in pages["U_CHEN"], "成为陈晓" in pages["U_CHEN"]) == (True, False)


def test_tour_with_strangers_is_refused() -> None:
    with pytest.raises(BadCompanyError, match="U_NOBODY"):
        Company(users=(User("U_CHEN", "chenxiao"),), tour=(("U_NOBODY", {"zh": "", "en": ""}),))
