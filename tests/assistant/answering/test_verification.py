"""Nothing is said that a cited passage does not hold."""

from __future__ import annotations

import pytest

from assistant.answering.verification import figures, is_exact, supported
from assistant.domain.answer import Citation, Statement

PASSAGE = "Le taux est de 70 %. Le plafond est de 1 500 000 € (art. L.1115-1), depuis le 24 mai 2024."


def citation(quote: str = "Le taux est de 70 %.", n: int = 1, **more: object) -> Citation:
    start = PASSAGE.find(quote)
    fields = {"doc": "d", "source_id": "s", "title": "Règlement 2025", "locator": "p. 12", "passage": PASSAGE}
    return Citation(**{**fields, "n": n, "quote": quote, "start": start, "end": start + len(quote), **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 500 000 €", {"1500000"}),
        ("1\u202f500\u00a0000 €", {"1500000"}),
        ("1,5 M€ et 70 %", {"1,5", "70"}),
        ("le 24/11/2026", {"24", "11", "2026"}),
        ("art. L.1115-1", {"1115", "1"}),
        ("Un fait [1] et un autre [12].", set()),
        ("aucun", set()),
    ],
)
def test_the_figures_of_a_text(text: str, expected: set[str]) -> None:
    assert figures(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Le taux est de 70 %.",
        "Le taux est de 70 %. [1]",
        "Le plafond est de 1\u202f500\u202f000 €.",
        "Le 24 mai 2024.",
        "Selon le règlement 2025, p. 12.",  # the title and the locator
        "Le taux est fixé.",
    ],
)
def test_a_statement_whose_figures_are_in_its_passage_is_supported(text: str) -> None:
    assert supported(Statement(text=text, citations=(1,)), [citation()])


@pytest.mark.parametrize(
    "text", ["Le taux est de 80 %.", "Le plafond est de 150 000 €.", "Depuis 2023.", "art. L.1115-2", "70 % puis 75 %"]
)
def test_a_foreign_figure_is_not_supported(text: str) -> None:
    assert not supported(Statement(text=text, citations=(1,)), [citation()])


def test_a_figure_of_a_passage_that_is_not_cited_supports_nothing() -> None:
    other = citation(n=2, passage="Le taux est de 80 %.", quote="Le taux est de 80 %.", start=0, end=20)
    assert not supported(Statement(text="80 %", citations=(1,)), [citation(), other])
    assert supported(Statement(text="80 %", citations=(2,)), [citation(), other])
    assert supported(Statement(text="70 % et 80 %", citations=(1, 2)), [citation(), other])


def test_a_statement_without_citation_is_not_supported() -> None:
    assert not supported(Statement(text="Le taux.", citations=()), [citation()])
    assert not supported(Statement(text="Le taux.", citations=(9,)), [citation()])


@pytest.mark.parametrize(
    "changes",
    [{"quote": "Le taux est de 71 %."}, {"start": 1}, {"end": 5}, {"quote": ""}, {"quote": "", "start": 0, "end": 0}],
)
def test_a_quote_that_is_not_the_text_at_its_place_is_refused(changes: dict[str, object]) -> None:
    wrong = citation(**{"start": 0, "end": 20, **changes})  # type: ignore[arg-type]
    assert not is_exact(wrong)
    assert not supported(Statement(text="Le taux.", citations=(1,)), [wrong])


def test_an_exact_quote_is_accepted() -> None:
    assert is_exact(citation())
