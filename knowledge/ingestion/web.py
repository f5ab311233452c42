"""Documents behind web addresses. A server must not be made to read its own network: private addresses are refused."""

from __future__ import annotations

import ipaddress
import re
import socket
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx

from knowledge.documents import Document
from knowledge.errors import UnreadableDocument
from knowledge.ingestion.loaders import SUFFIXES, load

TYPES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.oasis.opendocument.text": ".odt",
}
MOST_REDIRECTS = 5
TIMEOUT_S = 20.0
MAX_BYTES = 50_000_000
HEADERS = {"User-Agent": "Boussole (indexation de documents publics)", "Accept": ", ".join([*TYPES, "*/*;q=0.1"])}


@dataclass(frozen=True)
class FetchedPage:
    """What an address gave: `url` is the last one after redirects, `suffix` says which loader reads `data`."""

    data: bytes
    suffix: str
    url: str


def load_url(url: str, **options: Any) -> Document:
    """The document at `url`. `options` are those of `fetch`.

    Raises UnreadableDocument with the codes of `fetch` and of `load`, and `url` in its facts.
    """
    page = fetch(url, **options)
    name = re.sub(r"[^\w.-]+", "-", Path(unquote(httpx.URL(page.url).path)).stem)[:80] or httpx.URL(page.url).host
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}{page.suffix}"
        path.write_bytes(page.data)
        try:
            return load(path)
        except UnreadableDocument as error:
            facts = {key: value for key, value in error.facts.items() if key != "path"}
            raise UnreadableDocument(error.code, **{**facts, "url": url}) from error


def fetch(
    url: str, *, timeout_s: float = TIMEOUT_S, max_bytes: int = MAX_BYTES, allow_private: bool = False
) -> FetchedPage:
    """The document `url` leads to, redirects followed; `timeout_s` bounds the whole.

    Raises UnreadableDocument: unreachable, http_error (`status`), too_large (`limit_mb`), unsupported_type,
    private_address.
    """
    deadline = time.monotonic() + timeout_s
    current = _parsed(url, url)
    with httpx.Client(timeout=timeout_s, headers=HEADERS, follow_redirects=False) as client:
        for _ in range(MOST_REDIRECTS + 1):
            request = _request(client, current, url, allow_private)
            try:
                response = client.send(request, stream=True)
                try:
                    if response.has_redirect_location:
                        current = _parsed(str(current.join(response.headers["location"])), url)
                        continue
                    return _read(response, current, url, max_bytes, deadline)
                finally:
                    response.close()
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                raise UnreadableDocument("unreachable", url=url) from error
    raise UnreadableDocument("unreachable", url=url)


def _parsed(address: str, url: str) -> httpx.URL:
    try:
        parsed = httpx.URL(address)
    except (httpx.InvalidURL, ValueError, TypeError) as error:
        raise UnreadableDocument("unreachable", url=url) from error
    if parsed.scheme not in {"http", "https"}:
        raise UnreadableDocument("unsupported_type", url=url)
    if not parsed.host:
        raise UnreadableDocument("unreachable", url=url)
    return parsed


def _request(client: httpx.Client, target: httpx.URL, url: str, allow_private: bool) -> httpx.Request:
    """The request for `target`, sent to the very address that was checked: a name may change between two questions."""
    if allow_private:
        return client.build_request("GET", target)
    behind_proxy = bool(urllib.request.getproxies().get(target.scheme))
    address = _public_address(target, url, behind_proxy)
    if behind_proxy:
        return client.build_request("GET", target)
    return client.build_request(
        "GET",
        target.copy_with(host=address),
        headers={"Host": target.netloc.decode("ascii")},
        extensions={"sni_hostname": target.raw_host.decode("ascii")},
    )


def _public_address(target: httpx.URL, url: str, behind_proxy: bool) -> str:
    try:
        found = socket.getaddrinfo(target.host, target.port or 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        if behind_proxy:
            return target.host  # the proxy alone resolves names from outside
        raise UnreadableDocument("unreachable", url=url) from error
    addresses = [str(item[4][0]) for item in found]
    for address in addresses:
        parsed = ipaddress.ip_address(address.split("%")[0])
        mapped = getattr(parsed, "ipv4_mapped", None) or parsed
        if not mapped.is_global or mapped.is_multicast:
            raise UnreadableDocument("private_address", url=url)
    return addresses[0]


def _read(response: httpx.Response, current: httpx.URL, url: str, max_bytes: int, deadline: float) -> FetchedPage:
    if response.status_code >= 400:
        raise UnreadableDocument("http_error", url=url, status=response.status_code)
    suffix = _suffix(response.headers.get("content-type", ""), current)
    if not suffix:
        raise UnreadableDocument("unsupported_type", url=url, type=response.headers.get("content-type", ""))
    declared = response.headers.get("content-length", "")
    data = bytearray()
    too_large = UnreadableDocument("too_large", url=url, limit_mb=max(1, max_bytes // 1_000_000))
    if declared.isdigit() and int(declared) > max_bytes:
        raise too_large
    for piece in response.iter_bytes():
        data += piece
        if len(data) > max_bytes:
            raise too_large
        if time.monotonic() > deadline:
            raise UnreadableDocument("unreachable", url=url)
    return FetchedPage(bytes(data), suffix, str(current))


def _suffix(content_type: str, current: httpx.URL) -> str:
    kind = content_type.split(";")[0].strip().lower()
    if kind in TYPES:
        return TYPES[kind]
    own = Path(current.path).suffix.lower()
    return own if own in SUFFIXES and kind in {"", "application/octet-stream", "binary/octet-stream"} else ""
