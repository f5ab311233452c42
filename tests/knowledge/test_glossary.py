"""The shipped glossary covers the field; a broken one names its line and field."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.errors import InvalidContent
from knowledge.fiches import load_fiches
from knowledge.glossary import load_glossary

ENTRY = """\
acronyms:
  - acronym: AFD
    expansions: ["Agence française de développement"]
    definition: "Une banque publique."
    see: acteurs/afd
synonyms:
  - [vote, voter]
"""


@pytest.mark.parametrize(
    ("acronym", "expansion"),
    [
        ("AICT", "action internationale des collectivités territoriales"),
        ("EPCI", "établissement public de coopération intercommunale"),
        ("GECT", "groupement européen de coopération territoriale"),
        ("RRMA", "réseau régional multi-acteurs"),
        ("ODD", "objectifs de développement durable"),
        ("PMA", "pays les moins avancés"),
        ("VSI", "volontariat de solidarité internationale"),
    ],
)
def test_the_shipped_glossary_expands_the_acronyms_of_the_field(acronym: str, expansion: str) -> None:
    assert expansion in load_glossary().acronyms[acronym]


def test_every_acronym_has_a_definition_and_leads_to_a_shipped_fiche_when_it_names_one() -> None:
    glossary = load_glossary()
    assert set(glossary.definitions) == set(glossary.acronyms)
    assert set(glossary.see.values()) <= {fiche.source.id for fiche in load_fiches()}


def test_synonym_groups_hold_distinct_words() -> None:
    groups = load_glossary().synonyms
    assert len(groups) >= 80
    assert [group for group in groups if len({word.casefold() for word in group}) != len(group)] == []


def test_a_glossary_file_becomes_dictionaries(tmp_path: Path) -> None:
    path = tmp_path / "glossaire.yaml"
    path.write_text(ENTRY, encoding="utf-8")

    glossary = load_glossary(path)

    assert glossary.acronyms == {"AFD": ("Agence française de développement",)}
    assert glossary.definitions == {"AFD": "Une banque publique."}
    assert glossary.see == {"AFD": "acteurs/afd"}
    assert glossary.synonyms == (("vote", "voter"),)


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "problem"),
    [
        ("    definition:", "    sens:", 4, "acronyms.0.sens", "extra_forbidden"),
        ('    definition: "Une banque publique."\n', "", 2, "acronyms.0.definition", "missing"),
        ("[vote, voter]", "[vote]", 7, "synonyms.0", "too_short"),
        ("acteurs/afd", "AFD", 5, "acronyms.0.see", "string_pattern_mismatch"),
        (
            "synonyms:",
            "  - acronym: AFD\n    expansions: [x]\n    definition: y\nsynonyms:",
            6,
            "AFD",
            "duplicate_acronym",
        ),
        ("  - [vote", "\t- [vote", 7, "", "yaml_syntax"),
    ],
)
def test_a_broken_glossary_names_its_line_its_field_and_the_problem(
    tmp_path: Path, old: str, new: str, line: int, field: str, problem: str
) -> None:
    path = tmp_path / "glossaire.yaml"
    path.write_text(ENTRY.replace(old, new), encoding="utf-8")

    with pytest.raises(InvalidContent) as raised:
        load_glossary(path)

    assert raised.value.facts == {"file": "glossaire.yaml", "line": line, "field": field, "problem": problem}


def test_a_glossary_that_is_not_utf8_names_the_line_of_the_first_wrong_byte(tmp_path: Path) -> None:
    path = tmp_path / "glossaire.yaml"
    path.write_bytes(ENTRY.encode("latin-1"))

    with pytest.raises(InvalidContent) as raised:
        load_glossary(path)

    assert (raised.value.facts["problem"], raised.value.facts["line"]) == ("not_utf8", 3)
