"""Small turns and answers for the tests of the evaluators."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.domain.answer import Answer, Behaviour, Citation, Statement
from eval.dataset import Turn

PASSAGE = "La FICOL finance de 200 K€ à 1,5 M€. Les projets durent trois ans au plus."
QUOTE = "La FICOL finance de 200 K€ à 1,5 M€."


def citation(n: int = 1, passage: str = PASSAGE, quote: str = QUOTE, doc: str = "guide.txt") -> Citation:
    start = passage.find(quote)
    return Citation(
        n=n, doc=doc, source_id=doc, title="Guide", passage=passage, quote=quote, start=start, end=start + len(quote)
    )


def answered(text: str, *citations: Citation, question: str = "Combien ?") -> Answer:
    return Answer(
        question=question,
        resolved_question=question,
        behaviour="answer",
        state="fiable",
        answer=text,
        statements=(Statement(text=text, citations=tuple(c.n for c in citations)),),
        citations=citations,
    )


def unanswered(behaviour: Behaviour = "abstain", question: str = "Combien ?") -> Answer:
    return Answer(
        question=question,
        resolved_question=question,
        behaviour=behaviour,
        state="pas de réponse",
        answer="Je ne trouve pas.",
    )


def asking(*facts: Sequence[str], evidence: Sequence[str] = (), sources: Sequence[str] = ()) -> Turn:
    return Turn(
        question="Combien ?",
        facts=tuple(tuple(fact) for fact in facts),
        evidence=tuple(evidence),
        sources=tuple(sources),
    )
