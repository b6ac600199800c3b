"""The failures a person can do something about. Everything else is an ordinary exception and gets a reference."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Message:
    """A sentence to be said in the reader's language: a catalogue id and its parameters.

    A parameter may itself be a `Message`, a `Mention`, a date, or a list of them, and is then put into words first.
    """

    msgid: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Mention:
    """A person as a parameter of a sentence: shown the way the place shows people."""

    person: str


class UserError(Exception):
    """Something the person can fix; carries the sentence that says how."""

    def __init__(self, msgid: str, **params: Any) -> None:
        super().__init__(msgid, params)
        self.message = Message(msgid, params)


class Refused(UserError):
    """A step that this person may not take, or not now. Nothing has changed; the refusal is recorded."""

    def __init__(self, reason: str, **params: Any) -> None:
        super().__init__(f"refused.{reason}", **params)
        self.reason = reason


class Invalid(UserError):
    """A form with errors; `errors` says for each field what to do."""

    def __init__(self, errors: Mapping[str, Message]) -> None:
        super().__init__("refused.invalid_form", fields=[Message(f"field.{name}") for name in errors])
        self.reason = "invalid_form"
        self.errors = dict(errors)
