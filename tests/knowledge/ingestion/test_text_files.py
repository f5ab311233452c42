"""Text, Markdown and HTML files, and what is refused before any of them is read."""

import os
import tempfile
from pathlib import Path

import pytest

from knowledge.documents import Document
from knowledge.errors import UnreadableDocument
from knowledge.ingestion import loaders
from knowledge.ingestion.loaders import load, text

SENTENCE = "L’élève a reçu une œuvre à Béziers, près de l’Hérault."


def loaded(folder: Path, name: str, content: str | bytes) -> Document:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return load(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_usual_encoding_is_read_right(tmp_path: Path, encoding: str) -> None:
    assert loaded(tmp_path, "note.txt", SENTENCE.encode(encoding)).blocks[0].text == SENTENCE


def test_latin_1_is_read_right(tmp_path: Path) -> None:
    assert loaded(tmp_path, "note.txt", "déjà été à Sète".encode("latin-1")).blocks[0].text == "déjà été à Sète"


def test_mac_and_windows_line_ends_are_line_ends(tmp_path: Path) -> None:
    for index, end in enumerate(["\r\n", "\r"]):
        found = loaded(tmp_path, f"{index}.txt", f"Une première phrase.{end}{end}Une seconde phrase.")
        assert len(found.blocks) == 2


MARKDOWN = """---
auteur: personne
---
# Guide des aides

Voir le **guide** sur [le site](https://exemple.fr/a_(b)) ou
écrire à [aide@exemple.fr](mailto:aide@exemple.fr).

1. Le premier point,
   sur deux lignes.
2. Le second.

| Dispositif | Montant |
|---|---:|
| Appel *jeunesse* | 10 000 € |

<!-- caché -->
#### Contact :

Mairie de Sète  
04 00 00 00 00
"""


def test_markdown_marks_become_structure_and_leave_the_text(tmp_path: Path) -> None:
    document = loaded(tmp_path, "guide.md", MARKDOWN)
    assert document.title == "Guide des aides"
    assert [(block.kind, block.text) for block in document.blocks] == [
        ("title", "Guide des aides"),
        ("paragraph", "Voir le guide sur le site ou écrire à aide@exemple.fr."),
        ("item", "1. Le premier point, sur deux lignes."),
        ("item", "2. Le second."),
        ("row", "Appel jeunesse — Montant : 10 000 €."),
        ("title", "Contact"),
        ("paragraph", "Mairie de Sète"),
        ("paragraph", "04 00 00 00 00"),
    ]


def test_markdown_in_a_txt_file_is_seen(tmp_path: Path) -> None:
    document = loaded(tmp_path, "note.txt", "## Aides\n\nUn texte qui compte.\n")
    assert document.blocks[0].kind == "title"
    assert document.blocks[0].level == 2


@pytest.mark.parametrize(
    ("said", "date"),
    [
        ("Publié le 28/11/2022", "2022-11-28"),
        ("Mis à jour le 1er mars 2024", "2024-03-01"),
        ("Paris, le 28 septembre 2020", "2020-09-28"),
        ("Le projet a commencé le 28 septembre 2020", ""),
        ("Publié le 45/11/2022", ""),
    ],
)
def test_a_date_is_kept_only_when_the_document_gives_it_as_its_own(tmp_path: Path, said: str, date: str) -> None:
    assert loaded(tmp_path, "note.txt", f"{said}\n\nUne phrase de texte.").date == date


@pytest.mark.parametrize(
    ("name", "content", "title"),
    [
        ("guide_des-aides.txt", "Une phrase ordinaire qui n’est pas un titre.", "Guide des aides"),
        ("a1.txt", "Comment demander une aide ?\n\nOn remplit un dossier en ligne.", "Comment demander une aide ?"),
        ("a1.txt", "L’ACTION DES COLLECTIVITÉS EN AFRIQUE\n\nUne phrase.", "L’action des collectivités en afrique"),
        ("a1.txt", "ACTION DE LA COLLECTIVITE LOCALE\n\nUne phrase.", "ACTION DE LA COLLECTIVITE LOCALE"),
    ],
)
def test_the_title_is_the_best_known_one(tmp_path: Path, name: str, content: str, title: str) -> None:
    assert loaded(tmp_path, name, content).title == title


PAGE = """<!doctype html><html><head><title>Aide à l’eau | Agence</title>
<meta property="og:site_name" content="Agence de l’eau"><meta property="article:published_time"
content="2025-03-04T10:00:00Z"></head><body><nav><a href="/">Accueil</a></nav>
<h1>Aide à l’eau</h1><p>L’agence aide les <b>communes</b> qui financent un projet d’eau potable à l’étranger.</p>
<p style="display:none">caché</p><p hidden>caché aussi</p><script>var cache = 1;</script>
<ul><li>une étude préalable ;</li><li><p>un partenaire local.</p></li></ul>
<table><tr><th>Bassin</th><th>Taux</th></tr>
<tr><td rowspan="2">Loire</td><td>50 %</td></tr><tr><td>60 %</td></tr></table>
<footer>Mentions légales</footer></body></html>"""


def test_a_page_gives_its_main_part_and_what_it_says_of_itself(tmp_path: Path) -> None:
    document = loaded(tmp_path, "page.html", PAGE)
    assert (document.title, document.publisher, document.date) == ("Aide à l’eau", "Agence de l’eau", "2025-03-04")
    assert [(block.kind, block.text) for block in document.blocks] == [
        ("title", "Aide à l’eau"),
        ("paragraph", "L’agence aide les communes qui financent un projet d’eau potable à l’étranger."),
        ("item", "une étude préalable ;"),
        ("item", "un partenaire local."),
        ("row", "Loire — Taux : 50 %."),
        ("row", "Loire — Taux : 60 %."),
    ]


def test_a_page_in_an_old_encoding_is_read_as_it_declares(tmp_path: Path) -> None:
    page = '<html><head><meta charset="iso-8859-1"></head><body><p>Coopération à l’étranger</p></body></html>'
    assert loaded(tmp_path, "page.htm", page.encode("cp1252")).blocks[0].text == "Coopération à l’étranger"


def test_the_content_decides_when_the_suffix_is_wrong(tmp_path: Path) -> None:
    assert loaded(tmp_path, "page.txt", PAGE).publisher == "Agence de l’eau"


def refusal(path: Path) -> UnreadableDocument:
    with pytest.raises(UnreadableDocument) as caught:
        load(path)
    return caught.value


def test_what_is_not_a_readable_file_is_refused_with_its_code(tmp_path: Path) -> None:
    (tmp_path / "vide.txt").write_bytes(b"")
    (tmp_path / "image.png").write_bytes(b"\x89PNG")
    (tmp_path / "binaire.txt").write_bytes(bytes(range(256)) * 20)
    (tmp_path / "archive.txt").write_bytes(b"PK\x03\x04" + bytes(60))
    (tmp_path / "blanc.txt").write_text(" \n\n - \n", encoding="utf-8")
    codes = {name: refusal(tmp_path / name).code for name in ("absent.txt", "vide.txt", "image.png", "binaire.txt")}
    assert codes == {
        "absent.txt": "missing", "vide.txt": "empty", "image.png": "unsupported_type", "binaire.txt": "binary",
    }  # fmt: skip
    assert refusal(tmp_path).code == "not_a_file"
    assert refusal(tmp_path / "archive.txt").code == "corrupt"
    assert refusal(tmp_path / "blanc.txt").code == "no_text"
    assert refusal(tmp_path / "image.png").facts["suffix"] == ".png"


def test_a_file_over_the_limit_is_refused_with_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loaders, "LIMIT_MB", 1)
    (tmp_path / "gros.txt").write_bytes(b"a " * 600_000)
    error = refusal(tmp_path / "gros.txt")
    assert (error.code, error.facts["limit_mb"]) == ("too_large", 1)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a second process with another user")
def test_a_file_this_user_may_not_read_is_refused() -> None:
    assert text.load_text  # imported while it still may be: the child below loses the right to read the sources
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        path = Path(folder) / "secret.txt"
        path.write_text(SENTENCE, encoding="utf-8")
        path.chmod(0o000)
        child = os.fork()
        if child == 0:
            code = 1
            try:
                if os.getuid() == 0:
                    os.setuid(65534)
                load(path)
            except UnreadableDocument as error:
                code = 0 if error.code == "permission" else 2
            finally:
                os._exit(code)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
