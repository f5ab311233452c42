"""The guard: a passage about another year, rate, place or thing is not evidence; and the confidence."""

from __future__ import annotations

import pytest
from fakes import document_of, glossary_of, index_of

from assistant.answering.evidence import find_evidence
from assistant.answering.question import analyse
from assistant.answering.sufficiency import assess, keep_guarded, protected_names
from knowledge.documents import Source

SOURCE = Source(
    id="reseau", doc="reseau.md", title="Le réseau breton", publisher="Association Bretagne", keywords=("RBC",)
)
TEXTS = [
    "Le réseau aide la ville de Quimper depuis 2023. Le taux est de 15 % pour les communes de Bretagne.",
    "La coopération avec Podor porte sur l’eau. Le réseau de Podor compte douze puits.",
]


def kept(question: str, *texts: str, source: Source = SOURCE) -> list[str]:
    """The texts of the passages that the guard keeps for `question`."""
    glossary = glossary_of({"VSI": ("volontaire de solidarité internationale",)})
    # Long enough that each text is a passage of its own.
    result = index_of(
        [(Source(**{**source.__dict__, "id": str(n)}), document_of(t)) for n, t in enumerate(texts or TEXTS)], glossary
    ).search(question)
    shape = analyse(question)
    found = keep_guarded(find_evidence(result, shape), result, shape)
    return sorted({candidate.hit.passage.text for candidate in found}, key=(list(texts or TEXTS)).index)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Que fait le réseau ?", [0, 1]),
        ("Que fait le réseau en 2023 ?", [0]),
        ("Que fait le réseau en 2024 ?", []),
        ("Le taux est-il de 15 % ?", [0]),
        ("Le taux est-il de 15 pour cent ?", [0]),
        ("Le taux est-il de 5 % ?", []),  # 15 % is not 5 %
        ("Le taux est-il de 20 % ?", []),
        ("Que fait le réseau à Quimper ?", [0]),
        ("Que fait le réseau à Podor ?", [1]),
        ("que fait le reseau a podor ?", [1]),  # no capital at all: the documents say it is a name
        ("Que fait le réseau à Marseille ?", []),  # a name of no document
        ("Que fait la Ville de Quimper ?", [0]),  # « Ville » protects nothing
        ("Quelle couleur a le réseau ?", []),
        ("Combien de puits compte le réseau ?", [1]),
        ("Quel est le téléphone du réseau ?", []),
        ("Quel est le taux du réseau ?", [0]),
        ("Que fait le RBC ?", [0, 1]),  # another name of the source
        ("Parlez-moi du réseau", [0, 1]),
        ("What does the network of Lyon do for Podor?", [1]),
    ],
)
def test_the_guard_keeps_what_has_the_facts_of_the_question(question: str, expected: list[int]) -> None:
    assert kept(question) == [TEXTS[n] for n in expected]


def test_an_acronym_of_the_question_may_be_spelt_out_in_the_passage() -> None:
    text = "Un volontaire de solidarité internationale part un an au moins."
    assert kept("Que fait un VSI ?", text) == [text]


def test_a_misspelt_name_is_the_name_it_was_taken_for() -> None:
    assert kept("Que fait le réseau à Quimpre ?") == [TEXTS[0]]


def test_names_of_several_words_must_be_there_together() -> None:
    texts = ["Le Fonds Vert de Rennes finance des arbres.", "Rennes a un service Vert et un autre Fonds."]
    assert kept("Que finance le Fonds Vert ?", *texts) == texts[:1]


def test_protected_names_are_terms_of_the_question() -> None:
    index = index_of([(SOURCE, document_of(*TEXTS))])
    question = "Que fait la Ville de Quimper avec Lyon ?"
    assert protected_names(index.search(question), analyse(question)) == {"quimp", "lyon"}


def test_nothing_found_gives_no_confidence() -> None:
    question = "Que fait le réseau ?"
    result = index_of([]).search(question)
    assert assess([], result, analyse(question)).confidence == 0.0


def test_the_confidence_is_a_probability_that_grows_with_the_closeness() -> None:
    index = index_of([(SOURCE, document_of(*TEXTS))])

    def confidence(question: str) -> float:
        result, shape = index.search(question), analyse(question)
        return assess(find_evidence(result, shape), result, shape).confidence

    near, far = confidence("Le réseau de Podor compte douze puits"), confidence("recette de cuisine au beurre")
    assert 0.0 <= far < near <= 1.0
