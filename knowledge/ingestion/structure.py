"""From lines to blocks: titles, list items and whole paragraphs, by rules that hold for any French document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from knowledge.documents import Block
from knowledge.ingestion.cleaning import clean, normalise
from knowledge.ingestion.denoise import zipf

ChunkKind = Literal["text", "title", "item"]

BULLET = re.compile(r"^(?:[•●▪■◦‣⁃∙○·➢➤►▶▸❖✓✔☑➔→|\ue000-\uf8ff\ufffd]|[j](?=\s+[A-ZÀ-Ý]))\s*(?=\S)")
DASH = re.compile(r"^[-–—*]\s+(?=\S)")
NUMBERED = re.compile(r"^(?:\d{1,2}[.)]|[a-z]\))\s+(?=\S)")
FINAL = re.compile(r"[.!?…:;»”)]\s*$")
SENTENCE_END = re.compile(r"[.!?…][»”)]?\s*$")
LOWER_START = re.compile(r"^[a-zà-ÿœæ(«,;]")
_FUNCTION_WORDS = (
    "à au aux avec ce ces cette chez comme contre d dans de des du elle en entre et il la le les leur leurs lorsque"
    " mais même ni notre nos on ou où par pas pour qu que quelle quelles qui sa sans se ses si son sous sur tout"
    " toute un une vers vos votre est sont l"
)
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())
WRAPPED_WIDTH = 160
"""Over this many characters, lines are paragraphs (a web page's text), not the printed lines of a column."""


@dataclass(frozen=True)
class Line:
    """A line as read: `heading` is the level its layout gives it (0: none), `blanks` the empty lines before it."""

    raw: str
    page: int | None = None
    blanks: int = 0
    heading: int = 0

    @property
    def text(self) -> str:
        return normalise(self.raw).strip()

    @property
    def indented(self) -> bool:
        return self.raw[:1] in {" ", "\u00a0", "\t"}


@dataclass(frozen=True)
class Chunk:
    """Lines that belong together, with what is known of them."""

    lines: tuple[str, ...]
    kind: ChunkKind = "text"
    raw: tuple[str, ...] = ()
    page: int | None = None
    level: int = 0
    blanks: int = 0
    text: str = field(default="")


def lines_of(text: str, page: int | None = None) -> list[Line]:
    """The non-empty lines of `text`, a form feed counting as three empty ones."""
    lines: list[Line] = []
    blanks = 0
    for raw in normalise_ends(text).split("\n"):
        if not raw.strip():
            blanks += 1
            continue
        lines.append(Line(raw, page=page, blanks=blanks))
        blanks = 0
    return lines


def normalise_ends(text: str) -> str:
    """`text` with one kind of line end and form feeds as empty lines."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n\n\n")


def build_blocks(lines: Sequence[Line], recognised: bool = False) -> list[Block]:
    """The blocks of a document read as lines. `recognised` when the lines come from an image."""
    wrapped = _are_wrapped(lines)
    chunks = [_cleaned(chunk, recognised) for chunk in split_chunks(_without_numbers(lines), wrapped)]
    chunks = [chunk for chunk in chunks if chunk.text]
    chunks = drop_running_titles(mark_labels(join_cut_sentences(chunks)))
    return [_block(chunk) for chunk in chunks]


def _are_wrapped(lines: Sequence[Line]) -> bool:
    longest = sorted((len(line.raw) for line in lines), reverse=True)[: max(1, len(lines) // 20)]
    return not longest or longest[-1] <= WRAPPED_WIDTH


def _without_numbers(lines: Iterable[Line]) -> list[Line]:
    """The lines but lone page numbers; what follows one counts as set apart."""
    kept: list[Line] = []
    blanks = 0
    for line in lines:
        if re.fullmatch(r"(?:[-–—]\s*)?\d{1,4}(?:\s*[-–—])?|[Pp]age \d+(?: ?(?:/|sur) ?\d+)?|\d+ ?/ ?\d+", line.text):
            blanks += line.blanks + 1
            continue
        kept.append(replace(line, blanks=line.blanks + blanks))
        blanks = 0
    return kept


def is_capitals(text: str) -> bool:
    """Whether `text` is set in capitals and says something: an acronym alone is no title."""
    letters = [character for character in text if character.isalpha()]
    if len(letters) < 4 or text.endswith((".", ",", ";")) or len(text) > 160:
        return False
    if sum(character.isupper() for character in letters) < 0.9 * len(letters):
        return False
    words = re.findall(r"[^\W\d_]{3,}", text)
    spaced = len(words) < len(text.split()) / 2
    return spaced or len(words) > 1 or any(len(word) > 5 or zipf(word) >= 3.5 for word in words if len(word) > 3)


def split_chunks(lines: Sequence[Line], wrapped: bool = True) -> list[Chunk]:
    """Lines grouped: a chunk ends at a blank line, a bullet, an indented start, a title in capitals."""
    chunks: list[Chunk] = []
    group: list[Line] = []

    def flush() -> None:
        if group:
            chunks.append(_chunk(group))
            group.clear()

    for line in lines:
        if group and _starts_chunk(group, line, wrapped):
            flush()
        group.append(line)
    flush()
    return chunks


def _starts_chunk(group: list[Line], line: Line, wrapped: bool) -> bool:
    previous, text = group[-1], line.text
    if line.blanks or line.heading != previous.heading or BULLET.match(text):
        return True
    ended = bool(FINAL.search(previous.text))
    if (DASH.match(text) or NUMBERED.match(text)) and (ended or _is_item(group[0].text)):
        return True
    if is_capitals(text) != is_capitals(previous.text) and not (ends_open(previous.text) and LOWER_START.match(text)):
        return True
    if line.indented and not LOWER_START.match(text) and not ends_open(previous.text):
        return True
    if not wrapped:
        return not LOWER_START.match(text)
    return _is_deliberate_break(group, line)


def _is_deliberate_break(group: list[Line], line: Line) -> bool:
    """Whether the line above stops although the first word of `line` had room: two things, not one wrapped text."""
    previous = group[-1]
    if LOWER_START.match(line.text) or ends_open(previous.text) or is_capitals(line.text):
        return False
    width = max(len(item.text) for item in [*group, line])
    room = width - len(previous.text) - 1 - len(line.text.split(maxsplit=1)[0])
    return room > max(6, width // 5)


def ends_open(text: str) -> bool:
    """Whether `text` cannot be the end of a sentence: it stops on a comma, a hyphen or a word that wants another."""
    if text.endswith((",", "-", "/", "(", "’", "«")):
        return True
    last = re.split(r"[\s’]", text)[-1].lower() if text else ""
    return last in FUNCTION_WORDS


def _is_item(text: str) -> bool:
    return bool(BULLET.match(text) or DASH.match(text) or NUMBERED.match(text))


def _chunk(group: list[Line]) -> Chunk:
    texts = [line.text for line in group]
    heading = group[0].heading
    kind: ChunkKind = "text"
    if heading:
        kind = "title"
    elif _is_item(texts[0]):
        kind = "item"
        # A number says an order: it stays. A glyph says nothing.
        texts[0] = DASH.sub("", BULLET.sub("", texts[0], count=1), count=1)
    elif all(is_capitals(text) for text in texts) or is_capitals(" ".join(texts)):
        kind = "title"
    # Trailing spaces stay: double spaces between letter-spaced words are told apart by them.
    return Chunk(
        lines=tuple(texts), kind=kind, raw=tuple(line.raw for line in group), page=group[0].page,
        level=heading or (2 if kind == "title" else 0), blanks=group[0].blanks,
    )


def _cleaned(chunk: Chunk, recognised: bool) -> Chunk:
    text = clean("\n".join(chunk.lines), recognised)
    return replace(chunk, text=text.strip() if any(c.isalnum() for c in text) else "")


def join_cut_sentences(chunks: Sequence[Chunk]) -> list[Chunk]:
    """The chunks with sentences cut by a blank line made whole: no final stop above, a lower case below."""
    joined: list[Chunk] = []
    for chunk in chunks:
        if joined and _continues(joined[-1], chunk):
            joined[-1] = _joined(joined[-1], chunk)
        else:
            joined.append(chunk)
    return joined


def _continues(above: Chunk, below: Chunk) -> bool:
    if below.kind == "item" or (above.kind == "title") != (below.kind == "title"):
        return False
    if above.kind == "title":
        first = re.split(r"[\s’]", below.text)[0].lower()
        return above.level == below.level and (ends_open(above.text) or first in FUNCTION_WORDS)
    if SENTENCE_END.search(above.text) or above.text.endswith((":", ";")):
        return False
    return bool(LOWER_START.match(below.text)) or (ends_open(above.text) and not above.text.endswith(","))


def _joined(above: Chunk, below: Chunk) -> Chunk:
    lines = (*above.lines, *below.lines)
    return replace(above, lines=lines, raw=(*above.raw, "", *below.raw), text=clean(f"{above.text}\n{below.text}"))


def mark_labels(chunks: Sequence[Chunk]) -> list[Chunk]:
    """The chunks with short labels standing before a paragraph or a list made titles."""
    marked = list(chunks)
    for index, chunk in enumerate(marked[:-1]):
        below = marked[index + 1]
        if chunk.kind != "title" and _is_label(chunk, below, marked[index - 1] if index else None):
            marked[index] = replace(chunk, kind="title", level=3, text=chunk.text.rstrip(" :"))
    return marked


def _is_label(chunk: Chunk, below: Chunk, above: Chunk | None) -> bool:
    text = chunk.text
    words = text.split()
    if len(words) > 7 or len(text) > 60 or re.search(r"[.!…;,@]|\d{2}", text) or LOWER_START.match(text):
        return False
    if text.endswith(":"):
        return below.kind != "title" and len(words) <= 4
    if below.kind == "item" and chunk.kind == "text":
        return below.blanks <= 1
    followed = below.kind == "text" and len(below.text) >= 60 and not LOWER_START.match(below.text)
    after_end = above is None or above.kind == "title" or bool(FINAL.search(above.text))
    return followed and after_end


def drop_running_titles(chunks: Sequence[Chunk]) -> list[Chunk]:
    """The chunks without the repetitions of a title printed on several pages: its first occurrence stays."""
    seen: set[str] = set()
    kept: list[Chunk] = []
    for chunk in chunks:
        if chunk.kind == "title" and chunk.level < 3:
            key = title_key(chunk.text)
            if key in seen:
                continue
            seen.add(key)
        kept.append(chunk)
    return kept


def title_key(text: str) -> str:
    """What two printings of one title share: their letters."""
    return "".join(character for character in text.casefold() if character.isalpha())


def _block(chunk: Chunk) -> Block:
    text = re.sub(r"(?<=[A-ZÀ-Ý])\d{1,2}$", "", chunk.text) if chunk.kind == "title" else chunk.text
    kind = "paragraph" if chunk.kind == "text" else chunk.kind
    return Block(kind=kind, text=text, original="\n".join(chunk.raw), level=chunk.level, page=chunk.page)
