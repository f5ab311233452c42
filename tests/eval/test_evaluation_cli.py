"""The commands of the evaluation, as the command line sees them."""

from __future__ import annotations

import pytest
import typer
from typer.testing import CliRunner

from eval.cli import CORPUS_FILES, DATASETS_OVER, index_of, register
from eval.dataset import load_dataset, shipped_names
from knowledge.documents import Source


def documents(*names: str) -> list[Source]:
    return [Source(id=name, doc=name, title=name) for name in names]


FICHE = Source(id="f", doc="f.md", title="Fiche", kind="guide")


def test_the_three_commands_are_registered() -> None:
    app = typer.Typer()
    register(app)
    shown = CliRunner().invoke(app, ["--help"]).output
    assert all(command in shown for command in ("eval", "gate", "bench"))


@pytest.mark.parametrize(
    ("sources", "index"),
    [
        ([FICHE], "base"),
        (documents(*CORPUS_FILES), "corpus"),
        ([FICHE, *documents(*CORPUS_FILES)], "tous"),
        ([FICHE, *documents(*CORPUS_FILES[:2])], "base"),
    ],
)
def test_the_index_is_recognised_from_its_sources(sources: list[Source], index: str) -> None:
    assert index_of(sources) == index


def test_each_index_has_questions_in_its_default_datasets() -> None:
    for index, names in DATASETS_OVER.items():
        assert set(names) <= set(shipped_names())
        assert all(load_dataset(name).select("dev", index) for name in names)


def test_the_corpus_questions_cite_the_files_the_index_is_recognised_by() -> None:
    cited = {source for case in load_dataset("corpus").questions for turn in case.turns for source in turn.sources}
    assert cited == set(CORPUS_FILES)
