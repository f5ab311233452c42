"""The durable index: generations in Chroma, switched by a pointer file.

    data_dir/index/<generation>/   chroma files + manifest.json, never changed once published
    data_dir/index/CURRENT         the name of the generation that answers
    data_dir/index/LOCK            held while one process writes

Two processes writing to one Chroma folder corrupt it, and a reader in another process goes stale (research/stack.md):
so each run of indexing writes a new folder and the pointer is replaced in one rename. A crash leaves the pointer on
the previous generation; the next run removes what was left half-way.
"""

from __future__ import annotations

import dataclasses
import fcntl
import json
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from knowledge.documents import Passage, Reference, Source, Unit
from knowledge.errors import IndexUnavailable
from knowledge.index.embeddings import Embedder, Vectors

if TYPE_CHECKING:
    from chromadb.api import ClientAPI

FORMAT = 1
_PAGE = 5000


@dataclass(frozen=True)
class Generation:
    """One published state of the index.

    `passage_vectors` is (n passages, dim), `unit_vectors` (n units, dim) in the order of the passages' units.
    `pipeline` identifies the code that made the passages: another pipeline reads the sources again.
    """

    sources: tuple[Source, ...]
    passages: tuple[Passage, ...]
    passage_vectors: Vectors
    unit_vectors: Vectors
    engine: str
    pipeline: str
    name: str = ""


@dataclass(frozen=True)
class Description:
    """A generation without its passages: its sources, and the engine and code that made it."""

    name: str
    sources: tuple[Source, ...]
    engine: str
    pipeline: str
    dim: int


