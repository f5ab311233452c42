"""Questions made ready for search."""

from __future__ import annotations

import pytest
from fakes import glossary_of

from knowledge.index.lexical import LexicalIndex, terms
from knowledge.index.query import QueryExpander

LEXICAL = LexicalIndex(
    [
        "Le réseau régional multi-acteurs aide la commune.",
        "La délibération du conseil approuve le jumelage avec Podor.",
    ]
)
GLOSSARY = glossary_of(
    {"RRMA": ("réseau régional multi-acteurs",), "CR": ("conseil régional", "compte rendu")},
    ("coopération décentralisée", "action extérieure"),
    ("maire", "premier magistrat"),
)
EXPANDER = QueryExpander(GLOSSARY)


def test_an_acronym_is_spelt_out_for_both_legs_of_the_search() -> None:
    query = EXPANDER.expand("Qu’est-ce qu’un RRMA ?", LEXICAL)
    assert query.terms == ("rrma",)
    assert query.dense_text == "Qu’est-ce qu’un RRMA ? (réseau régional multi-acteurs)"
    assert set(query.synonyms) == set(terms("réseau régional multi-acteurs"))


@pytest.mark.parametrize("typed", ["rrma", "Rrma", "les RRMA"])
def test_an_acronym_is_known_whatever_its_capitals(typed: str) -> None:
    assert "réseau régional multi-acteurs" in EXPANDER.expand(typed, LEXICAL).dense_text


def test_an_acronym_with_two_meanings_brings_both() -> None:
    assert EXPANDER.expand("Le CR", LEXICAL).dense_text == "Le CR (conseil régional ; compte rendu)"


def test_a_name_spelt_out_brings_its_acronym_for_words_only() -> None:
    query = EXPANDER.expand("Quel réseau régional multi-acteurs ?", LEXICAL)
    assert "rrma" in query.synonyms
    assert query.dense_text == query.text


def test_a_word_inside_another_phrase_brings_no_synonym() -> None:
    assert EXPANDER.expand("Quelle coopération ?", LEXICAL).synonyms == ()
    assert set(EXPANDER.expand("la coopération décentralisée", LEXICAL).synonyms) == set(terms("action extérieure"))


def test_a_synonym_never_repeats_a_word_of_the_question() -> None:
    query = EXPANDER.expand("action extérieure et coopération décentralisée", LEXICAL)
    assert not set(query.synonyms) & set(query.terms)


@pytest.mark.parametrize(
    ("found", "says"),
    [
        ("L’action extérieure des villes", True),
        ("L’action des villes", False),  # one word in common says nothing
        ("", False),
    ],
)
def test_a_text_says_a_term_in_other_words_when_it_has_most_of_a_phrase(found: str, says: bool) -> None:
    query = EXPANDER.expand("la coopération décentralisée", LEXICAL)
    assert query.says(terms("coopération")[0], frozenset(terms(found))) is says


def test_a_term_without_equivalent_is_said_by_no_other_word() -> None:
    query = EXPANDER.expand("le budget de la coopération décentralisée", LEXICAL)
    assert not query.says("budget", frozenset(terms("action extérieure")))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("la deliberation", "délibération"),
        ("la délibrération", "délibération"),
        ("le jumelgae", "jumelage"),
        ("a podro", "Podor"),
    ],
)
def test_a_misspelt_or_unaccented_word_becomes_the_word_of_the_documents(typed: str, expected: str) -> None:
    assert EXPANDER.expand(typed, LEXICAL).terms == tuple(terms(expected))


def test_a_correction_is_told() -> None:
    query = EXPANDER.expand("le jumelgae", LEXICAL)
    assert query.corrections == ((terms("jumelgae")[0], terms("jumelage")[0]),)


@pytest.mark.parametrize("typed", ["le conseiller du marché", "Pendor", "JUMELGAE"])
def test_what_french_knows_and_acronyms_are_never_mended(typed: str) -> None:
    corrections = dict(EXPANDER.expand(typed, LEXICAL).corrections)
    assert terms("marché")[0] not in corrections
    assert terms("JUMELGAE")[0] not in corrections


def test_a_term_said_twice_counts_once() -> None:
    assert EXPANDER.expand("jumelage, jumelages", LEXICAL).terms == ("jumelag",)
