"""Words that extraction or recognition broke."""

import pytest

from knowledge.ingestion.cleaning import clean
from knowledge.ingestion.denoise import looks_recognised, mend, mend_recognised


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        ("accord des  p a r t i e s", "accord des parties"),
        ("F O R C E S F A I B L E S S E S", "FORCES FAIBLESSES"),
        ("O P PO R T U N I T É S M E N A C E S", "OPPORTUNITÉS MENACES"),
        ("leurs  cas indiv iduels", "leurs cas individuels"),
        ("Les  CT qui  ont  bénéf ic ié  du", "Les CT qui ont bénéficié du"),
        ("leur tai l le ,  sans compter", "leur taille, sans compter"),
        ("P RI ORI TÉS GÉO GR APHIQUES", "PRIORITÉS GÉOGRAPHIQUES"),
        ("M ISSI O N", "MISSION"),
        ("Le capita l  huma i n\nde l a  CT", "Le capital humain de la CT"),
        ("Communicatio\nn", "Communication"),
        ("La capacité  à  a gi r da ns \nun contexte", "La capacité à agir dans un contexte"),
        ("Les dynami que s\nsocio-économi que s", "Les dynamiques socio-économiques"),
        ("t o u t  a u  l o n g \ndu processus", "tout au long du processus"),
        ("g r â c e  à  u n e", "grâce à une"),
        ("grandes collecti  vités", "grandes collectivités"),
        ("L ’engagement et d’ Orléans", "L’engagement et d’Orléans"),
        ("LE SUIVI  ET L ’ÉVALUATION", "LE SUIVI ET L’ÉVALUATION"),
    ],
)
def test_letter_spaced_words_are_joined(broken: str, mended: str) -> None:
    assert clean(broken) == mended


@pytest.mark.parametrize(
    "text",
    [
        "il y a à faire",
        "annexe A à D",
        "plan A B C D E F",
        "a b c d",
        "la CT et un EPCI, l’AFD ou la CDC",
        "article L 1115 b",
        "le groupe A et le groupe B",
        "formation@coopdec.org",
        "voir https://cites-unies-france.org/a b c",
        "Mme X y va, M. Y a dit",
        "de 5 à 7 m de long",
        "par Ben Mor et filmé par un autre",
        "ce qui est aujourd’hui le Soudan",
        "Abd el-Kader y réside",
        "le jus de la treille et du cep",
        "l’équipage de la no 1",
        "le virus Coxsackie B est connu",
    ],
)
def test_text_that_only_looks_broken_is_left_alone(text: str) -> None:
    assert mend(text) == text


@pytest.mark.parametrize(
    ("recognised", "right"),
    [
        ("mettre en ceuvre/accompagner", "mettre en œuvre/accompagner"),
        ("au cceur du projet", "au cœur du projet"),
        ("LES MANCEUVRES", "LES MANŒUVRES"),
        ("I’appui et I’emportent", "l’appui et l’emportent"),
        ('Il n"existe pas', "Il n’existe pas"),
        ("des relations, d fravers la coopération", "des relations, à travers la coopération"),
    ],
)
def test_certain_recognition_faults_are_repaired(recognised: str, right: str) -> None:
    assert mend_recognised(recognised) == right


@pytest.mark.parametrize(
    "text", ["des difficultés a en faire", "telles que  e prestige", "ceux qui", "le nord ou le sud"]
)
def test_doubtful_recognition_faults_are_left_as_they_stand(text: str) -> None:
    assert mend_recognised(text) == text


def test_one_odd_mark_does_not_make_a_text_a_recognised_one() -> None:
    assert not looks_recognised("Il n’existe qu’un I’appui")
    assert looks_recognised("I’appui et I’aide")
