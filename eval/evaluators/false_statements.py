"""Invention: a number, date, amount or article of the answer that no cited passage holds."""

from __future__ import annotations

from assistant.domain.answer import Answer
from eval.matching import figures, run_found, tokens
from eval.verdict import UNSCORED, Verdict


def judge(answer: Answer) -> Verdict:
    """Passed when every figure of the answer stands in a cited passage, its title or its locator.

    `details` are the invented figures. Unscored when nothing is answered.
    """
    if answer.behaviour != "answer":
        return UNSCORED
    support = [
        tokens(text)
        for citation in answer.citations
        for text in (citation.passage, citation.original, citation.title, citation.locator)
    ]
    invented = [" ".join(run) for run in figures(answer.answer) if not any(run_found(run, known) for known in support)]
    return Verdict(not invented, tuple(invented))
