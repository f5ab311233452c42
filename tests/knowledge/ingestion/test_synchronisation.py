"""Bringing an index in line with files: what is added, updated, removed, left alone, and what goes wrong."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest
from fakes import HashedEmbedder

from knowledge.errors import IndexUnavailable
from knowledge.fiches import load_fiches
from knowledge.index.embeddings import Vectors
from knowledge.index.store import IndexStore
from knowledge.ingestion import synchronisation
from knowledge.ingestion.synchronisation import SyncReport, synchronise

FICHE = """---
title: {title}
kind: acteur
publisher: Boussole
checked: 2026-11-24
confidence: sur
keywords: [entraide]
sources: [{{id: s1, title: Texte, publisher: Éditeur, date: 2024}}]
---

- {title} réunit des communes. [^s1]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two documents, one of them in a sub-folder."""
    made = tmp_path / "documents"
    (made / "sous").mkdir(parents=True)
    (made / "jumelage.md").write_text("# Jumelage\n\nDeux villes signent un serment.", encoding="utf-8")
    (made / "sous" / "eau.txt").write_text("La commune finance un puits au village.", encoding="utf-8")
    return made


@pytest.fixture
def fiches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two fiches in place of the shipped ones."""
    content = tmp_path / "content"
    (content / "acteurs").mkdir(parents=True)
    for name, title in (("alliance", "Alliance"), ("cercle", "Cercle")):
        (content / "acteurs" / f"{name}.md").write_text(FICHE.format(title=title), encoding="utf-8")
    monkeypatch.setattr(synchronisation, "load_fiches", lambda: load_fiches(content))
    return content


