"""The numbered forms of an item that a step issues, completes or withdraws; what is on file is never overwritten."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

import storage.form
from bot.workflow.scene import Scene
from storage.form import FormIssue


class Papers:
    """What a `Change` may do to forms. Each of them is noted in the history entry of the step."""

    session: Session
    scene: Scene
    actor: str
    noted: dict[str, Any]

    def issue(self, form: str, values: Mapping[str, Any], *, counter: int | None = None) -> FormIssue:
        """Issue a form of the item; `counter` is the round where the form counts rounds, else it runs, 0 means none.

        A form issued again in the same round gets a number of its own: the earlier one stays on file.
        """
        number, before = self.scene.item.number, self._on_file()
        if counter is None:
            counter = sum(earlier.form == form for earlier in before) + 1
        form_no = f"{number}-{form}{counter or ''}"
        again = sum(earlier.form_no == form_no or earlier.form_no.startswith(f"{form_no}-") for earlier in before)
        issued = FormIssue(
            form_no=f"{form_no}-{again + 1}" if again else form_no,
            record=number,
            form=form,
            round=self.scene.item.round,
            issued_at=self.scene.now,
            issuer=self.actor,
            values=dict(values),
        )
        self.session.add(issued)
        before.append(issued)
        self.noted["form_no"] = issued.form_no
        return issued

    def fill(self, form: str, values: Mapping[str, Any]) -> None:
        """Write a further part of the form of this round that was opened earlier, such as a report's plan."""
        for issued in self._standing_forms(form):
            if issued.round == self.scene.item.round:
                issued.values = {**issued.values, **values}
                self.session.add(issued)
                self.noted["form_no"] = issued.form_no

    def withdraw_forms(self, form: str, state: str, **saying: Any) -> None:
        """Mark the issued forms of a kind, or those of them `saying` this, as VOID or SUPERSEDED; they stay on file."""
        for issued in self._standing_forms(form):
            if saying.items() <= issued.values.items():
                issued.state = state
                self.session.add(issued)

    def _standing_forms(self, form: str) -> list[FormIssue]:
        return [issued for issued in self._on_file() if issued.form == form and issued.state == "ISSUED"]

    def _on_file(self) -> list[FormIssue]:
        """All forms of the item, read once, with those issued by this request."""
        whole = self.scene.whole
        if whole.forms is None:
            whole.forms = [*storage.form.of_record(self.session, whole.record.number)]
        return whole.forms
