"""The shipped fiches keep the promises made to readers; a broken file names its line and field."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from knowledge.errors import InvalidContent
from knowledge.fiches import CONTENT, FOLDERS, Fiche, load_fiche, load_fiches

DOSSIER = Path(__file__).parents[2].parent / "shared" / "dossier" / "financements.yaml"

# « Il faut », « Il est interdit » have no antecedent: they read alone.
DANGLING = re.compile(
    r"^(Elles?|Ils|Il(?! (faut|ne faut|est interdit|reste prudent)\b)|C'est|Celui|Celle|Idem|Ce|Cet|Cette|Ces)\b"
)

HEADER = """\
---
title: "Une fiche"
kind: droit
publisher: Boussole
checked: 2026-11-24
validity: {from: 2021-08-06, until: null, note: "lu en 2022"}
confidence: sur
keywords: ["autre nom"]
sources:
  - id: s1
    title: "Un texte"
    publisher: "Légifrance"
    date: "2021-08-06"
    url: "https://exemple.fr/texte"
    confidence: sur
  - id: s2
    title: "Un guide"
    publisher: "pS-Eau"
    date: "2022-11"
    url: null
    confidence: a_verifier
---
"""

BODY = """
## Règles

- La règle est simple. [^s1][^s2] {à vérifier : source unique}
- La règle vaut
  pour tous. [^s1]

Un paragraphe sans réserve. [^s1] {note : lu en 2022}

| Rattachement | Avantages | Contraintes |
|---|---|---|
| Cabinet | Proximité | Éloignement |
| Direction | Continuité | |

