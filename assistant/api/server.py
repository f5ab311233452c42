"""The server of `boussole serve`: everything wired, one process, one address."""

from __future__ import annotations

import socket
import sys

import uvicorn

from assistant.api.app import WebSettings, create_app
from assistant.bootstrap import build_assistant, build_knowledge, build_storage, ensure_index
from assistant.domain.errors import Unavailable
from assistant.settings import Settings
from knowledge.index.embeddings import Progress


def run(settings: Settings, host: str, port: int, *, progress: Progress | None = None) -> None:
    """Serve until interrupted. Raises `Unavailable("port_busy")`, and what opening the index or the storage raises.

    The address is taken first: the first indexing takes minutes, and would be lost on a port already in use.
    """
    listener = _listen(host, port)
    ensure_index(settings, progress)
    knowledge = build_knowledge(settings)
    knowledge.index()
    web = settings.web
    app = create_app(
        build_assistant(settings, knowledge),
        knowledge,
        build_storage(settings),
        settings=WebSettings(
            public_title=web.title,
            contact=web.contact,
            allowed_origins=web.allowed_origins,
            frame_ancestors=web.frame_ancestors,
            max_question_chars=web.max_question_chars,
            retention_days=settings.conversations.retention_days,
        ),
    )
    shown = f"[{host}]" if ":" in host else host
    sys.stderr.write(f"Boussole répond sur http://{shown}:{listener.getsockname()[1]}/ (Ctrl+C pour arrêter).\n")
    # No access log: it would hold the addresses of visitors.
    uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False)).run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError as exc:
        raise Unavailable("port_busy", host=host, port=port) from exc
    return listener
