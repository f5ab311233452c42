"""Tables as rows that read on their own."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.documents import Block


def row_blocks(rows: Sequence[Sequence[str]], original: str = "", page: int | None = None) -> list[Block]:
    """One block a row, the first row naming the columns.

    A single row or column is no table: its cells become paragraphs.
    """
    filled = [list(row) for row in rows if any(cell.strip() for cell in row)]
    width = max((len(row) for row in filled), default=0)
    if len(filled) < 2 or width < 2:
        return [
            Block(kind="paragraph", text=cell, original=original, page=page) for row in filled for cell in row if cell
        ]
    header = filled[0] + [""] * (width - len(filled[0]))
    blocks: list[Block] = []
    for row in filled[1:]:
        cells = tuple((name, cell) for name, cell in zip(header, row, strict=False) if cell)
        blocks.append(row_block(cells, " | ".join(row), page, labelled=bool(row[0])))
    return blocks


def row_block(
    cells: Sequence[tuple[str, str]], original: str = "", page: int | None = None, labelled: bool = True
) -> Block:
    """The block of one row: « Cabinet — Avantages : … Contraintes : … ». `labelled` when its first cell names it."""
    label, rest = (cells[0][1], cells[1:]) if labelled and len(cells) > 1 else ("", cells)
    if label and cells[0][0] and not any(character.isalpha() for character in label):
        label = f"{column_name(cells[0][0])} {label}"  # « Article 1 », not « 1 »
    parts = [f"{column_name(name)} : {value}" if name else value for name, value in rest]
    text = " ".join(part if part.endswith((".", "!", "?", "…")) else f"{part}." for part in parts)
    return Block(
        kind="row", text=f"{label} — {text}" if label else text, original=original, page=page, cells=tuple(cells)
    )


def column_name(name: str) -> str:
    """A column's name as it reads inside a sentence: « AVANTAGES » gives « Avantages »."""
    name = name.strip().rstrip(":").rstrip()
    return name if any(character.islower() for character in name) or len(name) <= 4 else name[:1] + name[1:].lower()


def join_cell(parts: Sequence[str]) -> str:
    """The paragraphs of one cell on one line."""
    text = ""
    for part in filter(None, parts):
        text += part if not text else f" {part}" if text.endswith((".", "!", "?", ":", ";", ",")) else f" ; {part}"
    return text
