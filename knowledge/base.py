"""The knowledge base as the assistant sees it: search and sources, always over the newest published index."""

from __future__ import annotations

import threading
from pathlib import Path

from knowledge.documents import Source
from knowledge.glossary import Glossary
from knowledge.index.embeddings import Embedder
from knowledge.index.query import QueryExpander
from knowledge.index.retrieval import PassageIndex, SearchFilter, SearchResult
from knowledge.index.store import IndexStore


class KnowledgeBase:
    """Search over the index of one data folder.

    Each call looks at the pointer of the store (one small read) and loads a new generation when another process has
    published one: a running server sees new sources without a restart. Methods raise IndexUnavailable as
    IndexStore.load does.
    """

    def __init__(self, data_dir: Path, embedder: Embedder, glossary: Glossary) -> None:
        self._store = IndexStore(data_dir)
        self._embedder = embedder
        self._expander = QueryExpander(glossary)
        self._lock = threading.Lock()
        self._loaded: PassageIndex | None = None

    def search(self, text: str, k: int = 10, where: SearchFilter | None = None) -> SearchResult:
        """The `k` best passages for a question, best first."""
        return self.index().search(text, k, where)

    def sources(self) -> list[Source]:
        """What is indexed, shipped fiches first, then by name."""
        found = self.index().generation.sources
        return sorted(found, key=lambda source: (source.kind == "document", source.kind, source.title.lower()))

    def index(self) -> PassageIndex:
        """The newest generation, loaded."""
        name = self._store.current()
        loaded = self._loaded
        if loaded is not None and loaded.generation.name == name:
            return loaded
        with self._lock:
            if self._loaded is None or self._loaded.generation.name != self._store.current():
                self._loaded = PassageIndex(self._store.load(self._embedder), self._embedder, self._expander)
            return self._loaded
