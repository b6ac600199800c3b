"""The engine: steps, lifecycles, what may be done now, and the one function that does it."""

from bot.workflow.change import Change
from bot.workflow.fields import (
    Day,
    Department,
    Grouped,
    Line,
    Member,
    Members,
    Number,
    Pick,
    RecordNumber,
    Text,
)
from bot.workflow.forms import Form, Nothing
from bot.workflow.judging import glance, judge
from bot.workflow.perform import Done, Request, Workflow
from bot.workflow.scene import Scene
from bot.workflow.step import Guide, Lifecycle, Step, StepTable

__all__ = [
    "Change",
    "Day",
    "Department",
    "Done",
    "Form",
    "Grouped",
    "Guide",
    "Lifecycle",
    "Line",
    "Member",
    "Members",
    "Nothing",
    "Number",
    "Pick",
    "RecordNumber",
    "Request",
    "Scene",
    "Step",
    "StepTable",
    "Text",
    "Workflow",
    "glance",
    "judge",
]
