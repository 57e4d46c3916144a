"""Metrics: what happens behind the page, counted for Prometheus; no label has more than a few values."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from dossier.dossier import Dossier
from dossier.reports import BuildReport

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
# What can become of a question.
OUTCOMES = ("found", "not_found", "refused", "late", "failed")


class Metrics:
    """The numbers of one page, in a registry of their own."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)  # memory, processor time and open files, on Linux
        self._questions = Counter(
            "dossier_questions", "Questions by what became of them", ["outcome"], registry=registry
        )
        self._answer = Histogram("dossier_answer_seconds", "Time an answer took", registry=registry, buckets=SECONDS)
        self._stages = Histogram(
            "dossier_stage_seconds", "Time a stage of it took", ["stage"], registry=registry, buckets=SECONDS
        )
        self._builds = Counter("dossier_builds", "Builds by what became of them", ["outcome"], registry=registry)
        self._build = Gauge("dossier_build_seconds", "Time the last build took", registry=registry)
        self._passages = Gauge("dossier_passages", "Passages in the index that answers", registry=registry)
        self._documents = Gauge("dossier_documents", "Documents in the index that answers", registry=registry)
        self._generation = Gauge(
            "dossier_generation_timestamp_seconds", "When the index that answers was published", registry=registry
        )
        self._responses = Counter("dossier_responses", "Responses by status", ["status"], registry=registry)
        self._refused = Counter("dossier_requests_refused", "Requests not let in", ["reason"], registry=registry)
        self._waiting = Gauge("dossier_queue_waiting", "Questions and other calls that wait", registry=registry)
        self._running = Gauge("dossier_queue_running", "Questions and other calls at work", registry=registry)
        for outcome in OUTCOMES:
            self._questions.labels(outcome)
        for outcome in ("done", "failed"):
            self._builds.labels(outcome)

    def asked(self, outcome: str, seconds: float, stages: dict[str, float]) -> None:
        """Count a question."""
        self._questions.labels(outcome).inc()
        self._answer.observe(seconds)
        for stage, took in stages.items():
            self._stages.labels(stage).observe(took)

    def built(self, report: BuildReport | None) -> None:
        """Count a build, which failed where there is no report."""
        self._builds.labels("done" if report else "failed").inc()
        if report:
            self._build.set(report.seconds)

    def opened(self, dossier: Dossier) -> None:
        """Say what the index holds that answers now."""
        self._passages.set(len(dossier.index.passages))
        self._documents.set(len(dossier.index.documents))
        self._generation.set(dossier.published.timestamp())

    def responded(self, status: int) -> None:
        """Count a response."""
        self._responses.labels(str(status)).inc()

    def refused(self, reason: str) -> None:
        """Count a request that was not let in."""
        self._refused.labels(reason).inc()

    def queue(self, waiting: Callable[[], float], running: Callable[[], float]) -> None:
        """Say how many calls wait and are at work, whenever it is asked."""
        self._waiting.set_function(waiting)
        self._running.set_function(running)

    def text(self) -> bytes:
        """All of it, in Prometheus' text format."""
        return generate_latest(self._registry)
