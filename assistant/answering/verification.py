"""Verification: nothing is said that a cited passage does not hold.

Each quote must be found character for character in its passage, and each number, date, amount or article of a
statement must occur in a passage it cites.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.domain.answer import Citation, Statement

_FIGURE = re.compile(r"\d+(?:[ \u00a0\u202f.,]\d+)*")
_MARK = re.compile(r"\[\d+\]")


def figures(text: str) -> set[str]:
    """The numbers written in `text`, spaces inside them removed ("1 500 000" -> "1500000"); [n] marks do not count."""
    return {re.sub(r"[ \u00a0\u202f]", "", found) for found in _FIGURE.findall(_MARK.sub("", text))}


def is_exact(citation: Citation) -> bool:
    """True when the quote is the passage's own text at the stated place."""
    return bool(citation.quote) and citation.passage[citation.start : citation.end] == citation.quote


def supported(statement: Statement, citations: Sequence[Citation]) -> bool:
    """True when every figure of the statement occurs in a passage that it cites, and every quote is exact."""
    cited = [citation for citation in citations if citation.n in statement.citations]
    if not cited or not all(is_exact(citation) for citation in cited):
        return False
    known: set[str] = set()
    for citation in cited:
        known |= figures(citation.passage) | figures(citation.title) | figures(citation.locator)
    return figures(statement.text) <= known
