"""The cache of vectors, and what any embedder owes."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from fakes import HashedEmbedder

from knowledge.errors import IndexUnavailable
from knowledge.index.embeddings import EmbeddingCache, SentenceTransformersEmbedder, Vectors, digest

TEXTS = ["Le jumelage.", "La subvention.", "Le jumelage."]


@pytest.fixture
def embedder() -> HashedEmbedder:
    return HashedEmbedder()


@pytest.fixture
def cache(tmp_path: Path, embedder: HashedEmbedder) -> Iterator[EmbeddingCache]:
    opened = EmbeddingCache(tmp_path / "embeddings.db", embedder)
    yield opened
    opened.close()


def test_the_fake_embedder_gives_unit_vectors_that_depend_on_words_alone(embedder: HashedEmbedder) -> None:
    rows = embedder.embed_passages([*TEXTS, "", "le la"])
    assert rows.shape == (5, 64)
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1.0)
    assert embedder.embed_query("jumelages") == pytest.approx(rows[0])
    assert rows[0] @ rows[1] < 0.99


def test_vectors_come_in_the_order_of_the_texts(cache: EmbeddingCache) -> None:
    assert cache.embed(TEXTS) == pytest.approx(HashedEmbedder().embed_passages(TEXTS))


def test_a_text_is_embedded_once(cache: EmbeddingCache, embedder: HashedEmbedder) -> None:
    cache.embed(TEXTS)
    cache.embed(TEXTS)
    assert sorted(embedder.embedded) == ["La subvention.", "Le jumelage."]


def test_only_new_texts_are_embedded_and_counted(cache: EmbeddingCache, embedder: HashedEmbedder) -> None:
    counts: list[tuple[int, int]] = []
    cache.embed(TEXTS)
    embedder.embedded.clear()
    cache.embed([*TEXTS, "Le budget."], progress=lambda done, total: counts.append((done, total)))
    assert embedder.embedded == ["Le budget."]
    assert counts == [(1, 1)]


def test_progress_counts_batches_up_to_the_total(cache: EmbeddingCache) -> None:
    counts: list[tuple[int, int]] = []
    cache.embed([f"Texte {n}." for n in range(70)], progress=lambda done, total: counts.append((done, total)))
    assert counts == [(32, 70), (64, 70), (70, 70)]


def test_fresh_embeds_again(cache: EmbeddingCache, embedder: HashedEmbedder) -> None:
    cache.embed(TEXTS)
    embedder.embedded.clear()
    cache.embed(TEXTS, fresh=True)
    assert sorted(embedder.embedded) == ["La subvention.", "Le jumelage."]


def test_another_process_finds_the_vectors(tmp_path: Path) -> None:
    for expected in (2, 0):
        embedder = HashedEmbedder()
        cache = EmbeddingCache(tmp_path / "embeddings.db", embedder)
        assert cache.embed(TEXTS) == pytest.approx(HashedEmbedder().embed_passages(TEXTS))
        cache.close()
        assert len(embedder.embedded) == expected


def test_another_engine_never_gets_these_vectors(tmp_path: Path) -> None:
    for name in ("fake:one", "fake:two"):
        embedder = HashedEmbedder(name)
        cache = EmbeddingCache(tmp_path / "embeddings.db", embedder)
        cache.embed(TEXTS)
        cache.close()
        assert len(embedder.embedded) == 2


def test_batches_embedded_before_a_crash_are_kept(tmp_path: Path) -> None:
    class Crashing(HashedEmbedder):
        def embed_passages(self, texts: Sequence[str]) -> Vectors:
            if self.embedded:
                raise MemoryError
            return super().embed_passages(texts)

    texts = [f"Texte {n}." for n in range(40)]
    cache = EmbeddingCache(tmp_path / "embeddings.db", Crashing())
    with pytest.raises(MemoryError):
        cache.embed(texts)
    cache.close()
    embedder = HashedEmbedder()
    cache = EmbeddingCache(tmp_path / "embeddings.db", embedder)
    cache.embed(texts)
    cache.close()
    assert embedder.embedded == texts[32:]


def test_vectors_computed_elsewhere_are_used_except_when_asked_to_start_afresh(tmp_path: Path) -> None:
    shipped = np.full(64, 0.125, dtype=np.float32)
    embedder = HashedEmbedder()
    cache = EmbeddingCache(tmp_path / "embeddings.db", embedder, {digest("Le jumelage."): shipped})
    assert cache.embed(TEXTS)[0] == pytest.approx(shipped)
    assert embedder.embedded == ["La subvention."]
    assert cache.embed(TEXTS, fresh=True)[0] == pytest.approx(embedder.embed_query("Le jumelage."))
    cache.close()


def test_no_text_gives_an_empty_matrix(cache: EmbeddingCache) -> None:
    assert cache.embed([]).shape == (0, 64)


def test_a_file_that_is_no_database_is_an_error_of_the_database(tmp_path: Path, embedder: HashedEmbedder) -> None:
    (tmp_path / "embeddings.db").write_bytes(b"not a database" * 100)
    with pytest.raises(sqlite3.DatabaseError):
        EmbeddingCache(tmp_path / "embeddings.db", embedder)


def test_the_transformers_engine_says_which_extra_it_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(IndexUnavailable) as caught:
        SentenceTransformersEmbedder("un-modele")
    assert caught.value.code == "engine_missing"
    assert caught.value.facts["extra"] == "transformers"
