"""Dates as French readers write them."""

from __future__ import annotations

import re

_MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
_ISO = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


def french_date(value: str) -> str:
    """`2026-11-24` as « 24 novembre 2026 », `2026-11` as « novembre 2026 »; any other text as it is."""
    match = _ISO.fullmatch(value.strip())
    if match is None:
        return value
    year, month, day = match.groups()
    if month is None:
        return year
    if not 1 <= int(month) <= 12:
        return value
    words = [_MONTHS[int(month) - 1], year]
    if day is not None:
        words.insert(0, "1er" if int(day) == 1 else str(int(day)))
    return " ".join(words)
