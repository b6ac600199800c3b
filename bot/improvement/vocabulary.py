"""The choices of the domain. Each value has a name in both catalogues under `choice.<Enum>.<VALUE>`."""

from enum import StrEnum


class ImprovementClass(StrEnum):
    """The three ways an improvement is dealt with."""

    DAILY = "DAILY"
    CAPA = "CAPA"
    PROJECT = "PROJECT"


class Source(StrEnum):
    """Where an opportunity was seen."""

    STAFF_SUGGESTION = "STAFF_SUGGESTION"
    SERVICE_MONITORING = "SERVICE_MONITORING"
    CUSTOMER_FEEDBACK = "CUSTOMER_FEEDBACK"
    INTERNAL_AUDIT = "INTERNAL_AUDIT"
    MANAGEMENT_REVIEW = "MANAGEMENT_REVIEW"
    MARKET_CHANGE = "MARKET_CHANGE"
    MEETING_MINUTES = "MEETING_MINUTES"
    SERVICE_REPORT = "SERVICE_REPORT"
    SURVEY_ANALYSIS = "SURVEY_ANALYSIS"
    QUALITY_CHECK = "QUALITY_CHECK"


class SourceDetail(StrEnum):
    """The finer source, for the sources that have one."""

    SUGGESTION = "SUGGESTION"
    WRITTEN_VS_DONE = "WRITTEN_VS_DONE"
    SYSTEM_DEFECT = "SYSTEM_DEFECT"
    SLA_ATTAINMENT = "SLA_ATTAINMENT"
    INCIDENT_TIMELINESS = "INCIDENT_TIMELINESS"
    SATISFACTION_FIGURE = "SATISFACTION_FIGURE"
    KPI_MISSED = "KPI_MISSED"
    SURVEY_RESULT = "SURVEY_RESULT"
    COMPLAINT = "COMPLAINT"
    CUSTOMER_SUGGESTION = "CUSTOMER_SUGGESTION"
    FOLLOW_UP_CALL = "FOLLOW_UP_CALL"
    SYSTEM_AUDIT = "SYSTEM_AUDIT"
    PROCESS_AUDIT = "PROCESS_AUDIT"
    SPECIAL_AUDIT = "SPECIAL_AUDIT"
    NEW_TECHNOLOGY = "NEW_TECHNOLOGY"
    NEW_REQUIREMENT = "NEW_REQUIREMENT"
    COMPETITION = "COMPETITION"
    WEEKLY_MEETING = "WEEKLY_MEETING"
    QUALITY_MEETING = "QUALITY_MEETING"


DETAILS: tuple[tuple[Source, tuple[SourceDetail, ...]], ...] = (
    (
        Source.STAFF_SUGGESTION,
        (SourceDetail.SUGGESTION, SourceDetail.WRITTEN_VS_DONE, SourceDetail.SYSTEM_DEFECT),
    ),
    (
        Source.SERVICE_MONITORING,
        (
            SourceDetail.SLA_ATTAINMENT,
            SourceDetail.INCIDENT_TIMELINESS,
            SourceDetail.SATISFACTION_FIGURE,
            SourceDetail.KPI_MISSED,
        ),
    ),
    (
        Source.CUSTOMER_FEEDBACK,
        (
            SourceDetail.SURVEY_RESULT,
            SourceDetail.COMPLAINT,
            SourceDetail.CUSTOMER_SUGGESTION,
            SourceDetail.FOLLOW_UP_CALL,
        ),
    ),
    (
        Source.INTERNAL_AUDIT,
        (SourceDetail.SYSTEM_AUDIT, SourceDetail.PROCESS_AUDIT, SourceDetail.SPECIAL_AUDIT),
    ),
    (
        Source.MARKET_CHANGE,
        (SourceDetail.NEW_TECHNOLOGY, SourceDetail.NEW_REQUIREMENT, SourceDetail.COMPETITION),
    ),
    (Source.MEETING_MINUTES, (SourceDetail.WEEKLY_MEETING, SourceDetail.QUALITY_MEETING)),
)


class ObjectKind(StrEnum):
    """What is to become better."""

    SERVICE_QUALITY = "SERVICE_QUALITY"
    SERVICE_EFFECT = "SERVICE_EFFECT"
    SERVICE_COST = "SERVICE_COST"
    PROCESS_EFFICIENCY = "PROCESS_EFFICIENCY"
    SYSTEM_DOCUMENT = "SYSTEM_DOCUMENT"


