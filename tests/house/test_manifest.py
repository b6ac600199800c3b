"""The manifest is what Slack can import, and lists exactly what the code listens to and asks for."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import jsonschema
import pytest
import yaml
from slack_bolt import App
from slack_sdk import WebClient

import handlers
from bot import demo, slack_scopes
from bot.clock import SystemClock
from bot.company import CompanySource
from bot.context import Context
from bot.improvement import LIFECYCLES
from bot.listeners import Turn
from bot.profile import built_in, parse
from bot.render import Phrasebook
from bot.workflow import Workflow
from storage.database import Database

ROOT = Path(__file__).parents[2]
# Called by the libraries in our name: when a request is authorised, and when Socket Mode connects.
BY_LIBRARIES = {"auth.test", "apps.connections.open"}


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    return cast("dict[str, Any]", yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8")))


class ListeningApp(App):
    """An app that writes down what it was told to listen to."""

    def __init__(self) -> None:
        super().__init__(token="xoxb-nobody", signing_secret="", token_verification_enabled=False)
        self.heard: dict[str, list[str]] = {"event": [], "command": [], "shortcut": []}

    def event(self, event: Any, *args: Any, **kwargs: Any) -> Any:
        self.heard["event"].append(event)
        return super().event(event, *args, **kwargs)

    def command(self, command: Any, *args: Any, **kwargs: Any) -> Any:
        self.heard["command"].append(command)
        return super().command(command, *args, **kwargs)

    def shortcut(self, constraints: Any, *args: Any, **kwargs: Any) -> Any:
        self.heard["shortcut"].append(constraints)
        return super().shortcut(constraints, *args, **kwargs)


@pytest.fixture(scope="module")
def heard() -> dict[str, list[str]]:
    """What our handlers listen to."""
    app, database, companies = ListeningApp(), Database("sqlite:///never-opened.db"), CompanySource()
    handlers.register(
        app,
        Context(
            database=database,
            companies=companies,
            workflow=Workflow(database, companies, LIFECYCLES),
            phrasebook=Phrasebook(parse(built_in("demo")).zone),
            clock=SystemClock(),
            slack=app.client,
        ),
        behind=lambda work: work(Turn()),
    )
    return {kind: sorted(names) for kind, names in app.heard.items()}


def test_slack_can_import_it(manifest: dict[str, Any]) -> None:
    schema = json.loads((ROOT / "tests/data/manifest.schema.json").read_text(encoding="utf-8"))

    jsonschema.validate(manifest, schema)


def test_it_lists_the_events_we_listen_to(manifest: dict[str, Any], heard: dict[str, list[str]]) -> None:
    assert sorted(manifest["settings"]["event_subscriptions"]["bot_events"]) == heard["event"]


def test_it_lists_the_commands_we_answer(manifest: dict[str, Any], heard: dict[str, list[str]]) -> None:
    commands = manifest["features"]["slash_commands"]

    assert sorted(command["command"] for command in commands) == heard["command"]
    assert all(command["should_escape"] for command in commands)


def test_it_lists_the_shortcuts_we_answer(manifest: dict[str, Any], heard: dict[str, list[str]]) -> None:
    assert sorted(one["callback_id"] for one in manifest["features"]["shortcuts"]) == heard["shortcut"]


def test_the_demo_lives_with_the_app_as_it_says(manifest: dict[str, Any]) -> None:
    company = demo.workspace()

    assert set(company.scopes) == set(manifest["oauth_config"]["scopes"]["bot"])
    assert sorted(company.events) == sorted(manifest["settings"]["event_subscriptions"]["bot_events"])
    assert [one.callback_id for one in company.shortcuts] == [
        one["callback_id"] for one in manifest["features"]["shortcuts"]
    ]


def test_it_asks_for_the_scopes_that_are_needed(manifest: dict[str, Any]) -> None:
    assert manifest["oauth_config"]["scopes"] == {"bot": sorted(slack_scopes.needed())}


def test_every_method_we_call_has_its_scopes_written_down() -> None:
    called = {method for folder in ("bot", "handlers") for method in _called(ROOT / folder)}

    assert called | BY_LIBRARIES == slack_scopes.METHODS.keys()


def test_every_event_we_hear_has_its_scopes_written_down(heard: dict[str, list[str]]) -> None:
    assert {"slash commands and shortcuts", *heard["event"]} == slack_scopes.LISTENING.keys()


def _called(folder: Path) -> Iterator[str]:
    """The Web API methods called in the code, by the names that Slack gives them."""
    methods = {name for name in vars(WebClient) if "_" in name.strip("_") and name != "api_call"}
    for file in folder.rglob("*.py"):
        if "sandbox" in file.parts:
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in methods:
                yield node.attr.replace("_", ".")
