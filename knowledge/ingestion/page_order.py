"""Titles and lead-ins that extraction put after what they announce, and titles printed on every page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from knowledge.ingestion.lines import SENTENCE_END, Chunk, has_no_lower

FEWEST_STRANDED = 3
"""So many titles at the foot of their page show a layout whose text layer has titles after the text."""


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
    """The chunks with a lead-in that leads to nothing put before the one list of its page that lacks one."""
    placed: list[Chunk] = []
    for page in _pages(chunks):
        lead_ins = [
            index
            for index, chunk in enumerate(page)
            if chunk.kind == "text" and chunk.text[-1] == ":" and len(chunk.text) > 40 and _leads_nowhere(page, index)
        ]
        lists = [
            index
            for index, chunk in enumerate(page)
            if chunk.kind in {"item", "row"}
            and (index == 0 or (page[index - 1].kind not in {chunk.kind, "title"} and page[index - 1].text[-1:] != ":"))
        ]
        if len(lead_ins) == 1 and len(lists) == 1:
            lead_in = page.pop(lead_ins[0])
            place = lists[0] - (lead_ins[0] < lists[0])
            page.insert(place, replace(lead_in, new_page=False))
        placed.extend(page)
    return placed


def _leads_nowhere(page: Sequence[Chunk], index: int) -> bool:
    return index + 1 == len(page) or page[index + 1].kind in {"title", "text"} and len(page[index + 1].text) > 60
