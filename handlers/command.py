"""The grammar of `/improve`, in both languages: nothing or a text raises; mine, list, show, help answer."""

from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from handlers import lists
from handlers.blocks import actions, button, section
from handlers.hearing import Hearing
from handlers.spoken import typed
from handlers.steps import open_raise

COMMAND = "/improve"
RAISE_ANYWAY = "raise_with_text"
TITLE_MOST = 80
CLOSE_ENOUGH = 0.5
SHORT_CHINESE_WORD = 3


class Verb(StrEnum):
    """What `/improve` can be followed by."""

    RAISE = "raise"
    MINE = "mine"
    LIST = "list"
    SHOW = "show"
    HELP = "help"
    UNKNOWN = "unknown"


NAMES = {
    "mine": Verb.MINE,
    "我的": Verb.MINE,
    "list": Verb.LIST,
    "列表": Verb.LIST,
    "show": Verb.SHOW,
    "查看": Verb.SHOW,
    "help": Verb.HELP,
    "帮助": Verb.HELP,
    "?": Verb.HELP,
    "？": Verb.HELP,
}


@dataclass(frozen=True)
class Parsed:
    """A command line: what to do, and with what. For an unknown word, `rest` is the line and `nearest` a guess."""

    verb: Verb
    rest: str = ""
    nearest: str = ""


def parse(text: str) -> Parsed:
    """What a command line means. A sentence raises an opportunity; a lone word that is no verb is asked about."""
    line = text.strip()
    word, _, rest = line.partition(" ")
    verb = NAMES.get(word.lower())
    takes_nothing = verb in (Verb.MINE, Verb.HELP)
    if verb and not (takes_nothing and rest.strip()):
        return Parsed(verb, rest.strip())
    if not line:
        return Parsed(Verb.RAISE)
    nearest = max(NAMES, key=lambda name: SequenceMatcher(None, word.lower(), name).ratio())
    if _looks_like_a_verb(word, rest, nearest):
        return Parsed(Verb.UNKNOWN, line, nearest)
    return Parsed(Verb.RAISE, line)


def improve(hearing: Hearing) -> None:
    """Answer `/improve …`."""
    parsed = parse(typed(hearing.body.get("text", "")))
    match parsed.verb:
        case Verb.RAISE:
            open_raise(hearing, prefill(parsed.rest))
        case Verb.MINE:
            lists.mine(hearing)
        case Verb.LIST:
            lists.open_items(hearing, page=int(parsed.rest) if parsed.rest.isdecimal() else 1)
        case Verb.SHOW:
            lists.show(hearing, parsed.rest)
        case Verb.HELP:
            text = hearing.words.template(
                f"help/help.{hearing.words.language}.j2",
                open_to_all=hearing.company.profile.visibility.details == "all",
            )
            hearing.answer(text)
        case Verb.UNKNOWN:
            _ask_what_was_meant(hearing, parsed)


def raise_anyway(hearing: Hearing) -> None:
    """The word was no command after all: raise it."""
    open_raise(hearing, prefill(hearing.body["actions"][0]["value"]))


def prefill(text: str) -> dict[str, str]:
    """A typed line as the beginning of an opportunity; a line too long for a title loses nothing."""
    line = " ".join(text.split())
    if len(line) <= TITLE_MOST:
        return {"title": line} if line else {}
    return {"title": line[: TITLE_MOST - 1] + "…", "description": text.strip()[:3000]}


def _looks_like_a_verb(word: str, rest: str, nearest: str) -> bool:
    if rest.strip() and not rest.strip().isdecimal():
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
