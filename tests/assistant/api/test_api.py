"""The application as its HTTP callers see it."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.adapters.storage import Feedback, Storage
from assistant.api.app import WebSettings, create_app
from assistant.domain.answer import Answer, Citation, Statement
from assistant.domain.errors import InvalidInput, Unavailable
from knowledge.documents import Source
from knowledge.errors import IndexUnavailable

QUOTE = "Un RRMA accompagne les acteurs."


class FakeAssistant:
    """Quotes one passage; the words « panne » and « bogue » make it fail."""

    def __init__(self) -> None:
        self.histories: list[list[str]] = []

    def ask(self, question: str, history: Sequence[Answer] = (), *, id: str = "") -> Answer:
        if not question.strip():
            raise InvalidInput("question_empty")
        if len(question) > 100:
            raise InvalidInput("question_too_long", limit=100)
        if "panne" in question:
            raise Unavailable("model_missing", model="essai")
        if "bogue" in question:
            raise ZeroDivisionError("secret de fabrication")
        self.histories.append([answer.question for answer in history])
        return Answer(
            question=question,
            resolved_question=question,
            behaviour="answer",
            state="fiable",
            answer=f"{QUOTE} [1]",
            statements=(Statement(text=QUOTE, citations=(1,)),),
            citations=(
                Citation(n=1, doc="a.md", source_id="a", title="A", passage=QUOTE, quote=QUOTE, end=len(QUOTE)),
            ),
        )


class FakeKnowledge:
    def __init__(self) -> None:
        self.found: list[Source] = [
            Source(id="a", doc="a.md", title="A", kind="guide", root="/srv/documents", content_hash="abc")
        ]
        self.error: Exception | None = None

    def sources(self) -> list[Source]:
        if self.error is not None:
            raise self.error
        return self.found


class World:
    def __init__(self, folder: Path, **settings: Any) -> None:
        self.assistant = FakeAssistant()
        self.knowledge = FakeKnowledge()
        self.database = folder / "store.db"
        self.storage = Storage(f"sqlite:///{self.database}")
        self.app = create_app(self.assistant, self.knowledge, self.storage, settings=WebSettings(**settings))
        self.client = TestClient(self.app, base_url="http://boussole.example", raise_server_exceptions=False)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """One application for the module: building Gradio's pages takes a second."""
    return World(
        tmp_path_factory.mktemp("api"),
        allowed_origins=("https://reseau.example",),
        frame_ancestors=("https://cadre.example",),
    )


@pytest.fixture(autouse=True)
def working_knowledge(world: World) -> Iterator[None]:
    found = world.knowledge.found
    yield
    world.knowledge.found, world.knowledge.error = found, None


def error_of(response: Any, status: int) -> dict[str, str]:
    assert response.status_code == status
    assert set(response.json()) == {"erreur"}
    assert set(response.json()["erreur"]) == {"code", "message"}
    return response.json()["erreur"]


def test_an_answer_is_flat_with_its_conversation_and_turn(world: World) -> None:
    response = world.client.post("/api/v1/ask", json={"question": "Qu'est-ce qu'un RRMA ?"})
    assert response.status_code == 200
    body = response.json()
    assert set(body) == {*Answer.model_fields, "conversation", "turn"}
    assert body["answer"] == f"{QUOTE} [1]"
    citation = body["citations"][0]
    assert citation["passage"][citation["start"] : citation["end"]] == citation["quote"] == QUOTE
    stored = world.storage.turns(body["conversation"])[0]
    assert (stored.id, stored.answer.question) == (body["turn"], "Qu'est-ce qu'un RRMA ?")


def test_a_second_question_of_a_conversation_is_asked_with_the_first(world: World) -> None:
    first = world.client.post("/api/v1/ask", json={"question": "Première ?"}).json()
    second = world.client.post(
        "/api/v1/ask", json={"question": "Et ensuite ?", "conversation": first["conversation"]}
    ).json()
    assert second["conversation"] == first["conversation"]
    assert world.assistant.histories[-1] == ["Première ?"]


def test_a_question_refused_by_the_assistant_creates_no_conversation(world: World) -> None:
    before = conversations(world)
    error = error_of(world.client.post("/api/v1/ask", json={"question": "  "}), 422)
    assert error == {"code": "question_empty", "message": "La question est vide."}
    assert conversations(world) == before


