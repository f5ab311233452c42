"""What a question asks for, read from its words: its shape, and the facts an answer must not swap for others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from wordfreq import zipf_frequency

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
        r"^(et )?(depuis |jusqu'a |a partir de |c'est )?quand (?!on |nous |il |elle |le |la |les |un |une |meme)|"
        r"\b(depuis|jusqu'a|a partir de|de|c'est) quand\b(?! meme)|\bquand (est|a|ont|sont|se|ce|faut|doit|peut|va)\b|quelle date|quelle annee|quel jour|depuis (quand|combien)|jusqu'a quand|a partir de quand|"
        r"date (limite|de)|\bwhen\b|\bcuando\b|\bwann\b",
    ),
    ("comparison", r"difference|distingu|compar|\bversus\b|\bvs\b|plutot que|par rapport a|avantages? et|\bou bien\b"),
    (
        "list",
        r"\bquels\b|\bquelles\b|\bcitez|\bcite[rz]?\b|\bliste|enumer|lesquel|\bdonne[rz]? des|qui sont|exemples? de|"
        r"de quoi se compose|avantages|inconvenients|contraintes|atouts|criteres|etapes|missions|principes",
    ),
    (
        "procedure",
        r"^comment\b|\bcomment (faire|proceder|on|faut|mettre)|demarche|procedure|par quoi commencer|\bhow to",
    ),
    (
        "yes_no",
        r"^(est[- ]ce|peut|peuvent|faut|doit|doivent|dois|puis|a[- ]t|y a|existe|sommes|est[- ]il|est[- ]elle|avons|"
        r"can |does |is |must )|\b(peut|peuvent|doit|doivent|faut|est|sont|a)-(t-)?(on|il|elle|elles|ils|nous)\b|"
        r"obligatoire|a[- ]t[- ]on le droit|est possible|c'est possible|on peut",
    ),
)
_COMPILED = tuple((shape, re.compile(pattern)) for shape, pattern in _SHAPES)
_YEAR = re.compile(r"\b(?:1[89]|20)\d{2}\b")
_PERCENT = re.compile(r"\b(\d+(?:[.,]\d+)?)\s?(?:%|pour ?cent)", re.IGNORECASE)
_NAME = re.compile(r"(?<![\w’'-])[A-ZÀ-ÖØ-Þ][\w]*(?:[-’'][A-ZÀ-ÖØ-Þ]?[\w]+)*")


EVERYDAY_ZIPF = 5.3
"""Words at least this frequent in French (wordfreq's scale, 0 to 8) are common nouns, whatever their capital."""

_FRENCH_WORDS = frozenset(
    [
        "le",
        "la",
        "les",
        "un",
        "une",
        "des",
        "du",
        "de",
        "d",
        "l",
        "et",
        "est",
        "ce",
        "que",
        "qui",
        "quel",
        "quelle",
        "quels",
        "quelles",
        "pour",
        "dans",
        "sur",
        "avec",
        "par",
        "au",
        "aux",
        "en",
        "ne",
        "pas",
        "peut",
        "faut",
        "comment",
        "combien",
        "quand",
        "où",
        "pourquoi",
        "notre",
        "nos",
        "votre",
        "vos",
        "nous",
        "vous",
        "je",
        "il",
        "elle",
        "on",
        "à",
        "a",
        "son",
        "sa",
        "ses",
        "être",
    ]
)
_FOREIGN_WORDS = (
    frozenset(
        [
            "the",
            "of",
            "and",
            "is",
            "are",
            "what",
            "how",
            "which",
            "does",
            "do",
            "can",
            "who",
            "when",
            "where",
            "many",
            "much",
            "for",
            "to",
            "in",
            "with",
            "under",
            "your",
            "our",
            "this",
            "that",
            "should",
            "el",
            "los",
            "las",
            "es",
            "son",
            "cuál",
            "cuáles",
            "qué",
            "cómo",
            "cuánto",
            "cuánta",
            "cuántos",
            "cuántas",
            "para",
            "con",
            "del",
            "por",
            "una",
            "puede",
            "quién",
            "der",
            "die",
            "das",
            "ist",
            "sind",
            "was",
            "wie",
            "viele",
            "viel",
            "welche",
            "welcher",
            "hat",
            "haben",
            "und",
            "für",
            "mit",
            "von",
            "ein",
            "eine",
            "einer",
            "zur",
            "kann",
            "wer",
            "il",
            "lo",
            "gli",
            "che",
            "cosa",
            "come",
            "quanto",
            "quali",
            "sono",
            "della",
            "delle",
            "per",
            "può",
            "chi",
            "o",
            "os",
            "as",
            "quais",
            "como",
            "uma",
            "são",
            "qual",
        ]
    )
    - _FRENCH_WORDS
)


@dataclass(frozen=True)
class QuestionShape:
    """`shape` is the kind of answer expected; `years`, `percentages` are those written in the question.

    `capitalised` are the terms it writes with a capital inside the sentence, `everyday` those too common to be
    names; `uses_capitals` tells whether capitals mean anything in it; `french` is false in another language.
    """

    shape: Shape
    years: tuple[str, ...] = ()
    percentages: tuple[str, ...] = ()
    capitalised: frozenset[str] = frozenset()
    everyday: frozenset[str] = frozenset()
    uses_capitals: bool = True
    french: bool = True


def analyse(question: str) -> QuestionShape:
    """The shape of `question`, by its first matching turn of phrase; "open" when none matches."""
    folded = fold(question).strip()
    words = re.findall(r"[^\W\d_]+", question)
    first = words[0] if words else ""
    inside = [name for name in _NAME.findall(question) if name != first or (name.isupper() and len(name) > 1)]
    return QuestionShape(
        shape=next((name for name, pattern in _COMPILED if pattern.search(folded)), "open"),
        years=tuple(dict.fromkeys(_YEAR.findall(question))),
        percentages=tuple(_PERCENT.findall(question)),
        capitalised=frozenset(term for name in inside for term in terms(name)),
        everyday=frozenset(
            term for word in words if zipf_frequency(word.lower(), "fr") >= EVERYDAY_ZIPF for term in terms(word)
        ),
        uses_capitals=question != question.lower(),
        french=is_french([word.lower() for word in words]),
    )


def is_french(words: Sequence[str]) -> bool:
    """False when the small words of another European language outnumber those of French."""
    return sum(word in _FOREIGN_WORDS for word in words) <= sum(word in _FRENCH_WORDS for word in words)
