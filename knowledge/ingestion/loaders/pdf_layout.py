"""Where the lines of a PDF page stand and how large they are: gaps, titles, running headers and footers."""

from __future__ import annotations

import ctypes
import re
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pypdfium2
import pypdfium2.raw as pdfium

from knowledge.ingestion.lines import Line

REPEATED_SHARE = 0.6
EDGE_LINES = 3
HEADING_RATIO = 1.12
BOLD_WEIGHT = 600
LINE_END_HYPHEN = "\x02"
"""What PDFium writes for a hyphen at the end of a line, instead of the line end."""


@dataclass(frozen=True)
class PrintedLine:
    """A line with its place, in points from the bottom left corner, and the height of its letters."""

    text: str
    left: float
    bottom: float
    top: float
    size: float
    bold: bool

    @property
    def middle(self) -> float:
        return (self.bottom + self.top) / 2


def printed_lines(page: pypdfium2.PdfPage) -> list[PrintedLine]:
    """The lines of a page in reading order."""
    textpage = page.get_textpage()
    try:
        codes = [pdfium.FPDFText_GetUnicode(textpage, index) for index in range(textpage.count_chars())]
        lines: list[PrintedLine] = []
        start = 0
        for index, code in enumerate(codes):
            if code in {0x0A, 0x0D, 0x02}:
                _append(lines, textpage, codes, start, index)
                start = index + 1
        _append(lines, textpage, codes, start, len(codes))
        return lines
    finally:
        textpage.close()


def _append(
    lines: list[PrintedLine], textpage: pypdfium2.PdfTextPage, codes: Sequence[int], start: int, end: int
) -> None:
    text = "".join(chr(code) for code in codes[start:end] if 0 < code < 0x110000)
    inked = [index for index in range(start, end) if not chr(codes[index]).isspace()]
    if not inked:
        return
    if end < len(codes) and codes[end] == ord(LINE_END_HYPHEN):
        text += "-"
    box = pdfium.FS_RECTF()
    pdfium.FPDFText_GetLooseCharBox(textpage, inked[len(inked) // 2], box)
    size = round(abs(box.top - box.bottom), 1)
    bottom, top = box.bottom, box.top
    pdfium.FPDFText_GetLooseCharBox(textpage, inked[0], box)
    lines.append(PrintedLine(text, box.left, bottom, top, size, _is_bold(textpage, inked[0], inked[-1])))


def _is_bold(textpage: pypdfium2.PdfTextPage, *indices: int) -> bool:
    name = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    for index in indices:
        pdfium.FPDFText_GetFontInfo(textpage, index, name, 128, flags)
        heavy = pdfium.FPDFText_GetFontWeight(textpage, index) >= BOLD_WEIGHT
        if not heavy and not re.search(rb"bold|black|heavy", name.value, re.I):
            return False
    return True


def without_running_lines(pages: Sequence[list[PrintedLine]]) -> list[list[PrintedLine]]:
    """The pages without the headers and footers that stand on most of them, digits aside."""
    if len(pages) < 3:
        return [list(page) for page in pages]
    counts = Counter(key for page in pages for key in {_key(line) for line in _edges(page)})
    enough = max(2, REPEATED_SHARE * sum(bool(page) for page in pages))
    running = {key for key, count in counts.items() if count >= enough}
    return [
        [line for line in page if _key(line) not in running or all(line is not edge for edge in _edges(page))]
        for page in pages
    ]


def _edges(page: Sequence[PrintedLine]) -> list[PrintedLine]:
    """The lines at the top and bottom of the sheet: reading order may put a footer first."""
    by_height = sorted(page, key=lambda line: -line.middle)
    return by_height[:EDGE_LINES] + by_height[-EDGE_LINES:]


def _key(line: PrintedLine) -> str:
    return re.sub(r"\d+", "#", re.sub(r"\s+", "", line.text.casefold()))


def heading_sizes(pages: Sequence[Sequence[PrintedLine]]) -> dict[float, int]:
    """The level of each size of letters that is clearly larger than the body's; 0.0 stands for bold body text."""
    weights: Counter[float] = Counter()
    bold = 0
    for page in pages:
        for line in page:
            weights[line.size] += len(line.text)
            bold += len(line.text) * line.bold
    if not weights:
        return {}
    body = weights.most_common(1)[0][0]
    total = sum(weights.values())
    large = [size for size in sorted(weights, reverse=True) if size > body * HEADING_RATIO]
    larger = [size for size in large if weights[size] < total / 4]
    levels: dict[float, int] = {}
    level = 0
    for index, size in enumerate(larger):
        if index == 0 or larger[index - 1] - size > 0.6:
            level = min(level + 1, 4)
        levels[size] = level
    if bold < 0.3 * total:
        levels[0.0] = min(level + 1, 5)
    return levels


def lines(page: Sequence[PrintedLine], number: int, levels: dict[float, int]) -> list[Line]:
    """The lines of page `number` with the empty lines, indents and titles their places show."""
    result: list[Line] = []
    leading = _leading(page)
    for index, line in enumerate(page):
        above = page[index - 1] if index else None
        heading = _heading(line, levels)
        blanks, raw = (1, line.text) if above is None else (0, line.text)
        if above is not None:
            drop = above.middle - line.middle
            if drop < 0 or drop > 1.35 * leading * max(1.0, line.size / _body(page)):
                blanks = 1
            elif 0.6 * line.size < line.left - above.left < 4 * line.size:
                raw = " " + raw.lstrip()
        result.append(Line(raw, page=number, blanks=blanks, heading=heading, new_page=above is None))
    return _without_lone_bold(result, levels)


def _heading(line: PrintedLine, levels: dict[float, int]) -> int:
    if line.size in levels:
        return levels[line.size]
    text = line.text.strip()
    if line.bold and 0.0 in levels and 3 <= len(text) <= 100 and not text.endswith((".", ",", ";", ":")):
        return levels[0.0]
    return 0


def _without_lone_bold(lines_: list[Line], levels: dict[float, int]) -> list[Line]:
    """The lines with bold ones that belong to a paragraph (a lower case follows at once) made plain again."""
    result = list(lines_)
    for index, line in enumerate(lines_[:-1]):
        below = lines_[index + 1]
        lone = line.heading and line.heading == levels.get(0.0) and not below.heading and not below.blanks
        if lone and below.text[:1].islower():
            result[index] = replace(line, heading=0)
    return result


def _leading(page: Sequence[PrintedLine]) -> float:
    drops = [above.middle - line.middle for above, line in zip(page, page[1:], strict=False)]
    usual = [drop for drop in drops if 2 < drop < 60]
    return statistics.median_low(usual) if usual else 14.0


def _body(page: Sequence[PrintedLine]) -> float:
    weights: Counter[float] = Counter()
    for line in page:
        weights[line.size] += len(line.text)
    return weights.most_common(1)[0][0] or 1.0
