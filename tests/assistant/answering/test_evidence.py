"""Evidence: which sentence bears the answer most directly."""

from __future__ import annotations

import pytest
from fakes import document_of, glossary_of, index_of

from assistant.answering.evidence import find_evidence, shape_bonus
from assistant.answering.question import QuestionShape, analyse
from assistant.answering.wording import Shape
from knowledge.documents import Block, Source

SOURCE = Source(id="s", doc="s.md", title="Formation")


def best(question: str, *blocks: Block | str) -> str:
    return find_evidence(index_of([(SOURCE, document_of(*blocks))], glossary_of()).search(question), analyse(question))[
        0
    ].text


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Combien coûte la formation ?", "La formation est vendue 120 € aux communes."),
        ("Quand a lieu la formation ?", "La formation aux outils a lieu le 12 mars 2026."),
        ("Quel est le contact de la formation ?", "Pour la formation, écrire à stage@exemple.fr."),
    ],
)
def test_the_sentence_of_the_form_asked_for_comes_first(question: str, expected: str) -> None:
    text = (
        "La formation des élus et des agents fait partie du plan. La formation est vendue 120 € aux communes. "
        "La formation aux outils a lieu le 12 mars 2026. Pour la formation, écrire à stage@exemple.fr. "
        "La formation désigne un cycle ouvert aux agents."
    )
    assert best(question, text) == expected


def test_a_full_statement_comes_before_a_label_and_a_question() -> None:
    blocks = (
        "Les avantages du cabinet ?",
        "Le cabinet",
        "Le rattachement au cabinet a pour avantages la proximité et la rapidité.",
    )
    assert best("Quels sont les avantages du cabinet ?", *blocks) == blocks[2]


def test_a_row_is_a_full_statement_however_short() -> None:
    row = Block("row", "Cabinet. Avantages : proximité.")
    assert best("Quels sont les avantages du cabinet ?", row, "Les avantages.") == row.text


def test_evidence_is_ordered_and_covers_a_share_of_the_question() -> None:
    question = "Quels sont les avantages du cabinet ?"
    result = index_of([(SOURCE, document_of("Les avantages du cabinet sont connus. Rien d’autre."))]).search(question)
    found = find_evidence(result, analyse(question))
    assert [e.score for e in found] == sorted((e.score for e in found), reverse=True)
    assert all(0.0 <= e.coverage <= 1.0 for e in found)
    assert len(found) == sum(len(hit.passage.units) for hit in result.hits)


def test_nothing_found_is_no_evidence() -> None:
    assert find_evidence(index_of([]).search("Quoi ?"), analyse("Quoi ?")) == []


@pytest.mark.parametrize(
    ("shape", "better", "worse"),
    [
        ("figure", "un plafond de 50 000 €", "un plafond fixé en 12 points"),
        ("figure", "12 points", "des points"),
        ("date", "le 12 mars", "bientôt"),
        ("contact", "stage@exemple.fr", "le service"),
        ("contact", "35000 Rennes", "à Rennes"),
        ("definition", "Le RRMA désigne un réseau", "Le RRMA breton"),
        ("yes_no", "La commune doit délibérer", "La commune de Rennes"),
    ],
)
def test_a_text_of_the_form_asked_for_gets_a_greater_bonus(shape: Shape, better: str, worse: str) -> None:
    asked = QuestionShape(shape)
    assert shape_bonus(asked, better) > shape_bonus(asked, worse) >= 0.0
