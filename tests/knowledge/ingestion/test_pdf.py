"""PDF files, made here with Typst."""

import shutil
from pathlib import Path

import pytest
import typst

from knowledge.errors import UnreadableDocument
from knowledge.ingestion.loaders import load

GUIDE = """
#set document(title: "Guide de la coopération décentralisée")
#set page(paper: "a4", header: [Guide pratique #h(1fr) Édition 2026],
  footer: context [Réseau régional #h(1fr) #counter(page).display()])
#set text(lang: "fr", hyphenate: true, size: 10pt)
#set par(justify: true)
#text(20pt)[= Conduire un projet avec un partenaire étranger]
== Le cadre juridique
#columns(2)[
#for i in range(4) [Dans la commune numéro #i, chaque partenaire formalise progressivement les responsabilités
opérationnelles, les contributions financières, les modalités d’évaluation intermédiaire et la communication
institutionnelle correspondante, avec les collectivités territoriales étrangères concernées.

]
- soutenir les partenariats engagés par les collectivités ;
- encourager la participation des habitants.
#colbreak()
La seconde colonne commence ici et se lit après la première.
]
#pagebreak()
== Les aides
Le tableau suivant résume les aides.
#table(columns: 3, [Dispositif], [Montant], [Échéance],
  [Appel jeunesse], [10 000 €], [31 mars], [Appel climat], [50 000 €], [30 juin])
Après le tableau, le texte continue sans attendre et cette phrase se poursuit sur la
#pagebreak()
page suivante, où elle finit.
"""
BLANK = '#set page(paper: "a5")\n#rect(width: 50%, height: 20%, fill: gray)\n'


def pdf(folder: Path, source: str) -> Path:
    path = folder / "document.pdf"
    typst.compile(source.encode(), output=str(path))
    return path


@pytest.fixture(scope="module")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pdf(tmp_path_factory.mktemp("pdf"), GUIDE)


def test_titles_come_from_the_size_of_letters_and_the_document_title_from_the_metadata(guide: Path) -> None:
    document = load(guide)
    titles = [(block.level, block.text) for block in document.blocks if block.kind == "title"]
    assert titles == [
        (1, "Conduire un projet avec un partenaire étranger"), (2, "Le cadre juridique"), (2, "Les aides"),
    ]  # fmt: skip
    assert document.title == "Guide de la coopération décentralisée"


def test_columns_are_read_one_after_the_other_with_words_and_paragraphs_whole(guide: Path) -> None:
    texts = [block.text for block in load(guide).blocks if block.page == 1 and block.kind == "paragraph"]
    assert texts[:4] == [
        f"Dans la commune numéro {number}, chaque partenaire formalise progressivement les responsabilités "
        "opérationnelles, les contributions financières, les modalités d’évaluation intermédiaire et la communication "
        "institutionnelle correspondante, avec les collectivités territoriales étrangères concernées."
        for number in range(4)
    ]
    assert texts[-1] == "La seconde colonne commence ici et se lit après la première."


def test_lists_are_items(guide: Path) -> None:
    items = [block.text for block in load(guide).blocks if block.kind == "item"]
    assert items == [
        "soutenir les partenariats engagés par les collectivités ;", "encourager la participation des habitants.",
    ]  # fmt: skip


def test_headers_footers_and_page_numbers_are_left_out(guide: Path) -> None:
    text = "\n".join(block.text for block in load(guide).blocks)
    assert "Édition 2026" not in text
    assert "Réseau régional" not in text


def test_a_ruled_table_gives_rows_in_their_place_with_the_page(guide: Path) -> None:
    blocks = load(guide).blocks
    rows = [block for block in blocks if block.kind == "row"]
    assert [row.text for row in rows] == [
        "Appel jeunesse — Montant : 10 000 €. Échéance : 31 mars.",
        "Appel climat — Montant : 50 000 €. Échéance : 30 juin.",
    ]
    assert {row.page for row in rows} == {2}
    assert blocks[blocks.index(rows[0]) - 1].text == "Le tableau suivant résume les aides."


def test_a_sentence_over_two_pages_is_whole(guide: Path) -> None:
    assert load(guide).blocks[-1].text.endswith("se poursuit sur la page suivante, où elle finit.")


def test_a_pdf_of_images_says_so_when_nothing_can_recognise_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(UnreadableDocument) as caught:
        load(pdf(tmp_path, BLANK))
    assert caught.value.code == "image_only_pdf"
    assert caught.value.facts["pages"] == 1


def test_one_page_without_text_is_named_in_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    document = load(pdf(tmp_path, f"Une page de texte tout à fait lisible.\n#pagebreak()\n{BLANK}"))
    assert len(document.warnings) == 1
    assert document.warnings[0].startswith("Page 2 sans texte")


@pytest.mark.skipif(not shutil.which("tesseract"), reason="tesseract is not installed: recognition cannot be tried")
def test_a_page_that_is_an_image_is_recognised(tmp_path: Path) -> None:
    import pypdfium2

    pytest.importorskip("pytesseract")
    source = pdf(tmp_path, "#set text(size: 16pt)\nLa commune verse une subvention à son partenaire béninois.")
    image = pypdfium2.PdfDocument(source)[0].render(scale=3).to_pil()
    scanned = tmp_path / "scan.pdf"
    image.save(scanned)
    document = load(scanned)
    assert "verse une subvention" in document.blocks[0].text
    assert "OCR" in document.warnings[0]


def test_an_encrypted_pdf_is_refused(tmp_path: Path) -> None:
    key = b"41" * 32
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
        b"<< /Filter /Standard /V 1 /R 2 /O <" + key + b"> /U <" + key + b"> /P -4 >>",
    ]
    data, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(data)
    data += b"xref\n0 5\n0000000000 65535 f \n" + table
    data += b"trailer\n<< /Size 5 /Root 1 0 R /Encrypt 4 0 R /ID [<00> <00>] >>\nstartxref\n%d\n%%%%EOF" % start
    path = tmp_path / "secret.pdf"
    path.write_bytes(data)
    with pytest.raises(UnreadableDocument) as caught:
        load(path)
    assert caught.value.code == "encrypted_pdf"


@pytest.mark.parametrize("data", [b"%PDF-1.7\nrien de plus", b"pas un PDF"])
def test_a_broken_pdf_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "casse.pdf"
    path.write_bytes(data)
    with pytest.raises(UnreadableDocument) as caught:
        load(path)
    assert caught.value.code == "corrupt"
