"""Ways to spoil a payload: parts left out, of another kind, too large, too deep, or full of what no text should be."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

Path = tuple[Any, ...]
DIGITS = 10_000
TEXTS = st.sampled_from(
    [
        "\x00",
        "卡\x00纸",
        "\ud800",
        "IMP-2026-0001\udfff",
        "\u202egnp.txt",
        "\u2066\u2069\u200f\u2028\u2029",
        "\x1b[2J\r\n\x85",
        "\ufffe\uffff",
        "7" * DIGITS,
        "-1",
        "1e999999",
        "NaN",
        "x" * 200_000,
        "<!channel> <@U_GUO> ```",
        "{{ 7 * 7 }} {% raw %} %(number)s %s %",
        "' OR 1=1 -- \" ) NEAR(",
        "../../etc/passwd",
        "http://127.0.0.1:9/",
        "file:///etc/passwd",
        "mine-x",
        "mine-1:\x00",
        "show:IMP-0000\x00",
        "[" * 3_000,
        "",
    ]
)


def _nested(depth: int) -> Any:
    found: Any = "x"
    for level in range(depth):
        found = {"type": found} if level % 2 else [found]
    return found


VALUES = st.one_of(
    TEXTS,
    st.none(),
    st.booleans(),
    st.sampled_from([0, -1, 2**63, 10**DIGITS, 1e308, [], {}, [None], {"": ""}, _nested(60), _nested(600)]),
    st.text(max_size=20),
)


@st.composite
def twists(draw: st.DrawFn, *, most: int = 3) -> list[tuple[float, str, Any]]:
    """What is to be done to a payload: where, as a share of all its places; how; and with what."""
    one = st.tuples(st.floats(0, 1, exclude_max=True), st.sampled_from(["drop", "put", "wrap", "append"]), VALUES)
    return draw(st.lists(one, min_size=1, max_size=most))


def twisted(payload: dict[str, Any], done: list[tuple[float, str, Any]]) -> dict[str, Any]:
    """The payload with all that done to it."""
    body = deepcopy(payload)
    for share, how, value in done:
        places = list(_places(body))
        if places:
            _twist(body, places[int(share * len(places))], how, value)
    return body


def _twist(body: Any, path: Path, how: str, value: Any) -> None:
    *above, last = path
    for key in above:
        body = body[key]
    if how == "drop":
        del body[last]
    elif how == "wrap":
        body[last] = [body[last]]
    elif how == "append" and isinstance(body[last], str) and isinstance(value, str):
        body[last] += value
    else:
        body[last] = value


def _places(value: Any, path: Path = (), depth: int = 0) -> Iterator[Path]:
    """Where something stands, in the order of the payload; what was made deep on purpose is not gone into."""
    if depth > 12:
        return
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        yield (*path, key)
        yield from _places(part, (*path, key), depth + 1)
