"""Sentences of administrative French."""

from __future__ import annotations

import pytest

from knowledge.ingestion.sentences import sentence_spans


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    "text",
    [
        "L’art. L. 1115-1 du CGCT le permet.",
        "Voir p. 12 du guide.",
        "Le maire, M. Dupont, préside avec Mme. Durand.",
        "Écrire au Dr. Martin, tél. 01 22 33 44 55.",
        "Selon l’article L.1115-1 et l’art. R. 1115-2.",
        "La réf. 2024 du p. 3 vaut env. 40 hab. Selon la loi n° 92-125.",
        "Le budget est de 1.5 million d’euros.",
        "Le taux (cf. Annexe 2) est fixe.",
        "Écrivez à contact@exemple.fr ou sur www.exemple.fr pour en parler.",
        "une ligne sans point final",
        "fin.Début collé",
    ],
)
def test_one_sentence_stays_whole(text: str) -> None:
    assert sentences(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Il agit. Elle signe.", ["Il agit.", "Elle signe."]),
        ("Est-ce permis ? Oui ! Toujours… Sans doute.", ["Est-ce permis ?", "Oui !", "Toujours…", "Sans doute."]),
        ("Il dit « oui. » Puis il part.", ["Il dit « oui. »", "Puis il part."]),
        ("Le puits (neuf.) Il sert.", ["Le puits (neuf.)", "Il sert."]),
        ("Les eaux, les déchets, etc. Puis l’énergie.", ["Les eaux, les déchets, etc.", "Puis l’énergie."]),
        ("Le taux est de 70 %. Élu en 2020. À vous.", ["Le taux est de 70 %.", "Élu en 2020.", "À vous."]),
        ("Il dure deux ans. 3 communes y prennent part.", ["Il dure deux ans.", "3 communes y prennent part."]),
        ("• Premier point. • Second point.", ["• Premier point.", "• Second point."]),
        ("Une ligne.\n\nUne autre.", ["Une ligne.", "Une autre."]),
        ("  Des blancs.   Autour.  ", ["Des blancs.", "Autour."]),
        ("", []),
        (" \n ", []),
    ],
)
def test_sentences_are_told_apart(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_offsets_never_overlap_and_leave_out_only_white_space() -> None:
    text = "  L’art. L. 1115-1 le dit. Est-ce tout ?\n Non ! • Un point. • Un autre…  Fin"
    spans = sentence_spans(text)
    bounds = [0, *(bound for span in spans for bound in span), len(text)]
    assert bounds == sorted(bounds)
    outside = "".join(text[end:start] for end, start in zip(bounds[::2], bounds[1::2], strict=True))
    assert outside.strip() == ""
    assert len(spans) == 6
