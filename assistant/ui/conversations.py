"""What a surface does with a question: read the conversation, ask, keep the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.adapters.storage import Storage, Turn
from assistant.domain.answer import Answer
from knowledge.documents import Source


class Asker(Protocol):
    """The part of the assistant that surfaces use."""

    def ask(self, question: str, history: Sequence[Answer] = (), *, id: str = "") -> Answer: ...


class SourceList(Protocol):
    """The part of the knowledge base that surfaces use."""

    def sources(self) -> list[Source]: ...


@dataclass(frozen=True)
class Exchange:
    """A stored turn and the conversation it belongs to."""

    conversation_id: str
    turn: Turn


class Conversations:
    """Asks within stored conversations. Its methods raise what `Asker.ask` and `Storage` raise."""

    def __init__(self, assistant: Asker, storage: Storage) -> None:
        self._assistant = assistant
        self._storage = storage

    def ask(self, question: str, conversation_id: str | None = None) -> Exchange:
        """The stored answer to `question`, in a new conversation when none is named.

        A conversation is created only once there is an answer to keep in it.
        """
        history = self._storage.load(conversation_id) if conversation_id else []
        answer = self._assistant.ask(question, history)
        kept_in = conversation_id or self._storage.new_conversation()
        return Exchange(kept_in, Turn(self._storage.append(kept_in, answer), answer))
