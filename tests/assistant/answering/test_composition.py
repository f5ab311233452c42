"""Composition: what is quoted together, how long, and how it is laid out."""

from __future__ import annotations

import pytest

from assistant.answering.composition import MAX_LIST_WORDS, MAX_WORDS, choose_pieces, cite, compose
from assistant.answering.evidence import Evidence
from assistant.answering.question import analyse
from knowledge.documents import Block, Document, Passage, Reference, Source
from knowledge.index.retrieval import Hit
from knowledge.ingestion.passages import build_passages

SOURCE = Source(id="guide", doc="guide.pdf", title="Guide", publisher="Éditeur", date="2024", url="https://exemple.fr")
FILLER = " ".join(["Une phrase de remplissage qui ne dit rien du sujet demandé ici."] * 7)


def paragraph(text: str, **more: object) -> Block:
    return Block(kind="paragraph", text=text, **more)  # type: ignore[arg-type]


def item(text: str, **more: object) -> Block:
    return Block(kind="item", text=text, **more)  # type: ignore[arg-type]


def passage_of(*blocks: Block, source: Source = SOURCE) -> Passage:
    (passage,) = build_passages(source, Document(title="", blocks=blocks))
    return passage


def evidence(passage: Passage, text: str, score: float = 10.0, source: Source = SOURCE) -> Evidence:
    index = next(i for i, unit in enumerate(passage.units) if passage.quote(unit).startswith(text))
    hit = Hit(passage, source, 1.0, 0.9, 1.0, 0.9, tuple(0.9 for _ in passage.units))
    return Evidence(hit, index, score, 0.9, 1.0)


def statements(*found: Evidence, question: str = "Que dit le guide ?") -> list[str]:
    return [statement.text for statement in compose(choose_pieces(found, analyse(question)))[0]]


def test_a_short_passage_is_said_whole() -> None:
    passage = passage_of(paragraph("Le comité agit. Il siège à Rennes."))
    assert statements(evidence(passage, "Il siège")) == ["Le comité agit. Il siège à Rennes."]


def test_only_the_sentence_found_is_said_of_a_long_passage() -> None:
    passage = passage_of(paragraph(f"{FILLER} Le comité agit. {FILLER}"))
    assert statements(evidence(passage, "Le comité agit.")) == ["Le comité agit."]


@pytest.mark.parametrize(
    "sentence",
    [
        "Il siège à Rennes.",
        "Cette instance siège.",
        "Ce dernier siège.",
        "Ainsi le maire siège.",
        "Elles siègent.",
        "Son siège est là.",
    ],
)
def test_a_sentence_that_leans_back_is_quoted_with_the_one_before(sentence: str) -> None:
    passage = passage_of(paragraph(f"{FILLER} Le comité agit. {sentence} {FILLER}"))
    assert statements(evidence(passage, sentence)) == [f"Le comité agit. {sentence}"]


@pytest.mark.parametrize(
    "sentence", ["Il est possible d’agir.", "Il faut délibérer.", "Il existe un fonds.", "Ce guide le dit."]
)
def test_an_impersonal_sentence_stands_alone(sentence: str) -> None:
    passage = passage_of(paragraph(f"{FILLER} Le comité agit. {sentence} {FILLER}"))
    assert statements(evidence(passage, sentence)) == [sentence]


def test_the_first_piece_goes_on_with_the_sentence_that_leans_on_it() -> None:
    passage = passage_of(paragraph(f"{FILLER} Le comité agit. Il siège à Rennes. {FILLER}"))
    assert statements(evidence(passage, "Le comité agit.")) == ["Le comité agit. Il siège à Rennes."]


def listed(count: int, word: str = "point") -> Passage:
    return passage_of(
        paragraph(FILLER), paragraph("Il faut réunir :"), *[item(f"{word} numéro {n}") for n in range(count)]
    )


def test_a_lead_in_is_said_with_its_list() -> None:
    found = statements(evidence(listed(3), "Il faut réunir :"))
    assert found == ["Il faut réunir :\n- point numéro 0\n- point numéro 1\n- point numéro 2."]


def test_an_item_brings_the_whole_list_when_a_list_is_asked_for() -> None:
    found = statements(evidence(listed(3), "point numéro 2"), question="Quels sont les points à réunir ?")
    assert found == ["Il faut réunir :\n- point numéro 0\n- point numéro 1\n- point numéro 2."]


def test_a_list_stops_at_its_limit() -> None:
    items = [item(f"un point assez long pour compter beaucoup de mots, numéro {n}") for n in range(15)]
    passage = passage_of(paragraph("Il faut réunir :"), *items)
    (found,) = statements(evidence(passage, "Il faut réunir :"))
    said = len(found.replace("- ", "").split())
    assert MAX_LIST_WORDS - 15 < said <= MAX_LIST_WORDS < len(passage.text.replace("•", "").split())


