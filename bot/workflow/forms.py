"""Forms: pydantic models whose fields carry markers. One check for what a person typed, in a modal or elsewhere."""

import re
from collections.abc import Mapping
from enum import Enum
from types import UnionType
from typing import Any, Self, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from bot.errors import Invalid, Message
from bot.workflow.fields import Marker, Setting

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # all but tab and line feed
# They turn the direction of everything behind them, so that a card would say something else than it holds.
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
NO_CHARACTER = re.compile("[\ufffe\uffff]")
LINE_BREAK = re.compile("[\u2028\u2029]")


class Form(BaseModel):
    """What a step asks for. A subclass declares fields and overrides `faults` for what spans several of them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _tidy(cls, data: Any) -> Any:
        tidied = {name: tidy(value) if isinstance(value, str) else value for name, value in dict(data).items()}
        return {name: value for name, value in tidied.items() if value not in ("", None, [])}

    @field_validator("*", mode="after")
    @classmethod
    def _obey_marker(cls, value: Any, info: ValidationInfo[Setting]) -> Any:
        marker = marker_of(cls.model_fields[str(info.field_name)])
        fault = marker.fault(value, info.context) if marker and value is not None else None
        if fault:
            raise PydanticCustomError("marker", "marker", {"message": fault})
        return value

    def faults(self, setting: Setting) -> Mapping[str, Message]:
        """What is wrong with fields taken together, by the field where the person can mend it."""
        return {}

    @classmethod
    def read(cls, values: Mapping[str, Any], setting: Setting) -> Self:
        """The form with these values; raises `Invalid` with a sentence for each field that is wrong."""
        try:
            form = cls.model_validate(values, context=setting)
        except ValidationError as error:
            raise Invalid({str(e["loc"][0]): _sentence(e) for e in error.errors() if e["loc"]}) from error
        faults = form.faults(setting)
        if faults:
            raise Invalid(faults)
        return form

    def plain(self) -> dict[str, Any]:
        """The filled fields as JSON values: dates in ISO 8601, decimals as text."""
        return self.model_dump(mode="json", exclude_none=True)


class Nothing(Form):
    """The form of a step that asks for nothing."""


def tidy(text: str) -> str:
    """A text without what no database and no picture keeps, and with nothing in it that turns the text around it.

    Half a surrogate pair becomes �, and every kind of line break a line feed.
    """
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    for unwanted in (CONTROL, TURNING, NO_CHARACTER):
        whole = unwanted.sub("", whole)
    return LINE_BREAK.sub("\n", whole).strip()


def marker_of(field: FieldInfo) -> Marker | None:
    """The marker in a field's annotation."""
    return next((m for m in field.metadata if isinstance(m, Marker)), None)


def type_of(field: FieldInfo) -> Any:
    """The field's type without `| None`."""
    annotation = field.annotation
    if get_origin(annotation) in (Union, UnionType):
        return next(arg for arg in get_args(annotation) if arg is not type(None))
    return annotation


def is_choice(field: FieldInfo) -> bool:
    """Whether the field takes one value of an enumeration."""
    kind = type_of(field)
    return isinstance(kind, type) and issubclass(kind, Enum)


def _sentence(error: Any) -> Message:
    if error["type"] == "marker":
        message: Message = error["ctx"]["message"]
        return message
    known = {"missing": "required", "enum": "not_offered", "extra_forbidden": "unknown_field"}
    return Message(f"invalid.{known.get(error['type'], 'wrong_kind')}")
