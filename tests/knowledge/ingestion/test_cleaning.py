"""Characters, line ends and hyphens."""

import pytest

from knowledge.ingestion.cleaning import clean


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        ("une cer-\ntaine flexibilité", "une certaine flexibilité"),
        ("objectifs sous-\njacents", "objectifs sous-jacents"),
        ("il s’agit de co-\nfinancements", "il s’agit de co-financements"),
        ("articles L.1115-1 à L.1115-\n7 du CGCT", "articles L.1115-1 à L.1115-7 du CGCT"),
        ("il est recom-\nmandé", "il est recommandé"),
        ("vis-\nà-vis", "vis-à-vis"),
        ("socio-\néconomiques", "socio-économiques"),
        ("Moyen-\n\nOrient", "Moyen-Orient"),
        ("inter-\ncommunaux", "intercommunaux"),
        ("coopéra\u2010\ntion", "coopération"),
        ("collectivités ter\u00ad\nritoriales", "collectivités territoriales"),
        ("coopéra\u00adtion", "coopération"),
    ],
)
def test_hyphens_at_line_ends_go_or_stay_as_french_has_it(lines: str, text: str) -> None:
    assert clean(lines) == text


def test_every_apostrophe_space_and_ligature_takes_one_form() -> None:
    assert clean("l'action d‘un  eﬀort\u00a0: 45\u202f387 ﬁches") == "l’action d’un effort : 45 387 fiches"


def test_control_and_private_characters_are_dropped() -> None:
    assert clean("un\x00 texte\uf0b7 lisible\ufffd") == "un texte lisible"


def test_addresses_keep_their_characters() -> None:
    text = "écrire à a.b-c@exemple.fr ou voir https://exemple.fr/a_b?c=d-e"
    assert clean(text) == text


def test_a_long_word_or_a_long_blank_costs_no_more_than_its_length() -> None:
    assert len(clean("a" * 1_000_000)) == 1_000_000
    assert clean("début" + " " * 1_000_000 + "fin") == "début fin"
