"""Tables that extraction laid flat, one cell after another, put back in rows where the text shows how."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.ingestion.lines import Chunk


def reconstruct_tables(chunks: Sequence[Chunk]) -> list[Chunk]:
    return list(chunks)
