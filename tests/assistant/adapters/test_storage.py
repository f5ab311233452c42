from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from assistant.adapters.storage import MAX_COMMENT_CHARS, Feedback, Storage
from assistant.domain.answer import Answer, Citation, Statement
from assistant.domain.errors import InvalidInput, Misconfigured, Unavailable


def make_answer(question: str = "Qu'est-ce qu'un RRMA ?") -> Answer:
    passage = "Un RRMA est un réseau régional multi-acteurs. Il informe."
    quote = "Un RRMA est un réseau régional multi-acteurs."
    return Answer(
        question=question,
        resolved_question=question,
        behaviour="answer",
        state="fiable",
        answer=f"{quote} [1]",
        statements=(Statement(text=quote, citations=(1,)),),
        citations=(
            Citation(n=1, doc="a.md", source_id="a", title="Les réseaux", passage=passage, quote=quote, end=len(quote)),
        ),
        timings_ms={"total": 12},
    )


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/store.db"


def test_an_answer_comes_back_whole_and_in_order(url: str) -> None:
    storage = Storage(url)
    conversation = storage.new_conversation()
    answers = [make_answer("Première ?"), make_answer("Et pour un département ?")]
    turn_ids = [storage.append(conversation, answer) for answer in answers]

    reopened = Storage(url)

    assert reopened.load(conversation) == answers
    assert [turn.id for turn in reopened.turns(conversation)] == turn_ids


def test_identifiers_are_long_and_never_the_same(url: str) -> None:
    storage = Storage(url)
    identifiers = {storage.new_conversation() for _ in range(50)}
    assert len(identifiers) == 50
    assert min(map(len, identifiers)) >= 32


def test_an_unknown_conversation_is_refused_by_every_method(url: str) -> None:
    storage = Storage(url)
    for call in (lambda: storage.load("absente"), lambda: storage.append("absente", make_answer())):
        with pytest.raises(InvalidInput) as caught:
            call()
        assert caught.value.code == "conversation_unknown"
    assert storage.delete("absente") is False


def test_deleting_a_conversation_deletes_its_turns_and_opinions(url: str) -> None:
    storage = Storage(url)
    conversation = storage.new_conversation()
    turn_id = storage.append(conversation, make_answer())
    storage.add_feedback(turn_id, 1)

    assert storage.delete(conversation) is True

    assert storage.feedback() == []
    with create_engine(url).connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM turns")) == 0
    with pytest.raises(InvalidInput):
        storage.load(conversation)


def test_a_second_opinion_on_a_turn_replaces_the_first(url: str) -> None:
    storage = Storage(url)
    turn_id = storage.append(storage.new_conversation(), make_answer())
    storage.add_feedback(turn_id, 1)
    storage.add_feedback(turn_id, -1, " La date est <b>fausse</b>. ")
    assert storage.feedback() == [Feedback(turn_id, -1, "La date est <b>fausse</b>.")]


@pytest.mark.parametrize(
    ("value", "comment", "code"),
    [(0, "", "feedback_invalid"), (2, "", "feedback_invalid"), (1, "x" * (MAX_COMMENT_CHARS + 1), "comment_too_long")],
)
def test_an_opinion_out_of_bounds_is_refused(url: str, value: int, comment: str, code: str) -> None:
    storage = Storage(url)
    turn_id = storage.append(storage.new_conversation(), make_answer())
    with pytest.raises(InvalidInput) as caught:
        storage.add_feedback(turn_id, value, comment)
    assert caught.value.code == code
    assert storage.feedback() == []


def test_an_opinion_on_an_unknown_turn_is_refused(url: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        Storage(url).add_feedback("absent", 1)
    assert caught.value.code == "turn_unknown"


def test_purge_deletes_what_was_not_used_for_longer_than_the_retention(url: str) -> None:
    today = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    moment = today - timedelta(days=40)
    storage = Storage(url, now=lambda: moment)
    old, revived = storage.new_conversation(), storage.new_conversation()
    storage.append(old, make_answer())
    moment = today - timedelta(days=10)
    storage.append(revived, make_answer())
    moment = today

    assert storage.purge(older_than_days=30) == 1
    assert len(storage.load(revived)) == 1
    with pytest.raises(InvalidInput):
        storage.load(old)


def test_threads_write_at_the_same_time_without_losing_a_turn(url: str) -> None:
    storage = Storage(url)
    conversations = [storage.new_conversation() for _ in range(4)]
    failures: list[BaseException] = []

    def write(conversation: str) -> None:
        try:
            for number in range(10):
                turn_id = storage.append(conversation, make_answer(f"Question {number} ?"))
                storage.add_feedback(turn_id, 1)
        except (InvalidInput, Unavailable) as exc:
            failures.append(exc)

    threads = [threading.Thread(target=write, args=(conversation,)) for conversation in conversations]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    for conversation in conversations:
        assert [answer.question for answer in storage.load(conversation)] == [f"Question {n} ?" for n in range(10)]
    assert len(storage.feedback()) == 40


def test_a_turn_of_another_shape_is_left_out_of_the_conversation(url: str) -> None:
    storage = Storage(url)
    conversation = storage.new_conversation()
    storage.append(conversation, make_answer("Ancienne ?"))
    with create_engine(url).begin() as connection:
        connection.execute(text("UPDATE turns SET answer = '{\"vieux\": true}'"))
    storage.append(conversation, make_answer("Nouvelle ?"))
    assert [answer.question for answer in storage.load(conversation)] == ["Nouvelle ?"]


def test_a_database_that_cannot_be_opened_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as caught:
        Storage(f"sqlite:///{tmp_path}/absent/store.db")
    assert caught.value.code == "storage_unavailable"


def test_a_database_that_breaks_while_serving_is_unavailable(tmp_path: Path) -> None:
    storage = Storage(f"sqlite:///{tmp_path}/store.db")
    with create_engine(f"sqlite:///{tmp_path}/store.db").begin() as connection:
        connection.execute(text("DROP TABLE feedback"))
        connection.execute(text("DROP TABLE turns"))
        connection.execute(text("DROP TABLE conversations"))
    with pytest.raises(Unavailable) as caught:
        storage.new_conversation()
    assert caught.value.code == "storage_unavailable"


@pytest.mark.parametrize("url", ["pas une adresse", "inconnue://ailleurs/base"])
def test_an_address_that_names_no_database_is_a_mistake_of_the_operator(url: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        Storage(url)
    assert caught.value.code == "storage_url_invalid"


def test_nothing_about_the_visitor_has_a_column(url: str) -> None:
    Storage(url)
    with create_engine(url).connect() as connection:
        columns = {
            table: {row[1] for row in connection.execute(text(f"PRAGMA table_info({table})"))}
            for table in ("conversations", "turns", "feedback")
        }
    assert columns == {
        "conversations": {"id", "created", "last_used"},
        "turns": {"sequence", "id", "conversation_id", "created", "answer"},
        "feedback": {"turn_id", "created", "value", "comment"},
    }


def test_sqlite_keeps_a_write_ahead_log(url: str) -> None:
    Storage(url).new_conversation()
    with create_engine(url).connect() as connection:
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
