"""Faults that a test plants into a Web API method: refusals, errors, broken connections, slow answers."""

from dataclasses import dataclass
from typing import Any

from bot.sandbox.state import Json

MODES = ("rate_limit", "error", "drop_before", "drop_after", "slow")


class BadFaultError(ValueError):
    """A fault that cannot be planted; the message says why."""


@dataclass
class Fault:
    """Breaks the next `times` calls of `method` ("*" is every method).

    drop_before loses the request, drop_after loses only the answer. slow holds the answer for `seconds`
    real seconds, when "before" the call takes effect or "after" it has. error comes with the HTTP `status`.
    """

    method: str
    mode: str
    times: int = 1
    error: str = "internal_error"
    status: int = 200
    retry_after: int = 1
    seconds: float = 1.0
    when: str = "after"


class Faults:
    """The planted faults, oldest first."""

    def __init__(self) -> None:
        self._planted: list[Fault] = []

    def plant(self, wish: Json) -> Fault:
        """Raises BadFaultError for an unknown mode, a wrong time, or a key it does not know."""
        known = {key: value for key, value in wish.items() if value is not None}
        try:
            fault = Fault(**known)
        except TypeError as error:
            raise BadFaultError(str(error)) from error
        if fault.mode not in MODES:
            raise BadFaultError(f"mode is one of {', '.join(MODES)}")
        if fault.when not in ("before", "after"):
            raise BadFaultError("when is before or after")
        self._planted.append(fault)
        return fault

    def clear(self) -> None:
        self._planted.clear()

    def next_for(self, method: str) -> Fault | None:
        for fault in self._planted:
            if fault.method in (method, "*"):
                fault.times -= 1
                if fault.times <= 0:
                    self._planted.remove(fault)
                return fault
        return None

    def as_data(self) -> list[dict[str, Any]]:
        return [vars(fault) for fault in self._planted]
