"""What is said without an answer: plainly, with leads and someone to turn to."""

from __future__ import annotations

import pytest
from fakes import document_of, index_of

from assistant.answering import abstention
from assistant.answering.abstention import contact_for, in_domain, outside, unknown
from assistant.answering.composition import cite
from assistant.answering.scope import Verdict
from assistant.domain.answer import Behaviour
from knowledge.documents import Source
from knowledge.index.retrieval import SearchResult

INDEX = index_of([(Source(id="s", doc="s.md", title="Fiche"), document_of("Le village aide Podor depuis longtemps."))])


def search(question: str) -> SearchResult:
    return INDEX.search(question)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("La délibération peut-elle être annulée ?", "contrôle de légalité"),
        ("Que dit l’article L. 1115-1 ?", "contrôle de légalité"),
        ("Quel montant pour la FICOL ?", "DCTCIV"),
        ("Comment déposer un dossier de subvention ?", "DCTCIV"),
        ("Comment trouver un partenaire ?", "Cités Unies France"),
    ],
)
def test_the_contact_depends_on_the_subject(question: str, expected: str) -> None:
    assert expected in contact_for(question, "")


def test_the_contact_of_the_site_comes_after() -> None:
    advice = contact_for("Comment trouver un partenaire ?", "aide@exemple.fr")
    assert advice.startswith(abstention.NETWORK)
    assert advice.endswith("Contact de ce site : aide@exemple.fr")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Comment monter un jumelage ?", True),
        ("Quelle aide pour notre commune ?", True),
        ("Que se passe-t-il à Podor ?", True),  # a name of the documents
        ("Quelle est la recette de la tarte aux pommes ?", False),
        ("Qui a gagné le match ?", False),
        ("Quel temps fera-t-il demain ?", False),
    ],
)
def test_the_domain_is_told_by_its_words_and_by_the_names_of_the_documents(question: str, expected: bool) -> None:
    assert in_domain(question, search(question)) is expected


def test_an_unknown_answer_offers_leads_that_support_nothing() -> None:
    result = search("Quel jumelage ?")
    leads = [cite(hit, hit.passage.units, 1) for hit in result.hits]
    answer = unknown("Et ?", "Quel jumelage ?", result, leads, contact="")
    assert (answer.behaviour, answer.state) == ("abstain", "pas de réponse")
    assert answer.answer.startswith("Je ne trouve pas")
    assert abstention.LEADS_BELOW in answer.answer
    assert answer.leads == tuple(leads)
    assert answer.citations == answer.statements == ()
    assert (answer.question, answer.resolved_question) == ("Et ?", "Quel jumelage ?")


def test_leads_are_not_announced_when_there_is_none() -> None:
    assert (
        abstention.LEADS_BELOW not in unknown("Quel jumelage ?", "Quel jumelage ?", search("x"), [], contact="").answer
    )


def test_another_subject_is_redirected_without_leads() -> None:
    result = search("Quelle recette ?")
    leads = [cite(hit, hit.passage.units, 1) for hit in result.hits]
    answer = unknown("Quelle recette ?", "Quelle recette ?", result, leads, contact="")
    assert (answer.behaviour, answer.answer, answer.leads) == ("redirect", abstention.OFF_TOPIC, ())
    assert answer.suggestions


@pytest.mark.parametrize(
    ("verdict", "behaviour", "text"),
    [
        ("manipulation", "refuse", abstention.REFUSAL),
        ("insult", "refuse", abstention.COURTESY),
        ("small_talk", "redirect", abstention.GREETING),
    ],
)
def test_what_is_no_question_gets_its_own_words(verdict: Verdict, behaviour: Behaviour, text: str) -> None:
    answer = outside("…", verdict, id="7", timings_ms={"total": 1})
    assert (answer.behaviour, answer.answer, answer.state, answer.id) == (behaviour, text, "pas de réponse", "7")
    assert answer.citations == answer.leads == ()
