"""Tables that extraction laid flat, one cell after another, put back in rows where the text itself shows how.

Four kinds of evidence are used: as many cells as columns; row labels that the document enumerates elsewhere, in the
same order; cells that begin with the name of their column; cells that all begin alike, under as many others. Where
the cells of a row cannot be told apart by column, they stay together, in the order of the document, under a name that
says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.ingestion.cleaning import clean
from knowledge.ingestion.denoise import zipf
from knowledge.ingestion.lines import FINAL, FUNCTION_WORDS, LOWER_START, SENTENCE_END, Chunk, ends_open, has_no_lower
from knowledge.ingestion.tables import column_name

FEWEST_COLUMNS = 3
LONGEST_TABLE = 80
"""Chunks looked at after a header."""
LONGEST_CELL = 160
CAPTION = re.compile(r"^(?:Sources?|Élaboration|Elaboration|Note|NB|Légende)\b.{8,}[.:]")
CAPITAL_START = re.compile(r"(?<=[A-Za-zÀ-ÿ)]) (?=[A-ZÀ-Ý][a-zà-ÿ]{2,})")
IN_ORDER = "dans l’ordre du document"


@dataclass(frozen=True)
class _Cell:
    """A piece of text of a table, the file's lines it comes from, and how many chunks it took from the start."""

    text: str
    raw: tuple[str, ...]
    end: int = 0


def reconstruct_tables(chunks: Sequence[Chunk], texts: Sequence[str]) -> list[Chunk]:
    """The chunks with those of a flat table replaced by its rows; `texts` are the paragraphs of the document."""
    result: list[Chunk] = []
    index = 0
    enumerations: list[list[str]] | None = None
    while index < len(chunks):
        found: tuple[list[Chunk], int] | None = None
        if _may_head_capitals(chunks[index]):
            enumerations = _enumerations(texts) if enumerations is None else enumerations
            found = _under_capitals(chunks, index, enumerations)
        elif _may_head_names(chunks[index]):
            found = _echoing(chunks, index) or _columns_of_names(chunks, index) or _parallel(chunks, index)
        if found:
            result.extend(found[0])
            index = found[1]
        else:
            result.append(chunks[index])
            index += 1
    return result


def _body(chunks: Sequence[Chunk], start: int) -> int:
    """The index after the cells that begin at `start`: up to a title, a caption, a new page or running text."""
    end = start
    while end < len(chunks) and end - start < LONGEST_TABLE:
        chunk = chunks[end]
        if chunk.kind != "text" or (end > start and chunk.new_page) or CAPTION.match(chunk.text):
            break
        if len(chunk.text) > LONGEST_CELL or (len(chunk.text) > 80 and SENTENCE_END.search(chunk.text)):
            break
        end += 1
    return end


def _cells(chunks: Sequence[Chunk]) -> list[_Cell]:
    """The cells: chunks, those that go on from the one above joined to it."""
    cells: list[_Cell] = []
    for end, chunk in enumerate(chunks, 1):
        above = cells[-1].text if cells else ""
        goes_on = LOWER_START.match(chunk.text) or (ends_open(above) and not above.endswith(","))
        if cells and goes_on and not SENTENCE_END.search(above):
            cells[-1] = _Cell(clean(f"{above}\n{chunk.text}"), (*cells[-1].raw, "", *chunk.raw), end)
        else:
            cells.append(_Cell(chunk.text, chunk.raw, end))
    return cells


def _row(header: Chunk, cells: Sequence[tuple[str, str]], raw: Sequence[str], labelled: bool = True) -> Chunk:
    kept = tuple((name, value) for name, value in cells if value)
    return Chunk(
        lines=(), text=" ".join(value for _, value in kept), kind="row", raw=tuple(raw), page=header.page, blanks=1,
        cells=kept, labelled=labelled,
    )  # fmt: skip


# Headers in capitals: « UNITÉ VALEUR DE RÉFÉRENCE VALEUR CIBLE »


def _may_head_capitals(chunk: Chunk) -> bool:
    return chunk.kind == "title" and chunk.level == 2 and len(_header_words(chunk)) >= FEWEST_COLUMNS


