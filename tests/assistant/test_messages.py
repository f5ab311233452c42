"""One French sentence for each error that the code can raise, with every fact it needs."""

from __future__ import annotations

import ast
import re
import string
from dataclasses import dataclass
from pathlib import Path

import pytest

import assistant
import knowledge
from assistant.domain import errors as assistant_errors
from assistant.domain.errors import InvalidInput
from assistant.messages import SENTENCES, french
from knowledge import errors as knowledge_errors
from knowledge.errors import UnreadableDocument

ROOT = Path(assistant.__file__).parents[1]
CLASSES = {name for module in (assistant_errors, knowledge_errors) for name in vars(module) if name[0].isupper()}


@dataclass(frozen=True)
class Raised:
    """An error made somewhere in the code: `facts` is None when they are passed on as a whole."""

    code: str
    facts: frozenset[str] | None
    where: str


def errors_of(path: Path) -> list[Raised]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = []
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in CLASSES and call.args:
            names = [keyword.arg for keyword in call.keywords]
            facts = None if None in names else frozenset(name for name in names if name)
            where = f"{path.relative_to(ROOT)}:{call.lineno}"
            found += [Raised(code, facts, where) for code in codes_of(call.args[0], tree)]
    return found


def codes_of(argument: ast.expr, tree: ast.Module) -> list[str]:
    """The codes that `argument` may be: those written there, or given in the module to the variable of that name."""
    if isinstance(argument, ast.Name):
        values = [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign) and any(getattr(target, "id", "") == argument.id for target in node.targets)
        ]
        return [code for value in values for code in codes_of(value, tree)]
    if isinstance(argument, ast.IfExp):
        return [*codes_of(argument.body, tree), *codes_of(argument.orelse, tree)]
    return [
        node.value
        for node in ast.walk(argument)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch("[a-z_]+", node.value)
    ]


RAISED = [
    error
    for package in (assistant, knowledge)
    for path in sorted(Path(package.__file__ or "").parent.rglob("*.py"))
    for error in errors_of(path)
]


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_the_errors_of_the_code_are_found() -> None:
    codes = {error.code for error in RAISED}
    assert {"missing", "encrypted_pdf", "index_busy", "question_empty", "content_invalid", "setting_unknown"} <= codes
    assert len(RAISED) > 40


@pytest.mark.parametrize("error", RAISED, ids=lambda error: f"{error.code}@{error.where}")
def test_each_error_raised_has_a_sentence_and_its_facts(error: Raised) -> None:
    assert error.code in SENTENCES
    if error.facts is not None:
        shown = {"shown"} if error.facts & {"path", "url"} else set()
        assert placeholders(SENTENCES[error.code]) <= error.facts | shown


@pytest.mark.parametrize("code", SENTENCES)
def test_each_sentence_is_french_and_ends(code: str) -> None:
    sentence = SENTENCES[code]
    assert sentence[0] in "«AÀBCDEÉFGHIJKLMNOPQRSTUVWXYZ"
    assert sentence.endswith((".", "]'."))
    assert not re.search(r"\b(?:the|error|not|file|is|failed)\b", re.sub(r"{\w+}", "", sentence))


def test_no_sentence_is_left_without_an_error() -> None:
    assert set(SENTENCES) - {error.code for error in RAISED} == ELSEWHERE


ELSEWHERE = {"method_not_allowed"}
"""Chosen by HTTP status in a table of the API."""


def test_facts_fill_the_sentence() -> None:
    error = UnreadableDocument("too_large", path="guide.pdf", limit_mb=100)
    assert french(error) == "« guide.pdf » dépasse la taille acceptée (100 Mo)."
    error = UnreadableDocument("too_large", url="https://exemple.fr/guide.pdf", limit_mb=20)
    assert french(error) == "« https://exemple.fr/guide.pdf » dépasse la taille acceptée (20 Mo)."
    assert (
        french(InvalidInput("question_too_long", limit=1000))
        == "La question dépasse 1000 caractères : raccourcissez-la."
    )


@pytest.mark.parametrize("code", sorted({e.code for e in RAISED if "loaders" in e.where}))
def test_what_a_loader_says_of_a_page_names_its_address(code: str) -> None:
    sentence = french(UnreadableDocument(code, url="https://exemple.fr/guide", limit_mb=20))
    assert "« https://exemple.fr/guide »" in sentence
    assert not sentence.startswith("Erreur")


def test_braces_in_a_fact_are_shown_as_they_are() -> None:
    assert "« {montant} »" in french(UnreadableDocument("missing", path="{montant}"))


def test_an_unknown_code_and_a_missing_fact_are_shown_rather_than_hidden() -> None:
    assert "inconnu_ici" in french(InvalidInput("inconnu_ici"))
    assert "question_too_long" in french(InvalidInput("question_too_long"))
