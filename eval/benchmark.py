"""Retrieval measured on a benchmark folder in BEIR format, for any search function.

folder/corpus.jsonl    {"_id", "title", "text"} a line
folder/queries.jsonl   {"_id", "text"} a line
folder/qrels.tsv       query-id, corpus-id, score (also looked for in qrels/test.tsv)
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from assistant.domain.errors import InvalidInput
from eval.dataset import Split
from eval.scores import percentile

DEPTH = 100
RECALL_DEPTHS = (1, 5, 10, 100)
SAMPLE_SEED = "boussole"


class SearchFn(Protocol):
    """A retrieval engine."""

    def __call__(self, query: str, k: int) -> Sequence[str]:
        """Ids of the `k` best documents for `query`, best first, each once."""
        ...


@dataclass(frozen=True)
class BeirFolder:
    """`corpus` maps a document id to (title, text), `qrels` a query id to its relevant documents and their gain."""

    name: str
    corpus: Mapping[str, tuple[str, str]]
    queries: Mapping[str, str]
    qrels: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class BenchRow:
    """Means over the queries of one engine; latencies in milliseconds."""

    engine: str
    queries: int
    ndcg_10: float
    mrr_10: float
    recall: Mapping[int, float]
    p50_ms: float
    p95_ms: float


def load_beir(folder: Path) -> BeirFolder:
    """The benchmark of `folder`, its queries without a relevant document left out.

    Raises InvalidInput: "batch_missing" with `path`, or "batch_line" with `line` and `problem`.
    """
    corpus = {str(row["_id"]): (str(row.get("title", "")), str(row["text"])) for row in _rows(folder / "corpus.jsonl")}
    queries = {str(row["_id"]): str(row["text"]) for row in _rows(folder / "queries.jsonl")}
    qrels_path = folder / "qrels.tsv"
    qrels = _read_qrels(qrels_path if qrels_path.is_file() else folder / "qrels" / "test.tsv")
    judged = {query: text for query, text in queries.items() if any(gain > 0 for gain in qrels.get(query, {}).values())}
    return BeirFolder(folder.name, corpus, judged, qrels)


def sample_queries(queries: Iterable[str], limit: int | None = None, split: Split | None = None) -> list[str]:
    """Ids of the queries of `split`, at most `limit`, always the same: they are ordered by a hash of their id."""
    ordered = sorted(queries, key=_digest)
    if split is not None:
        ordered = [query for query in ordered if (_digest(query)[-1] % 2 == 0) == (split == "dev")]
    return ordered[:limit]


def bench(
    data: BeirFolder, searches: Mapping[str, SearchFn], *, limit: int | None = None, split: Split | None = None
) -> list[BenchRow]:
    """One row an engine of `searches`, over the same queries."""
    chosen = sample_queries(data.queries, limit, split)
    if not chosen:
        raise InvalidInput("batch_line", line="queries.jsonl", problem="aucune question jugée")
    return [_measure(engine, search, data, chosen) for engine, search in searches.items()]


def table(rows: Sequence[BenchRow]) -> str:
    """The rows as a Markdown table."""
    head = ["moteur", "nDCG@10", "MRR@10", *(f"rappel@{k}" for k in RECALL_DEPTHS), "p50 ms", "p95 ms", "questions"]
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    for row in rows:
        scores = [row.ndcg_10, row.mrr_10, *(row.recall[k] for k in RECALL_DEPTHS)]
        cells = [row.engine, *(f"{score:.3f}" for score in scores), f"{row.p50_ms:.0f}", f"{row.p95_ms:.0f}"]
        lines.append(f"| {' | '.join(cells)} | {row.queries} |")
    return "\n".join(lines)


def ndcg(ranked: Sequence[str], gains: Mapping[str, int], k: int) -> float:
    """nDCG at `k` with linear gains, as trec_eval computes it."""
    ideal = _dcg(sorted(gains.values(), reverse=True)[:k])
    return _dcg([gains.get(doc, 0) for doc in ranked[:k]]) / ideal if ideal else 0.0


def reciprocal_rank(ranked: Sequence[str], gains: Mapping[str, int], k: int) -> float:
    """1 / rank of the first relevant document among the first `k`, 0 when there is none."""
    return next((1 / rank for rank, doc in enumerate(ranked[:k], start=1) if gains.get(doc, 0) > 0), 0.0)


def recall(ranked: Sequence[str], gains: Mapping[str, int], k: int) -> float:
    """Share of the relevant documents that are among the first `k`."""
    relevant = {doc for doc, gain in gains.items() if gain > 0}
    return len(relevant.intersection(ranked[:k])) / len(relevant) if relevant else 0.0


def _measure(engine: str, search: SearchFn, data: BeirFolder, chosen: Sequence[str]) -> BenchRow:
    rankings: list[tuple[Sequence[str], Mapping[str, int]]] = []
    elapsed_ms: list[float] = []
    for query in chosen:
        start = time.perf_counter()
        ranked = search(data.queries[query], DEPTH)
        elapsed_ms.append((time.perf_counter() - start) * 1000)
        rankings.append((ranked, data.qrels[query]))
    return BenchRow(
        engine=engine,
        queries=len(chosen),
        ndcg_10=_mean(ndcg(ranked, gains, 10) for ranked, gains in rankings),
        mrr_10=_mean(reciprocal_rank(ranked, gains, 10) for ranked, gains in rankings),
        recall={k: _mean(recall(ranked, gains, k) for ranked, gains in rankings) for k in RECALL_DEPTHS},
        p50_ms=percentile(elapsed_ms, 50),
        p95_ms=percentile(elapsed_ms, 95),
    )


def _dcg(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found)


def _digest(query: str) -> bytes:
    return sha256(f"{SAMPLE_SEED}:{query}".encode()).digest()


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as exc:
        raise InvalidInput("batch_missing", path=str(path)) from exc
    # Not splitlines(): it also cuts at U+2028 and the like, which JSON strings may hold.
    yield from ((number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip())


def _rows(path: Path) -> Iterator[dict[str, object]]:
    for number, line in _lines(path):
        try:
            row = json.loads(line)
        except ValueError as exc:
            raise InvalidInput("batch_line", line=f"{path.name}:{number}", problem="JSON illisible") from exc
        if not isinstance(row, dict) or "_id" not in row or "text" not in row:
            raise InvalidInput("batch_line", line=f"{path.name}:{number}", problem="« _id » et « text » sont attendus")
        yield row


def _read_qrels(path: Path) -> dict[str, dict[str, int]]:
    qrels: dict[str, dict[str, int]] = {}
    for number, line in _lines(path):
        cells = line.rstrip("\r").split("\t")
        if number == 1 and cells[0] == "query-id":
            continue
        try:
            query, doc, score = cells
            qrels.setdefault(query, {})[doc] = int(score)
        except ValueError as exc:
            problem = "trois colonnes séparées par des tabulations sont attendues"
            raise InvalidInput("batch_line", line=f"{path.name}:{number}", problem=problem) from exc
    return qrels
