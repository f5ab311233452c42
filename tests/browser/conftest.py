from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from scripted import Site, running_site

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    if not CHROMIUM.exists():
        pytest.skip(f"the browser tests need Debian's chromium ({CHROMIUM} is absent)")
    sync_api = pytest.importorskip("playwright.sync_api", reason="the browser tests need the package playwright")
    with sync_api.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("site"), contact="contact@reseau.example") as running:
        yield running


@pytest.fixture
def page(browser: object, site: Site) -> Iterator[object]:
    """The first page of a new visitor whose browser is in English; what the browser complains of fails the test."""
    context = browser.new_context(locale="en-US", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.requests, page.complaints = [], []
    page.on("request", lambda request: page.requests.append(request.url))
    page.on("console", lambda message: message.type in ("error", "warning") and page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto(site.url)
    page.wait_for_selector("#b-question textarea")
    yield page
    # A reload cuts the stream that Gradio keeps open, which it reports.
    assert [text for text in page.complaints if "AbortError" not in text and "Connection errored out" not in text] == []
    context.close()


@pytest.fixture(scope="session")
def axe_script() -> str:
    """axe-core, as the package axe-playwright-python carries it."""
    spec = find_spec("axe_playwright_python")
    if spec is None or spec.origin is None:
        pytest.skip("the accessibility test needs the package axe-playwright-python")
    return (Path(spec.origin).parent / "axe.min.js").read_text(encoding="utf-8")
