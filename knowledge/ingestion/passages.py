"""Passages: slices of a document kept whole by section, list and table, cut into quotable units.

A passage holds what stands under one title, up to `MAX_WORDS`; a longer section is cut between blocks, and the
sentence that introduces a list goes with it into each part. Neighbouring sections of a few words (« Tarif »,
« Lieu », « Contact ») make one passage, each introduced by its title. The embedder loses the end of texts over about
450 tokens, hence the limit.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from knowledge.documents import Block, Document, Passage, Source, Unit
from knowledge.ingestion.sentences import sentence_spans

MAX_WORDS = 150
MAX_LIST_WORDS = 230
MAX_ITEM_WORDS = 45
SHORT_PARAGRAPH_WORDS = 12
SMALL_SECTION_WORDS = 35
MERGED_WORDS = 90
HARD_UNIT_CHARS = 600
_ARTICLE = re.compile(r"\b(?:art(?:icle)?s?\.?\s*)?([LRD])\.?\s?(\d{3,4}(?:-\d+){1,3})")


def build_passages(source: Source, document: Document) -> list[Passage]:
    """The passages of `document`, in reading order; ids depend on the source and the text alone."""
    passages: list[Passage] = []
    for title_path, blocks in _merged(_sections(source.title or document.title, document.blocks)):
        for group in _groups(blocks):
            draft = _Draft()
            for block in group:
                draft.add(block)
            if draft.text.strip():
                passages.append(_passage(source, len(passages), title_path, group, draft))
    return passages


def _sections(title: str, blocks: tuple[Block, ...]) -> Iterator[Section]:
    path: list[tuple[int, str]] = []
    current: list[Block] = []
    for block in blocks:
        if block.kind != "title":
            current.append(block)
            continue
        if current:
            yield _title_path(title, path), current
            current = []
        path = [(level, text) for level, text in path if level < block.level]
        path.append((block.level, block.text))
    if current:
        yield _title_path(title, path), current


Section = tuple[tuple[str, ...], list[Block]]


def _merged(sections: Iterator[Section]) -> Iterator[Section]:
    """`sections`, runs of small neighbours under one parent joined into one, their titles written in front."""
    run: list[Section] = []
    for section in sections:
        if run and not _joins(run, section):
            yield _join(run)
            run = []
        run.append(section)
        if not _is_small(section):
            yield _join(run)
            run = []
    if run:
        yield _join(run)


def _is_small(section: Section) -> bool:
    return _words(section) < SMALL_SECTION_WORDS and all(block.kind != "row" for block in section[1])


def _words(section: Section) -> int:
    return sum(len(block.text.split()) for block in section[1])


def _joins(run: list[Section], section: Section) -> bool:
    same_parent = run[0][0][:-1] == section[0][:-1] and len(section[0]) > 1
    return same_parent and _is_small(section) and sum(map(_words, run)) + _words(section) <= MERGED_WORDS


def _join(run: list[Section]) -> Section:
    if len(run) == 1:
        return run[0]
    blocks = [block for path, own in run for block in _labelled(path[-1], own)]
    return run[0][0][:-1], blocks


def _labelled(title: str, blocks: list[Block]) -> list[Block]:
    """`blocks` with their title in front: on the line of a single paragraph, else on a line of its own."""
    first, *rest = blocks
    if first.kind == "paragraph":
        return [replace(first, text=f"{title} : {first.text}"), *rest]
    return [Block(kind="paragraph", text=f"{title} :"), *blocks]


def _title_path(title: str, path: list[tuple[int, str]]) -> tuple[str, ...]:
    below = [text for _, text in path if text != title]
    return (title, *below)


def _groups(blocks: list[Block]) -> Iterator[list[Block]]:
    """`blocks` cut into runs of at most about MAX_WORDS, a list never parted from the line that introduces it."""
    group: list[Block] = []
    words = 0
    lead: Block | None = None
    for index, block in enumerate(blocks):
        size = len(block.text.split())
        introduces = _introduces_list(blocks, index)
        ahead = size + (len(blocks[index + 1].text.split()) if introduces else 0)
        inside_list = bool(group) and _is_listed(block) and (_is_listed(group[-1]) or group[-1] is lead)
        if group and words + ahead > (MAX_LIST_WORDS if inside_list else MAX_WORDS):
            yield group
            group, words = [], 0
            if block.kind == "item" and lead is not None:
                group, words = [lead], len(lead.text.split())
        group.append(block)
        words += size
        if block.kind == "paragraph":
            lead = block if introduces else None
    if group:
        yield group


def _is_listed(block: Block) -> bool:
    """True for an item, or for a paragraph of a few words such as the cells of a flattened table."""
    return block.kind == "item" or (block.kind == "paragraph" and len(block.text.split()) <= SHORT_PARAGRAPH_WORDS)


def _introduces_list(blocks: list[Block], index: int) -> bool:
    """True for a paragraph that the next block completes: followed by an item, or ending with a colon."""
    if index + 1 >= len(blocks) or blocks[index].kind != "paragraph":
        return False
    return blocks[index + 1].kind == "item" or blocks[index].text.rstrip().endswith(":")


@dataclass
class _Draft:
    text: str = ""
    original: list[str] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    last_kind: str = ""

    def add(self, block: Block) -> None:
        if self.text:
            tight = block.kind in ("item", "row") and self.last_kind in ("item", "row", "paragraph")
            self.text += "\n" if tight else "\n\n"
        if block.kind == "item":
            self.text += "• "
        offset = len(self.text)
        self.text += block.text
        self.original.append(block.original or block.text)
        self.last_kind = block.kind
        for start, end in _unit_spans(block):
            self.units.append(
                Unit(
                    start=offset + start,
                    end=offset + end,
                    kind="sentence" if block.kind == "paragraph" else block.kind,  # type: ignore[arg-type]
                    refs=block.refs,
                    confidence=block.confidence,
                    note=block.note,
                )
            )


def _unit_spans(block: Block) -> list[tuple[int, int]]:
    short_item = block.kind == "item" and len(block.text.split()) <= MAX_ITEM_WORDS
    if block.kind == "row" or short_item:
        return [(0, len(block.text))]
    spans: list[tuple[int, int]] = []
    for start, end in sentence_spans(block.text):
        spans.extend(_hard_cut(block.text, start, end))
    return spans


def _hard_cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A "sentence" without a full stop for hundreds of characters is layout, not prose: cut it at a space."""
    while end - start > HARD_UNIT_CHARS:
        cut = max(text.rfind("; ", start, start + HARD_UNIT_CHARS), text.rfind(" ", start, start + HARD_UNIT_CHARS))
        if cut <= start:
            break
        yield start, cut
        start = cut + 1
    yield start, end


def _passage(source: Source, position: int, title_path: tuple[str, ...], group: list[Block], draft: _Draft) -> Passage:
    original = "\n".join(draft.original)
    digest = hashlib.sha256("\x1f".join((source.id, str(position), *title_path, draft.text)).encode()).hexdigest()
    return Passage(
        id=digest[:20],
        source_id=source.id,
        position=position,
        title_path=title_path,
        locator=_locator(title_path, group),
        text=draft.text,
        original=original if source.kind == "document" and not _same_words(original, draft.text) else "",
        units=tuple(draft.units),
    )


def _locator(title_path: tuple[str, ...], group: list[Block]) -> str:
    parts = []
    pages = [block.page for block in group if block.page is not None]
    if pages:
        parts.append(f"p. {pages[0]}" if pages[0] == pages[-1] else f"p. {pages[0]}-{pages[-1]}")
    article = _ARTICLE.search(title_path[-1])
    if article:
        parts.append(f"art. {article.group(1)}.{article.group(2)}")
    elif len(title_path) > 1:
        parts.append(title_path[-1])
    return ", ".join(parts)


def _same_words(original: str, text: str) -> bool:
    return original.replace("•", " ").split() == text.replace("•", " ").split()
