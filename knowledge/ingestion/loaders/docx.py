"""Word documents (.docx)."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from lxml import etree

from knowledge.documents import Block, Document
from knowledge.errors import UnreadableDocument
from knowledge.ingestion.cleaning import clean
from knowledge.ingestion.loaders.facts import stated_date, title_from
from knowledge.ingestion.tables import join_cell, row_blocks

_TABLE_OF_CONTENTS = re.compile(r"^(?:toc|tm|table des matières|table of figures)\b", re.I)
_HEADING = re.compile(r"^(?:heading|titre)\s*(\d)", re.I)
_LIST = re.compile(r"^(?:list|liste|puce)", re.I)


def load_docx(path: Path) -> Document:
    """The document of a Word file: body, tables, text boxes and notes, without hidden or deleted text.

    Raises UnreadableDocument("corrupt").
    """
    try:
        word = docx.Document(str(path))
    except (OpcError, KeyError, ValueError, zipfile.BadZipFile, etree.XMLSyntaxError, OSError) as error:
        raise UnreadableDocument("corrupt", path=str(path)) from error
    reader = _Reader(word)
    reader.walk(word.element.body)
    blocks = [*reader.blocks, *_notes(word)]
    text = "\n".join(block.text for block in blocks[:20])
    return Document(
        title=title_from(blocks, path.stem, word.core_properties.title or ""),
        blocks=tuple(blocks),
        date=stated_date(text),
    )


class _Reader:
    def __init__(self, word: Any) -> None:
        self.styles = {style.style_id: style for style in word.styles}
        self.blocks: list[Block] = []

    def walk(self, parent: Any) -> None:
        for child in parent:
            if child.tag == qn("w:p"):
                self._paragraph(child)
            elif child.tag == qn("w:tbl"):
                self._table(child)
            elif child.tag == qn("w:sdt"):
                gallery = child.find(f".//{qn('w:docPartGallery')}")
                if gallery is None or "Table of Contents" not in gallery.get(qn("w:val"), ""):
                    for content in child.iterchildren(qn("w:sdtContent")):
                        self.walk(content)

    def _paragraph(self, element: Any) -> None:
        original = _text(element)
        text = clean(original)
        names = self._style_names(element)
        if any(character.isalnum() for character in text) and not any(map(_TABLE_OF_CONTENTS.match, names)):
            self.blocks.append(self._block(element, names, text, original))
        for box in element.iter(qn("w:txbxContent")):
            if not _in_fallback(box):
                self.walk(box)

    def _block(self, element: Any, names: list[str], text: str, original: str) -> Block:
        level = self._level(element, names)
        if level:
            return Block(kind="title", text=text, original=original, level=level)
        numbered = element.find(f"{qn('w:pPr')}/{qn('w:numPr')}") is not None
        if numbered or any(map(_LIST.match, names)):
            return Block(kind="item", text=re.sub(r"^[•·\-–—*]\s+", "", text), original=original)
        if _is_bold_line(element) and len(text) <= 100 and not text.endswith((".", ":", ";", ",")):
            return Block(kind="title", text=text, original=original, level=4)
        return Block(kind="paragraph", text=text, original=original)

    def _style_names(self, element: Any) -> list[str]:
        """The names of the paragraph's style and of those it is based on."""
        found = element.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        style = self.styles.get(found.get(qn("w:val"))) if found is not None else None
        names: list[str] = []
        while style is not None and len(names) < 10:
            names.append(style.name or "")
            style = getattr(style, "base_style", None)
        return names

    def _level(self, element: Any, names: list[str]) -> int:
        for name in names:
            if name.lower() in {"title", "titre"}:
                return 1
            if match := _HEADING.match(name):
                return int(match[1])
        outline = element.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
        value = int(outline.get(qn("w:val"), "9")) if outline is not None else 9
        return value + 1 if value < 9 else 0

    def _table(self, element: Any) -> None:
        own = [row for row in element.iter(qn("w:tr")) if _owner(row) is element]
        rows = [[self._cell(cell) for cell in _cells(row)] for row in own]
        width = max((len(row) for row in rows), default=0)
        if width == 1 or len(rows) == 1:
            # A frame or a layout: its text is ordinary text.
            for cell in element.iter(qn("w:tc")):
                if _owner(cell) is element:
                    self.walk(cell)
            return
        self.blocks.extend(row_blocks(_filled_down(own, rows)))

    def _cell(self, cell: Any) -> str:
        return join_cell([clean(_text(paragraph)) for paragraph in cell.iter(qn("w:p"))])


