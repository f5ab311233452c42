"""Whether an expected fact stands in a text, whatever the typography, the unit or the way a date is written.

Both sides are reduced to canonical tokens ("200 K€", "200 000 €" and "200 mille euros" all become `200000 eur`),
then the tokens of the fact are looked for in a row.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal

Fact = str | Sequence[str]
"""A fact, or the variants of which one is enough."""

_MONTHS = (
    "janvier", "fevrier", "mars", "avril", "mai", "juin",
    "juillet", "aout", "septembre", "octobre", "novembre", "decembre",
)  # fmt: skip
_NUMERALS = {
    "zero": "0", "un": "1", "une": "1", "deux": "2", "trois": "3", "quatre": "4", "cinq": "5", "six": "6",
    "sept": "7", "huit": "8", "neuf": "9", "dix": "10", "onze": "11", "douze": "12", "treize": "13",
    "quatorze": "14", "quinze": "15", "seize": "16", "vingt": "20", "trente": "30", "quarante": "40",
    "cinquante": "50", "soixante": "60", "cent": "100",
}  # fmt: skip
_ORDINALS = {"premier": "1e", "premiere": "1e", "deuxieme": "2e", "seconde": "2e", "troisieme": "3e"}
_FACTORS = {"k": 1_000, "mille": 1_000, "m": 1_000_000, "million": 1_000_000, "md": 10**9, "milliard": 10**9}

_PHONE = re.compile(r"(?<!\d)(?:\+33 ?|0)([1-9](?:[ .-]?\d{2}){4})(?!\d)")
_ISO_DATE = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
_NUMERIC_DATE = re.compile(r"(?<!\d)(\d{1,2})/(\d{1,2})/(\d{4})(?!\d)")
_FIRST_OF_MONTH = re.compile(rf"\b1 ?er(?= (?:{'|'.join(_MONTHS)}))")
_ORDINAL_FIGURE = re.compile(r"\b(\d+) ?(?:er|ere|re|eme|ieme|nd|nde|e)\b")
_ARTICLE = re.compile(r"\b([lrd])(?: ?\. ?\*?| )(\d{2,4}(?:-\d+)+)|\b([lrd]) ?\. ?\*?(\d{2,4})\b")
_YEARS = re.compile(r"(?<!\d)((?:19|20)\d\d) ?(?:-|a|et) ?((?:19|20)\d\d)(?!\d)")
_THOUSANDS = re.compile(r"(?<![\d,.])(\d{1,3})((?:[ .]\d{3})+)(?![\d])")
_DECIMAL = re.compile(r"(?<=\d),(?=\d)")
_FACTOR = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?) ?(k|mille|millions?|milliards?|md|m)(?= ?€| ?eur| d'euro|\b)")
_BARE_FACTORS = {"k", "m", "md"}
_EURO = re.compile(r" ?(?:€|\beuros?\b|\beur\b)")
_TOKEN = re.compile(r"[lrd]\d{2,4}(?:-\d+)+|\d+(?:\.\d+)?e?|[a-z]+\d*")
_WORD_BREAK = re.compile(r"(?<=[a-z])-[ \t]*\n\s*(?=[a-z])")
_NUMBER_BREAK = re.compile(r"(?<=\d)-[ \t]*\n\s*(?=\d)")
_MARK = re.compile(r"\[\d+\](?:\([^)]*\))?")
_LIST_NUMBER = re.compile(r"(?m)^\s*\d+[.)]\s")


def tokens(text: str, *, numerals: bool = True) -> list[str]:
    """Canonical tokens of `text`; `numerals` also turns French number words into figures."""
    text = _fold(text)
    text = _NUMBER_BREAK.sub("-", _WORD_BREAK.sub("", text))
    text = re.sub(r"\s+", " ", text)
    text = _PHONE.sub(lambda m: " tel0" + re.sub(r"\D", "", m[1]), text)
    text = _dates(text)
    text = _ARTICLE.sub(lambda m: f" {m[1] or m[3]}{m[2] or m[4]} ", text)
    text = _YEARS.sub(r"\1 \2", text)
    text = _numbers(text)
    found = _TOKEN.findall(text)
    if numerals:
        found = [_NUMERALS.get(token, _ORDINALS.get(token, token)) for token in found]
    return [_singular(token) for token in found]


def fact_found(fact: Fact, text: str) -> bool:
    """True when `fact`, or one of its variants, stands in `text`."""
    return not missing_facts([fact], text)


def missing_facts(facts: Sequence[Fact], text: str) -> list[Fact]:
    """The facts that do not stand in `text`, in their order."""
    known = tokens(text)
    return [fact for fact in facts if not any(run_found(tokens(variant), known) for variant in _variants(fact))]


def squash(text: str) -> str:
    """Letters and figures of `text` only: blind to hyphenation, letter-spacing and line breaks."""
    return re.sub(r"[^a-z0-9]", "", _fold(text))


def evidence_found(evidence: Sequence[str], text: str) -> bool:
    """True when one of the fragments occurs in `text`, spaces and hyphens aside."""
    squashed = squash(text)
    return any(squash(fragment) in squashed for fragment in evidence)


def without_marks(text: str) -> str:
    """`text` without its [n] citation marks, which would read as numbers."""
    return _MARK.sub(" ", text)


def figures(text: str) -> list[tuple[str, ...]]:
    """The verifiable figures of an answer: dates, amounts, percentages, articles, phone numbers, plain numbers.

    Each is the run of canonical tokens that a source must hold. Citation marks and list numbers are not figures.
    """
    text = _LIST_NUMBER.sub("", without_marks(text))
    found = tokens(text, numerals=False)
    runs: list[tuple[str, ...]] = []
    position = 0
    while position < len(found):
        run = _figure_at(found, position)
        if run:
            runs.append(run)
        position += max(len(run), 1)
    return runs


def run_found(run: Sequence[str], known: Sequence[str]) -> bool:
    """True when the tokens of `run` follow each other in `known`; an empty run is never found."""
    return bool(run) and f" {' '.join(run)} " in f" {' '.join(known)} "


def _variants(fact: Fact) -> Sequence[str]:
    return [fact] if isinstance(fact, str) else fact


def _figure_at(found: Sequence[str], position: int) -> tuple[str, ...]:
    token = found[position]
    if not any(character.isdigit() for character in token):
        return ()
    following = list(found[position + 1 : position + 3])
    if following and following[0] in _MONTHS_SINGULAR and token.isdigit():
        with_year = len(following) == 2 and re.fullmatch(r"(?:19|20)\d\d", following[1])
        return (token, *following[: 2 if with_year else 1])
    if following and following[0] in {"eur", "pct"}:
        return (token, following[0])
    return (token,)


def _fold(text: str) -> str:
    """`text` in lower case, without accents, with plain apostrophes, hyphens and spaces."""
    text = unicodedata.normalize("NFKC", text).lower().replace("œ", "oe").replace("æ", "ae")
    text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return re.sub("[‐‑‒–—−]", "-", re.sub("[’ʼ`´]", "'", text.replace("\u00ad", "")))


def _dates(text: str) -> str:
    text = _ISO_DATE.sub(lambda m: _spoken_date(m[3], m[2], m[1], m[0]), text)
    text = _NUMERIC_DATE.sub(lambda m: _spoken_date(m[1], m[2], m[3], m[0]), text)
    text = _FIRST_OF_MONTH.sub("1", text)
    text = re.sub(rf"(?<!\d)0(?=\d (?:{'|'.join(_MONTHS)}))", "", text)
    return _ORDINAL_FIGURE.sub(r" \1e ", text)


def _spoken_date(day: str, month: str, year: str, original: str) -> str:
    if not 1 <= int(month) <= 12:
        return original
    return f"{int(day)} {_MONTHS[int(month) - 1]} {year}"


def _numbers(text: str) -> str:
    text = _THOUSANDS.sub(lambda m: m[1] + re.sub(r"\D", "", m[2]), text)
    text = _DECIMAL.sub(".", text)
    text = _FACTOR.sub(_multiplied, text)
    text = re.sub(r"(?<=\d) +d'euros?\b", " eur", text)
    text = _EURO.sub(" eur ", text)
    return re.sub(r" ?(?:%|\bpour ?cent\b|\bpourcents?\b)", " pct ", text)


def _multiplied(match: re.Match[str]) -> str:
    unit = match[2].rstrip("s") if len(match[2]) > 2 else match[2]
    followed_by_money = re.match(r" ?(?:€|eur|d'euro)", match.string[match.end() :])
    if unit in _BARE_FACTORS and not followed_by_money:
        return match[0]
    value = Decimal(match[1]) * _FACTORS[unit]
    return f"{value.normalize():f}" + " "


def _singular(token: str) -> str:
    return token[:-1] if len(token) > 3 and token.isalpha() and token[-1] in "sx" else token


_MONTHS_SINGULAR = frozenset(_singular(month) for month in _MONTHS)
