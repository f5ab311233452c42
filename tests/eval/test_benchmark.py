"""Retrieval metrics on rankings scored by hand, and the reading of BEIR folders."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import pytest

from assistant.domain.errors import InvalidInput
from eval.benchmark import BeirFolder, bench, load_beir, ndcg, recall, reciprocal_rank, sample_queries, table


def test_ndcg_matches_a_value_worked_out_by_hand() -> None:
    # Relevant at ranks 2 and 3, gains 1 and 2: (1/log2(3) + 2/log2(4)) / (2/log2(2) + 1/log2(3)).
    expected = (1 / math.log2(3) + 2 / 2) / (2 + 1 / math.log2(3))
    assert ndcg(["x", "a", "b"], {"a": 1, "b": 2}, 10) == pytest.approx(expected)
    assert expected == pytest.approx(0.6199, abs=1e-4)


@pytest.mark.parametrize(
    ("ranked", "score"), [(["a", "b"], 1.0), (["x", "y"], 0.0), (["x", "a"], 1 / math.log2(3)), ([], 0.0)]
)
def test_ndcg_with_one_relevant_document(ranked: list[str], score: float) -> None:
    assert ndcg(ranked, {"a": 1}, 10) == pytest.approx(score)


def test_a_document_beyond_k_does_not_count() -> None:
    ranked = ["x", "y", "a"]
    assert ndcg(ranked, {"a": 1}, 2) == 0.0
    assert reciprocal_rank(ranked, {"a": 1}, 2) == 0.0
    assert recall(ranked, {"a": 1}, 2) == 0.0


def test_reciprocal_rank_and_recall() -> None:
    assert reciprocal_rank(["x", "y", "a"], {"a": 1}, 10) == pytest.approx(1 / 3)
    assert recall(["x", "a"], {"a": 1, "b": 1, "c": 0}, 10) == 0.5


def beir(tmp_path: Path, **files: str) -> Path:
    written = {
        "corpus.jsonl": '{"_id": "d1", "title": "Un", "text": "Premier\u2028texte"}\n{"_id": "d2", "text": "Second"}\n',
        "queries.jsonl": '{"_id": "q1", "text": "premier"}\n{"_id": "q2", "text": "jamais jugée"}\n',
        "qrels.tsv": "query-id\tcorpus-id\tscore\nq1\td1\t1\n",
    } | {name.replace("_", "."): text for name, text in files.items()}
    for name, text in written.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_a_folder_is_read_without_its_unjudged_queries(tmp_path: Path) -> None:
    data = load_beir(beir(tmp_path))
    assert data.corpus == {"d1": ("Un", "Premier\u2028texte"), "d2": ("", "Second")}
    assert data.queries == {"q1": "premier"}
    assert data.qrels == {"q1": {"d1": 1}}


@pytest.mark.parametrize(
    ("file", "text", "line"),
    [
        ("corpus_jsonl", '{"_id": "d1", "text": "a"}\n{oups\n', "corpus.jsonl:2"),
        ("queries_jsonl", '{"text": "sans id"}\n', "queries.jsonl:1"),
        ("qrels_tsv", "query-id\tcorpus-id\tscore\nq1 d1 1\n", "qrels.tsv:2"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, file: str, text: str, line: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        load_beir(beir(tmp_path, **{file: text}))
    assert raised.value.facts["line"] == line


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as raised:
        load_beir(tmp_path)
    assert raised.value.facts["path"] == str(tmp_path / "corpus.jsonl")


def test_a_sample_is_stable_and_halves_do_not_meet() -> None:
    queries = [f"q{n}" for n in range(200)]
    assert sample_queries(queries, 20) == sample_queries(queries[::-1], 20)
    assert sample_queries(queries, 20) == sample_queries(queries, 40)[:20]
    dev, test = sample_queries(queries, split="dev"), sample_queries(queries, split="test")
    assert sorted(dev + test) == sorted(queries)
    assert 60 < len(dev) < 140


def test_engines_are_measured_over_the_same_queries() -> None:
    data = BeirFolder("essai", {}, {"q1": "a", "q2": "b"}, {"q1": {"d1": 1}, "q2": {"d2": 1}})
    asked: dict[str, list[str]] = {"bon": [], "nul": []}

    def good(query: str, k: int) -> Sequence[str]:
        asked["bon"].append(query)
        return ["d1", "d2"]

    def bad(query: str, k: int) -> Sequence[str]:
        asked["nul"].append(query)
        return []

    rows = bench(data, {"bon": good, "nul": bad})
    assert asked["bon"] == asked["nul"]
    assert rows[0].ndcg_10 == pytest.approx((1 + 1 / math.log2(3)) / 2)
    assert (rows[0].recall[1], rows[0].recall[5], rows[0].mrr_10) == (0.5, 1.0, 0.75)
    assert (rows[1].ndcg_10, rows[1].recall[100]) == (0.0, 0.0)
    assert "| bon | 0.815 | 0.750 |" in table(rows)
