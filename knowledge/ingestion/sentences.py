"""Sentences of French prose, with their offsets.

A rule with a list of abbreviations: on the administrative French of this field it makes fewer faults than pysbd or
spaCy's parser, which cut "L'art. / L. 1115-1" and "p. / 12" (ADR 0003).
"""

from __future__ import annotations

import re

_ABBREVIATIONS = frozenset(
    """
    art al m mm mme mmes mlle dr pr st ste cf p pp l r d n no nos ex etc vol éd ed env tél tel fig chap
    sect par janv févr fév avr juil sept oct nov déc av apr hab max min approx réf ref dir ss s.d
    """.split()
)
_BOUNDARY = re.compile(r"[.!?…]+(?:[ \u00a0\u202f]?[»”\")])*(?=\s+[«“\"(]?\s?[A-ZÀ-ÖØ-Þ0-9•–—-])")
_LAST_WORD = re.compile(r"([^\W\d_]+(?:\.[^\W\d_]+)*)$")


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """The (start, end) of each sentence of `text`, without the white space around it."""
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _BOUNDARY.finditer(text):
        if _ends_with_abbreviation(text, match):
            continue
        _append_trimmed(spans, text, start, match.end())
        start = match.end()
    _append_trimmed(spans, text, start, len(text))
    return spans


def _ends_with_abbreviation(text: str, match: re.Match[str]) -> bool:
    if match.group() != ".":
        return False
    word = _LAST_WORD.search(text, max(0, match.start() - 20), match.start())
    if word is None:
        return False
    letters = word.group(1).lower()
    if letters == "etc":
        return False
    return letters in _ABBREVIATIONS or len(letters) == 1


def _append_trimmed(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    right = len(piece.rstrip())
    if right > left:
        spans.append((start + left, start + right))
