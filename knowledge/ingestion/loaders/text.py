"""Plain text and Markdown."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from knowledge.documents import Document
from knowledge.errors import UnreadableDocument
from knowledge.ingestion.cleaning import normalise
from knowledge.ingestion.lines import lines_of
from knowledge.ingestion.loaders.facts import stated_date, title_from
from knowledge.ingestion.loaders.markdown import looks_like_markdown, read_markdown
from knowledge.ingestion.structure import build_blocks

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def load_text(path: Path) -> Document:
    """The document of a `.txt` or `.md` file. Raises UnreadableDocument("binary")."""
    text = decode(path.read_bytes(), path)
    if path.suffix.lower() in {".md", ".markdown"} or looks_like_markdown(text):
        blocks = read_markdown(text)
    else:
        blocks = build_blocks(lines_of(text))
    return Document(title=title_from(blocks, path.stem), blocks=tuple(blocks), date=stated_date(normalise(text[:5000])))


def decode(data: bytes, path: Path) -> str:
    """The text in `data`: by its byte order mark, else UTF-8, else UTF-16 when zeros say so, else cp1252."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as error:
                raise UnreadableDocument("binary", path=str(path)) from error
    sample = data[:4096]
    if b"\x00" in sample:
        return _decode_wide(data, path)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        # cp1252 leaves five bytes undefined; they hold nothing readable.
        text = data.decode("cp1252", errors="ignore")
    if len(re.findall(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]", text[:4096])) > len(text[:4096]) / 50:
        raise UnreadableDocument("binary", path=str(path))
    return text


def _decode_wide(data: bytes, path: Path) -> str:
    """UTF-16 without its mark, recognised by a zero in every other byte of Latin text."""
    sample = data[:4096]
    for offset, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        zeros = sample[offset::2].count(0)
        if zeros > 0.8 * len(sample[offset::2]) and not sample[1 - offset :: 2].count(0):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as error:
                raise UnreadableDocument("binary", path=str(path)) from error
    raise UnreadableDocument("binary", path=str(path))
