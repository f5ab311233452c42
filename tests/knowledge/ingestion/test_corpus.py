"""What can be observed of the five shared documents; skipped where they are not at hand."""

import re
from pathlib import Path

import pytest

from knowledge.documents import Block, Document
from knowledge.ingestion.loaders import load

CORPUS = Path(__file__).resolve().parents[4] / "shared" / "corpus"
FILES = sorted(CORPUS.glob("*.txt"))
pytestmark = pytest.mark.skipif(len(FILES) < 5, reason="the shared documents are not beside this repository")


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    return [load(path) for path in FILES[:5]]


@pytest.fixture(scope="module")
def guide(documents: list[Document]) -> Document:
    return documents[2]


def texts(document: Document, kind: str = "") -> list[str]:
    return [block.text for block in document.blocks if not kind or block.kind == kind]


def row(document: Document, label: str) -> Block:
    return next(block for block in document.blocks if block.kind == "row" and block.cells[0][1].startswith(label))


def index_of(document: Document, start: str) -> int:
    return next(index for index, text in enumerate(texts(document)) if text.startswith(start))


def test_no_letter_spaced_word_is_left(documents: list[Document]) -> None:
    for text in (text for document in documents for text in texts(document)):
        assert not re.search(r"(?<!\w)[^\W\d_](?: [^\W\d_]){3,}(?!\w)", text), text


def test_no_stray_glyph_bullet_double_space_or_line_end_is_left(documents: list[Document]) -> None:
    for text in (text for document in documents for text in texts(document)):
        assert not re.search(r"[\ue000-\uf8ff\ufffd\n]|  |^[•|]|^j [A-Z]", text), text


def test_every_word_of_the_files_is_in_the_blocks(documents: list[Document]) -> None:
    """Letters aside from repeated titles and page numbers: cleaning joins, it does not lose."""
    for path, document in zip(FILES, documents, strict=False):
        letters = sum(character.isalpha() for character in path.read_text(encoding="utf-8"))
        originals = sum(character.isalpha() for block in document.blocks for character in block.original)
        cleaned = sum(character.isalpha() for text in texts(document) for character in text)
        assert originals > 0.9 * letters
        assert cleaned > 0.9 * letters


def test_paragraphs_of_prose_are_whole_sentences(guide: Document) -> None:
    prose = [text for text in texts(guide, "paragraph") if len(text) > 150]
    assert len(prose) > 80
    assert [text for text in prose if not re.search(r"[.:!?…»)]$", text)] == []
    assert [text for text in prose if text[0].islower()] == []


@pytest.mark.parametrize(
    "fragment",
    [
        "quelques recommandations pour ce qui est de la mise en pratique.",
        "articles L.1115-1 à L.1115-7 du CGCT",
        "objectifs sous-jacents aux 17 ODD",
        "une compréhension partagée des principes",
        "perdre une certaine flexibilité",
        "il est recommandé de faire partie",
        "il s’agit de co-financements sur le total",
        "la transparence des institutions et des processus.",
        "doit être assuré tout au long du processus grâce à",
        "leur nature et leur taille, sans compter",
        "cas individuels",
        "vis-à-vis des parties prenantes",
    ],
)
def test_broken_words_and_lines_of_the_guide_are_mended(guide: Document, fragment: str) -> None:
    assert any(fragment in text for text in texts(guide))


@pytest.mark.parametrize(
    "title",
    ["LES ÉLÉMENTS CLÉS D’UNE STRATÉGIE", "LE SUIVI ET L’ÉVALUATION", "TRAVAILLER EN RÉSEAU", "LA COMMUNICATION",
     "SENSIBILISATION ET ENGAGEMENT DES ÉQUIPES DE LA CT", "LA CONSULTATION PUBLIQUE CITOYENNE", "Capitalisation",
     "DES RESSOURCES COHÉRENTES AVEC LES ACTIONS", "APPEL À PROJETS DE L’AFD", "Ciblage de l’intervention",
     "APPRÉHENDER LES PRINCIPES ESSENTIELS AVANT DE SE LANCER", "Un processus Conjoint", "Acronymes"],
)  # fmt: skip
def test_titles_of_the_guide_stand_once(guide: Document, title: str) -> None:
    assert texts(guide, "title").count(title) == 1


def test_a_title_printed_after_its_page_stands_before_its_text(guide: Document) -> None:
    assert index_of(guide, "TRAVAILLER EN RÉSEAU") < index_of(guide, "Une stratégie ne doit pas être")
    assert index_of(guide, "DES RESSOURCES COHÉRENTES") < index_of(guide, "Une stratégie internationale est aussi")


def test_labels_of_side_boxes_are_out_of_the_sentences(guide: Document) -> None:
    vision = next(text for text in texts(guide) if text.startswith("La Vision décrit"))
    assert vision.endswith("pour lequel elle existe.")
    assert not any("VALEURS" in text or "MISSION" in text for text in texts(guide, "paragraph") if len(text) > 30)


def test_lists_of_the_guide_follow_their_lead_in(guide: Document) -> None:
    start = index_of(guide, "En outre, il faudra :")
    assert [block.kind for block in guide.blocks[start : start + 5]] == ["paragraph", *["item"] * 4]
    network = index_of(guide, "Quel que soit le type de réseau")
    assert guide.blocks[network + 1].text.startswith("des forums")
    actions = next(i for i, text in enumerate(texts(guide)) if text.endswith("prévoir les actions suivantes :"))
    assert guide.blocks[actions + 1].text.startswith("Publier les calendriers")


