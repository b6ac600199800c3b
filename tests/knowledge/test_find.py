"""Words find what they stand in, in both languages and on both engines; the best first."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

import storage.search
from bot.knowledge.cases import cases
from storage.database import Database
from storage.search import Term
from tests.knowledge.shelf import shelve

TEXTS = {
    "A": ("工单缺解决代码", "抽查40张工单，6张没有填写解决代码。", "关闭工单时校验"),
    "B": ("核心数据库备份失败", "备份任务连续三天报错，没有人处理。", "增加备份告警"),
    "C": ("机房空调停机", "二号机房温度升到35度。", "与厂家签订维保合同"),
    "D": ("VPN掉线", "居家办公时VPN十几分钟断开一次。", "升级 firmware 到 7.2.4"),
    "E": ("Night shift is not told of open incidents", "The hand-over sheet has no column for them.", "Column added"),
    "F": ("ＯＡ系统打开很慢", "上午登录后转圈。", "数据库加索引"),
    "G": ("好", "", ""),
}


@pytest.fixture
def shelf(database: Database) -> Database:
    """The texts above, closed, and one that is still open."""
    with database.transaction() as session:
        for number, (title, *others) in TEXTS.items():
            shelve(session, number, title, *others)
        shelve(session, "O", "工单没有解决代码", open_=True)
    return database


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("工单", "A"),
        ("机房", "C"),
        ("数据库", "BF"),
        ("数据库 备份", "B"),
        ("备份数据库", "B"),
        ("维保合同", "C"),
        ("索引", "F"),
        ("引", "F"),  # the last character of a run
        ("签", "C"),  # one in the midst of it
        ("好", "G"),
        ("vpn", "D"),
        ("VPN 断网", "D"),  # under another name
        ("卡顿", "F"),
        ("漏填", "A"),
        ("oa", "F"),  # typed in full width when it was raised
        ("incident", "E"),  # the beginning of a word
        ("Hand-over SHEET", "E"),
        ("firmware 7.2", "D"),
        ("打印机", ""),
        ("据库备", "B"),  # any stretch of it
        ("空调 打印机", "C"),  # nothing has both
    ],
)
def test_words_find_what_they_stand_in(shelf: Database, words: str, found: str) -> None:
    with shelf.reading() as session:
        assert sorted(cases(session, words).numbers) == sorted(found)


@pytest.mark.parametrize(
    "words",
    [
        "",
        " \t\n",
        "，。！？",
        '"',
        "'",
        "*",
        ":*",
        "()",
        "🙂",
        "\x00",
        "_",
        "~",
    ],
)
def test_what_is_no_word_finds_nothing(shelf: Database, words: str) -> None:
    with shelf.reading() as session:
        assert cases(session, words).numbers == []


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ('工单"', "A"),
        ("工单'", "A"),
        ("工单*", "A"),
        ("工单:*", "A"),
        ("工单 & !vpn", ""),
        ("'工单':A", "A"),
        ("words:工单", "A"),
        ("^工单", "A"),
        ("工单\\", "A"),
        ("工单\x00", "A"),
        ("工单 --", "A"),
        ("工单'); DROP TABLE record; --", "A"),
        ("(工单", "A"),
        ("%工单%", "A"),
        ("～工单", "A"),
    ],
)
def test_what_an_engine_could_obey_is_only_searched_for(shelf: Database, words: str, found: str) -> None:
    with shelf.reading() as session:
        assert set(found) <= set(cases(session, words).numbers)


@pytest.mark.parametrize("operator", ["AND", "OR", "NOT", "NEAR", "NEAR(night shift, 2)"])
def test_an_operator_is_a_word(shelf: Database, operator: str) -> None:
    with shelf.transaction() as session:
        shelve(session, "W", f"{operator} gate", "")
    with shelf.reading() as session:
        assert cases(session, operator).numbers[0] in {"W", "E"}
        assert "W" in cases(session, operator).numbers


@pytest.mark.parametrize("words", ["工单" * 50_000, "a" * 100_000, "工单 " + "zz " * 30_000, "数据库备份" * 20])
def test_a_very_long_question_is_cut(shelf: Database, words: str) -> None:
    with shelf.reading() as session:
        assert len(cases(session, words).numbers) <= len(TEXTS)


@pytest.mark.parametrize("word", ["it's", 'a"b', "a b", "x\\", "", "a:*", "a|b", "\x00"])
def test_the_index_takes_nothing_for_a_word_that_an_engine_could_obey(shelf: Database, word: str) -> None:
    with shelf.transaction() as session:
        assert storage.search.find(session, [[Term(word)]], limit=9) == []
        storage.search.put(session, number="X", kind="improvement", department=None, open_=False, words=[word, "fine"])
    with shelf.reading() as session:
        assert [one.number for one in storage.search.find(session, [[Term("fine")]], limit=9)] == ["X"]


def test_a_very_long_text_is_found_by_its_beginning(shelf: Database) -> None:
    with shelf.transaction() as session:
        shelve(session, "L", "很长", "打印" + "测试文字" * 20_000 + "x" * 5_000)
    with shelf.reading() as session:
        assert cases(session, "打印").numbers == ["L"]


def test_the_title_and_every_further_word_count(shelf: Database) -> None:
    with shelf.transaction() as session:
        shelve(session, "IN-TEXT", "别的事情", "顺便看到投影仪，" + "其余都正常，没有要做的。" * 5)
        shelve(session, "IN-TITLE", "投影仪", "灯泡亮度不够，" + "其余都正常，没有要做的。" * 5)
    with shelf.reading() as session:
        assert cases(session, "投影仪").numbers == ["IN-TITLE", "IN-TEXT"]
        assert cases(session, "投影仪 灯泡 交换机柜").numbers[0] == "IN-TITLE"


def test_a_page_follows_the_other(shelf: Database) -> None:
    with shelf.transaction() as session:
        for number in range(12):
            shelve(session, f"P{number:02}", "打印机卡纸")
    with shelf.reading() as session:
        pages = [cases(session, "打印机", page=page) for page in (1, 2, 3, 4)]
    assert [(len(page.numbers), page.more) for page in pages] == [(5, True), (5, True), (2, False), (0, False)]
    assert len({number for page in pages for number in page.numbers}) == 12


def test_what_is_written_again_stands_in_place_of_the_old(shelf: Database) -> None:
    with shelf.transaction() as session:
        shelve(session, "A", "投影仪灯泡坏了")
        storage.search.remove(session, "B")
    with shelf.reading() as session:
        assert cases(session, "工单").numbers == []
        assert cases(session, "投影仪").numbers == ["A"]
        assert cases(session, "备份").numbers == []
        assert storage.search.count(session) == len(TEXTS)


def test_what_is_rolled_back_is_not_found(shelf: Database) -> None:
    with pytest.raises(DatabaseError):
        _write_and_fail(shelf)
    with shelf.reading() as session:
        assert (cases(session, "工单").numbers, cases(session, "投影仪").numbers) == (["A"], [])


def test_the_choice_comes_before_the_rank(shelf: Database) -> None:
    asked = [[Term("工单")]]
    with shelf.reading() as session:
        everywhere = {one.number for one in storage.search.find(session, asked, limit=9)}
        open_ = [one.number for one in storage.search.find(session, asked, open_=True, limit=9)]
        elsewhere = storage.search.find(session, asked, department="通信部", limit=9)
        other_kind = storage.search.find(session, asked, kind="case", limit=9)
    assert (everywhere, open_, elsewhere, other_kind) == ({"A", "O"}, ["O"], [], [])


def test_frequent_words_are_known(shelf: Database) -> None:
    with shelf.transaction() as session:
        for number in range(60):
            shelve(session, f"P{number:02}", "打印机卡纸", f"第{chr(0x4E00 + 7 * number)}次")
        storage.search.refresh(session)
    with shelf.reading() as session:
        known = storage.search.frequencies(session, ["卡纸", "工单", "没有这个"])
    assert known["卡纸"] == pytest.approx(60, abs=2)
    assert known.get("工单", 0) <= 3
    assert "没有这个" not in known


def _write_and_fail(shelf: Database) -> None:
    with shelf.transaction() as session:
        shelve(session, "A", "投影仪灯泡坏了")
        session.connection().execute(text("SELECT nothing FROM nowhere"))
