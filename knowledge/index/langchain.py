"""The search offered to LangChain: a retriever to plug into chains, and the index as its Chroma vector store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever

from knowledge.base import KnowledgeBase
from knowledge.index.embeddings import Embedder
from knowledge.index.retrieval import Hit

if TYPE_CHECKING:
    from pathlib import Path

    from langchain_chroma import Chroma


class BoussoleRetriever(BaseRetriever):
    """Boussole's fused search as a LangChain retriever: `invoke(question)` returns the best passages."""

    knowledge: KnowledgeBase
    k: int = 10

    model_config = {"arbitrary_types_allowed": True}

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return [_document(hit) for hit in self.knowledge.search(query, self.k).hits]


class EmbedderAdapter(Embeddings):
    """An Embedder of Boussole as LangChain's Embeddings."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed_query(self, text: str) -> list[float]:
        return [float(x) for x in self._embedder.embed_query(text)]

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [[float(x) for x in row] for row in self._embedder.embed_passages(texts)]


def open_vector_store(chroma_dir: Path, embedder: Embedder) -> Chroma:
    """The passages of one generation as LangChain's Chroma store, to read; writing belongs to `boussole index`."""
    from langchain_chroma import Chroma

    return Chroma("passages", EmbedderAdapter(embedder), persist_directory=str(chroma_dir))


def _document(hit: Hit) -> Document:
    passage, source = hit.passage, hit.source
    return Document(
        page_content=passage.text,
        id=passage.id,
        metadata={
            "doc": source.doc,
            "title": " — ".join(passage.title_path),
            "publisher": source.publisher,
            "date": source.date,
            "locator": passage.locator,
            "score": hit.score,
        },
    )
