"""Outcomes of an evaluation, and the figures drawn from them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from assistant.domain.answer import Answer
from eval.dataset import Case, Dataset, Index, Split, Turn
from eval.evaluators import grounding
from eval.verdict import Rate, Verdict, rate_of

MAIN_METRICS = ("correct", "grounded", "restraint", "quotes", "no_invention")
"""The expectations a turn must meet, each where it can be scored."""


@dataclass(frozen=True)
class Outcome:
    """One turn, its answer and the verdicts by metric. `error` is the code of the error that left it unscored."""

    case: Case
    turn: Turn
    number: int
    answer: Answer | None
    verdicts: Mapping[str, Verdict]
    elapsed_ms: float = 0.0
    error: str = ""
    retrieved: bool | None = None

    @property
    def id(self) -> str:
        """The id of the question, or `<dialogue>.<turn>`."""
        return self.case.id if len(self.case.turns) == 1 else f"{self.case.id}.{self.number}"

    @property
    def failed(self) -> bool:
        """True when the main expectation of the turn is not met."""
        return any(self.verdicts[name].passed is False for name in MAIN_METRICS if name in self.verdicts)


@dataclass(frozen=True)
class Failure:
    """A turn that did not do as expected, with what helps to understand it."""

    id: str
    kind: str
    register: str
    question: str
    resolved_question: str
    expected: str
    behaviour: str
    answer: str
    missing: tuple[str, ...]
    problems: tuple[str, ...]
    citations: tuple[str, ...]
    cause: str


@dataclass(frozen=True)
class Report:
    """Figures over one dataset, with what makes them comparable. `failures` excludes those kept secret."""

    dataset: str
    version: str
    split: str
    index: str
    date: str
    commit: str
    engine: str
    cases: int
    turns: int
    errors: int
    metrics: Mapping[str, Rate]
    by_group: Mapping[str, Mapping[str, Rate]]
    latency_ms: Mapping[str, float]
    mean_words: float | None
    causes: Mapping[str, int]
    failures: tuple[Failure, ...] = ()
    hidden_failures: int = 0
    outcomes: tuple[Outcome, ...] = field(default=(), repr=False, compare=False)


def build_report(
    dataset: Dataset, split: Split | None, index: Index | None, outcomes: Sequence[Outcome], *, detail_test: bool
) -> Report:
    """The figures over `outcomes`. Failures of the test half are counted, and described only with `detail_test`."""
    answered = [outcome for outcome in outcomes if outcome.answer is not None]
    failed = [outcome for outcome in answered if outcome.failed]
    shown = [outcome for outcome in failed if detail_test or outcome.case.split == "dev"]
    words = [len(o.answer.answer.split()) for o in answered if o.answer and o.answer.behaviour == "answer"]
    return Report(
        dataset=dataset.name,
        version=dataset.version,
        split=split or "all",
        index=index or "all",
        date=date.today().isoformat(),
        commit=_commit(),
        engine=", ".join(sorted({outcome.answer.engine for outcome in answered if outcome.answer})),
        cases=len({outcome.case.id for outcome in outcomes}),
        turns=len(outcomes),
        errors=len(outcomes) - len(answered),
        metrics=_metrics(answered),
        by_group=_by_group(answered),
        latency_ms=_latency([outcome.elapsed_ms for outcome in answered]),
        mean_words=sum(words) / len(words) if words else None,
        causes=_counted(cause_of(outcome) for outcome in failed),
        failures=tuple(_failure(outcome) for outcome in shown),
        hidden_failures=len(failed) - len(shown),
        outcomes=tuple(outcomes),
    )


def _metrics(outcomes: Sequence[Outcome]) -> dict[str, Rate]:
    names = dict.fromkeys(name for outcome in outcomes for name in outcome.verdicts)
    rates = {name: rate_of(outcome.verdicts[name] for outcome in outcomes) for name in names}
    dialogues: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        if len(outcome.case.turns) > 1:
            dialogues.setdefault(outcome.case.id, []).append(outcome)
    if dialogues:
        rates["whole_dialogue"] = rate_of(
            Verdict(not any(outcome.failed for outcome in turns)) for turns in dialogues.values()
        )
    return rates


def _by_group(outcomes: Sequence[Outcome]) -> dict[str, dict[str, Rate]]:
    """Rate of turns that did as expected, by kind, register, and so on."""
    groups: dict[str, dict[str, list[Outcome]]] = {"kind": {}, "register": {}, "paraphrased": {}, "difficulty": {}}
    for outcome in outcomes:
        case = outcome.case
        labels = {
            "kind": case.kind,
            "register": case.register_,
            "paraphrased": "oui" if case.paraphrased else "non",
            "difficulty": str(case.difficulty),
        }
        for group, label in labels.items():
            groups[group].setdefault(label, []).append(outcome)
    return {
        group: {
            label: rate_of(Verdict(not outcome.failed) for outcome in members)
            for label, members in sorted(by_label.items())
        }
        for group, by_label in groups.items()
    }


def _latency(elapsed_ms: Sequence[float]) -> dict[str, float]:
    if not elapsed_ms:
        return {}
    return {"p50": round(percentile(elapsed_ms, 50), 1), "p95": round(percentile(elapsed_ms, 95), 1)}


def percentile(values: Sequence[float], percent: float) -> float:
    """The nearest-rank percentile of non-empty `values`."""
    ordered = sorted(values)
    rank = max(1, -(-len(ordered) * percent // 100))
    return ordered[int(rank) - 1]


def cause_of(outcome: Outcome) -> str:
    """The likely cause of a failure, as a French label."""
    answer, turn, verdicts = outcome.answer, outcome.turn, outcome.verdicts
    if answer is None:
        return "erreur"
    if verdicts["restraint"].passed is False:
        return "réponse à une question sans réponse"
    if verdicts["correct"].passed is False:
        if answer.behaviour == "answer":
            return _cause_of_wrong_answer(outcome)
        if answer.behaviour != "abstain":
            return "question prise pour hors sujet"
        return "passage non retrouvé" if outcome.retrieved is False else "abstention à tort"
    if verdicts["quotes"].passed is False:
        return "citation inexacte"
    if verdicts["no_invention"].passed is False:
        return "chiffre absent des sources citées"
    if turn.facts and verdicts["grounded"].passed is False:
        return "citation d’un autre passage"
    return "autre"


def _cause_of_wrong_answer(outcome: Outcome) -> str:
    answer = outcome.answer
    assert answer is not None
    if any(grounding.holds_evidence(outcome.turn, citation.passage) for citation in answer.citations):
        return "bon passage, réponse incomplète"
    return "passage non retrouvé" if outcome.retrieved is False else "mauvais passage choisi"


def _failure(outcome: Outcome) -> Failure:
    answer = outcome.answer
    assert answer is not None
    problems = [
        f"{name} : {detail}"
        for name in ("grounded", "restraint", "quotes", "no_invention")
        for detail in outcome.verdicts[name].details
        if outcome.verdicts[name].passed is False
        and not (name == "grounded" and not outcome.verdicts["correct"].passed)
    ]
    expected = " ; ".join(" / ".join(fact) for fact in outcome.turn.facts) or outcome.turn.behaviour
    return Failure(
        id=outcome.id,
        kind=outcome.case.kind,
        register=outcome.case.register_,
        question=outcome.turn.question,
        resolved_question=answer.resolved_question,
        expected=expected,
        behaviour=answer.behaviour,
        answer=answer.answer,
        missing=outcome.verdicts["correct"].details,
        problems=tuple(problems),
        citations=tuple(f"[{citation.n}] {citation.doc} : {citation.quote}" for citation in answer.citations),
        cause=cause_of(outcome),
    )


def _counted(labels: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for label in labels:
        counts[label] = counts.get(label, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: -item[1]))


def _commit() -> str:
    """The commit of the code that runs, "" outside a repository."""
    try:
        shown = subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"],
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            timeout=5,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return shown.stdout.strip()