def test_conditions_of_the_guide_are_nine_items(guide: Document) -> None:
    start = index_of(guide, "Avoir un portage politique")
    kinds = [block.kind for block in guide.blocks[start : start + 10]]
    assert kinds == [*["item"] * 9, "title"]


def test_the_models_of_organisation_are_five_rows(guide: Document) -> None:
    rows = [block for block in guide.blocks if block.cells and block.cells[0][0] == "Rattachement direct"]
    assert [block.cells[0][1].split(" (")[0] for block in rows] == [
        "Direction générale des services", "Directions Fonctionnelles", "Directions opérationnelles", "Cabinet", "Élus",
    ]  # fmt: skip
    assert rows[3].text.startswith("Cabinet — Avantages : Proximité avec l’exécutif. Contraintes : Risque d’un certain")
    assert rows[4].text.startswith("Élus — Avantages, puis contraintes (dans l’ordre du document) : Proximité avec les")
    assert rows[0].cells[1][1].endswith("par « obligation » et non par adhésion")
    assert guide.blocks[guide.blocks.index(rows[0]) - 1].text.endswith("de chaque type de rattachement :")


def test_the_indicator_table_is_one_row(guide: Document) -> None:
    columns = ["Unité", "Valeur de référence", "Valeur cible", "Périodicité", "Sources"]
    found = next(block for block in guide.blocks if [name for name, _ in block.cells] == columns)
    assert dict(found.cells)["Valeur cible"] == "dans un temps précis"


def test_the_logical_framework_is_four_rows(guide: Document) -> None:
    assert dict(row(guide, "Objectif générale").cells)["Hypothèse"].startswith("Facteurs hors du contrôle")
    assert dict(row(guide, "Objectif(s) spécifique(s)").cells)["Sources de vérification"].endswith("associés")
    assert row(guide, "Résultats attendus").cells[1][0] == "Indicateurs mesurables"
    assert [value for _, value in row(guide, "Activités").cells] == ["Activités", "Ressources", "Coûts"]


def test_commitments_are_paired_with_what_they_mean(guide: Document) -> None:
    pairs = [
        [value for _, value in block.cells] for block in guide.blocks if block.cells[:1] and "CT" in block.cells[0][0]
    ]
    assert pairs[0] == ["Promesse d’information", "Rester informées"]
    assert len(pairs) == 3


def test_actors_and_acronyms_are_items(guide: Document) -> None:
    items = texts(guide, "item")
    for item in (
        "Réseaux Régionaux Multi-Acteurs (RRMA)",
        "Cités et Gouvernements Locaux Unis (CGLU)",
        "AFD : Agence Française de Développement",
        "CDC : Caisse des Dépôts et Consignations",
    ):
        assert item in items


def test_amounts_rates_and_dates_are_untouched(guide: Document) -> None:
    text = "\n".join(texts(guide))
    for figure in (
        "200 K€ et 1,5 M€",
        "45 387 communes",
        "65 % des 169",
        "9 février 2005",
        "3-5%",
        "1 %",
        "30 % du plan",
    ):
        assert figure in text


def test_the_course_leaflet_has_its_sections_and_practical_facts(documents: list[Document]) -> None:
    leaflet = documents[0]
    assert {"PUBLIC CONCERNE", "OBJECTIFS DU STAGE", "OPTIONS PEDAGOGIQUES"} <= set(texts(leaflet, "title"))
    assert "Tarif : 299€ TTC par personne (Repas compris)" in texts(leaflet)
    assert "Lieu : Paris" in texts(leaflet)
    assert "formation@coopdec.org" in texts(leaflet)[-1]
    assert "Cerner les possibilités de collaboration" in texts(leaflet, "item")
    assert "L’ENGAGEMENT D’UNE COLLECTIVITE" in leaflet.title


def test_the_recognised_leaflet_is_repaired_where_it_is_certain(documents: list[Document]) -> None:
    leaflet = documents[1]
    text = "\n".join(texts(leaflet))
    assert "Il n’existe pas UNE" in text
    assert "l’emportent sur l’appui institutionnel" in text
    assert "mettre en œuvre/accompagner" in text
    assert "à travers la coopération décentralisée et aujourd’hui l’action" in text
    assert texts(leaflet, "title") == ["PRESENTATION", "OBJECTIFS", "CONTENUS", "PUBLIC VISE"]
    assert len(texts(leaflet, "item")) == 9


def test_the_press_release_has_title_date_steps_and_contact(documents: list[Document]) -> None:
    release = documents[3]
    assert release.title.startswith("Publication du guide opérationnel")
    assert release.date == "2020-09-28"
    assert [text[:2] for text in texts(release, "item")[:3]] == ["1.", "2.", "3."]
    assert any("01 43 17 62 64" in text and "secretariat.dgm-aect@" in text for text in texts(release))


def test_the_web_page_has_title_date_and_contact(documents: list[Document]) -> None:
    page = documents[4]
    assert page.title == "Comment élaborer une stratégie d’action internationale ?"
    assert page.date == "2022-11-28"
    contact = index_of(page, "Contact")
    assert page.blocks[contact].kind == "title"
    assert "contact@territoires-solidaires.fr" in page.blocks[contact + 1].text
    assert any("ainsi que sur plusieurs entretiens avec des collectivités" in text for text in texts(page))
