"""Blocks and elements as HTML: what a message, a modal or a Home tab shows one reader.

Every block type has a macro `block_…` in blocks.html, every element type one in elements.html, and fields.html puts
an element under its label. A type without a macro is shown as "[type]": nothing an app sends disappears silently.
The scripts find things by their data: `data-act="press"` is a button, a `.control` holds one element that can be
filled, `data-acts` says that it tells the bot at once.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from bot.sandbox import forms
from bot.sandbox.company import User
from bot.sandbox.page.choices import groups_of, is_long
from bot.sandbox.page.drawing_words import drawing_words
from bot.sandbox.page.emoji_names import with_emoji
from bot.sandbox.page.markdown import markdown_html
from bot.sandbox.page.mrkdwn import to_html
from bot.sandbox.page.references import LINKS, References
from bot.sandbox.page.rich_text import rich_html, rich_words
from bot.sandbox.state import Json, Message, View, Workspace

Shape = Callable[..., Markup]
SHAPES = ("blocks.html", "elements.html", "fields.html")
# Several inputs under one name: their label is a legend.
GROUPS = (
    "checkboxes",
    "radio_buttons",
    "multi_static_select",
    "multi_users_select",
    "multi_channels_select",
    "multi_conversations_select",
)


class Drawing:
    """Draws with one reader's eyes: in their language and zone, with what they may choose.

    `prefix` tells two drawings of one place on the same page apart.
    """

    def __init__(self, workspace: Workspace, reader: User, prefix: str = "") -> None:
        self._workspace = workspace
        self._reader = reader
        self._prefix = prefix

    def blocks(self, place: Message | View) -> Markup:
        """All blocks of a message, a modal or a Home tab."""
        return Markup('<div class="blocks">{}</div>').format(self._sheet(place).html())

    def text(self, message: Message) -> Markup:
        """What a message without blocks says."""
        return Markup('<div class="blocks">{}</div>').format(to_html(message.text, self._workspace, self._reader))

    def form(self, view: View) -> Markup:
        """The inside of a modal's form: its blocks, with everything that is filled in so far."""
        return self.blocks(view)

    def _sheet(self, place: Message | View) -> "Sheet":
        key = place.id if isinstance(place, View) else f"{place.channel}-{place.ts.replace('.', '')}"
        return Sheet(self._workspace, self._reader, place, f"{self._prefix}{key}")


@dataclass(frozen=True)
class Slot:
    """One element where it stands. `value` is what is filled in: a text, a value, an id, or a list of them."""

    e: Json
    id: str
    value: Any
    state: Json
    acts: bool
    field: Json | None = None

    @property
    def confirm(self) -> Json | None:
        found = self.e.get("confirm")
        return found if isinstance(found, dict) else None


class Sheet:
    """One place being drawn. It numbers its elements, so that every one has an id of its own on the page."""

    def __init__(self, workspace: Workspace, reader: User, place: Message | View, key: str) -> None:
        self._workspace = workspace
        self._reader = reader
        self._place = place
        self._key = key
        self._numbers = count(1)
        self._shapes = [_templates().get_template(name).make_module(self._context()) for name in SHAPES]

    def html(self) -> Markup:
        return self._each(self._place.blocks)

    def _context(self) -> dict[str, Any]:
        references = References(self._workspace, self._reader)
        return {
            "words": drawing_words(self._reader),
            "reader": self._reader,
            "each": self._each,
            "element": self._element,
            "control": self._control,
            "field": self._field,
            "groups": lambda slot: groups_of(slot.e, self._workspace, self._reader, _chosen(slot.value)),
            "is_long": is_long,
            "text": self._text,
            "plain": _plain,
            "rich": lambda block: rich_html(block, references),
            "rich_words": rich_words,
            "markdown": markdown_html,
            "picture": _picture,
            "is_link": lambda address: LINKS.match(str(address)) is not None,
            "group_types": GROUPS,
        }

    def _each(self, blocks: Iterable[Json]) -> Markup:
        return Markup("").join(self._shape("block_", block.get("type"))(block) for block in blocks)

    def _element(self, element: Json, block: Json) -> Markup:
        """An element in a section, an actions block or a card: it tells the bot at once."""
        return self._control(self._slot(element, block, acts=True))

    def _field(self, block: Json) -> Markup:
        """An input block: label, element, hint, and room for what is wrong with it."""
        acts = bool(block.get("dispatch_action"))
        return self._shape("", "field")(self._slot(block["element"], block, acts=acts, field=block))

    def _control(self, slot: Slot) -> Markup:
        return self._shape("element_", slot.e.get("type"))(slot)

    def _slot(self, element: Json, block: Json, *, acts: bool, field: Json | None = None) -> Slot:
        number = next(self._numbers)
        state: Json = {}
        value: Any = None
        if element.get("type") in forms.PLAIN:
            state = self._state(element, block)
            value = forms.value_of(element, state)
        if element.get("type") == "datetimepicker" and value is not None:
            value = datetime.fromtimestamp(int(value), UTC).astimezone(ZoneInfo(self._reader.tz)).isoformat()[:16]
        return Slot(element, f"{self._key}-{number}", value, state, acts, field)

    def _state(self, element: Json, block: Json) -> Json:
        held = self._place.state_of(self._reader.id).get(block.get("block_id", ""), {})
        return held.get(str(element.get("action_id"))) or forms.initial(element)

    def _text(self, text: Json | str | None) -> Markup:
        """A text object, with the line ends of a plain text kept."""
        if isinstance(text, dict) and text.get("type") == "mrkdwn":
            return to_html(str(text.get("text", "")), self._workspace, self._reader)
        return Markup('<span class="plain">{}</span>').format(_plain(text))

    def _shape(self, prefix: str, kind: object) -> Shape:
        """The macro for this type, or the one for types that have none."""
        names = [f"{prefix}{kind}", f"{prefix}unknown"]
        found: Iterable[Shape | None] = (getattr(shapes, name, None) for name in names for shapes in self._shapes)
        return next(shape for shape in found if shape is not None)


@cache
def _templates() -> Environment:
    # Undefined stays lenient: blocks are JSON whose optional keys are simply absent.
    return Environment(
        loader=PackageLoader("bot.sandbox", "page/templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )


def _plain(text: Json | str | None) -> str:
    words = text.get("text", "") if isinstance(text, dict) else text or ""
    return with_emoji(str(words))


def _chosen(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def _picture(image: Json) -> str:
    """The address of an image block or element, "" where it has none that a page may load."""
    file = image.get("slack_file") or {}
    address = str(image.get("image_url") or file.get("url") or "")
    if file.get("id"):
        return f"/_control/files/{file['id']}"
    return address if address.startswith(("https://", "http://", "data:image/", "/")) else ""
