"""Web pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import trafilatura
from lxml import etree
from lxml import html as lxml_html

from knowledge.documents import Block, Document
from knowledge.errors import UnreadableDocument
from knowledge.ingestion.cleaning import clean, normalise
from knowledge.ingestion.loaders.facts import stated_date, title_from
from knowledge.ingestion.loaders.text import decode
from knowledge.ingestion.tables import join_cell, row_blocks

_DROPPED = (
    "script style noscript template iframe object embed svg canvas nav header footer aside form button select input"
    " textarea dialog audio video map"
)
DROPPED = frozenset(_DROPPED.split())
_BLOCKS = (
    "p div section article main body blockquote figure figcaption address details summary dd dt dl pre center fieldset"
    " ul ol li table h1 h2 h3 h4 h5 h6 td th tr tbody thead"
)
BLOCKS = frozenset(_BLOCKS.split())
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?([\w-]+)", re.I)
BOILERPLATE_ROLES = frozenset({"navigation", "banner", "contentinfo", "search", "complementary", "dialog"})
MOST_LINKS = 0.3
"""From this share of text in links, a page has menus to be told from its text."""
FEWEST_KEPT = 0.3
"""Under this share of the page's text, the search for its main part is taken to have failed."""


def load_html(path: Path) -> Document:
    """The document of a saved web page. Raises UnreadableDocument: binary, corrupt."""
    return read_html(path.read_bytes(), path)


