"""Sufficiency: is there enough in the passages to answer, or would a neighbour be passed off as the answer?

Two checks. The *guard* compares the facts that must not be swapped (years, percentages, names of places, bodies and
schemes): a passage that does not have those of the question is not evidence for it. The *confidence* is a logistic
regression on a few signs of the best evidence, fitted on the development questions (docs/evaluation.md).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.evidence import Evidence, QuestionTerms, shape_bonus
from assistant.answering.question import QuestionShape
from knowledge.index.lexical import terms
from knowledge.index.retrieval import Hit, SearchResult


@dataclass(frozen=True)
class Sufficiency:
    """`confidence` is the probability, in [0, 1], that the best evidence answers; `signs` are what it rests on."""

    confidence: float
    signs: dict[str, float]


INTERCEPT = -4.0
COEFFICIENTS = {
    "cosine": 0.0,
    "z_cosine": 0.9,
    "coverage": 3.5,
    "unknown": -2.5,
    "margin": 0.5,
    "shape": 0.5,
    "lexical": 0.0,
}


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
    squeezed = "".join(text.split()).replace("pourcent", "%")
    if any(f"{percentage}%" not in squeezed for percentage in shape.percentages):
        return False
    found = frozenset(terms(text))
    return all(name in found or _spelt_out(equivalents.get(name, frozenset()), found) for name in names)


def _spelt_out(equivalents: frozenset[str], found: frozenset[str]) -> bool:
    """True when most of what an acronym stands for is in the text."""
    return bool(equivalents) and len(equivalents & found) >= 0.6 * len(equivalents)


def assess(evidence: Sequence[Evidence], result: SearchResult, shape: QuestionShape) -> Sufficiency:
    """How likely the best of `evidence` answers; confidence 0 when there is none."""
    if not evidence:
        return Sufficiency(0.0, {})
    best = evidence[0]
    wanted = QuestionTerms(result)
    unknown = sum(
        weight
        for term, weight in wanted.weights.items()
        if not result.vocabulary.knows(term) and not dict(result.query.equivalents).get(term)
    )
    passage_terms = frozenset(terms(f"{' '.join(best.hit.passage.title_path)} {best.hit.passage.text}"))
    signs = {
        "cosine": best.cosine,
        "z_cosine": (best.cosine - result.mean_dense) / result.std_dense,
        "coverage": max(best.coverage, 0.9 * wanted.coverage(wanted.credits(passage_terms))),
        "unknown": unknown / wanted.total,
        "margin": best.score - evidence[min(10, len(evidence) - 1)].score,
        "shape": shape_bonus(shape, best.text),
        "lexical": math.log1p(best.hit.lexical),
    }
    logit = INTERCEPT + sum(COEFFICIENTS[name] * value for name, value in signs.items())
    return Sufficiency(1 / (1 + math.exp(-logit)), signs)