def test_an_answer_stays_under_its_number_of_words() -> None:
    long = "Le comité de la commune agit avec le réseau " + "de la région " * 11 + "numéro {}."
    passages = [passage_of(paragraph(f"{long.format(n)} {FILLER}")) for n in range(4)]
    found = statements(*[evidence(p, "Le comité", 10 - n / 10) for n, p in enumerate(passages)])
    assert 1 < len(found) < 4
    assert sum(len(text.split()) for text in found) <= MAX_WORDS


def test_the_same_words_are_said_once() -> None:
    twice = [passage_of(paragraph(text)) for text in ("Le comité agit.", "Le  comité agit !")]
    assert statements(*[evidence(p, "Le") for p in twice]) == ["Le comité agit."]


def test_a_piece_far_below_the_best_is_left_out() -> None:
    best, close, far = (passage_of(paragraph(f"Le {word} agit.")) for word in ("comité", "réseau", "voisin"))
    found = statements(evidence(best, "Le", 10.0), evidence(close, "Le", 9.0), evidence(far, "Le", 5.0))
    assert found == ["Le comité agit.", "Le réseau agit."]


def test_two_neighbouring_sentences_make_one_statement() -> None:
    passage = passage_of(paragraph(f"{FILLER} Le comité agit. Le réseau aide. {FILLER}"))
    assert statements(evidence(passage, "Le comité"), evidence(passage, "Le réseau", 9.5)) == [
        "Le comité agit. Le réseau aide."
    ]


def test_nothing_found_says_nothing() -> None:
    assert choose_pieces([], analyse("Que dit le guide ?")) == []


def test_statements_marks_and_citations_go_together() -> None:
    one, two = passage_of(paragraph("Le comité agit.")), passage_of(paragraph("Le réseau aide"))
    said, citations, text = compose(choose_pieces([evidence(one, "Le"), evidence(two, "Le", 9.5)], analyse("Qui ?")))
    assert text == "Le comité agit. [1]\n\nLe réseau aide. [2]"
    assert [statement.citations for statement in said] == [(1,), (2,)]
    assert [(citation.n, citation.quote) for citation in citations] == [(1, "Le comité agit."), (2, "Le réseau aide")]


def test_a_sentence_begins_with_a_capital_and_loses_its_bullet() -> None:
    passage = passage_of(item("– un point"), item("autre point"), paragraph(FILLER))
    assert statements(evidence(passage, "– un point")) == ["Un point."]


def test_a_citation_says_where_the_exact_words_stand() -> None:
    passage = passage_of(paragraph("Le comité agit.  Il siège.", original="Le co-\nmité agit. Il siège.", page=4))
    citation = cite(evidence(passage, "Il").hit, passage.units[1:], 2)
    assert citation.passage[citation.start : citation.end] == citation.quote == "Il siège."
    assert (citation.n, citation.doc, citation.source_id, citation.title) == (2, "guide.pdf", "guide", "Guide")
    assert (citation.publisher, citation.date, citation.locator, citation.url) == (
        "Éditeur",
        "2024",
        "p. 4",
        "https://exemple.fr",
    )
    assert citation.original == "Le co-\nmité agit. Il siège."


def test_a_fact_is_attributed_to_its_own_references_and_keeps_its_reserve() -> None:
    source = Source(
        id="f", doc="f.md", title="Fiche", publisher="Plusieurs", date="2026", confidence="sur", validity="depuis 2024",
        checked="2026-11-24",
        references=(Reference("s1", "A", "Agence", "2023-05"), Reference("s2", "B", "Ministère", "2024", "https://exemple.fr/b")),
    )  # fmt: skip
    passage = passage_of(
        item("un fait", refs=("s1", "s2"), confidence="a_verifier", note="source unique"), source=source
    )
    citation = cite(evidence(passage, "un", source=source).hit, passage.units, 1)
    assert (citation.publisher, citation.date, citation.url) == ("Agence ; Ministère", "2024", "https://exemple.fr/b")
    assert (citation.confidence, citation.note) == ("a_verifier", "source unique")
    assert (citation.validity, citation.checked) == ("depuis 2024", "2026-11-24")


def test_a_rule_of_law_names_the_article_it_comes_from() -> None:
    source = Source(id="d", doc="d.md", title="CGCT", kind="droit")
    blocks = (Block(kind="title", text="Article L. 1115-1", level=1), paragraph("La commune peut agir."))
    passage = passage_of(*blocks, source=source)
    assert statements(evidence(passage, "La", source=source)) == ["La commune peut agir. (CGCT, art. L.1115-1)"]