def read_html(data: bytes, path: Path) -> Document:
    """The main part of a page, with the title, publisher and date it declares."""
    text = _decode(data, path)
    try:
        tree = lxml_html.document_fromstring(text, parser=lxml_html.HTMLParser(no_network=True, remove_comments=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableDocument("corrupt", path=str(path)) from error
    meta = _meta(tree)
    blocks = _main_blocks(tree, text)
    heading = meta.get("og:title") or meta.get("dc.title") or tree.findtext(".//title") or ""
    return Document(
        title=title_from(blocks, path.stem, re.split(r"\s+[|–—]\s+", heading.strip())[0]),
        blocks=tuple(blocks),
        publisher=clean(meta.get("og:site_name") or meta.get("dc.publisher") or meta.get("citation_publisher") or ""),
        date=_date(tree, meta) or stated_date(normalise("\n".join(block.text for block in blocks[:10]))),
    )


def _decode(data: bytes, path: Path) -> str:
    declared = CHARSET.search(data[:4096])
    if declared and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        name = declared[1].decode("ascii").lower()
        if name not in {"utf-8", "utf8"}:
            try:
                # Browsers read these declarations as cp1252.
                return data.decode("cp1252" if name in {"iso-8859-1", "latin1", "us-ascii"} else name, errors="replace")
            except LookupError:
                return decode(data, path)
    return decode(data, path)


def _meta(tree: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = (element.get("property") or element.get("name") or element.get("itemprop") or "").lower()
        if name and element.get("content"):
            found.setdefault(name, element.get("content"))
    return found


def _date(tree: Any, meta: dict[str, str]) -> str:
    declared = [meta.get(name, "") for name in ("article:published_time", "datepublished", "dc.date", "dcterms.issued")]
    declared += [element.get("datetime", "") for element in tree.iter("time") if "datePublished" in str(element.attrib)]
    for value in declared:
        if match := re.match(r"\d{4}-\d{2}-\d{2}", value):
            return match[0]
    return ""


def _main_blocks(tree: Any, text: str) -> list[Block]:
    body = tree.find("body")
    body = tree if body is None else body
    _drop_unseen(body)
    mains = [element for element in body.iter("main", "article") if not _inside(element, {"main", "article"})]
    if len(mains) == 1:
        blocks = _Walker().read(mains[0])
        if _weight(blocks) >= FEWEST_KEPT * len(clean(body.text_content())):
            return blocks
    everything = _Walker().read(body)
    links = sum(len(clean(link.text_content())) for link in body.iter("a"))
    if links < MOST_LINKS * _weight(everything):
        return everything
    found = trafilatura.extract(text, output_format="html", include_tables=True, favor_recall=True)
    if not found:
        return everything
    blocks = _Walker().read(lxml_html.document_fromstring(found))
    # trafilatura finds the text among the menus of a page without <main>, but it may lose tables.
    lost_tables = _rows(blocks) < _rows(everything)
    return everything if lost_tables or _weight(blocks) < FEWEST_KEPT * (_weight(everything) - links) else blocks


def _rows(blocks: list[Block]) -> int:
    return sum(block.kind == "row" for block in blocks)


def _weight(blocks: list[Block]) -> int:
    return sum(len(block.text) for block in blocks)


def _inside(element: Any, tags: set[str]) -> bool:
    return any(ancestor.tag in tags for ancestor in element.iterancestors())


def _drop_unseen(body: Any) -> None:
    """Take out of `body` what a reader does not see, and the furniture of the site."""
    for element in list(body.iter()):
        if not isinstance(element.tag, str) or element.getparent() is None:
            continue
        own = element.tag in {"header", "footer"} and _inside(element, {"article"})
        furniture = (element.tag in DROPPED and not own) or element.get("role") in BOILERPLATE_ROLES
        unseen = element.get("hidden") is not None or element.get("aria-hidden") == "true"
        if furniture or unseen or HIDDEN.search(element.get("style") or ""):
            element.drop_tree()


class _Walker:
    """Turns elements into blocks; inline text gathers until a block element begins or ends."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.buffer: list[str] = []

    def read(self, root: Any) -> list[Block]:
        self._walk(root, "paragraph")
        self._flush("paragraph")
        return self.blocks

    def _walk(self, element: Any, kind: str) -> None:
        self.buffer.append(element.text or "")
        for child in element:
            if isinstance(child.tag, str):
                self._child(child, kind)
            self.buffer.append(child.tail or "")

    def _child(self, child: Any, kind: str) -> None:
        tag = child.tag
        if tag == "br":
            self.buffer.append("\n\n" if kind == "paragraph" else " ")
        elif tag == "table":
            self._flush(kind)
            self._table(child)
        elif re.fullmatch(r"h[1-6]", tag):
            self._flush(kind)
            self._walk(child, "title")
            self._flush("title", int(tag[1]))
        elif tag == "li":
            self._flush(kind)
            self._walk(child, "item")
            self._flush("item")
        elif tag in BLOCKS:
            inner = kind if kind in {"item", "title"} else "paragraph"
            self._flush(kind)
            self._walk(child, inner)
            self._flush(inner)
        else:
            self._walk(child, kind)

    def _flush(self, kind: str, level: int = 0) -> None:
        raw = "".join(self.buffer)
        self.buffer = []
        for piece in re.split(r"\n{2,}" if "\n\n" in raw and kind == "paragraph" else r"\Z(?!)", raw):
            original = re.sub(r"\s+", " ", piece).strip()
            text = clean(original)
            if not any(character.isalnum() for character in text):
                continue
            if kind == "title":
                self.blocks.append(Block(kind="title", text=text, original=original, level=level))
            else:
                self.blocks.append(Block(kind="item" if kind == "item" else "paragraph", text=text, original=original))

    def _table(self, table: Any) -> None:
        own = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
        cells = [[cell for cell in row if cell.tag in {"td", "th"}] for row in own]
        nested = any(cell.find(".//table") is not None for row in cells for cell in row)
        if nested or max(map(len, cells), default=0) < 2:
            for row in cells:  # a layout, not a table
                for cell in row:
                    self._walk(cell, "paragraph")
                    self._flush("paragraph")
            return
        caption = table.find("caption")
        if caption is not None and (text := clean(caption.text_content())):
            self.blocks.append(Block(kind="title", text=text, original=text, level=5))
        self.blocks.extend(row_blocks(list(_grid(cells))))


def _grid(rows: list[list[Any]]) -> Iterator[list[str]]:
    """The rows on one grid: a cell spanning rows is repeated, one spanning columns leaves empty ones."""
    below: dict[int, tuple[int, str]] = {}
    for row in rows:
        line: list[str] = []
        for cell in row:
            _fill(line, below)
            text = join_cell([clean(part) for part in _cell_parts(cell)])
            columns, depth = _span(cell, "colspan"), _span(cell, "rowspan")
            for offset in range(columns):
                if depth > 1:
                    below[len(line)] = (depth - 1, "" if offset else text)
                line.append("" if offset else text)
        _fill(line, below)
        yield line


def _fill(line: list[str], below: dict[int, tuple[int, str]]) -> None:
    while len(line) in below:
        left, text = below.pop(len(line))
        if left > 1:
            below[len(line)] = (left - 1, text)
        line.append(text)


def _span(cell: Any, name: str) -> int:
    value = cell.get(name) or "1"
    return max(1, min(50, int(value))) if value.isdigit() else 1


def _cell_parts(cell: Any) -> list[str]:
    inner = list(cell.iter("p", "li"))
    return [part.text_content() for part in inner] if inner else [cell.text_content()]
