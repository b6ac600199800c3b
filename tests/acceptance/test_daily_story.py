"""A daily improvement from the first word to the digest, through the running bot and simulated time."""

import json
import subprocess
import sys
from typing import Any

from tests.support.town import LIGHT, REPORT, Town

NUMBER = "IMP-2026-0001"


def test_raised_routed_reminded_verified_and_digested(company: Town) -> None:
    company.raise_()
    triage = company.channel("C_QUALITY")[-1]
    assert [b["action_id"] for b in triage["buttons"] if b["kind"] == "button"] == ["classify_daily", "ask_info"]

    assert company.press("U_LIU", "classify_daily", **LIGHT)["done"]
    notice = company.dm("U_ZHOU")[-1]
    assert "2026年3月9日" in notice["text"]
    assert [b["action_id"] for b in notice["buttons"] if b["kind"] == "button"] == ["accept", "report_result"]

    company.move_to("2026-03-05")
    assert len(company.dm("U_ZHOU")) == 1
    company.move_to("2026-03-06")
    assert company.keys(company.dm("U_ZHOU"))[-1] == "remind:U_ZHOU:2026-03-06"
    company.move_to("2026-03-09")
    assert company.keys(company.dm("U_ZHOU"))[-1] == "remind:U_ZHOU:2026-03-09"

    assert company.press("U_ZHOU", "report_result", **REPORT)["done"]
    assert "验证" in company.force("U_ZHOU", "verify_daily_effective")["said"]
    assert company.press("U_LIU", "verify_daily_effective")["done"]
    assert "已关闭" in company.dm("U_CHEN")[-1]["text"]

    company.move_to("2026-03-16")
    digests = company.keys(company.channel("C_WEEKLY"))
    assert digests == ["digest:C_WEEKLY:2026-W10", "digest:C_WEEKLY:2026-W11", "digest:C_WEEKLY:2026-W12"]
    assert NUMBER in json.dumps(company.channel("C_WEEKLY")[-1]["blocks"])

    company.assert_no_dead_buttons()
    company.assert_payloads_obey_slack()
    assert company.stop() == 0
    shown = _shown(company)
    assert (shown["stage"], shown["class"], shown["owner"]) == ("CLOSED", "DAILY", "U_ZHOU")
    assert [h["step"] for h in shown["history"]] == [
        "raise_opportunity",
        "classify_daily",
        "report_result",
        "verify_daily_effective",
        "verify_daily_effective",
    ]


def _shown(company: Town) -> dict[str, Any]:
    command = [sys.executable, "-m", "bot", "show", NUMBER, "--json", "--database", company.database_url]
    shown: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return shown
