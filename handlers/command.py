"""The grammar of `/improve`, in both languages: nothing or a text raises; mine, list, show, cases, help answer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from handlers import knowledge, lists
from handlers.blocks import actions, button, section
from handlers.hearing import Hearing
from handlers.raising import open_raise
from handlers.spoken import title_and_text, typed

COMMAND = "/improve"
RAISE_ANYWAY = "raise_with_text"
CLOSE_ENOUGH = 0.5
SHORT_CHINESE_WORD = 3


class Verb(StrEnum):
    """What `/improve` can be followed by."""

    RAISE = "raise"
    MINE = "mine"
    LIST = "list"
    SHOW = "show"
    CASES = "cases"
    HELP = "help"
    UNKNOWN = "unknown"


NAMES = {
    "mine": Verb.MINE,
    "我的": Verb.MINE,
    "list": Verb.LIST,
    "列表": Verb.LIST,
    "show": Verb.SHOW,
    "查看": Verb.SHOW,
    "cases": Verb.CASES,
    "案例": Verb.CASES,
    "help": Verb.HELP,
    "帮助": Verb.HELP,
    "?": Verb.HELP,
    "？": Verb.HELP,
}
TAKES = {
    Verb.MINE: re.compile(r"\d*"),
    Verb.LIST: re.compile(r"\d*"),
    Verb.SHOW: re.compile(r"((IMP-|CAS-)?(\d{4}-)?\d{1,9}(-[A-Z]\d{1,4})?)?", re.IGNORECASE),
    # A blank must part it from the words: 案例库没人更新 is something to raise.
    Verb.CASES: re.compile(r"(?<=\s).+|", re.DOTALL),
    Verb.HELP: re.compile(""),
}
"""What may follow a verb; with anything else behind it the line is a sentence that begins with that word."""


@dataclass(frozen=True)
class Parsed:
    """A command line: what to do, and with what. For an unknown word, `rest` is the line and `nearest` a guess."""

    verb: Verb
    rest: str = ""
    nearest: str = ""


def parse(text: str) -> Parsed:
    """What a command line means. A sentence raises an opportunity; a lone word that is no verb is asked about."""
    line = text.strip()
    if not line:
        return Parsed(Verb.RAISE)
    for name, verb in NAMES.items():
        rest = line[len(name) :].strip()
        if line[: len(name)].lower() == name and TAKES[verb].fullmatch(line, len(line) - len(rest)):
            return Parsed(verb, rest)
    word, *others = line.split(maxsplit=1)
    nearest = max(NAMES, key=lambda name: SequenceMatcher(None, word.lower(), name).ratio())
    if _looks_like_a_verb(word, "".join(others), nearest):
        return Parsed(Verb.UNKNOWN, line, nearest)
    return Parsed(Verb.RAISE, line)


def opens_a_form(body: Mapping[str, Any]) -> bool:
    """Whether somebody typed `/improve` to raise something, and what they get is a form."""
    text = body.get("text", "")
    return body.get("command") == COMMAND and isinstance(text, str) and parse(typed(text)).verb is Verb.RAISE


def improve(hearing: Hearing) -> None:
    """Answer `/improve …`."""
    parsed = parse(typed(hearing.body.get("text", "")))
    match parsed.verb:
        case Verb.RAISE:
            open_raise(hearing, prefill(parsed.rest))
        case Verb.MINE:
            lists.mine(hearing, page=lists.page_number(parsed.rest or "1"))
        case Verb.LIST:
            lists.open_items(hearing, page=lists.page_number(parsed.rest or "1"))
        case Verb.SHOW:
            lists.show(hearing, parsed.rest)
        case Verb.CASES:
            knowledge.find(hearing, parsed.rest)
        case Verb.HELP:
            text = hearing.words.template(
                f"help/help.{hearing.words.language}.j2",
                open_to_all=hearing.company.profile.visibility.details == "all",
            )
            hearing.answer(text)
        case Verb.UNKNOWN:
            _ask_what_was_meant(hearing, parsed)


def raise_anyway(hearing: Hearing) -> None:
    """The word was no command after all: raise it. The question is answered, so it goes."""
    line = hearing.body["actions"][0]["value"]
    open_raise(hearing, prefill(line))
    hearing.answer(hearing.words.mrkdwn("ui.raising", line=line), replace=True)


def prefill(text: str) -> dict[str, str]:
    """A typed line as the beginning of an opportunity: the title, if it holds all of it."""
    filled = title_and_text(text)
    whole = filled.get("title") == " ".join(text.split())
    return {"title": filled["title"]} if whole else filled


def _looks_like_a_verb(word: str, rest: str, nearest: str) -> bool:
    if rest and not rest.isdecimal():
        return False
    if word.isascii():
        return word.isalpha()
    closeness = SequenceMatcher(None, word, nearest).ratio()
    return closeness >= CLOSE_ENOUGH and len(word) <= SHORT_CHINESE_WORD


def _ask_what_was_meant(hearing: Hearing, parsed: Parsed) -> None:
    words = hearing.words
    text = words.mrkdwn("ui.unknown_command", word=parsed.rest.split()[0], nearest=f"{COMMAND} {parsed.nearest}")
    anyway = button(RAISE_ANYWAY, parsed.rest[:2000], words.say("ui.raise_anyway"))
    hearing.answer(text, [section(text), actions("unknown", [anyway])])
