"""Lines of a flat text, and the chunks they form: what is printed together and belongs together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from knowledge.ingestion.cleaning import normalise
from knowledge.ingestion.denoise import mend, zipf

ChunkKind = Literal["text", "title", "item", "row"]

BULLET = re.compile(
    r"^(?:[•●▪■◦‣⁃∙○·➢➤►▶▸❖✓✔☑➔→|\ue000-\uf8ff\ufffd]|j(?=\s+[A-ZÀ-Ý])|[o.](?=\s+[A-ZÀ-Ýa-z]{3}))\s*(?=\S)"
)
DASH = re.compile(r"^[-–—*]\s+(?=\S)")
NUMBERED = re.compile(r"^(?:\d{1,2}[.)]|[a-z]\))\s+(?=\S)")
FINAL = re.compile(r"[.!?…:;»”)]$")
SENTENCE_END = re.compile(r"[.!?…][»”)]?$")
LOWER_START = re.compile(r"^(?:[a-zà-ÿœæ«,;:?!]|\((?![^)]{1,3}\)\w))")
DETERMINER = re.compile(r"^(?:(?:Les?|La|Une?|Des|Du|Par|Pour|Avec|Comment|Quel(?:le)?s?)(?=\s)|L’)")
GLUED = re.compile(r"(?<=[a-zà-ÿ])(?=(?:[LD][’'])?[A-ZÀ-Ýa-zà-ÿ][a-zà-ÿ]{3,})(?=[A-ZÀ-Ý])")
PAGE_NUMBER = re.compile(r"(?:[-–—]\s*)?\d{1,4}(?:\s*[-–—])?|[Pp]age \d+(?: ?(?:/|sur) ?\d+)?|\d+ ?/ ?\d+")
_FUNCTION_WORDS = (
    "à au aux avec ce ces cette chez comme contre d dans de des du elle en entre et il la le les leur leurs lorsque"
    " mais même ni notre nos on ou où par pas pour qu que quelle quelles qui sa sans se ses si son sous sur tout"
    " toute un une vers vos votre est sont l"
)
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())
WRAPPED_WIDTH = 160
"""Over this many characters, lines are paragraphs (a web page's text), not the printed lines of a column."""
PAGE_GAP = 3
"""Empty lines in a row that mean a new page."""
FEWEST_PRINTINGS = 3
LONGEST_RUNNING = 100


@dataclass(frozen=True)
class Line:
    """A line as read: `blanks` counts the empty lines before it, `heading` is the level its layout gives (0: none)."""

    raw: str
    page: int | None = None
    blanks: int = 0
    heading: int = 0
    new_page: bool = False

    @cached_property
    def text(self) -> str:
        return normalise(self.raw).strip()

    @property
    def indented(self) -> bool:
        return self.raw[:1] in {" ", "\u00a0", "\t"}


@dataclass(frozen=True)
class Chunk:
    """Lines that belong together: `text` is their cleaned text, `lines` what it was made from, `raw` as in the file."""

    lines: tuple[str, ...]
    text: str = ""
    kind: ChunkKind = "text"
    raw: tuple[str, ...] = ()
    page: int | None = None
    level: int = 0
    blanks: int = 0
    new_page: bool = False
    cells: tuple[tuple[str, str], ...] = ()
    labelled: bool = True

    @property
    def original(self) -> str:
        return "\n".join(self.raw)


def lines_of(text: str, page: int | None = None, new_page: bool = False) -> list[Line]:
    """The non-empty lines of `text`; a form feed begins a page, and the text itself does if `new_page`."""
    lines: list[Line] = []
    blanks = PAGE_GAP if new_page else 0
    for raw in text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n" * (PAGE_GAP + 1)).split("\n"):
        if not raw.strip():
            # A line of spaces is a blank of the layout; only truly empty ones add up to a page break.
            blanks = blanks + 1 if not raw else max(blanks, min(blanks + 1, PAGE_GAP - 1))
            continue
        for index, piece in enumerate(_unglued(raw)):
            lines.append(Line(piece, page, 0 if index else blanks, new_page=not index and blanks >= PAGE_GAP))
        blanks = 0
    return lines


def _unglued(raw: str) -> list[str]:
    """`raw` cut where two boxes of a page were printed without a space between: « soutienL’engagement »."""
    if len(raw) > WRAPPED_WIDTH:
        return [raw]
    for match in GLUED.finditer(raw):
        left = re.split(r"[^\w]", raw[: match.start()])[-1]
        right = re.split(r"[^\w]", re.sub(r"^[LD][’']", "", raw[match.start() :]))[0]
        if len(left) >= 5 and zipf(left) >= 3.5 and zipf(right) >= 3.5 and zipf(left + right) == 0:
            return [raw[: match.start()], raw[match.start() :]]
    return [raw]


def without_page_numbers(lines: Iterable[Line]) -> list[Line]:
    """The lines but lone page numbers; what follows one begins a page when it was set apart."""
    kept: list[Line] = []
    blanks, new_page = 0, False
    for line in lines:
        if PAGE_NUMBER.fullmatch(line.text):
            blanks, new_page = blanks + line.blanks + 1, True
            continue
        kept.append(
            Line(line.raw, line.page, line.blanks + blanks, line.heading, line.new_page or (new_page and bool(kept)))
        )
        blanks, new_page = 0, False
    return kept


def without_running_lines(lines: Sequence[Line]) -> list[Line]:
    """The lines but those printed at the edge of several pages: their first printing stays."""
    places: dict[str, list[int]] = {}
    for index, line in enumerate(lines):
        at_edge = not index or line.new_page or index + 1 == len(lines) or lines[index + 1].new_page
        if at_edge and 4 <= len(line.text) <= LONGEST_RUNNING and not is_capitals(line.text):
            places.setdefault(re.sub(r"\d+|\s+", "", line.text.casefold()), []).append(index)
    dropped = {index for found in places.values() if len(found) >= FEWEST_PRINTINGS for index in found[1:]}
    kept: list[Line] = []
    new_page = False
    for index, line in enumerate(lines):
        if index in dropped:
            new_page = new_page or line.new_page
            continue
        kept.append(replace(line, new_page=line.new_page or new_page, blanks=max(line.blanks, int(new_page))))
        new_page = False
    return kept


def has_no_lower(text: str) -> bool:
    """Whether `text` could be part of a title in capitals: « LA », « 1 % »."""
    return not any(character.islower() for character in text)


def is_capitals(text: str) -> bool:
    """Whether `text` is set in capitals and says something: an acronym alone is no title."""
    if not 4 <= len(text) <= 160 or text.endswith((".", ",", ";")) or text.startswith("("):
        return False
    letters = [character for character in text if character.isalpha()]
    if len(letters) < 4 or sum(character.isupper() for character in letters) < 0.9 * len(letters):
        return False
    return any(zipf(word) >= 2.5 for word in re.findall(r"[^\W\d_]{4,}", mend(text)))


def ends_open(text: str) -> bool:
    """Whether `text` cannot end a sentence: it stops on a comma, a hyphen or a word that wants another."""
    if text.endswith((",", "-", "–", "/", "(", "’", "«")):
        return True
    words = re.findall(r"[^\W_]+", text[-20:])
    return bool(words) and words[-1].lower() in FUNCTION_WORDS and text[-1].isalpha()


def is_item(text: str) -> bool:
    """Whether `text` begins with a bullet, a dash or a number."""
    return bool(BULLET.match(text) or DASH.match(text) or NUMBERED.match(text))


def split_chunks(lines: Sequence[Line]) -> list[Chunk]:
    """Lines grouped: a chunk ends at a blank line, a bullet, an indented start, a title in capitals."""
    long_lines = sorted((len(line.raw) for line in lines), reverse=True)[: max(1, len(lines) // 20)]
    splitter = _Splitter(
        wrapped=not long_lines or long_lines[-1] <= WRAPPED_WIDTH, trailing_space_wraps=_trailing_space_wraps(lines)
    )
    chunks: list[Chunk] = []
    for stanza in _stanzas(lines):
        chunks.extend(splitter.split(stanza))
    return chunks


def _stanzas(lines: Sequence[Line]) -> Iterable[list[Line]]:
    stanza: list[Line] = []
    for line in lines:
        if stanza and (line.blanks or line.new_page):
            yield stanza
            stanza = []
        stanza.append(line)
    if stanza:
        yield stanza


def _trailing_space_wraps(lines: Sequence[Line]) -> bool:
    """Whether the file leaves a space at the end of a line that goes on, and none where text really stops."""
    goes_on = [
        above.raw[-1:].isspace()
        for above, below in zip(lines, lines[1:], strict=False)
        if not below.blanks and below.text[:1].islower()
    ]
    return len(goes_on) >= 20 and sum(goes_on) >= 0.7 * len(goes_on)


@dataclass(frozen=True)
class _Splitter:
    wrapped: bool
    trailing_space_wraps: bool

    def split(self, stanza: list[Line]) -> list[Chunk]:
        width = max(len(line.text) for line in stanza)
        listed = _is_list(stanza)
        groups: list[list[Line]] = []
        for line in stanza:
            if groups and not self._breaks(groups[-1], line, 0 if listed else width):
                groups[-1].append(line)
            else:
                groups.append([line])
        return [_chunk(group) for group in groups]

    def _breaks(self, group: list[Line], line: Line, width: int) -> bool:
        above, text = group[-1], line.text
        if line.heading != above.heading or BULLET.match(text):
            return True
        if (DASH.match(text) or NUMBERED.match(text)) and (FINAL.search(above.text) or is_item(group[0].text)):
            return True
        if DASH.match(text):
            return False  # « migration intégration / - FAMI »
        if is_capitals(above.text) or is_capitals(text):
            return _breaks_capitals(above, line)
        if LOWER_START.match(text) or ends_open(above.text):
            return False
        if line.indented or not self.wrapped:
            return True
        return self._stops(group, line, width)

    def _stops(self, group: list[Line], line: Line, width: int) -> bool:
        """Whether the line above ends something although `line` stands right under it."""
        above = group[-1]
        if above.text.endswith(":") or (len(group) == 1 and " " not in above.text and DETERMINER.match(line.text)):
            return False  # « Tarif : » and « Coercitif » go with what they name
        if not width:
            return True
        if self.trailing_space_wraps and not above.raw[-1:].isspace():
            return True
        if not FINAL.search(above.text) and DETERMINER.match(line.text):
            return True
        room = width - len(above.text) - 1 - len(line.text.split(maxsplit=1)[0])
        return room > max(6, width // 5)


def _is_list(stanza: Sequence[Line]) -> bool:
    """Whether most lines begin with a capital and none ends a sentence: one thing a line, not wrapped prose."""
    if len(stanza) < 3 or any(line.text.endswith((".", ";", ",")) for line in stanza):
        return False
    starts = sum(line.text[0].isupper() for line in stanza)
    return starts >= 3 and starts >= 0.6 * len(stanza)


def _breaks_capitals(above: Line, line: Line) -> bool:
    """Whether a title in capitals begins or ends between two lines."""
    if line.indented or re.search(r"[A-ZÀ-Ý]\d{1,2}$", above.text):
        return True  # a running title, at the foot of its page or with its page number
    return not (has_no_lower(line.text) and has_no_lower(above.text))


def _chunk(group: list[Line]) -> Chunk:
    first = group[0]
    texts = [line.text for line in group]
    kind: ChunkKind = "text"
    if first.heading:
        kind = "title"
    elif is_item(texts[0]):
        kind = "item"
        # A number gives an order: it stays. A glyph says nothing.
        texts[0] = DASH.sub("", BULLET.sub("", texts[0], count=1), count=1)
    elif is_capitals(" ".join(texts)):
        kind = "title"
    elif len(texts) > 1 and " " not in texts[0] and DETERMINER.match(texts[1]) and texts[0].isalpha():
        kind = "item"
        texts[0] += " :"
    return Chunk(
        lines=tuple(texts), kind=kind, raw=tuple(line.raw for line in group), page=first.page,
        level=first.heading or (2 if kind == "title" else 0), blanks=first.blanks,
        new_page=first.new_page or (not first.blanks and first.raw.startswith("  ") and not first.heading),
    )  # fmt: skip
