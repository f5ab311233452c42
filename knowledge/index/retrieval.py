"""Search over one generation of the index: dense, BM25 and best sentence, z-scored and summed.

The weights are those measured in DESIGN.md on real French questions; reciprocal rank fusion, the usual default, was
worse on both sets. Under 100 000 passages an exact product in numpy is faster than an approximate index.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.documents import Passage, Source
from knowledge.index.embeddings import Embedder, Vectors
from knowledge.index.lexical import LexicalIndex
from knowledge.index.query import ExpandedQuery, QueryExpander
from knowledge.index.store import Generation

DENSE_WEIGHT = 0.4
LEXICAL_WEIGHT = 0.2
SENTENCE_WEIGHT = 0.4
SYNONYM_WEIGHT = 0.5


@dataclass(frozen=True)
class SearchFilter:
    """Restricts a search; an empty field restricts nothing. `on_date` (ISO) leaves out sources not valid then."""

    kinds: tuple[str, ...] = ()
    source_ids: tuple[str, ...] = ()
    on_date: str = ""

    def accepts(self, source: Source) -> bool:
        if self.kinds and source.kind not in self.kinds:
            return False
        if self.source_ids and source.id not in self.source_ids:
            return False
        if self.on_date and source.valid_from and self.on_date < source.valid_from:
            return False
        return not (self.on_date and source.valid_until and self.on_date > source.valid_until)


@dataclass(frozen=True)
class Hit:
    """A passage found: `score` is the fused z-score (higher is closer, comparable within one query only).

    `dense` and `sentence` are cosines, `lexical` a BM25 score; `unit_cosines` has one cosine a unit of the passage.
    """

    passage: Passage
    source: Source
    score: float
    dense: float
    lexical: float
    sentence: float
    unit_cosines: tuple[float, ...]


@dataclass(frozen=True)
class SearchResult:
    """The best passages, and what the sufficiency check needs to know of the whole search."""

    hits: tuple[Hit, ...]
    query: ExpandedQuery
    vocabulary: LexicalIndex
    mean_dense: float = 0.0
    std_dense: float = 1.0


def passage_text(passage: Passage, source: Source) -> str:
    """What is embedded and indexed for a passage: its title path and its source's other names, then its text."""
    names = f" ({', '.join(source.keywords)})" if source.keywords else ""
    return " > ".join(passage.title_path) + names + "\n" + passage.text


def unit_texts(passage: Passage) -> list[str]:
    """What is embedded for each unit of a passage: the nearest title, then the unit."""
    title = passage.title_path[-1]
    return [f"{title} : {passage.quote(unit)}" for unit in passage.units]


@dataclass
class PassageIndex:
    """One generation loaded for search. Safe to read from several threads."""

    generation: Generation
    embedder: Embedder
    expander: QueryExpander

    def __post_init__(self) -> None:
        passages = self.generation.passages
        self.sources = {source.id: source for source in self.generation.sources}
        self.lexical = LexicalIndex([passage_text(passage, self.sources[passage.source_id]) for passage in passages])
        counts = [len(passage.units) for passage in passages]
        self._unit_start = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
        self._unit_owner = np.repeat(np.arange(len(passages)), counts)

    def search(self, text: str, k: int = 10, where: SearchFilter | None = None) -> SearchResult:
        """The `k` best passages for a question in French, best first; fewer when fewer pass the filter."""
        query = self.expander.expand(text, self.lexical)
        passages = self.generation.passages
        if not passages:
            return SearchResult((), query, self.lexical)
        vector = self.embedder.embed_query(query.dense_text)
        dense = self.generation.passage_vectors @ vector
        unit_cosines = self.generation.unit_vectors @ vector
        sentence = self._best_unit(unit_cosines, dense)
        lexical = self.lexical.scores(query.terms) + SYNONYM_WEIGHT * self.lexical.scores(query.synonyms)
        fused = DENSE_WEIGHT * _zscore(dense) + LEXICAL_WEIGHT * _zscore(lexical) + SENTENCE_WEIGHT * _zscore(sentence)
        hits = tuple(
            Hit(
                passage=passages[row],
                source=self.sources[passages[row].source_id],
                score=float(fused[row]),
                dense=float(dense[row]),
                lexical=float(lexical[row]),
                sentence=float(sentence[row]),
                unit_cosines=tuple(map(float, unit_cosines[self._unit_start[row] : self._unit_start[row + 1]])),
            )
            for row in self._best_rows(fused, k, where)
        )
        return SearchResult(hits, query, self.lexical, float(dense.mean()), float(dense.std()) or 1.0)

    def _best_unit(self, unit_cosines: Vectors, dense: Vectors) -> Vectors:
        best = np.full(len(self.generation.passages), -1.0, dtype=np.float32)
        np.maximum.at(best, self._unit_owner, unit_cosines)
        return np.where(best < -0.5, dense, best)

    def _best_rows(self, fused: NDArray[np.float32], k: int, where: SearchFilter | None) -> Sequence[int]:
        order = np.argsort(-fused, kind="stable")
        if where is None:
            return [int(row) for row in order[:k]]
        kept = (int(row) for row in order if where.accepts(self.sources[self.generation.passages[row].source_id]))
        return [row for row, _ in zip(kept, range(k), strict=False)]


def _zscore(values: NDArray[np.float32]) -> NDArray[np.float32]:
    spread = float(values.std())
    if spread == 0.0:
        return np.zeros_like(values)
    return (values - values.mean()) / spread
