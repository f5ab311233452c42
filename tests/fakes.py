"""Stand-ins for what is slow or outside (an embedder of hashed words), and small worlds to search."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from knowledge.documents import Block, Document, Source
from knowledge.glossary import Glossary
from knowledge.index.embeddings import Embedder, Vectors
from knowledge.index.lexical import terms
from knowledge.index.query import QueryExpander
from knowledge.index.retrieval import PassageIndex, passage_text, unit_texts
from knowledge.index.store import Generation
from knowledge.ingestion.passages import build_passages


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


def document_of(*blocks: Block | str) -> Document:
    """A document of `blocks`; a text is a paragraph."""
    made = tuple(Block(kind="paragraph", text=block) if isinstance(block, str) else block for block in blocks)
    return Document(title="", blocks=made)


def glossary_of(acronyms: dict[str, tuple[str, ...]] | None = None, *synonyms: tuple[str, ...]) -> Glossary:
    """A glossary of `acronyms` (what each may stand for) and groups of `synonyms`."""
    return Glossary(acronyms=acronyms or {}, definitions={}, see={}, synonyms=synonyms)


def generation_of(contents: Sequence[tuple[Source, Document]], embedder: Embedder) -> Generation:
    """What indexing `contents` publishes."""
    made = [(source, build_passages(source, document)) for source, document in contents]
    passages = [passage for _, own in made for passage in own]
    return Generation(
        sources=tuple(source for source, _ in contents),
        passages=tuple(passages),
        passage_vectors=embedder.embed_passages([passage_text(p, source) for source, own in made for p in own]),
        unit_vectors=embedder.embed_passages([text for passage in passages for text in unit_texts(passage)]),
        engine=embedder.name,
        pipeline="test",
    )


def index_of(contents: Sequence[tuple[Source, Document]], glossary: Glossary | None = None) -> PassageIndex:
    """`contents` ready to search, with hashed words for vectors."""
    embedder = HashedEmbedder()
    return PassageIndex(generation_of(contents, embedder), embedder, QueryExpander(glossary or glossary_of()))
