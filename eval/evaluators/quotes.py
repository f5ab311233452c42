"""Exactness: each quote is the passage's own text at its stated place, and each statement is cited."""

from __future__ import annotations

import re

from assistant.domain.answer import Answer, Citation
from eval.verdict import UNSCORED, Verdict

_MARK = re.compile(r"\[(\d+)\]")


def judge(answer: Answer) -> Verdict:
    """Passed when every quote is exact and every statement and mark leads to a citation.

    Unscored when nothing is cited and nothing is stated.
    """
    shown = (*answer.citations, *answer.leads)
    if not shown and answer.behaviour != "answer":
        return UNSCORED
    problems = [f"[{citation.n}] {citation.doc}: inexact quote" for citation in shown if not _exact(citation)]
    if answer.behaviour == "answer":
        problems += _uncited(answer)
    return Verdict(not problems, tuple(problems))


def _exact(citation: Citation) -> bool:
    return bool(citation.quote) and citation.passage[citation.start : citation.end] == citation.quote


def _uncited(answer: Answer) -> list[str]:
    numbers = {citation.n for citation in answer.citations}
    problems = [] if numbers else ["no citation"]
    problems += [
        f"uncited statement: {statement.text[:80]}"
        for statement in answer.statements
        if not statement.citations or not set(statement.citations) <= numbers
    ]
    problems += [f"[{mark}] leads nowhere" for mark in _MARK.findall(answer.answer) if int(mark) not in numbers]
    return problems
