"""OpenDocument texts (.odt), read from their XML: entities are never expanded."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from knowledge.documents import Block, Document
from knowledge.errors import UnreadableDocument
from knowledge.ingestion.cleaning import clean
from knowledge.ingestion.loaders.facts import stated_date, title_from
from knowledge.ingestion.tables import join_cell, row_blocks

NAMESPACES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
}
WIDEST_REPEAT = 50
"""Spreadsheet habits leave a last cell repeated hundreds of times: only this many are kept."""


def load_odt(path: Path) -> Document:
    """The document of an OpenDocument text. Raises UnreadableDocument("corrupt")."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        with zipfile.ZipFile(path) as archive:
            content = etree.fromstring(archive.read("content.xml"), parser)
            meta = etree.fromstring(archive.read("meta.xml"), parser) if "meta.xml" in archive.namelist() else None
    except (KeyError, zipfile.BadZipFile, etree.XMLSyntaxError, RuntimeError, OSError) as error:
        raise UnreadableDocument("corrupt", path=str(path)) from error
    body = content.find(".//office:body/office:text", NAMESPACES)
    if body is None:
        raise UnreadableDocument("corrupt", path=str(path))
    reader = _Reader(_hidden_styles(content))
    reader.walk(body)
    title = meta.findtext(".//dc:title", "", NAMESPACES) if meta is not None else ""
    text = "\n".join(block.text for block in reader.blocks[:20])
    return Document(
        title=title_from(reader.blocks, path.stem, title), blocks=tuple(reader.blocks), date=stated_date(text)
    )


def _name(prefixed: str) -> str:
    prefix, local = prefixed.split(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def _hidden_styles(content: Any) -> set[str]:
    return {
        style.get(_name("style:name"))
        for style in content.iter(_name("style:style"))
        for properties in style.iter(_name("style:text-properties"))
        if properties.get(_name("text:display")) == "none"
    }


UNREAD = frozenset(map(_name, ("office:annotation", "text:hidden-text", "draw:frame", "text:tracked-changes")))


class _Reader:
    def __init__(self, hidden: set[str]) -> None:
        self.hidden = hidden
        self.blocks: list[Block] = []
        self.notes: list[str] = []

    def walk(self, parent: Any, in_list: bool = False) -> None:
        for child in parent:
            tag = child.tag
            if tag == _name("text:h"):
                self._add("title", child, int(child.get(_name("text:outline-level"), "1")))
            elif tag == _name("text:p"):
                style = child.get(_name("text:style-name"), "")
                self._add("title" if style == "Title" else "item" if in_list else "paragraph", child, style == "Title")
            elif tag == _name("text:list"):
                for item in child:
                    self.walk(item, in_list=True)
            elif tag == _name("table:table"):
                self._table(child)
            elif tag == _name("text:section"):
                if child.get(_name("text:display")) != "none":
                    self.walk(child)
            elif tag in {_name("draw:frame"), _name("draw:text-box"), _name("text:numbered-paragraph")}:
                self.walk(child)

    def _add(self, kind: str, element: Any, level: int = 0) -> None:
        self.notes = []
        original = "".join(self._pieces(element))
        for index, raw in enumerate([original, *self.notes]):
            text = clean(raw)
            if not any(character.isalnum() for character in text):
                continue
            if index:
                self.blocks.append(Block(kind="paragraph", text=f"Note : {text}", original=raw))
            elif kind == "title":
                self.blocks.append(Block(kind="title", text=text, original=raw, level=level))
            else:
                self.blocks.append(Block(kind="item" if kind == "item" else "paragraph", text=text, original=raw))
        for box in element.iter(_name("draw:text-box")):
            self.walk(box)

    def _pieces(self, element: Any) -> Iterator[str]:
        if element.get(_name("text:style-name")) in self.hidden:
            return
        yield element.text or ""
        for child in element:
            tag = child.tag
            if tag == _name("text:note"):
                body = child.find(_name("text:note-body"))
                self.notes.append(" ".join("".join(self._pieces(p)) for p in body) if body is not None else "")
            elif tag == _name("text:s"):
                yield " " * min(WIDEST_REPEAT, int(child.get(_name("text:c"), "1")))
            elif tag == _name("text:tab"):
                yield " "
            elif tag == _name("text:line-break"):
                yield "\n"
            elif isinstance(tag, str) and tag not in UNREAD:
                yield from self._pieces(child)
            yield child.tail or ""

    def _table(self, table: Any) -> None:
        grid: list[list[str]] = []
        for row in table.iter(_name("table:table-row")):
            if next(row.iterancestors(_name("table:table"))) is table:
                grid.append(self._row(row, grid))
        if len(grid) == 1 or max((len(row) for row in grid), default=0) == 1:
            for cell in table.iter(_name("table:table-cell")):
                if next(cell.iterancestors(_name("table:table"))) is table:
                    self.walk(cell)
            return
        self.blocks.extend(row_blocks(grid))

    def _row(self, row: Any, above: list[list[str]]) -> list[str]:
        line: list[str] = []
        for cell in row:
            repeat = min(WIDEST_REPEAT, int(cell.get(_name("table:number-columns-repeated"), "1")))
            if cell.tag == _name("table:covered-table-cell"):
                for _ in range(repeat):
                    spans_rows = bool(above) and len(line) < len(above[-1]) and not (line and line[-1])
                    line.append(above[-1][len(line)] if spans_rows else "")
            elif cell.tag == _name("table:table-cell"):
                parts = [clean("".join(self._pieces(p))) for p in cell.iter(_name("text:p"), _name("text:h"))]
                line.extend([join_cell(parts)] * repeat)
        while line and not line[-1]:
            line.pop()
        return line
