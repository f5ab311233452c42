"""What a question asks for, read from its words."""

from __future__ import annotations

import pytest

from assistant.answering.question import analyse, asked_noun
from assistant.answering.wording import Shape


@pytest.mark.parametrize(
    ("question", "shape"),
    [
        ("Qu’est-ce qu’un RRMA ?", "definition"),
        ("C’est quoi la FICOL ?", "definition"),
        ("Que signifie AICT ?", "definition"),
        ("La coopération décentralisée ?", "definition"),
        ("FICOL ?", "definition"),
        ("What is a RRMA?", "definition"),
        ("Quel est le téléphone du réseau ?", "contact"),
        ("À qui s’adresser pour un jumelage ?", "contact"),
        ("Quelle est l’adresse mail du service ?", "contact"),
        ("Où se trouve le siège ?", "contact"),
        ("Combien coûte la formation ?", "figure"),
        ("Quel est le montant de la subvention ?", "figure"),
        ("Quel taux de cofinancement ?", "figure"),
        ("How much is the grant?", "figure"),
        ("Quand a lieu la formation ?", "date"),
        ("Quelle est la date limite de dépôt ?", "date"),
        ("Depuis quand la loi existe-t-elle ?", "date"),
        ("Quelle différence entre jumelage et coopération ?", "comparison"),
        ("Quels sont les avantages du cabinet ?", "list"),
        ("Citez trois partenaires", "list"),
        ("Quelles sont les étapes d’une stratégie ?", "list"),
        ("Comment faire un diagnostic ?", "procedure"),
        ("Par quoi commencer ?", "procedure"),
        ("Une convention est-elle obligatoire ?", "yes_no"),
        ("Peut-on aider une ONG ?", "yes_no"),
        ("Est-ce qu’une commune peut agir ?", "yes_no"),
        ("Y a-t-il des aides pour l’eau ?", "yes_no"),
        ("Pourquoi évaluer ?", "open"),
        ("S’adresse-t-elle aux élus ?", "open"),
        ("Quand on est une petite commune, que faire ?", "open"),
    ],
)
def test_the_shape_of_a_question(question: str, shape: Shape) -> None:
    assert analyse(question).shape == shape


@pytest.mark.parametrize(
    ("question", "given", "not_given"),
    [
        ("Quel est le téléphone ?", "Tél. 01 22 33 44 55", "Le siège est à Rennes."),
        ("Quelle est l’adresse mail ?", "contact@exemple.fr", "au 01 22 33 44 55"),
        ("Où se trouve le siège ?", "12 rue des Lilas", "Le siège est ouvert."),
        ("Combien coûte la formation ?", "120 €", "Elle dure 3 jours."),
        ("Combien coûte la formation ?", "Elle est gratuite.", "Elle dure 3 jours."),
        ("Quel est le plafond ?", "50 000 €", "Le plafond est fixé par le jury."),
        ("Quel est le taux ?", "70 %", "Le taux est élevé."),
        ("Quels sont les horaires ?", "de 9 h à 17 h", "le matin"),
        ("Quelle année ?", "en 2019", "hier"),
        ("Combien de communes ?", "douze communes", "des communes"),
        ("Quelle est la date limite ?", "le 12 mars", "bientôt"),
        ("Pourquoi évaluer ?", "n’importe quoi", None),
    ],
)
def test_a_text_gives_what_is_asked_or_not(question: str, given: str, not_given: str | None) -> None:
    shape = analyse(question)
    assert shape.is_given_by(given)
    assert not_given is None or not shape.is_given_by(not_given)


def test_years_and_percentages_are_read() -> None:
    shape = analyse("Quel taux en 2024, 70 % ou 12,5 pour cent ? Et en 2024 ?")
    assert shape.years == ("2024",)
    assert shape.percentages == ("70", "12,5")


@pytest.mark.parametrize(
    ("question", "capitalised"),
    [
        ("Quel réseau à Quimper ?", {"quimp"}),
        ("Quimper a-t-elle un réseau ?", set()),  # the first word says nothing
        ("FICOL : quel montant ?", {"ficol"}),  # unless it is an acronym
        ("Parlez-moi de la diaspora", set()),
        ("Existe-t-il un réseau en Bretagne ?", {"bretagn"}),
        ("S’adresse-t-elle aux élus ?", set()),
        ("quel réseau à quimper ?", set()),
    ],
)
def test_names_are_the_words_with_a_capital_inside_the_question(question: str, capitalised: set[str]) -> None:
    assert analyse(question).capitalised == capitalised


def test_common_nouns_with_a_capital_name_nothing() -> None:
    assert analyse("Que fait la Région pour la Ville ?").everyday >= {"region", "vill"}


def test_names_of_several_words_are_kept_whole() -> None:
    assert analyse("Qui dirige les Territoires Volontaires de Bretagne ?").names == (
        "territoires volontaires de bretagne",
    )


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Quelle couleur a le drapeau ?", ("couleur",)),
        ("Combien de puits sont creusés ?", ("puit",)),
        ("Qui préside le comité ?", ("presid",)),
        ("Quel organisme finance l’eau ?", ()),
        ("Quel est le montant ?", ()),
        ("Quel est le téléphone du réseau ?", ()),  # a passage may well say « tél. »
        ("Pourquoi évaluer ?", ()),
    ],
)
def test_the_noun_asked_for(question: str, asked: tuple[str, ...]) -> None:
    assert asked_noun(question) == asked


@pytest.mark.parametrize(
    ("question", "french"),
    [
        ("Qu’est-ce qu’une convention ?", True),
        ("FICOL", True),
        ("What is the purpose of a convention?", False),
        ("¿Cuál es el plazo para la convención?", False),
        ("Was ist eine Konvention?", False),
    ],
)
def test_other_languages_are_told(question: str, french: bool) -> None:
    assert analyse(question).french is french
