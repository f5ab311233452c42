"""The quick gate: a fixed subset of the development questions over the shipped base, against thresholds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from eval.dataset import Case, load_dataset
from eval.report import LABELS, percent
from eval.run import Ask, evaluate
from eval.scores import Report
from knowledge.validated_yaml import decode_utf8, parse_yaml

GATE_FILE = Path(__file__).parent / "gate.yaml"
Share = Annotated[float, Field(ge=0, le=1)]


class GateCheck(BaseModel):
    """How many questions of one dataset are asked, and the least rate accepted for each metric."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dataset: str
    questions: int = Field(ge=1)
    minimum: dict[str, Share]
    known_failures: tuple[str, ...] = ()


class Gate(BaseModel):
    """All the checks of the quick gate."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    checks: tuple[GateCheck, ...] = Field(min_length=1)


@dataclass(frozen=True)
class GateResult:
    """Whether the gate holds, and the lines that say so in French."""

    passed: bool
    lines: tuple[str, ...]


def load_gate(path: Path = GATE_FILE) -> Gate:
    """The thresholds of `path`. Raises InvalidContent when the file breaks the model."""
    gate, _ = parse_yaml(decode_utf8(path.read_bytes(), path.name), Gate, file=path.name)
    return gate


def check(ask: Ask, gate: Gate) -> GateResult:
    """The result of `gate` over `ask`; a metric that could not be scored does not hold."""
    lines: list[str] = []
    passed = True
    for one in gate.checks:
        dataset = load_dataset(one.dataset)
        chosen = quick_subset(dataset.select("dev", "base"), one.questions)
        report = evaluate(ask, dataset, "dev", index="base", only=[case.id for case in chosen])
        below = _below(report, one)
        passed = passed and not below and report.errors == 0
        lines += _lines(report, one, below)
    lines.append("Contrôle rapide : réussi." if passed else "Contrôle rapide : échec.")
    return GateResult(passed, tuple(lines))


def quick_subset(cases: Sequence[Case], size: int) -> list[Case]:
    """At most `size` of `cases`, always the same ones: those whose id hashes lowest."""
    return sorted(cases, key=lambda case: sha256(f"gate:{case.id}".encode()).digest())[:size]


def _below(report: Report, one: GateCheck) -> list[str]:
    """The metrics under their threshold."""
    missed: list[str] = []
    for metric, minimum in one.minimum.items():
        rate = report.metrics.get(metric)
        if rate is None or rate.rate is None or rate.rate < minimum:
            missed.append(metric)
    return missed


def _lines(report: Report, one: GateCheck, below: Sequence[str]) -> list[str]:
    lines = [f"{report.dataset}\u00a0: {report.cases} questions, {report.errors} en erreur"]
    for metric, minimum in one.minimum.items():
        rate = report.metrics.get(metric)
        mark = "✗" if metric in below else "✓"
        share = percent(rate.rate if rate else None)
        lines.append(f"  {mark} {LABELS.get(metric, metric)}\u00a0: {share} (minimum {percent(minimum)})")
    broken = [failure for failure in report.failures if failure.id not in one.known_failures]
    if below:
        lines += [f"    {failure.id} « {failure.question} »\u00a0: {failure.cause}" for failure in broken]
    repaired = sorted(set(one.known_failures) - {failure.id for failure in report.failures})
    if repaired:
        lines.append(f"  Réussies depuis, à retirer de known_failures\u00a0: {', '.join(repaired)}")
    return lines
