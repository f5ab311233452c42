"""What a question asks for, read from its words: its shape, and the facts an answer must not swap for others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from wordfreq import zipf_frequency

from assistant.answering import wording
from assistant.answering.wording import Shape
from knowledge.index.lexical import fold, terms


@dataclass(frozen=True)
class QuestionShape:
    """`shape` is the kind of answer expected; `years`, `percentages` are those written in the question.

    `capitalised` are the terms it writes with a capital inside the sentence, `everyday` those that are common
    nouns all the same; `uses_capitals` tells whether capitals mean anything in it; `french` is false when it is in
    another language.
    `asked` are the terms of the noun asked for (« quelle couleur »), none when any answer names another thing
    (« quel organisme »); `names` are its names of several words, folded (« territoires volontaires »).
    """

    shape: Shape
    years: tuple[str, ...] = ()
    percentages: tuple[str, ...] = ()
    capitalised: frozenset[str] = frozenset()
    everyday: frozenset[str] = frozenset()
    uses_capitals: bool = True
    french: bool = True
    answer_types: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def is_given_by(self, text: str) -> bool:
        """True when `text` holds something of each type that the question asks for (a telephone number, a rate…)."""
        return all(
            gives.search(text) for name, _, gives in wording.ANSWER_TYPES_BY_PATTERN if name in self.answer_types
        )


def analyse(question: str, asking: str | None = None) -> QuestionShape:
    """The shape of `question`, by its first matching turn of phrase; "open" when none matches.

    `asking` is the part that asks, when the rest only says what it is about; names are read in the whole.
    """
    asking = question if asking is None else asking
    folded = fold(asking).strip()
    capitals = question != question.lower()
    words = re.findall(r"[^\W\d_]+", question)
    first = words[0] if words else ""
    names = wording.NAME.findall(wording.VERB_AT_THE_HEAD.sub(" ", question))
    inside = [name for name in names if name != first or (name.isupper() and len(name) > 1)]
    return QuestionShape(
        shape=next((name for name, pattern in wording.SHAPES_BY_PATTERN if pattern.search(folded)), "open"),
        years=tuple(dict.fromkeys(wording.YEAR.findall(question))),
        percentages=tuple(wording.PERCENT.findall(question)),
        capitalised=frozenset(term for name in inside for term in terms(name)),
        everyday=frozenset(term for word in words if _is_everyday(word.lower(), capitals) for term in terms(word)),
        uses_capitals=capitals,
        french=is_french([word.lower() for word in words]),
        asked=asked_noun(asking),
        names=tuple(fold(name) for name in wording.LONG_NAME.findall(question)),
        answer_types=tuple(name for name, asks, _ in wording.ANSWER_TYPES_BY_PATTERN if asks.search(folded)),
    )


def _is_everyday(word: str, capitals: bool) -> bool:
    return word in wording.CAPITALISED_NOUNS or (not capitals and zipf_frequency(word, "fr") >= wording.EVERYDAY_ZIPF)


def asked_noun(question: str) -> tuple[str, ...]:
    """The terms of the noun after « quel » or « combien de », or of the verb after « qui », unless it is generic."""
    folded = fold(question).strip()
    found = wording.ASKED.search(folded) or wording.WHO_DOES.search(folded)
    if found is None or wording.GENERIC.fullmatch(found.group(1)):
        return ()
    # The word as typed: its stem depends on its accents.
    typed = next((w for w in re.findall(r"[^\W\d_]+", question) if fold(w) == found.group(1)), found.group(1))
    return tuple(terms(typed))


def is_french(words: Sequence[str]) -> bool:
    """False when the small words of another European language outnumber those of French."""
    return sum(word in wording.FOREIGN_WORDS for word in words) <= sum(word in wording.FRENCH_WORDS for word in words)
