"""The durable index: what is published comes back, and nothing that goes wrong takes it away."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from fakes import HashedEmbedder, document_of, generation_of

import knowledge
from knowledge.documents import Block, Document, Reference, Source
from knowledge.errors import IndexUnavailable
from knowledge.index.store import Generation, IndexStore

ROOT = Path(knowledge.__file__).parents[1]
RICH = Source(
    id="droit/regle",
    doc="regle.md",
    title="La règle « d’or »",
    kind="droit",
    publisher="Éditeur",
    date="2024-05",
    url="https://exemple.fr/regle",
    valid_from="2024-01-01",
    validity="depuis 2024",
    checked="2026-11-24",
    confidence="a_verifier",
    references=(Reference(id="s1", title="Texte", publisher="Éditeur", date="2024", url="https://exemple.fr/1"),),
    keywords=("autre nom",),
    root="builtin",
    content_hash="abc",
    warnings=("Page 3 sans texte.",),
)
PLAIN = Source(id="doc-1", doc="note.txt", title="note.txt", root="/dossier")
RICH_DOCUMENT = Document(
    title="",
    blocks=(
        Block(kind="title", text="Dépenses", level=1),
        Block(kind="paragraph", text="La part est de 1 %. Elle est votée.", original="La  part est de 1 %.", page=3),
        Block(kind="item", text="un item", refs=("s1",), confidence="sur", note="source unique"),
        Block(kind="row", text="Cabinet. Avantages : proche.", cells=(("Avantages", "proche"),)),
    ),
)


def generation(text: str = "Une phrase.") -> Generation:
    return generation_of([(RICH, RICH_DOCUMENT), (PLAIN, document_of(text))], HashedEmbedder())


def run_python(code: str, data_dir: Path) -> subprocess.Popen[str]:
    path = os.pathsep.join((str(ROOT), str(Path(__file__).parents[2])))
    return subprocess.Popen(
        [sys.executable, "-c", code, str(data_dir)],
        env={**os.environ, "PYTHONPATH": path},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_what_is_published_is_loaded_identical(tmp_path: Path) -> None:
    published = generation()
    store = IndexStore(tmp_path)
    name = store.publish(published)
    loaded = IndexStore(tmp_path).load(HashedEmbedder())
    assert loaded.name == name == store.current()
    assert loaded.sources == published.sources
    assert loaded.passages == published.passages
    assert loaded.passages[0].units[2].note == "source unique"
    assert np.allclose(loaded.passage_vectors, published.passage_vectors, atol=1e-6)
    assert np.allclose(loaded.unit_vectors, published.unit_vectors, atol=1e-6)
    assert (loaded.engine, loaded.pipeline) == (published.engine, published.pipeline)


def test_vectors_stay_aligned_with_passages_and_units(tmp_path: Path) -> None:
    contents = [(PLAIN, document_of(*(f"Mot{n} seul ici. Fin numéro {n}." * 30 for n in range(12))))]
    published = generation_of(contents, HashedEmbedder())
    assert len(published.passages) == 12
    store = IndexStore(tmp_path)
    store.publish(published)
    loaded = store.load()
    assert [passage.position for passage in loaded.passages] == list(range(12))
    assert np.allclose(loaded.passage_vectors, published.passage_vectors, atol=1e-6)
    assert np.allclose(loaded.unit_vectors, published.unit_vectors, atol=1e-6)
    assert len(loaded.unit_vectors) == sum(len(passage.units) for passage in loaded.passages)


def test_an_empty_index_can_be_published(tmp_path: Path) -> None:
    store = IndexStore(tmp_path)
    store.publish(generation_of([], HashedEmbedder()))
    loaded = store.load()
    assert loaded.passages == ()
    assert loaded.passage_vectors.shape == (0, 64)


def test_the_pointer_moves_to_the_last_published_generation(tmp_path: Path) -> None:
    store = IndexStore(tmp_path)
    first = store.publish(generation("Première."))
    second = store.publish(generation("Deuxième."))
    assert first != second == store.current()
    assert store.load().passages[-1].text == "Deuxième."


def test_the_generation_before_is_kept_for_readers_and_older_ones_removed(tmp_path: Path) -> None:
    store = IndexStore(tmp_path)
    names = [store.publish(generation(f"Version {n}.")) for n in range(3)]
    assert {entry.name for entry in (tmp_path / "index").iterdir() if entry.is_dir()} == set(names[1:])


def test_there_is_nothing_to_load_before_the_first_generation(tmp_path: Path) -> None:
    store = IndexStore(tmp_path)
    assert store.current() is None
    with pytest.raises(IndexUnavailable) as caught:
        store.load()
    assert caught.value.code == "index_missing"


def test_an_index_made_by_another_engine_is_refused_with_its_name(tmp_path: Path) -> None:
    store = IndexStore(tmp_path)
    store.publish(generation())
    with pytest.raises(IndexUnavailable) as caught:
        store.load(HashedEmbedder("fake:other"))
    assert caught.value.code == "index_engine"
    assert caught.value.facts["made_by"] == "fake:hashed-words"
    assert store.load().engine == "fake:hashed-words"


@pytest.mark.parametrize("content", ["", "{", '{"format": 1', "{}", "[]", "null"])
def test_a_damaged_manifest_is_told(tmp_path: Path, content: str) -> None:
    store = IndexStore(tmp_path)
    name = store.publish(generation())
    (tmp_path / "index" / name / "manifest.json").write_text(content, encoding="utf-8")
    with pytest.raises(IndexUnavailable) as caught:
        store.load(HashedEmbedder())
    assert caught.value.code == "index_damaged"


def test_a_missing_generation_is_a_damaged_index(tmp_path: Path) -> None:
    store = IndexStore(tmp_path)
    store.publish(generation())
    (tmp_path / "index" / "CURRENT").write_text("absent", encoding="utf-8")
    with pytest.raises(IndexUnavailable) as caught:
        store.load()
    assert caught.value.code == "index_damaged"


def test_a_manifest_of_another_format_asks_for_a_rebuild(tmp_path: Path) -> None:
    store = IndexStore(tmp_path)
    path = tmp_path / "index" / store.publish(generation()) / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), "format": 99}), encoding="utf-8")
    with pytest.raises(IndexUnavailable) as caught:
        store.load()
    assert caught.value.code == "index_damaged"


@pytest.mark.parametrize("content", [None, b"", b"not a database" * 500])
def test_a_lost_or_overwritten_database_is_a_damaged_index(tmp_path: Path, content: bytes | None) -> None:
    store = IndexStore(tmp_path)
    database = tmp_path / "index" / store.publish(generation()) / "chroma" / "chroma.sqlite3"
    database.unlink()
    if content is not None:
        database.write_bytes(content)
    with pytest.raises(IndexUnavailable) as caught:
        store.load()
    assert caught.value.code == "index_damaged"


def test_a_writer_is_refused_while_another_process_writes(tmp_path: Path) -> None:
    holder = run_python(
        "import sys, pathlib\n"
        "from knowledge.index.store import IndexStore\n"
        "with IndexStore(pathlib.Path(sys.argv[1])).writing():\n"
        "    print('held', flush=True)\n"
        "    sys.stdin.readline()\n",
        tmp_path,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(IndexUnavailable) as caught, IndexStore(tmp_path).writing():
        pass
    assert caught.value.code == "index_busy"
    holder.communicate("\n", timeout=30)
    with IndexStore(tmp_path).writing():
        assert IndexStore(tmp_path).current() is None


def test_a_failure_between_writing_and_pointing_leaves_the_old_generation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = IndexStore(tmp_path)
    old = store.publish(generation("Ancienne."))

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        store.publish(generation("Nouvelle."))
    assert store.current() == old
    assert store.load().passages[-1].text == "Ancienne."
    assert [entry.name for entry in (tmp_path / "index").iterdir() if entry.is_dir()] == [old]


def test_a_process_killed_before_pointing_leaves_the_old_generation_and_the_next_run_sweeps(tmp_path: Path) -> None:
    store = IndexStore(tmp_path)
    old = store.publish(generation("Ancienne."))
    killed = run_python(
        "import os, signal, sys, pathlib\n"
        "from fakes import HashedEmbedder, generation_of\n"
        "from knowledge.index.store import IndexStore\n"
        "os.fsync = lambda descriptor: os.kill(os.getpid(), signal.SIGKILL)\n"
        "store = IndexStore(pathlib.Path(sys.argv[1]))\n"
        "with store.writing():\n"
        "    store.publish(generation_of([], HashedEmbedder()))\n",
        tmp_path,
    )
    killed.communicate(timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert store.current() == old
    assert store.load().passages[-1].text == "Ancienne."
    with store.writing():
        assert [entry.name for entry in (tmp_path / "index").iterdir() if entry.is_dir()] == [old]
