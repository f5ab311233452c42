"""Titles and lead-ins that extraction put after what they announce, and titles printed on every page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from knowledge.ingestion.lines import SENTENCE_END, Chunk, has_no_lower

FEWEST_STRANDED = 3
"""So many titles at the foot of their page show a layout whose text layer has titles after the text."""

NEAR = 2
"""A lead-in stands so many chunks or fewer after the end of its list."""


def place_titles(chunks: Sequence[Chunk]) -> list[Chunk]:
    """The chunks with each page's title before its text when the file puts titles last, without running titles."""
    pages = list(_pages(chunks))
    counts = Counter(title_key(chunk.text) for chunk in chunks if _is_heading(chunk))
    stranded = sum(_is_stranded(page) for page in pages[:-1])
    if stranded >= FEWEST_STRANDED:
        pages = [_with_title_first(page, counts) for page in pages]
    return _once([chunk for page in pages for chunk in page])


def _is_heading(chunk: Chunk) -> bool:
    return chunk.kind == "title" and chunk.level <= 2


def _pages(chunks: Sequence[Chunk]) -> Iterable[list[Chunk]]:
    page: list[Chunk] = []
    for index, chunk in enumerate(chunks):
        if page and (chunk.new_page or _follows_foot(chunks[index - 1], chunk) or _follows_list(chunks, index)):
            yield page
            page = []
        page.append(chunk)
    if page:
        yield page


def _follows_foot(above: Chunk, chunk: Chunk) -> bool:
    """Whether an indented text right under a title in capitals begins a page, of which the title was no part."""
    return _is_heading(above) and not chunk.blanks and chunk.raw[0][:1].isspace()


def _follows_list(chunks: Sequence[Chunk], index: int) -> bool:
    """Whether an indented sentence follows a list of names without an empty line, as only a page end does."""
    chunk, above = chunks[index], chunks[max(0, index - 2) : index]
    names = len(above) == 2 and all(
        other.kind == "text" and not SENTENCE_END.search(other.text) and other.blanks for other in above
    )
    return names and not chunk.blanks and chunk.raw[0][:1].isspace() and len(chunk.text) > 60


def _is_stranded(page: Sequence[Chunk]) -> bool:
    return len(page) > 1 and _is_heading(page[-1]) and not _is_heading(page[0]) and not _is_heading(page[-2])


def _with_title_first(page: list[Chunk], counts: Counter[str]) -> list[Chunk]:
    """The page under its title; several labels at the foot name boxes, not the text of the next page."""
    places = [index for index, chunk in enumerate(page) if _is_heading(chunk)]
    if not places or len(places) == len(page):
        return page
    foot = len(page)
    while foot and _is_heading(page[foot - 1]):
        foot -= 1
    page = list(page)
    if not _is_heading(page[0]):
        repeated = [index for index in places if counts[title_key(page[index].text)] > 1]
        chosen = (repeated or places)[0]
        title = page[chosen]
        text_follows = any(chunk.kind != "title" for chunk in page[chosen + 1 :])
        page.insert(0, replace(title, new_page=page[0].new_page))
        page[1] = replace(page[1], new_page=False)
        foot += 1
        if not text_follows:
            del page[chosen + 1]
    if len(page) - foot >= 2:
        page[foot:] = [replace(chunk, kind="text", level=0) for chunk in page[foot:]]
    return page


def _once(chunks: Sequence[Chunk]) -> list[Chunk]:
    """The chunks with each heading where it first stands: its other printings are running titles."""
    seen: set[str] = set()
    current = ""
    kept: list[Chunk] = []
    for chunk in chunks:
        if _is_heading(chunk):
            key = title_key(chunk.text)
            if key in seen or (current.endswith(key) and not chunk.new_page):
                continue
            seen.add(key)
            current = key
            if kept and _is_heading(kept[-1]) and kept[-1].level == chunk.level and not chunk.new_page:
                # Two labels over one text: which paragraph is under which is not known.
                kept[-1] = replace(kept[-1], text=f"{kept[-1].text} / {chunk.text}", raw=(*kept[-1].raw, *chunk.raw))
                continue
        elif chunk.kind == "text" and has_no_lower(chunk.text) and title_key(chunk.text) in seen:
            continue
        kept.append(chunk)
    return kept


def title_key(text: str) -> str:
    """What two printings of one title share: their letters."""
    return "".join(character for character in text.casefold() if character.isalpha())


def place_lead_ins(chunks: Sequence[Chunk]) -> list[Chunk]:
    """The chunks with a lead-in that leads to nothing put before the list, without lead-in, that stands nearby."""
    placed: list[Chunk] = []
    for page in _pages(chunks):
        placed.extend(_with_lead_ins_first(page))
    return placed


def _with_lead_ins_first(page: list[Chunk]) -> list[Chunk]:
    """The page with each lead-in found right after a list, or alone on the page with one list, put before it."""
    page = list(page)
    lists = _orphan_lists(page)
    lead_ins = [index for index in range(len(page)) if _leads_nowhere(page, index)]
    for start, end in reversed(lists):
        after = [index for index in lead_ins if end <= index < end + NEAR]
        if after:
            _move(page, after[0], start)
            return page
    if len(lists) == 1 and len(lead_ins) == 1:
        start = lists[0][0]
        # Names over the list (its columns) go with it.
        while start and page[start - 1].kind == "text" and len(page[start - 1].text) < 60 and start - 1 != lead_ins[0]:
            start -= 1
        _move(page, lead_ins[0], start)
    return page


def _move(page: list[Chunk], lead_in: int, start: int) -> None:
    chunk = replace(page.pop(lead_in), new_page=False)
    page.insert(start - (lead_in < start), chunk)


def _orphan_lists(page: Sequence[Chunk]) -> list[tuple[int, int]]:
    """Start and end of the runs of items or rows that no lead-in and no title announces."""
    runs: list[tuple[int, int]] = []
    index = 0
    while index < len(page):
        end = index + 1
        if page[index].kind in {"item", "row"}:
            while end < len(page) and page[end].kind == page[index].kind:
                end += 1
            above = page[index - 1] if index else None
            if above is None or (above.kind != "title" and not above.text.endswith(":")):
                runs.append((index, end))
        index = end
    return runs


def _leads_nowhere(page: Sequence[Chunk], index: int) -> bool:
    chunk = page[index]
    if chunk.kind != "text" or not chunk.text.endswith(":") or len(chunk.text) <= 40:
        return False
    below = page[index + 1] if index + 1 < len(page) else None
    return below is None or below.kind == "title" or (below.kind == "text" and len(below.text) > 60)
