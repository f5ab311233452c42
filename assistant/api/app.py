"""The web application: JSON API and pages in one FastAPI application."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles

from assistant.adapters.storage import Storage
from assistant.api.errors import add_error_handlers
from assistant.api.page import FrenchPage
from assistant.api.routes import api_router
from assistant.api.security import OnlyKnownPaths, SecurityHeaders
from assistant.domain.errors import Unavailable
from assistant.ui.chat import TAGLINE, ChatOptions, build_chat, mount_chat
from assistant.ui.conversations import Asker, Conversations, SourceList

_log = logging.getLogger(__name__)
_STATIC = Path(__file__).parent.parent / "ui" / "static"
_PURGE_EVERY_S = 24 * 3600


@dataclass(frozen=True)
class WebSettings:
    """What the operator chooses for the web.

    `contact` is shown as it is. `allowed_origins` are the sites whose pages may call the API, `frame_ancestors`
    those that may show ours in a frame. `third_party` names the service that receives the questions when a language
    model outside is used, "" when nothing leaves the server.
    """

    public_title: str = "Boussole"
    contact: str = ""
    allowed_origins: tuple[str, ...] = ()
    frame_ancestors: tuple[str, ...] = ()
    max_question_chars: int = 1000
    retention_days: int = 30
    third_party: str = ""


def create_app(assistant: Asker, knowledge: SourceList, storage: Storage, *, settings: WebSettings) -> FastAPI:
    """The application, with conversations older than `settings.retention_days` deleted at start and every day."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        purging = asyncio.create_task(_purge_daily(storage, settings.retention_days))
        yield
        purging.cancel()

    app = FastAPI(
        title=settings.public_title,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        lifespan=lifespan,
    )
    add_error_handlers(app)
    _add_middleware(app, settings)

    conversations = Conversations(assistant, storage)
    app.include_router(api_router(conversations, knowledge, storage))
    app.mount("/boussole", StaticFiles(directory=_STATIC), name="static")
    options = ChatOptions(
        title=settings.public_title,
        contact=settings.contact,
        max_question_chars=settings.max_question_chars,
        retention_days=settings.retention_days,
        third_party=settings.third_party,
    )
    # Gradio takes every address left: it comes last.
    mount_chat(app, build_chat(conversations, knowledge, storage, options))
    return app


def _add_middleware(app: FastAPI, settings: WebSettings) -> None:
    """The last one added is the outermost."""
    title = f"{settings.public_title} – {TAGLINE}"
    app.add_middleware(FrenchPage, title=title, description=TAGLINE)
    app.add_middleware(OnlyKnownPaths)
    # Gradio answers any origin, with credentials, unless the application it is mounted in has this middleware.
    app.add_middleware(
        CORSMiddleware,
        allow_origins=list(settings.allowed_origins),
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=["Content-Type"],
        allow_credentials=False,
    )
    app.add_middleware(SecurityHeaders, frame_ancestors=settings.frame_ancestors)
    app.add_middleware(GZipMiddleware, minimum_size=1000)


async def _purge_daily(storage: Storage, retention_days: int) -> None:
    while True:
        try:
            gone = await run_in_threadpool(storage.purge, retention_days)
            _log.info("%d conversations older than %d days deleted", gone, retention_days)
        except Unavailable as exc:
            _log.warning("Old conversations could not be deleted: %s", exc)
        await asyncio.sleep(_PURGE_EVERY_S)
