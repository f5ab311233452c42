"""What a question asks for, read from its words: its shape, and the facts an answer must not swap for others."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from knowledge.index.lexical import fold, terms

Shape = Literal["definition", "contact", "figure", "date", "comparison", "list", "procedure", "yes_no", "open"]

_SHAPES: tuple[tuple[Shape, str], ...] = (
    (
        "definition",
        r"qu'est[- ]ce qu|c'est quoi|\bc quoi\b|keskc|kesako|defini|que (signifie|veut dire|designe)|sens (de|du) |"
        r"qu'entend|qu'appelle|signification|what is|what are|que es|was ist|^(un|une|le|la|les|l')? ?[\w' -]{2,40} \?*$",
    ),
    (
        "contact",
        r"\bcontact|coordonnees|telephone|\btel\b|\bmail\b|e-mail|courriel|joindre|adresse|a qui (s'adresser|ecrire)|"
        r"qui (contacter|appeler)|numero|site (web|internet)",
    ),
    (
        "figure",
        r"\bcombien|montant|\btaux\b|pourcentage|\bprix\b|tarif|\bcout|couter|coute\b|plafond|seuil|\bduree|"
        r"delai|quelle (somme|part|proportion)|quel budget|chiffre|\bnombre de|how (much|many|long)|cuant|wie viel",
    ),
    (
        "date",
        r"\bquand\b|quelle date|quelle annee|quel jour|depuis (quand|combien)|jusqu'a quand|a partir de quand|"
        r"date (limite|de)|\bwhen\b|\bcuando\b|\bwann\b",
    ),
    ("comparison", r"difference|distingu|compar|\bversus\b|\bvs\b|plutot que|par rapport a|avantages? et|\bou bien\b"),
    (
        "list",
        r"\bquels\b|\bquelles\b|\bcitez|\bcite[rz]?\b|\bliste|enumer|lesquel|\bdonne[rz]? des|qui sont|exemples? de|"
        r"de quoi se compose|avantages|inconvenients|contraintes|atouts|criteres|etapes|missions|principes",
    ),
    ("procedure", r"^comment\b|\bcomment (faire|proceder|on|faut|mettre)|demarche|procedure|par quoi commencer|\bhow to"),
    (
        "yes_no",
        r"^(est[- ]ce|peut|peuvent|faut|doit|doivent|dois|puis|a[- ]t|y a|existe|sommes|est[- ]il|est[- ]elle|avons|"
        r"can |does |is |must )|\b(peut|peuvent|doit|doivent|faut|est|sont|a)-(t-)?(on|il|elle|elles|ils|nous)\b|"
        r"obligatoire|a[- ]t[- ]on le droit|est possible|c'est possible|on peut",
    ),
)
_COMPILED = tuple((shape, re.compile(pattern)) for shape, pattern in _SHAPES)
_YEAR = re.compile(r"\b(?:1[89]|20)\d{2}\b")
_PERCENT = re.compile(r"\b\d+(?:[.,]\d+)? ?%|\b\d+ pour ?cent", re.IGNORECASE)
_NAME = re.compile(r"(?<![\w’'-])[A-ZÀ-ÖØ-Þ][\w]*(?:[-’'][A-ZÀ-ÖØ-Þ]?[\w]+)*")


@dataclass(frozen=True)
class QuestionShape:
    """`shape` is the kind of answer expected; `years`, `percentages` are those written in the question."""

    shape: Shape
    years: tuple[str, ...]
    percentages: tuple[str, ...]
    capitalised: frozenset[str]


def analyse(question: str) -> QuestionShape:
    """The shape of `question`, by its first matching turn of phrase; "open" when none matches."""
    folded = fold(question).strip()
    shape: Shape = next((name for name, pattern in _COMPILED if pattern.search(folded)), "open")
    names = _NAME.findall(question)
    first = question.lstrip(" «\"'(").split(" ", 1)[0] if question.strip() else ""
    inside = [name for name in names if name != first.rstrip(",?!.") or name.isupper() and len(name) > 1]
    return QuestionShape(
        shape=shape,
        years=tuple(dict.fromkeys(_YEAR.findall(question))),
        percentages=tuple(re.sub(r"\D*$", "", p).replace(" ", "") for p in _PERCENT.findall(question)),
        capitalised=frozenset(term for name in inside for term in terms(name)),
    )
