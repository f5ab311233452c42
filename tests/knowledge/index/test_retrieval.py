"""Search over a few passages, with hashed words for vectors."""

from __future__ import annotations

import numpy as np
import pytest
from fakes import HashedEmbedder, document_of, generation_of, glossary_of, index_of

from knowledge.documents import Block, Document, Source
from knowledge.index.query import QueryExpander
from knowledge.index.retrieval import PassageIndex, SearchFilter, passage_text, unit_texts

EAU = Source(id="eau", doc="eau.md", title="Le un pour cent eau", kind="appel", valid_from="2025-01-01")
CAMPAGNE = Source(
    id="campagne",
    doc="campagne.md",
    title="Campagne passée",
    kind="appel",
    valid_from="2024-01-01",
    valid_until="2024-06-30",
)
JUMELAGE = Source(id="jumelage", doc="jumelage.pdf", title="Les jumelages", keywords=("villes sœurs",))
CONTENTS: list[tuple[Source, Document]] = [
    (EAU, document_of("Le service d’eau finance des puits. La part ne dépasse pas 1 % du budget.")),
    (CAMPAGNE, document_of("La campagne finance des écoles en 2024. Le dossier est déposé en mairie.")),
    (JUMELAGE, document_of("Deux villes signent un serment. Le comité anime les échanges de jeunes.")),
]


def found(index: PassageIndex, question: str, where: SearchFilter | None = None) -> list[str]:
    return [hit.source.id for hit in index.search(question, where=where).hits]


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("La part ne dépasse pas 1 % du budget.", "eau"),
        ("Le comité anime les échanges de jeunes.", "jumelage"),
        ("Où le dossier est-il déposé ?", "campagne"),
        ("les villes sœurs", "jumelage"),  # a keyword of the source
        ("les echnages de jeunes", "jumelage"),  # a misspelling
    ],
)
def test_the_passage_that_says_it_comes_first(question: str, first: str) -> None:
    assert found(index_of(CONTENTS), question)[0] == first


def test_an_acronym_finds_the_passage_that_spells_it_out() -> None:
    glossary = glossary_of({"CDJ": ("comité des échanges de jeunes",)})
    assert found(index_of(CONTENTS, glossary), "le CDJ ?")[0] == "jumelage"


def test_scores_decrease_and_fuse_three_signs_of_mean_zero() -> None:
    result = index_of(CONTENTS).search("Le comité anime les échanges", k=3)
    scores = [hit.score for hit in result.hits]
    assert scores == sorted(scores, reverse=True)
    assert sum(scores) == pytest.approx(0.0, abs=1e-5)
    assert result.mean_dense == pytest.approx(np.mean([hit.dense for hit in result.hits]))


def test_each_unit_of_a_passage_has_its_own_cosine() -> None:
    embedder = HashedEmbedder()
    index = PassageIndex(generation_of(CONTENTS, embedder), embedder, QueryExpander(glossary_of()))
    question = "Le comité anime les échanges de jeunes."
    for hit in index.search(question).hits:
        expected = embedder.embed_passages(unit_texts(hit.passage)) @ embedder.embed_query(question)
        assert hit.unit_cosines == pytest.approx(expected.tolist())
        assert hit.sentence == pytest.approx(max(hit.unit_cosines))
        assert hit.dense == pytest.approx(
            float(embedder.embed_passages([passage_text(hit.passage, hit.source)])[0] @ embedder.embed_query(question))
        )


def test_a_passage_without_units_keeps_its_own_cosine_as_best_sentence() -> None:
    embedder = HashedEmbedder()
    generation = generation_of(
        [(EAU, document_of("Le service d’eau.")), (JUMELAGE, document_of("Deux villes."))], embedder
    )
    bare = tuple(type(p)(**{**p.__dict__, "units": ()}) for p in generation.passages)
    empty = type(generation)(**{**generation.__dict__, "passages": bare, "unit_vectors": np.zeros((0, 64), np.float32)})
    hits = PassageIndex(empty, embedder, QueryExpander(glossary_of())).search("eau").hits
    assert [hit.sentence for hit in hits] == [hit.dense for hit in hits]


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (SearchFilter(), {"eau", "campagne", "jumelage"}),
        (SearchFilter(kinds=("appel",)), {"eau", "campagne"}),
        (SearchFilter(kinds=("appel", "document")), {"eau", "campagne", "jumelage"}),
        (SearchFilter(kinds=("droit",)), set()),
        (SearchFilter(source_ids=("jumelage",)), {"jumelage"}),
        (SearchFilter(on_date="2024-03-01"), {"campagne", "jumelage"}),
        (SearchFilter(on_date="2024-01-01"), {"campagne", "jumelage"}),  # its first day counts
        (SearchFilter(on_date="2024-06-30"), {"campagne", "jumelage"}),  # its last day too
        (SearchFilter(on_date="2024-07-01"), {"jumelage"}),
        (SearchFilter(on_date="2026-11-24"), {"eau", "jumelage"}),
        (SearchFilter(kinds=("appel",), on_date="2026-11-24"), {"eau"}),
    ],
)
def test_a_filter_keeps_what_it_accepts(where: SearchFilter, expected: set[str]) -> None:
    assert set(found(index_of(CONTENTS), "finance", where)) == expected


def test_a_filter_does_not_lessen_the_number_of_hits() -> None:
    index = index_of(CONTENTS)
    hits = index.search("Le comité anime les échanges", k=1, where=SearchFilter(source_ids=("campagne",))).hits
    assert [hit.source.id for hit in hits] == ["campagne"]


def test_at_most_k_passages_are_returned() -> None:
    index = index_of(CONTENTS)
    assert len(index.search("villes", k=2).hits) == 2
    assert len(index.search("villes", k=10).hits) == 3


def test_an_empty_index_finds_nothing() -> None:
    result = index_of([]).search("villes")
    assert result.hits == ()
    assert result.query.terms == ("vill",)


def test_one_passage_alone_is_found_without_a_spread() -> None:
    assert found(index_of(CONTENTS[:1]), "eau") == ["eau"]


def test_what_is_embedded_says_titles_and_other_names() -> None:
    document = Document(
        title="", blocks=(Block(kind="title", text="Serment", level=1), Block(kind="paragraph", text="On signe."))
    )
    passage = generation_of([(JUMELAGE, document)], HashedEmbedder()).passages[0]
    assert passage_text(passage, JUMELAGE) == "Les jumelages > Serment (villes sœurs)\nOn signe."
    assert unit_texts(passage) == ["Serment : On signe."]
