"""A case of the library on its way: drafted from an improvement, submitted, published."""

from datetime import datetime

from tests.support.company import DemoCompany

AUTHOR = "U_CHEN"
TEXT = {
    "case_title": "解决代码必填",
    "case_problem": "工单缺解决代码",
    "case_cause": "系统不校验",
    "case_practice": "关闭时校验",
    "case_result": "填写率98.3%",
}


def drafted(company: DemoCompany, number: str, now: datetime, *, by: str = AUTHOR, **text: str) -> str:
    """The number of a new case of this improvement."""
    company.do("draft_case", number, now, by=by, **(TEXT | text))
    return str(company.scene(number, now).record.values["case"])


def of_daily(company: DemoCompany, now: datetime, **text: str) -> str:
    """The number of a new case of a daily improvement that was found effective."""
    number = company.daily(now)
    company.report_result(number, now, by="U_ZHOU")
    company.verify_effective(number, now)
    return drafted(company, number, now, **text)


def published(company: DemoCompany, case: str, now: datetime, *, by: str = AUTHOR, best_practice: bool = False) -> None:
    """Submitted by its author and published by quality."""
    company.do("submit_case", case, now, by=by)
    company.do("publish_case", case, now, by="U_LIU", best_practice=best_practice)