def _header_words(chunk: Chunk) -> list[str]:
    """The columns a header in capitals names at most: words, those that a preposition or a line end binds as one.

    Empty when it has an article or a mark of punctuation: it is a title.
    """
    columns: list[str] = []
    binds = False
    for line in chunk.lines:
        for word in clean(line).split():
            if not word.isalpha() or (word.lower() in FUNCTION_WORDS and word.lower() not in {"de", "du", "d"}):
                return []
            is_link = word.lower() in FUNCTION_WORDS
            if columns and (binds or is_link):
                columns[-1] += f" {word}"
            else:
                columns.append(word)
            binds = is_link
        binds = True  # a name that goes on under the line end is one name
    return columns


def _under_capitals(
    chunks: Sequence[Chunk], index: int, enumerations: Sequence[list[str]]
) -> tuple[list[Chunk], int] | None:
    header = chunks[index]
    end = _body(chunks, index + 1)
    columns = _header_words(header)
    body = chunks[index + 1 : end]
    if len(body) >= FEWEST_COLUMNS and len(body) <= len(columns):
        named = _merged(columns, len(body), " ".join(chunk.text.lower() for chunk in chunks if chunk is not header))
        if named:
            raw = [line for chunk in chunks[index:end] for line in chunk.raw]
            row = [(column_name(name), chunk.text) for name, chunk in zip(named, body, strict=True)]
            return [_row(header, row, raw, labelled=False)], end
    rows = _labelled_rows(header, [column_name(name) for name in columns], body, enumerations)
    return (rows, end) if rows else None


def _merged(columns: Sequence[str], count: int, text: str) -> list[str]:
    """The columns with neighbours merged until `count` remain, those the text names together (« la valeur cible »)."""
    merged = list(columns)
    while len(merged) > count:
        for place in range(len(merged) - 1):
            together = f"{merged[place]} {merged[place + 1]}"
            if re.search(rf"(?:\b(?:la|le|les|une?|des) |[ld]’){re.escape(together.lower())}\b", text):
                merged[place : place + 2] = [together]
                break
        else:
            return []
    return merged


def _enumerations(texts: Sequence[str]) -> list[list[str]]:
    """The lists of short terms found in one sentence: « direction générale des services (DGS), cabinet, élus »."""
    found: list[list[str]] = []
    for paragraph in texts:
        if not 20 <= len(paragraph) <= 600 or paragraph.count(",") < 2:
            continue
        text = re.sub(r"\([^)]*\)", "", paragraph).lower()
        terms = [term.strip(" .") for term in re.split(r"[,;:]| et ", text)]
        short = [term for term in terms if term and len(term.split()) <= 6]
        if len(short) >= FEWEST_COLUMNS:
            found.append(short)
    return found


def _labelled_rows(
    header: Chunk, columns: Sequence[str], body: Sequence[Chunk], enumerations: Sequence[list[str]]
) -> list[Chunk]:
    """The rows whose labels an enumeration of the document gives in the same order; none when no list fits."""
    cells = _cells(body)
    for terms in enumerations:
        starts = _label_places(cells, terms)
        if len(starts) < FEWEST_COLUMNS or starts[0][0] != 0:
            continue
        rows: list[Chunk] = []
        bounds = [*(place for place, _, _ in starts[1:]), len(cells)]
        for (place, label, used), stop in zip(starts, bounds, strict=True):
            label, values = _label_and_values(label, cells[place : place + used], cells[place + used : stop])
            raw = [line for cell in cells[place:stop] for line in (*cell.raw, "")][:-1]
            rows.append(_row(header, [(columns[0], label), *_attributed(columns[1:], values)], raw))
        return rows
    return []


def _label_places(cells: Sequence[_Cell], terms: Sequence[str]) -> list[tuple[int, str, int]]:
    """Where each term begins a cell, in order: (place, label as printed, cells it takes)."""
    places: list[tuple[int, str, int]] = []
    start = 0
    for term in terms:
        for place in range(start, len(cells)):
            for used in (1, 2):
                text = " ".join(cell.text for cell in cells[place : place + used])
                whole = len(term) > (used - 1) * len(cells[place].text)
                if whole and re.match(rf"{re.escape(term)}(?!\w)", text.lower()):
                    places.append((place, text[: len(term)], used))
                    start = place + used
                    break
            else:
                continue
            break
    return places


