"""What a picture of a cause analysis shows."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Cause:
    """One twig of the fishbone; `category` is a value of `SixM`."""

    category: str
    text: str
    is_main: bool = False


@dataclass(frozen=True)
class Why:
    """One level of a why-chain."""

    question: str
    answer: str


@dataclass(frozen=True)
class RootCause:
    """A root cause and its code, such as C1."""

    code: str
    text: str


@dataclass(frozen=True)
class Analysis:
    """The cause analysis of one round, as it stood in one version of the plan; any of its lists may be empty."""

    number: str
    title: str
    round: int
    version: int
    causes: Sequence[Cause] = ()
    chains: Sequence[Sequence[Why]] = ()
    root_causes: Sequence[RootCause] = ()
