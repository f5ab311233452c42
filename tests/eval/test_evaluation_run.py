"""The runner over a scripted assistant: what it counts, what it shows, what it keeps secret."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from evaluation_cases import QUOTE, answered, citation, unanswered

from assistant.domain.answer import Answer
from assistant.domain.errors import InvalidInput
from eval.dataset import Dataset
from eval.report import summary_lines
from eval.run import evaluate, main
from eval.scores import percentile


def dataset(*cases: dict[str, object]) -> Dataset:
    return Dataset.model_validate({"name": "essai", "version": "1", "description": "", "questions": list(cases)})


def case(id: str, question: str, **more: object) -> dict[str, object]:
    return {"id": id, "question": question, "scope": "base", "kind": "chiffre", "split": "dev", **more}


AMOUNT = case("q-1", "Quels montants ?", facts=["200 K€", "1,5 M€"], evidence="de 200 K€")
DURATION = case("q-2", "Combien de temps ?", facts=["trois ans"], evidence="trois ans au plus")
FUTURE = case("q-3", "Et en 2035 ?", behaviour="abstain")
SECRET = case("q-4", "Question secrète ?", facts=["introuvable"], split="test")


class Scripted:
    """Answers from a table; remembers what history it was given."""

    def __init__(self, answers: dict[str, Answer]) -> None:
        self.answers = answers
        self.histories: list[int] = []

    def ask(self, question: str, history: Sequence[Answer] = ()) -> Answer:
        self.histories.append(len(history))
        if question not in self.answers:
            raise InvalidInput("question_empty")
        return self.answers[question]


GOOD = answered(QUOTE + " [1]", citation(), question="Quels montants ?")


def test_rates_count_what_can_be_scored() -> None:
    assistant = Scripted({"Quels montants ?": GOOD, "Combien de temps ?": unanswered(), "Et en 2035 ?": unanswered()})
    report = evaluate(assistant.ask, dataset(AMOUNT, DURATION, FUTURE))
    assert (report.metrics["correct"].passed, report.metrics["correct"].scored) == (1, 2)
    assert (report.metrics["restraint"].passed, report.metrics["restraint"].scored) == (1, 1)
    assert report.metrics["quotes"].scored == 1
    assert [failure.id for failure in report.failures] == ["q-2"]
    assert report.failures[0].missing == ("trois ans",)
    assert report.causes == {"abstention à tort": 1}


def test_a_question_that_raises_is_left_out_and_counted() -> None:
    report = evaluate(Scripted({"Quels montants ?": GOOD}).ask, dataset(AMOUNT, DURATION))
    assert report.errors == 1
    assert report.metrics["correct"].scored == 1


def test_failures_of_the_test_half_are_counted_not_described() -> None:
    assistant = Scripted({"Question secrète ?": unanswered()})
    report = evaluate(assistant.ask, dataset(SECRET), "test")
    assert (report.failures, report.hidden_failures) == ((), 1)
    assert "secrète" not in "\n".join(summary_lines(report))
    detailed = evaluate(assistant.ask, dataset(SECRET), "test", detail_test=True)
    assert [failure.question for failure in detailed.failures] == ["Question secrète ?"]
    assert "secrète" not in "\n".join(summary_lines(detailed))


def test_a_dialogue_gives_its_earlier_answers_as_history() -> None:
    dialogue = {
        "id": "d-1",
        "scope": "base",
        "kind": "dialogue",
        "split": "dev",
        "turns": [
            {"question": "Quels montants ?", "facts": ["200 K€"]},
            {"question": "Combien de temps ?", "facts": ["trois ans"]},
            {"question": "Et en 2035 ?", "behaviour": "abstain"},
        ],
    }
    assistant = Scripted({"Quels montants ?": GOOD, "Combien de temps ?": GOOD, "Et en 2035 ?": unanswered()})
    report = evaluate(assistant.ask, dataset(dialogue))
    assert assistant.histories == [0, 1, 2]
    assert [failure.id for failure in report.failures] == ["d-1.2"]
    assert (report.cases, report.turns) == (1, 3)
    assert report.metrics["whole_dialogue"].passed == 0


def test_retrieval_is_scored_when_a_search_is_given() -> None:
    assistant = Scripted({"Combien de temps ?": unanswered(question="Combien de temps ?")})
    report = evaluate(assistant.ask, dataset(DURATION), search=lambda question, k: ["rien", "trois ans au plus"])
    assert (report.metrics["recall@1"].passed, report.metrics["recall@3"].passed) == (0, 1)
    lost = evaluate(assistant.ask, dataset(DURATION), search=lambda question, k: ["rien"])
    assert lost.causes == {"passage non retrouvé": 1}


@pytest.mark.parametrize(
    ("item", "answer", "cause"),
    [
        (FUTURE, GOOD, "réponse à une question sans réponse"),
        (DURATION, unanswered("redirect"), "question prise pour hors sujet"),
        (DURATION, answered(QUOTE, citation()), "bon passage, réponse incomplète"),
        (AMOUNT, answered("Rien.", citation(1, "Autre chose.", "Autre chose.")), "mauvais passage choisi"),
        (AMOUNT, answered(QUOTE + " Dès 2019.", citation()), "chiffre absent des sources citées"),
        (AMOUNT, answered(QUOTE, citation().model_copy(update={"start": 3})), "citation inexacte"),
    ],
)
def test_the_likely_cause_of_a_failure_is_named(item: dict[str, object], answer: Answer, cause: str) -> None:
    report = evaluate(Scripted({str(item["question"]): answer}).ask, dataset(item))
    assert report.causes == {cause: 1}


def test_the_index_decides_which_questions_are_asked() -> None:
    assistant = Scripted({"Quels montants ?": GOOD})
    assert evaluate(assistant.ask, dataset(AMOUNT), index="corpus").cases == 0
    assert evaluate(assistant.ask, dataset(AMOUNT), index="tous").cases == 1


def test_files_hold_the_figures_and_what_users_typed_intact(tmp_path: Path) -> None:
    (tmp_path / "essai.yaml").write_text(
        "name: essai\nversion: '2'\ndescription: d\nquestions:\n"
        "- {id: q-9, question: '<b>{montant}</b> ?', scope: base, kind: chiffre, split: dev, facts: [7 €]}\n",
        encoding="utf-8",
    )
    assistant = Scripted({"<b>{montant}</b> ?": unanswered(question="<b>{montant}</b> ?")})
    (report,) = main([tmp_path / "essai.yaml"], "dev", tmp_path / "rapports", assistant)
    page = (tmp_path / "rapports" / "rapport.html").read_text(encoding="utf-8")
    assert "&lt;b&gt;{montant}&lt;/b&gt; ?" in page and "<b>" not in page
    assert "http" not in page and "<script" not in page
    (row,) = json.loads((tmp_path / "rapports" / "rapport.json").read_text(encoding="utf-8"))
    assert row["metrics"]["correct"] == {
        "passed": 0,
        "scored": 1,
        "unscored": 0,
        "rate": 0.0,
        "low": 0.0,
        "high": row["metrics"]["correct"]["high"],
    }
    assert row["failures"][0]["question"] == "<b>{montant}</b> ?"
    assert report.version == row["version"] == "2"


def test_percentiles_are_the_nearest_ranks() -> None:
    values = [15.0, 20.0, 35.0, 40.0, 50.0]
    assert [percentile(values, p) for p in (5, 30, 50, 95, 100)] == [15.0, 20.0, 35.0, 50.0, 50.0]
