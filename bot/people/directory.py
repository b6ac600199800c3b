"""The company's people for the length of one decision: the profile's roles crossed with what Slack says of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.profile import Profile
from storage.person import Person


@dataclass(frozen=True)
class Directory:
    """Departments and roles from the profile, activity and language from the Slack facts in `facts`.

    Somebody the profile names but Slack has not been asked about yet counts as active.
    """

    profile: Profile
    facts: Mapping[str, Person] = field(default_factory=dict)
    _holders: dict[str, tuple[str, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def is_active(self, person: str) -> bool:
        """Whether the person may act and be chosen: no bot, no guest, not deactivated."""
        fact = self.facts.get(person)
        if fact is None:
            return person in self.profile.department_of
        return not (fact.deactivated or fact.is_bot or fact.is_guest)

    def has_department(self, name: str) -> bool:
        """Whether the company has this department."""
        return name in self.profile.departments

    def department_of(self, person: str) -> str | None:
        """The person's department."""
        return self.profile.department_of.get(person)

    def holders(self, role: str) -> tuple[str, ...]:
        """The active holders of a company-wide role."""
        if role not in self._holders:  # two threads may both find them; they find the same
            self._holders[role] = self._active(self.profile.role_holders(role))
        return self._holders[role]

    def heads(self, department: str | None) -> tuple[str, ...]:
        """The active head and deputies of a department."""
        entry = self.profile.departments.get(department or "")
        return self._active((entry.head, *entry.deputies)) if entry else ()

    def roles_of(self, person: str) -> frozenset[str]:
        """The company-wide roles a person holds."""
        return frozenset(r for r in type(self.profile.roles).model_fields if person in self.holders(r))

    def language_of(self, person: str) -> str:
        """The language a person reads: zh_CN or en; the company's if Slack has not said."""
        fact = self.facts.get(person)
        if fact is None:
            return self.profile.company.language
        return "zh_CN" if fact.locale.lower().startswith("zh") else "en"

    def name_of(self, person: str) -> str:
        """The name to show where a mention cannot stand."""
        fact = self.facts.get(person)
        return fact.name if fact else person

    def _active(self, people: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(p for p in people if self.is_active(p)))
