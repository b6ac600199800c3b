"""The register of improvements: each part of its life is a table of steps.

Read in this order: `intake` (raise, ask, decline), `classifying`, `routing`, `daily`; a CAPA goes through `analysis`,
`causes`, `criterion`, `plan`, `measures`, `implementing` and `effect`, round by round (`rounds`); a project through
`charter`, `chartering`, `team`, `reports`, `results` and `acceptance`, and `halting` interrupts it; then come
`standards`, `evaluation`, `conclusion` and `closing`; at any time `extension`. What was learned is kept in `cases`.
"""

from collections.abc import Mapping

from bot.improvement import findable
from bot.improvement.acceptance import acceptance
from bot.improvement.alike import recurring
from bot.improvement.analysis import analysis
from bot.improvement.archive import settle
from bot.improvement.cases import cases
from bot.improvement.causes import causes
from bot.improvement.charter import charter
from bot.improvement.chartering import chartering
from bot.improvement.classifying import classifying
from bot.improvement.closing import closing
from bot.improvement.conclusion import conclusion
from bot.improvement.criterion import criterion
from bot.improvement.daily import daily
from bot.improvement.effect import effect
from bot.improvement.evaluation import evaluation
from bot.improvement.extension import asking, asking_for_measure, extension
from bot.improvement.halting import halting
from bot.improvement.implementing import follow_up
from bot.improvement.intake import intake
from bot.improvement.lessons import lessons
from bot.improvement.measures import measures, planning
from bot.improvement.plan import plan
from bot.improvement.reports import reporting
from bot.improvement.results import measuring
from bot.improvement.routing import routing
from bot.improvement.shared import shared, shared_by_cases, shared_by_measures
from bot.improvement.stages import (
    CASE_FINAL,
    EXTENSION_FINAL,
    FINAL,
    MEASURE_FINAL,
    CaseStage,
    ExtensionStage,
    MeasureStage,
    Stage,
)
from bot.improvement.standards import standardizing
from bot.improvement.team import team
from bot.workflow import Lifecycle

IMPROVEMENT = Lifecycle.of(
    Stage,
    FINAL,
    [
        *(intake, recurring, classifying, routing, daily),
        *(analysis, causes, criterion, planning, plan, effect),
        *(charter, chartering, team, reporting, measuring, acceptance, halting),
        *(standardizing, evaluation, conclusion, lessons, closing),
        *(asking, shared),
    ],
    prefix="IMP",
    after=settle,
    lastly=findable.keep,
)
MEASURE = Lifecycle.of(
    MeasureStage, MEASURE_FINAL, [measures, asking_for_measure, shared_by_measures], suffix="M", after=follow_up
)
EXTENSION = Lifecycle.of(ExtensionStage, EXTENSION_FINAL, [extension], suffix="E")
CASE = Lifecycle.of(CaseStage, CASE_FINAL, [cases, shared_by_cases], prefix="CAS", after=settle, lastly=findable.keep)

LIFECYCLES: Mapping[str, Lifecycle] = {
    "improvement": IMPROVEMENT,
    "measure": MEASURE,
    "extension": EXTENSION,
    "case": CASE,
}
"""Where an improvement, its measures, its extension requests and the cases written from it can stand."""
