"""Reads the ids of sentences out of source code, without running it.

Two roads lead from code to a sentence: a string that looks like an id, `"ui.cancel"`, and a bare word given to
something that puts the head before it, `Refused("no_documents")`.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

FROM_TABLES = ("step", "stage", "class", "field", "hint", "choice", "role", "deadline", "form")
FROM_BARE_WORDS = ("refused", "invalid", "news", "advice")
SPELT_OUT = (
    "ui",
    "home",
    "remind",
    "digest",
    "help",
    "cli",
    "doctor",
    "preset",
    "profile",
    "calendar",
    "settings",
    "picture",
    "missing",
    "criterion",
    "capa",
    "project",
    "charter",
    "objective",
    "acceptance",
    "dossier",
)
ID = re.compile(rf"({'|'.join((*FROM_TABLES, *FROM_BARE_WORDS, *SPELT_OUT))})(\.[\w>*]+)+")

BARE_WORDS = {
    "Refused": ("refused", 0),
    "refuse": ("refused", 0),
    "Separation": ("refused", 0),
    "invalid": ("invalid", 1),
    "tell": ("news", 1),
    "post": ("news", 1),
    "notify": ("news", 1),
    "Advice": ("advice", 1),
}
WHOLE_IDS = ("Message", "UserError", "say", "mrkdwn")
SCOPES = (ast.Module, ast.FunctionDef, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass
class Asked:
    """What was found. A `*` in `unclear` stands for what only the running program knows.

    `given` are the parameters an id is always given, for the ids where that can be told.
    """

    ids: set[str] = field(default_factory=set)
    unclear: set[str] = field(default_factory=set)
    given: dict[str, frozenset[str]] = field(default_factory=dict)

    def add(self, msgid: str) -> None:
        """An id, or a pattern of ids; the patterns whose ids are known from elsewhere are left out."""
        if "*" not in msgid:
            self.ids.add(msgid)
        elif msgid.startswith(tuple(f"{head}." for head in SPELT_OUT)):
            self.unclear.add(msgid)


class Source:
    """One file. A name may be whatever it is given in its function: assigned, looped over, looked for or passed in."""

    def __init__(self, path: Path, found: Asked) -> None:
        self._found = found
        self._scopes: dict[ast.AST, tuple[ast.AST, ...]] = {}
        self._measure(ast.parse(path.read_text(encoding="utf-8")), ())
        self._bound: dict[tuple[ast.AST, str], list[ast.expr]] = {}
        functions = {node.name: node for node in self._scopes if isinstance(node, ast.FunctionDef)}
        for node, (here, *_) in self._scopes.items():
            for name, value in _given(node):
                self._bound.setdefault((here, name), []).append(value)
            if isinstance(node, ast.Call) and (function := functions.get(_name_of(node.func))):
                for name, value in _arguments(node, function.args):
                    self._bound.setdefault((function, name), []).append(value)

    def read(self) -> None:
        """Collect the ids of the file."""
        pieces = {piece for node in self._scopes if isinstance(node, ast.JoinedStr) for piece in node.values}
        for node in self._scopes:
            match node:
                case ast.Constant(value=str()) if node not in pieces:
                    self._read_text(node)
                case ast.JoinedStr(values=[ast.Constant(value=str(start)), *_]):
                    if not start.startswith(tuple(f"{head}." for head in FROM_TABLES)):
                        self._read_text(node)
                case ast.Call():
                    self._read_call(node)
                case ast.Dict(keys=keys, values=values):
                    for key, value in zip(keys, values, strict=True):
                        if isinstance(key, ast.Constant) and key.value == "news":
                            self._add("news", value)

    def _measure(self, node: ast.AST, outside: tuple[ast.AST, ...]) -> None:
        """Note for every node of the tree the scopes it stands in, the innermost first."""
        self._scopes[node] = (node, *outside) if isinstance(node, SCOPES) else outside
        for child in ast.iter_child_nodes(node):
            self._measure(child, self._scopes[node])

    def _read_text(self, node: ast.expr) -> None:
        for text in self._texts(node):
            if ID.fullmatch(text):
                self._found.add(text)

    def _read_call(self, call: ast.Call) -> None:
        name = _name_of(call.func)
        head, place = BARE_WORDS.get(name, ("", 0))
        if head or name in WHOLE_IDS:
            for word in call.args[place : place + 1]:
                if head or isinstance(word, ast.Constant):
                    self._add(head, word)
                self._note(head, word, _parameters(call))
        for keyword in call.keywords:
            if keyword.arg == "news":
                self._add("news", keyword.value)

    def _add(self, head: str, word: ast.expr) -> None:
        for msgid in self._ids(head, word):
            self._found.add(msgid)

    def _note(self, head: str, word: ast.expr, parameters: frozenset[str] | None) -> None:
        for msgid in self._ids(head, word):
            if parameters is not None:
                self._found.given[msgid] = self._found.given.get(msgid, parameters) & parameters

    def _ids(self, head: str, word: ast.expr) -> list[str]:
        return [f"{head}.{text}" if head else text for text in self._texts(word)]

    def _texts(self, node: ast.expr, depth: int = 5) -> list[str]:
        """What an expression can become, with `*` for what cannot be told."""
        match node:
            case ast.Constant(value=str(text)):
                return [text]
            case ast.JoinedStr(values=parts):
                return ["".join(p) for p in product(*(self._texts(part, depth) for part in parts))]
            case ast.FormattedValue(value=value):
                return self._texts(value, depth)
            case ast.IfExp(body=one, orelse=other):
                return self._texts(one, depth) + self._texts(other, depth)
            case ast.Dict(values=several) | ast.Tuple(elts=several) | ast.List(elts=several):
                return [text for each in several for text in self._texts(each, depth)]
            case ast.Call(func=ast.Attribute(value=table, attr="get"), args=[_, default]):
                return self._texts(table, depth) + self._texts(default, depth)
            case ast.Subscript(value=table):
                return self._texts(table, depth)
            case ast.Name(id=name) if depth:
                place = next((p for p in self._scopes[node] if (p, name) in self._bound), None)
                values = self._bound[place, name] if place else []
                texts = {text for value in values for text in self._texts(value, depth - 1)}
                return sorted(text for text in texts if "*" not in text) or ["*"]
            case _:
                return ["*"]


def _given(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            yield name, value
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            yield name, value
        case ast.For(target=ast.Name(id=name), iter=value) | ast.comprehension(target=ast.Name(id=name), iter=value):
            yield name, value
        case ast.Compare(left=ast.Name(id=name), ops=[ast.In()], comparators=[value]):
            yield name, value


def _arguments(call: ast.Call, expected: ast.arguments) -> Iterator[tuple[str, ast.expr]]:
    names = [argument.arg for argument in expected.args if argument.arg not in ("self", "cls")]
    yield from zip(names, call.args, strict=False)
    yield from ((keyword.arg, keyword.value) for keyword in call.keywords if keyword.arg)


def _name_of(func: ast.expr) -> str:
    return func.id if isinstance(func, ast.Name) else func.attr if isinstance(func, ast.Attribute) else ""


def _parameters(call: ast.Call) -> frozenset[str] | None:
    """The names of the parameters, or None where they cannot be told."""
    names = {keyword.arg for keyword in call.keywords}
    for dict_ in call.args[1:] if _name_of(call.func) == "Message" else []:
        keys = dict_.keys if isinstance(dict_, ast.Dict) else [None]
        names |= {str(key.value) if isinstance(key, ast.Constant) else None for key in keys}
    return None if None in names else frozenset(str(name) for name in names)
