"""French terms, BM25 and what the documents' spelling tells."""

from __future__ import annotations

import math
import threading

import numpy as np
import pytest

from knowledge.index.lexical import LexicalIndex, fold, terms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L’école d'Angers", ["ecol", "anger"]),
        ("ce qu’il faut lorsqu’elle décide", ["decid"]),
        ("C’est l’AFD", ["afd"]),
        ("Cœur", ["coeur"]),
        ("1 500 000 €", ["1500000"]),
        ("12\u202f500 et 3\u00a0200", ["12500", "3200"]),
        ("1,5 M€", ["1.5"]),
        ("13 %", ["13"]),
        ("en 2024 300 communes", ["2024", "300", "commun"]),
        ("2024 2025", ["2024", "2025"]),
        ("01 22 33 44 55", ["01", "22", "33", "44", "55"]),
        ("de 100 000 à 200 000", ["100000", "200000"]),
        ("article L. 1115-1", ["articl", "l1115-1"]),
        ("L1115-1-1 et R.1115-2", ["l1115-1-1", "r1115-2"]),
        ("L 1115-5", ["l1115-5"]),
        ("Écrire à Zoe.Martin@exemple.fr", ["ecrir", "zoe.martin@exemple.fr"]),
        ("le la les", []),
        ("", []),
    ],
)
def test_the_terms_of_a_text(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


def test_inflected_forms_share_one_term() -> None:
    assert len({*terms("délibération"), *terms("Délibérations"), *terms("DÉLIBÉRATION")}) == 1


def test_the_same_article_written_in_four_ways_is_one_term() -> None:
    written = ("L.1115-1", "L. 1115-1", "L 1115-1", "l1115-1")
    assert {tuple(terms(text)) for text in written} == {("l1115-1",)}


def test_stop_words_are_kept_on_demand_for_phrases() -> None:
    assert terms("de la commune") == ["commun"]
    assert len(terms("de la commune", keep_stop_words=True)) == 3


def test_folding_removes_accents_and_opens_ligatures() -> None:
    assert fold("Œuvre d’État à Ærø") == "oeuvre d'etat a aerø"


def test_terms_are_the_same_in_several_threads() -> None:
    words = "délibérations conventions jumelages coopération décentralisée " * 20
    expected, found = terms(words), []
    threads = [threading.Thread(target=lambda: found.append(terms(words))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 4


TEXTS = [
    "Le jumelage unit deux villes.",
    "La subvention aide les villes. La subvention est annuelle.",
    "Le compost vient des déchets des villes.",
]


def test_bm25_ranks_the_passage_with_the_rare_word_first() -> None:
    scores = LexicalIndex(TEXTS).scores(terms("jumelage des villes"))
    assert scores.argmax() == 0
    assert scores[1] > 0
    assert scores[2] > 0


def test_bm25_gives_more_to_a_word_said_twice() -> None:
    index = LexicalIndex(["La subvention aide la ville.", "La subvention, la subvention aide.", "Autre chose."])
    scores = index.scores(terms("subvention"))
    assert scores[1] > scores[0] > scores[2] == 0.0


def test_unknown_words_score_nothing_and_weigh_the_most() -> None:
    index = LexicalIndex(TEXTS)
    assert not index.scores(["inconnu"]).any()
    assert not index.knows("inconnu")
    assert index.idf("inconnu") == pytest.approx(math.log(4))
    assert index.idf(terms("villes")[0]) == 0.0
    assert index.idf("inconnu") > index.idf("compost") > index.idf("vill")


@pytest.mark.parametrize("texts", [[], ["le la les"]])
def test_an_index_without_words_scores_nothing(texts: list[str]) -> None:
    scores = LexicalIndex(texts).scores(["ville"])
    assert scores.shape == (len(texts),)
    assert scores.dtype == np.float32
    assert not scores.any()


@pytest.mark.parametrize(
    ("word", "proper"),
    [
        ("Podor", True),
        ("FICOL", True),
        ("commune", False),  # with a capital only once in five
        ("délibération", False),  # only at the beginning of sentences
        ("capitales", False),  # only in a line in capitals
        ("réseau", False),
        ("jamais", False),  # in no document
    ],
)
def test_a_name_is_what_documents_write_with_a_capital_inside_sentences(word: str, proper: bool) -> None:
    index = LexicalIndex(
        [
            "La ville aide Podor. Le réseau de la commune aide Podor.",
            "Une commune et une autre commune demandent la FICOL. La Commune agit, puis la commune délibère.",
            "UN TITRE EN CAPITALES\nDélibération du conseil.",
        ]
    )
    assert index.is_proper(terms(word)[0]) is proper


def test_a_word_typed_without_accents_is_found() -> None:
    index = LexicalIndex(["La mère patrie régit l’énergie."])
    assert index.unaccented("energie") == terms("énergie")[0]
    assert index.unaccented("ENERGIE") == terms("énergie")[0]
    assert index.unaccented("solaire") is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("jumelgae", "jumelag"),  # two letters swapped
        ("subvetion", "subvent"),
        ("podro", "podor"),
        ("podr", None),  # too short to be sure
        ("kubernet", None),  # nothing near
        ("l1115-1", None),  # not a word
    ],
)
def test_a_misspelt_word_is_taken_for_the_nearest_one_of_the_documents(typed: str, meant: str | None) -> None:
    index = LexicalIndex(["Le jumelage et la subvention de Podor."])
    assert index.nearest(typed) == meant
