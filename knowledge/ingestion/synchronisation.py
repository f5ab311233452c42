"""Bringing the index in line with what was asked for: shipped fiches, files, folders, addresses.

Each target is a *root*. A run reads the roots it is given again, keeps the passages of the others, drops the sources
that disappeared from a root, embeds only texts never seen, and publishes a new generation only when something changed.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, partial
from pathlib import Path

from knowledge.documents import Document, Passage, Source
from knowledge.errors import IndexUnavailable, KnowledgeError, UnreadableDocument
from knowledge.fiches import Fiche, load_fiches
from knowledge.index.embeddings import Embedder, EmbeddingCache, Progress, Vectors
from knowledge.index.retrieval import passage_text, unit_texts
from knowledge.index.shipped import shipped_vectors
from knowledge.index.store import Generation, IndexStore
from knowledge.ingestion.loaders import SUFFIXES, load
from knowledge.ingestion.passages import build_passages
from knowledge.ingestion.web import load_url

BUILTIN = "builtin"
_DISK_FULL = ("disk is full", "No space left", "disk I/O error")


@dataclass
class SyncReport:
    """What a run did. `failures` pairs what could not be read with the error that says why."""

    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: int = 0
    embedded: int = 0
    failures: list[tuple[str, KnowledgeError]] = field(default_factory=list)
    warnings: list[tuple[str, str]] = field(default_factory=list)
    sources: int = 0
    passages: int = 0


@dataclass(frozen=True)
class _Entry:
    source: Source
    passages: tuple[Passage, ...]


def synchronise(
    data_dir: Path,
    targets: Sequence[str],
    embedder: Embedder,
    *,
    builtin: bool = True,
    rebuild: bool = False,
    refresh: bool = False,
    progress: Progress | None = None,
) -> SyncReport:
    """Indexes `targets` (paths or addresses) next to what is there; returns what changed.

    `builtin=False` leaves the shipped fiches out of the index. `rebuild` reads and embeds everything again,
    `refresh` reads the roots indexed earlier again too. Raises
    IndexUnavailable("index_busy") when another process indexes, ("disk_full"), and InvalidContent when a shipped
    fiche is broken. A target that cannot be read is a failure of the report, and what was indexed of it stays.
    """
    store = IndexStore(data_dir)
    try:
        with store.writing():
            return _Run(store, embedder, rebuild, refresh).run(targets, builtin, progress)
    except (OSError, sqlite3.Error) as exc:
        raise _storage_error(exc, data_dir) from exc


def _storage_error(exc: Exception, data_dir: Path) -> IndexUnavailable:
    full = getattr(exc, "errno", None) == 28 or any(sign in str(exc) for sign in _DISK_FULL)
    if full:
        return IndexUnavailable("disk_full", data_dir=str(data_dir))
    return IndexUnavailable("data_dir_unusable", data_dir=str(data_dir), detail=str(exc))


class _Run:
    """One run of indexing, under the writer's lock."""

    def __init__(self, store: IndexStore, embedder: Embedder, rebuild: bool, refresh: bool) -> None:
        self.store = store
        self.embedder = embedder
        self.rebuild = rebuild
        self.report = SyncReport()
        self.earlier = self._load_earlier()
        self.before = _entries_of(self.earlier)
        same_pipeline = self.earlier is not None and self.earlier.pipeline == pipeline_id()
        self.read_all = rebuild or not same_pipeline
        self.refresh = refresh or self.read_all

    def run(self, targets: Sequence[str], builtin: bool, progress: Progress | None) -> SyncReport:
        known = {entry.source.root for entry in self.before.values()} - {BUILTIN}
        asked = [_root_of(target) for target in targets]
        roots = dict.fromkeys((*asked, *known) if self.refresh else asked)
        entries = [entry for root in roots for entry in self._read_root(root, known)]
        if builtin:
            entries += self._read_builtin()
        kept = [e for e in self.before.values() if e.source.root not in roots and e.source.root != BUILTIN]
        found = {entry.source.id: entry for entry in (*kept, *entries)}
        if self._has_changed(found):
            self._publish(list(found.values()), progress)
        self.report.sources = len(found)
        self.report.passages = sum(len(entry.passages) for entry in found.values())
        return self.report

    def _load_earlier(self) -> Generation | None:
        try:
            return self.store.load()
        except IndexUnavailable as exc:
            if exc.code in ("index_missing", "index_damaged", "index_engine"):
                return None
            raise

    def _read_builtin(self) -> list[_Entry]:
        return [
            self._entry(replace(f.source, root=BUILTIN, keywords=f.keywords), partial(_document_of, f))
            for f in load_fiches()
        ]

    def _read_root(self, root: str, known: set[str]) -> Iterator[_Entry]:
        if root.startswith(("http://", "https://")):
            yield from self._guarded(root, root, root, lambda: self._read_url(root))
            return
        path = Path(root)
        if root in known and not path.exists():
            return
        if not path.is_dir():
            yield from self._guarded(root, root, path.name, lambda: self._read_file(path, root, path.name))
            return
        for file, error in _files_below(path):
            name = file.relative_to(path).as_posix()
            if error is not None:
                self.report.failures.append((str(file), error))
                yield from (e for e in self.before.values() if _is_below(e.source, root, name))
                continue
            yield from self._guarded(str(file), root, name, partial(self._read_file, file, root, name))

    def _guarded(self, shown: str, root: str, doc: str, read: Callable[[], _Entry]) -> Iterator[_Entry]:
        """What `read` returns; when it fails, the failure is reported and what was indexed before stays."""
        try:
            yield read()
        except UnreadableDocument as exc:
            self.report.failures.append((shown, exc))
            yield from (e for e in self.before.values() if e.source.root == root and e.source.doc == doc)

    def _read_file(self, path: Path, root: str, name: str) -> _Entry:
        digest = _file_hash(path)
        source = Source(id=_source_id(root, name), doc=name, title=name, root=root, content_hash=digest)
        return self._entry(source, lambda: load(path))

    def _read_url(self, url: str) -> _Entry:
        document = load_url(url)
        digest = hashlib.sha256(repr(document).encode()).hexdigest()
        source = Source(id=_source_id(url, ""), doc=url, title=url, url=url, root=url, content_hash=digest)
        return self._entry(source, lambda: document)

    def _entry(self, source: Source, read: Callable[[], Document]) -> _Entry:
        earlier = self.before.get(source.id)
        if earlier and earlier.source.content_hash == source.content_hash and not self.read_all:
            return earlier
        document = read()
        if source.root != BUILTIN:
            source = replace(
                source,
                title=document.title or source.title,
                publisher=document.publisher,
                date=document.date,
                checked=date.today().isoformat(),
                warnings=document.warnings,
            )
            self.report.warnings.extend((source.doc, warning) for warning in document.warnings)
        return _Entry(source, tuple(build_passages(source, document)))

    def _has_changed(self, entries: dict[str, _Entry]) -> bool:
        for source_id, entry in entries.items():
            earlier = self.before.get(source_id)
            if earlier is None:
                self.report.added.append(entry.source.doc)
            elif _content(earlier) != _content(entry):
                self.report.updated.append(entry.source.doc)
            else:
                self.report.unchanged += 1
        self.report.removed = [e.source.doc for key, e in self.before.items() if key not in entries]
        same_engine = self.earlier is not None and self.earlier.engine == self.embedder.name
        changed = self.report.added or self.report.updated or self.report.removed
        return bool(changed or self.read_all or not same_engine)

    def _publish(self, entries: list[_Entry], progress: Progress | None) -> None:
        passages = [passage for entry in entries for passage in entry.passages]
        texts = [passage_text(passage, entry.source) for entry in entries for passage in entry.passages]
        texts += [text for passage in passages for text in unit_texts(passage)]

        def count(done: int, total: int) -> None:
            self.report.embedded = done
            if progress:
                progress(done, total)

        vectors = self._embed(texts, count)
        self.store.publish(
            Generation(
                sources=tuple(entry.source for entry in entries),
                passages=tuple(passages),
                passage_vectors=vectors[: len(passages)],
                unit_vectors=vectors[len(passages) :],
                engine=self.embedder.name,
                pipeline=pipeline_id(),
            )
        )

    def _embed(self, texts: list[str], count: Progress) -> Vectors:
        """The vectors of `texts`; a damaged cache is thrown away, since all it holds can be computed again."""
        try:
            return self._embed_with_cache(texts, count)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            for file in self.store.data_dir.glob("embeddings.db*"):
                file.unlink()
            return self._embed_with_cache(texts, count)

    def _embed_with_cache(self, texts: list[str], count: Progress) -> Vectors:
        path = self.store.data_dir / "embeddings.db"
        with closing(EmbeddingCache(path, self.embedder, shipped_vectors(self.embedder.name))) as known:
            return known.embed(texts, fresh=self.rebuild, progress=count)


