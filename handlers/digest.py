"""The weekly digest in the channel: facts to paragraphs. People are named, never mentioned: it is no summons."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from bot.company import Company
from bot.digest.listing import Facts, Listing
from bot.digest.snapshot import week_of
from bot.errors import Message
from bot.render import Mrkdwn, Words
from bot.workflow.names import stage_name
from handlers.blocks import MESSAGE_BLOCKS, SECTION, Block, context, cut, header, section

HEADINGS = {
    "major": "digest.major",
    "overdue": "digest.overdue",
    "due": "digest.due",
    "decisions": "digest.decisions",
    "capa": "digest.capa",
    "rounds": "digest.rounds",
    "checks": "digest.checks",
    "project": "digest.project",
    "projects": "digest.projects",
    "reports": "digest.reports",
    "triage": "digest.triage",
    "new": "digest.new",
    "closed": "digest.closed",
    "ineffective": "digest.ineffective",
    "learned": "digest.learned",
    "extensions": "digest.extensions",
    "nobody": "digest.nobody",
    "thanks": "digest.thanks",
}
ALWAYS, BY_STAGE = ("overdue", "due"), ("capa", "project")
WHY_REFUSED = {
    "channel_not_found": "digest.channel_not_found",
    "not_in_channel": "digest.not_in_channel",
    "is_archived": "digest.channel_archived",
}
NAME, DEPARTMENT, HOLDERS = 40, 60, 3
NOTHING: Listing = {"total": 0, "lines": []}


def draw(data: Mapping[str, Any], company: Company, words: Words) -> tuple[str, list[Block]]:
    """The digest as it was compiled, in the words of its reader."""
    text = words.say("digest.title", company=company.profile.company.name, week=data["week"])
    blocks = [header(text), section(_overview(data, words))]
    if data.get("undelivered"):
        blocks.insert(0, section(_why(data, words)))
    lines = _Lines(company, words)
    for name, heading in HEADINGS.items():
        # A digest that an earlier version compiled and did not send has no list of what is new since.
        listing: Listing = data["lists"].get(name) or NOTHING
        if listing["total"] or name in ALWAYS:
            blocks += _paragraphs(words.mrkdwn(heading, n=listing["total"]), lines.of(name, listing))
    blocks.append(context(words.mrkdwn("digest.foot")))
    return f"{text}\n{_figures(data, words)}", blocks[:MESSAGE_BLOCKS]


def is_over(data: Mapping[str, Any], company: Company, now: datetime) -> bool:
    """Whether the week of this digest has passed: it is not posted any more, the next one says it all."""
    return str(data["week"]) != week_of(company.today(now))


def _overview(data: Mapping[str, Any], words: Words) -> str:
    window = words.mrkdwn("digest.window", first=_day(data["first"]), last=_day(data["last"]))
    by_class = [
        Message("digest.of_class", {"class_": _class(class_), "n": n}) for class_, n in sorted(data["open"].items())
    ]
    total = sum(data["open"].values())
    opened = words.mrkdwn("digest.open", total=total, by_class=by_class) if total else words.mrkdwn("digest.none_open")
    return f"{window}\n*{_figures(data, words)}*\n{opened}"


def _figures(data: Mapping[str, Any], words: Words) -> str:
    return words.mrkdwn("digest.figures", **data["counts"])


def _class(class_: str) -> Message:
    return Message(f"class.{class_}") if class_ else Message("digest.unclassified")


def _why(data: Mapping[str, Any], words: Words) -> str:
    error = data["undelivered"]
    why = Message(WHY_REFUSED[error]) if error in WHY_REFUSED else Message("digest.other_error", {"error": error})
    return words.mrkdwn("digest.undelivered", channel=Mrkdwn(f"<#{data['channel']}>"), why=why)


def _paragraphs(heading: str, lines: Iterable[str]) -> Iterator[Block]:
    """The heading and its lines, in as few blocks as Slack's limit allows; no line is torn apart."""
    text = f"*{heading}*"
    for line in lines:
        if len(text) + 1 + len(line) > SECTION:
            yield section(text)
            text = line
        else:
            text = f"{text}\n{line}"
    yield section(text)


