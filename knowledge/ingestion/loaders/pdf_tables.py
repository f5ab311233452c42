"""Tables drawn with rules on a PDF page. pdfplumber reads them well but slowly: only pages with rules go to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pdfplumber
import pypdfium2
import pypdfium2.raw as pdfium
from pdfminer.psexceptions import PSException
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from knowledge.ingestion.cleaning import clean
from knowledge.ingestion.loaders.pdf_layout import PrintedLine

FEWEST_RULES = 3
LONGEST_SEARCH = 4000
"""Drawn objects looked at on one page: a map has hundreds of thousands."""


@dataclass(frozen=True)
class RuledTable:
    """The rows of a table and the part of the page it covers, in points from the bottom left corner."""

    rows: tuple[tuple[str, ...], ...]
    left: float
    right: float
    bottom: float
    top: float

    def divide(self, page: Sequence[PrintedLine]) -> tuple[list[PrintedLine], list[PrintedLine]]:
        """The lines read before the table and those read after; the table's own are in neither."""
        inside = [index for index, line in enumerate(page) if self._covers(line)]
        first = inside[0] if inside else len(page)
        own = set(inside)
        return list(page[:first]), [line for index, line in enumerate(page) if index >= first and index not in own]

    def _covers(self, line: PrintedLine) -> bool:
        return self.bottom - 2 <= line.middle <= self.top + 2 and self.left - 2 <= line.left <= self.right + 2


def may_hold_table(page: pypdfium2.PdfPage) -> bool:
    """Whether the page has enough straight rules, or filled cells, to be worth a search."""
    horizontal = vertical = 0
    for index, item in enumerate(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=3)):
        if index > LONGEST_SEARCH:
            break
        left, bottom, right, top = item.get_bounds()
        width, height = right - left, top - bottom
        horizontal += width > 20 and height < 3
        vertical += height > 8 and width < 3
        if width > 20 and height > 8:  # a framed or filled cell
            horizontal += 1
            vertical += 1
        if horizontal >= FEWEST_RULES and vertical >= FEWEST_RULES:
            return True
    return False


def ruled_tables(path: Path, number: int) -> list[RuledTable]:
    """The tables of page `number` with at least two rows and two columns, from the top."""
    try:
        with pdfplumber.open(path, pages=[number]) as pdf:
            page = pdf.pages[0]
            found = [(table.bbox, table.extract()) for table in page.find_tables()]
            height = page.height
    except (PdfminerException, MalformedPDFException, PSException, ValueError, KeyError, TypeError):
        return []  # PDFium forgives files that this reader does not: their tables are read as lines
    tables = []
    for (left, top, right, bottom), rows in sorted(found, key=lambda item: item[0][1]):
        cells = tuple(tuple(clean(cell or "") for cell in row) for row in rows)
        filled = [row for row in cells if sum(bool(cell) for cell in row) >= 2]
        if len(filled) >= 2 and len(filled) >= len(cells) / 2:
            tables.append(RuledTable(cells, left, right, height - bottom, height - top))
    return tables
