"""Passages: what is kept together, what is cut, and where each quotable unit stands."""

from __future__ import annotations

import pytest

from knowledge.documents import Block, Document, Passage, Source
from knowledge.ingestion.passages import MAX_LIST_WORDS, MAX_WORDS, build_passages

SOURCE = Source(id="s", doc="guide.pdf", title="Guide")


def title(text: str, level: int = 1) -> Block:
    return Block(kind="title", text=text, level=level)


def paragraph(text: str, **more: object) -> Block:
    return Block(kind="paragraph", text=text, **more)  # type: ignore[arg-type]


def item(text: str, **more: object) -> Block:
    return Block(kind="item", text=text, **more)  # type: ignore[arg-type]


def words(count: int, word: str = "mot") -> str:
    """A sentence of `count` words."""
    return " ".join([word.capitalize(), *[word] * (count - 2), "fin."])


def passages(*blocks: Block) -> list[Passage]:
    return build_passages(SOURCE, Document(title="Guide", blocks=blocks))


def quotes(passage: Passage) -> list[str]:
    return [passage.quote(unit) for unit in passage.units]


def test_a_section_is_one_passage_under_its_titles() -> None:
    (found,) = passages(title("Partie"), title("Section", 2), paragraph(words(60)), paragraph(words(40)))
    assert found.title_path == ("Guide", "Partie", "Section")
    assert found.text == f"{words(60)}\n\n{words(40)}"
    assert found.locator == "Section"


def test_a_title_closes_those_of_its_level_and_below() -> None:
    found = passages(
        title("A"),
        title("A1", 2),
        paragraph(words(60)),
        title("B"),
        paragraph(words(60)),
        title("B1", 2),
        paragraph(words(60)),
    )
    assert [p.title_path[1:] for p in found] == [("A", "A1"), ("B",), ("B", "B1")]


def test_the_title_of_the_document_is_not_repeated() -> None:
    (found,) = passages(title("Guide"), paragraph(words(60)))
    assert found.title_path == ("Guide",)
    assert found.locator == ""


def test_a_long_section_is_cut_between_paragraphs() -> None:
    found = passages(title("Section"), *[paragraph(words(60)) for _ in range(5)])
    assert [len(p.text.split()) for p in found] == [120, 120, 60]
    assert all(len(p.text.split()) <= MAX_WORDS for p in found)
    assert [p.position for p in found] == [0, 1, 2]


def test_small_neighbours_become_one_passage_that_says_their_titles() -> None:
    (found,) = passages(
        title("Stage"),
        title("Tarif", 2),
        paragraph("120 € la journée."),
        title("Lieu", 2),
        paragraph("Salle des fêtes."),
        title("Publics", 2),
        item("élus"),
        item("agents"),
    )
    assert found.title_path == ("Guide", "Stage")
    assert found.text == "Tarif : 120 € la journée.\n\nLieu : Salle des fêtes.\n\nPublics :\n• élus\n• agents"
    assert quotes(found) == ["Tarif : 120 € la journée.", "Lieu : Salle des fêtes.", "Publics :", "élus", "agents"]


def test_small_neighbours_of_different_parents_stay_apart() -> None:
    found = passages(title("A"), title("Lieu", 2), paragraph("Ici."), title("B"), title("Lieu", 2), paragraph("Là."))
    assert [(p.title_path, p.text) for p in found] == [
        (("Guide", "A", "Lieu"), "Ici."),
        (("Guide", "B", "Lieu"), "Là."),
    ]


def test_small_neighbours_stop_merging_when_they_are_many() -> None:
    blocks = [block for n in range(6) for block in (title(f"Point {n}", 2), paragraph(words(30)))]
    found = passages(title("Guide pratique"), *blocks)
    assert len(found) == 2
    assert [p.text.count("Point") for p in found] == [3, 3]


def test_a_small_section_does_not_join_a_large_one() -> None:
    found = passages(title("A"), title("Grand", 2), paragraph(words(60)), title("Petit", 2), paragraph("Court."))
    assert [p.title_path[-1] for p in found] == ["Grand", "Petit"]


def test_a_list_is_never_parted_from_the_line_that_introduces_it() -> None:
    found = passages(
        title("Section"), paragraph(words(140)), paragraph("Il faut réunir :"), item(words(20)), item(words(20))
    )
    assert len(found) == 2
    assert found[1].text.startswith("Il faut réunir :\n• ")
    assert len(found[1].units) == 3


def test_a_list_is_kept_whole_up_to_its_own_limit() -> None:
    (found,) = passages(title("Section"), paragraph("Il faut :"), *[item(words(22)) for _ in range(10)])
    assert MAX_WORDS < len(found.text.replace("•", "").split()) <= MAX_LIST_WORDS
    assert len(found.units) == 11


def test_a_longer_list_is_cut_between_items_each_part_with_its_lead_in() -> None:
    found = passages(title("Section"), paragraph("Il faut :"), *[item(words(22)) for _ in range(24)])
    assert len(found) == 3
    assert all(p.text.startswith("Il faut :\n• ") for p in found)
    assert sum(len(p.units) - 1 for p in found) == 24
    assert all(len(p.text.replace("•", "").split()) <= MAX_LIST_WORDS for p in found)


