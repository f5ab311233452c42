"""The little Markdown that answers use, as safe HTML.

Only paragraphs, lists, bold and [n] marks mean something. Everything else (HTML, links, images, tables) stays the
text it is, since answers carry words of documents that we did not write.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable

_ITEM = re.compile(r"\s*(?:[-*•]|(\d{1,2})[.)])\s+(.*)")
_HEADING = re.compile(r"#{1,6}\s+(.*)")
_BOLD = re.compile(r"\*\*(\S(?:.*?\S)?)\*\*")
_MARK = re.compile(r"\[(\d{1,3})\]")
_AFTER_MARKS = re.compile(r"(?<=\])(?=\s+(?!\[\d))")


def statements_shown(answer: str) -> list[str]:
    """`answer` growing by one statement at a time; the last one is the whole."""
    ends = [match.start() for match in _AFTER_MARKS.finditer(answer)]
    return [answer[:end] for end in ends] + [answer]


def to_html(text: str, mark: Callable[[int], str | None]) -> str:
    """`text` as HTML. `mark(n)` gives the address of citation n, None when there is none: [n] then stays text."""
    blocks: list[str] = []
    paragraph: list[str] = []
    items: list[str] = []
    list_tag = "ul"

    def close() -> None:
        if paragraph:
            blocks.append(f"<p>{'<br>'.join(paragraph)}</p>")
            paragraph.clear()
        if items:
            blocks.append(f"<{list_tag}>{''.join(f'<li>{item}</li>' for item in items)}</{list_tag}>")
            items.clear()

    for line in text.splitlines():
        item = _ITEM.match(line)
        heading = _HEADING.match(line)
        if not line.strip():
            # A blank line between two items does not end their list.
            if paragraph:
                close()
        elif item:
            tag = "ol" if item.group(1) else "ul"
            if paragraph or (items and tag != list_tag):
                close()
            list_tag = tag
            items.append(_inline(item.group(2), mark))
        elif heading:
            close()
            blocks.append(f'<p class="b-subtitle">{_inline(heading.group(1), mark)}</p>')
        else:
            if items:
                close()
            paragraph.append(_inline(line.strip(), mark))
    close()
    return "".join(blocks)


def _inline(text: str, mark: Callable[[int], str | None]) -> str:
    def link(match: re.Match[str]) -> str:
        number = int(match.group(1))
        address = mark(number)
        if address is None:
            return match.group(0)
        return f'<a class="b-mark" href="{html.escape(address)}"><span class="b-sr">source </span>{number}</a>'

    return _MARK.sub(link, _BOLD.sub(r"<strong>\1</strong>", html.escape(text)))
