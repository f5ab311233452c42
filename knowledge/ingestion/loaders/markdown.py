"""Markdown, and text that uses its marks."""

from __future__ import annotations

import html
import re

from knowledge.documents import Block, BlockKind
from knowledge.ingestion.cleaning import clean
from knowledge.ingestion.lines import BULLET
from knowledge.ingestion.tables import row_blocks

HEADING = re.compile(r"^ {0,3}(#{1,6})\s+(.+?)\s*#*\s*$")
ITEM = re.compile(r"^\s*(?:[-*+•]|(\d{1,3}[.)]))\s+(.*)$")
TABLE_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")
FENCE = re.compile(r"^\s*(?:```|~~~)")
RULE = re.compile(r"^\s*(?:[-*_]\s*){3,}$")
LINK = re.compile(
    r"\[([^\[\]]{1,500})\]"
    r"\([^()\s]{0,500}(?:\([^()]{0,100}\)[^()\s]{0,100})?(?:\s+\"[^\"]{0,200}\")?\)"
)
SETEXT = re.compile(r"^(=+|-+)\s*$")


def looks_like_markdown(text: str) -> bool:
    """Whether a plain text uses Markdown's titles or tables."""
    lines = text.split("\n")
    titles = sum(bool(HEADING.match(line)) for line in lines)
    tables = sum(bool(TABLE_RULE.match(line)) and "|" in line for line in lines)
    return titles >= 1 or tables >= 1


def read_markdown(text: str) -> list[Block]:
    """The blocks of a Markdown text; front matter, comments and code fences' marks are left out."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    text = re.sub(r"\A---\n.*?\n(?:---|\.\.\.)\n", "", text, count=1, flags=re.S)
    text = re.sub(r"<!--.*?(?:-->|\Z)", "", text, flags=re.S)
    reader = _Reader()
    for line in text.split("\n"):
        reader.take(line)
    reader.flush()
    return reader.blocks


class _Reader:
    """Takes lines one by one; `lines` are those of the block being read, of kind `kind`."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.lines: list[str] = []
        self.kind = "paragraph"
        self.fenced = False

    def take(self, line: str) -> None:
        if FENCE.match(line):
            self.flush()
            self.fenced = not self.fenced
        elif self.fenced:
            self.lines.append(line)
        elif not line.strip():
            self.flush()
        elif heading := HEADING.match(line):
            self.flush()
            self._add("title", heading[2], line, len(heading[1]))
        elif self.lines and self.kind == "paragraph" and SETEXT.match(line) and "|" not in self.lines[-1]:
            self._add("title", " ".join(self.lines), "\n".join(self.lines), 1 if line[0] == "=" else 2)
            self.lines = []
        elif RULE.match(line):
            self.flush()
        elif "|" in line and (line.lstrip().startswith("|") or self.kind == "table" or TABLE_RULE.match(line)):
            self._switch("table", line)
        elif ITEM.match(line):
            self.flush()
            self.kind, self.lines = "item", [line]
        else:
            if self.kind == "table":
                self.flush()
            self.lines.append(line)

    def _switch(self, kind: str, line: str) -> None:
        if self.kind != kind:
            header = [self.lines.pop()] if self.lines and TABLE_RULE.match(line) and "|" in self.lines[-1] else []
            self.flush()
            self.kind, self.lines = kind, header
        self.lines.append(line)

    def flush(self) -> None:
        lines, kind = self.lines, self.kind
        self.lines, self.kind = [], "paragraph"
        if not lines:
            return
        original = "\n".join(lines)
        if kind == "table":
            self.blocks.extend(_table(lines))
        elif kind == "item":
            match = ITEM.match(lines[0])
            number, first = (match[1], match[2]) if match else (None, lines[0])
            self._add("item", "\n".join([f"{number} {first}" if number else first, *lines[1:]]), original)
        else:
            self._add("paragraph", "\n".join(re.sub(r"^\s*>\s?", "", line) for line in lines), original)

    def _add(self, kind: BlockKind, text: str, original: str, level: int = 0) -> None:
        for piece in re.split(r"(?: {2,}|\\)\n|<br\s*/?>", text) if kind == "paragraph" else [text]:
            plain = clean(inline(piece))
            bulleted = kind == "paragraph" and BULLET.match(plain)
            plain = BULLET.sub("", plain) if bulleted else plain.rstrip(" :") if kind == "title" else plain
            if any(character.isalnum() for character in plain):
                self.blocks.append(Block("item" if bulleted else kind, plain, original, level))


def inline(text: str) -> str:
    """`text` without Markdown's marks: emphasis, links (their address stays when it is all there is), code."""
    # Every span is bounded: an unclosed mark must not cost a search to the end of a long file.
    text = re.sub(r"!\[([^\]]{0,500})\]\([^)]{0,500}\)", r"\1", text)
    text = LINK.sub(r"\1", text)
    text = re.sub(r"<((?:https?://|mailto:)[^<>\s]{1,500}|[^<>\s@]{1,64}@[^<>\s]{1,200})>", r"\1", text)
    text = re.sub(r"</?[a-zA-Z][^>]{0,200}>", "", text)
    text = re.sub(r"(\*\*|__)(?=\S)(.{1,300}?)(?<=\S)\1", r"\2", text, flags=re.S)
    text = re.sub(r"(?<![\w*])\*(?=\S)([^*]{1,300}?)(?<=\S)\*(?![\w*])", r"\1", text)
    text = re.sub(r"(?<![\w_])_(?=\S)([^_]{1,300}?)(?<=\S)_(?![\w_])", r"\1", text)
    text = re.sub(r"`([^`]{1,300})`", r"\1", text.replace("**", ""))
    text = re.sub(r"\[\^[^\]]{1,60}\]", "", text)
    return html.unescape(re.sub(r"\\([\\`*_{}\[\]()#+.!|-])", r"\1", text))


def _table(lines: list[str]) -> list[Block]:
    rows = [[clean(inline(cell)) for cell in _cells(line)] for line in lines if not TABLE_RULE.match(line)]
    return row_blocks(rows, "\n".join(lines))


def _cells(line: str) -> list[str]:
    line = line.strip()
    line = line.removeprefix("|")
    if line.endswith("|") and not line.endswith("\\|"):
        line = line[:-1]
    return [cell.replace("\\|", "|").strip() for cell in re.split(r"(?<!\\)\|", line)]