def conversations(world: World) -> int:
    with closing(sqlite3.connect(world.database)) as connection:
        return connection.execute("SELECT count(*) FROM conversations").fetchone()[0]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"question": "x" * 101}, 422, "question_too_long"),
        ({"question": "En panne ?"}, 503, "model_missing"),
        ({"question": "Et ?", "conversation": "inconnue"}, 404, "conversation_unknown"),
        ({"question": 12}, 422, "request_invalid"),
        ({}, 422, "request_invalid"),
        ({"question": "Et ?", "autre": 1}, 422, "request_invalid"),
        ([], 422, "request_invalid"),
    ],
)
def test_a_refused_question_says_why_in_french(world: World, body: Any, status: int, code: str) -> None:
    error = error_of(world.client.post("/api/v1/ask", json=body), status)
    assert error["code"] == code
    assert error["message"]


def test_a_body_that_is_no_json_has_the_same_error_shape(world: World) -> None:
    response = world.client.post("/api/v1/ask", content=b"{", headers={"Content-Type": "application/json"})
    assert error_of(response, 422)["code"] == "request_invalid"


def test_an_unexpected_failure_says_nothing_of_the_inside(world: World) -> None:
    response = world.client.post("/api/v1/ask", json={"question": "Un bogue ?"})
    assert error_of(response, 500)["code"] == "internal_error"
    assert "secret" not in response.text


@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE"])
def test_an_unknown_address_of_the_api_is_a_french_404(world: World, method: str) -> None:
    assert error_of(world.client.request(method, "/api/v1/rien"), 404)["code"] == "route_unknown"


def test_sources_are_public_facts_only(world: World) -> None:
    source = world.client.get("/api/v1/sources").json()["sources"][0]
    assert (source["title"], source["kind"]) == ("A", "guide")
    assert "root" not in source
    assert "content_hash" not in source


def test_an_opinion_is_stored_and_checked(world: World) -> None:
    turn = world.client.post("/api/v1/ask", json={"question": "Utile ?"}).json()["turn"]
    sent = world.client.post("/api/v1/avis", json={"turn": turn, "avis": -1, "commentaire": "Incomplet."})
    assert sent.status_code == 201
    assert world.storage.feedback()[-1] == Feedback(turn, -1, "Incomplet.")

    wrong = world.client.post("/api/v1/avis", json={"turn": turn, "avis": 5})
    assert error_of(wrong, 422)["code"] == "request_invalid"
    unknown = world.client.post("/api/v1/avis", json={"turn": "absent", "avis": 1})
    assert error_of(unknown, 404)["code"] == "turn_unknown"
    long = world.client.post("/api/v1/avis", json={"turn": turn, "avis": 1, "commentaire": "x" * 3000})
    assert error_of(long, 422)["code"] == "comment_too_long"


def test_a_conversation_can_be_deleted_once(world: World) -> None:
    conversation = world.client.post("/api/v1/ask", json={"question": "À effacer ?"}).json()["conversation"]
    assert world.client.delete(f"/api/v1/conversations/{conversation}").status_code == 204
    again = world.client.delete(f"/api/v1/conversations/{conversation}")
    assert error_of(again, 404)["code"] == "conversation_unknown"


def test_health_answers_whatever_the_state_and_ready_needs_sources(world: World) -> None:
    assert world.client.get("/ready").json() == {"status": "ok", "sources": 1}
    world.knowledge.found = []
    assert error_of(world.client.get("/ready"), 503)["code"] == "index_empty"
    world.knowledge.error = IndexUnavailable("index_missing", data_dir="données")
    assert error_of(world.client.get("/ready"), 503)["code"] == "index_missing"
    assert world.client.get("/health").json() == {"status": "ok"}


