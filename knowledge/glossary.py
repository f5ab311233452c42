"""The acronyms of the field and the groups of words a question may use one for another, from `glossaire.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from knowledge.errors import InvalidContent
from knowledge.validated_yaml import decode_utf8, line_of, parse_yaml

GLOSSARY = Path(__file__).parent / "content" / "glossaire.yaml"

_Text = Annotated[str, Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class AcronymEntry(_Strict):
    """An acronym, what it may stand for, and a sentence about it. `see` names the fiche that says more."""

    acronym: _Text
    expansions: Annotated[tuple[_Text, ...], Field(min_length=1)]
    definition: _Text
    see: Annotated[str | None, Field(pattern=r"^[a-z0-9-]+/[a-z0-9-]+$")] = None


class GlossaryFile(_Strict):
    """What `glossaire.yaml` holds."""

    acronyms: tuple[AcronymEntry, ...]
    synonyms: tuple[Annotated[tuple[_Text, ...], Field(min_length=2)], ...]


@dataclass(frozen=True)
class Glossary:
    """`acronyms` and `definitions` are keyed by acronym; `see` holds only those that have a fiche."""

    acronyms: dict[str, tuple[str, ...]]
    definitions: dict[str, str]
    see: dict[str, str]
    synonyms: tuple[tuple[str, ...], ...]


def load_glossary(path: Path = GLOSSARY) -> Glossary:
    """The shipped glossary, or that of `path`. Raises InvalidContent with file, line, field and problem."""
    content, node = parse_yaml(decode_utf8(path.read_bytes(), path.name), GlossaryFile, file=path.name)
    seen: set[str] = set()
    for position, entry in enumerate(content.acronyms):
        if entry.acronym in seen:
            line = line_of(node, ("acronyms", position))
            raise InvalidContent(
                "content_invalid", file=path.name, line=line, field=entry.acronym, problem="duplicate_acronym"
            )
        seen.add(entry.acronym)
    return Glossary(
        acronyms={entry.acronym: entry.expansions for entry in content.acronyms},
        definitions={entry.acronym: entry.definition for entry in content.acronyms},
        see={entry.acronym: entry.see for entry in content.acronyms if entry.see},
        synonyms=content.synonyms,
    )
