"""What a case of the library says: problem, cause, practice, result."""

from typing import Annotated

from bot.improvement.forms import Evidence
from bot.workflow import Form, Line, Text


class CaseText(Form):
    """A case, as somebody who was not there reads it."""

    case_title: Annotated[str, Line(80)]
    case_problem: Annotated[str, Text(2000)]
    case_cause: Annotated[str, Text(1500)]
    case_practice: Annotated[str, Text(3000)]
    case_result: Annotated[str, Text(1500)]
    case_tags: Annotated[str | None, Line(120)] = None
    evidence: Evidence = None


TEXT = tuple(CaseText.model_fields)
