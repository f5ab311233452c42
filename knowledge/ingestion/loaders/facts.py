"""What a document says of itself: its title and its date, only when stated plainly."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from pathlib import PurePath

from knowledge.documents import Block
from knowledge.ingestion.cleaning import clean
from knowledge.ingestion.denoise import zipf

MONTHS = {
    "janvier": 1, "février": 2, "mars": 3, "avril": 4, "mai": 5, "juin": 6, "juillet": 7, "août": 8,
    "septembre": 9, "octobre": 10, "novembre": 11, "décembre": 12,
}  # fmt: skip
_SAID = r"(?:[Pp]ubliée?|[Mm]ise? à jour|[Mm]is en ligne|[Dd]ate de publication|[Mm]ise? en ligne)"
_NUMERIC = re.compile(rf"{_SAID}(?: le)?\s*:?\s+(\d{{1,2}})[/.](\d{{1,2}})[/.](\d{{4}})")
_PLACE = r"^[A-ZÀ-Ý][\w’ -]{1,30}, le"
_WORDS = re.compile(rf"(?:{_SAID}(?: le)?\s*:?|{_PLACE})\s+(\d{{1,2}})(?:er)? (\w+) (\d{{4}})", re.M)
_NO_TITLE = re.compile(r"^(?:sans titre|untitled|document\d*|microsoft word - .*|.*\.(?:docx?|indd|pdf|odt))$", re.I)


def stated_date(text: str) -> str:
    """The ISO date of publication `text` states (« Publié le 28/11/2022 », « Paris, le 3 mai 2020 »), or ""."""
    match = _NUMERIC.search(text)
    if match:
        return _iso(int(match[3]), int(match[2]), int(match[1]))
    match = _WORDS.search(text)
    if match and match[2].lower() in MONTHS:
        return _iso(int(match[3]), MONTHS[match[2].lower()], int(match[1]))
    return ""


def _iso(year: int, month: int, day: int) -> str:
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return ""


def title_from(blocks: Sequence[Block], stem: str, metadata: str = "") -> str:
    """The best title for people: the metadata's, else a first title near the top, else the file name made readable."""
    declared = clean(metadata)
    if declared and len(declared) <= 200 and not _NO_TITLE.match(declared) and " " in declared:
        return declared
    top = [block for block in blocks[:8] if block.kind == "title"]
    main = [block for block in top if block.level == 1] + [block for block in top if len(block.text.split()) >= 4]
    if main:
        text = main[0].text
        # Titles in capitals joined by the reader are two titles; « (AICT / AECT) » is one.
        return text if any(map(str.islower, text)) else sentence_case(max(text.split(" / "), key=len))
    first = blocks[0] if blocks else None
    if first and first.kind == "paragraph" and 8 <= len(first.text) <= 120 and first.text[-1] not in ".;:,":
        return first.text
    if top and len(top[0].text) >= 8:
        return sentence_case(top[0].text)
    said = [block.text for block in blocks if block.kind == "title" and len(block.text.split()) >= 4]
    readable = any(zipf(word) >= 3 for word in re.findall(r"[^\W\d_]{4,}", stem))
    return sentence_case(said[0]) if said and not readable else pretty_stem(stem)


def sentence_case(text: str) -> str:
    """`text`, and if it is all capitals, in small letters but for the first and the acronyms.

    Capitals without their accents (« COLLECTIVITE ») stay: small letters would make a spelling mistake of them.
    """
    if any(character.islower() for character in text):
        return text
    words = set(re.findall(r"[^\W\d_]{2,}", text))
    unknown = {word for word in words if zipf(word) < (3.0 if len(word) > 5 else 4.0 if len(word) > 2 else 0)}
    if any(len(word) > 6 for word in unknown):
        return text
    small = re.sub(r"[^\W\d_]+", lambda match: match[0] if match[0] in unknown else match[0].lower(), text)
    return small[:1].upper() + small[1:]


def pretty_stem(stem: str) -> str:
    """A file name without its extension as words: "guide_AICT-2020" gives "guide AICT 2020"."""
    words = re.sub(r"[_\s]+", " ", re.sub(r"(?<=\w)-(?=\w)", " ", PurePath(stem).name)).strip()
    return words[:1].upper() + words[1:] if words else stem