class Base:
    """A data folder, and the embedder that counts."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.embedder = HashedEmbedder()
        self.store = IndexStore(data_dir)

    def index(
        self, *targets: Path | str, builtin: bool = False, rebuild: bool = False, refresh: bool = False
    ) -> SyncReport:
        self.embedder.embedded.clear()
        return synchronise(
            self.data_dir, list(map(str, targets)), self.embedder, builtin=builtin, rebuild=rebuild, refresh=refresh
        )

    def docs(self) -> set[str]:
        return {source.doc for source in self.store.load().sources}

    def texts(self) -> list[str]:
        return [passage.text for passage in self.store.load().passages]


@pytest.fixture
def base(tmp_path: Path) -> Base:
    return Base(tmp_path / "data")


def test_a_folder_is_indexed_with_its_sub_folders(base: Base, folder: Path) -> None:
    report = base.index(folder)
    assert sorted(report.added) == ["jumelage.md", "sous/eau.txt"]
    assert (report.updated, report.removed, report.unchanged, report.failures) == ([], [], 0, [])
    assert (report.sources, report.passages) == (2, 2)
    assert base.docs() == {"jumelage.md", "sous/eau.txt"}
    assert report.embedded == len(set(base.embedder.embedded)) > 0


def test_hidden_and_other_files_are_left_out(base: Base, folder: Path) -> None:
    (folder / ".brouillon.md").write_text("Caché.", encoding="utf-8")
    (folder / ".git").mkdir()
    (folder / ".git" / "note.md").write_text("Cachée.", encoding="utf-8")
    (folder / "photo.jpg").write_bytes(b"\xff\xd8")
    assert sorted(base.index(folder).added) == ["jumelage.md", "sous/eau.txt"]


def test_what_did_not_change_is_neither_embedded_nor_published(base: Base, folder: Path) -> None:
    base.index(folder)
    before = base.store.current()
    report = base.index(folder)
    assert (report.added, report.updated, report.removed, report.unchanged) == ([], [], [], 2)
    assert report.embedded == 0
    assert base.embedder.embedded == []
    assert base.store.current() == before


def test_only_the_changed_sentence_is_embedded_again(base: Base, folder: Path) -> None:
    base.index(folder)
    (folder / "jumelage.md").write_text("# Jumelage\n\nDeux villes signent une charte.", encoding="utf-8")
    report = base.index(folder)
    assert (report.added, report.updated, report.removed, report.unchanged) == ([], ["jumelage.md"], [], 1)
    assert len(base.embedder.embedded) == 2  # the passage and its sentence
    assert all("charte" in text for text in base.embedder.embedded)
    assert any("charte" in text for text in base.texts())
    assert not any("serment" in text for text in base.texts())


def test_a_file_that_left_its_folder_leaves_the_index(base: Base, folder: Path) -> None:
    base.index(folder)
    (folder / "sous" / "eau.txt").unlink()
    report = base.index(folder)
    assert (report.removed, report.unchanged) == (["sous/eau.txt"], 1)
    assert base.docs() == {"jumelage.md"}


def test_a_root_that_vanished_leaves_the_index_when_asked_again(base: Base, folder: Path) -> None:
    target = folder / "jumelage.md"
    base.index(target)
    target.unlink()
    report = base.index(target)
    assert (report.removed, report.failures) == (["jumelage.md"], [])
    assert base.docs() == set()


def test_other_roots_are_kept_as_they_are(base: Base, folder: Path) -> None:
    base.index(folder / "jumelage.md")
    (folder / "jumelage.md").write_text("Changé depuis.", encoding="utf-8")
    report = base.index(folder / "sous")
    assert (report.added, report.unchanged) == (["eau.txt"], 1)
    assert any("serment" in text for text in base.texts())


def test_refresh_reads_the_roots_indexed_earlier_too(base: Base, folder: Path) -> None:
    base.index(folder)
    (folder / "jumelage.md").write_text("Changé depuis.", encoding="utf-8")
    assert base.index().updated == []
    assert base.index(refresh=True).updated == ["jumelage.md"]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("vide.md", b"", "empty"),
        ("faux.pdf", b"ceci n'est pas un PDF", "corrupt"),
        ("image.txt", b"\x00\x01\x02" * 99, "binary"),
    ],
)
def test_a_file_that_cannot_be_read_is_reported_and_does_not_stop_the_others(
    base: Base, folder: Path, name: str, content: bytes, code: str
) -> None:
    (folder / name).write_bytes(content)
    report = base.index(folder)
    assert [(Path(path).name, error.code) for path, error in report.failures] == [(name, code)]
    assert base.docs() == {"jumelage.md", "sous/eau.txt"}


def test_a_file_that_fails_keeps_its_earlier_version(base: Base, folder: Path) -> None:
    base.index(folder)
    (folder / "jumelage.md").write_bytes(b"")
    report = base.index(folder)
    assert [error.code for _, error in report.failures] == ["empty"]
    assert (report.updated, report.removed, report.unchanged) == ([], [], 2)
    assert any("serment" in text for text in base.texts())


def test_a_target_that_does_not_exist_is_reported(base: Base, folder: Path) -> None:
    report = base.index(folder, folder / "absent.pdf")
    assert [(path, error.code) for path, error in report.failures] == [(str(folder / "absent.pdf"), "missing")]
    assert base.docs() == {"jumelage.md", "sous/eau.txt"}


def test_an_address_that_cannot_be_read_is_reported(base: Base, folder: Path) -> None:
    report = base.index(folder, "http://127.0.0.1:9/guide")
    assert [(shown, error.code) for shown, error in report.failures] == [
        ("http://127.0.0.1:9/guide", "private_address")
    ]
    assert base.docs() == {"jumelage.md", "sous/eau.txt"}


def test_shipped_fiches_are_indexed_with_their_other_names(base: Base, fiches: Path, folder: Path) -> None:
    report = base.index(folder, builtin=True)
    assert len(report.added) == 4
    alliance = next(source for source in base.store.load().sources if source.id == "acteurs/alliance")
    assert (alliance.root, alliance.keywords, alliance.kind) == ("builtin", ("entraide",), "acteur")
    assert any("(entraide)" in text for text in base.embedder.embedded)


def test_fiches_are_left_out_on_demand_and_come_back(base: Base, fiches: Path, folder: Path) -> None:
    base.index(folder, builtin=True)
    report = base.index(folder)
    assert sorted(report.removed) == ["alliance.md", "cercle.md"]
    assert base.docs() == {"jumelage.md", "sous/eau.txt"}
    report = base.index(builtin=True)
    assert sorted(report.added) == ["alliance.md", "cercle.md"]
    assert base.embedder.embedded == []


def test_a_changed_fiche_is_updated_and_a_withdrawn_one_removed(base: Base, fiches: Path) -> None:
    base.index(builtin=True)
    (fiches / "acteurs" / "alliance.md").write_text(FICHE.format(title="Alliance élargie"), encoding="utf-8")
    (fiches / "acteurs" / "cercle.md").unlink()
    report = base.index(builtin=True)
    assert (report.updated, report.removed, report.unchanged) == (["alliance.md"], ["cercle.md"], 0)


def test_rebuild_embeds_everything_again_and_counts_nothing_as_changed(base: Base, folder: Path) -> None:
    first = base.index(folder)
    before = base.store.current()
    report = base.index(rebuild=True)
    assert (report.added, report.updated, report.removed, report.unchanged) == ([], [], [], 2)
    assert report.embedded == first.embedded == len(base.embedder.embedded)
    assert base.store.current() != before


def test_another_pipeline_reads_the_files_again_without_embedding_known_texts(base: Base, folder: Path) -> None:
    base.index(folder)
    manifest = base.data_dir / "index" / str(base.store.current()) / "manifest.json"
    manifest.write_text(
        json.dumps({**json.loads(manifest.read_text(encoding="utf-8")), "pipeline": "older"}), encoding="utf-8"
    )
    report = base.index()
    assert report.unchanged == 2
    assert base.store.load().pipeline == synchronisation.pipeline_id()
    assert base.embedder.embedded == []


def test_another_engine_embeds_everything_with_its_own_vectors(base: Base, folder: Path) -> None:
    base.index(folder)
    base.embedder = HashedEmbedder("fake:other")
    report = base.index()
    assert report.unchanged == 2
    assert report.embedded > 0
    assert base.store.load(base.embedder).engine == "fake:other"


def test_a_damaged_index_is_built_again_from_what_is_given(base: Base, folder: Path) -> None:
    base.index(folder)
    (base.data_dir / "index" / str(base.store.current()) / "manifest.json").write_text("{", encoding="utf-8")
    assert len(base.index(folder).added) == 2
    assert base.docs() == {"jumelage.md", "sous/eau.txt"}


def test_progress_ends_at_the_number_of_texts_embedded(tmp_path: Path, folder: Path) -> None:
    seen: list[tuple[int, int]] = []
    report = synchronise(
        tmp_path / "data", [str(folder)], HashedEmbedder(), builtin=False, progress=lambda *count: seen.append(count)
    )
    assert seen[-1] == (report.embedded, report.embedded)


def test_a_crash_while_embedding_leaves_the_index_before(base: Base, folder: Path) -> None:
    class Crashing(HashedEmbedder):
        def embed_passages(self, texts: Sequence[str]) -> Vectors:
            raise MemoryError

    base.index(folder)
    before = base.store.current()
    (folder / "neuf.md").write_text("Un texte neuf.", encoding="utf-8")
    with pytest.raises(MemoryError):
        synchronise(base.data_dir, [str(folder)], Crashing(), builtin=False)
    assert base.store.current() == before
    assert base.index(folder).added == ["neuf.md"]


def test_two_runs_at_once_are_refused(base: Base, folder: Path) -> None:
    with base.store.writing(), pytest.raises(IndexUnavailable) as caught:
        base.index(folder)
    assert caught.value.code == "index_busy"


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (OSError(28, "No space left on device"), "disk_full"),
        (sqlite3.OperationalError("database or disk is full"), "disk_full"),
        (sqlite3.OperationalError("unable to open database file"), "data_dir_unusable"),
        (PermissionError(13, "Permission denied"), "data_dir_unusable"),
    ],
)
def test_a_failing_disk_is_told_and_the_index_before_answers(
    base: Base, folder: Path, failure: Exception, code: str
) -> None:
    class OnFullDisk(HashedEmbedder):
        def embed_passages(self, texts: Sequence[str]) -> Vectors:
            raise failure

    base.index(folder)
    (folder / "neuf.md").write_text("Un texte neuf.", encoding="utf-8")
    with pytest.raises(IndexUnavailable) as caught:
        synchronise(base.data_dir, [str(folder)], OnFullDisk(), builtin=False)
    assert caught.value.code == code
    assert base.docs() == {"jumelage.md", "sous/eau.txt"}


def test_a_data_folder_that_is_a_file_is_unusable(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "fichier").write_text("occupé", encoding="utf-8")
    with pytest.raises(IndexUnavailable) as caught:
        synchronise(tmp_path / "fichier", [str(folder)], HashedEmbedder(), builtin=False)
    assert caught.value.code == "data_dir_unusable"


def test_a_target_is_the_same_root_however_it_is_written(
    base: Base, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base.index(folder)
    monkeypatch.chdir(folder.parent)
    assert base.index("documents/../documents").unchanged == 2


def test_warnings_of_a_loader_reach_the_report_and_the_source(
    base: Base, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = synchronisation.load

    def warning(path: Path) -> object:
        document = original(path)
        return type(document)(**{**document.__dict__, "warnings": ("Page 3 sans texte.",)})

    monkeypatch.setattr(synchronisation, "load", warning)
    report = base.index(folder / "jumelage.md")
    assert report.warnings == [("jumelage.md", "Page 3 sans texte.")]
    assert base.store.load().sources[0].warnings == ("Page 3 sans texte.",)
