"""A text is read as what is affected, what is wrong, and the other words."""

import tomllib
from collections import Counter
from importlib import resources

import pytest

from bot.knowledge.vocabulary import KINDS, read


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("打印机卡纸", ["printer", "jam"]),
        ("三楼打印机每天都卡纸3次", ["printer", "jam"]),
        ("打印设备老是夹纸", ["printer", "jam"]),
        ("没有填写", ["missing_entry"]),
        ("没有及时更新", ["outdated"]),
        ("无线网络", ["wireless"]),  # the 无 of a name is no negation
        ("VPN掉线", ["vpn", "offline"]),
        ("ＶＰＮ 掉线", ["vpn", "offline"]),
        ("OpenVPN2掉线", ["openvpn2", "offline"]),  # a term within a Latin word is none
        ("server down", ["server", "crash"]),
        ("downtown", ["downtown"]),
        ("满意度不达标", ["survey", "low"]),
        ("硬盘写满", ["storage", "full"]),
        ("h3c交换机", ["h3c", "switch"]),
        ("40张 3.5% 2026-03-02", []),
        ("", []),
    ],
)
def test_what_a_text_says(text: str, pieces: list[str]) -> None:
    said = [piece.concept or piece.text.strip() for piece in read(text)]
    assert [word for word in said if word] == pieces


def test_no_term_has_two_meanings() -> None:
    table = tomllib.loads((resources.files("bot.knowledge") / "synonyms.toml").read_text("utf-8"))
    counted = Counter(term for kind in KINDS for names in table[kind].values() for term in names)
    assert [term for term, times in counted.items() if times > 1] == []
    assert len(Counter(concept for kind in KINDS for concept in table[kind])) == sum(len(table[kind]) for kind in KINDS)
