"""What `boussole doctor` looks at, each with the way to repair."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from importlib.util import find_spec

from assistant.bootstrap import build_embedder
from assistant.domain.errors import BoussoleError
from assistant.messages import french
from assistant.settings import Settings
from knowledge.errors import KnowledgeError
from knowledge.fiches import load_fiches
from knowledge.glossary import load_glossary
from knowledge.index.store import IndexStore


@dataclass(frozen=True)
class Finding:
    """One check: `text` is French, and says how to repair when `ok` is false."""

    ok: bool
    text: str


def examine(settings: Settings) -> list[Finding]:
    """The state of the installation, in the order in which things depend on each other."""
    return [_data_dir(settings), _content(), _index(settings), _ocr()]


def _data_dir(settings: Settings) -> Finding:
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        free_mb = shutil.disk_usage(settings.data_dir).free // 1_000_000
    except OSError as exc:
        return Finding(False, f"Dossier de données « {settings.data_dir} » inutilisable : {exc.strerror}.")
    if free_mb < 200:
        return Finding(False, f"Il reste {free_mb} Mo dans « {settings.data_dir} » : libérez de la place.")
    return Finding(True, f"Dossier de données : {settings.data_dir} ({free_mb} Mo libres).")


def _content() -> Finding:
    try:
        fiches = load_fiches()
        load_glossary()
    except KnowledgeError as exc:
        return Finding(False, french(exc))
    return Finding(True, f"Base fournie : {len(fiches)} fiches valides.")


def _index(settings: Settings) -> Finding:
    try:
        embedder = build_embedder(settings)
        generation = IndexStore(settings.data_dir).load(embedder)
    except (KnowledgeError, BoussoleError) as exc:
        return Finding(False, french(exc))
    return Finding(
        True,
        f"Index : {len(generation.sources)} sources, {len(generation.passages)} passages, moteur {generation.engine}.",
    )


def _ocr() -> Finding:
    if shutil.which("tesseract") and find_spec("pytesseract"):
        return Finding(True, "Lecture des images (tesseract) : disponible.")
    return Finding(
        True, "Lecture des images (tesseract) : absente ; les PDF sans texte seront refusés avec un message."
    )
