"""One reader for each kind of file, behind `load`."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from pathlib import Path

from knowledge.documents import Document
from knowledge.errors import UnreadableDocument

TEXT_SUFFIXES = frozenset({".txt", ".md", ".markdown"})
HTML_SUFFIXES = frozenset({".html", ".htm"})
SUFFIXES = frozenset({".pdf", ".docx", ".odt"}) | TEXT_SUFFIXES | HTML_SUFFIXES
LIMIT_MB = 100
UNCOMPRESSED_LIMIT_MB = 500
COMPRESSION_LIMIT = 200
"""Above this ratio an archive member is taken for a bomb; prose in XML stays under 30."""


def load(path: Path) -> Document:
    """The document at `path`, read by the loader its suffix and its first bytes call for.

    Raises UnreadableDocument: missing, not_a_file, permission, empty, too_large, unsupported_type, binary, corrupt,
    encrypted_pdf, image_only_pdf, no_text.
    """
    path = Path(path)
    _check(path)
    document = _reader(path)(path)
    if not any(block.text for block in document.blocks):
        raise UnreadableDocument("no_text", path=str(path))
    return document


def _check(path: Path) -> None:
    try:
        if not path.exists():
            raise UnreadableDocument("missing", path=str(path))
        if not path.is_file():
            raise UnreadableDocument("not_a_file", path=str(path))
        size = path.stat().st_size
    except PermissionError as error:
        raise UnreadableDocument("permission", path=str(path)) from error
    if path.suffix.lower() not in SUFFIXES:
        raise UnreadableDocument("unsupported_type", path=str(path), suffix=path.suffix.lower())
    if not os.access(path, os.R_OK):
        raise UnreadableDocument("permission", path=str(path))
    if size == 0:
        raise UnreadableDocument("empty", path=str(path))
    if size > LIMIT_MB * 1_000_000:
        raise UnreadableDocument("too_large", path=str(path), limit_mb=LIMIT_MB)


def _reader(path: Path) -> Callable[[Path], Document]:
    """The reader for what the file is; a loader is imported only when a file needs it."""
    suffix = path.suffix.lower()
    with path.open("rb") as file:
        start = file.read(2048)
    if b"%PDF-" in start[:1024]:
        from knowledge.ingestion.loaders.pdf import load_pdf

        return load_pdf
    if start.startswith(b"PK\x03\x04"):
        return _archive_reader(path)
    if suffix in {".pdf", ".docx", ".odt"}:
        raise UnreadableDocument("corrupt", path=str(path))
    head = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if suffix in HTML_SUFFIXES or head.startswith((b"<!doctype html", b"<html")):
        from knowledge.ingestion.loaders.html import load_html

        return load_html
    from knowledge.ingestion.loaders.text import load_text

    return load_text


def _archive_reader(path: Path) -> Callable[[Path], Document]:
    names = _checked_names(path)
    if "word/document.xml" in names:
        from knowledge.ingestion.loaders.docx import load_docx

        return load_docx
    if "content.xml" in names and (path.suffix.lower() == ".odt" or "META-INF/manifest.xml" in names):
        from knowledge.ingestion.loaders.odt import load_odt

        return load_odt
    if path.suffix.lower() in {".docx", ".odt", ".pdf"}:
        raise UnreadableDocument("corrupt", path=str(path))
    raise UnreadableDocument("binary", path=str(path))


def _checked_names(path: Path) -> set[str]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise UnreadableDocument("corrupt", path=str(path)) from error
    total = sum(member.file_size for member in members)
    bomb = any(
        member.file_size > 1_000_000 and member.file_size > COMPRESSION_LIMIT * max(1, member.compress_size)
        for member in members
    )
    if total > UNCOMPRESSED_LIMIT_MB * 1_000_000 or bomb:
        raise UnreadableDocument("too_large", path=str(path), limit_mb=UNCOMPRESSED_LIMIT_MB)
    return {member.filename for member in members}
