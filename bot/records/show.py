"""A record as data: everything that is known of it, as JSON values, for auditors, scripts and tests."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlmodel import Session

import storage.form
import storage.history
from bot.records.parts import due_of, root_cause_of
from bot.workflow import Scene, Workflow, chain
from storage.deadline import Deadline
from storage.entry import Entry
from storage.form import FormIssue
from storage.history import HistoryEntry, HistoryValues, Refusal
from storage.record import Record
from storage.relation import Relation

Data = dict[str, Any]
LISTS = (
    "problems",
    "containments",
    "whys",
    "causes",
    "root_causes",
    "criteria",
    "plans",
    "checks",
    "documents",
    "trainings",
    "similar_checks",
    "not_applicable",
    "comparisons",
    "extensions",
    "monitoring",
    "progress",
    "comments",
)
"""The lists that are named even where nothing stands in them."""


def as_data(session: Session, workflow: Workflow, number: str, now: datetime) -> Data:
    """Everything about one record. Dates are ISO 8601, instants in UTC; raises `UserError` if there is none.

    `history` holds the steps taken and, in between, the attempts that were refused; `chain_ok` says whether the
    history is as it was written.
    """
    scene = workflow.find(session, number, now)
    broken = chain.first_break(session, number)
    return {
        **_head(scene.record),
        "deadlines": _deadlines(scene),
        **_lists(scene),
        "measures": [_measure(scene.of(part)) for part in scene.parts if part.kind == "measure"],
        "parts": [_head(part) for part in scene.parts],
        "forms": [_form(issue) for issue in storage.form.of_record(session, number)],
        "people": [_relation(relation) for relation in scene.relations],
        "history": _history(storage.history.of_record(session, number), storage.history.refusals(session, number)),
        "chain_ok": broken is None,
        "chain_broken_at": broken,
    }


def _head(record: Record) -> Data:
    return {
        "number": record.number,
        "kind": record.kind,
        "title": record.title,
        "stage": record.stage,
        "class": record.class_,
        "round": record.round,
        "raiser": record.raiser,
        "owner": record.owner,
        "responsible_dept": record.responsible_dept,
        "priority": record.priority,
        "major_problem": record.major_problem,
        "parent": record.parent,
        "recurrence_of": record.recurrence_of,
        "created_at": _instant(record.created_at),
        "created_on": record.created_on.isoformat(),
        "ended_on": _day(record.ended_on),
        "retention_until": _day(record.retention_until),
        "version": record.version,
        "values": dict(record.values),
    }


def _deadlines(scene: Scene) -> list[Data]:
    """The record's own deadlines, then those of its measures with the measure's number as their instance."""
    own = [_deadline(deadline, scene) for deadline in scene.deadlines]
    parts = [scene.of(part) for part in scene.parts if part.kind == "measure"]
    return own + [_deadline(d, of) | {"instance": of.record.number} for of in parts for d in of.deadlines]


def _deadline(deadline: Deadline, scene: Scene) -> Data:
    calendar = scene.company.calendar
    return {
        "name": deadline.name,
        "instance": deadline.instance,
        "original": deadline.original_due.isoformat(),
        "current": deadline.current_due.isoformat(),
        "provisional": deadline.provisional,
        "stopped_on": _day(deadline.stopped_on),
        "paused_with_wd": deadline.remaining_wd,
        "extended": deadline.extended,
        "overdue_wd": calendar.overdue_by(deadline.current_due, deadline.stopped_on or scene.today),
        "started_at": _instant(deadline.started_at),
        "counted_from": deadline.counted_from.isoformat(),
        "length_wd": deadline.length_wd,
        "calendar": deadline.calendar,
    }


def _lists(scene: Scene) -> dict[str, list[Data]]:
    names = dict.fromkeys([*LISTS, *sorted({entry.list for entry in scene.entries})])
    return {name: [_line(entry) for entry in scene.entries if entry.list == name] for name in names}


def _measure(scene: Scene) -> Data:
    """A measure as it stands: what was planned and reported beside its dates and the code of its root cause."""
    record, root, due = scene.record, root_cause_of(scene), due_of(scene)
    return {
        **record.values,
        "number": record.number,
        "stage": record.stage,
        "round": record.round,
        "responsible": record.owner,
        "root_cause": root["code"] if root else None,
        "original": _day(due[1]) if due else None,
        "current": _day(due[0]) if due else None,
        "ended_on": _day(record.ended_on),
        "progress": [_line(entry) for entry in scene.lines("progress")],
    }


def _line(entry: Entry) -> Data:
    return {"no": entry.no, "round": entry.round, "struck": entry.struck, **entry.values}


def _form(issue: FormIssue) -> Data:
    return {
        "form_no": issue.form_no,
        "form": issue.form,
        "round": issue.round,
        "state": issue.state,
        "issued_at": _instant(issue.issued_at),
        "issuer": issue.issuer,
        "values": dict(issue.values),
    }


def _relation(relation: Relation) -> Data:
    return {"person": relation.person, "relation": relation.relation, "round": relation.round}


def _history(taken: Sequence[tuple[HistoryEntry, HistoryValues | None]], refused: Iterable[Refusal]) -> list[Data]:
    entered = [((entry.seq, 0), _taken(entry, values)) for entry, values in taken]
    entered += [((refusal.after_seq, refusal.id or 0), _refused(refusal)) for refusal in refused]
    return [event for _, event in sorted(entered, key=lambda pair: pair[0])]


def _taken(entry: HistoryEntry, values: HistoryValues | None) -> Data:
    return {
        "seq": entry.seq,
        "at": _instant(entry.at),
        "actor": entry.actor,
        "role": entry.role,
        "step": entry.step,
        "from": entry.from_stage,
        "to": entry.to_stage,
        "round": entry.round,
        "refused": False,
        "reason": None,
        "values": json.loads(values.values) if values else None,
    }


def _refused(refusal: Refusal) -> Data:
    nothing = dict.fromkeys(("seq", "role", "from", "to", "round"))
    return {
        **nothing,
        "at": _instant(refusal.at),
        "actor": refusal.actor,
        "step": refusal.step,
        "refused": True,
        "reason": refusal.reason,
        "values": dict(refusal.params),
    }


def _instant(value: datetime) -> str:
    # Always with microseconds, so that the text sorts as the time does.
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None
