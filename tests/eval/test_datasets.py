"""The shipped questions are coherent with their model, with each other and with the documents they come from."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from eval.dataset import Dataset, assign_splits, load_dataset, shipped_names
from eval.matching import evidence_found, fact_found, missing_facts
from knowledge.errors import InvalidContent

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
NAMES = shipped_names()
HEADER = "name: essai\nversion: '1'\ndescription: essai\nquestions:\n"


@cache
def shipped(name: str) -> Dataset:
    return load_dataset(name)


@pytest.fixture(params=NAMES)
def dataset(request: pytest.FixtureRequest) -> Dataset:
    return shipped(request.param)


def written(tmp_path: Path, questions: str) -> Path:
    path = tmp_path / "essai.yaml"
    path.write_text(HEADER + questions, encoding="utf-8")
    return path


def test_four_datasets_are_shipped() -> None:
    assert NAMES == ["base", "corpus", "dialogues", "sans_reponse"]


def test_ids_are_unique_across_datasets() -> None:
    ids = [case.id for name in NAMES for case in shipped(name).questions]
    assert len(ids) == len(set(ids))


def test_questions_are_not_repeated() -> None:
    questions = [case.turns[0].question for name in NAMES if name != "dialogues" for case in shipped(name).questions]
    assert [question for question, count in Counter(questions).items() if count > 1] == []


def test_halves_are_balanced_within_each_kind(dataset: Dataset) -> None:
    groups: dict[object, Counter[str]] = {}
    for case in dataset.questions:
        for group in (case.kind, case.paraphrased, "all"):
            groups.setdefault(group, Counter())[case.split] += 1
    uneven = {group: halves for group, halves in groups.items() if abs(halves["dev"] - halves["test"]) > 2}
    assert uneven == {}


def test_no_fact_stands_in_its_own_question(dataset: Dataset) -> None:
    trivial = [
        (case.id, fact)
        for case in dataset.questions
        for turn in case.turns
        for fact in turn.facts
        if fact_found(fact, turn.question)
    ]
    assert trivial == []


def test_questions_over_the_corpus_name_a_document_and_a_fragment() -> None:
    for name in ("corpus", "dialogues"):
        for case in shipped(name).select(index="corpus"):
            for turn in case.turns:
                assert (turn.behaviour == "answer") == bool(turn.sources and turn.evidence), case.id


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the documents of the corpus are not beside this repository")
@pytest.mark.parametrize("name", ["corpus", "dialogues"])
def test_evidence_and_facts_occur_in_the_named_documents(name: str) -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in CORPUS.glob("*.txt")}
    for case in shipped(name).select(index="corpus"):
        for turn in case.turns:
            text = "\n".join(texts[source] for source in turn.sources)
            for fragment in turn.evidence:
                assert evidence_found([fragment], text), (case.id, fragment)
            assert missing_facts(turn.facts, text) == [], case.id


def test_at_least_a_quarter_of_the_corpus_questions_are_paraphrased() -> None:
    cases = shipped("corpus").questions
    assert sum(case.paraphrased for case in cases) >= 45


def test_a_question_unanswered_on_one_side_only_is_left_out_when_both_are_indexed() -> None:
    dataset = shipped("sans_reponse")
    assert {case.scope for case in dataset.select(index="tous")} == {"both"}
    assert {case.scope for case in dataset.select(index="base")} == {"both", "base"}


def test_assigning_splits_again_changes_nothing() -> None:
    cases = [{"id": f"x-{n}", "kind": "liste", "paraphrased": n % 3 == 0} for n in range(20)]
    assign_splits(cases)
    before = {case["id"]: case["split"] for case in cases}
    assign_splits(cases[::-1])
    assert {case["id"]: case["split"] for case in cases} == before
    assert Counter(before.values()) == {"dev": 10, "test": 10}


@pytest.mark.parametrize(
    ("questions", "line", "field"),
    [
        ("- {id: a-1, question: Quoi ?, scope: base, kind: liste, split: dev, facts: [x], faits: [y]}\n", 5, "faits"),
        ("- {id: a-1, question: Quoi ?, scope: base, kind: poeme, split: dev, facts: [x]}\n", 5, "kind"),
        ("- {id: a-1, question: Quoi ?, scope: base, kind: liste, split: dev}\n", 5, "turns"),
    ],
)
def test_an_error_names_its_file_line_and_field(tmp_path: Path, questions: str, line: int, field: str) -> None:
    with pytest.raises(InvalidContent) as raised:
        load_dataset(written(tmp_path, questions))
    facts = raised.value.facts
    assert facts["file"] == "essai.yaml"
    assert facts["line"] == line
    assert field in str(facts["field"])


def test_evidence_longer_than_six_words_is_refused(tmp_path: Path) -> None:
    text = (
        "- {id: a-1, question: Quoi ?, scope: base, kind: liste, split: dev, facts: [x], "
        "evidence: un deux trois quatre cinq six sept}\n"
    )
    with pytest.raises(InvalidContent):
        load_dataset(written(tmp_path, text))


def test_a_missing_dataset_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidContent) as raised:
        load_dataset(tmp_path / "absent.yaml")
    assert raised.value.facts["path"] == str(tmp_path / "absent.yaml")


def test_a_dialogue_and_a_single_question_read_alike(tmp_path: Path) -> None:
    dataset = load_dataset(
        written(
            tmp_path,
            "- {id: a-1, question: Quoi ?, scope: base, kind: liste, split: dev, facts: [x, [y, z]]}\n"
            "- {id: a-2, scope: base, kind: dialogue, split: test, turns: [{question: Un ?, facts: [x]},"
            " {question: Deux ?, behaviour: abstain}]}\n",
        )
    )
    single, dialogue = dataset.questions
    assert single.turns[0].facts == (("x",), ("y", "z"))
    assert [turn.behaviour for turn in dialogue.turns] == ["answer", "abstain"]
