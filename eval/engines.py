"""Search functions over a benchmark corpus: the engine of Boussole as it ships, and its two halves alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.benchmark import BeirFolder, SearchFn
from knowledge.documents import Block, Document, Passage, Source
from knowledge.index.embeddings import Embedder, EmbeddingCache, Progress
from knowledge.index.lexical import terms
from knowledge.index.query import QueryExpander
from knowledge.index.retrieval import PassageIndex, passage_text, unit_texts
from knowledge.index.store import Generation
from knowledge.ingestion.passages import build_passages


def build_searches(
    data: BeirFolder, embedder: Embedder, expander: QueryExpander, cache: Path, progress: Progress | None = None
) -> dict[str, SearchFn]:
    """The engines to compare, by name, over an index of `data` held in memory; embeddings are kept in `cache`."""
    index = _index(data, embedder, expander, cache, progress)

    def fused(query: str, k: int) -> Sequence[str]:
        # A document may be cut into several passages: look deeper than `k` passages to find `k` documents.
        return _documents([hit.passage for hit in index.search(query, 3 * k).hits], k)

    def lexical(query: str, k: int) -> Sequence[str]:
        return _best(index, index.lexical.scores(terms(query)), k)

    def dense(query: str, k: int) -> Sequence[str]:
        return _best(index, index.generation.passage_vectors @ embedder.embed_query(query), k)

    return {"BM25 seul": lexical, "dense seul": dense, "Boussole": fused}


def _index(
    data: BeirFolder, embedder: Embedder, expander: QueryExpander, cache_path: Path, progress: Progress | None
) -> PassageIndex:
    sources: list[Source] = []
    passages: list[Passage] = []
    for doc, (title, text) in data.corpus.items():
        source = Source(id=doc, doc=doc, title=title or doc)
        sources.append(source)
        passages += build_passages(source, Document(source.title, _paragraphs(text)))
    by_id = {source.id: source for source in sources}
    texts = [passage_text(passage, by_id[passage.source_id]) for passage in passages]
    units = [text for passage in passages for text in unit_texts(passage)]
    cache = EmbeddingCache(cache_path, embedder)
    try:
        vectors = cache.embed(texts + units, progress=progress)
    finally:
        cache.close()
    generation = Generation(
        sources=tuple(sources),
        passages=tuple(passages),
        passage_vectors=vectors[: len(texts)],
        unit_vectors=vectors[len(texts) :],
        engine=embedder.name,
        pipeline="benchmark",
    )
    return PassageIndex(generation, embedder, expander)


def _paragraphs(text: str) -> tuple[Block, ...]:
    return tuple(Block("paragraph", line.strip(), line) for line in text.split("\n") if line.strip())


def _best(index: PassageIndex, scores: NDArray[np.float32], k: int) -> list[str]:
    order = np.argsort(-scores, kind="stable")[: 3 * k]
    return _documents([index.generation.passages[int(row)] for row in order], k)


def _documents(passages: Sequence[Passage], k: int) -> list[str]:
    return list(dict.fromkeys(passage.source_id for passage in passages))[:k]
