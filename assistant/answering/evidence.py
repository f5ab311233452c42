"""Evidence: the units of the best passages, scored by how directly they answer the question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.question import QuestionShape
from knowledge.documents import Unit
from knowledge.index.lexical import terms
from knowledge.index.retrieval import Hit, SearchResult

SYNONYM_CREDIT = 0.6
TITLE_CREDIT = 0.5
FULL_STATEMENT_WORDS = 12
MOSTLY_CAPITALS = 0.4
ROW_LABEL_END = " — "

_FIGURE = re.compile(r"\d")
_AMOUNT = re.compile(
    r"\d[\d \u00a0\u202f.,]*(?:€|euros?|%|k€|m€|millions?|milliards?|ans?\b|mois|jours|semaines|heures)", re.I
)
_DATE = re.compile(
    r"\b(?:1[89]|20)\d{2}\b|\b\d{1,2}(?:er)? (?:janv|févr|mars|avr|mai|juin|juil|août|sept|oct|nov|déc)|\d{1,2}/\d{1,2}"
)
_CONTACT = re.compile(
    r"[\w.+-]+@[\w-]+\.\w|(?:\d{2}[ .]){4}\d{2}|\b\d{5} [A-ZÀ-Ý]|https?://|www\.|\b[\w-]+\.(?:org|fr|eu)\b"
)
_DEFINING = re.compile(
    r"\b(?:est|sont|désigne|signifie|consiste|correspond|décri(?:t|vent)|regroupe|réunit|fédère|constitue|permet)\b|"
    r"[\w’'] : "
)
_DUTY = re.compile(
    r"\b(?:peu(?:t|vent)|doi(?:t|vent)|obligat|facultati|possib|interdi|permet|autoris|nécessaire|faut)\w*"
)


@dataclass(frozen=True)
class Weights:
    """How much each sign counts; fitted on the development questions (docs/evaluation.md)."""

    cosine: float = 0.6
    passage: float = 0.9
    coverage: float = 2.5
    title: float = 1.0
    shape: float = 0.6
    given: float = 0.8
    label: float = 1.5
    stub: float = 4.0


@dataclass(frozen=True)
class Evidence:
    """A unit that may answer. `score` compares units of one question; `coverage` is the share of the question's
    weight found in the unit, its title and its passage, in [0, 1]."""

    hit: Hit
    index: int
    score: float
    cosine: float
    coverage: float

    @property
    def unit(self) -> Unit:
        return self.hit.passage.units[self.index]

    @property
    def text(self) -> str:
        return self.hit.passage.quote(self.unit)


class QuestionTerms:
    """The terms of a question with their weights, and the credit a text gets for them."""

    def __init__(self, result: SearchResult) -> None:
        self._query = result.query
        self.weights = {term: result.vocabulary.idf(term) for term in result.query.terms}
        self.total = sum(self.weights.values()) or 1.0

    def credits(self, found: frozenset[str]) -> dict[str, float]:
        """The share of each term's weight, in [0, 1], that the terms `found` in a text earn."""
        return {
            term: 1.0 if term in found else SYNONYM_CREDIT if self._query.says(term, found) else 0.0
            for term in self.weights
        }

    def names_row(self, unit: Unit, text: str) -> bool:
        """True when the question names the row: all the words of its first cell are its own, or say the same."""
        if unit.kind != "row" or ROW_LABEL_END not in text:
            return False
        label = frozenset(terms(re.sub(r"\(.*?\)", "", text.split(ROW_LABEL_END, 1)[0])))
        said = label & frozenset(self.weights)
        also = frozenset(t for term in self.weights for words in self._query.alternatives(term) for t in words)
        return bool(label) and len(said | (label & also)) == len(label)

    def coverage(self, credits: dict[str, float]) -> float:
        """The weighted mean of `credits`, in [0, 1]."""
        return sum(self.weights[term] * credit for term, credit in credits.items()) / self.total


def find_evidence(result: SearchResult, shape: QuestionShape, weights: Weights | None = None) -> list[Evidence]:
    """Every unit of the hits, the most direct first."""
    weights = weights or Weights()
    wanted = QuestionTerms(result)
    found = [evidence for hit in result.hits for evidence in _score_hit(hit, wanted, shape, result, weights)]
    return sorted(found, key=lambda evidence: -evidence.score)


def _score_hit(
    hit: Hit, wanted: QuestionTerms, shape: QuestionShape, result: SearchResult, weights: Weights
) -> Sequence[Evidence]:
    passage = hit.passage
    title = wanted.credits(frozenset(terms(" ".join((*passage.title_path, *hit.source.keywords)))))
    scored = []
    for index, (unit, cosine) in enumerate(zip(passage.units, hit.unit_cosines, strict=True)):
        text = passage.quote(unit)
        own = wanted.credits(frozenset(terms(text)))
        merged = {term: max(own[term], TITLE_CREDIT * title[term]) for term in own}
        score = (
            weights.cosine * (cosine - result.mean_dense) / result.std_dense
            + weights.passage * hit.score
            + weights.coverage * wanted.coverage(merged)
            + weights.title * wanted.coverage(title)
            + weights.shape * (shape_bonus(shape, text) + _list_bonus(shape, unit, text))
            + weights.given * (bool(shape.answer_types) and shape.is_given_by(text))
            + weights.label * wanted.names_row(unit, text)
            - weights.stub * _stub_share(unit, text, shape)
        )
        whole = {term: max(own[term], title[term]) for term in own}
        scored.append(Evidence(hit, index, score, cosine, wanted.coverage(whole)))
    return scored


def shape_bonus(shape: QuestionShape, text: str) -> float:
    """How well `text` has the form the question asks for, in [0, 4]: a figure, a date, an address, a definition."""
    if shape.shape == "figure":
        return 2.0 * bool(_AMOUNT.search(text)) or 0.8 * bool(_FIGURE.search(text))
    if shape.shape == "date":
        return 1.5 * bool(_DATE.search(text))
    if shape.shape == "contact":
        return 4.0 * bool(_CONTACT.search(text))
    if shape.shape == "definition":
        return 0.8 * bool(_DEFINING.search(text))
    if shape.shape == "yes_no":
        return 0.6 * bool(_DUTY.search(text))
    return 0.0


def _list_bonus(shape: QuestionShape, unit: Unit, text: str) -> float:
    """1 for a piece of a list when a list is asked for, else 0."""
    return float(shape.shape == "list" and (unit.kind != "sentence" or text.rstrip().endswith(":")))


def _stub_share(unit: Unit, text: str, shape: QuestionShape) -> float:
    """How far `text` is from a full statement, in [0, 1]: embedders favour labels and names, which answer nothing.

    A figure or an address makes a short text worth quoting when one is asked for; a question never answers; a row of
    a table says what its columns mean.
    """
    if unit.kind == "row":
        return 0.0
    if text.rstrip().endswith(":"):
        return 0.0 if shape.shape in ("list", "procedure") else 0.3
    if text.rstrip().endswith("?"):
        return 0.5
    letters = [character for character in text if character.isalpha()]
    if letters and sum(character.isupper() for character in letters) > MOSTLY_CAPITALS * len(letters):
        return 0.8
    exact = shape.shape in ("figure", "date", "contact") or shape.answer_types
    if exact and (_FIGURE.search(text) or "@" in text):
        return 0.0
    return max(0.0, 1.0 - len(text.split()) / FULL_STATEMENT_WORDS)
