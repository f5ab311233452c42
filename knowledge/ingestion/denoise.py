"""Repair of words that extraction or character recognition broke, only where a French dictionary is certain.

Letter-spaced words are found as the cheapest way of joining neighbouring fragments into words: a join is allowed
only when one of the fragments is no word by itself and the whole is one. Nothing is ever split or guessed.
"""

from __future__ import annotations

import math
import re
from functools import cache

SPACE_OR_WORD = re.compile(r"[^\W\d_]+|\s+|[^\w\s]|[\d_]+")
ELISION = r"[LlDdJjNnSsMmCcTt]|[Qq]u|QU|[Ll]orsqu|[Pp]uisqu|[Jj]usqu"
SPACE_BEFORE_APOSTROPHE = re.compile(rf"(?<!\w)({ELISION})[^\S\n]+(?=’\w)")
SPACE_AFTER_APOSTROPHE = re.compile(rf"(?<!\w)((?:{ELISION})’)[^\S\n]+(?=[aeiouyhàâéèêëîïôùœAEIOUYHÀÂÉÈÊËÎÏÔÙŒ])")
CAPITAL_I_FOR_L = re.compile(r"(?<![\w’])I’(?=[aeiouyhàâéèêîôœAEIOUYHÀÂÉÈÊÎÔŒ])")
QUOTE_FOR_APOSTROPHE = re.compile(r"(?<![\w\"])([LlDdJjNnSsMmTtCc]|[Qq]u)\"(?=[aeiouyhàâéèêîôœ]\w)")
CE_FOR_OE = re.compile(r"(?<!\w)(\w*?)(ceu|CEU)(\w+)")
UNKNOWN_WORD = re.compile(r"(?<![\w’'@./-])[a-zà-ÿœ]{6,}(?![\w’'@/-])")
LONE_A = re.compile(r"(?<=[\s,;(])(?:d|4|a)[^\S\n]+(?=(?:travers|partir|savoir)\b)")
CONFUSED = (("f", "t"), ("t", "f"), ("c", "e"), ("e", "c"), ("l", "i"), ("rn", "m"), ("vv", "w"))

_SHORT_WORDS = (
    "ai al an as au ce ci de du dû eh el en es et eu eux fa ha hé il in je la le lu lui là ma me"
    " mi mu ne ni no nu né of on or os ou où pu qu ré sa se si st su ta te to tu un us va vs vu ça"
)
SHORT_WORDS = frozenset(_SHORT_WORDS.split())
ONE_LETTER_WORDS = frozenset("aàyô")
FEWEST_MARKS = 2
MAX_WORD = 26
"""Longest word worth looking for, in letters: bounds the search on any input."""
FREQUENT_ENOUGH = {3: 5.5, 2: 5.5, 4: 3.3, 5: 2.8}
"""Zipf frequency from which a joined word of so many letters is believed; 2.0 for longer ones."""


@cache
def _frequencies() -> dict[str, float]:
    from wordfreq import get_frequency_dict  # 0.4 s to load: only when a text needs it

    return get_frequency_dict("fr", "large")


def zipf(word: str) -> float:
    """The base-ten logarithm of how often `word` occurs in a billion French words, 0 when it never does."""
    frequency = _frequencies().get(word.lower(), 0.0)
    return math.log10(frequency) + 9 if frequency else 0.0


def is_word(fragment: str) -> bool:
    """Whether `fragment` may stand alone in French (short ones are listed: any two letters occur somewhere)."""
    word = fragment.lower()
    if len(word) == 1:
        return word in ONE_LETTER_WORDS
    if len(word) == 2:
        return word in SHORT_WORDS
    return zipf(word) >= {3: 4.0, 4: 3.2, 5: 2.8, 6: 2.8}.get(len(word), 2.0)


def mend(text: str) -> str:
    """`text` with broken words repaired; its line ends are kept, they weigh as wide gaps."""
    text = SPACE_BEFORE_APOSTROPHE.sub(r"\1", text)
    text = SPACE_AFTER_APOSTROPHE.sub(r"\1", text)
    text = CAPITAL_I_FOR_L.sub("l’", text)
    text = QUOTE_FOR_APOSTROPHE.sub(r"\1’", text)
    if "ceu" in text or "CEU" in text:
        text = CE_FOR_OE.sub(_restore_oe, text)
    return _join_fragments(text)


