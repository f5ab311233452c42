"""PDF: the text PDFium reads (it follows columns), ruled tables, and recognition of pages that are images."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Sequence
from pathlib import Path

import pypdfium2

from knowledge.documents import Block, Document
from knowledge.errors import UnreadableDocument
from knowledge.ingestion.cleaning import normalise
from knowledge.ingestion.lines import Line, lines_of
from knowledge.ingestion.loaders.facts import stated_date, title_from
from knowledge.ingestion.loaders.pdf_layout import PrintedLine, heading_sizes, printed_lines, without_running_lines
from knowledge.ingestion.loaders.pdf_layout import lines as laid_out
from knowledge.ingestion.loaders.pdf_tables import RuledTable, may_hold_table, ruled_tables
from knowledge.ingestion.structure import build_blocks
from knowledge.ingestion.tables import row_blocks

FEWEST_CHARACTERS = 20
"""A page with less text is taken for an image."""
OCR_SCALE = 200 / 72
OCR_TIMEOUT_S = 120


def load_pdf(path: Path) -> Document:
    """The document of a PDF file. Raises UnreadableDocument: encrypted_pdf, corrupt, image_only_pdf."""
    try:
        pdf = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        code = "encrypted_pdf" if "password" in str(error).lower() else "corrupt"
        raise UnreadableDocument(code, path=str(path)) from error
    try:
        return _read(pdf, path)
    except pypdfium2.PdfiumError as error:
        raise UnreadableDocument("corrupt", path=str(path)) from error
    finally:
        pdf.close()


def can_recognise() -> bool:
    """Whether the tools that read images of text are installed."""
    return shutil.which("tesseract") is not None and importlib.util.find_spec("pytesseract") is not None


def _read(pdf: pypdfium2.PdfDocument, path: Path) -> Document:
    pages: list[list[PrintedLine]] = []
    tables: dict[int, list[RuledTable]] = {}
    images: dict[int, str] = {}
    blank: list[int] = []
    for number in range(1, len(pdf) + 1):
        page = pdf[number - 1]
        pages.append(printed_lines(page))
        if sum(len(line.text) for line in pages[-1]) < FEWEST_CHARACTERS:
            blank.append(number)
            if can_recognise():
                images[number] = _recognise(page)
        elif may_hold_table(page):
            tables[number] = ruled_tables(path, number)
        page.close()
    missing = [number for number in blank if len(images.get(number, "")) < FEWEST_CHARACTERS]
    if len(missing) == len(pages):
        raise UnreadableDocument("image_only_pdf", path=str(path), pages=len(pages))
    blocks = _blocks(without_running_lines(pages), tables, images)
    start = "\n".join(line.text for page in pages[:2] for line in page)
    return Document(
        title=title_from(blocks, path.stem, pdf.get_metadata_dict().get("Title", "")),
        blocks=tuple(blocks),
        date=stated_date(normalise(start)),
        warnings=_warnings(missing, [number for number in blank if number not in missing]),
    )


def _blocks(
    pages: Sequence[list[PrintedLine]], tables: dict[int, list[RuledTable]], images: dict[int, str]
) -> list[Block]:
    """The blocks of all pages; a paragraph that crosses a page end is one block, on the page where it starts."""
    sizes = heading_sizes(pages)
    blocks: list[Block] = []
    pending: list[Line] = []

    recognised = False

    def flush() -> None:
        blocks.extend(build_blocks(pending, recognised))
        pending.clear()

    for number, page in enumerate(pages, 1):
        if recognised != (number in images):
            flush()
            recognised = number in images
        if recognised:
            pending.extend(lines_of(images[number], page=number, new_page=True))
            continue
        rest = page
        for table in tables.get(number, []):
            above, rest = table.divide(rest)
            pending.extend(laid_out(above, number, sizes))
            flush()
            blocks.extend(row_blocks(table.rows, page=number))
        pending.extend(laid_out(rest, number, sizes))
    flush()
    return blocks


def _recognise(page: pypdfium2.PdfPage) -> str:
    import pytesseract  # optional: the extra [ocr]

    image = page.render(scale=OCR_SCALE, grayscale=True).to_pil()
    try:
        return str(pytesseract.image_to_string(image, lang="fra", timeout=OCR_TIMEOUT_S))
    except (pytesseract.TesseractError, RuntimeError):
        # French data not installed, or the page took too long: the page is reported as without text.
        return ""


def _warnings(missing: Sequence[int], recognised: Sequence[int]) -> tuple[str, ...]:
    warnings = []
    if recognised:
        warnings.append(
            f"{_pages(recognised)} : texte reconnu sur une image (OCR) ; relisez les passages avant de vous y fier."
        )
    if missing:
        reason = "aucun texte reconnu" if can_recognise() else "image sans reconnaissance de caractères installée"
        warnings.append(f"{_pages(missing)} sans texte ({reason}) : ce qui s’y trouve n’est pas indexé.")
    return tuple(warnings)


def _pages(numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return f"Page {numbers[0]}"
    shown = [str(number) for number in numbers[:20]]
    more = f" et {len(numbers) - 20} autres" if len(numbers) > 20 else f" et {shown.pop()}"
    return f"Pages {', '.join(shown)}{more}"
