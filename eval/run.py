"""Runs the questions of a dataset through an assistant and scores the answers.

evaluate   one dataset, through any `ask`
main       what the command line calls: evaluate, write the files, return the report
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Protocol

from assistant.domain.answer import Answer
from assistant.domain.errors import BoussoleError
from eval.dataset import Case, Dataset, Index, Split, Turn, load_dataset
from eval.evaluators import false_statements, grounding, key_facts, quotes, refusal, retrieval
from eval.report import write_html, write_json
from eval.scores import Outcome, Report, build_report
from eval.verdict import Verdict
from knowledge.errors import KnowledgeError

RETRIEVAL_DEPTHS = (1, 3, 5, 10)
Ask = Callable[[str, Sequence[Answer]], Answer]
"""The answer to a question, given the answers of the turns before it."""
Search = Callable[[str, int], Sequence[str]]
"""Texts of the `k` best passages for a question, best first."""
Progress = Callable[[int, int], None]


class Asker(Protocol):
    """The assistant, or a fake."""

    def ask(self, question: str, history: Sequence[Answer] = ()) -> Answer:
        """The answer to `question` after the turns of `history`."""
        ...


def evaluate(
    ask: Ask,
    dataset: Dataset,
    split: Split | None = "dev",
    *,
    index: Index | None = None,
    search: Search | None = None,
    only: Iterable[str] | None = None,
    detail_test: bool = False,
    progress: Progress | None = None,
) -> Report:
    """The report of `dataset` over `ask`.

    `index` leaves out the cases whose expectations do not hold over what is indexed; `only` keeps the cases of
    those ids. Failures of the test half are counted but not described, unless `detail_test`.
    """
    wanted = None if only is None else set(only)
    cases = [case for case in dataset.select(split, index) if wanted is None or case.id in wanted]
    outcomes: list[Outcome] = []
    for done, case in enumerate(cases, start=1):
        outcomes += _run_case(ask, case, search)
        if progress is not None:
            progress(done, len(cases))
    return build_report(dataset, split, index, outcomes, detail_test=detail_test)


def main(
    datasets: Sequence[str | Path],
    split: Split | None,
    out: Path | None,
    assistant: Asker,
    *,
    index: Index | None = None,
    search: Search | None = None,
    detail_test: bool = False,
    progress: Progress | None = None,
) -> list[Report]:
    """The reports of `datasets`, also written as `rapport.json` and `rapport.html` in `out` unless it is None.

    Raises InvalidContent for a dataset that is missing or wrong.
    """
    loaded = [load_dataset(name) for name in datasets]
    reports = [
        evaluate(
            assistant.ask,
            dataset,
            split,
            index=index,
            search=search,
            detail_test=detail_test,
            progress=progress,
        )
        for dataset in loaded
    ]
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        write_json(reports, out / "rapport.json")
        write_html(reports, out / "rapport.html")
    return reports


def _run_case(ask: Ask, case: Case, search: Search | None) -> list[Outcome]:
    history: list[Answer] = []
    outcomes: list[Outcome] = []
    for number, turn in enumerate(case.turns, start=1):
        start = time.perf_counter()
        try:
            answer = ask(turn.question, tuple(history))
        except (BoussoleError, KnowledgeError) as error:
            outcomes.append(Outcome(case, turn, number, None, {}, error=error.code))
            break
        elapsed_ms = (time.perf_counter() - start) * 1000
        history.append(answer)
        verdicts = judge(turn, answer)
        retrieved = None
        if search is not None:
            passages = search(answer.resolved_question, max(RETRIEVAL_DEPTHS))
            for k in RETRIEVAL_DEPTHS:
                verdicts[f"recall@{k}"] = retrieval.judge(turn, passages, k)
            retrieved = verdicts[f"recall@{max(RETRIEVAL_DEPTHS)}"].passed
        outcomes.append(Outcome(case, turn, number, answer, verdicts, elapsed_ms, retrieved=retrieved))
    return outcomes


def judge(turn: Turn, answer: Answer) -> dict[str, Verdict]:
    """The verdict of each evaluator on `answer`, by metric."""
    return {
        "correct": key_facts.judge(turn, answer),
        "grounded": grounding.judge(turn, answer),
        "restraint": refusal.judge(turn, answer),
        "manner": refusal.judge_manner(turn, answer),
        "quotes": quotes.judge(answer),
        "no_invention": false_statements.judge(answer),
    }
