"""What somebody types to be found is a question of words, never of SQL or of the index's grammar."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.knowledge.cases import cases
from bot.knowledge.similar import similar
from storage.database import Database
from tests.hostile.gate import Gate
from tests.hostile.speech import Speech
from tests.support.chance import examples

GRAMMAR = (
    '"',
    "' OR 1=1 --",
    "'; DROP TABLE record; --",
    "打印机* NEAR(卡纸, 2) AND NOT title:x",
    "a & b | !c <-> d:*",
    "\\' \\",
    "%_%",
    "{{7*7}}",
    "x" * 5_000,
    "\x00\ud800",
    "-1:2,3 ''",
)
SIGNS = st.text(alphabet=st.sampled_from(list("\"'*:&|!<>()-^~%_\\;,{}[]卡纸abORNEAR \x00\ud800")), max_size=40)


@pytest.mark.parametrize("asked", GRAMMAR)
def test_the_grammar_of_the_index_is_not_reached(at_the_gate: Gate, speech: Speech, asked: str) -> None:
    for said in (speech.command("U_SUN", f"案例 {asked}"), speech.hint("U_SUN", asked)):
        response = at_the_gate.hear(said)
        assert response is not None
        assert response.status == 200
        assert at_the_gate.escaped == []
        assert not any(line["event"] == "listener_failed" for line in at_the_gate.logged)
    assert len(at_the_gate.scenes()) > 1


@settings(max_examples=examples(30), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=SIGNS)
def test_any_signs_are_only_looked_for(database: Database, asked: str) -> None:
    with database.reading() as session:
        assert cases(session, asked, page=1).numbers == []
        assert list(similar(session, asked, asked, limit=3)) == []
