"""Grounding: the answer is correct, and a citation opens the right passage of an expected document."""

from __future__ import annotations

from assistant.domain.answer import Answer, Citation
from eval.dataset import Turn
from eval.evaluators import key_facts
from eval.matching import evidence_found, fact_found
from eval.verdict import Verdict


def judge(turn: Turn, answer: Answer) -> Verdict:
    """Passed when the facts are there and one citation is right; unscored without facts."""
    correct = key_facts.judge(turn, answer)
    if not correct.passed:
        return correct
    if any(_expected(turn, citation) and holds_evidence(turn, citation.passage) for citation in answer.citations):
        return Verdict(True)
    return Verdict(False, tuple(f"[{citation.n}] {citation.doc}" for citation in answer.citations))


def holds_evidence(turn: Turn, passage: str) -> bool:
    """True when `passage` holds the evidence of the turn or, when it names none, one of its facts."""
    if turn.evidence:
        return evidence_found(turn.evidence, passage)
    return any(fact_found(fact, passage) for fact in turn.facts)


def _expected(turn: Turn, citation: Citation) -> bool:
    places = (citation.doc, citation.title, citation.url or "")
    return not turn.sources or any(source in place for source in turn.sources for place in places)
