"""A CAPA as thorough as forms allow: three rounds with 30 causes and 20 measures, every text as long as it may be."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.improvement import rounds
from bot.workflow import Scene
from tests.support.company import ZONE, DemoCompany, at

CHAINS, LEVELS, CAUSES, ROOTS, MEASURES = 2, 5, 30, 5, 20
BEGINNING = at("2026-03-02 10:00")
CATEGORIES = ("MAN", "MACHINE", "MATERIAL", "METHOD", "MILIEU", "MEASUREMENT")


def long(name: str, length: int) -> str:
    """A text that begins with its name and is as long as it may be, full of what Slack would obey or has to escape."""
    return (f"{name}｜" + "<!here>&😀*工单* " * length)[: length - 1] + "完"


@dataclass
class ThoroughCapa:
    """Lives through its stages; `seen` keeps what there was to show in each of them, by round and stage."""

    company: DemoCompany
    now: datetime = BEGINNING
    number: str = ""
    seen: dict[tuple[int, str], Scene] = field(default_factory=dict)

    def live(self) -> None:
        """Two rounds without effect, the third up to its check."""
        self.number = self.company.raise_(
            self.now, long("标题", 80), description=long("现状", 3000), suggestion=long("建议", 2000)
        )
        self._take("classify_capa", "U_LIU", **CLASSIFICATION)
        for n in range(9):
            self._take("add_comment", "U_ZHOU", comment=long(f"评论{n}", 2000))
        for round_ in (1, 2, 3):
            self._analyse(round_)
            self._plan(round_, MEASURES if round_ != 2 else ROOTS)
            self._carry_out(round_)
            self._keep(round_)
            if round_ < 3:
                self.now += timedelta(days=45)
                self._take("verify_ineffective", "U_LIU", **CHECK | FIGURES)

    def scene(self, of: str = "") -> Scene:
        """The item, or one of its parts, as it is now."""
        return self.company.scene(of or self.number, self.now)

    def _analyse(self, round_: int) -> None:
        self._keep(round_, "BEGUN")
        self._take(
            "describe_problem",
            "U_ZHOU",
            phenomenon=long(f"现象{round_}", 2000),
            scope=long("范围", 1000),
            impact_description=long("影响", 1000),
            found_on="2026-03-02",
            found_by="U_CHEN",
        )
        self._take("record_containment", "U_ZHOU", containment=long("处置", 1000), containment_on="2026-03-02")
        for chain in range(1, CHAINS + 1):
            for level in range(1, LEVELS + 1):
                name = f"{round_}-{chain}-{level}"
                why = {"why_question": long(f"问{name}", 200), "why_answer": long(f"答{name}", 500)}
                self._take("add_why", "U_ZHOU", chain_no=str(chain), **why)
        for n in range(CAUSES):
            cause = {"cause_category": CATEGORIES[n % 2], "cause": long(f"原因{round_}-{n}", 500)}
            self._take("add_cause", "U_ZHOU", **cause, is_main=n == 0)
        for n in range(ROOTS):
            root = {"root_cause": long(f"根因{round_}-{n}", 500), "root_cause_category": "METHOD"}
            self._take("add_root_cause", "U_ZHOU", **root, rca_method="FIVE_WHY")
        self._take("set_criterion", "U_ZHOU", **CRITERION)

    def _plan(self, round_: int, measures: int) -> None:
        due = (self.now + timedelta(days=20)).astimezone(ZONE).date().isoformat()
        roots = [str(root.no) for root in rounds.lines(self.scene(), rounds.ROOT_CAUSES)]
        for n in range(measures):
            planned = {"measure": long(f"措施{round_}-{n}", 1000), "responsible": "U_CHEN", "due_on": due}
            aim = {"root_cause_item": roots[n % ROOTS], "involves_change": "true", "change_no": long("变更", 60)}
            self._take("add_measure", "U_ZHOU", **planned, **aim)
        self._keep(round_)
        self._take("submit_plan", "U_ZHOU", note=long("说明", 1000))
        self._keep(round_)
        self._take("approve_plan", "U_TANG", opinion=long("意见", 1000))

    def _carry_out(self, round_: int) -> None:
        measures = rounds.measures(self.scene())
        for measure in measures[:2]:
            self._take("note_progress", "U_CHEN", of=measure.number, note=long("进展", 1000), progress_pct="60")
        self._keep(round_)
        self.now += timedelta(days=25)
        self._keep(round_, "LATE")
        for measure in measures:
            self._take("report_measure_done", "U_CHEN", of=measure.number, **self._report())

    def _report(self) -> dict[str, Any]:
        today = self.now.astimezone(ZONE).date().isoformat()
        return {
            "what_was_done": long("实施", 1500),
            "evidence": long("证据", 500),
            "executors": ["U_CHEN", "U_SMITH"],
            "started_on": today,
            "completed_on": today,
            "deviation": long("偏差", 500),
            "involves_change": "true",
            "change_no": long("变更", 60),
            "change_state": "IMPLEMENTED",
        }

    def _keep(self, round_: int, stage: str = "") -> None:
        here = self.scene()
        self.seen[round_, stage or here.record.stage] = here

    def _take(self, step: str, by: str, *, of: str = "", **values: Any) -> None:
        today = self.now.astimezone(ZONE).date().isoformat()
        form = {"verified_on": today} if step.startswith("verify") else {}
        self.company.do(step, of or self.number, self.now, by=by, **(form | values))


CLASSIFICATION: dict[str, Any] = {
    "impact": "3",
    "resource_need": "2",
    "urgency": "3",
    "responsible_dept": "信息部",
    "decision_reason": long("分类", 1000),
    "capa_type": "CORRECTIVE",
    "severity": "MAJOR",
    "origin": "AUDIT",
    "major_problem": True,
}
CRITERION = {
    "criterion_kind": "RATE",
    "metric_name": long("指标", 80),
    "sample_min": "50",
    "check_procedure": long("办法", 500),
    "check_delay_days": "30",
    "baseline_num": "34",
    "baseline_den": "40",
    "target_op": "GE",
    "target_value": "98",
    "unit": "%",
}
CHECK = {
    "check_method": "DATA",
    "finding": long("结论", 2000),
    "conclusion": "INEFFECTIVE",
    "evidence": long("证据", 500),
}
FIGURES = {"measured_num": "47", "measured_den": "51", "sample_size": "51"}
