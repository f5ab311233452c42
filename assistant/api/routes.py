"""The JSON API. Plain functions: FastAPI runs them in threads, so that one search does not hold up the others."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from assistant.adapters.storage import Storage
from assistant.domain.errors import InvalidInput, Unavailable
from assistant.ui.conversations import Conversations, SourceList

# Where a document was indexed from may be a folder of the server: not for the public.
_PRIVATE_SOURCE_FIELDS = {"root", "content_hash"}


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class AskBody(_Body):
    question: str
    conversation: str | None = None


class FeedbackBody(_Body):
    turn: str
    value: Literal[-1, 1] = Field(alias="avis")
    comment: str = Field("", alias="commentaire")


def api_router(conversations: Conversations, knowledge: SourceList, storage: Storage) -> APIRouter:
    """The routes of the application, in the order they must be tried."""
    router = APIRouter()

    @router.post("/api/v1/ask")
    def ask(body: AskBody) -> dict[str, Any]:
        exchange = conversations.ask(body.question, body.conversation)
        return {
            **exchange.turn.answer.model_dump(mode="json"),
            "conversation": exchange.conversation_id,
            "turn": exchange.turn.id,
        }

    @router.get("/api/v1/sources")
    def sources() -> dict[str, Any]:
        public = [
            {name: value for name, value in asdict(source).items() if name not in _PRIVATE_SOURCE_FIELDS}
            for source in knowledge.sources()
        ]
        return {"sources": public}

    @router.post("/api/v1/avis", status_code=201)
    def give_feedback(body: FeedbackBody) -> dict[str, str]:
        storage.add_feedback(body.turn, body.value, body.comment)
        return {"turn": body.turn}

    @router.delete("/api/v1/conversations/{conversation_id}", status_code=204)
    def delete_conversation(conversation_id: str) -> Response:
        if not storage.delete(conversation_id):
            raise InvalidInput("conversation_unknown")
        return Response(status_code=204)

    @router.get("/health")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    @router.get("/ready")
    def ready() -> dict[str, Any]:
        storage.check()
        count = len(knowledge.sources())
        if not count:
            raise Unavailable("index_empty")
        return {"status": "ok", "sources": count}

    # Gradio is mounted at "/" and would answer the rest of /api in English.
    @router.api_route("/api/{path:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"], include_in_schema=False)
    def unknown_route(path: str) -> None:
        raise InvalidInput("route_unknown")

    return router
