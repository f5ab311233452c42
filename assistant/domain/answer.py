"""The one answer object that page, API, command line, history and evaluation share."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Behaviour = Literal["answer", "abstain", "redirect", "refuse"]
State = Literal["fiable", "à vérifier", "pas de réponse"]
"""How much an answer may be relied on, calibrated on the development questions (ADR 0006)."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Citation(_Frozen):
    """A passage shown with an answer.

    `quote` is `passage[start:end]`, character for character. `original` is the passage as it stood in the file
    when cleaning changed it, else "". `checked` is the date of knowledge (ISO), `validity` what is known of the
    period in which the statement holds, `note` the reserve attached to the fact itself.
    """

    n: int
    doc: str
    source_id: str
    title: str
    publisher: str = ""
    date: str = ""
    locator: str = ""
    passage: str
    quote: str
    url: str | None = None
    kind: str = "document"
    start: int = 0
    end: int = 0
    original: str = ""
    validity: str = ""
    checked: str = ""
    confidence: Literal["sur", "a_verifier"] | None = None
    note: str = ""


class Statement(_Frozen):
    """One sentence, item or row of the answer, with the numbers of the citations that support it."""

    text: str
    citations: tuple[int, ...]


class Answer(_Frozen):
    """What the assistant says to one question.

    `answer` is Markdown with [n] marks. `statements` are its parts, empty unless `behaviour` is "answer".
    `leads` are the nearest passages offered when the answer is not known; they support nothing.
    """

    id: str = ""
    question: str
    resolved_question: str
    behaviour: Behaviour
    state: State
    answer: str
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    leads: tuple[Citation, ...] = ()
    suggestions: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    engine: str = "extractif"
    timings_ms: dict[str, int] = Field(default_factory=dict)
