"""Stand-ins for what is slow or outside: an embedder of hashed words."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from knowledge.index.embeddings import Vectors
from knowledge.index.lexical import terms


class HashedEmbedder:
    """Texts that share words are close: each term adds one to a coordinate drawn from its hash.

    The same text gives the same vector in every process. `embedded` lists the passages it was asked for, in order.
    """

    dim = 64

    def __init__(self, name: str = "fake:hashed-words") -> None:
        self.name = name
        self.embedded: list[str] = []

    def embed_query(self, text: str) -> Vectors:
        return _hashed(text, self.dim)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self.embedded.extend(texts)
        rows = [_hashed(text, self.dim) for text in texts]
        return np.stack(rows) if rows else np.zeros((0, self.dim), dtype=np.float32)


def _hashed(text: str, dim: int) -> Vectors:
    vector = np.zeros(dim, dtype=np.float32)
    for term in terms(text):
        vector[int.from_bytes(hashlib.sha256(term.encode()).digest()[:4], "big") % dim] += 1.0
    if not vector.any():
        vector[0] = 1.0
    return vector / np.linalg.norm(vector)
