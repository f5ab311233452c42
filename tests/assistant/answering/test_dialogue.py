"""Follow-ups, understood with the turn before; questions that stand on their own, left alone."""

from __future__ import annotations

import pytest

from assistant.answering.dialogue import leans_on_previous, resolve
from assistant.domain.answer import Answer


def turn(question: str) -> Answer:
    return Answer(question=question, resolved_question=question, behaviour="answer", state="fiable", answer="")


@pytest.mark.parametrize(
    ("previous", "follow_up", "resolved"),
    [
        (
            "Une commune peut-elle signer un jumelage ?",
            "et pour un département ?",
            "Un département peut-elle signer un jumelage ?",
        ),
        ("Quels sont les avantages du cabinet ?", "Et les contraintes ?", "Quels sont les contraintes du cabinet ?"),
        ("Quel est le taux de la FICOL ?", "Et la durée ?", "Quelle est la durée de la FICOL ?"),
        ("Quel est le contact du réseau ?", "et le téléphone ?", "Quel est le téléphone du réseau ?"),
        ("Quel est le montant de la FICOL ?", "et de la JSI ?", "Quel est le montant de la JSI ?"),
        ("Quel était le budget en 2023 ?", "et en 2024 ?", "Quel était le budget en 2024 ?"),
        ("Comment définir la vision ?", "et la mission ?", "Comment définir la mission ?"),
        ("Qu’est-ce que la FICOL ?", "Qui peut y candidater ?", "Qui peut y candidater — la FICOL ?"),
        ("Qu’est-ce que la FICOL ?", "Quel est son montant ?", "Quel est son montant — la FICOL ?"),
        ("Qu’est-ce que la FICOL ?", "et quel montant ?", "Quel montant — la FICOL ?"),
        ("Qu’est-ce que la FICOL ?", "Est-elle ouverte ?", "Est-elle ouverte — la FICOL ?"),
        ("Qu’est-ce que la FICOL ?", "Pourquoi ?", "Pourquoi — la FICOL ?"),
    ],
)
def test_a_follow_up_is_completed(previous: str, follow_up: str, resolved: str) -> None:
    assert resolve(follow_up, [turn(previous)]) == resolved


@pytest.mark.parametrize(
    "question",
    [
        "Comment monter un comité de jumelage avec une ville voisine ?",
        "Qu’est-ce qu’un RRMA ?",
        "Une convention est-elle obligatoire ?",
        "La commune peut-elle agir à l’étranger ?",
        "Un élu peut-il voyager aux frais du partenaire ?",
        "Dans quel cas l’aide est-elle versée ?",
        "Existe-t-il un réseau en Bretagne ?",
        "Y a-t-il des aides pour l’eau ?",
        "Quels sont les avantages du rattachement au cabinet ?",
    ],
)
def test_another_subject_is_left_alone(question: str) -> None:
    assert resolve(question, [turn("Qu’est-ce que la FICOL ?")]) == question


@pytest.mark.parametrize(
    "question",
    ["Est-elle obligatoire ?", "Combien coûte-t-elle ?", "Peut-il agir seul ?", "Merci, et pour une région ?",
     "Oui, mais pour un EPCI ?", "D’accord et le délai ?", "À quoi sert ce dispositif ?", "Et alors ?"],
)  # fmt: skip
def test_what_refers_back_is_told(question: str) -> None:
    assert leans_on_previous(question)


def test_a_first_question_is_left_as_it_is() -> None:
    assert resolve("et pour un département ?", []) == "et pour un département ?"


def test_a_follow_up_of_a_follow_up_keeps_the_topic() -> None:
    history = [turn("Qu’est-ce que la FICOL ?")]
    history.append(history[0].model_copy(update={"resolved_question": resolve("Qui peut y candidater ?", history)}))
    assert resolve("Et pourquoi ?", history) == "Pourquoi — la FICOL ?"


def test_only_the_last_turn_counts() -> None:
    history = [turn("Qu’est-ce que la FICOL ?"), turn("Quel est le taux du fonds eau ?")]
    assert resolve("Et le plafond ?", history) == "Quel est le plafond du fonds eau ?"


def test_a_follow_up_without_words_asks_the_same_again() -> None:
    assert resolve("Et ?", [turn("Qu’est-ce que la FICOL ?")]) == "Qu’est-ce que la FICOL ?"
