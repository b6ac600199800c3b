"""What Monday's digest says was learned: the cases published since the last one, each once."""

from tests.digest.desk import Desk
from tests.digest.test_message import paragraphs
from tests.support import case
from tests.support.company import DemoCompany, at

BEGUN = at("2026-03-03 10:00")
MONDAY, NEXT = "2026-03-09 09:00", "2026-03-16 09:00"


def test_cases_published_since_the_last_digest_each_once(company: DemoCompany, desk: Desk) -> None:
    published, unpublished = case.of_daily(company, BEGUN), case.of_daily(company, BEGUN)
    revised, retired = case.of_daily(company, BEGUN), case.of_daily(company, BEGUN)
    for number in (published, revised, retired):
        case.published(company, number, BEGUN)
    company.do("revise_case", revised, BEGUN, by="U_LIU", reason="补充结果")
    case.published(company, revised, BEGUN, best_practice=True)
    company.do("retire_case", retired, BEGUN, by="U_LIU", reason="与规程不符")
    learned = desk.digest(MONDAY)["lists"]["learned"]
    assert [(line["number"], line["author"], line["best"]) for line in learned["lines"]] == [
        (published, "U_CHEN", False),
        (revised, "U_CHEN", True),
    ]
    case.published(company, unpublished, at("2026-03-10 10:00"))
    assert desk.lines(NEXT, "learned", "number") == [unpublished]


def test_how_it_reads(company: DemoCompany, desk: Desk) -> None:
    number = case.of_daily(company, BEGUN)
    case.published(company, number, BEGUN)
    source = company.scene(number, BEGUN).value("source_improvement")
    text = "\n".join(paragraphs(company, desk, MONDAY))
    assert f"📚 本期经验（1）*\n• {number} 解决代码必填 · 来自 {source} · 作者 陈晓" in text
