"""Both catalogues say everything the program can ask for, in the same way, and nothing else."""

import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from bot.render import LANGUAGES, Phrasebook
from tests.house.ids import ROOT, asked, hints

PLACEHOLDER = re.compile(r"%\((\w+)\)s")
BUTTON, INPUT, PARAGRAPH = 24, 48, 3000


def _path(language: str) -> Path:
    return ROOT / "templates" / "locale" / language / "LC_MESSAGES" / "messages.po"


def _catalogue(language: str) -> Catalog:
    with _path(language).open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def _sentences(language: str) -> dict[str, tuple[str, ...]]:
    """The forms of each sentence by id: one, or with a plural as many as the language has."""
    entries = [entry for entry in _catalogue(language) if entry.id]
    return {_id(entry): (s,) if isinstance(s := entry.string, str) else tuple(s or ()) for entry in entries}


def _id(entry: Message) -> str:
    return entry.id if isinstance(entry.id, str) else str(entry.id[0])


def _placeholders(forms: tuple[str, ...]) -> set[str]:
    return {name for form in forms for name in PLACEHOLDER.findall(form)}


def test_both_languages_have_the_same_ids_in_the_same_order() -> None:
    assert list(_sentences("zh_CN")) == list(_sentences("en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_there_once_and_finished(language: str) -> None:
    ids = re.findall(r'^msgid "(.+)"$', _path(language).read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted({msgid for msgid in ids if ids.count(msgid) > 1}) == []
    assert [_id(entry) for entry in _catalogue(language) if entry.fuzzy and entry.id] == []
    assert [msgid for msgid, forms in _sentences(language).items() if not all(map(str.strip, forms))] == []


def test_both_languages_use_the_same_parameters() -> None:
    chinese, english = _sentences("zh_CN"), _sentences("en")
    differing = [i for i in chinese if _placeholders(chinese[i]) != _placeholders(english.get(i, ()))]
    assert differing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_uses_only_parameters_it_is_given(language: str) -> None:
    sentences, given = _sentences(language), asked().given
    missing = {i: _placeholders(sentences[i]) - names for i, names in given.items() if i in sentences}
    assert {msgid: names for msgid, names in missing.items() if names} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_percent_sign_is_a_placeholder_or_doubled(language: str) -> None:
    forms = {form for sentence in _sentences(language).values() for form in sentence}
    assert [form for form in forms if "%" in PLACEHOLDER.sub("", form).replace("%%", "")] == []


def test_everything_the_program_can_ask_for_is_there() -> None:
    assert sorted(asked().ids - _sentences("zh_CN").keys()) == []


def test_every_id_can_be_told_from_the_code() -> None:
    """An id put together from parts that only a running program knows would escape the test above."""
    assert sorted(asked().unclear) == []


def test_there_is_nothing_that_nobody_asks_for() -> None:
    assert sorted(_sentences("zh_CN").keys() - asked().ids - hints()) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("head", "most"), [("step", BUTTON), ("field", INPUT)])
def test_labels_fit_where_slack_shows_them(language: str, head: str, most: int) -> None:
    labels = {i: forms[0] for i, forms in _sentences(language).items() if i.startswith(f"{head}.")}
    assert {msgid: label for msgid, label in labels.items() if len(label) > most} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_fits_into_one_paragraph(language: str) -> None:
    words = Phrasebook(ZoneInfo("Asia/Shanghai")).words(language)
    for open_to_all in (True, False):
        assert 0 < len(words.template(f"help/help.{language}.j2", open_to_all=open_to_all)) <= PARAGRAPH
