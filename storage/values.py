"""Values of the tables as they stand in a backup, in JSON, and back: strictly, whoever wrote the file."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlmodel.sql.sqltypes import UTCDateTime

INTEGER_BITS = 63
T = TypeVar("T")


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    return value.isoformat() if isinstance(value, date) else value


def no_number(name: str) -> None:
    """JSON knows no NaN and no infinity, although Python reads them."""
    raise ValueError(name)


def reader(column: sa.Column[Any]) -> Callable[[Any], Any]:
    """What makes a value of the column out of what stands in the file. SQLite itself takes anything anywhere."""
    read: Callable[[Any], Any]
    match column.type:
        case UTCDateTime():
            read = _instant
        case sa.Date():
            read = date.fromisoformat
        case sa.Boolean():
            read = partial(_exactly, bool)
        case sa.Integer():
            read = _integer
        case sa.JSON():
            return lambda value: value
        case _:
            read = partial(_exactly, str)
    return lambda value: None if value is None else read(value)


def _exactly(kind: type[T], value: Any) -> T:
    if type(value) is not kind:
        raise TypeError(type(value))
    return value


def _integer(value: Any) -> int:
    number = _exactly(int, value)
    if number.bit_length() > INTEGER_BITS:
        raise ValueError(number.bit_length())
    return number


def _instant(value: Any) -> datetime:
    instant = datetime.fromisoformat(value)
    if instant.tzinfo is None:
        raise ValueError(value)
    return instant
