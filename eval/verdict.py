"""What an evaluator says of one answer, and rates over many."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

_Z95 = 1.959964


@dataclass(frozen=True)
class Verdict:
    """`passed` is None when the answer cannot be scored by this evaluator; `details` say what is wrong."""

    passed: bool | None
    details: tuple[str, ...] = ()


UNSCORED = Verdict(None)


@dataclass(frozen=True)
class Rate:
    """`passed` out of `scored`, with the 95 % Wilson interval [`low`, `high`]; `unscored` are left out."""

    passed: int
    scored: int
    unscored: int
    rate: float | None
    low: float | None
    high: float | None


def rate_of(verdicts: Iterable[Verdict]) -> Rate:
    """The rate of passed verdicts; `rate` is None when nothing could be scored."""
    outcomes = [verdict.passed for verdict in verdicts]
    scored = [outcome for outcome in outcomes if outcome is not None]
    passed = sum(scored)
    if not scored:
        return Rate(0, 0, len(outcomes), None, None, None)
    low, high = wilson(passed, len(scored))
    return Rate(passed, len(scored), len(outcomes) - len(scored), passed / len(scored), low, high)


def wilson(passed: int, scored: int) -> tuple[float, float]:
    """Bounds in [0, 1] of the 95 % Wilson score interval."""
    proportion = passed / scored
    spread = _Z95 * math.sqrt(proportion * (1 - proportion) / scored + _Z95**2 / (4 * scored**2))
    centre = proportion + _Z95**2 / (2 * scored)
    scale = 1 + _Z95**2 / scored
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)
