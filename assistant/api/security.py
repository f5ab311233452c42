"""What every response says to the browser, and which of Gradio's addresses exist at all."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from fastapi.responses import JSONResponse
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.api.errors import error_response
from assistant.domain.errors import InvalidInput

# All that the page uses of Gradio. The others (upload, file, proxy, call, run, info, runs, monitoring…) answer 404.
_GRADIO_PATHS = {
    "/",
    "/config",
    "/theme.css",
    "/robots.txt",
    "/gradio_api/app_id",
    "/gradio_api/cancel",
    "/gradio_api/queue/data",
    "/gradio_api/queue/join",
    "/gradio_api/reset",
    "/gradio_api/startup-events",
}
_GRADIO_FOLDERS = ("/assets/", "/static/", "/svelte/", "/gradio_api/heartbeat/")
_OWN_PATHS = {"/health", "/ready"}
_OWN_FOLDERS = ("/api/", "/boussole/")

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def content_security_policy(nonce: str, frame_ancestors: Sequence[str] = ()) -> str:
    """The policy of the pages: nothing from or to another host.

    Gradio needs `unsafe-eval` (its HTML component compiles a template) and inline styles; inline scripts need the
    nonce, so that markup which slipped through escaping could still not run.
    """
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src 'self' 'nonce-{nonce}' 'unsafe-eval'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "worker-src 'none'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'none'",
            " ".join(["frame-ancestors 'self'", *frame_ancestors]),
        ]
    )


class SecurityHeaders:
    """Adds the headers to every response; `scope["nonce"]` is the one of this response's policy."""

    def __init__(self, app: ASGIApp, frame_ancestors: Sequence[str] = ()) -> None:
        self._app = app
        self._frame_ancestors = frame_ancestors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        scope["nonce"] = nonce

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_HEADERS)
                headers["Content-Security-Policy"] = content_security_policy(nonce, self._frame_ancestors)
            await send(message)

        await self._app(scope, receive, send_with_headers)


class OnlyKnownPaths:
    """Answers 404 to every address that the application does not use."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not _is_known(scope["path"].removeprefix(scope.get("root_path", ""))):
            response: JSONResponse = error_response(InvalidInput("route_unknown"), 404)
            await response(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _is_known(path: str) -> bool:
    return path in _GRADIO_PATHS or path in _OWN_PATHS or path.startswith(_GRADIO_FOLDERS + _OWN_FOLDERS)
