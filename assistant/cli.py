"""The `boussole` command: it reads arguments, calls one function, prints the result.

Nothing but the result goes to standard output. Exit codes: 0 done, 2 wrong usage or input, 3 something missing or
unavailable. Other packages add commands through the entry points `boussole.commands`.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from datetime import date
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from assistant.domain.errors import BoussoleError, InvalidInput, Misconfigured
from assistant.messages import french
from assistant.settings import PREFIX, Settings
from knowledge.errors import IndexUnavailable, KnowledgeError

if TYPE_CHECKING:
    from assistant.answering.assistant import Assistant
    from assistant.domain.answer import Answer
    from knowledge.index.embeddings import Progress
    from knowledge.ingestion.synchronisation import SyncReport

app = typer.Typer(
    name="boussole",
    help="Assistant de l’action internationale des collectivités territoriales : réponses citées, sans invention.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

DataDir = Annotated[
    Path | None, typer.Option("--data-dir", help="Dossier de données (ou BOUSSOLE_DATA_DIR).", show_default=False)
]
AsJson = Annotated[bool, typer.Option("--json", help="Sortie en JSON.")]


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Adresse d’écoute.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port d’écoute.", min=1, max=65535)] = 7860,
    data_dir: DataDir = None,
) -> None:
    """Ouvrir les pages web et l’API ; le premier démarrage indexe la base fournie."""
    from assistant.api.server import run

    settings = _settings(data_dir)
    run(settings, host, port, progress=_progress())


@app.command()
def index(
    targets: Annotated[list[str] | None, typer.Argument(metavar="CHEMIN_OU_ADRESSE...", show_default=False)] = None,
    builtin: Annotated[bool, typer.Option("--builtin/--no-builtin", help="Avec ou sans la base fournie.")] = True,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Tout relire et tout recalculer.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Ajouter ou actualiser des sources : fichiers, dossiers, adresses ; sans argument, tout actualiser."""
    from assistant.bootstrap import build_embedder
    from knowledge.ingestion.synchronisation import synchronise

    settings = _settings(data_dir)
    report = synchronise(
        settings.data_dir,
        targets or (),
        build_embedder(settings),
        builtin=builtin,
        rebuild=rebuild,
        refresh=not targets,
        progress=_progress(),
    )
    _show_report(report)
    if report.failures:
        raise typer.Exit(2)


