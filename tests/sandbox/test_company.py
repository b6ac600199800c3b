"""A workspace described in JSON, and the sandbox as a process of its own."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox import BadCompanyError, Company, ControlClient, company_from_json

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
