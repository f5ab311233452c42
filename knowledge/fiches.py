"""The fiches shipped with the package: a YAML header, then Markdown whose every statement names its sources.

    ---
    title: …, kind: droit, checked: 2026-11-24, sources: [{id: s1, …}]
    ---
    ## Section
    - Sentence. [^s1][^s2] {à vérifier : source unique}
    | Column | Column |
    |---|---|
    | row | cell |

    [^s1]

The markers at the end of an item, a paragraph or a table name the `sources` of the header; a reserve in braces
may follow: {sûr}, {à vérifier}, {note}, each with " : text".
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from knowledge.documents import Confidence, Document, Reference, Source
from knowledge.errors import InvalidContent
from knowledge.fiche_body import CitedBlock, parse_body
from knowledge.validated_yaml import decode_utf8, line_of, parse_yaml

CONTENT = Path(__file__).parent / "content"

FOLDERS = {"droit": "droit", "guides": "guide", "appels": "appel", "acteurs": "acteur"}
"""Folder of a fiche -> the kind its header must state."""

NAMED_PUBLISHERS = 3
"""How many publishers, the most cited first, stand for a fiche in a citation."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class SourceEntry(_Strict):
    """A publication the fiche rests on. `date` is ISO, possibly shortened ("2022-11", "2022") or empty."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, coerce_numbers_to_str=True)

    id: Annotated[str, Field(pattern=r"^s\d+$")]
    title: Annotated[str, Field(min_length=1)]
    publisher: Annotated[str, Field(min_length=1)]
    date: Annotated[str, Field(pattern=r"^(\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?)?$")] = ""
    url: Annotated[str | None, Field(pattern=r"^https?://\S+$")] = None
    confidence: Confidence = "sur"


class Validity(_Strict):
    """The period in which the fiche holds, as far as it is known; `note` says it in French."""

    from_: Annotated[date | None, Field(alias="from")] = None
    until: date | None = None
    note: str = ""

    @field_validator("until")
    @classmethod
    def _ends_after_it_starts(cls, until: date | None, info: object) -> date | None:
        start = getattr(info, "data", {}).get("from_")
        if until and start and until < start:
            raise ValueError("until_before_from")
        return until


class FicheHeader(_Strict):
    """The YAML header of a fiche. `publisher` is who wrote the fiche, `checked` the date of knowledge."""

    title: Annotated[str, Field(min_length=1)]
    kind: Literal["guide", "droit", "appel", "acteur"]
    publisher: Annotated[str, Field(min_length=1)]
    checked: date
    validity: Validity = Validity()
    confidence: Confidence
    keywords: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    sources: Annotated[tuple[SourceEntry, ...], Field(min_length=1)]


@dataclass(frozen=True)
class Fiche:
    """A fiche ready to index. `keywords` are other names under which people ask for it."""

    source: Source
    document: Document
    keywords: tuple[str, ...] = ()


def load_fiches(directory: Path = CONTENT) -> list[Fiche]:
    """The fiches of `directory`, in order of identifier.

    Raises InvalidContent, with the file, the line, the field and the problem, on the first fiche that breaks a rule.
    """
    return [load_fiche(path) for path in sorted(directory.glob("*/*.md"))]


def content_digests(directory: Path = CONTENT) -> dict[str, str]:
    """The SHA-256 of each fiche by identifier, without reading what it says: tells whether an index is up to date."""
    return {_identifier(path): _digest(path.read_bytes()) for path in directory.glob("*/*.md")}


def load_fiche(path: Path) -> Fiche:
    """The fiche of one file. Raises InvalidContent."""
    file = f"{path.parent.name}/{path.name}"
    raw = path.read_bytes()
    lines = decode_utf8(raw, file).split("\n")
    end = lines.index("---", 1) if lines[0] == "---" and "---" in lines[1:] else 0
    if not end:
        raise _invalid(file, 1, "", "no_front_matter")
    header, node = parse_yaml("\n".join(lines[1:end]), FicheHeader, file=file, first_line=2)
    if FOLDERS.get(path.parent.name) != header.kind:
        raise _invalid(file, line_of(node, ("kind",), 2), "kind", "kind_of_another_folder")
    cited = parse_body(lines[end + 1 :], file=file, first_line=end + 2)
    _check_markers(header, cited, file, [line_of(node, ("sources", n), 2) for n in range(len(header.sources))])
    blocks = tuple(item.block for item in cited)
    source = _build_source(header, cited, _identifier(path), path.name, _digest(raw))
    document = Document(title=header.title, blocks=blocks, publisher=header.publisher, date=header.checked.isoformat())
    return Fiche(source=source, document=document, keywords=header.keywords)


def _identifier(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def _digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def _build_source(header: FicheHeader, cited: list[CitedBlock], source_id: str, doc: str, digest: str) -> Source:
    counts = Counter(ref for item in cited for ref in item.block.refs)
    by_weight = sorted(header.sources, key=lambda entry: -counts[entry.id])
    publishers = list(dict.fromkeys(entry.publisher for entry in by_weight))[:NAMED_PUBLISHERS]
    validity = header.validity
    return Source(
        id=source_id,
        doc=doc,
        title=header.title,
        kind=header.kind,
        publisher=" ; ".join(publishers),
        date=max(entry.date for entry in header.sources),
        url=next((entry.url for entry in header.sources if entry.url), None),
        valid_from=validity.from_.isoformat() if validity.from_ else "",
        valid_until=validity.until.isoformat() if validity.until else "",
        validity=validity.note,
        checked=header.checked.isoformat(),
        confidence=header.confidence,
        references=tuple(Reference(**entry.model_dump()) for entry in header.sources),
        keywords=header.keywords,
        content_hash=digest,
    )


def _check_markers(header: FicheHeader, cited: list[CitedBlock], file: str, source_lines: list[int]) -> None:
    known: set[str] = set()
    for entry, line in zip(header.sources, source_lines, strict=True):
        if entry.id in known:
            raise _invalid(file, line, entry.id, "duplicate_source_id")
        known.add(entry.id)
    for item in cited:
        for ref in item.block.refs:
            if ref not in known:
                raise _invalid(file, item.marker_line, ref, "unknown_marker")
    used = {ref for item in cited for ref in item.block.refs}
    for entry, line in zip(header.sources, source_lines, strict=True):
        if entry.id not in used:
            raise _invalid(file, line, entry.id, "uncited_source")


def _invalid(file: str, line: int, field: str, problem: str) -> InvalidContent:
    return InvalidContent("content_invalid", file=file, line=line, field=field, problem=problem)