@pytest.mark.parametrize("path", ["/", "/config", "/theme.css", "/gradio_api/queue/join", "/api/v1/sources", "/health"])
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_a_foreign_origin_is_never_allowed(world: World, path: str, method: str) -> None:
    headers = {
        "Origin": "https://mechant.example",
        "Cookie": "a=b",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    response = world.client.request(method, path, headers=headers)
    assert "access-control-allow-origin" not in response.headers
    assert "access-control-allow-credentials" not in response.headers


def test_an_allowed_origin_may_call_without_credentials(world: World) -> None:
    response = world.client.get("/api/v1/sources", headers={"Origin": "https://reseau.example"})
    assert response.headers["access-control-allow-origin"] == "https://reseau.example"
    assert "access-control-allow-credentials" not in response.headers


def test_no_origin_is_allowed_by_default(tmp_path: Path) -> None:
    client = World(tmp_path).client
    response = client.get("/api/v1/sources", headers={"Origin": "https://reseau.example"})
    assert "access-control-allow-origin" not in response.headers
    assert "frame-ancestors 'self';" in client.get("/").headers["content-security-policy"] + ";"


@pytest.mark.parametrize("path", ["/", "/api/v1/sources", "/boussole/boussole.css", "/gradio_api/info", "/api/v1/rien"])
def test_every_response_carries_the_security_headers(world: World, path: str) -> None:
    headers = world.client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self' https://cadre.example" in policy
    assert "unsafe-inline" not in policy.split("style-src")[0]
    assert not re.search(r"https?:(?!//cadre\.example)", policy)


def test_the_page_is_french_named_ours_and_names_no_other_host(world: World) -> None:
    response = world.client.get("/")
    page = response.text
    head = page.split("</head>")[0]
    assert re.search(r'<html[^>]*\blang="fr"', page)
    assert "<title>Boussole – L’assistant de l’action internationale des collectivités</title>" in head
    assert head.index("navigator") < head.index("gradio_config")
    assert "og:" not in head
    assert "twitter:" not in head
    hosts = set(re.findall(r"https?://([^/\"'\\ <>]+)", page))
    assert hosts <= {"boussole.example", "www.w3.org"}


def test_every_script_of_the_page_carries_the_nonce_of_this_response_only(world: World) -> None:
    seen = set()
    for _ in range(2):
        response = world.client.get("/")
        nonce = re.search(r"'nonce-([^']+)'", response.headers["content-security-policy"]).group(1)
        scripts = re.findall(r"<script\b[^>]*>", response.text)
        assert scripts
        assert all(f'nonce="{nonce}"' in script for script in scripts)
        assert response.headers["cache-control"] == "no-store"
        seen.add(nonce)
    assert len(seen) == 2


def test_a_title_chosen_by_the_operator_is_text(tmp_path: Path) -> None:
    page = World(tmp_path, public_title="<script>alert(1)</script>").client.get("/").text
    assert "<script>alert(1)" not in page
    assert "<title>&lt;script&gt;" in page


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/docs"),
        ("GET", "/redoc"),
        ("GET", "/openapi.json"),
        ("GET", "/gradio_api/info"),
        ("GET", "/gradio_api/openapi.json"),
        ("GET", "/gradio_api/runs"),
        ("GET", "/gradio_api/file=/etc/passwd"),
        ("GET", "/gradio_api/proxy=https://mechant.example/"),
        ("POST", "/gradio_api/upload"),
        ("POST", "/gradio_api/run/answer"),
        ("POST", "/gradio_api/call/answer"),
        ("GET", "/monitoring"),
        ("GET", "/manifest.json"),
        ("GET", "/rien"),
    ],
)
def test_what_the_page_does_not_need_does_not_exist(world: World, method: str, path: str) -> None:
    assert error_of(world.client.request(method, path), 404)["code"] == "route_unknown"


def test_no_path_of_the_static_files_leads_elsewhere(world: World) -> None:
    assert world.client.get("/boussole/../chat.py").status_code == 404
    assert world.client.get("/boussole/%2e%2e/chat.py").status_code == 404
    assert world.client.get("/boussole/boussole.js").headers["content-type"].split("/")[1].startswith("javascript")


def test_the_contract_of_the_api_is_published(world: World) -> None:
    paths = world.client.get("/api/v1/openapi.json").json()["paths"]
    assert {"/api/v1/ask", "/api/v1/sources", "/api/v1/avis", "/api/v1/conversations/{conversation_id}"} <= set(paths)


def test_long_responses_are_compressed(world: World) -> None:
    assert world.client.get("/", headers={"Accept-Encoding": "gzip"}).headers["content-encoding"] == "gzip"


def test_old_conversations_are_deleted_when_the_application_starts(tmp_path: Path) -> None:
    world = World(tmp_path, retention_days=0)
    world.storage.new_conversation()
    with world.client:
        deadline = time.monotonic() + 5
        while conversations(world) and time.monotonic() < deadline:
            time.sleep(0.02)
    assert conversations(world) == 0
