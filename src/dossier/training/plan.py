"""The plan of a training: its steps, what they take, and how much each loss counts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """How training goes. ``negatives`` are passages without the answer beside the one that has it.

    ``changed`` is the share of groups with a changed question, where they have no twin, ``written``, ``twins`` and
    ``reworded`` (for what was composed too) how often what was written for this is looked at where others are once, and
    ``falling`` the share of the steps in which the rate falls, at the end (warm-up, stable, decay: Hu et al. 2024).
    """

    steps: int = 1_520
    groups: int = 32
    negatives: int = 1
    changed: float = 0.6
    written: int = 1
    twins: int = 2
    reworded: int = 6
    rate: float = 2e-4
    rising: int = 100
    falling: float = 0.25
    decay: float = 0.01
    smoothing: float = 0.05
    span_weight: float = 1.0
    answers_weight: float = 1.0
    order_weight: float = 0.5
    seed: int = 20_261_121

    @property
    def weights(self) -> dict[str, float]:
        """How much each loss counts."""
        return {"span": self.span_weight, "answers": self.answers_weight, "order": self.order_weight}

    @property
    def falls_from(self) -> int:
        """The step from which the rate falls."""
        return int(self.steps * (1 - self.falling))

    def rate_at(self, step: int) -> float:
        """The share of the rate at a step."""
        left = (self.steps - step) / max(self.steps - self.falls_from, 1)
        return min((step + 1) / self.rising, 1.0, max(left, 0.0))
