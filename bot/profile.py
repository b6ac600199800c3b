"""The company: its departments, roles, lengths, cadences, channels, language and zone, from one TOML text.

Two numbers are no settings because the documents fix them: five working days for a daily improvement, and three
years as the least time records are kept.
"""

import tomllib
from datetime import time
from functools import cached_property, lru_cache
from importlib import resources
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from bot.errors import UserError

ACTION_WD = 5
PARSED = 4
"""How many profiles are remembered as they were read."""
Days = Annotated[int, Field(ge=0, le=366)]
CalendarDays = Annotated[int, Field(ge=1, le=366)]
Count = Annotated[int, Field(ge=1, le=100)]
Language = Literal["zh_CN", "en"]
ROLES = (
    "qa",
    "qa_manager",
    "improvement_lead",
    "improvement_manager",
    "mgmt_rep",
    "top_mgmt",
    "service_desk",
    "auditor",
    "admin",
)


class Section(BaseModel):
    """A table of the profile; a key it does not know is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class CompanySection(Section):
    """Who the company is."""

    name: str
    qa_department: str
    zone: str = "Asia/Shanghai"
    language: Language = "zh_CN"
    standard_reference: str = "GB/T 28827.1-2022"

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError(f"unknown time zone {value}")
        return value


class ChannelsSection(Section):
    """Slack channel ids: where quality sees new items, where the digest stands, and where cases are published."""

    quality: str
    weekly: str
    knowledge: str | None = None


class CalendarSection(Section):
    """Which weekdays are worked; Monday is 1."""

    working_weekdays: tuple[Annotated[int, Field(ge=1, le=7)], ...] = (1, 2, 3, 4, 5)


class DeadlinesSection(Section):
    """Lengths in working days; how long an effect is observed, in calendar days."""

    triage_wd: Days = 3
    info_wd: Days = 5
    appeal_window_wd: Days = 10
    appeal_wd: Days = 5
    verify_wd: Days = 3
    analysis_wd: Days = 10
    plan_revision_wd: Days = 3
    approval_wd: Days = 3
    check_delay_days: CalendarDays = 30
    check_delay_choices: Annotated[tuple[CalendarDays, ...], Field(min_length=1, max_length=10)] = (30, 60, 90)
    charter_wd: Days = 10
    charter_revision_wd: Days = 5
    team_wd: Days = 5
    report_min_lead_wd: Days = 5
    acceptance_wd: Days = 10
    standardize_wd: Days = 10
    consolidation_wd: Days = 20
    closing_wd: Days = 3
    evaluation_wd: Days = 10
    extension_wd: Days = 1
    case_review_wd: Days = 5

    @model_validator(mode="after")
    def _preset_is_a_choice(self) -> Self:
        if self.check_delay_days not in self.check_delay_choices:
            raise ValueError("check_delay_days is not among check_delay_choices")
        return self


class RemindersSection(Section):
    """The ladder: when in the day, how far ahead, when to escalate."""

    send_at: time = time(9)
    send_until: time = time(20)
    before_wd: Days = 1
    escalate_dept_wd: Days = 3
    escalate_rep_wd: Days = 5
    max_lines: Count = 10
    urge_per_day: Count = 1


class DigestSection(Section):
    """The weekly digest; Monday is 1."""

    weekday: Annotated[int, Field(ge=1, le=7)] = 1
    at: time = time(9)


class ExtensionsSection(Section):
    """How often and how far a due date may move."""

    max_per_deadline: Count = 1
    max_wd: Count = 20
    second_role: Literal["mgmt_rep", "top_mgmt"] = "mgmt_rep"


class TriageSection(Section):
    """How many similar items are shown with a new one, and from which score the suggested class is a project."""

    similar_shown: Annotated[int, Field(ge=1, le=10)] = 3
    project_if_resource: Annotated[int, Field(ge=1, le=3)] = 3
    project_if_impact: Annotated[int, Field(ge=1, le=3)] = 3


class CapaSection(Section):
    """How deep an analysis goes, who is told of a stubborn problem, and which CAPA are evaluated before the close."""

    min_why_levels: Count = 2
    min_fishbone_causes: Count = 2
    mgmt_rep_from_round: Count = 3
    require_lead_authorisation: bool = False
    evaluation_for: tuple[Literal["MINOR", "MAJOR"], ...] = ("MAJOR",)


class ProjectSection(Section):
    """Who approves a charter, one after the other, and when a project reports."""

    approval_chain: tuple[Literal["mgmt_rep"]] | tuple[Literal["mgmt_rep"], Literal["top_mgmt"]] = (
        "mgmt_rep",
        "top_mgmt",
    )
    report_rule: Literal["last_working_day_of_month"] = "last_working_day_of_month"


class RecordsSection(Section):
    """How long records are kept, in years; three is the least."""

    retention_years: Annotated[int, Field(ge=3, le=30)] = 3


class VisibilitySection(Section):
    """Who sees more than title, stage and due date."""

    details: Literal["involved", "all"] = "involved"


class RolesSection(Section):
    """Holders of the company-wide roles, by Slack member id."""

    qa: tuple[str, ...] = ()
    qa_manager: tuple[str, ...] = ()
    improvement_lead: tuple[str, ...] = ()
    improvement_manager: tuple[str, ...] = ()
    mgmt_rep: tuple[str, ...] = ()
    top_mgmt: tuple[str, ...] = ()
    service_desk: tuple[str, ...] = ()
    auditor: tuple[str, ...] = ()
    admin: tuple[str, ...] = ()


class DepartmentEntry(Section):
    """One department, its head, deputies and members."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    head: str
    deputies: tuple[str, ...] = ()
    members: tuple[str, ...] = ()

    @property
    def people(self) -> frozenset[str]:
        """Everybody in the department."""
        return frozenset((self.head, *self.deputies, *self.members))


