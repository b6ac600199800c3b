"""Where an improvement, its parts and the cases written from it can stand."""

from enum import StrEnum


class Stage(StrEnum):
    """The stages of an improvement, through all three classes."""

    SUBMITTED = "SUBMITTED"
    NEED_INFO = "NEED_INFO"
    APPEALED = "APPEALED"
    NOTIFIED = "NOTIFIED"
    IN_PROGRESS = "IN_PROGRESS"
    REPORTED = "REPORTED"
    ANALYSIS = "ANALYSIS"
    PLAN_REVIEW = "PLAN_REVIEW"
    IMPLEMENTING = "IMPLEMENTING"
    VERIFYING = "VERIFYING"
    CHARTER_DRAFT = "CHARTER_DRAFT"
    REP_REVIEW = "REP_REVIEW"
    TOP_REVIEW = "TOP_REVIEW"
    ESTABLISHED = "ESTABLISHED"
    EXECUTING = "EXECUTING"
    SUSPENDED = "SUSPENDED"
    ACCEPTANCE = "ACCEPTANCE"
    CONSOLIDATING = "CONSOLIDATING"
    STANDARDIZING = "STANDARDIZING"
    CLOSING = "CLOSING"
    CLOSED = "CLOSED"
    REJECTED = "REJECTED"
    MERGED = "MERGED"
    WITHDRAWN = "WITHDRAWN"
    CANCELLED = "CANCELLED"
    TERMINATED = "TERMINATED"


FINAL = frozenset({Stage.CLOSED, Stage.REJECTED, Stage.MERGED, Stage.WITHDRAWN, Stage.CANCELLED, Stage.TERMINATED})
OPEN = frozenset(Stage) - FINAL
TRIAGE = (Stage.SUBMITTED, Stage.NEED_INFO)


class ExtensionStage(StrEnum):
    """The stages of a request for a later due date."""

    REQUESTED = "REQUESTED"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    WITHDRAWN = "WITHDRAWN"
    LAPSED = "LAPSED"


EXTENSION_FINAL = frozenset(ExtensionStage) - {ExtensionStage.REQUESTED}


class MeasureStage(StrEnum):
    """The stages of a measure of a CAPA."""

    PROPOSED = "PROPOSED"
    OPEN = "OPEN"
    DROP_REVIEW = "DROP_REVIEW"
    DONE = "DONE"
    DROPPED = "DROPPED"


MEASURE_FINAL = frozenset({MeasureStage.DONE, MeasureStage.DROPPED})


class CaseStage(StrEnum):
    """The stages of a case of the library."""

    DRAFT = "DRAFT"
    REVIEW = "REVIEW"
    PUBLISHED = "PUBLISHED"
    RETIRED = "RETIRED"


CASE_FINAL = frozenset({CaseStage.RETIRED})