def _label_and_values(label: str, own: Sequence[_Cell], rest: Sequence[_Cell]) -> tuple[str, list[str]]:
    """A row's label with its parenthesis, and the texts of its cells."""
    left = " ".join(cell.text for cell in own)[len(label) :].strip()
    values = [cell.text for cell in rest]
    if left.startswith("("):
        label, left = f"{label} {left}", ""
    elif not left and values and values[0].startswith("("):
        label = f"{label} {values.pop(0)}"
    return label, [left, *values] if left else values


def _attributed(columns: Sequence[str], values: Sequence[str]) -> list[tuple[str, str]]:
    """The values under their columns when there is one for each, else together under all the columns' names."""
    if len(values) == len(columns):
        return list(zip(columns, values, strict=True))
    names = ", puis ".join([columns[0], *(name.lower() for name in columns[1:])])
    return [(f"{names} ({IN_ORDER})", " ; ".join(value.rstrip(" .;") for value in values))]


# Headers of names: « Logique de la stratégie / Indicateurs mesurables / Sources de vérification »


def _may_head_names(chunk: Chunk) -> bool:
    text = chunk.text
    if chunk.kind != "text" or len(text) > 90 or FINAL.search(text) or not text[0].isupper() or has_no_lower(text):
        return False
    return len(text.split()) >= 2


def _split_names(text: str) -> list[str]:
    """The names run together in `text`, each beginning with a capital and a common word."""
    pieces = _pieces(text)
    common = all(zipf(re.split(r"\W", piece)[0]) >= 3.0 for piece in pieces)
    return pieces if common else [text]


def _pieces(text: str) -> list[str]:
    """`text` cut before its capitals, unless the word above wants the next one (« Maires de France »)."""
    pieces: list[str] = []
    for piece in CAPITAL_START.split(text):
        if pieces and ends_open(pieces[-1]):
            pieces[-1] += f" {piece}"
        else:
            pieces.append(piece)
    return pieces


def _echoing(chunks: Sequence[Chunk], index: int) -> tuple[list[Chunk], int] | None:
    """The rows of a table whose cells begin with the name of their column (a logical framework)."""
    end = _body(chunks, index)
    cells = _cells(chunks[index:end])
    for count in range(1, min(5, len(cells))):
        columns = [name for cell in cells[:count] for name in _split_names(cell.text)]
        distinct = len({_first_word(name) for name in columns}) == len(columns)
        if distinct and len(columns) >= FEWEST_COLUMNS and _echoes(columns, cells[count:]) >= 4:
            rows = _echo_rows(chunks[index], columns, cells[count:])
            if rows:
                return rows, end
    return None


def _first_word(text: str) -> str:
    match = re.match(r"[^\W_]+", text)
    return match[0].lower() if match else ""


def _echoes(columns: Sequence[str], cells: Sequence[_Cell]) -> int:
    """How often the later columns' first words begin a cell or a name inside it; 0 when the second's hardly do."""
    counts = [0] * len(columns)
    for cell in cells:
        for name in _pieces(cell.text):
            for place, column in enumerate(columns[1:], 1):
                counts[place] += _first_word(name) == _first_word(column) and name != column
    return sum(counts) if counts[1] >= 2 else 0


