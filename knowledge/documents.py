"""The nouns of the knowledge base: a source, the blocks read from it, and the passages answers quote.

Source    a published document, with what is known about who says it and until when it holds
Block     what a loader reads, in order: a title, a paragraph, a list item, a table row
Document  the blocks of one source
Passage   a slice of a source kept whole (section, list, table rows), the unit of retrieval
Unit      a sentence, list item or table row of a passage, the unit of quotation
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["guide", "droit", "appel", "acteur", "document"]
Confidence = Literal["sur", "a_verifier"]
BlockKind = Literal["title", "paragraph", "item", "row"]
UnitKind = Literal["sentence", "item", "row"]


@dataclass(frozen=True)
class Reference:
    """A publication a fact rests on. `id` is the marker used inside its fiche ("s1")."""

    id: str
    title: str
    publisher: str
    date: str = ""
    url: str | None = None
    confidence: Confidence = "sur"


@dataclass(frozen=True)
class Source:
    """A document answers may cite.

    `doc` is what the contracts call so: a file name for a file, the address for a page, `fiche-id.md` for shipped
    content. `checked` is the date of knowledge (ISO). `keywords` are other names people ask for it by. `root` is what
    the user asked to index (file, folder, address), "builtin" for shipped content.
    """

    id: str
    doc: str
    title: str
    kind: Kind = "document"
    publisher: str = ""
    date: str = ""
    url: str | None = None
    valid_from: str = ""
    valid_until: str = ""
    validity: str = ""
    checked: str = ""
    confidence: Confidence | None = None
    references: tuple[Reference, ...] = ()
    keywords: tuple[str, ...] = ()
    root: str = ""
    content_hash: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Block:
    """One piece of a document, in reading order.

    `text` is cleaned; `original` is what stood in the file. A table row keeps its cells as (column, value) pairs,
    and its `text` reads on its own ("Cabinet. Avantages : … Contraintes : …"). `refs` name the references of the
    source that support the block; `confidence` and `note` are the fact's own, when it has them.
    """

    kind: BlockKind
    text: str
    original: str = ""
    level: int = 0
    page: int | None = None
    cells: tuple[tuple[str, str], ...] = ()
    refs: tuple[str, ...] = ()
    confidence: Confidence | None = None
    note: str = ""


@dataclass(frozen=True)
class Document:
    """What a loader returns: the blocks of one file, and what the file says of itself.

    `warnings` are French sentences for the person who indexes ("Page 3 sans texte : …").
    """

    title: str
    blocks: tuple[Block, ...]
    publisher: str = ""
    date: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Unit:
    """A quotable piece of a passage: `passage.text[start:end]` reads on its own."""

    start: int
    end: int
    kind: UnitKind
    refs: tuple[str, ...] = ()
    confidence: Confidence | None = None
    note: str = ""


@dataclass(frozen=True)
class Passage:
    """A slice of a source. `title_path` goes from the document's title down to the section's."""

    id: str
    source_id: str
    position: int
    title_path: tuple[str, ...]
    locator: str
    text: str
    original: str
    units: tuple[Unit, ...] = field(default=())

    def quote(self, unit: Unit) -> str:
        """The exact text of `unit`."""
        return self.text[unit.start : unit.end]