class _Lines:
    """One line for each fact of a list; what it says depends on the list."""

    def __init__(self, company: Company, words: Words) -> None:
        self.company, self.words = company, words
        self.by_list: Mapping[str, Callable[[Facts], Mrkdwn]] = {
            "major": self._aged,
            "overdue": self._overdue,
            "due": self._due,
            "decisions": self._decision,
            "rounds": self._round,
            "checks": self._check,
            "projects": self._project,
            "reports": self._report,
            "triage": self._triage,
            "new": self._new,
            "closed": self._closed,
            "ineffective": self._ineffective,
            "learned": self._learned,
            "extensions": self._extension,
            "nobody": self._nobody,
        }

    def of(self, name: str, listing: Listing) -> Iterator[str]:
        """The lines of a list, and how many more there are."""
        if name in BY_STAGE:
            yield from (line for facts in listing["lines"] for line in self._by_stage(facts))
        elif name == "thanks":
            yield self.words.mrkdwn("digest.people", people=[self._name(f["person"]) for f in listing["lines"]])
        else:
            yield from (f"• {self.by_list[name](facts)}" for facts in listing["lines"])
        if not listing["total"]:
            yield self.words.mrkdwn("ui.none")
        if listing["total"] > len(listing["lines"]):
            yield self.words.mrkdwn("digest.more", n=listing["total"] - len(listing["lines"]))

    def _aged(self, facts: Facts) -> Mrkdwn:
        return self._say("digest.line_major", facts, stage=_stage(facts), age=_days(facts["age_wd"]))

    def _overdue(self, facts: Facts) -> Mrkdwn:
        late = Message("ui.due_late", {"n": facts["overdue_wd"]})
        line = self._say("digest.line_overdue", facts, holders=self._holders(facts), late=late)
        return Mrkdwn(f"*{line}*") if facts["very_late"] else line

    def _due(self, facts: Facts) -> Mrkdwn:
        return self._say("digest.line_due", facts, day=_day(facts["due"]), holders=self._holders(facts))

    def _decision(self, facts: Facts) -> Mrkdwn:
        waiting = _days(facts["waiting_wd"])
        return self._say(
            "digest.line_decision", facts, stage=_stage(facts), waiting=waiting, holders=self._holders(facts)
        )

    def _by_stage(self, facts: Facts) -> Iterator[Mrkdwn]:
        stages: Mapping[str, int] = facts["stages"]
        named = ((stage_name("improvement", stage), n) for stage, n in stages.items())
        by_stage = [Message("digest.of_stage", {"stage": stage, "n": n}) for stage, n in named]
        yield self.words.mrkdwn("digest.open", total=sum(stages.values()), by_class=by_stage)
        if facts.get("late"):
            yield self.words.mrkdwn("digest.measures_late", n=facts["late"])

    def _round(self, facts: Facts) -> Mrkdwn:
        round_ = Message("ui.round", {"n": facts["round"]})
        return self._say("digest.line_round", facts, round=round_, stage=_stage(facts))

    def _check(self, facts: Facts) -> Mrkdwn:
        day, due = _day(facts["check_date"]), _day(facts["due"])
        return self._say("digest.line_check", facts, day=day, due=due, holders=self._holders(facts))

    def _project(self, facts: Facts) -> Mrkdwn:
        manager = self._name(facts["manager"]) if facts["manager"] else Message("digest.no_holder")
        if facts["trend"] is None:
            return self._say("digest.line_project", facts, stage=_stage(facts), manager=manager)
        so_far = facts["trend"] or Message("digest.no_report")
        return self._say("digest.line_project_trend", facts, stage=_stage(facts), trend=so_far, manager=manager)

    def _report(self, facts: Facts) -> Mrkdwn:
        day, holders = _day(facts["due"]), self._holders(facts)
        return self._say("digest.line_report", facts, month=facts["month"], day=day, holders=holders)

    def _triage(self, facts: Facts) -> Mrkdwn:
        raiser = self._name(facts["raiser"])
        return self._say("digest.line_triage", facts, stage=_stage(facts), raiser=raiser, age=_days(facts["age_wd"]))

    def _new(self, facts: Facts) -> Mrkdwn:
        source = Message(f"choice.Source.{facts['source']}")
        return self._say("digest.line_new", facts, raiser=self._name(facts["raiser"]), source=source)

    def _closed(self, facts: Facts) -> Mrkdwn:
        result = Message("digest.effective" if facts["result"] else "digest.without_result")
        return self._say("digest.line_closed", facts, result=result, rounds=facts["rounds"])

    def _ineffective(self, facts: Facts) -> Mrkdwn:
        if facts["what"] == "ineffective":
            return self._say("digest.line_ineffective", facts)
        return self._say("digest.line_recurrence", facts, of=facts["of"], times=facts["times"])

    def _learned(self, facts: Facts) -> Mrkdwn:
        msgid = "digest.line_best_practice" if facts["best"] else "digest.line_learned"
        return self._say(msgid, facts, author=self._name(facts["author"]), source=facts["source"])

    def _extension(self, facts: Facts) -> Mrkdwn:
        original, new = _day(facts["original_due"] or facts["new_due"]), _day(facts["new_due"])
        name = Message(f"deadline.{facts['deadline']}")
        return self._say("digest.line_extension", facts, deadline=name, original=original, new=new)

    def _nobody(self, facts: Facts) -> Mrkdwn:
        if facts["why"] == "owner_left":
            return self._say("digest.line_owner_left", facts, owner=self._name(facts["owner"]), stage=_stage(facts))
        return self._say("digest.line_nobody", facts, stage=_stage(facts))

    def _say(self, msgid: str, facts: Facts, **params: Any) -> Mrkdwn:
        department = cut(facts.get("department") or self.words.say("digest.no_department"), DEPARTMENT)
        return self.words.mrkdwn(msgid, number=facts["number"], title=facts["title"], department=department, **params)

    def _holders(self, facts: Facts) -> list[str] | str:
        people = [self._name(person) for person in facts["holders"]]
        return (people if len(people) <= HOLDERS else [*people[:HOLDERS], "…"]) or self.words.say("digest.no_holder")

    def _name(self, person: str) -> str:
        return cut(self.company.directory.name_of(person), NAME)


def _stage(facts: Facts) -> Message:
    return stage_name(facts["kind"], facts["stage"])


def _days(n: int) -> Message:
    return Message("digest.working_days", {"n": n})


def _day(text: str) -> date:
    return date.fromisoformat(text)