def _owner(element: Any) -> Any:
    """The table that a row or cell belongs to, not one it is nested in."""
    return next(element.iterancestors(qn("w:tbl")))


def _cells(row: Any) -> list[Any]:
    return [cell for cell in row.iter(qn("w:tc")) if next(cell.iterancestors(qn("w:tr"))) is row]


def _filled_down(own: list[Any], rows: list[list[str]]) -> list[list[str]]:
    """The rows on one grid: a cell spanning columns leaves empty ones, a cell spanning rows is repeated."""
    grid: list[list[str]] = []
    for row, texts in zip(own, rows, strict=True):
        line: list[str] = []
        for cell, text in zip(_cells(row), texts, strict=True):
            span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
            merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
            continued = merge is not None and merge.get(qn("w:val"), "continue") == "continue"
            if continued and grid and len(line) < len(grid[-1]):
                text = grid[-1][len(line)]
            line.append(text)
            line.extend([""] * (int(span.get(qn("w:val"), "1")) - 1 if span is not None else 0))
        grid.append(line)
    return grid


def _text(paragraph: Any) -> str:
    """The visible text of a paragraph, its text boxes apart."""
    return "".join(_pieces(paragraph))


def _pieces(element: Any) -> Iterator[str]:
    for child in element:
        tag = child.tag
        if tag in {qn("w:del"), qn("w:moveFrom"), qn("w:txbxContent"), qn("w:pPr")} or not isinstance(tag, str):
            continue
        if tag == qn("w:r") and _is_hidden(child):
            continue
        if tag == qn("w:t"):
            yield child.text or ""
        elif tag in {qn("w:tab"), qn("w:ptab")}:
            yield " "
        elif tag in {qn("w:br"), qn("w:cr")}:
            yield "\n"
        elif tag == qn("w:noBreakHyphen"):
            yield "-"
        else:
            yield from _pieces(child)


def _is_hidden(run: Any) -> bool:
    vanish = run.find(f"{qn('w:rPr')}/{qn('w:vanish')}")
    return vanish is not None and vanish.get(qn("w:val"), "1") not in {"0", "false"}


def _is_bold_line(paragraph: Any) -> bool:
    runs = [run for run in paragraph.iter(qn("w:r")) if "".join(_pieces(run)).strip()]
    bolds = [run.find(f"{qn('w:rPr')}/{qn('w:b')}") for run in runs]
    return bool(runs) and all(bold is not None and bold.get(qn("w:val"), "1") not in {"0", "false"} for bold in bolds)


def _in_fallback(element: Any) -> bool:
    """Whether Word wrote this text box twice and this is the copy for older programs."""
    return any(etree.QName(ancestor).localname == "Fallback" for ancestor in element.iterancestors())


def _notes(word: Any) -> list[Block]:
    blocks: list[Block] = []
    for part in word.part.package.iter_parts():
        if not re.search(r"/(?:footnotes|endnotes)\.xml$", str(part.partname)):
            continue
        root = etree.fromstring(part.blob, etree.XMLParser(resolve_entities=False, no_network=True))
        for note in root:
            if note.get(qn("w:type")) in {"separator", "continuationSeparator", "continuationNotice"}:
                continue
            original = "\n".join(_text(paragraph) for paragraph in note.iter(qn("w:p")))
            if text := clean(original):
                blocks.append(Block(kind="paragraph", text=f"Note : {text}", original=original))
    return blocks
