"""The quick gate holds, fails, and names what broke."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from evaluation_cases import unanswered

from assistant.domain.answer import Answer, Citation, Statement
from eval.dataset import Dataset, load_dataset
from eval.gate import Gate, check, load_gate, quick_subset


@cache
def base() -> Dataset:
    return load_dataset("base")


def gate(**minimum: float) -> Gate:
    return Gate.model_validate({"checks": [{"dataset": "base", "questions": 5, "minimum": minimum}]})


def knowing(question: str, history: Sequence[Answer] = ()) -> Answer:
    """Recites the facts of the base questions, cited from a passage that is nothing but those facts."""
    facts = next(turn.facts for case in base().questions for turn in case.turns if turn.question == question)
    text = " ; ".join(fact[0] for fact in facts)
    cited = Citation(n=1, doc="fiche.md", source_id="f", title="Fiche", passage=text, quote=text, end=len(text))
    return Answer(
        question=question,
        resolved_question=question,
        behaviour="answer",
        state="fiable",
        answer=text,
        statements=(Statement(text=text, citations=(1,)),),
        citations=(cited,),
    )


def ignorant(question: str, history: Sequence[Answer] = ()) -> Answer:
    return unanswered(question=question)


def test_the_gate_holds_when_each_rate_reaches_its_threshold() -> None:
    result = check(knowing, gate(correct=1.0, grounded=1.0, quotes=1.0, no_invention=1.0))
    assert result.passed, result.lines


def test_the_gate_fails_and_names_the_questions_that_broke() -> None:
    result = check(ignorant, gate(correct=0.5))
    assert not result.passed
    chosen = quick_subset(base().select("dev", "base"), 5)
    shown = "\n".join(result.lines)
    assert all(case.id in shown for case in chosen)


def test_a_metric_that_could_not_be_scored_does_not_hold() -> None:
    assert not check(ignorant, gate(quotes=0.0)).passed


def test_known_failures_are_not_named_again() -> None:
    chosen = quick_subset(base().select("dev", "base"), 5)
    checks = [{"dataset": "base", "questions": 5, "minimum": {"correct": 0.5}, "known_failures": [chosen[0].id]}]
    shown = "\n".join(check(ignorant, Gate.model_validate({"checks": checks})).lines)
    assert chosen[0].id not in shown and chosen[1].id in shown


def test_the_shipped_gate_asks_development_questions_of_shipped_datasets() -> None:
    for one in load_gate().checks:
        cases = load_dataset(one.dataset).select("dev", "base")
        assert len(cases) >= one.questions
        assert set(one.known_failures) <= {case.id for case in cases}
