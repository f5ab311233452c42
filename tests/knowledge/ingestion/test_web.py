"""Documents fetched from a server of this machine."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from knowledge.errors import UnreadableDocument
from knowledge.ingestion.web import fetch, load_url

PAGE = "<html><body><h1>Aides à l’eau potable</h1><p>L’agence aide les communes dans leurs projets.</p></body></html>"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:  # noqa: N802 (the name http.server calls)
        moves = {"/ailleurs": "/page", "/boucle": "/boucle", "/fichier": "file:///etc/hostname"}
        if self.path in moves:
            self.answer(302, b"", "text/html", {"Location": moves[self.path]})
        elif self.path == "/page":
            self.answer(200, PAGE.encode(), "text/html; charset=utf-8")
        elif self.path == "/image":
            self.answer(200, b"\x89PNG", "image/png")
        elif self.path == "/guide.md":
            self.answer(200, b"# Titre du guide\n\nUn texte.", "application/octet-stream")
        elif self.path == "/vide":
            self.answer(200, b"", "text/plain")
        else:
            self.answer(404, b"", "text/html")

    def answer(self, status: int, body: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep the output of the tests clean."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    running.server_close()


def code_of(url: str, **options: object) -> str:
    with pytest.raises(UnreadableDocument) as caught:
        load_url(url, **options)
    assert caught.value.facts["url"] == url
    return caught.value.code


def test_a_page_is_read_after_its_redirects(server: str) -> None:
    assert fetch(f"{server}/ailleurs", allow_private=True).url == f"{server}/page"
    document = load_url(f"{server}/ailleurs", allow_private=True)
    assert [block.text for block in document.blocks] == [
        "Aides à l’eau potable", "L’agence aide les communes dans leurs projets.",
    ]  # fmt: skip


def test_the_suffix_of_the_address_counts_when_the_server_does_not_know(server: str) -> None:
    assert load_url(f"{server}/guide.md", allow_private=True).title == "Titre du guide"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/absent", "http_error"), ("/boucle", "unreachable"), ("/fichier", "unsupported_type"),
        ("/image", "unsupported_type"), ("/vide", "empty"),
    ],
)  # fmt: skip
def test_each_failure_has_its_code_and_the_address_asked_for(server: str, path: str, code: str) -> None:
    assert code_of(f"{server}{path}", allow_private=True) == code


def test_a_page_over_the_limit_is_refused(server: str) -> None:
    assert code_of(f"{server}/page", allow_private=True, max_bytes=20) == "too_large"


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://10.1.2.3/", "http://169.254.169.254/latest",
     "http://[::ffff:192.168.0.1]/", "http://0.0.0.0/", "http://2130706433/"],
)  # fmt: skip
def test_private_addresses_are_refused(url: str) -> None:
    assert code_of(url) == "private_address"


def test_a_redirect_to_a_private_address_is_refused(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import knowledge.ingestion.web as web

    # The first address passes as public; the check of the second is the real one.
    real, seen = web._public_address, []

    def first_is_public(target: object, url: str, behind_proxy: bool) -> str:
        seen.append(target)
        return "127.0.0.1" if len(seen) == 1 else real(target, url, behind_proxy)

    monkeypatch.setattr(web, "_public_address", first_is_public)
    assert code_of(f"{server}/ailleurs") == "private_address"
    assert len(seen) == 2


@pytest.mark.parametrize("url", ["ftp://exemple.fr/a", "file:///etc/hostname", "javascript:alert(1)"])
def test_only_web_addresses_are_followed(url: str) -> None:
    assert code_of(url) == "unsupported_type"


def test_a_server_that_does_not_answer_is_unreachable() -> None:
    assert code_of("http://127.0.0.1:9/", allow_private=True, timeout_s=2.0) == "unreachable"
