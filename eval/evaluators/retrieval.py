"""Retrieval: the right passage is among the first ones found."""

from __future__ import annotations

from collections.abc import Sequence

from eval.dataset import Turn
from eval.matching import evidence_found, missing_facts
from eval.verdict import UNSCORED, Verdict


def judge(turn: Turn, passages: Sequence[str], k: int) -> Verdict:
    """Passed when one of the first `k` passages holds the evidence, or together they hold the facts when the turn
    names no evidence. Unscored when it has neither.
    """
    first = passages[:k]
    if turn.evidence:
        return Verdict(any(evidence_found(turn.evidence, passage) for passage in first))
    if turn.facts:
        return Verdict(not missing_facts(turn.facts, "\n\n".join(first)))
    return UNSCORED
