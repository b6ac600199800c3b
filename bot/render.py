"""How anything is put into words: two catalogues and one Jinja2 environment.

Catalogue ids are symbolic (`step.accept`, `news.declined`); both languages are complete, and a test holds them so.
Text for Slack's mrkdwn escapes every parameter; text for plain places, such as buttons, is left as it is. An entry
with a plural looks at the parameter `n`.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, cached_property
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.messages.catalog import Message as CatalogMessage
from babel.messages.pofile import read_po
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, StrictUndefined

from bot.errors import Mention, Message

LANGUAGES = ("zh_CN", "en")
SHOWN_AS = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("```", "`\u200b`\u200b`"), ("\n", "\n> "))
LIST_SEPARATOR = {"zh_CN": "、", "en": ", "}

T = TypeVar("T")
Sentences = Mapping[str, tuple[str, ...]]
"""By id: the sentence, or where it has a plural the singular and the plural."""


class Mrkdwn(str):
    """Text that is mrkdwn already and must not be escaped again."""

    __slots__ = ()


@dataclass(frozen=True)
class Phrasebook:
    """The words of every language. `own_folder` holds a company's templates, which win over ours."""

    zone: ZoneInfo
    own_folder: Path | None = None

    @cached_property
    def _books(self) -> Mapping[str, "Words"]:
        loaders = [FileSystemLoader(self.own_folder)] if self.own_folder else []
        loader = ChoiceLoader([*loaders, PackageLoader("templates", "")])
        return {language: Words(language, _read_catalogue(language), self.zone, loader) for language in LANGUAGES}

    def words(self, language: str) -> "Words":
        """The words of one language: zh_CN or en."""
        return self._books[language]


class Words:
    """One language."""

    def __init__(self, language: str, sentences: Sentences, zone: ZoneInfo, loader: ChoiceLoader) -> None:
        self.language = language
        # Given its name alone, babel looks for it among all locales with every date.
        self._locale = Locale.parse(language)
        self._sentences = sentences
        self._made: dict[Hashable, Any] = {}
        self._zone = zone
        # Not autoescape: Slack wants three characters escaped, HTML's quotes would be shown as entities.
        self._jinja = Environment(
            loader=loader,
            undefined=StrictUndefined,
            autoescape=False,  # noqa: S701
            finalize=_escape_unless_safe,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._jinja.globals["_"] = self.mrkdwn
        self._jinja.filters["day"] = self.day
        self._jinja.filters["mention"] = mention

    def say(self, msgid: str | Message, **params: Any) -> str:
        """A sentence as plain text; raises KeyError for an id that is in no catalogue."""
        return self._fill(msgid, params, escape=False)

    def mrkdwn(self, msgid: str | Message, **params: Any) -> Mrkdwn:
        """A sentence for mrkdwn: the parameters are escaped, so what people typed is shown and never obeyed."""
        return Mrkdwn(self._fill(msgid, params, escape=True))

    def template(self, name: str, **context: Any) -> Mrkdwn:
        """A text from a Jinja2 template; everything it prints is escaped for mrkdwn."""
        return Mrkdwn(self._jinja.get_template(name).render(language=self.language, **context).strip())

    def has(self, msgid: str) -> bool:
        """Whether there is a sentence of this id."""
        return msgid in self._sentences

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What is made of these words and nothing else but `key`; made at the first time, and never to be changed."""
        if key not in self._made:  # two threads may both make it; they make the same
            self._made[key] = make()
        made: T = self._made[key]
        return made

    def day(self, value: date | str) -> str:
        """A calendar day with its weekday, in this language."""
        day = date.fromisoformat(value) if isinstance(value, str) else value
        pattern = "y年M月d日 EEE" if self.language == "zh_CN" else "EEE d MMM y"
        return format_date(day, pattern, locale=self._locale)

    def instant(self, value: datetime) -> str:
        """An instant in the company's zone."""
        return format_datetime(value.astimezone(self._zone), "y-MM-dd HH:mm", locale=self._locale)

    def _fill(self, message: str | Message, params: Mapping[str, Any], *, escape: bool) -> str:
        msgid = message.msgid if isinstance(message, Message) else message
        given = {**message.params, **params} if isinstance(message, Message) else params
        text = self._sentence(msgid, plural=given.get("n") != 1)
        words = {name: self._word(value, escape=escape) for name, value in given.items()}
        return text % words if "%" in text else text

    def _sentence(self, msgid: str, *, plural: bool) -> str:
        forms = self._sentences.get(msgid)
        if not forms:
            raise KeyError(f"no sentence {msgid} in {self.language}")
        return forms[-1 if plural else 0]

    def _word(self, value: Any, *, escape: bool) -> str:
        if isinstance(value, Mrkdwn):
            return value
        if isinstance(value, Message):
            return self._fill(value, {}, escape=escape)
        if isinstance(value, Mention):
            return mention(value.person) if escape else f"@{value.person}"
        if isinstance(value, date) and not isinstance(value, datetime):
            return self.day(value)
        if isinstance(value, Sequence) and not isinstance(value, str):
            return LIST_SEPARATOR[self.language].join(self._word(item, escape=escape) for item in value)
        return escape_mrkdwn(str(value)) if escape else str(value)


def escape_mrkdwn(text: str) -> str:
    """Text that Slack shows as it was typed: no mention, no link, no command.

    Its further lines are quoted, so that none can pass for a line of ours, and no code block takes in what follows.
    """
    for typed, shown in SHOWN_AS:
        text = text.replace(typed, shown)
    return text


def mention(person: str) -> Mrkdwn:
    """A person as Slack shows people in mrkdwn. Only ids that Slack gave may be passed."""
    return Mrkdwn(f"<@{person}>")


def _escape_unless_safe(value: Any) -> str:
    return value if isinstance(value, Mrkdwn) else escape_mrkdwn(str(value))


@cache
def _read_catalogue(language: str) -> Sentences:
    file = resources.files("templates") / "locale" / language / "LC_MESSAGES" / "messages.po"
    with file.open("rb") as stream:
        return dict(map(_entry, read_po(stream, locale=language)))


def _entry(message: CatalogMessage) -> tuple[str, tuple[str, ...]]:
    msgid = message.id if isinstance(message.id, str) else message.id[0]
    said = message.string or ""
    return msgid, tuple(filter(None, (said,) if isinstance(said, str) else said))
