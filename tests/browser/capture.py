"""Screenshots of a running server: `python tests/browser/capture.py http://127.0.0.1:7860 docs/captures`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
QUESTION = "Une convention est-elle obligatoire pour un jumelage ?"


def capture(url: str, folder: Path, question: str) -> None:
    """Write welcome-1280, chat-1280, chat-375 and sources-1280 in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(locale="fr-FR", reduced_motion="reduce", viewport={"width": 1280, "height": 900})
        page.goto(url)
        page.wait_for_selector("#b-examples button")
        page.wait_for_timeout(500)
        page.screenshot(path=folder / "welcome-1280.png")
        _ask(page, question)
        page.screenshot(path=folder / "chat-1280.png")
        page.set_viewport_size({"width": 375, "height": 812})
        page.evaluate("document.getElementById('b-current').scrollIntoView()")
        page.wait_for_timeout(500)
        page.screenshot(path=folder / "chat-375.png")
        page.set_viewport_size({"width": 1280, "height": 900})
        page.get_by_role("tab", name="Sources").click()
        page.wait_for_selector(".b-entry")
        page.evaluate("scrollTo(0, 0)")
        page.wait_for_timeout(500)
        page.screenshot(path=folder / "sources-1280.png")
        browser.close()


def _ask(page: Any, question: str) -> None:
    page.get_by_label("Votre question").fill(question)
    page.keyboard.press("Enter")
    page.wait_for_selector("#b-current .b-foot", timeout=120_000)
    marks = page.locator("#b-current a.b-mark")
    if marks.count():
        marks.first.click()
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(500)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--question", default=QUESTION)
    options = parser.parse_args()
    capture(options.url, options.folder, options.question)
