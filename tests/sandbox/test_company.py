"""A workspace described in JSON, and the sandbox as a process of its own."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.sandbox import BadCompanyError, Company, ControlClient, User, app_of, company_from_json

PEOPLE: list[dict[str, Any]] = [{"id": "U_A", "name": "a"}, {"id": "U_B", "name": "b", "locale": "en-US"}]


def test_company_from_json() -> None:
    data = {
        "users": PEOPLE,
        "channels": [{"id": "C_A", "name": "all", "members": ["U_A", "U_BOT"]}],
        "commands": [{"command": "/improve", "should_escape": True}],
        "scopes": ["commands"],
    }
    company = company_from_json(data)
    assert isinstance(company, Company)
    assert (company.users[1].locale, company.channels[0].members) == ("en-US", ("U_A", "U_BOT"))
    assert (company.commands[0].should_escape, company.scopes) == (True, ("commands",))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"users": [*PEOPLE, PEOPLE[0]]}, "id used twice: U_A"),
        ({"users": PEOPLE, "channels": [{"id": "C", "name": "c", "members": ["U_X"]}]}, "nobody knows: U_X"),
        ({"users": PEOPLE, "bot_token": "secret"}, "starts with xoxb-"),
        ({"users": PEOPLE, "colour": "green"}, "does not fit"),
        ({"users": [{"id": "U_A"}]}, "does not fit"),
    ],
)
def test_companies_that_do_not_fit(data: dict[str, Any], words: str) -> None:
    with pytest.raises(BadCompanyError, match=words):
        company_from_json(data)


def test_the_manifest_says_what_the_app_may_do() -> None:
    manifest = yaml.safe_load((Path(__file__).parents[2] / "manifest.yml").read_text(encoding="utf-8"))
    company = Company(users=(User("U_A", "a"),), **app_of(manifest))
    assert company.scopes == tuple(manifest["oauth_config"]["scopes"]["bot"])
    assert [(one.command, one.should_escape) for one in company.commands] == [("/improve", True)]
    assert [(one.callback_id, one.type) for one in company.shortcuts] == [
        ("raise_opportunity", "global"),
        ("raise_from_message", "message"),
    ]
    assert company.events == ("app_home_opened", "team_join", "user_change")
    assert (company.home_tab_enabled, company.bot_name) == (True, "improve")


def test_what_a_manifest_leaves_out_is_not_there() -> None:
    empty: dict[str, Any] = {"scopes": (), "commands": (), "shortcuts": (), "events": (), "bot_name": ""}
    assert app_of({}) == {**empty, "home_tab_enabled": False}


@pytest.mark.parametrize("manifest", [{"features": []}, {"features": {"slash_commands": [{"usage_hint": "x"}]}}])
def test_manifests_that_do_not_fit(manifest: dict[str, Any]) -> None:
    with pytest.raises(BadCompanyError, match="manifest does not fit"):
        app_of(manifest)


def test_own_process(tmp_path: Path) -> None:
    file = tmp_path / "company.json"
    file.write_text(json.dumps({"users": PEOPLE}))
    command = [sys.executable, "-m", "bot.sandbox", "--company", str(file), "--at", "2026-02-10T09:00+08:00"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as process:
        assert process.stdout is not None
        people = ControlClient(process.stdout.readline().strip())
        names = [one["id"] for one in people.look("people")["people"]]
        process.terminate()
    assert (names, process.returncode) == (["U_A", "U_B", "U_BOT"], 0)
