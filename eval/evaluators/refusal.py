"""Restraint: a question the sources do not answer gets no answer."""

from __future__ import annotations

from assistant.domain.answer import Answer
from eval.dataset import Turn
from eval.verdict import UNSCORED, Verdict


def judge(turn: Turn, answer: Answer) -> Verdict:
    """Passed when an unanswerable turn is not answered, in whichever way; unscored for an answerable turn."""
    if turn.behaviour == "answer":
        return UNSCORED
    if answer.behaviour != "answer":
        return Verdict(True)
    return Verdict(False, (f"{turn.behaviour} -> {answer.behaviour}",))


def judge_manner(turn: Turn, answer: Answer) -> Verdict:
    """Passed when an unanswerable turn is met in the expected manner (abstain, redirect or refuse)."""
    if turn.behaviour == "answer":
        return UNSCORED
    if answer.behaviour == turn.behaviour:
        return Verdict(True)
    return Verdict(False, (f"{turn.behaviour} -> {answer.behaviour}",))
