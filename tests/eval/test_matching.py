"""Matching on pairs worked out by hand."""

from __future__ import annotations

import pytest

from eval.matching import evidence_found, fact_found, figures, missing_facts, run_found, tokens


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        ("1,5 M€", "un plafond de 1 500 000 €"),
        ("1,5 M€", "un plafond de 1.5 million d'euros"),
        ("1,5 M€", "un plafond de 1,5\u00a0M€"),
        ("1 500 000", "jusqu’à 1,5 million d’euros"),
        ("200 K€", "à partir de 200\u202f000\u00a0€"),
        ("200 000 €", "à partir de 200 K€"),
        ("200 000 €", "à partir de 200 mille euros"),
        ("200 000 €", "à partir de 200.000 euros"),
        ("299 €", "Tarif :\u00a0299€ TTC"),
        ("48 millions d'euros", "pour 48 M€ au total"),
        ("13 %", "soit 13\u00a0% des communes"),
        ("13 %", "soit treize pour cent des communes"),
        ("90", "90, voire 100%"),
        ("28 septembre 2020", "le 28/09/2020"),
        ("28/09/2020", "Paris, le 28 septembre 2020"),
        ("28 septembre 2020", "publié le 2020-09-28"),
        ("21 septembre", "le 21 septembre 2020"),
        ("1 juin 2014", "depuis le 1er juin 2014"),
        ("1er juin 2014", "depuis le 01/06/2014"),
        ("L.1115-1", "l’article L. 1115-1 du CGCT"),
        ("L.1115-1", "l'article L 1115-1"),
        ("L.1115-1", "article L1115-1"),
        ("6 mois", "prévoir six mois au moins"),
        ("six mois", "entre 6 mois et 1 an"),
        ("1 an", "environ un an"),
        ("2e étage", "au deuxième étage"),
        ("2e étage", "au 2ème étage"),
        ("01 43 17 62 64", "tél. : 01.43.17.62.64"),
        ("01 43 17 62 64", "+33 1 43 17 62 64"),
        ("2018-2021", "de 2018 à 2021"),
        ("5000", "près de 5 000 collectivités"),
        ("énergie", "Élargi à l’ENERGIE"),
        ("cofinancement", "le cofi-\nnancement du projet"),
        ("L.1115-7", "articles L.1115-1 à L.1115-\n7 du CGCT"),
        ("appel à projets", "les appels à projets"),
        ("œuvre", "la mise en oeuvre"),
        ("d'appui", "dispositif d’appui"),
    ],
)
def test_a_fact_is_found_however_it_is_written(fact: str, text: str) -> None:
    assert fact_found(fact, text)


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        ("L.1115-1", "l'article L.1115-1-1"),
        ("L.1115-1", "l'article L.1115-2"),
        ("13 %", "113 % de hausse"),
        ("30 %", "30 collectivités"),
        ("299 €", "2 299 €"),
        ("200 000 €", "1 200 000 €"),
        ("3 ans", "13 ans"),
        ("28 septembre 2020", "28 septembre 2021"),
        ("01 43 17 62 64", "01 43 17 62 65"),
        ("Paris", "un partenaire parisien"),
        ("climat", "les conditions climatiques"),
        ("1,5 M€", "1,5 million de personnes"),
        ("5", "15"),
    ],
)
def test_a_fact_is_not_found_in_a_neighbouring_value(fact: str, text: str) -> None:
    assert not fact_found(fact, text)


def test_one_variant_is_enough() -> None:
    assert fact_found(["CUF", "Cités Unies France"], "publié par Cités Unies France")


def test_missing_facts_keep_their_order() -> None:
    assert missing_facts(["a1", "Paris", ["b", "c"]], "à Paris") == ["a1", ["b", "c"]]


def test_evidence_is_blind_to_hyphenation_and_letter_spacing() -> None:
    assert evidence_found(["certaine flexibilité"], "perdre une cer-\ntaine  f l e x i b i l i t é")
    assert not evidence_found(["certaine rigidité"], "perdre une cer-\ntaine flexibilité")


def test_figures_are_the_verifiable_values_of_an_answer() -> None:
    text = (
        "1. De 200 K€ à 1,5 M€ [1], 30 % au moins [2].\n2. Le 28 septembre 2020, art. L.1115-1, 17 villes, deux fois."
    )
    assert figures(text) == [
        ("200000", "eur"),
        ("1500000", "eur"),
        ("30", "pct"),
        ("28", "septembre", "2020"),
        ("l1115-1",),
        ("17",),
    ]


def test_a_figure_may_be_spelt_out_in_its_source() -> None:
    (run,) = figures("durée de 3 ans")
    assert run_found(run, tokens("une durée de trois ans"))
