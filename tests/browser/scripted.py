"""A scripted assistant, its sources, and a server on a free port of this machine."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from assistant.adapters.storage import Storage
from assistant.api.app import WebSettings, create_app
from assistant.domain.answer import Answer, Citation, Statement
from assistant.domain.errors import InvalidInput
from knowledge.documents import Source

HOSTILE = (
    "<script>document.title='piratée'</script>"
    "<img src=http://mechant.example/x.png onerror=\"document.title='piratée'\">"
    " {{7*7}} ${7*7} ![x](http://mechant.example/y.png) [a](javascript:document.title='piratée')"
)
PASSAGE = (
    "Les réseaux régionaux multi-acteurs sont nés dans les régions. Un RRMA accompagne les acteurs de son territoire. "
    "Il informe, forme et met en relation les collectivités, les associations et les entreprises."
)
QUOTES = (
    "Un RRMA accompagne les acteurs de son territoire.",
    "Il informe, forme et met en relation les collectivités, les associations et les entreprises.",
)


def citation(n: int, passage: str, quote: str, **more: object) -> Citation:
    start = passage.index(quote)
    facts: dict[str, object] = {
        "doc": f"doc-{n}.md",
        "source_id": f"doc-{n}",
        "title": f"Guide de la coopération, tome {n}",
        "publisher": "Éditeur d’essai",
        "date": "2025-03-12",
        "locator": f"p. {n}",
        "kind": "guide",
    }
    return Citation.model_validate(
        {"n": n, "passage": passage, "quote": quote, "start": start, "end": start + len(quote), **facts, **more}
    )


def sourced_answer(question: str, **more: object) -> Answer:
    """Two statements with one citation each."""
    facts: dict[str, object] = {
        "question": question,
        "resolved_question": question,
        "behaviour": "answer",
        "state": "fiable",
        "answer": f"{QUOTES[0]} [1]\n\n{QUOTES[1]} [2]",
        "statements": tuple(Statement(text=quote, citations=(n,)) for n, quote in enumerate(QUOTES, 1)),
        "citations": (
            citation(
                1,
                PASSAGE,
                QUOTES[0],
                url="https://source.example/guide",
                checked="2026-11-24",
                original=PASSAGE.replace("multi-acteurs", "multi-\nacteurs"),
            ),
            citation(
                2,
                PASSAGE,
                QUOTES[1],
                confidence="a_verifier",
                note="Fonctions variables.",
                date="2024",
            ),
        ),
        "suggestions": ("Et pour un département ?", "Qui finance un RRMA ?"),
        "warnings": ("Une des sources a plus d’un an.",),
    }
    return Answer.model_validate({**facts, **more})


def unknown_answer(question: str) -> Answer:
    return sourced_answer(
        question,
        behaviour="abstain",
        state="pas de réponse",
        answer="Je ne trouve pas la réponse dans les sources.",
        statements=(),
        citations=(),
        leads=(citation(1, PASSAGE, QUOTES[0]),),
        suggestions=(),
        warnings=(),
    )


def hostile_answer(question: str) -> Answer:
    passage = f"Avant. {HOSTILE} Après."
    return sourced_answer(
        question,
        answer=f"{HOSTILE} [1]",
        statements=(Statement(text=HOSTILE, citations=(1,)),),
        citations=(
            citation(
                1,
                passage,
                HOSTILE,
                title=HOSTILE,
                publisher=HOSTILE,
                locator=HOSTILE,
                doc=HOSTILE,
                note=HOSTILE,
                validity=HOSTILE,
                original=HOSTILE,
                url="javascript:document.title='piratée'",
            ),
        ),
        suggestions=(HOSTILE,),
        warnings=(HOSTILE,),
    )


def long_answer(question: str) -> Answer:
    """The quote lies far down in its passage."""
    passage = "".join(f"Ligne {n} du passage.\n" for n in range(80)) + QUOTES[0]
    return sourced_answer(question, answer=f"{QUOTES[0]} [1]", citations=(citation(1, passage, QUOTES[0]),))


class ScriptedAssistant:
    """Answers by what the question holds: « inconnu », « lent », « long », « hostile », or two sourced statements."""

    def __init__(self) -> None:
        self.histories: list[list[str]] = []

    def ask(self, question: str, history: Sequence[Answer] = (), *, id: str = "") -> Answer:
        if not question.strip():
            raise InvalidInput("question_empty")
        self.histories.append([answer.question for answer in history])
        if "lent" in question:
            time.sleep(3)
        if "inconnu" in question:
            return unknown_answer(question)
        if "long" in question:
            return long_answer(question)
        return hostile_answer(question) if "hostile" in question else sourced_answer(question)


class ScriptedKnowledge:
    """Four sources, one of them hostile."""

    def sources(self) -> list[Source]:
        return [
            Source(
                id="guide",
                doc="guide.md",
                title="Guide de la coopération",
                kind="guide",
                publisher="Éditeur d’essai",
                date="2025-03-12",
                url="https://source.example/guide",
                checked="2026-11-24",
            ),
            Source(
                id="loi",
                doc="loi.md",
                title="Code de l’étranger",
                kind="droit",
                publisher="Journal d’essai",
                valid_from="2014-07-09",
                confidence="a_verifier",
                warnings=("Version consolidée non vérifiée.",),
            ),
            Source(id="appel", doc="appel.md", title="Appel d’essai", kind="appel", validity="jusqu’à l’été"),
            Source(id="hostile", doc="h.md", title=HOSTILE, publisher=HOSTILE, warnings=(HOSTILE,), root="/secret"),
        ]


class Site:
    """A running server and what stands behind it."""

    def __init__(self, url: str, assistant: ScriptedAssistant, storage: Storage) -> None:
        self.url = url
        self.assistant = assistant
        self.storage = storage


@contextmanager
def running_site(folder: Path, **settings: object) -> Iterator[Site]:
    """The application served on a free port of the loopback address until the block ends."""
    storage = Storage(f"sqlite:///{folder}/store.db")
    assistant = ScriptedAssistant()
    app = create_app(assistant, ScriptedKnowledge(), storage, settings=WebSettings(**settings))  # type: ignore[arg-type]
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + 60
    while not server.started:
        if time.monotonic() > deadline or not thread.is_alive():
            raise RuntimeError("the server did not start")
        time.sleep(0.05)
    try:
        yield Site(f"http://127.0.0.1:{listener.getsockname()[1]}/", assistant, storage)
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        storage.close()