def _echo_rows(header: Chunk, columns: Sequence[str], cells: Sequence[_Cell]) -> list[Chunk]:
    words = [_first_word(column) for column in columns]
    pieces: list[_Cell] = []
    for cell in cells:
        names = _pieces(cell.text)
        known = [name for name in names[1:] if _first_word(name) in words[1:]]
        all_names = len(names) > 1 and all(len(name.split()) == 1 for name in names)
        parts = names if known or all_names else [cell.text]
        pieces.extend(_Cell(part, cell.raw) for part in parts)
    starts = [
        place - 1 for place in range(1, len(pieces))
        if _first_word(pieces[place].text) == words[1] and _first_word(pieces[place - 1].text) not in words[1:]
    ]  # fmt: skip
    if not starts or starts[0] != 0:
        return []
    tail = next((p for p in range(starts[-1] + 2, len(pieces)) if _is_run_of_names(pieces, p)), None)
    starts.extend([tail] if tail is not None else [])
    rows: list[Chunk] = []
    for start, stop in zip(starts, [*starts[1:], len(pieces)], strict=True):
        values = [piece.text for piece in pieces[start + 1 : stop]]
        row = _placed(columns, words, values, echoes=start != tail)
        raw = list(dict.fromkeys(line for piece in pieces[start:stop] for line in piece.raw))
        rows.append(_row(header, [(columns[0], pieces[start].text), *row], raw))
    return rows


def _is_run_of_names(pieces: Sequence[_Cell], place: int) -> bool:
    """Whether the cells from `place` on are one printed line of single names: a last row without echoes."""
    rest = pieces[place:]
    return len(rest) >= 2 and all(" " not in piece.text and piece.raw == rest[0].raw for piece in rest)


def _placed(columns: Sequence[str], words: Sequence[str], values: Sequence[str], echoes: bool) -> list[tuple[str, str]]:
    """The values under the columns they echo, the others under the next free one."""
    if len(values) > len(columns) - 1:
        return _attributed(columns[1:], values)
    placed: list[tuple[str, str]] = []
    free = 1
    for value in values:
        place = words.index(_first_word(value), 1) if echoes and _first_word(value) in words[1:] else free
        placed.append((columns[place], value))
        free = min(place + 1, len(columns) - 1)
    return placed


def _columns_of_names(chunks: Sequence[Chunk], index: int) -> tuple[list[Chunk], int] | None:
    """A list of names in columns, read one column after the other: its header leads to the names, in order."""
    header = chunks[index]
    columns = _split_names(header.text)
    if len(columns) < FEWEST_COLUMNS or any(" " not in name for name in columns):
        return None
    end = _body(chunks, index + 1)
    if end - index < 7 or any(FINAL.search(c.text) and not c.text.endswith(")") for c in chunks[index + 1 : end]):
        return None
    names = ", ".join([columns[0], *(name[0].lower() + name[1:] for name in columns[1:])])
    lead_in = Chunk(
        lines=header.lines, text=f"{names} ({IN_ORDER}) :", raw=header.raw, page=header.page, blanks=header.blanks,
        new_page=header.new_page,
    )  # fmt: skip
    return [lead_in, *chunks[index + 1 : end]], end


def _parallel(chunks: Sequence[Chunk], index: int) -> tuple[list[Chunk], int] | None:
    """The pairs of a table of two rows whose second row's cells begin alike, the rows' names coming last.

    The name printed right after the second row is its own; the other is the first row's.
    """
    header = chunks[index]
    if not index or not chunks[index - 1].text.endswith(":"):
        return None
    cells = _cells(chunks[index : _body(chunks, index)])
    pieces = [_Cell(name, cell.raw, cell.end) for cell in cells for name in _pieces(cell.text)]
    words = [_first_word(piece.text) for piece in pieces]
    count = next((n for n in range(FEWEST_COLUMNS, len(words) // 2) if _alike(words, n)), 0)
    names = pieces[2 * count : 2 * count + 2]
    if not count or len(names) < 2 or chunks[index + names[0].end - 1].blanks:
        return None
    end = index + names[1].end
    own, other = names[0].text, names[1].text
    rows = []
    for above, below in zip(pieces[:count], pieces[count : 2 * count], strict=True):
        raw = list(dict.fromkeys((*above.raw, *below.raw)))
        rows.append(_row(header, [(own, below.text), (other, above.text)], raw, labelled=False))
    return rows, end


def _alike(words: Sequence[str], count: int) -> bool:
    second = words[count : 2 * count]
    return len(set(second)) == 1 and len(set(words[: count + 1])) == count + 1 and words[2 * count] != second[0]