[^s2]
"""


@pytest.fixture(scope="module")
def shipped() -> list[Fiche]:
    return load_fiches()


Write = Callable[[bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """A function that writes the fiche droit/essai.md and returns its path."""

    def write_fiche(raw: bytes) -> Path:
        path = tmp_path / "droit" / "essai.md"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(raw)
        return path

    return write_fiche


def statements(fiche: Fiche) -> list[str]:
    return [block.text for block in fiche.document.blocks if block.kind != "title"]


def test_at_least_a_hundred_fiches_are_shipped_and_all_kinds_are_present(shipped: list[Fiche]) -> None:
    assert len(shipped) >= 100
    assert {fiche.source.kind for fiche in shipped} == set(FOLDERS.values())
    assert len({fiche.source.id for fiche in shipped}) == len(shipped)
    assert len({fiche.source.title for fiche in shipped}) == len(shipped)


def test_every_statement_of_the_shipped_fiches_names_its_sources(shipped: list[Fiche]) -> None:
    bare = [
        (fiche.source.id, block.text)
        for fiche in shipped
        for block in fiche.document.blocks
        if block.kind != "title" and not block.refs
    ]
    assert bare == []


def test_no_shipped_statement_begins_with_a_dangling_pronoun(shipped: list[Fiche]) -> None:
    found = [(fiche.source.id, text) for fiche in shipped for text in statements(fiche) if DANGLING.match(text)]
    assert found == []


def test_every_shipped_statement_is_a_closed_sentence_that_stands_once(shipped: list[Fiche]) -> None:
    for fiche in shipped:
        texts = statements(fiche)
        assert len(texts) == len(set(texts)), fiche.source.id
        assert [text for text in texts if not re.search(r"[.!?…»]$", text)] == [], fiche.source.id


@pytest.mark.parametrize("noise", ["document fourni", "Seed", "juridique.md", ".yaml", "non renseigné", "[", "{", "  "])
def test_no_shipped_statement_carries_working_notes(shipped: list[Fiche], noise: str) -> None:
    assert [(f.source.id, text) for f in shipped for text in statements(f) if noise in text] == []


def test_no_shipped_statement_has_a_plain_space_where_french_wants_a_no_break_space(shipped: list[Fiche]) -> None:
    wrong = re.compile(r" [;:!?»%€]|« |\d \d{3}\b(?! \d\d)")
    assert [(f.source.id, text) for f in shipped for text in statements(f) if wrong.search(text)] == []


def test_every_amount_and_rate_of_a_funding_fiche_stands_in_its_record(shipped: list[Fiche]) -> None:
    if not DOSSIER.exists():
        pytest.skip("the funding records the fiches were written from are not here")
    records = {record["id"]: record for record in yaml.safe_load(DOSSIER.read_text(encoding="utf-8"))}
    calls = [fiche for fiche in shipped if fiche.source.kind == "appel"]
    assert {fiche.source.id.removeprefix("appels/") for fiche in calls} == set(records)
    figure = re.compile(r"([\d\s]*\d(?:,\d+)?)\s*(?:M€|€|%)")
    for fiche in calls:
        record = yaml.safe_dump(records[fiche.source.id.removeprefix("appels/")], allow_unicode=True, width=10**6)
        known = {re.sub(r"\s", "", number) for number in re.findall(r"\d[\d\s]*(?:,\d+)?", record)}
        for text in statements(fiche):
            for number in figure.findall(text):
                assert re.sub(r"\s", "", number) in known, (fiche.source.id, text)


def test_a_fiche_becomes_a_source_and_blocks_that_know_their_sources_and_reserves(write: Write) -> None:
    fiche = load_fiche(write((HEADER + BODY).encode()))

    source = fiche.source
    assert (source.id, source.doc, source.kind) == ("droit/essai", "essai.md", "droit")
    assert source.publisher == "Légifrance ; pS-Eau"
    assert (source.date, source.url) == ("2022-11", "https://exemple.fr/texte")
    assert (source.valid_from, source.valid_until, source.validity) == ("2021-08-06", "", "lu en 2022")
    assert [reference.id for reference in source.references] == ["s1", "s2"]
    assert fiche.keywords == ("autre nom",)
    assert fiche.document.publisher == "Boussole"

    title, simple, wrapped, paragraph, cabinet, direction = fiche.document.blocks
    assert (title.kind, title.text, title.level) == ("title", "Règles", 2)
    assert (simple.text, simple.refs) == ("La règle est simple.", ("s1", "s2"))
    assert (simple.confidence, simple.note) == ("a_verifier", "source unique")
    assert (wrapped.kind, wrapped.text, wrapped.confidence) == ("item", "La règle vaut pour tous.", None)
    assert (paragraph.kind, paragraph.note, paragraph.confidence) == ("paragraph", "lu en 2022", None)
    assert cabinet.text == "Cabinet — Avantages\u00a0: Proximité\u202f; Contraintes\u00a0: Éloignement."
    assert cabinet.cells == (("Rattachement", "Cabinet"), ("Avantages", "Proximité"), ("Contraintes", "Éloignement"))
    assert (cabinet.refs, direction.refs) == (("s2",), ("s2",))
    assert direction.text == "Direction — Avantages\u00a0: Continuité."


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "problem"),
    [
        ("kind: droit", "kind: droit\ncouleur: rouge", 4, "couleur", "extra_forbidden"),
        ("publisher: Boussole", "publisher: [Boussole]", 4, "publisher", "string_type"),
        ("checked: 2026-11-24", "checked: 2026-13-45", 5, "checked", "date_from_datetime_parsing"),
        ("checked: 2026-11-24\n", "", 2, "checked", "missing"),
        ("until: null", "until: 2020-01-01", 6, "validity.until", "until_before_from"),
        ("kind: droit", "kind: guide", 3, "kind", "kind_of_another_folder"),
        ('date: "2022-11"', 'date: "novembre 2022"', 19, "sources.1.date", "string_pattern_mismatch"),
        ("url: null", "url: guide.pdf", 20, "sources.1.url", "string_pattern_mismatch"),
        ("id: s2", "id: s1", 16, "s1", "duplicate_source_id"),
        ("kind: droit", "kind: droit\nkind: droit", 4, "kind", "duplicate_key"),
        ("confidence: sur\nkeywords", "confidence: [sur\nkeywords", 8, "", "yaml_syntax"),
        ("simple. [^s1][^s2]", "simple. [^s1][^s9]", 26, "s9", "unknown_marker"),
        ("[^s2]", "[^s1]", 16, "s2", "uncited_source"),
        ("{note : lu en 2022}", "{sur : lu en 2022}", 30, "body", "bad_reserve"),
        ("| Cabinet | Proximité |", "| Cabinet |", 34, "body", "bad_table"),
        ("---\n", "", 1, "", "no_front_matter"),
        (BODY, "\n## Rien\n", 23, "body", "empty_body"),
    ],
)
def test_a_broken_fiche_names_its_line_its_field_and_the_problem(
    write: Write, old: str, new: str, line: int, field: str, problem: str
) -> None:
    text = (HEADER + BODY).replace(old, new)
    assert text != HEADER + BODY

    with pytest.raises(InvalidContent) as raised:
        load_fiche(write(text.encode()))

    assert raised.value.facts == {"file": "droit/essai.md", "line": line, "field": field, "problem": problem}


def test_a_fiche_that_is_not_utf8_names_the_line_of_the_first_wrong_byte(write: Write) -> None:
    with pytest.raises(InvalidContent) as raised:
        load_fiche(write((HEADER + BODY).encode("latin-1", errors="replace")))

    assert raised.value.facts["problem"] == "not_utf8"
    assert raised.value.facts["line"] == 12


def test_markers_that_follow_no_table_are_refused(write: Write) -> None:
    with pytest.raises(InvalidContent) as raised:
        load_fiche(write((HEADER + "\n- Une règle. [^s1]\n\n[^s2]\n").encode()))

    assert raised.value.facts["problem"] == "stray_marker"


def test_every_file_of_the_content_folder_is_loaded(shipped: list[Fiche]) -> None:
    assert len(shipped) == len(list(CONTENT.rglob("*.md")))
