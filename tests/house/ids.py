"""Which ids the program can ask the catalogues for, and with which parameters.

Three roads lead to a sentence. Tables: a step has a label, a field a name. Strings in the code that look like an
id, `"ui.cancel"`. And bare words given to something that puts the head before them: `Refused("no_documents")`.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from pathlib import Path

from bot.improvement import LIFECYCLES
from bot.improvement.deadlines import DEADLINES
from bot.improvement.vocabulary import FormCode, ImprovementClass
from bot.people.who import CHAIN, STAND_IN, SYSTEM, Who
from bot.profile import ROLES
from bot.workflow import Grouped
from bot.workflow.forms import Form, is_choice, marker_of, type_of

ROOT = Path(__file__).parents[2]
FROM_TABLES = ("step", "stage", "class", "field", "hint", "choice", "role", "deadline", "form")
FROM_BARE_WORDS = ("refused", "invalid", "news", "advice")
SPELT_OUT = (
    "ui", "home", "remind", "digest", "help", "cli", "doctor", "preset", "profile", "calendar", "settings",
)  # fmt: skip
HEADS = "|".join((*FROM_TABLES, *FROM_BARE_WORDS, *SPELT_OUT))
ID = re.compile(rf"({HEADS})\.[\w.>*]+")
IN_TEMPLATE = re.compile(r"\b_\(\s*'([^']+)'")
OTHER_MEANING = {("extension", "REJECTED")}
"""Stages of a part of an improvement that mean something else than the improvement's stage of the same name."""

BARE_WORDS = {
    "Refused": ("refused", 0),
    "refuse": ("refused", 0),
    "Separation": ("refused", 0),
    "invalid": ("invalid", 1),
    "tell": ("news", 1),
    "post": ("news", 1),
    "confirm": ("news", 0),
    "Advice": ("advice", 1),
}
WITH_PARAMETERS = ("Message", "UserError", "say", "mrkdwn", *BARE_WORDS)


@dataclass
class Asked:
    """What was found. A `*` in `unclear` stands for what reading the code could not tell.

    `given` are the parameters an id is always given, for the ids where that can be told.
    """

    ids: set[str] = field(default_factory=set)
    unclear: set[str] = field(default_factory=set)
    given: dict[str, frozenset[str]] = field(default_factory=dict)

    def add(self, msgid: str) -> None:
        """An id, or a pattern of ids that are known from elsewhere or else unclear."""
        if "*" not in msgid:
            self.ids.add(msgid)
        elif msgid.split(".")[0] in SPELT_OUT:
            self.unclear.add(msgid)


@cache
def asked() -> Asked:
    """Everything the program can ask for."""
    found = Asked(ids=set(_from_tables()))
    for path in _files(".j2"):
        found.ids |= set(IN_TEMPLATE.findall(path.read_text(encoding="utf-8")))
    for path in _files(".py"):
        _Source(path, found).read()
    return found


def hints() -> set[str]:
    """The ids of hints there may be: one for each field."""
    return {f"hint.{name}" for form in _forms() for name in form.model_fields}


def _files(suffix: str) -> Iterator[Path]:
    for room in ("bot", "handlers", "templates"):
        for path in sorted((ROOT / room).rglob(f"*{suffix}")):
            # The local workspace is a product of its own, with words of its own.
            if "sandbox" not in path.parts:
                yield path


# Tables


def _from_tables() -> Iterator[str]:
    for kind, lifecycle in LIFECYCLES.items():
        yield from (f"step.{step}" for step in lifecycle.steps)
        yield from (_stage(kind, stage) for stage in lifecycle.stages)
    for form in _forms():
        yield from (f"field.{name}" for name in form.model_fields)
        yield from _choices(form)
    yield from (f"class.{class_}" for class_ in ImprovementClass)
    yield from (f"form.{code}" for code in FormCode)
    yield from (f"deadline.{name}" for name in DEADLINES)
    yield from (f"role.{code}" for code in _roles())


def _forms() -> list[type[Form]]:
    return [step.form for lifecycle in LIFECYCLES.values() for step in lifecycle.steps.values()]


def _stage(kind: str, stage: str) -> str:
    return f"stage.{kind}.{stage}" if (kind, stage) in OTHER_MEANING else f"stage.{stage}"


def _choices(form: type[Form]) -> Iterator[str]:
    for info in form.model_fields.values():
        if is_choice(info):
            yield from (f"choice.{type_of(info).__name__}.{item.value}" for item in type_of(info))
        marker = marker_of(info)
        if isinstance(marker, Grouped):
            by = type_of(form.model_fields[marker.by])
            yield from (f"choice.{by.__name__}.{item.value}" for item in by)


def _roles() -> set[str]:
    entitled: list[Who] = [step.who for life in LIFECYCLES.values() for step in life.steps.values()]
    entitled += [kind.holder for kind in DEADLINES.values()]
    codes = {grant.code for who in entitled for grant in who.grants}
    return codes | {SYSTEM, *ROLES} | {form for code in codes & {*ROLES} | {*CHAIN} for form in _chain(code)}


