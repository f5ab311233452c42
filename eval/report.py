"""Reports as files and lines: JSON for programs, one self-contained French page and a short table for people."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from html import escape
from pathlib import Path

from eval.scores import Failure, Report
from eval.verdict import Rate

LABELS = {
    "correct": "Réponses justes (tous les faits attendus)",
    "grounded": "Réponses justes et citées au bon endroit",
    "restraint": "Questions sans réponse laissées sans réponse",
    "manner": "… et de la manière attendue",
    "quotes": "Citations exactes",
    "no_invention": "Réponses sans chiffre étranger aux sources",
    "whole_dialogue": "Dialogues entièrement justes",
    "recall@1": "Bon passage en tête",
    "recall@3": "Bon passage parmi les 3 premiers",
    "recall@5": "Bon passage parmi les 5 premiers",
    "recall@10": "Bon passage parmi les 10 premiers",
}
GROUPS = {"kind": "Type", "register": "Registre", "paraphrased": "Reformulée", "difficulty": "Difficulté"}

_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:70rem;padding:1rem 1.5rem 4rem;
  color:#1e2430;background:#fff}
h1{font-size:1.6rem}h2{margin-top:2.5rem;border-bottom:2px solid #274060;padding-bottom:.2rem}
table{border-collapse:collapse;margin:1rem 0;width:100%}caption{text-align:left;font-weight:600;padding:.3rem 0}
th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid #d5dae2;vertical-align:top}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
details{border:1px solid #d5dae2;border-radius:.4rem;padding:.4rem .8rem;margin:.4rem 0}
summary{cursor:pointer}code{background:#eef1f5;padding:0 .25rem}
.answer{white-space:pre-wrap;background:#f6f8fa;padding:.5rem}
dt{font-weight:600;margin-top:.4rem}dd{margin:0 0 0 1rem}.meta{color:#4a5568}
"""


def write_json(reports: Sequence[Report], path: Path) -> None:
    """Writes the reports, without the raw outcomes, as a JSON list."""
    rows = [
        {item.name: _plain(getattr(report, item.name)) for item in fields(report) if item.name != "outcomes"}
        for report in reports
    ]
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def write_html(reports: Sequence[Report], path: Path) -> None:
    """Writes one page that needs nothing else: no script, no outside file."""
    body = "".join(_section(report) for report in reports)
    path.write_text(
        '<!doctype html>\n<html lang="fr"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Évaluation de Boussole</title><style>{_STYLE}</style></head>\n"
        f"<body><main><h1>Évaluation de Boussole</h1>{_intro()}{body}</main></body></html>\n",
        encoding="utf-8",
    )


def summary_lines(report: Report) -> list[str]:
    """The figures of a report as lines of text. Says nothing of the questions."""
    moderation = f", {report.errors} en erreur" if report.errors else ""
    lines = [
        f"{report.dataset} v{report.version}, moitié {report.split}, index {report.index}\u00a0: "
        f"{report.cases} cas, {report.turns} tours{moderation}"
    ]
    lines += [
        f"  {LABELS.get(name, name)}\u00a0: {_shown(rate)}" for name, rate in report.metrics.items() if rate.scored
    ]
    if report.latency_ms:
        lines.append(f"  Durée\u00a0: médiane {_ms(report.latency_ms['p50'])}, p95 {_ms(report.latency_ms['p95'])}")
    lines += [f"  Cause probable\u00a0: {cause}\u00a0: {count}" for cause, count in report.causes.items()]
    return lines


def _intro() -> str:
    return (
        '<p class="meta">Chaque taux est suivi du nombre de cas et de son intervalle de confiance à 95\u00a0% '
        "(Wilson). Un cas qui n’a pas pu être noté est écarté, il ne compte pas pour zéro. Les questions de la "
        "moitié «\u00a0test\u00a0» servent à mesurer, non à régler.</p>"
    )


