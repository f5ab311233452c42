"""A question made ready for search: misspellings mended, acronyms spelt out, the field's synonyms added."""

from __future__ import annotations

import re
from dataclasses import dataclass

from wordfreq import zipf_frequency

from knowledge.glossary import Glossary
from knowledge.index.lexical import LexicalIndex, terms

_WORD = re.compile(r"[^\W\d_]+")
_LONGEST_PHRASE = 6
MOST_WORDS = 0.6
KNOWN_ZIPF = 2.0
"""Words this frequent in French (wordfreq's scale, 0 to 8) are taken as well spelt."""


@dataclass(frozen=True)
class ExpandedQuery:
    """`terms` are the question's own (misspellings mended), `synonyms` those added; `dense_text` is embedded.

    `corrections` maps a term as typed to the term of the index it was taken for; `equivalents` gives, for a term of
    the question, the other phrases that say the same, as sets of terms.
    """

    text: str
    terms: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    dense_text: str = ""
    corrections: tuple[tuple[str, str], ...] = ()
    equivalents: tuple[tuple[str, tuple[frozenset[str], ...]], ...] = ()

    def says(self, term: str, found: frozenset[str]) -> bool:
        """True when a text with the terms `found` says the same as `term` in other words.

        Most of the words of one other phrase must be there: one word in common says nothing.
        """
        return any(len(words & found) >= MOST_WORDS * len(words) for words in self.alternatives(term))

    def alternatives(self, term: str) -> tuple[frozenset[str], ...]:
        """The other phrases that say the same as `term`, as sets of terms."""
        return dict(self.equivalents).get(term, ())


class QueryExpander:
    """Expands questions with the glossary's acronyms and synonyms; phrases are matched on stemmed words."""

    def __init__(self, glossary: Glossary) -> None:
        self._acronyms: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._synonyms: dict[tuple[str, ...], set[str]] = {}
        for acronym, expansions in glossary.acronyms.items():
            self._acronyms[_phrase(acronym)] = expansions
            for expansion in expansions:
                self._synonyms.setdefault(_phrase(expansion), set()).add(acronym)
        for group in glossary.synonyms:
            for phrase in group:
                self._synonyms.setdefault(_phrase(phrase), set()).update(p for p in group if p != phrase)

    def expand(self, text: str, lexical: LexicalIndex) -> ExpandedQuery:
        """`text` expanded for the dense and the lexical leg of a search over `lexical`."""
        corrections = _corrections(text, lexical)
        own = tuple(dict.fromkeys(corrections.get(term, term) for term in terms(text)))
        spelt_out: list[str] = []
        equivalents: dict[str, list[frozenset[str]]] = {}
        for phrase in _phrases_of(text):
            said = [*self._acronyms.get(phrase, ()), *sorted(self._synonyms.get(phrase, ()))]
            spelt_out.extend(self._acronyms.get(phrase, ()))
            alternatives = [words for other in said if (words := frozenset(terms(other)))]
            for term in phrase:
                equivalents.setdefault(term, []).extend(alternatives)
        added = (term for found in equivalents.values() for words in found for term in sorted(words))
        synonyms = dict.fromkeys(term for term in added if term not in own)
        dense_text = text + (f" ({' ; '.join(dict.fromkeys(spelt_out))})" if spelt_out else "")
        return ExpandedQuery(
            text=text,
            terms=own,
            synonyms=tuple(synonyms),
            dense_text=dense_text,
            corrections=tuple(corrections.items()),
            equivalents=tuple((term, tuple(found)) for term, found in equivalents.items() if found),
        )


def _phrase(text: str) -> tuple[str, ...]:
    return tuple(terms(text, keep_stop_words=True))


def _phrases_of(text: str) -> list[tuple[str, ...]]:
    words = _phrase(text)
    return [
        words[start : start + length]
        for length in range(1, _LONGEST_PHRASE + 1)
        for start in range(len(words) - length + 1)
    ]


def _corrections(text: str, lexical: LexicalIndex) -> dict[str, str]:
    """Terms of the question that no passage has, with the term meant: accents left out, or a misspelling.

    A word that French knows is never "mended" into another one.
    """
    found: dict[str, str] = {}
    for word in _WORD.findall(text):
        for term in terms(word):
            if lexical.knows(term):
                continue
            meant = lexical.unaccented(word)
            if meant is None and not word.isupper() and zipf_frequency(word.lower(), "fr") < KNOWN_ZIPF:
                meant = lexical.nearest(word)
            if meant:
                found[term] = meant
    return found
