"""Conversations, their answers and the opinions given on them, kept with SQLAlchemy (SQLite, or PostgreSQL by URL).

Nothing here identifies a visitor: no address, no account, no browser; a conversation is known by a random id only.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import ValidationError
from sqlalchemy import (
    CheckConstraint,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Text,
    TypeDecorator,
    create_engine,
    delete,
    event,
    select,
    text,
    update,
)
from sqlalchemy.engine import CursorResult, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from assistant.domain.answer import Answer
from assistant.domain.errors import InvalidInput, Misconfigured, Unavailable

MAX_COMMENT_CHARS = 2000
_BUSY_TIMEOUT_MS = 5000


@dataclass(frozen=True)
class Turn:
    """An answer as it was stored, with the id that opinions refer to."""

    id: str
    answer: Answer


@dataclass(frozen=True)
class Feedback:
    """An opinion on a turn: `value` is +1 or -1."""

    turn_id: str
    value: int
    comment: str


class _Moment(TypeDecorator[datetime]):
    """A moment in UTC. SQLite forgets the time zone, so it is put back when reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


class _Base(DeclarativeBase):
    pass


class _Conversation(_Base):
    __tablename__ = "conversations"
    id: Mapped[str] = mapped_column(Text, primary_key=True)
    created: Mapped[datetime] = mapped_column(_Moment)
    last_used: Mapped[datetime] = mapped_column(_Moment, index=True)


class _Turn(_Base):
    __tablename__ = "turns"
    __table_args__ = (Index("turns_by_conversation", "conversation_id", "sequence"),)
    # The database numbers the turns: reading the last number first would race with another writer.
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(Text, unique=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    created: Mapped[datetime] = mapped_column(_Moment)
    answer: Mapped[str] = mapped_column(Text)


class _Feedback(_Base):
    __tablename__ = "feedback"
    __table_args__ = (CheckConstraint("value IN (-1, 1)"),)
    # One opinion a turn: giving another replaces it.
    turn_id: Mapped[str] = mapped_column(ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True)
    created: Mapped[datetime] = mapped_column(_Moment)
    value: Mapped[int]
    comment: Mapped[str] = mapped_column(Text)


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={_BUSY_TIMEOUT_MS}")
    cursor.close()


class Storage:
    """The store of conversations; its methods may be called from any thread.

    Every method raises `Unavailable("storage_unavailable")` when the database cannot do it.
    """

    def __init__(self, url: str, *, now: Callable[[], datetime] = _utc_now) -> None:
        """Open the database at `url`, creating its tables. Raises `Misconfigured("storage_url_invalid")`."""
        try:
            self._engine = create_engine(make_url(url), pool_pre_ping=True)
        except (SQLAlchemyError, ModuleNotFoundError) as exc:
            # The address may hold a password: it stays out of the facts.
            raise Misconfigured("storage_url_invalid", detail=type(exc).__name__) from exc
        if self._engine.dialect.name == "sqlite":
            event.listen(self._engine, "connect", _prepare_sqlite)
        self._now = now
        with _translated_errors():
            _Base.metadata.create_all(self._engine)

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()

    def check(self) -> None:
        """Nothing when the database answers."""
        with self._session() as session:
            session.execute(text("SELECT 1"))

    def new_conversation(self) -> str:
        """The id of an empty conversation, impossible to guess."""
        conversation = _Conversation(id=secrets.token_urlsafe(24), created=self._now(), last_used=self._now())
        identifier = conversation.id
        with self._session() as session:
            session.add(conversation)
        return identifier

    def append(self, conversation_id: str, answer: Answer) -> str:
        """The id of the turn just stored. Raises `InvalidInput("conversation_unknown")`."""
        turn_id = secrets.token_urlsafe(24)
        now = self._now()
        with self._session() as session:
            # The update comes first: it takes SQLite's write lock, which a read made before could not obtain.
            touched = session.execute(
                update(_Conversation).where(_Conversation.id == conversation_id).values(last_used=now)
            )
            if not _row_count(touched):
                raise InvalidInput("conversation_unknown")
            session.add(
                _Turn(id=turn_id, conversation_id=conversation_id, created=now, answer=answer.model_dump_json())
            )
        return turn_id

    def turns(self, conversation_id: str) -> list[Turn]:
        """The turns of a conversation in order. Raises `InvalidInput("conversation_unknown")`.

        A turn stored by a version whose answers had another shape is left out.
        """
        with self._session() as session:
            if session.get(_Conversation, conversation_id) is None:
                raise InvalidInput("conversation_unknown")
            rows = session.execute(
                select(_Turn.id, _Turn.answer).where(_Turn.conversation_id == conversation_id).order_by(_Turn.sequence)
            ).all()
        read = [(turn_id, _read_answer(stored)) for turn_id, stored in rows]
        return [Turn(turn_id, answer) for turn_id, answer in read if answer is not None]

    def load(self, conversation_id: str) -> list[Answer]:
        """The answers of a conversation in order. Raises `InvalidInput("conversation_unknown")`."""
        return [turn.answer for turn in self.turns(conversation_id)]

    def delete(self, conversation_id: str) -> bool:
        """True when the conversation existed; it is then gone, with its turns and the opinions on them."""
        with self._session() as session:
            gone = session.execute(delete(_Conversation).where(_Conversation.id == conversation_id))
            return _row_count(gone) > 0

    def add_feedback(self, turn_id: str, value: int, comment: str = "") -> None:
        """Store an opinion, replacing the one already given on that turn.

        Raises `InvalidInput` with code `feedback_invalid`, `comment_too_long` or `turn_unknown`.
        """
        if value not in (-1, 1):
            raise InvalidInput("feedback_invalid")
        if len(comment) > MAX_COMMENT_CHARS:
            raise InvalidInput("comment_too_long", limit=MAX_COMMENT_CHARS)
        with self._session() as session:
            if session.scalar(select(_Turn.sequence).where(_Turn.id == turn_id)) is None:
                raise InvalidInput("turn_unknown")
            session.merge(_Feedback(turn_id=turn_id, created=self._now(), value=value, comment=comment.strip()))

    def feedback(self) -> list[Feedback]:
        """Every opinion kept, the oldest first."""
        with self._session() as session:
            rows = session.scalars(select(_Feedback).order_by(_Feedback.created)).all()
            return [Feedback(row.turn_id, row.value, row.comment) for row in rows]

    def purge(self, older_than_days: int) -> int:
        """How many conversations, unused for longer than that, were deleted."""
        limit = self._now() - timedelta(days=older_than_days)
        with self._session() as session:
            return _row_count(session.execute(delete(_Conversation).where(_Conversation.last_used < limit)))

    @contextmanager
    def _session(self) -> Iterator[Session]:
        with _translated_errors(), Session(self._engine) as session, session.begin():
            yield session


@contextmanager
def _translated_errors() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as exc:
        raise Unavailable("storage_unavailable", detail=type(exc).__name__) from exc


def _row_count(result: Any) -> int:
    return result.rowcount if isinstance(result, CursorResult) else 0


def _read_answer(stored: str) -> Answer | None:
    try:
        return Answer.model_validate_json(stored)
    except ValidationError:
        return None