class DirectorySection(Section):
    """The departments."""

    departments: Annotated[tuple[DepartmentEntry, ...], Field(min_length=1)]


class Profile(Section):
    """The whole profile."""

    company: CompanySection
    channels: ChannelsSection
    calendar: CalendarSection = CalendarSection()
    deadlines: DeadlinesSection = DeadlinesSection()
    reminders: RemindersSection = RemindersSection()
    digest: DigestSection = DigestSection()
    extensions: ExtensionsSection = ExtensionsSection()
    triage: TriageSection = TriageSection()
    capa: CapaSection = CapaSection()
    project: ProjectSection = ProjectSection()
    records: RecordsSection = RecordsSection()
    visibility: VisibilitySection = VisibilitySection()
    roles: RolesSection
    directory: DirectorySection

    @cached_property
    def zone(self) -> ZoneInfo:
        """The company's time zone."""
        return ZoneInfo(self.company.zone)

    @cached_property
    def departments(self) -> dict[str, DepartmentEntry]:
        """The departments by name."""
        return {entry.name: entry for entry in self.directory.departments}

    @cached_property
    def department_of(self) -> dict[str, str]:
        """The department of each person."""
        return {person: entry.name for entry in self.directory.departments for person in sorted(entry.people)}

    def role_holders(self, role: str) -> tuple[str, ...]:
        """The holders of a company-wide role; `qa_manager` includes `qa`, no other role includes another."""
        named: tuple[str, ...] = getattr(self.roles, role)
        return tuple(dict.fromkeys((*named, *self.roles.qa_manager))) if role == "qa" else named


@lru_cache(maxsize=PARSED)
def parse(text: str) -> Profile:
    """The profile in a TOML text; raises `UserError` naming the key that is wrong.

    The company is read again whenever somebody joins or leaves, with the text it had before.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UserError("profile.not_toml", detail=str(error)) from error
    try:
        profile = Profile.model_validate(data)
    except ValidationError as error:
        raise _first_fault(error) from error
    _check_references(profile)
    return profile


def weekdays_in(text: str) -> frozenset[int]:
    """The working weekdays of a profile that once was in force, whatever else it said then."""
    section = tomllib.loads(text).get("calendar", {})
    return frozenset(section.get("working_weekdays", CalendarSection().working_weekdays))


def built_in(name: str) -> str:
    """The text of a profile that comes with the product; raises `UserError` if there is none of that name."""
    file = resources.files("bot") / "profiles" / f"{name}.toml"
    if not file.is_file():
        raise UserError("profile.no_such", name=name)
    return file.read_text(encoding="utf-8")


def _first_fault(error: ValidationError) -> UserError:
    fault: Any = error.errors()[0]
    key = ".".join(str(part) for part in fault["loc"])
    known = {"extra_forbidden": "unknown_key", "missing": "missing_key"}
    return UserError(f"profile.{known.get(fault['type'], 'bad_value')}", key=key, detail=fault["msg"])


def _check_references(profile: Profile) -> None:
    names = [entry.name for entry in profile.directory.departments]
    if len(set(names)) < len(names):
        raise UserError("profile.twice", key="directory.departments")
    if profile.company.qa_department not in names:
        raise UserError("profile.no_qa_department", name=profile.company.qa_department)
    people = [person for entry in profile.directory.departments for person in sorted(entry.people)]
    twice = next((person for person in people if people.count(person) > 1), None)
    if twice:
        raise UserError("profile.two_departments", person=twice)
