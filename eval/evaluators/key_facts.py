"""Correctness: every expected fact stands in the text of the answer."""

from __future__ import annotations

from assistant.domain.answer import Answer
from eval.dataset import Turn
from eval.matching import missing_facts, without_marks
from eval.verdict import UNSCORED, Verdict


def judge(turn: Turn, answer: Answer) -> Verdict:
    """Passed when the turn is answered with all its facts; `details` are the missing ones. Unscored without facts."""
    if not turn.facts:
        return UNSCORED
    if answer.behaviour != "answer":
        return Verdict(False, tuple(fact[0] for fact in turn.facts))
    missing = missing_facts(turn.facts, without_marks(answer.answer))
    return Verdict(not missing, tuple(fact[0] for fact in missing))
