"""Characters, line ends and hyphens put right: what every loader applies before structure is looked for."""

from __future__ import annotations

import re
import unicodedata

from knowledge.ingestion.denoise import mend, mend_recognised, zipf

APOSTROPHE = "’"
_SPACES = dict.fromkeys(map(ord, "\u00a0\u202f\u2007\u2009\u200a\u2002\u2003\u2004\u2005\u2006\u2008\u3000\t"), " ")
_NOTHING = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_HYPHENS = dict.fromkeys(map(ord, "\u2010\u2011\u0002\ufffe"), "-")
_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
_CHARACTERS: dict[int, str | None] = {**_SPACES, **_NOTHING, **_HYPHENS, **_LIGATURES}
_STRAIGHT_APOSTROPHE = re.compile(r"(?<=\w)['‘ʼ´`](?=[\w«])")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_PRIVATE = re.compile(r"[\ue000-\uf8ff\ufffd]")
_MANY_SPACES = re.compile(r"[^\S\n]{2,}")
_HYPHEN_AT_END = re.compile(r"([^\W_]{1,40})-[^\S\n]*\n\s*([^\W_]{1,40})")
_LINE_END = re.compile(r" ?\n\s*")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")

_PREFIXES = (
    "anti après arrière auto avant bi bio ci co contre demi entre ex extra géo haut infra inter intra là micro mi mini"
    " multi non nord ouest par pluri post pré quasi saint sainte semi socio sous sud sur tri trans ultra vice vis"
)
PREFIXES = frozenset(_PREFIXES.split())
"""Words that often keep a hyphen: « sous-jacents », « co-financements », « vis-à-vis »."""


def normalise(text: str) -> str:
    """`text` with one form for each space, hyphen, apostrophe and ligature, without control characters."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = re.sub("\u00ad[^\\S\n]*\n", "-\n", text).translate(_CHARACTERS)
    return _STRAIGHT_APOSTROPHE.sub(APOSTROPHE, _CONTROL.sub("", text))


def clean(text: str, recognised: bool = False) -> str:
    """One line of readable text from the lines of a paragraph; `recognised` when it comes from an image."""
    text = _HYPHEN_AT_END.sub(_rejoin, normalise(text))
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[0])
        return f"\ue000{len(kept) - 1}\ue001"

    text = _PRIVATE.sub(" ", text)
    text = _ADDRESS.sub(keep, text)
    text = mend_recognised(text) if recognised else mend(text)
    text = re.sub("\ue000(\\d+)\ue001", lambda match: kept[int(match[1])], text)
    text = _LINE_END.sub(" ", _MANY_SPACES.sub(" ", text)).strip()
    return re.sub(r" ([,.)\]])(?=\s|$)", r"\1", text)


def _rejoin(match: re.Match[str]) -> str:
    """Both sides of a hyphen at a line end, as one word or as a compound, whichever French has."""
    left, right = match[1], match[2]
    if not (left.isalpha() and right.isalpha()) or not right[0].islower():
        return f"{left}-{right}"
    joined = zipf(left + right)
    if left.lower() in PREFIXES:
        # « socio-économique » keeps its hyphen although both forms occur: two vowels meet.
        believed = joined >= (3.0 if left[-1] in "oiaé" and right[0] in "aeéèiou" else 2.0)
        return left + right if believed else f"{left}-{right}"
    if joined == 0 and zipf(left) >= 3 and zipf(right) >= 3:
        return f"{left}-{right}"
    return left + right
