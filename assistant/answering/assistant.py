"""The path of a question: resolve, gate, search, evidence, sufficiency, composition, verification."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Protocol

from assistant.answering import abstention, scope
from assistant.answering.composition import choose_pieces, cite, compose
from assistant.answering.dialogue import aspect_of, resolve
from assistant.answering.evidence import Evidence, find_evidence
from assistant.answering.question import QuestionShape, analyse
from assistant.answering.reserves import reserves, suggestions
from assistant.answering.sufficiency import assess, keep_guarded
from assistant.answering.verification import supported
from assistant.domain.answer import Answer, State
from assistant.domain.errors import InvalidInput
from knowledge.index.retrieval import SearchFilter, SearchResult

PASSAGES = 12
ANSWER_FROM = 0.36
ANSWER_DATED_FROM = 0.5
"""A question about a year asks for more: what is close to it is most often true of another year."""
ANSWER_OUTSIDE_FROM = 0.6
"""So does a question without a word of the field."""
RELIABLE_FROM = 0.8
LEADS = 3


class Retriever(Protocol):
    """Where the assistant looks: the knowledge base, or a fake."""

    def search(self, text: str, k: int = 10, where: SearchFilter | None = None) -> SearchResult:
        """The `k` best passages for a question, best first."""
        ...


class Assistant:
    """Answers questions from what `retriever` finds, and from nothing else."""

    def __init__(self, retriever: Retriever, *, contact: str = "", max_question_chars: int = 1000) -> None:
        self._retriever = retriever
        self._contact = contact
        self._max_chars = max_question_chars

    def ask(self, question: str, history: Sequence[Answer] = (), *, id: str = "") -> Answer:
        """The answer to `question`, understood with the turns before it.

        Raises InvalidInput("question_empty" | "question_too_long"), and IndexUnavailable from the search.
        """
        question = question.strip()
        if not any(character.isalnum() for character in question):
            raise InvalidInput("question_empty")
        if len(question) > self._max_chars:
            raise InvalidInput("question_too_long", limit=self._max_chars)
        clock = _Clock()
        verdict = scope.judge(question)
        if verdict != "in_scope":
            return abstention.outside(question, verdict, id=id, timings_ms=clock.timings())
        resolved = resolve(question, history)
        result = self._retriever.search(resolved, PASSAGES)
        clock.mark("retrieval")
        shape = analyse(resolved, aspect_of(resolved))
        evidence = keep_guarded(find_evidence(result, shape), result, shape)
        confidence = assess(evidence, result, shape).confidence
        answer = None
        if confidence >= _needed(shape, abstention.in_domain(resolved, result)):
            answer = self._compose(question, resolved, evidence, shape, confidence, result)
        if answer is None:
            answer = self._abstain(question, resolved, result)
        return answer.model_copy(update={"id": id, "timings_ms": clock.timings()})

    def _compose(
        self,
        question: str,
        resolved: str,
        evidence: Sequence[Evidence],
        shape: QuestionShape,
        confidence: float,
        result: SearchResult,
    ) -> Answer | None:
        """The verified answer, or None when nothing of it survives verification."""
        pieces = choose_pieces(evidence, shape)
        statements, citations, text = compose(pieces)
        if not all(supported(statement, citations) for statement in statements) or not statements:
            return None
        doubtful = any(citation.confidence == "a_verifier" for citation in citations)
        state: State = "fiable" if confidence >= RELIABLE_FROM and not doubtful else "à vérifier"
        return Answer(
            question=question,
            resolved_question=resolved,
            behaviour="answer",
            state=state,
            answer=text,
            statements=tuple(statements),
            citations=tuple(citations),
            suggestions=suggestions(result, citations),
            warnings=reserves(citations),
        )

    def _abstain(self, question: str, resolved: str, result: SearchResult) -> Answer:
        leads = tuple(cite(hit, hit.passage.units, n) for n, hit in enumerate(result.hits[:LEADS], start=1))
        return abstention.unknown(question, resolved, result, leads, contact=self._contact)


def _needed(shape: QuestionShape, in_domain: bool) -> float:
    """The confidence from which a question of that kind is answered, in [0, 1]."""
    if not in_domain:
        return ANSWER_OUTSIDE_FROM
    return ANSWER_DATED_FROM if shape.years else ANSWER_FROM


class _Clock:
    """Milliseconds since the start, with named marks."""

    def __init__(self) -> None:
        self._start = time.perf_counter()
        self._marks: dict[str, int] = {}

    def _elapsed(self) -> int:
        return round((time.perf_counter() - self._start) * 1000)

    def mark(self, name: str) -> None:
        self._marks[name] = self._elapsed()

    def timings(self) -> dict[str, int]:
        return {**self._marks, "total": self._elapsed()}