class Nature(StrEnum):
    """What kind of weakness or wish it is."""

    OPTIMISATION = "OPTIMISATION"
    MINOR_NC = "MINOR_NC"
    NC = "NC"
    POTENTIAL_NC = "POTENTIAL_NC"
    SYSTEMIC = "SYSTEMIC"


class Level(StrEnum):
    """Low, middle or high; used for impact, resource need and urgency."""

    LOW = "1"
    MIDDLE = "2"
    HIGH = "3"


class DailyKind(StrEnum):
    """What a daily improvement is about."""

    WORK_INSTRUCTION = "WORK_INSTRUCTION"
    RECORD_FORM = "RECORD_FORM"
    WORK_ENVIRONMENT = "WORK_ENVIRONMENT"
    COMMUNICATION = "COMMUNICATION"


class CapaType(StrEnum):
    """Corrective: it has happened. Preventive: it might."""

    CORRECTIVE = "CORRECTIVE"
    PREVENTIVE = "PREVENTIVE"


class Severity(StrEnum):
    """How grave a nonconformity is."""

    MINOR = "MINOR"
    MAJOR = "MAJOR"


class CapaOrigin(StrEnum):
    """What led to a CAPA."""

    AUDIT = "AUDIT"
    REVIEW = "REVIEW"
    COMPLAINT = "COMPLAINT"
    MONITORING = "MONITORING"
    KPI = "KPI"
    DAILY_UPGRADE = "DAILY_UPGRADE"
    RECURRENCE = "RECURRENCE"
    OTHER = "OTHER"


class CheckMethod(StrEnum):
    """How an effect is checked."""

    SITE = "SITE"
    SAMPLE = "SAMPLE"
    DATA = "DATA"
    CALL = "CALL"
    SURVEY = "SURVEY"
    OTHER = "OTHER"


class Conclusion(StrEnum):
    """What a check found; partly effective is dealt with like ineffective."""

    EFFECTIVE = "EFFECTIVE"
    PARTLY = "PARTLY"
    INEFFECTIVE = "INEFFECTIVE"


class NotEffective(StrEnum):
    """The conclusions an ineffective verification can have."""

    PARTLY = "PARTLY"
    INEFFECTIVE = "INEFFECTIVE"


class SixM(StrEnum):
    """The six categories of causes: 人机料法环测."""

    MAN = "MAN"
    MACHINE = "MACHINE"
    MATERIAL = "MATERIAL"
    METHOD = "METHOD"
    MILIEU = "MILIEU"
    MEASUREMENT = "MEASUREMENT"


class RcaMethod(StrEnum):
    """How a root cause was found."""

    FIVE_WHY = "FIVE_WHY"
    FISHBONE = "FISHBONE"
    OTHER = "OTHER"


class CriterionKind(StrEnum):
    """What kind of figure says whether a CAPA had its effect."""

    RATE = "RATE"
    VALUE = "VALUE"
    COUNT = "COUNT"
    QUALITATIVE = "QUALITATIVE"


class TargetOp(StrEnum):
    """On which side of the target the figure has to lie."""

    GE = "GE"
    LE = "LE"
    EQ = "EQ"


class ClosingItem(StrEnum):
    """What has to be settled before the close, or declared not applicable."""

    DOCUMENTS = "DOCUMENTS"
    TRAINING = "TRAINING"
    CASE = "CASE"


class Dimension(StrEnum):
    """The four sides from which an improvement is evaluated."""

    METRICS = "METRICS"
    FEEDBACK = "FEEDBACK"
    COST_BENEFIT = "COST_BENEFIT"
    CONFORMITY = "CONFORMITY"


class DocRevision(StrEnum):
    """Whether a document of the management system has to change."""

    NOT_NEEDED = "NOT_NEEDED"
    DONE = "DONE"
    TO_DO = "TO_DO"


class ChangeState(StrEnum):
    """How far the change request behind a measure is."""

    PENDING = "PENDING"
    APPROVED = "APPROVED"
    IMPLEMENTED = "IMPLEMENTED"
    ROLLED_BACK = "ROLLED_BACK"


class YesNo(StrEnum):
    """A question that must be answered, with nothing preset."""

    YES = "true"
    NO = "false"


class FormCode(StrEnum):
    """The forms that are issued, by the suffix of their numbers."""

    OPPORTUNITY = "SB"
    NOTICE = "TZ"
    CAPA_REPORT = "CP"
    CHARTER = "LX"
    EVALUATION = "PG"
    IMPLEMENTATION = "SS"
    VERIFICATION = "YZ"