@app.command()
def sources(as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """Lister ce qui est indexé."""
    from dataclasses import asdict

    from knowledge.index.store import IndexStore

    found = IndexStore(_settings(data_dir).data_dir).describe().sources
    for source in sorted(found, key=lambda s: (s.kind, s.doc)):
        if as_json:
            _print(json.dumps(asdict(source), ensure_ascii=False))
        else:
            _print("\t".join((source.kind, source.doc, source.title, source.publisher, source.date)))


@app.command()
def search(
    question: str,
    k: Annotated[int, typer.Option("-k", help="Nombre de passages.", min=1, max=100)] = 10,
    kind: Annotated[list[str] | None, typer.Option(help="guide, droit, appel, acteur ou document ; répétable.")] = None,
    source: Annotated[list[str] | None, typer.Option(help="Identifiant de source ; répétable.")] = None,
    on_date: Annotated[str, typer.Option("--date", help="Sources valables à cette date (AAAA-MM-JJ).")] = "",
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Chercher les passages les plus proches d’une question, avec leurs scores."""
    if not _is_readable(question):
        raise InvalidInput("question_unreadable")
    settings = _settings(data_dir)
    from assistant.bootstrap import build_knowledge, ensure_index

    ensure_index(settings, _progress())
    for rank, hit in enumerate(build_knowledge(settings).search(question, k).hits, start=1):
        passage = hit.passage
        if as_json:
            row = {
                "rank": rank,
                "score": round(hit.score, 4),
                "dense": round(hit.dense, 4),
                "lexical": round(hit.lexical, 4),
                "sentence": round(hit.sentence, 4),
                "doc": hit.source.doc,
                "source_id": passage.source_id,
                "title": " — ".join(passage.title_path),
                "locator": passage.locator,
                "passage": passage.text,
            }
            _print(json.dumps(row, ensure_ascii=False))
        else:
            _print(f"{rank}. [{hit.score:.2f}] {hit.source.doc} — {' — '.join(passage.title_path)}\n{passage.text}\n")


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(show_default=False)] = None,
    batch: Annotated[
        Path | None, typer.Option("--batch", help="Fichier de questions, une ligne JSON chacune.", show_default=False)
    ] = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Répondre à une question, ou à un fichier de questions et de dialogues (--batch)."""
    if (question is None) == (batch is None):
        raise typer.BadParameter("donnez une question, ou un fichier avec --batch.")
    if question is not None and not _is_readable(question):
        raise InvalidInput("question_unreadable")
    lines = list(_read_batch(batch)) if batch else []
    settings = _settings(data_dir)
    from assistant.bootstrap import build_assistant, build_knowledge, ensure_index

    ensure_index(settings, _progress())
    assistant = build_assistant(settings, build_knowledge(settings))
    if question is not None:
        answer = assistant.ask(question)
        _print(_as_json(answer) if as_json else _as_text(answer))
        return
    for line in lines:
        for answer in _answers(assistant, line):
            _print(_as_json(answer))


@app.command()
def doctor(data_dir: DataDir = None) -> None:
    """Vérifier le modèle, l’index et les réglages, et dire comment réparer."""
    from assistant.doctor import examine

    findings = examine(_settings(data_dir))
    for finding in findings:
        _print(f"{'✓' if finding.ok else '✗'} {finding.text}")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(3)


def _answers(assistant: Assistant, line: dict[str, object]) -> Iterator[Answer]:
    if "question" in line:
        yield assistant.ask(str(line["question"]), id=str(line["id"]))
        return
    history: list[Answer] = []
    turns = line["turns"]
    assert isinstance(turns, list)
    for n, turn in enumerate(turns, start=1):
        answer = assistant.ask(turn, history, id=f"{line['id']}.{n}")
        history.append(answer)
        yield answer


def _read_batch(path: Path) -> Iterator[dict[str, object]]:
    """The checked lines of a batch file; raises InvalidInput naming the first line that is wrong."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as exc:
        raise InvalidInput("batch_missing", path=str(path)) from exc
    except UnicodeDecodeError as exc:
        raise InvalidInput("batch_line", line="?", problem="le fichier n’est pas en UTF-8") from exc
    for number, raw in enumerate(text.splitlines(), start=1):
        if not raw.strip():
            continue
        try:
            line = json.loads(raw)
        except ValueError as exc:
            raise InvalidInput("batch_line", line=number, problem="JSON illisible") from exc
        problem = _batch_problem(line)
        if problem:
            raise InvalidInput("batch_line", line=number, problem=problem)
        yield line


def _batch_problem(line: object) -> str | None:
    if not isinstance(line, dict) or "id" not in line:
        return "un objet avec « id » est attendu"
    question, turns = line.get("question"), line.get("turns")
    if (question is None) == (turns is None):
        return "« question » ou « turns » est attendu"
    asked = [question] if turns is None else turns
    if not isinstance(asked, list) or not asked or not all(isinstance(q, str) and q.strip() for q in asked):
        return "une question est vide ou n’est pas un texte"
    if not all(_is_readable(q) for q in (*asked, str(line["id"]))):
        return "des caractères sont illisibles"
    return None


def _is_readable(text: str) -> bool:
    """False for half characters (« \\ud800 », or bytes of a terminal that are not UTF-8): no engine can encode them."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _as_json(answer: Answer) -> str:
    return json.dumps(answer.model_dump(), ensure_ascii=False)


def _as_text(answer: Answer) -> str:
    parts = [answer.answer]
    for title, citations in (("Sources", answer.citations), ("Pistes", answer.leads)):
        if citations:
            rows = [f"[{c.n}] {c.title} — {', '.join(filter(None, (c.publisher, c.date, c.doc)))}" for c in citations]
            parts.append("\n".join((f"{title} :", *rows)))
    parts.extend(f"Attention : {warning}" for warning in answer.warnings)
    parts.append(f"État : {answer.state}")
    return "\n\n".join(parts)


def _show_report(report: SyncReport) -> None:
    _print(
        f"{report.sources} sources, {report.passages} passages : {len(report.added)} ajoutées, "
        f"{len(report.updated)} actualisées, {len(report.removed)} retirées, {report.unchanged} inchangées, "
        f"{report.embedded} textes calculés."
    )
    for doc, warning in report.warnings:
        _warn(f"{doc} : {warning}")
    for _, failure in report.failures:
        _warn(french(failure))


def _progress() -> Progress:
    """A progress bar on standard error, drawn at the first text to embed."""
    from tqdm import tqdm

    bar: list[tqdm[NoReturn]] = []

    def show(done: int, total: int) -> None:
        if not bar:
            bar.append(tqdm(total=total, desc="Indexation", unit=" textes", file=sys.stderr, dynamic_ncols=True))
        bar[0].update(done - bar[0].n)
        if done >= total:
            bar[0].close()

    return show


def _iso_date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError as exc:
        raise typer.BadParameter(f"« {text} » n’est pas une date : écrivez 2026-11-24.") from exc


def _settings(data_dir: Path | None) -> Settings:
    if data_dir is not None:
        os.environ[f"{PREFIX}DATA_DIR"] = str(data_dir)
    return Settings.read()


def _print(text: str) -> None:
    typer.echo(text)


def _warn(text: str) -> None:
    typer.echo(text, err=True)


def _register_commands() -> None:
    for entry in entry_points(group="boussole.commands"):
        entry.load()(app)


def main() -> None:
    """Runs the command line and exits with its code."""
    _register_commands()
    try:
        code = app(standalone_mode=False)
    except typer.TyperException as exc:
        _warn(_usage_problem(exc))
        sys.exit(2)
    except (typer.Abort, KeyboardInterrupt):
        sys.exit(130)
    except (InvalidInput, BoussoleError, KnowledgeError) as exc:
        _warn(french(exc))
        sys.exit(3 if isinstance(exc, IndexUnavailable) or _is_unavailable(exc) else 2)
    sys.exit(code or 0)


def _is_unavailable(exc: Exception) -> bool:
    from assistant.domain.errors import Unavailable

    return isinstance(exc, Unavailable | Misconfigured)


def _usage_problem(exc: typer.TyperException) -> str:
    """One French line for a wrong command line; the help when there was none.

    Typer does not export the classes of its own copy of Click: they are told apart by name.
    """
    case = type(exc).__name__
    if case == "NoArgsIsHelpError":
        return exc.message
    option = getattr(exc, "option_name", "") or _option_of(exc)
    problem = {
        "NoSuchOption": f"l’option {option} n’existe pas.",
        "BadOptionUsage": f"l’option {option} attend une valeur, et une seule.",
        "MissingParameter": f"il manque {option}.",
        "BadParameter": f"la valeur de {option} n’est pas acceptée." if option else exc.message,
    }.get(case, "argument en trop ou mal placé.")
    if "No such command" in exc.message:
        problem = f"la commande « {exc.message.split(chr(39))[1]} » n’existe pas."
    return f"Commande incorrecte : {problem} Voyez « boussole --help »."


def _option_of(exc: typer.TyperException) -> str:
    """The option or argument that `exc` is about, as it is typed."""
    param = getattr(exc, "param", None)
    return next(iter(param.opts), "") if param is not None else ""