def looks_recognised(text: str) -> bool:
    """Whether `text` has the marks of character recognition: I for l, a quote for an apostrophe, « ce » for « œ »."""
    marks = len(CAPITAL_I_FOR_L.findall(text)) + len(QUOTE_FOR_APOSTROPHE.findall(text))
    if marks < FEWEST_MARKS and ("ceu" in text or "CEU" in text):
        marks += sum(_restore_oe(match) != match[0] for match in CE_FOR_OE.finditer(text))
    return marks >= FEWEST_MARKS


def mend_recognised(text: str) -> str:
    """`mend`, then the letters that character recognition confuses, when exactly one reading is a French word."""
    repaired = UNKNOWN_WORD.sub(_restore_letter, mend(text))
    return LONE_A.sub("à ", repaired) if repaired != text else repaired


def _restore_oe(match: re.Match[str]) -> str:
    ligature = "Œu" if match[2].isupper() or (not match[1] and match[0][0].isupper()) else "œu"
    candidate = match[1] + (ligature.upper() if match[2].isupper() else ligature) + match[3]
    return candidate if zipf(candidate) >= 3 and zipf(match[0]) <= zipf(candidate) - 2 else match[0]


def _restore_letter(match: re.Match[str]) -> str:
    word = match[0]
    if zipf(word) > 0:
        return word
    readings = {
        word[: at.start()] + right + word[at.end() :] for wrong, right in CONFUSED for at in re.finditer(wrong, word)
    }
    known = [reading for reading in readings if zipf(reading) >= 3.5]
    return known[0] if len(known) == 1 else word


def _join_fragments(text: str) -> str:
    tokens = SPACE_OR_WORD.findall(text)
    out: list[str] = []
    run: list[str] = []  # words and the white space between them
    for index, token in enumerate(tokens):
        follower = tokens[index + 1] if index + 1 < len(tokens) else ""
        is_gap = token.isspace() and bool(run) and not run[-1].isspace() and follower.isalpha()
        if is_gap or (token.isalpha() and follower not in {"’", "@"}):
            run.append(token)
        else:
            out.extend(_mend_run(run))
            run = []
            out.append(token)
    out.extend(_mend_run(run))
    return "".join(out)


def _mend_run(run: list[str]) -> list[str]:
    if len(run) < 3:
        return run
    if run[-1].isspace():
        return [*_mend_run(run[:-1]), run[-1]]
    words = run[0::2]
    broken = [not is_word(word) for word in words]
    if not any(broken):
        return run
    mended = _cheapest(run, words, broken, shortest=4)
    if len(mended) < len(run):
        # A line proved letter-spaced: its short words ("l a", "u n e") can be believed too.
        mended = _cheapest(run, words, broken, shortest=2)
    return mended


def _cheapest(run: list[str], words: list[str], broken: list[bool], shortest: int) -> list[str]:
    """The words of `run` after the least costly joins, with the white space left between them."""
    gaps = run[1::2]
    count = len(words)
    best: list[float] = [0.0] + [math.inf] * count
    came_from = [0] * (count + 1)
    for end in range(1, count + 1):
        letters, wide, pieces_broken = 0, 0, 0
        for start in range(end - 1, -1, -1):
            letters += len(words[start])
            pieces_broken += broken[start]
            if end - start > 1:
                wide += len(gaps[start]) > 1 or gaps[start] == "\n"
            if letters > MAX_WORD:
                break
            cost = _cost(words[start:end], pieces_broken, wide, shortest)
            if best[start] + cost < best[end]:
                best[end], came_from[end] = best[start] + cost, start
    pieces: list[str] = []
    end = count
    while end:
        start = came_from[end]
        pieces.append("".join(words[start:end]))
        if start:
            pieces.append(gaps[start - 1])
        end = start
    return pieces[::-1]


def _cost(words: list[str], broken: int, wide: int, shortest: int) -> float:
    if len(words) == 1:
        return 9 + 0.8 * len(words[0]) if broken else max(0.5, 8 - zipf(words[0]))
    joined = "".join(words)
    if len(joined) < shortest or not (joined.islower() or joined.isupper() or joined.istitle()):
        return math.inf
    if not _believable(words, broken, spaced=shortest < 4):
        return math.inf
    frequency = zipf(joined)
    if frequency < FREQUENT_ENOUGH.get(len(joined), 2.0):
        return math.inf
    return 8 - frequency + 3 * wide


def _believable(words: list[str], broken: int, spaced: bool) -> bool:
    """Whether so many broken pieces justify a join: names beside a word (« Ben Mor et ») must stay apart."""
    if len(words) == 2 and broken == 1:
        return words[1] in {"s", "S"} or (spaced and sum(map(len, words)) <= 3)
    return broken >= len(words) - broken
