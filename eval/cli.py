"""The commands `eval`, `gate` and `bench`, added to the command line of Boussole through its entry points."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from assistant.settings import PREFIX, Settings

if TYPE_CHECKING:
    from eval.dataset import Index, Split
    from eval.run import Progress, Search
    from knowledge.base import KnowledgeBase
    from knowledge.documents import Source

CORPUS_FILES = (
    "000_4cce8b2e647a513b.txt",
    "001_154e8a451d32e5c4.txt",
    "002_5e2299b605d65475.txt",
    "003_3a2519bb7b34cae8.txt",
    "004_f411bd4ec6f70ca6.txt",
)
DATASETS_OVER: dict[Index, tuple[str, ...]] = {
    "base": ("base", "sans_reponse", "dialogues"),
    "corpus": ("corpus", "sans_reponse", "dialogues"),
    "tous": ("corpus", "base", "sans_reponse", "dialogues"),
}

DataDir = Annotated[
    Path | None, typer.Option("--data-dir", help="Dossier de données (ou BOUSSOLE_DATA_DIR).", show_default=False)
]


class Half(StrEnum):
    """The half of the questions that is asked."""

    dev = "dev"
    test = "test"
    all = "all"


def register(app: typer.Typer) -> None:
    """Adds the commands of this package to `app`."""
    app.command("eval")(evaluate)
    app.command("gate")(gate)
    app.command("bench")(bench)


def evaluate(
    dataset: Annotated[
        list[str] | None,
        typer.Option("--dataset", help="Nom ou fichier d’un jeu de questions ; répétable.", show_default=False),
    ] = None,
    split: Annotated[Half, typer.Option(help="Moitié des questions : dev (réglage), test (mesure) ou all.")] = Half.dev,
    out: Annotated[
        Path | None, typer.Option("--out", help="Dossier du rapport HTML et JSON.", show_default=False)
    ] = None,
    detail_test: Annotated[
        bool, typer.Option("--detail-test", help="Décrire aussi, dans le rapport, les échecs de la moitié test.")
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Noter les réponses sur des jeux de questions, et écrire un rapport."""
    from assistant.bootstrap import build_assistant, build_knowledge, ensure_index
    from eval.report import summary_lines
    from eval.run import main

    settings = _settings(data_dir)
    ensure_index(settings, _bar("Indexation"))
    knowledge = build_knowledge(settings)
    index = index_of(knowledge.sources())
    reports = main(
        dataset or DATASETS_OVER[index],
        _half(split),
        out,
        build_assistant(settings, knowledge),
        index=index,
        search=_search(knowledge),
        detail_test=detail_test,
        progress=_bar("Questions"),
    )
    for report in reports:
        typer.echo("\n".join(summary_lines(report)))
    if out is not None:
        typer.echo(f"Rapport : {out / 'rapport.html'}", err=True)


def gate(data_dir: DataDir = None) -> None:
    """Vérifier en quelques secondes que la qualité n’a pas baissé ; code 1 sinon."""
    from assistant.bootstrap import build_assistant, build_knowledge, ensure_index
    from eval.gate import check, load_gate

    settings = _settings(data_dir)
    ensure_index(settings, _bar("Indexation"))
    result = check(build_assistant(settings, build_knowledge(settings)).ask, load_gate())
    typer.echo("\n".join(result.lines))
    if not result.passed:
        raise typer.Exit(1)


def bench(
    folder: Annotated[Path, typer.Argument(metavar="DOSSIER_BEIR")],
    limit: Annotated[
        int | None, typer.Option("--limit", help="Nombre de questions tirées.", min=1, show_default=False)
    ] = None,
    split: Annotated[Half, typer.Option(help="Moitié des questions.")] = Half.all,
    as_json: Annotated[bool, typer.Option("--json", help="Sortie en JSON.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Mesurer la recherche sur un dossier BEIR : nDCG@10, rappel, durées."""
    from assistant.bootstrap import build_embedder
    from eval.benchmark import bench as measure
    from eval.benchmark import load_beir, table
    from eval.engines import build_searches
    from knowledge.glossary import load_glossary
    from knowledge.index.query import QueryExpander

    data = load_beir(folder)
    settings = _settings(data_dir)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    searches = build_searches(
        data,
        build_embedder(settings),
        QueryExpander(load_glossary()),
        settings.data_dir / "bench-embeddings.db",
        _bar("Calcul des vecteurs"),
    )
    rows = measure(data, searches, limit=limit, split=_half(split))
    if as_json:
        typer.echo(json.dumps({"benchmark": data.name, "rows": [asdict(row) for row in rows]}, ensure_ascii=False))
    else:
        typer.echo(table(rows))


def index_of(sources: Iterable[Source]) -> Index:
    """What the questions can be asked over: the corpus of the evaluation, the shipped base, or both."""
    found = list(sources)
    has_corpus = {Path(source.doc).name for source in found}.issuperset(CORPUS_FILES)
    has_base = any(source.kind != "document" for source in found)
    if has_corpus:
        return "tous" if has_base else "corpus"
    return "base"


def _half(split: Half) -> Split | None:
    return None if split is Half.all else ("dev" if split is Half.dev else "test")


def _search(knowledge: KnowledgeBase) -> Search:
    return lambda question, k: [hit.passage.text for hit in knowledge.search(question, k).hits]


def _settings(data_dir: Path | None) -> Settings:
    if data_dir is not None:
        os.environ[f"{PREFIX}DATA_DIR"] = str(data_dir)
    return Settings.read()


def _bar(title: str) -> Progress:
    """A progress bar on standard error, one for each run from zero."""
    from tqdm import tqdm

    bar: list[tqdm[NoReturn]] = []

    def show(done: int, total: int) -> None:
        if not bar:
            bar.append(tqdm(total=total, desc=title, file=sys.stderr, dynamic_ncols=True))
        bar[0].update(done - bar[0].n)
        if done >= total:
            bar.pop().close()

    return show