class IndexStore:
    """The generations under one data folder."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self._root = data_dir / "index"

    def current(self) -> str | None:
        """The name of the generation that answers, or None before the first one."""
        try:
            name = (self._root / "CURRENT").read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return None
        return name or None

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Holds the writer's lock. Raises IndexUnavailable("index_busy") when another process holds it."""
        self._root.mkdir(parents=True, exist_ok=True)
        with (self._root / "LOCK").open("w", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as exc:
                raise IndexUnavailable("index_busy", data_dir=str(self.data_dir)) from exc
            self._remove_all_but(self.current())
            yield

    def publish(self, generation: Generation) -> str:
        """Writes `generation` aside and makes it the current one; returns its name."""
        name = uuid.uuid4().hex[:12]
        folder = self._root / name
        previous = self.current()
        try:
            folder.mkdir(parents=True)
            self._write_vectors(folder, generation)
            manifest = {
                "format": FORMAT,
                "engine": generation.engine,
                "pipeline": generation.pipeline,
                "dim": int(generation.passage_vectors.shape[1]),
                "sources": [dataclasses.asdict(source) for source in generation.sources],
            }
            (folder / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
            self._point_to(name)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        self._remove_all_but(name, previous)
        return name

    def describe(self) -> Description:
        """What the current generation was made from. Raises IndexUnavailable("index_missing" | "index_damaged")."""
        name = self.current()
        if name is None:
            raise IndexUnavailable("index_missing", data_dir=str(self.data_dir))
        try:
            manifest = json.loads((self._root / name / "manifest.json").read_text(encoding="utf-8"))
            if manifest["format"] != FORMAT:
                raise ValueError(f"format {manifest['format']}")
            return Description(
                name=name,
                sources=tuple(_source(entry) for entry in manifest["sources"]),
                engine=manifest["engine"],
                pipeline=manifest["pipeline"],
                dim=manifest["dim"],
            )
        except (OSError, ValueError, KeyError, TypeError) as exc:
            raise IndexUnavailable("index_damaged", data_dir=str(self.data_dir)) from exc

    def load(self, embedder: Embedder | None = None) -> Generation:
        """The current generation.

        Raises IndexUnavailable: "index_missing" before the first one, "index_engine" when another engine than
        `embedder` made it, "index_damaged" when its files cannot be read.
        """
        description = self.describe()
        if embedder is not None and description.engine != embedder.name:
            raise IndexUnavailable("index_engine", made_by=description.engine, data_dir=str(self.data_dir))
        return self._read(description)

    def _point_to(self, name: str) -> None:
        pointer = self._root / "CURRENT.new"
        with pointer.open("w", encoding="utf-8") as file:
            file.write(name)
            file.flush()
            os.fsync(file.fileno())
        pointer.replace(self._root / "CURRENT")

    def _remove_all_but(self, *names: str | None) -> None:
        for entry in self._root.iterdir():
            if entry.is_dir() and entry.name not in names:
                shutil.rmtree(entry, ignore_errors=True)

    def _write_vectors(self, folder: Path, generation: Generation) -> None:
        from chromadb.errors import ChromaError

        try:
            self._write_collections(folder, generation)
        except ChromaError as exc:
            raise OSError(str(exc)) from exc

    def _write_collections(self, folder: Path, generation: Generation) -> None:
        client = _open(folder)
        passages = client.create_collection("passages", embedding_function=None, configuration=_COSINE)
        units = client.create_collection("units", embedding_function=None, configuration=_COSINE)
        rows = generation.passages
        for start in range(0, len(rows), _PAGE):
            part = rows[start : start + _PAGE]
            passages.add(
                ids=[f"{start + i:07d}" for i in range(len(part))],
                documents=[passage.text for passage in part],
                embeddings=generation.passage_vectors[start : start + _PAGE],
                metadatas=[_metadata(passage) for passage in part],
            )
        for start in range(0, len(generation.unit_vectors), _PAGE):
            vectors = generation.unit_vectors[start : start + _PAGE]
            units.add(ids=[f"{start + i:07d}" for i in range(len(vectors))], embeddings=vectors)
        _close(client)

    def _read(self, description: Description) -> Generation:
        from chromadb.errors import ChromaError

        try:
            with _reading(self._root / description.name) as client:
                passages, passage_vectors = _read_passages(client, description.dim)
                unit_vectors = _read_vectors(client, "units", description.dim)
        except (ChromaError, OSError, ValueError) as exc:
            raise IndexUnavailable("index_damaged", data_dir=str(self.data_dir)) from exc
        return Generation(
            sources=description.sources,
            passages=passages,
            passage_vectors=passage_vectors,
            unit_vectors=unit_vectors,
            engine=description.engine,
            pipeline=description.pipeline,
            name=description.name,
        )


_MEMORY = Path("/dev/shm")
_COSINE: Any = {"hnsw": {"space": "cosine"}}


def _open(folder: Path) -> ClientAPI:
    import chromadb

    settings = chromadb.Settings(anonymized_telemetry=False)
    return chromadb.PersistentClient(path=str(folder / "chroma"), settings=settings)


@contextmanager
def _reading(folder: Path) -> Iterator[ClientAPI]:
    """A client on `folder`, or on a copy in memory when the disk is full or read-only: Chroma writes as it opens."""
    from chromadb.errors import ChromaError

    with tempfile.TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None) as copy:
        try:
            client = _open(folder)
        except ChromaError:
            shutil.copytree(folder / "chroma", Path(copy) / "chroma")
            client = _open(Path(copy))
        yield client
        _close(client)


def _close(client: ClientAPI) -> None:
    close = getattr(client, "close", None)
    if close is not None:
        close()


def _metadata(passage: Passage) -> dict[str, str | int]:
    return {
        "passage_id": passage.id,
        "source_id": passage.source_id,
        "position": passage.position,
        "locator": passage.locator,
        "title_path": json.dumps(passage.title_path, ensure_ascii=False),
        "original": passage.original,
        "units": json.dumps([dataclasses.asdict(unit) for unit in passage.units], ensure_ascii=False),
    }


def _passage(text: str, metadata: dict[str, Any]) -> Passage:
    return Passage(
        id=metadata["passage_id"],
        source_id=metadata["source_id"],
        position=metadata["position"],
        title_path=tuple(json.loads(metadata["title_path"])),
        locator=metadata["locator"],
        text=text,
        original=metadata["original"],
        units=tuple(Unit(**{**unit, "refs": tuple(unit["refs"])}) for unit in json.loads(metadata["units"])),
    )


def _source(entry: dict[str, Any]) -> Source:
    references = tuple(Reference(**reference) for reference in entry["references"])
    lists = {"keywords": tuple(entry["keywords"]), "warnings": tuple(entry["warnings"])}
    return Source(**{**entry, **lists, "references": references})


def _read_passages(client: ClientAPI, dim: int) -> tuple[tuple[Passage, ...], Vectors]:
    passages: list[Passage] = []
    vectors: list[Any] = []
    for page in _pages(client, "passages", ["documents", "metadatas", "embeddings"]):
        passages.extend(_passage(t, m) for t, m in zip(page["documents"], page["metadatas"], strict=True))
        vectors.append(page["embeddings"])
    return tuple(passages), _stack(vectors, dim)


def _read_vectors(client: ClientAPI, collection: str, dim: int) -> Vectors:
    return _stack([page["embeddings"] for page in _pages(client, collection, ["embeddings"])], dim)


def _pages(client: ClientAPI, name: str, include: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Every row in the order of the ids; Chroma's `get` fails above about 32 700 rows, hence pages."""
    collection = client.get_collection(name, embedding_function=None)
    count = collection.count()
    for start in range(0, count, _PAGE):
        ids = [f"{row:07d}" for row in range(start, min(start + _PAGE, count))]
        page: dict[str, Any] = dict(collection.get(ids=ids, include=list(include)))  # type: ignore[arg-type]
        order = np.argsort(page["ids"], kind="stable")
        yield {key: [page[key][i] for i in order] for key in include}


def _stack(parts: list[Any], dim: int) -> Vectors:
    rows = [row for part in parts for row in part]
    return np.asarray(rows, dtype=np.float32).reshape(len(rows), dim)
