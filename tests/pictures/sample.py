"""Analyses to be drawn."""

from collections.abc import Sequence

from hypothesis import strategies as st

from bot.improvement.vocabulary import SixM
from bot.pictures import Analysis, Cause, RootCause, Why

CHINESE = (
    "值班人员未接受过新版监控平台的告警分级培训，凭经验判断",
    "备件库中没有同型号电源模块",
    "变更方案只写了回退命令，没有写回退的判断条件、责任人和时限，评审时也没有人提出",
)
ENGLISH = (
    "The operator on duty had not been trained on the new alarm levels and judged by experience",
    "No spare power module in the store",
    "WWW.MMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMM@EXAMPLE.COM/QQQQQQQQQQQQQQQQQQQQQQQQ",
)


def analysis(
    causes: int, whys: Sequence[int] = (3,), roots: int = 1, *, texts: Sequence[str] = CHINESE, one: bool = False
) -> Analysis:
    """So many causes, every fourth a main one, in `one` category or in all, and why-chains of these lengths."""
    categories = list(SixM)[:1] if one else list(SixM)

    def text(number: int) -> str:
        return texts[number % len(texts)]

    return Analysis(
        "IMP-2026-0012",
        text(0),
        round=1,
        version=2,
        causes=[Cause(categories[n % len(categories)], text(n), n % 4 == 1) for n in range(causes)],
        chains=[[Why(text(n), text(n + level)) for level in range(length)] for n, length in enumerate(whys)],
        root_causes=[RootCause(f"C{n + 1}", text(n)) for n in range(roots)],
    )


LONG = tuple((text * 20)[:500] for text in CHINESE + ENGLISH)
NAMED = {
    "one cause": analysis(1),
    "six causes": analysis(6, (3, 5), 2),
    "six causes in English": analysis(6, (3, 5), 2, texts=ENGLISH),
    "thirty causes": analysis(30, (5, 5, 5), 5),
    "thirty causes in one category": analysis(30, one=True),
    "thirty causes in one category in English": analysis(30, one=True, texts=ENGLISH),
    "all that fits into the forms": analysis(30, (10,) * 5, 10, texts=LONG),
    "whys alone": analysis(0, (4,), 0),
    "ten levels": analysis(0, (10,), 0),
    "causes alone": analysis(7, (), 0),
    "root causes alone": analysis(0, (), 2),
    "nothing": analysis(0, (), 0),
    "nothing that can be seen": analysis(2, (1,), 1, texts=("\u200b",)),
    "meant ill": analysis(
        3, (2,), 1, texts=("</text><script>&amp;\"'", "\x00\x1b\u202e😀\ufffe", "]]>{{ 7 * 7 }}%(n)s")
    ),
}

_TEXT = st.text(st.one_of(st.characters(), st.sampled_from("aW 中，")), max_size=160)
_CAUSES = st.builds(Cause, st.sampled_from(list(SixM)), _TEXT, st.booleans())
ANY = st.builds(
    Analysis,
    number=st.just("IMP-2026-0012"),
    title=_TEXT,
    round=st.integers(1, 9),
    version=st.integers(1, 99),
    causes=st.lists(_CAUSES, max_size=30),
    chains=st.lists(st.lists(st.builds(Why, _TEXT, _TEXT), min_size=1, max_size=10), max_size=5),
    root_causes=st.lists(st.builds(RootCause, st.just("C1"), _TEXT), max_size=5),
)
