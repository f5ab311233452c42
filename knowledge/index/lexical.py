"""French terms and BM25: accents folded, elisions split, numbers and article references kept whole."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import bm25s
import numpy as np
import Stemmer
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

_TOKEN = re.compile(
    r"(?P<mail>[\w.+-]+@[\w-]+\.[\w.-]+)"
    r"|(?P<article>\b[lrd]\.? ?\d{3,4}(?:-\d+)+)"
    r"|(?P<number>\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)(?:,\d+)?|\d+(?:[.,]\d+)?)"
    r"|(?P<word>[^\W\d_]+)"
)
_ELISION = re.compile(r"\b(?:[ldjnsmct]|qu|jusqu|lorsqu|puisqu|quoiqu)['’]", re.IGNORECASE)
STOP_WORDS = frozenset(
    """
    a à au aux avec ai as afin ainsi alors après avant avoir avons avez ont aura auront autre autres car
    ce ceci cela ces cet cette ceux chaque ci comme comment d dans de des donc dont du elle elles en
    encore entre es est et étaient était être eu faut font fait faire il ils j je l la le les leur leurs
    lors lui m ma mais me mes moi mon n ne ni nos notre nous on or ou où par parce pas peu peut peuvent
    plus pour pourquoi qu quand que quel quelle quelles quels qui quoi s sa sans se sera seront ses si
    soit son sont sous sur t ta te tes toi ton tous tout toute toutes très tu un une vos votre vous y ça
    etre meme même lequel laquelle lesquels lesquelles combien
    """.split()
)
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
_local = threading.local()


def fold(text: str) -> str:
    """`text` lower-cased, without accents, ligatures opened, apostrophes straight."""
    text = text.lower().replace("œ", "oe").replace("æ", "ae").replace("’", "'")
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def terms(text: str, *, keep_stop_words: bool = False) -> list[str]:
    """The index terms of `text`, in order: stemmed words, whole numbers ("1500000"), articles ("l1115-1")."""
    found: list[str] = []
    for match in _TOKEN.finditer(_ELISION.sub(" ", text.lower())):
        token = match.group()
        if match.lastgroup == "word":
            if token in STOP_WORDS and not keep_stop_words:
                continue
            found.append(_stem(token))
        elif match.lastgroup == "number":
            found.append(re.sub(r"[ \u00a0\u202f]", "", token).replace(",", "."))
        else:
            found.append(re.sub(r"[. ]", "", token) if match.lastgroup == "article" else fold(token))
    return found


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    stemmer = getattr(_local, "stemmer", None)
    if stemmer is None:
        # A Stemmer holds a working buffer and must not be shared between threads.
        stemmer = _local.stemmer = Stemmer.Stemmer("french")
    return fold(stemmer.stemWord(word)) or fold(word)


_WORD_IN_LINE = re.compile(r"(?P<opening>(?:^|[.!?:•«>|–—-])\s*(?:[ldLD]['’])?)?(?<![^\W\d_])(?P<word>[^\W\d_]{2,})")
_PROPER_SHARE = 0.8


def proper_terms(texts: Sequence[str]) -> frozenset[str]:
    """The terms written with a capital in at least four of five places where nothing else asks for one.

    The first word of a sentence and lines in capitals say nothing; an acronym inside a sentence counts.
    """
    capital: dict[str, int] = {}
    total: dict[str, int] = {}
    for text in texts:
        for line in text.splitlines():
            if line.isupper():
                continue
            for match in _WORD_IN_LINE.finditer(line):
                word = match.group("word")
                if match.group("opening") is not None and not word.isupper():
                    continue
                term = _stem(word.lower())
                total[term] = total.get(term, 0) + 1
                capital[term] = capital.get(term, 0) + word[0].isupper()
    return frozenset(term for term, n in total.items() if capital[term] >= _PROPER_SHARE * n)


class LexicalIndex:
    """BM25 (Robertson and Zaragoza, 2009) over the terms of the passages."""

    def __init__(self, texts: Sequence[str]) -> None:
        tokens = [terms(text) for text in texts]
        self.document_terms = [frozenset(doc) for doc in tokens]
        self.size = len(tokens)
        self._frequency: dict[str, int] = {}
        for doc in self.document_terms:
            for term in doc:
                self._frequency[term] = self._frequency.get(term, 0) + 1
        self._bm25 = bm25s.BM25() if self._frequency else None
        if self._bm25 is not None:
            self._bm25.index(tokens, show_progress=False)
        self._proper = proper_terms(texts)
        self._unaccented = {fold(word): _stem(word) for text in texts for word in _LONG_WORD.findall(text.lower())}
        self._words = list(self._unaccented)

    def scores(self, query_terms: Sequence[str]) -> NDArray[np.float32]:
        """One BM25 score a passage, (n,), higher is closer."""
        known = [term for term in query_terms if term in self._frequency]
        if self._bm25 is None or not known:
            return np.zeros(self.size, dtype=np.float32)
        return np.asarray(self._bm25.get_scores(known), dtype=np.float32)

    def idf(self, term: str) -> float:
        """The weight of `term`, in [0, log(n + 1)]; the greatest for a term of no passage."""
        return float(np.log((self.size + 1) / (self._frequency.get(term, 0) + 1)))

    def knows(self, term: str) -> bool:
        """True when some passage has `term`."""
        return term in self._frequency

    def is_proper(self, term: str) -> bool:
        """True when the documents write `term` with a capital inside sentences: a name or an acronym."""
        return term in self._proper

    def unaccented(self, word: str) -> str | None:
        """The term of the index for a word typed without its accents ("deliberation"), or None."""
        return self._unaccented.get(fold(word))

    def nearest(self, word: str) -> str | None:
        """The term of the word of the documents that `word` misspells, or None when none is near enough.

        Whole words are compared: a fault in an ending (« financment ») changes the stem too much.
        """
        folded = fold(word)
        if len(folded) < 5 or not folded.isalpha():
            return None
        allowed = 1 if len(folded) < 8 else 2
        best = process.extractOne(folded, self._words, scorer=DamerauLevenshtein.distance, score_cutoff=allowed)
        return self._unaccented[best[0]] if best else None
