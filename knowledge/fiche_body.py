"""The Markdown body of a fiche, read into blocks that know the sources and the reserve of each statement."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from knowledge.documents import Block, BlockKind, Confidence
from knowledge.errors import InvalidContent

_MARKERS = re.compile(r"\s*((?:\[\^\w+\]\s*)+)(\{[^{}]*\})?\s*$")
_RESERVE = re.compile(r"^\{\s*(sûr|à vérifier|note)\s*(?::\s*(.*?))?\s*\}$")
_HEADING = re.compile(r"^(#{2,6})\s+(.+?)\s*$")
_SEPARATOR = re.compile(r"^\|(?:\s*:?-+:?\s*\|)+$")
_CONFIDENCE: dict[str, Confidence | None] = {"sûr": "sur", "à vérifier": "a_verifier", "note": None}


@dataclass(frozen=True)
class CitedBlock:
    """A block and the line of the file that carries its markers."""

    block: Block
    marker_line: int


@dataclass(frozen=True)
class _Chunk:
    """Consecutive lines that make one heading, item, paragraph or table."""

    kind: str
    lines: tuple[tuple[int, str], ...]

    @property
    def line(self) -> int:
        return self.lines[-1][0]

    @property
    def text(self) -> str:
        return " ".join(text.strip() for _, text in self.lines)


def parse_body(lines: list[str], *, file: str, first_line: int) -> list[CitedBlock]:
    """The blocks of a body, in order.

    `first_line` is the line of the file `lines` start on. Raises InvalidContent whose `problem` is "empty_body",
    "bad_reserve", "stray_marker" or "bad_table".
    """
    cited: list[CitedBlock] = []
    for chunk in _group_lines(lines, first_line):
        if chunk.kind == "title":
            match = _HEADING.match(chunk.text)
            if match is None:
                raise _invalid(file, chunk.line, "bad_heading")
            block = Block(kind="title", text=match[2], original=chunk.text, level=len(match[1]))
            cited.append(CitedBlock(block, chunk.line))
        elif chunk.kind == "table":
            cited.extend(_read_table(chunk, file))
        else:
            _read_statement(chunk, file, cited)
    if not any(item.block.kind != "title" for item in cited):
        raise _invalid(file, first_line, "empty_body")
    return cited


def _group_lines(lines: list[str], first_line: int) -> Iterator[_Chunk]:
    pending: list[tuple[int, str]] = []
    kind = ""
    for number, line in enumerate(lines, first_line):
        new_kind = _line_kind(line, kind)
        continues = new_kind == kind and (kind in ("table", "paragraph") or line.startswith("  "))
        if pending and not continues:
            yield _Chunk(kind, tuple(pending))
            pending = []
        kind = new_kind
        if kind:
            pending.append((number, line))
    if pending:
        yield _Chunk(kind, tuple(pending))


def _line_kind(line: str, previous: str) -> str:
    if not line.strip():
        return ""
    if line.startswith("#"):
        return "title"
    if line.startswith("- "):
        return "item"
    if line.startswith("|"):
        return "table"
    # An indented line continues the item above it.
    return "item" if previous == "item" and line.startswith("  ") else "paragraph"


def _read_statement(chunk: _Chunk, file: str, cited: list[CitedBlock]) -> None:
    """Append the statement of `chunk`; a line of markers alone gives its sources to the table above it."""
    kind: BlockKind = "item" if chunk.kind == "item" else "paragraph"
    original = chunk.text
    text = original[2:] if kind == "item" else original
    text, refs, confidence, note = _split_markers(text, file, chunk.line)
    if text:
        block = Block(kind=kind, text=text, original=original, refs=refs, confidence=confidence, note=note)
        cited.append(CitedBlock(block, chunk.line))
        return
    rows = 0
    for index in range(len(cited) - 1, -1, -1):
        block = cited[index].block
        if block.kind != "row" or block.refs:
            break
        cited[index] = CitedBlock(replace(block, refs=refs, confidence=confidence, note=note), chunk.line)
        rows += 1
    if not rows:
        raise _invalid(file, chunk.line, "stray_marker")


def _split_markers(text: str, file: str, line: int) -> tuple[str, tuple[str, ...], Confidence | None, str]:
    match = _MARKERS.search(text)
    statement = text[: match.start()] if match else text
    if "[^" in statement or "{" in statement or "}" in statement:
        raise _invalid(file, line, "bad_reserve" if "[^" not in statement else "stray_marker")
    if match is None:
        return statement.strip(), (), None, ""
    refs = tuple(dict.fromkeys(re.findall(r"\[\^(\w+)\]", match[1])))
    if match[2] is None:
        return statement.strip(), refs, None, ""
    reserve = _RESERVE.match(match[2])
    if reserve is None:
        raise _invalid(file, line, "bad_reserve")
    return statement.strip(), refs, _CONFIDENCE[reserve[1]], reserve[2] or ""


def _read_table(chunk: _Chunk, file: str) -> Iterator[CitedBlock]:
    if len(chunk.lines) < 3 or not _SEPARATOR.match(chunk.lines[1][1].strip()):
        raise _invalid(file, chunk.lines[0][0], "bad_table")
    columns = _split_row(chunk.lines[0][1])
    for number, line in chunk.lines[2:]:
        values = _split_row(line)
        if len(values) != len(columns):
            raise _invalid(file, number, "bad_table")
        cells = tuple(zip(columns, values, strict=True))
        block = Block(kind="row", text=_row_sentence(cells), original=line, cells=cells)
        yield CitedBlock(block, number)


def _split_row(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _row_sentence(cells: tuple[tuple[str, str], ...]) -> str:
    """The row as a sentence that reads alone: « Cabinet — Avantages : … ; Contraintes : …. »"""
    label = cells[0][1]
    rest = "\u202f; ".join(f"{column}\u00a0: {value}" for column, value in cells[1:] if value)
    sentence = f"{label} — {rest}" if rest else label
    return sentence if sentence.endswith((".", "!", "?", "»")) else f"{sentence}."


def _invalid(file: str, line: int, problem: str) -> InvalidContent:
    return InvalidContent("content_invalid", file=file, line=line, field="body", problem=problem)