def test_a_paragraph_after_a_list_is_no_lead_in_of_the_next_part() -> None:
    found = passages(
        title("Section"),
        paragraph("Il faut :"),
        item("un"),
        paragraph(words(100)),
        *[item(words(40)) for _ in range(6)],
    )
    assert not any(p.text.startswith("Il faut :") for p in found[1:])


def test_quotes_are_exact_and_in_order() -> None:
    text = "L’art. L. 1115-1 le dit. Il vaut pour tous."
    (found,) = passages(
        title("Section"), paragraph(text), item("un point ; un autre"), Block(kind="row", text="Cabinet. Coût : 3 €.")
    )
    assert quotes(found) == [
        "L’art. L. 1115-1 le dit.",
        "Il vaut pour tous.",
        "un point ; un autre",
        "Cabinet. Coût : 3 €.",
    ]
    assert [unit.kind for unit in found.units] == ["sentence", "sentence", "item", "row"]
    assert all(found.text[unit.start : unit.end] == found.quote(unit) for unit in found.units)
    starts = [unit.start for unit in found.units]
    assert starts == sorted(starts)


def test_a_row_is_one_unit_whatever_its_sentences() -> None:
    (found,) = passages(
        title("Services"), Block(kind="row", text="Cabinet. Avantages : proche. Contraintes : surchargé.")
    )
    assert quotes(found) == ["Cabinet. Avantages : proche. Contraintes : surchargé."]


def test_rows_are_not_merged_with_neighbours() -> None:
    found = passages(
        title("A"), title("T", 2), Block(kind="row", text="Cabinet. Coût : 3 €."), title("Lieu", 2), paragraph("Ici.")
    )
    assert [p.title_path[-1] for p in found] == ["T", "Lieu"]


def test_a_long_item_is_quoted_by_sentence_and_a_short_one_whole() -> None:
    long = f"{words(30)} {words(30)}"
    (found,) = passages(title("Section"), item(long), item("Court. Deux phrases."))
    assert quotes(found) == [words(30), words(30), "Court. Deux phrases."]


def test_hundreds_of_characters_without_a_stop_are_cut_at_a_space() -> None:
    text = "mot " * 400
    (found,) = passages(title("Section"), paragraph(text.strip()))
    assert len(found.units) > 2
    assert all(len(quote) <= 600 and quote.split() and set(quote.split()) == {"mot"} for quote in quotes(found))
    assert sum(len(quote.split()) for quote in quotes(found)) == 400


def test_what_a_fact_carries_goes_to_its_units() -> None:
    (found,) = passages(title("Section"), item("un fait", refs=("s1",), confidence="a_verifier", note="source unique"))
    unit = found.units[0]
    assert (unit.refs, unit.confidence, unit.note) == (("s1",), "a_verifier", "source unique")


@pytest.mark.parametrize(
    ("section", "pages", "locator"),
    [
        ("Méthode", (12, 12), "p. 12, Méthode"),
        ("Méthode", (12, 13), "p. 12-13, Méthode"),
        ("Article L. 1115-1", (7, 7), "p. 7, art. L.1115-1"),
        ("Art. R1115-2 : contenu", (None, None), "art. R.1115-2"),
        ("Article L1115-1-1", (None, None), "art. L.1115-1-1"),
        ("Méthode", (None, None), "Méthode"),
        ("Méthode", (None, 4), "p. 4, Méthode"),
    ],
)
def test_the_locator_says_page_and_article_or_section(
    section: str, pages: tuple[int | None, int | None], locator: str
) -> None:
    (found,) = passages(title(section), *[paragraph(words(40), page=page) for page in pages])
    assert found.locator == locator


def test_the_original_is_kept_only_when_cleaning_changed_it() -> None:
    (same,) = passages(title("Section"), paragraph("Le texte du guide.", original="Le  texte\ndu guide."))
    (changed,) = passages(title("Section"), paragraph("Le texte du guide.", original="Le tex-\nte du guide."))
    assert same.original == ""
    assert changed.original == "Le tex-\nte du guide."


def test_bullets_alone_are_no_change() -> None:
    (found,) = passages(title("Section"), item("un point", original="• un point"))
    assert found.original == ""


def test_identifiers_depend_on_source_place_and_text_alone() -> None:
    blocks = (title("Section"), paragraph(words(100)), paragraph(words(100)))
    first, again = passages(*blocks), passages(*blocks)
    assert [p.id for p in first] == [p.id for p in again]
    assert len({p.id for p in first}) == 2
    other = build_passages(Source(id="t", doc="t", title="Guide"), Document(title="", blocks=blocks))
    assert {p.id for p in first}.isdisjoint(p.id for p in other)


@pytest.mark.parametrize("blocks", [(), (title("Seul"),), (title("Vide"), paragraph("  "))])
def test_a_document_without_text_has_no_passage(blocks: tuple[Block, ...]) -> None:
    assert passages(*blocks) == []
