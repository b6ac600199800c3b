"""What forms show when they are opened."""

from bot.errors import Message
from bot.improvement.vocabulary import CheckMethod, Source, SourceDetail
from bot.workflow import Scene
from bot.workflow.step import Preset, Values


def own_department(scene: Scene, person: str) -> Values:
    """A suggestion from the person's own department: the usual case, so that two fields are left to fill in."""
    department = scene.company.directory.department_of(person)
    preset: Values = {"source": Source.STAFF_SUGGESTION.value, "source_detail": SourceDetail.SUGGESTION.value}
    return preset | ({"raising_dept": department} if department else {})


def kept(*names: str) -> Preset:
    """What the record already says in these fields."""

    def preset(scene: Scene, _person: str) -> Values:
        shown = {name: scene.value(name) for name in names}
        return {name: value for name, value in shown.items() if value is not None}

    return preset


def own_report(*names: str) -> Preset:
    """Done today by oneself, as planned; a report that was sent back is completed, not written again."""

    def preset(scene: Scene, person: str) -> Values:
        today = scene.today.isoformat()
        begun: Values = {
            "executors": [person],
            "started_on": today,
            "completed_on": today,
            "deviation": Message("preset.no_deviation"),
        }
        return begun | kept(*names)(scene, person)

    return preset


def checked_today(method: CheckMethod) -> Preset:
    """A check of today, in the usual way."""

    def preset(scene: Scene, _person: str) -> Values:
        return {"verified_on": scene.today.isoformat(), "check_method": method.value}

    return preset


def classification(scene: Scene, _person: str) -> Values:
    """The scores given so far, and the raising department as a first guess at the responsible one."""
    names = (
        "nature",
        "impact",
        "resource_need",
        "urgency",
        "responsible_dept",
        "business_impact",
        "recurrence_of",
    )
    shown = {name: scene.value(name) for name in names}
    shown["responsible_dept"] = shown["responsible_dept"] or scene.value("raising_dept")
    shown["major_problem"] = scene.record.major_problem or None
    return {name: value for name, value in shown.items() if value is not None}
