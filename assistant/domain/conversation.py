"""A conversation: the turns that a follow-up question is resolved with."""

from __future__ import annotations

from dataclasses import dataclass, field

from assistant.domain.answer import Answer


@dataclass
class Conversation:
    """Turns in order. `id` is random and says nothing of the visitor."""

    id: str
    turns: list[Answer] = field(default_factory=list)