@cache
def pipeline_id() -> str:
    """Identifies the code that turns files into passages: when it changes, sources are read again."""
    folder = Path(__file__).parent
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*.py")):
        if file != Path(__file__):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _root_of(target: str) -> str:
    return target if target.startswith(("http://", "https://")) else str(Path(target).expanduser().resolve())


def _source_id(root: str, name: str) -> str:
    return "doc-" + hashlib.sha256(f"{root}\x1f{name}".encode()).hexdigest()[:16]


def _entries_of(generation: Generation | None) -> dict[str, _Entry]:
    if generation is None:
        return {}
    passages: dict[str, list[Passage]] = {source.id: [] for source in generation.sources}
    for passage in generation.passages:
        passages[passage.source_id].append(passage)
    return {source.id: _Entry(source, tuple(passages[source.id])) for source in generation.sources}


def _document_of(fiche: Fiche) -> Document:
    return fiche.document


def _content(entry: _Entry) -> tuple[object, ...]:
    return entry.source.content_hash, entry.source.title, entry.passages


def _is_below(source: Source, root: str, folder: str) -> bool:
    return source.root == root and source.doc.startswith(f"{folder}/")


def _file_hash(path: Path) -> str:
    """The content's SHA-256; what cannot be opened is told apart by the loader, which names the case."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _files_below(folder: Path) -> Iterator[tuple[Path, UnreadableDocument | None]]:
    """Supported files under `folder`, in order; a folder without permission comes with its error."""
    errors: list[OSError] = []
    for parent, folders, files in os.walk(folder, onerror=errors.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if Path(name).suffix.lower() in SUFFIXES and not name.startswith("."):
                yield Path(parent) / name, None
    for error in errors:
        path = Path(error.filename)
        yield path, UnreadableDocument("permission", path=str(path))
