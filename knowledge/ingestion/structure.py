"""From lines to blocks: titles, list items, table rows and whole paragraphs, by rules that hold for any document."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from knowledge.documents import Block
from knowledge.ingestion.cleaning import clean
from knowledge.ingestion.denoise import looks_recognised, zipf
from knowledge.ingestion.flat_tables import reconstruct_tables
from knowledge.ingestion.lines import (
    FINAL,
    LOWER_START,
    SENTENCE_END,
    Chunk,
    Line,
    ends_open,
    has_no_lower,
    split_chunks,
    without_page_numbers,
    without_running_lines,
)
from knowledge.ingestion.page_order import place_lead_ins, place_titles, title_key
from knowledge.ingestion.tables import row_block

SHORT = 120
FULL = 100
"""From so many characters a text is a paragraph even if it does not end with a full stop."""
_CONTACT_LABELS = "adresse bureau bureaux contact contacts coordonnées courriel horaires téléphone"
CONTACT_LABELS = frozenset({*_CONTACT_LABELS.split(), "informations pratiques", "nous contacter"})
TITLE_JOINERS = frozenset({"à", "au", "aux", "d", "de", "du", "en", "et", "ou", "pour", "par", "sur"})
INFINITIVE = re.compile(r"^(?:Se |S’|Ne pas )?([A-ZÀ-Ýa-zà-ÿ]+(?:er|ir|re))(?:,| (?!/))")
ACRONYM = re.compile(r"^([A-ZÀ-Ý][A-Za-zÀ-ÿ]{1,9})\s*(?::|–|-|=)?\s+([A-ZÀ-Ý].{6,150})$")
EMPTY_TITLE_NUMBER = re.compile(r"(?<=[A-ZÀ-Ý])\d{1,2}$")


def build_blocks(lines: Sequence[Line], recognised: bool = False) -> list[Block]:
    """The blocks of a text read as lines. `recognised` when they come from an image (found out otherwise)."""
    recognised = recognised or looks_recognised("\n".join(line.text for line in lines))
    chunks = [_cleaned(chunk, recognised) for chunk in split_chunks(without_running_lines(without_page_numbers(lines)))]
    chunks = [chunk for chunk in chunks if chunk.text]
    texts = [chunk.text for chunk in join_cut_texts(chunks)]
    chunks = join_cut_texts(reconstruct_tables(chunks, texts))
    chunks = mark_lists(plain_lone_capitals(chunks))
    chunks = place_lead_ins(place_titles(mark_labels(chunks)))
    return [_block(chunk) for chunk in chunks]


def _cleaned(chunk: Chunk, recognised: bool) -> Chunk:
    text = clean("\n".join(chunk.lines), recognised)
    return replace(chunk, text=text if any(character.isalnum() for character in text) else "")


def join_cut_texts(chunks: Sequence[Chunk]) -> list[Chunk]:
    """The chunks with texts cut by an empty line made whole: no end above, no beginning below."""
    groups: list[list[Chunk]] = []
    for index, chunk in enumerate(chunks):
        if groups and _is_stray_dash(chunks, index):
            groups[-1].append(replace(chunk, text=f"- {chunk.text}"))
        elif groups and _continues(groups[-1], chunk):
            groups[-1].append(chunk)
        else:
            groups.append([chunk])
    return [_joined(group) for group in groups]


def _continues(group: list[Chunk], below: Chunk) -> bool:
    above = group[-1]
    if "row" in {above.kind, below.kind} or below.kind == "item":
        return False
    if above.kind == "title" or below.kind == "title":
        return _title_continues(above, below)
    if SENTENCE_END.search(above.text) or above.text.endswith(";"):
        return False
    if above.text.endswith(":"):
        # « Animation : » stands above what it names; « il faudra : » leads to a list.
        return len(group) == 1 and len(above.text.split()) <= 4 and len(below.text) < SHORT and below.blanks <= 2
    if LOWER_START.match(below.text):
        return True
    if ends_open(above.text) and not above.text.endswith((",", ")")):
        return True
    return _spells_acronym(" ".join(chunk.text for chunk in group), below.text)


def _is_stray_dash(chunks: Sequence[Chunk], index: int) -> bool:
    """Whether the one dash of a place is no list: « migration intégration / - FAMI »."""
    chunk, above = chunks[index], chunks[index - 1]
    if chunk.kind != "item" or not chunk.raw[0].strip().startswith("-") or above.kind != "text":
        return False
    alone = index + 1 == len(chunks) or chunks[index + 1].kind != "item"
    return alone and len(chunk.text) < 40 and not FINAL.search(above.text) and not FINAL.search(chunk.text)


def _title_continues(above: Chunk, below: Chunk) -> bool:
    if above.level >= 3 or above.kind != "title" or below.new_page or not has_no_lower(below.text):
        return False
    if below.kind == "title" and below.level != above.level:
        return False
    first = re.split(r"[\s’]", below.text)[0].lower()
    return ends_open(above.text) or (below.kind == "title" and first in TITLE_JOINERS)


def _spells_acronym(above: str, below: str) -> bool:
    """Whether `below` ends with an acronym, « (RRMA) », whose letters need the words of `above`."""
    found = re.search(r"\(([A-Za-z ]{3,10})\)$", below)
    if not found or len(above) > 80 or FINAL.search(above):
        return False
    acronym = found[1].replace(" ", "").lower()
    initials = _initials(f"{above} {below[: found.start()]}")
    return initials == acronym and _initials(below[: found.start()]) != acronym


def _initials(text: str) -> str:
    return "".join(word[0].lower() for word in re.findall(r"[^\W\d_]+", text) if word[0].isupper())


def _joined(group: list[Chunk]) -> Chunk:
    if len(group) == 1:
        return group[0]
    text = group[0].text
    pieces = [text]
    for chunk in group[1:]:
        if pieces[-1].endswith("-"):
            head, _, last = pieces[-1].rpartition(" ")
            first, _, rest = chunk.text.partition(" ")
            pieces[-1:] = [piece for piece in (head, clean(f"{last}\n{first}"), rest) if piece]
        else:
            pieces.append(chunk.text)
    raw: list[str] = []
    for chunk in group:
        raw.extend(([""] if raw else []) + list(chunk.raw))
    lines = tuple(line for chunk in group for line in chunk.lines)
    return replace(group[0], text=" ".join(pieces), lines=lines, raw=tuple(raw))


def is_full(chunk: Chunk) -> bool:
    """Whether the chunk is a sentence or more, not a name or a label."""
    return chunk.kind == "item" or bool(FINAL.search(chunk.text)) or len(chunk.text) >= FULL


def plain_lone_capitals(chunks: Sequence[Chunk]) -> list[Chunk]:
    """The chunks with capitals that head no text (names in a drawing: « HORIZON EUROPE ») made plain text."""
    plain = list(chunks)
    counts = Counter(title_key(chunk.text) for chunk in chunks if chunk.kind == "title")
    for index, chunk in enumerate(plain):
        certain = counts[title_key(chunk.text)] > 1 or len(re.findall(r"\w+", chunk.text)) >= 5
        if chunk.kind != "title" or chunk.level != 2 or certain:
            continue
        below = [other for other in plain[index + 1 : index + 8] if other.kind != "title"][:2]
        at_foot = index + 1 < len(plain) and plain[index + 1].new_page
        if below and not at_foot and not _is_headed(below):
            plain[index] = replace(chunk, kind="text", level=0)
    return plain


def _is_headed(below: Sequence[Chunk]) -> bool:
    """Whether what follows a title is a text, a list, or a label over a text."""
    if below[0].kind != "text" or _ends(below[0]) or len(below[0].text) > 1.5 * FULL:
        return True
    labelled = len(below) == 2 and len(below[0].text.split()) <= 5
    return labelled and (below[1].kind == "item" or (len(below[1].text) >= 60 and bool(_ends(below[1]))))


def mark_lists(chunks: Sequence[Chunk]) -> list[Chunk]:
    """The chunks with list items told by their likeness: acronyms, infinitives, items whose bullet was lost."""
    marked = list(chunks)
    for found, least in ((_acronym, 3), (_infinitive, 3)):
        run: list[int] = []
        for index in range(len(marked) + 1):
            if index < len(marked) and marked[index].kind == "text" and found(marked[index]):
                run.append(index)
                continue
            led = bool(run) and run[0] > 0 and marked[run[0] - 1].text.endswith(":")
            if len(run) >= (2 if led else least):
                for place in run:
                    marked[place] = found(marked[place]) or marked[place]
            run = []
    for index, chunk in enumerate(marked):
        if chunk.kind == "text" and chunk.text.endswith(":") and len(chunk.text) > 40:
            _mark_names(marked, index + 1)
    for index in range(1, len(marked)):
        above, chunk = marked[index - 1], marked[index]
        lost = above.kind == "item" and chunk.kind == "text" and len(chunk.text) < SHORT
        if lost and chunk.blanks == 1 and not chunk.new_page and not (_ends(above) or _ends(chunk)):
            below = marked[index + 1] if index + 1 < len(marked) else None
            if below is None or below.kind == "title" or len(below.text) < SHORT:
                marked[index] = replace(chunk, kind="item")
    return marked


def _mark_names(marked: list[Chunk], start: int) -> None:
    """Make items of three names or more that stand right under a lead-in."""
    end = start
    while end < len(marked) and marked[end].kind == "text" and _is_name(marked[end]):
        end += 1
    if end - start >= 3:
        marked[start:end] = [replace(chunk, kind="item") for chunk in marked[start:end]]


def _is_name(chunk: Chunk) -> bool:
    return len(chunk.text) < SHORT and not SENTENCE_END.search(chunk.text) and chunk.text[-1] not in ":;"


def _ends(chunk: Chunk) -> bool:
    return bool(FINAL.search(chunk.text))


def _acronym(chunk: Chunk) -> Chunk | None:
    match = ACRONYM.match(chunk.text)
    if not match or sum(character.isupper() for character in match[1]) < 2 or FINAL.search(chunk.text):
        return None
    if _initials(match[2])[:1] != match[1][0].lower():
        return None
    return replace(chunk, kind="item", text=f"{match[1]} : {match[2]}")


def _infinitive(chunk: Chunk) -> Chunk | None:
    match = INFINITIVE.match(chunk.text)
    return replace(chunk, kind="item") if match and zipf(match[1]) >= 2.5 else None


def mark_labels(chunks: Sequence[Chunk]) -> list[Chunk]:
    """The chunks with short labels standing before a paragraph or a list made titles."""
    marked = list(chunks)
    for index, chunk in enumerate(chunks[:-1]):
        if chunk.kind in {"title", "row"}:
            continue
        level = _label_level(chunk, chunks[index + 1], chunks[max(0, index - 2) : index])
        if level:
            marked[index] = replace(chunk, kind="title", level=level, text=chunk.text.rstrip(" :"))
    return marked


def _label_level(chunk: Chunk, below: Chunk, above: Sequence[Chunk]) -> int:
    """The level of the title that a chunk is, 0 when it is none."""
    text = chunk.text
    if text.lower().rstrip(" :") in CONTACT_LABELS and below.kind != "title":
        return 4
    if len(text) > 60 or len(text.split()) > 8 or LOWER_START.match(text) or has_no_lower(text):
        return 0
    if re.search(r"[.!…;,@()]|\d{2}", text) or text.endswith(":") or ends_open(text):
        return 0
    if text.endswith("?") and (below.text.endswith("?") or (above and above[-1].text.endswith("?"))):
        return 0  # one question of a list
    spread = len(above) == 2 and all(other.kind == "text" and not is_full(other) for other in above)
    if spread and chunk.blanks and above[-1].blanks:
        return 0  # one name of a list set out with empty lines
    if chunk.kind == "item" and above and above[-1].kind == "item":
        return 0
    if chunk.kind == "item":
        return 3 if below.kind == "text" and is_full(below) and not FINAL.search(text) and len(below.text) >= 60 else 0
    if below.kind == "item":
        return 3 if below.blanks <= 1 and not SENTENCE_END.search(text) else 0
    after_end = not above or above[-1].kind != "text" or _ends(above[-1]) or len(below.text) >= FULL
    return 3 if below.kind == "text" and len(below.text) >= 60 and is_full(below) and after_end else 0


def _block(chunk: Chunk) -> Block:
    if chunk.kind == "row":
        return row_block(chunk.cells, chunk.original, chunk.page, chunk.labelled)
    text = EMPTY_TITLE_NUMBER.sub("", chunk.text) if chunk.kind == "title" else chunk.text
    kind = "paragraph" if chunk.kind == "text" else chunk.kind
    return Block(kind=kind, text=text, original=chunk.original, level=chunk.level, page=chunk.page)