def _section(report: Report) -> str:
    facts = (
        f"Jeu «\u00a0{escape(report.dataset)}\u00a0» version {escape(report.version)}, moitié {escape(report.split)}, "
        f"index {escape(report.index)}, moteur {escape(report.engine or '–')}, "
        f"{escape(report.date)}, révision {escape(report.commit or '–')}. "
        f"{report.cases} cas, {report.turns} tours, {report.errors} écartés pour erreur."
    )
    if report.mean_words is not None:
        facts += f" Réponse moyenne\u00a0: {report.mean_words:.0f} mots."
    if report.latency_ms:
        facts += f" Durée médiane {_ms(report.latency_ms['p50'])}, p95 {_ms(report.latency_ms['p95'])}."
    parts = [
        f"<section><h2>{escape(report.dataset)}</h2><p>{facts}</p>",
        _rates("Mesures", ((LABELS.get(name, name), rate) for name, rate in report.metrics.items() if rate.scored)),
    ]
    parts += [_rates(GROUPS[group], rates.items()) for group, rates in report.by_group.items() if len(rates) > 1]
    parts.append(_causes(report.causes))
    if report.failures:
        parts.append("<h3>Échecs</h3>" + "".join(_failure(failure) for failure in report.failures))
    if report.hidden_failures:
        parts.append(f"<p>{report.hidden_failures} échecs de la moitié test ne sont pas détaillés.</p>")
    return "".join(parts) + "</section>"


def _rates(title: str, rates: Iterable[tuple[str, Rate]]) -> str:
    rows = "".join(
        f'<tr><td>{escape(label)}</td><td class="n">{percent(rate.rate)}</td>'
        f'<td class="n">{rate.passed} / {rate.scored}</td>'
        f'<td class="n">{percent(rate.low)} – {percent(rate.high)}</td></tr>'
        for label, rate in rates
    )
    return (
        f'<table><caption>{escape(title)}</caption><thead><tr><th scope="col"></th><th scope="col" class="n">Taux</th>'
        f'<th scope="col" class="n">Cas</th><th scope="col" class="n">Intervalle</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _causes(causes: Mapping[str, int]) -> str:
    if not causes:
        return "<p>Aucun échec.</p>"
    rows = "".join(f'<tr><td>{escape(cause)}</td><td class="n">{count}</td></tr>' for cause, count in causes.items())
    return f"<table><caption>Causes probables des échecs</caption><tbody>{rows}</tbody></table>"


def _failure(failure: Failure) -> str:
    entries = {
        "Comprise comme": failure.resolved_question if failure.resolved_question != failure.question else "",
        "Attendu": failure.expected,
        "Manque": " ; ".join(failure.missing),
        "Problèmes": " ; ".join(failure.problems),
        "Citations": "\n".join(failure.citations),
    }
    listed = "".join(
        f'<dt>{label}</dt><dd class="answer">{escape(text)}</dd>' for label, text in entries.items() if text
    )
    return (
        f"<details><summary><code>{escape(failure.id)}</code> {escape(failure.question)} "
        f'<span class="meta">({escape(failure.kind)}, {escape(failure.cause)})</span></summary>'
        f'<dl><dt>Réponse ({escape(failure.behaviour)})</dt><dd class="answer">{escape(failure.answer)}</dd>'
        f"{listed}</dl>"
        "</details>"
    )


def _shown(rate: Rate) -> str:
    return f"{percent(rate.rate)} ({rate.passed}/{rate.scored}, {percent(rate.low)} à {percent(rate.high)})"


def percent(share: float | None) -> str:
    """`share` as a French percentage with one decimal, "–" when it is unknown."""
    return "–" if share is None else f"{share * 100:.1f}".replace(".", ",") + "\u00a0%"


def _ms(value: float) -> str:
    return f"{value:.0f}\u00a0ms"


def _plain(value: object) -> object:
    if isinstance(value, Rate | Failure):
        return asdict(value)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value
