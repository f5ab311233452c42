"""What goes with an answer: reserves, dates in French, what to ask next."""

from __future__ import annotations

import pytest
from fakes import document_of, index_of

from assistant.answering.composition import cite
from assistant.answering.reserves import french_date, reserves, suggestions
from assistant.domain.answer import Citation
from knowledge.documents import Block, Source


def citation(**more: object) -> Citation:
    fields = {"n": 1, "doc": "d", "source_id": "s", "title": "T", "passage": "p", "quote": "p", "checked": "2026-11-24"}
    return Citation(**{**fields, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("iso", "expected"),
    [
        ("2026-11-24", "24 novembre 2026"),
        ("2025-08-01", "1er août 2025"),
        ("2024-02-29", "29 février 2024"),
        ("2024-12-31", "31 décembre 2024"),
        ("2024", "2024"),
        ("2024-05", "2024-05"),
        ("", ""),
        ("hier", "hier"),
    ],
)
def test_a_date_is_written_in_french(iso: str, expected: str) -> None:
    assert french_date(iso) == expected


def test_a_call_says_when_it_was_known_and_whom_to_ask() -> None:
    (warning,) = reserves([citation(kind="appel")])
    assert "24 novembre 2026" in warning
    assert "financeur" in warning


def test_a_rule_of_law_says_its_date_its_validity_and_its_limit() -> None:
    (warning,) = reserves([citation(kind="droit", validity="depuis le 1er juin 2024")])
    assert "24 novembre 2026 (depuis le 1er juin 2024)" in warning
    assert "ni la préfecture ni un juriste" in warning


def test_a_fact_to_check_is_told_once() -> None:
    found = reserves([citation(confidence="a_verifier"), citation(n=2, confidence="a_verifier")])
    assert len(found) == 1
    assert "à vérifier" in found[0]


def test_the_same_reserve_is_not_repeated_and_different_ones_are_kept() -> None:
    calls = [citation(kind="appel"), citation(n=2, kind="appel"), citation(n=3, kind="appel", checked="2025-01-02")]
    assert len(reserves(calls)) == 2


@pytest.mark.parametrize("kind", ["guide", "acteur", "document"])
def test_other_kinds_need_no_reserve(kind: str) -> None:
    assert reserves([citation(kind=kind, confidence="sur")]) == ()


def test_suggestions_are_the_neighbouring_subjects_not_yet_cited() -> None:
    titles = ("Jumelages", "Écoles", "Puits", "Forêts", "T" * 80)
    blocks = [block for title in titles for block in (Block("title", title, level=1), f"{title} : " + "mot " * 60)]
    result = index_of([(Source(id="s", doc="s.md", title="Guide"), document_of(*blocks))]).search("Jumelages ?")
    found = suggestions(result, [cite(result.hits[0], result.hits[0].passage.units, 1)])
    assert len(found) == 3
    assert not any("Jumelages" in question or "TTT" in question for question in found)
    assert all(
        question.startswith("Que disent les documents sur « ") and question.endswith(" » ?") for question in found
    )
