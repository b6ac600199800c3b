"""The register of improvements: each part of its life is a table of steps.

Read in this order: `intake` (raise, ask, decline), `classifying`, `routing`, `daily`, `closing`, `extension`.
"""

from collections.abc import Mapping

from bot.improvement.archive import settle
from bot.improvement.classifying import classifying
from bot.improvement.closing import closing
from bot.improvement.daily import daily
from bot.improvement.extension import asking, extension
from bot.improvement.intake import intake
from bot.improvement.routing import routing
from bot.improvement.shared import shared
from bot.improvement.stages import EXTENSION_FINAL, FINAL, ExtensionStage, Stage
from bot.workflow import Lifecycle

IMPROVEMENT = Lifecycle.of(
    Stage,
    FINAL,
    [intake, classifying, routing, daily, closing, asking, shared],
    prefix="IMP",
    after=settle,
)
EXTENSION = Lifecycle.of(ExtensionStage, EXTENSION_FINAL, [extension])

LIFECYCLES: Mapping[str, Lifecycle] = {"improvement": IMPROVEMENT, "extension": EXTENSION}
