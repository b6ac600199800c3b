"""`python -m tests.faults --schedules 200`: plays schedules on both databases and prints what came of them.

A failing one is named with the command that plays it again.
"""

import argparse
import logging
import signal
import sys
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event

import structlog
import typer

from tests.faults.plan import KINDS
from tests.faults.play import Outcome, Stage, own_stage

ENGINES = ("sqlite", "postgresql")


def main() -> int:
    """Play what was asked for; 1 if anything went against a promise."""
    asked = _asked()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    results: dict[str, list[Outcome]] = {engine: [] for engine in asked.engine or ENGINES}
    with own_stage() as stage:
        stop = Event()
        with ThreadPoolExecutor() as side_by_side:
            running = side_by_side.map(partial(_series, stage, asked, stop), results.items())
            try:
                list(running)
            except KeyboardInterrupt:
                typer.echo("no further schedules; what was begun is played to its end")
            finally:
                stop.set()
    _print_table(results)
    return int(any(outcome.violations for outcomes in results.values() for outcome in outcomes))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--schedules", type=int, default=20, help="how many on each engine")
    parser.add_argument("--seed", type=int, default=1, help="the seed of the first; the others count on from it")
    parser.add_argument("--engine", action="append", choices=ENGINES, help="only this one")
    return parser.parse_args()


def _series(stage: Stage, asked: argparse.Namespace, stop: Event, of: tuple[str, list[Outcome]]) -> None:
    engine, outcomes = of
    for seed in range(asked.seed, asked.seed + asked.schedules):
        if stop.is_set():  # somebody does not want to wait, or the other engine's series broke
            break
        outcome = stage.play(seed, engine)
        outcomes.append(outcome)
        _say(outcome)


def _say(outcome: Outcome) -> None:
    plan = outcome.plan
    state = "holds" if not outcome.violations else "FAILS"
    typer.echo(f"{plan.engine} seed {plan.seed}: {state}, {outcome.injected.total()} faults, {outcome.seconds:.1f} s")
    for sentence in outcome.violations:
        typer.echo(f"    {sentence}")
    if outcome.violations:
        typer.echo(f"    again: python -m tests.faults --engine {plan.engine} --seed {plan.seed} --schedules 1")


def _print_table(results: dict[str, list[Outcome]]) -> None:
    rows: dict[str, list[int]] = {"schedules": [len(outcomes) for outcomes in results.values()]}
    rows["  over HTTP"] = [sum(one.plan.http for one in outcomes) for outcomes in results.values()]
    rows["  events told again"] = [sum(one.told_again for one in outcomes) for outcomes in results.values()]
    faults = [_sum(outcomes) for outcomes in results.values()]
    rows["faults injected"] = [found.total() for found in faults]
    rows |= {f"  {kind}": [found[kind] for found in faults] for kind in KINDS}
    told = [sum((outcome.told for outcome in outcomes), Counter[str]()) for outcomes in results.values()]
    rows |= {f"acts told {word}": [found[word] for found in told] for word in ("done", "refused", "nothing")}
    steps = [set[str]().union(*(one.steps for one in outcomes)) for outcomes in results.values()]
    rows["different steps taken"] = [len(taken) for taken in steps]
    rows["messages"] = [sum(outcome.messages for outcome in outcomes) for outcomes in results.values()]
    rows["reminders, digests due"] = [sum(one.scheduled for one in outcomes) for outcomes in results.values()]
    changed = [[one.after_change for one in outcomes if one.after_change] for outcomes in results.values()]
    rows["over a change of clocks"] = [len(found) for found in changed]
    rows["  due in the week after"] = [sum(found) for found in changed]
    rows["violations"] = [sum(len(one.violations) for one in outcomes) for outcomes in results.values()]
    rows["seconds"] = [round(sum(one.seconds for one in outcomes)) for outcomes in results.values()]
    typer.echo(_line("", [*results]))
    for name, figures in rows.items():
        typer.echo(_line(name, figures))


def _sum(outcomes: Sequence[Outcome]) -> Counter[str]:
    return sum((outcome.injected for outcome in outcomes), Counter[str]())


def _line(name: str, figures: Sequence[object]) -> str:
    return f"{name:<24}" + "".join(f"{figure!s:>12}" for figure in figures)


if __name__ == "__main__":
    sys.exit(main())
