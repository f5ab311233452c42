"""Word and OpenDocument files."""

import zipfile
from pathlib import Path

import docx
import odfdo
import pytest

from knowledge.documents import Document
from knowledge.errors import UnreadableDocument
from knowledge.ingestion.loaders import load

ROWS = [("Pays", "Montant", "Année"), ("Sénégal", "10 000 €", "2026"), ("Bénin", "5 000 €", "2027")]


def word(path: Path) -> Path:
    document = docx.Document()
    document.core_properties.title = ""
    document.add_heading("Convention de coopération", 1)
    document.add_heading("Objet", 2)
    paragraph = document.add_paragraph("La convention précise les engagements.")
    paragraph.add_run(" Note interne à retirer.").font.hidden = True
    document.add_paragraph("le montant des aides ;", style="List Bullet")
    document.add_paragraph("la durée du projet.", style="List Bullet")
    table = document.add_table(len(ROWS), 3)
    for row, cells in zip(table.rows, ROWS, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    document.add_paragraph("Fait à Dakar.")
    document.save(str(path))
    return path


def open_document(path: Path) -> Path:
    document = odfdo.Document("text")
    body = document.body
    body.clear()
    body.append(odfdo.Header(1, "Convention de coopération"))
    body.append(odfdo.Header(2, "Objet"))
    body.append(odfdo.Paragraph("La convention précise les engagements."))
    body.append(odfdo.List(["le montant des aides ;", "la durée du projet."]))
    table = odfdo.Table("Aides")
    for cells in ROWS:
        row = odfdo.Row()
        for text in cells:
            row.append_cell(odfdo.Cell(text=text))
        table.append_row(row)
    body.append(table)
    body.append(odfdo.Paragraph("Fait à Dakar."))
    document.save(str(path))
    return path


@pytest.fixture(params=[word, open_document], ids=["docx", "odt"])
def document(request: pytest.FixtureRequest, tmp_path: Path) -> Document:
    suffix = ".docx" if request.param is word else ".odt"
    return load(request.param(tmp_path / f"convention{suffix}"))


def test_headings_paragraphs_lists_and_tables_come_in_order(document: Document) -> None:
    assert [(block.kind, block.level, block.text) for block in document.blocks] == [
        ("title", 1, "Convention de coopération"),
        ("title", 2, "Objet"),
        ("paragraph", 0, "La convention précise les engagements."),
        ("item", 0, "le montant des aides ;"),
        ("item", 0, "la durée du projet."),
        ("row", 0, "Sénégal — Montant : 10 000 €. Année : 2026."),
        ("row", 0, "Bénin — Montant : 5 000 €. Année : 2027."),
        ("paragraph", 0, "Fait à Dakar."),
    ]


def test_the_first_heading_is_the_title(document: Document) -> None:
    assert document.title == "Convention de coopération"


def test_a_cell_over_several_rows_is_repeated_in_each(tmp_path: Path) -> None:
    file = docx.Document()
    table = file.add_table(3, 2)
    for row, cells in zip(table.rows, [("Pays", "Aide"), ("Bénin", "Eau"), ("", "Énergie")], strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    file.save(str(tmp_path / "fusion.docx"))
    assert [block.text for block in load(tmp_path / "fusion.docx").blocks] == [
        "Bénin — Aide : Eau.", "Bénin — Aide : Énergie.",
    ]  # fmt: skip


def test_a_layout_of_one_cell_is_read_as_text(tmp_path: Path) -> None:
    file = docx.Document()
    file.add_table(1, 1).cell(0, 0).text = "Un encadré qui dit quelque chose."
    file.save(str(tmp_path / "cadre.docx"))
    assert [(b.kind, b.text) for b in load(tmp_path / "cadre.docx").blocks] == [
        ("paragraph", "Un encadré qui dit quelque chose.")
    ]


def replace_member(path: Path, name: str, change: tuple[bytes, bytes]) -> Path:
    """`path` rewritten with one member changed."""
    with zipfile.ZipFile(path) as archive:
        members = {item: archive.read(item) for item in archive.namelist()}
    assert change[0] in members[name]
    members[name] = members[name].replace(*change, 1)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for item, data in members.items():
            archive.writestr(item, data)
    return path


@pytest.mark.parametrize(
    ("make", "suffix", "member", "root"),
    [(word, ".docx", "word/document.xml", b"<w:document"), (open_document, ".odt", "content.xml", b"<office:document")],
)
def test_xml_entities_are_never_expanded(tmp_path: Path, make: object, suffix: str, member: str, root: bytes) -> None:
    assert callable(make)
    secret = tmp_path / "secret.txt"
    secret.write_text("mot de passe", encoding="utf-8")
    path = make(tmp_path / f"entites{suffix}")
    declared = f'<!DOCTYPE x [<!ENTITY a SYSTEM "{secret.as_uri()}"><!ENTITY b "interne">]>'.encode()
    replace_member(path, member, (root, declared + root))
    replace_member(path, member, ("précise".encode(), b"&a;&b;"))
    text = "\n".join(block.text for block in load(path).blocks)
    assert "mot de passe" not in text
    assert "interne" not in text


def test_a_bomb_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "bombe.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 50_000_000)
    with pytest.raises(UnreadableDocument) as caught:
        load(path)
    assert caught.value.code == "too_large"


@pytest.mark.parametrize("suffix", [".docx", ".odt"])
@pytest.mark.parametrize("data", [b"PK\x03\x04 tronque", b"du texte"])
def test_a_broken_file_is_refused(tmp_path: Path, suffix: str, data: bytes) -> None:
    path = tmp_path / f"casse{suffix}"
    path.write_bytes(data)
    with pytest.raises(UnreadableDocument) as caught:
        load(path)
    assert caught.value.code == "corrupt"


def test_an_archive_without_a_document_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "autre.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("rien.txt", "rien")
    with pytest.raises(UnreadableDocument) as caught:
        load(path)
    assert caught.value.code == "corrupt"
