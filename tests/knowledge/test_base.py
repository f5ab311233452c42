"""The knowledge base, opened once while others publish."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from fakes import HashedEmbedder, document_of, generation_of, glossary_of

from knowledge.base import KnowledgeBase
from knowledge.documents import Source
from knowledge.errors import IndexUnavailable
from knowledge.index.retrieval import SearchFilter
from knowledge.index.store import IndexStore


def publish(data_dir: Path, *sources: Source, text: str = "Une phrase sur le jumelage.") -> None:
    contents = [(source, document_of(text)) for source in sources]
    IndexStore(data_dir).publish(generation_of(contents, HashedEmbedder()))


def opened(data_dir: Path) -> KnowledgeBase:
    return KnowledgeBase(data_dir, HashedEmbedder(), glossary_of())


ONE = Source(id="un", doc="un.md", title="Un")
TWO = Source(id="deux", doc="deux.md", title="Deux")


def test_a_generation_published_since_is_searched_without_reopening(tmp_path: Path) -> None:
    publish(tmp_path, ONE, text="Le jumelage.")
    base = opened(tmp_path)
    assert base.search("jumelage").hits[0].passage.text == "Le jumelage."
    publish(tmp_path, ONE, TWO, text="La subvention.")
    assert base.search("subvention").hits[0].passage.text == "La subvention."
    assert len(base.sources()) == 2


def test_a_generation_is_loaded_once(tmp_path: Path) -> None:
    publish(tmp_path, ONE)
    base = opened(tmp_path)
    assert base.index() is base.index()


def test_several_threads_share_one_load(tmp_path: Path) -> None:
    publish(tmp_path, ONE)
    base, seen = opened(tmp_path), []
    threads = [threading.Thread(target=lambda: seen.append(base.index())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 4
    assert len({id(index) for index in seen}) == 1


def test_sources_list_shipped_fiches_first_then_by_name(tmp_path: Path) -> None:
    publish(
        tmp_path,
        Source(id="1", doc="b.pdf", title="beta"),
        Source(id="2", doc="a.pdf", title="Alpha"),
        Source(id="3", doc="g.md", title="Zeta", kind="guide"),
        Source(id="4", doc="c.md", title="Convention", kind="droit"),
    )
    assert [source.title for source in opened(tmp_path).sources()] == ["Convention", "Zeta", "Alpha", "beta"]


def test_a_search_takes_k_and_a_filter(tmp_path: Path) -> None:
    publish(tmp_path, ONE, TWO)
    base = opened(tmp_path)
    assert len(base.search("jumelage", k=1).hits) == 1
    assert [hit.source.id for hit in base.search("jumelage", where=SearchFilter(source_ids=("deux",))).hits] == ["deux"]


def test_a_base_without_index_says_so_and_answers_once_there_is_one(tmp_path: Path) -> None:
    base = opened(tmp_path)
    with pytest.raises(IndexUnavailable) as caught:
        base.search("jumelage")
    assert caught.value.code == "index_missing"
    publish(tmp_path, ONE)
    assert base.search("jumelage").hits


def test_an_index_of_another_engine_is_refused(tmp_path: Path) -> None:
    publish(tmp_path, ONE)
    with pytest.raises(IndexUnavailable) as caught:
        KnowledgeBase(tmp_path, HashedEmbedder("fake:other"), glossary_of()).search("jumelage")
    assert caught.value.code == "index_engine"