def _chain(role: str) -> list[str]:
    """How the history names a role that fell to another: the rules of `Who`."""
    rest = CHAIN[CHAIN.index(role) + 1 :] if role in CHAIN else CHAIN[CHAIN.index(STAND_IN) :]
    return [f"{role}>{next_role}" for next_role in rest]


# Code


class _Source:
    """One file. Names are not told apart by scope: whatever a name is given anywhere in the file, it may be."""

    def __init__(self, path: Path, found: Asked) -> None:
        self.found = found
        self.tree = ast.parse(path.read_text(encoding="utf-8"))
        self.bound: dict[str, list[ast.expr]] = {}
        functions = {n.name: n.args for n in ast.walk(self.tree) if isinstance(n, ast.FunctionDef)}
        for node in ast.walk(self.tree):
            for name, value in _bindings(node, functions):
                self.bound.setdefault(name, []).append(value)

    def read(self) -> None:
        """Collect the ids of the file."""
        for node in ast.walk(self.tree):
            match node:
                case ast.Constant(value=str()) | ast.JoinedStr():
                    for text in self.texts(node):
                        if ID.fullmatch(text):
                            self.found.add(text)
                case ast.Call():
                    self._read_call(node)
                case ast.Dict(keys=keys, values=values):
                    named = zip(keys, values, strict=True)
                    self._bare("news", [v for k, v in named if _is_text(k, "news")])

    def _read_call(self, call: ast.Call) -> None:
        name = _name_of(call.func)
        head, place = BARE_WORDS.get(name, ("", 0))
        word = call.args[place : place + 1]
        self._bare(head, word) if head else None
        self._bare("news", [k.value for k in call.keywords if k.arg == "news"])
        if name in WITH_PARAMETERS and word:
            for text in self.texts(word[0]):
                self._note(f"{head}.{text}" if head else text, _parameters(call))

    def _bare(self, head: str, words: Iterable[ast.expr]) -> None:
        for word in words:
            for text in self.texts(word):
                self.found.add(f"{head}.{text}")

    def _note(self, msgid: str, parameters: frozenset[str] | None) -> None:
        if parameters is not None and ID.fullmatch(msgid):
            self.found.given[msgid] = self.found.given.get(msgid, parameters) & parameters

    def texts(self, node: ast.expr | None, depth: int = 5) -> list[str]:
        """What an expression can become, with `*` for what cannot be told."""
        match node:
            case ast.Constant(value=str(text)):
                return [text]
            case ast.JoinedStr(values=parts):
                return ["".join(p) for p in product(*(self.texts(part, depth) for part in parts))]
            case ast.FormattedValue(value=value):
                return self.texts(value, depth)
            case ast.IfExp(body=one, orelse=other):
                return self.texts(one, depth) + self.texts(other, depth)
            case ast.Dict(values=several) | ast.Tuple(elts=several) | ast.List(elts=several):
                return [text for each in several for text in self.texts(each, depth)]
            case ast.Call(func=ast.Attribute(value=table, attr="get"), args=[_, default]):
                return self.texts(table, depth) + self.texts(default, depth)
            case ast.Subscript(value=table):
                return self.texts(table, depth)
            case ast.Name(id=name) if depth and name in self.bound:
                texts = [text for value in self.bound[name] for text in self.texts(value, depth - 1)]
                return sorted({text for text in texts if "*" not in text}) or ["*"]
            case _:
                return ["*"]


def _bindings(node: ast.AST, functions: dict[str, ast.arguments]) -> Iterator[tuple[str, ast.expr]]:
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            yield name, value
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            yield name, value
        case ast.For(target=ast.Name(id=name), iter=value) | ast.comprehension(target=ast.Name(id=name), iter=value):
            yield name, value
        case ast.Compare(left=ast.Name(id=name), ops=[ast.In() | ast.Eq()], comparators=[value]):
            yield name, value
        case ast.Call(func=func, args=args, keywords=keywords) if _name_of(func) in functions:
            names = [arg.arg for arg in functions[_name_of(func)].args if arg.arg not in ("self", "cls")]
            yield from zip(names, args, strict=False)
            yield from ((keyword.arg, keyword.value) for keyword in keywords if keyword.arg)


def _name_of(func: ast.expr) -> str:
    return func.id if isinstance(func, ast.Name) else func.attr if isinstance(func, ast.Attribute) else ""


def _is_text(node: ast.expr | None, text: str) -> bool:
    return isinstance(node, ast.Constant) and node.value == text


def _parameters(call: ast.Call) -> frozenset[str] | None:
    """The names of the parameters, or None where they cannot be told."""
    names = {keyword.arg for keyword in call.keywords}
    for dict_ in call.args[1:] if _name_of(call.func) == "Message" else []:
        keys = dict_.keys if isinstance(dict_, ast.Dict) else [None]
        names |= {str(key.value) if isinstance(key, ast.Constant) else None for key in keys}
    return None if None in names else frozenset(str(name) for name in names)
