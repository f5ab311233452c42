"""Titles, paragraphs, lists and flat tables found in plain lines."""

import pytest

from knowledge.documents import Block
from knowledge.ingestion.lines import lines_of
from knowledge.ingestion.structure import build_blocks


def blocks(text: str) -> list[Block]:
    return build_blocks(lines_of(text))


def shown(text: str) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in blocks(text)]


def test_wrapped_lines_make_one_paragraph_and_the_original_is_kept() -> None:
    text = "La coopération décentralisée unit des \ncollectivités de plusieurs pays.\n\nElle dure des années."
    found = blocks(text)
    assert [block.text for block in found] == [
        "La coopération décentralisée unit des collectivités de plusieurs pays.",
        "Elle dure des années.",
    ]
    assert found[0].original == "La coopération décentralisée unit des \ncollectivités de plusieurs pays."


def test_a_sentence_cut_by_an_empty_line_is_made_whole() -> None:
    text = "Le comité réunit les élus et les agents\n\nqui suivent le projet dans les deux pays."
    assert shown(text) == [
        ("paragraph", "Le comité réunit les élus et les agents qui suivent le projet dans les deux pays.")
    ]


def test_two_whole_sentences_are_not_joined() -> None:
    assert len(shown("Le comité se réunit.\n\nla suite est mal écrite.")) == 2


def test_a_stray_label_in_capitals_stays_out_of_the_sentence_it_cuts() -> None:
    text = (
        "La vision guide la collectivité sur le long terme.\n\nVALEURS\n\nLa mission traduit la finalité de l’action."
    )
    assert [kind for kind, _ in shown(text)] == ["paragraph", "title", "paragraph"]


@pytest.mark.parametrize("bullet", ["•", "-", "–", "\uf0d8", "\uf0b7", "\ufffd", "|", "➢"])
def test_each_kind_of_bullet_makes_items_and_wrapped_items_are_whole(bullet: str) -> None:
    text = f"En outre, il faudra :\n\n{bullet} associer les \nhabitants ;\n{bullet} prévoir un budget."
    assert shown(text) == [
        ("paragraph", "En outre, il faudra :"),
        ("item", "associer les habitants ;"),
        ("item", "prévoir un budget."),
    ]


def test_a_dash_inside_a_wrapped_sentence_is_no_bullet() -> None:
    text = "Les parties intéressées sont nombreuses\n– citoyens, entreprises –\net elles participent."
    assert [kind for kind, _ in shown(text)] == ["paragraph"]


def test_numbered_items_keep_their_numbers() -> None:
    text = "Trois étapes :\n\n1. Le diagnostic du territoire.\n2. La rédaction de la stratégie."
    assert shown(text)[1:] == [
        ("item", "1. Le diagnostic du territoire."),
        ("item", "2. La rédaction de la stratégie."),
    ]


def test_a_label_before_a_paragraph_is_a_title_and_its_glyph_goes() -> None:
    text = (
        "Voici le premier principe à connaître.\n\n j Capitalisation\n\n"
        "S’appuyer sur les résultats déjà obtenus par la collectivité pour en prolonger\nl’effet."
    )
    found = blocks(text)
    assert (found[1].kind, found[1].level, found[1].text) == ("title", 3, "Capitalisation")


def test_a_title_over_several_lines_is_one_title() -> None:
    text = "ÉLABORER \nUNE  STRATÉGIE \nD’ACTION\n\nLa stratégie est un document que vote l’assemblée délibérante."
    assert shown(text)[0] == ("title", "ÉLABORER UNE STRATÉGIE D’ACTION")


def test_acronyms_alone_are_no_titles() -> None:
    assert all(kind != "title" for kind, _ in shown("AFD\n\nDAECT\n\nLa collectivité dépose son dossier en ligne."))


def test_a_short_label_with_a_colon_goes_with_what_it_names() -> None:
    assert shown("Lieu :  \nParis \n\nTarif :  \n299€ par personne \n(Repas compris)") == [
        ("paragraph", "Lieu : Paris"),
        ("paragraph", "Tarif : 299€ par personne (Repas compris)"),
    ]


def test_page_numbers_go_and_a_running_title_stays_once() -> None:
    page = "LA CONDUITE  DU PROJET\n\nLe projet avance selon un calendrier que {} chaque année.\n\n{}\n\n\n\n"
    text = "".join(page.format(verb, number) for number, verb in enumerate(["fixe", "revoit", "évalue"], 12))
    found = shown(text)
    assert found.count(("title", "LA CONDUITE DU PROJET")) == 1
    assert len(found) == 4


def test_titles_stranded_at_the_foot_of_their_pages_come_first() -> None:
    page = "  Cette page parle {0} et le fait en une phrase assez longue.\n\nPARTIE {1}\n"
    text = "".join(
        page.format(*pair)
        for pair in [("du diagnostic", "DIAGNOSTIC"), ("du budget", "FINANCES"), ("du suivi", "ÉVALUATION")]
    )
    text += "  Une page de fin qui n’a pas de titre du tout et reste telle.\n"
    assert [kind for kind, _ in shown(text)[:4]] == ["title", "paragraph", "title", "paragraph"]
    assert shown(text)[0] == ("title", "PARTIE DIAGNOSTIC")


