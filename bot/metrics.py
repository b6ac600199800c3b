"""What happens in this process and what waits in the database, for Prometheus to fetch. An extra: see pyproject.toml.

The counters are this process's own; of several replicas each has its port, and Prometheus adds them up.
"""

from collections.abc import Callable, Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import DBAPIError

import storage.job
import storage.outbox
from bot.clock import Clock
from storage.database import Database

NAMESPACE = "improve_bot"


class Metrics:
    """A `Watch` that counts."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.registry = CollectorRegistry()
        self._steps = Counter("steps", "Steps taken.", ["step"], NAMESPACE, registry=self.registry)
        self._refusals = Counter("refusals", "Steps refused.", ["step", "reason"], NAMESPACE, registry=self.registry)
        self._slack = Counter(
            "slack_errors", "Calls that failed.", ["method", "error"], NAMESPACE, registry=self.registry
        )
        self.registry.register(Waiting(database, clock))

    def taken(self, step: str) -> None:
        """Count a step."""
        self._steps.labels(step).inc()

    def refused(self, step: str, reason: str) -> None:
        """Count a refusal."""
        self._refusals.labels(step, reason).inc()

    def slack_failed(self, method: str, error: str) -> None:
        """Count a failed call."""
        self._slack.labels(method, error).inc()

    def serve(self, host: str, port: int) -> Callable[[], None]:
        """Answer `/metrics`; returns how to stop."""
        server, thread = start_http_server(port, host, self.registry)

        def stop() -> None:
            server.shutdown()
            server.server_close()
            thread.join()

        return stop


class Waiting(Collector):
    """Asked of the database when somebody looks: no replica knows it alone."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def describe(self) -> list[Metric]:
        """Nothing is asked of the database before somebody looks."""
        return []

    def collect(self) -> Iterator[Metric]:
        """What waits; where the database does not answer, that and nothing else."""
        now = self._clock.now()
        try:
            with self._database.reading() as session:
                depth, oldest = storage.outbox.depth(session), storage.outbox.oldest(session)
                beat = storage.job.find(session, job="tick", period="last")
        except DBAPIError:
            yield _gauge("database_up", "Whether the database answers.", 0)
            return
        yield _gauge("database_up", "Whether the database answers.", 1)
        yield _gauge("outbox_waiting", "Messages that are not finished.", depth)
        yield _gauge("outbox_oldest_seconds", "How long the oldest of them has waited.", _seconds(oldest, now))
        if beat is not None:
            yield _gauge("scheduler_lag_seconds", "Since the clock ticked last.", _seconds(beat.at, now))


def _gauge(name: str, explained: str, value: float) -> Metric:
    return GaugeMetricFamily(f"{NAMESPACE}_{name}", explained, value)


def _seconds(since: datetime | None, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds()) if since else 0.0
