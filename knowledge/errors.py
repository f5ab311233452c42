"""What can go wrong with documents, content files and the index.

Errors carry a code and facts; the French sentence shown to a user comes from the catalogue of the surface.
"""

from __future__ import annotations


class KnowledgeError(Exception):
    """Base of the errors of this package: `code` names the case, `facts` fill the sentence shown to the user."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(f"{code} {facts}" if facts else code)
        self.code = code
        self.facts = facts


class UnreadableDocument(KnowledgeError):
    """A document cannot be read as it is: the user corrects it or leaves it out."""


class InvalidContent(KnowledgeError):
    """A content file breaks its model; `facts` hold `file`, `line`, `field` and `problem`."""


class IndexUnavailable(KnowledgeError):
    """The index is missing, busy, or made by another engine: try again, or repair as `code` says."""