def test_names_under_a_lead_in_are_items_and_an_acronym_gathers_its_words() -> None:
    text = (
        "Les acteurs qui peuvent aider une collectivité :\n\nBanque mondiale\n\nRéseaux Régionaux\n\n"
        "Multi-Acteurs (RRMA)\n\nExpertise France\n\nLe texte reprend ensuite son cours avec une phrase entière."
    )
    assert shown(text)[1:4] == [
        ("item", "Banque mondiale"),
        ("item", "Réseaux Régionaux Multi-Acteurs (RRMA)"),
        ("item", "Expertise France"),
    ]


def test_a_list_of_acronyms_gives_one_item_each() -> None:
    text = "AFD Agence Française de Développement\n\nCT : Collectivité Territoriale\n\nCUF : Cités Unies France"
    assert shown(text) == [
        ("item", "AFD : Agence Française de Développement"),
        ("item", "CT : Collectivité Territoriale"),
        ("item", "CUF : Cités Unies France"),
    ]


def test_a_lead_in_printed_after_its_list_comes_before_it() -> None:
    text = (
        "Le réseau aide ses membres dans la durée.\n\n• des forums ;\n\n• des informations.\n\n"
        "Quel que soit le type de réseau, la participation donne accès à :"
    )
    assert [kind for kind, _ in shown(text)] == ["paragraph", "paragraph", "item", "item"]
    assert shown(text)[1][1].endswith("donne accès à :")


INDICATORS = (
    "Chaque indicateur a une valeur de référence et la valeur cible que l’on vise.\n\n"
    "UNITÉ VALEUR DE \nRÉFÉRENCE VALEUR CIBLE SOURCES\n\nen \nhabitants\n\n1 000\nen 2025\n\n2 000\nen 2028\n\n"
    "enquête\n\n\n\nLe texte reprend à la page suivante, sans rapport avec le tableau."
)


def test_a_flat_table_with_as_many_cells_as_columns_is_one_row() -> None:
    row = next(block for block in blocks(INDICATORS) if block.kind == "row")
    assert row.cells == (
        ("Unité", "en habitants"),
        ("Valeur de référence", "1 000 en 2025"),
        ("Valeur cible", "2 000 en 2028"),
        ("Sources", "enquête"),
    )
    assert row.text.startswith("Unité : en habitants. Valeur de référence : 1 000 en 2025.")


MODELS = (
    "Le service peut dépendre de trois lieux : cabinet, direction générale, élus.\n\n"
    "RATTACHEMENT AVANTAGES CONTRAINTES\n\n"
    "Cabinet Proximité avec l’exécutif\n\nRisque d’un certain \n\néloignement\n\n"
    "Direction générale\n\nMeilleure transversalité\n\nTravail direct avec \n\nl’ensemble des directions\n\n"
    "Disponibilité limitée\n\nÉlus\n\nProximité avec les décideurs\n\nRisque de perception différenciée\n\n"
    "Source : enquête auprès des collectivités.\n"
)


def test_rows_of_a_flat_table_are_told_by_labels_enumerated_elsewhere() -> None:
    rows = [block for block in blocks(MODELS) if block.kind == "row"]
    assert [row.cells[0][1] for row in rows] == ["Cabinet", "Direction générale", "Élus"]
    assert rows[0].text == (
        "Cabinet — Avantages : Proximité avec l’exécutif. Contraintes : Risque d’un certain éloignement."
    )


def test_cells_that_cannot_be_told_apart_stay_together_under_a_name_that_says_so() -> None:
    row = [block for block in blocks(MODELS) if block.kind == "row"][1]
    assert row.cells[1] == (
        "Avantages, puis contraintes (dans l’ordre du document)",
        "Meilleure transversalité ; Travail direct avec l’ensemble des directions ; Disponibilité limitée",
    )


def test_no_row_is_made_without_evidence() -> None:
    text = MODELS.replace("cabinet, direction générale, élus", "plusieurs lieux possibles")
    assert not [block for block in blocks(text) if block.kind == "row"]


def test_cells_that_begin_with_their_column_name_give_the_rows() -> None:
    text = (
        "Logique du projet\n\nIndicateurs\nmesurables\n\nSources de\nvérification Hypothèse\n\n"
        "Objectif général Indicateurs relatifs à\nl’objectif\n\nSources de vérification\ndu bailleur\n\n"
        "Stabilité du pays\n\nRésultats Indicateurs relatifs aux\nrésultats\n\nSources de vérification\nlocales\n\n"
        "Activités Ressources Coûts\n\n"
        "La définition des activités demande de fixer leur ordre et de nommer des responsables."
    )
    rows = [block for block in blocks(text) if block.kind == "row"]
    assert [row.cells[0][1] for row in rows] == ["Objectif général", "Résultats", "Activités"]
    assert rows[0].cells[3] == ("Hypothèse", "Stabilité du pays")
    assert rows[2].cells[1:] == (("Indicateurs mesurables", "Ressources"), ("Sources de vérification", "Coûts"))


def test_a_line_printed_on_every_page_stays_once() -> None:
    page = "Guide pratique, édition 2026\n\nLe projet avance selon un calendrier que {} chaque année.\n\n{}\n\n\n\n"
    text = "".join(page.format(verb, number) for number, verb in enumerate(["fixe", "revoit", "évalue"], 12))
    assert [found for _, found in shown(text)].count("Guide pratique, édition 2026") == 1
    assert len(shown(text)) == 4


def test_a_line_repeated_inside_pages_is_kept() -> None:
    text = "\n\n".join(f"Appel du lot {name}\n\nOuvert toute l’année\n\nDossier à déposer en ligne." for name in "1234")
    assert [found for _, found in shown(text)].count("Ouvert toute l’année") == 4
