"""Gradio's page made ours: French whatever the browser, our title and style, no address of another host."""

from __future__ import annotations

import html
import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_SOCIAL_TAGS = re.compile(r'<meta\s+(?:property="og:|name="twitter:)[^>]*>\s*')
_MANIFEST = re.compile(r'<link rel="manifest"[^>]*>\s*')
_HTML_LANG = re.compile(r'(<html\b[^>]*?\blang=")[^"]*(")')
_SCRIPT = re.compile(r"<script\b")

_WITHOUT_SCRIPTS = "Cette page a besoin de JavaScript. La même réponse s’obtient avec la commande « boussole ask »."

# Gradio chooses the language of its own words from the browser when its first script runs: this comes before.
_FORCE_FRENCH = (
    "for (const name of ['language', 'languages'])"
    " Object.defineProperty(navigator, name, {get: () => name === 'language' ? 'fr-FR' : ['fr-FR', 'fr']});"
)


def rewrite_page(page: str, *, title: str, description: str, nonce: str) -> str:
    """`page` with our head, and `nonce` on every script."""
    page = _MANIFEST.sub("", _SOCIAL_TAGS.sub("", page))
    page = _HTML_LANG.sub(r"\1fr\2", page, count=1)
    head = (
        "<head>"
        f"<script>{_FORCE_FRENCH}</script>"
        f"<title>{html.escape(title)}</title>"
        f'<meta name="description" content="{html.escape(description)}">'
    )
    page = page.replace("<head>", head, 1)
    # At the end of the head, so that our style follows Gradio's.
    assets = (
        '<link rel="icon" type="image/svg+xml" href="boussole/compass.svg">'
        '<link rel="stylesheet" href="boussole/boussole.css">'
        '<script src="boussole/boussole.js" defer></script>'
        "</head>"
    )
    page = page.replace("</head>", assets, 1)
    page = page.replace("<gradio-app", f"<noscript><p>{_WITHOUT_SCRIPTS}</p></noscript><gradio-app", 1)
    return _SCRIPT.sub(f'<script nonce="{nonce}"', page)


class FrenchPage:
    """Rewrites HTML responses; the others pass as they are."""

    def __init__(self, app: ASGIApp, *, title: str, description: str) -> None:
        self._app = app
        self._title = title
        self._description = description

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started: Message | None = None
        body = bytearray()

        async def rewrite(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                if Headers(raw=message["headers"]).get("content-type", "").startswith("text/html"):
                    started = message
                    return
            elif started is not None:
                body.extend(message.get("body", b""))
                if message.get("more_body"):
                    return
                message = {**message, "body": self._rewritten(bytes(body), scope)}
                headers = MutableHeaders(scope=started)
                headers["content-length"] = str(len(message["body"]))
                # The nonce is for one response only.
                headers["cache-control"] = "no-store"
                await send(started)
            await send(message)

        await self._app(scope, receive, rewrite)

    def _rewritten(self, body: bytes, scope: Scope) -> bytes:
        page = rewrite_page(
            body.decode("utf-8"), title=self._title, description=self._description, nonce=scope["nonce"]
        )
        return page.encode("utf-8")
