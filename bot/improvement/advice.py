"""What quality is advised when it classifies. Advice only: quality decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from bot.errors import Message
from bot.improvement.vocabulary import CapaType, ImprovementClass, Nature, Source
from bot.workflow import Scene


@dataclass(frozen=True)
class Advice:
    """A suggested class with its reason, a catalogue id under `advice.`, and the kind of CAPA it would be."""

    class_: ImprovementClass
    reason: str
    capa_type: CapaType


def advise(scene: Scene) -> Advice | None:
    """The suggestion for a record that was assessed or has happened before, else None."""
    values, triage = scene.record.values, scene.company.profile.triage
    nature = values.get("nature")
    if nature is None:
        again = scene.record.recurrence_of
        return Advice(ImprovementClass.CAPA, "recurrence", CapaType.CORRECTIVE) if again else None
    kind = CapaType.PREVENTIVE if nature == Nature.POTENTIAL_NC else CapaType.CORRECTIVE
    if values.get("source") == Source.INTERNAL_AUDIT and nature == Nature.MINOR_NC:
        return Advice(ImprovementClass.CAPA, "audit", kind)
    if nature in (Nature.NC, Nature.POTENTIAL_NC):
        return Advice(ImprovementClass.CAPA, "nonconformity", kind)
    if scene.record.recurrence_of:
        return Advice(ImprovementClass.CAPA, "recurrence", kind)
    if nature == Nature.SYSTEMIC:
        return Advice(ImprovementClass.PROJECT, "systemic", kind)
    if int(values["resource_need"]) >= triage.project_if_resource:
        return Advice(ImprovementClass.PROJECT, "resource", kind)
    if int(values["impact"]) >= triage.project_if_impact:
        return Advice(ImprovementClass.PROJECT, "impact", kind)
    return Advice(ImprovementClass.DAILY, "light", kind)


def suggested(scene: Scene) -> Sequence[Message]:
    """The suggestion in words, where there is one."""
    advice = advise(scene)
    if advice is None:
        return ()
    reason, class_ = Message(f"advice.{advice.reason}"), Message(f"class.{advice.class_}")
    return [Message("ui.advice", {"class_": class_, "reason": reason})]


def priority(*, impact: int, urgency: int, resource_need: int) -> int:
    """Impact times urgency over resource need, in hundredths, rounded half up."""
    score = Decimal(100 * impact * urgency) / resource_need
    return int(score.to_integral_value(ROUND_HALF_UP))
