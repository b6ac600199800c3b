"""Fills any form by chance: mostly sensibly, now and then not."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from enum import Enum
from random import Random
from typing import Any

from bot.workflow import Scene, Step
from bot.workflow.fields import (
    Day,
    Department,
    Grouped,
    Line,
    Marker,
    Member,
    Members,
    Number,
    Pick,
    RecordNumber,
    Text,
)
from bot.workflow.forms import marker_of, type_of

STAFF = ("U_CHEN", "U_SMITH", "U_ZHOU", "U_LIU")
TEXTS = ("流程没有规定", "系统不校验", "人员疏忽", "加强培训", "x<&>y")
CRITERION = {
    "criterion_kind": "RATE",
    "baseline_num": "34",
    "baseline_den": "40",
    "target_op": "GE",
    "target_value": "98",
    "sample_min": "50",
    "baseline_value": None,
}
EARNEST: dict[str, dict[str, Any]] = {
    "set_criterion": CRITERION,
    "add_root_cause": {"rca_method": "OTHER"},
    "add_measure": {"involves_change": "false"},
    "report_measure_done": {"involves_change": "false", "change_state": None},
    "report_result": {"involves_change": "false", "change_state": None},
    "verify_effective": {"measured_num": "59", "measured_den": "60", "measured_value": None, "sample_size": "60"},
    "verify_ineffective": {"measured_num": "40", "measured_den": "60", "measured_value": None, "sample_size": "60"},
}
"""Values that fit together; without them a figure met by chance would be rare."""


def made_up(chance: Random, here: Scene, step: Step) -> dict[str, Any]:
    """What somebody types who knows the form but not the matter; what is preset stays every other time."""
    presets = {k: v for k, v in step.presets(here, "U_ZHOU").items() if isinstance(v, str | list)}
    fields = step.form.model_fields.items()
    filled = {name: _value(chance, here, step, marker_of(field), type_of(field)) for name, field in fields}
    kept = presets if chance.random() < 0.5 else {}
    return {name: value for name, value in (filled | kept).items() if value is not None}


def earnest(chance: Random, step: Step) -> dict[str, Any]:
    """Values that fit together, four times out of five."""
    return EARNEST.get(step.id, {}) if chance.random() < 0.8 else {}


def _value(chance: Random, here: Scene, step: Step, marker: Marker | None, kind: Any) -> Any:
    if marker is not None:
        return BY_MARKER[type(marker)](chance, here, step, marker)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return chance.choice([item.value for item in kind])
    return chance.choice(["true", "false"])


def _number(chance: Random, _here: Scene, _step: Step, marker: Any) -> str | None:
    if marker.places == 0:
        return str(chance.choice([0, 1, 50, 60, 100]))
    return chance.choice([None, str(Decimal(chance.randint(0, 100)))])


def _day(chance: Random, here: Scene, _step: Step, marker: Any) -> str:
    days = chance.choice([0, 0, 0, 0, -3]) if marker.past else chance.randint(0, 12)
    return (here.today + timedelta(days=days)).isoformat()


def _pick(chance: Random, here: Scene, step: Step, marker: Any) -> str:
    return chance.choice([*step.offered(here).get(marker.source, {})] or ["999"])


Fill = Callable[[Random, Scene, Step, Any], Any]
BY_MARKER: Mapping[type[Marker], Fill] = {
    Line: lambda chance, *_: chance.choice(TEXTS),
    Text: lambda chance, *_: chance.choice(TEXTS),
    Number: _number,
    Day: _day,
    Member: lambda chance, *_: chance.choice(STAFF),
    Members: lambda chance, *_: [chance.choice(STAFF)],
    Department: lambda chance, *_: chance.choice(["信息部", "通信部", "质量管理部"]),
    Pick: _pick,
    RecordNumber: lambda *_: None,
    Grouped: lambda *_: None,
}
