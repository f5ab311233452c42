"""What the page does: ask, show the answer as it comes, restore, take opinions."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from functools import wraps
from html import escape
from typing import TYPE_CHECKING, Any

from assistant.adapters.storage import Storage, Turn
from assistant.domain.answer import Answer
from assistant.domain.errors import BoussoleError, InvalidInput, Unavailable
from assistant.messages import french
from assistant.ui.conversations import Conversations, Exchange, SourceList
from assistant.ui.layout import SUGGESTIONS, TAGLINE, ChatOptions, Screen, build_screen
from assistant.ui.markdown import statements_shown
from assistant.ui.render import render_problem, render_turn, render_waiting, spoken
from assistant.ui.sources import render_sources
from assistant.ui.theme import build_theme, load_gradio
from knowledge.errors import KnowledgeError

if TYPE_CHECKING:
    import fastapi
    import gradio

__all__ = ["TAGLINE", "ChatOptions", "build_chat", "mount_chat"]

_log = logging.getLogger(__name__)
_CONCURRENT_ANSWERS = 16
_MAX_WAITING = 100
_BETWEEN_STATEMENTS_S = 0.15

Updates = dict[Any, Any]


def build_chat(
    conversations: Conversations, knowledge: SourceList, storage: Storage, options: ChatOptions
) -> gradio.Blocks:
    """The pages, ready to be mounted."""
    gr = load_gradio()
    with gr.Blocks(title=f"{options.title} – {TAGLINE}", analytics_enabled=False, fill_width=True) as demo:
        screen = build_screen(options)
        _wire(screen, _Handlers(screen, conversations, knowledge, storage))
    demo.queue(max_size=_MAX_WAITING, default_concurrency_limit=_CONCURRENT_ANSWERS, api_open=False)
    return demo


def mount_chat(app: fastapi.FastAPI, demo: gradio.Blocks) -> None:
    """Give the pages every address of `app` that no route took."""
    load_gradio().mount_gradio_app(
        app,
        demo,
        path="/",
        theme=build_theme(),
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        show_error=False,
        max_file_size=1,
        enable_monitoring=False,
        mcp_server=False,
        pwa=False,
    )


def _wire(screen: Screen, handlers: _Handlers) -> None:
    outputs = screen.components()

    def on(trigger: Callable[..., Any], function: Callable[..., Any], *inputs: Any, **options: Any) -> Any:
        return trigger(
            function,
            inputs=list(inputs),
            outputs=outputs,
            show_progress="hidden",
            api_visibility="private",
            concurrency_limit=_CONCURRENT_ANSWERS,
            **options,
        )

    askers = [(screen.send.click, screen.question), (screen.question.submit, screen.question)]
    askers += [(button.click, button) for button in (*screen.examples, *screen.suggestions)]
    asking = [on(trigger, handlers.answer, asked, screen.conversation) for trigger, asked in askers]

    on(screen.load, handlers.restore, screen.conversation)
    on(screen.load, handlers.list_sources)
    on(screen.stop.click, handlers.stop, screen.conversation, cancels=asking)
    on(screen.restart.click, handlers.restart, cancels=asking)
    on(screen.erase.click, handlers.erase, screen.conversation, cancels=asking)
    on(screen.useful.click, handlers.like, screen.turn_id)
    on(screen.useless.click, handlers.dislike, screen.turn_id)
    on(screen.send_comment.click, handlers.add_comment, screen.turn_id, screen.opinion, screen.comment)


def _explained(handler: Callable[..., Updates]) -> Callable[..., Updates]:
    """`handler`, whose known errors are explained above the composer and leave the rest of the page as it was."""

    @wraps(handler)
    def explained(self: _Handlers, *inputs: Any) -> Updates:
        try:
            return handler(self, *inputs)
        except (BoussoleError, KnowledgeError) as error:
            return self.explain(error)

    return explained


class _Handlers:
    """One method an event. Each returns the components to change."""

    def __init__(self, screen: Screen, conversations: Conversations, knowledge: SourceList, storage: Storage) -> None:
        self._gr = load_gradio()
        self._screen = screen
        self._conversations = conversations
        self._knowledge = knowledge
        self._storage = storage

    def answer(self, question: str, conversation: object) -> Iterator[Updates]:
        screen = self._screen
        try:
            conversation_id, turns = self._read(conversation)
        except BoussoleError as error:
            yield self.explain(error)
            return
        yield self._conversation(turns, waiting_for=question) | {screen.question: ""}
        try:
            exchange = self._ask(question, conversation_id)
        except (BoussoleError, KnowledgeError) as error:
            yield self._conversation(turns) | self.explain(error) | {screen.question: question}
            return
        answer = exchange.turn.answer
        for shown in statements_shown(answer.answer)[:-1]:
            yield {screen.current: render_turn(answer, shown=shown), screen.conversation: exchange.conversation_id}
            time.sleep(_BETWEEN_STATEMENTS_S)
        yield self._conversation([*turns, exchange.turn]) | {
            screen.conversation: exchange.conversation_id,
            screen.status: _status(spoken(answer)),
        }

    @_explained
    def restore(self, conversation: object) -> Updates:
        conversation_id, turns = self._read(conversation)
        return self._conversation(turns) | ({} if conversation_id else {self._screen.conversation: ""})

    @_explained
    def list_sources(self) -> Updates:
        return {self._screen.sources: render_sources(self._knowledge.sources())}

    @_explained
    def stop(self, conversation: object) -> Updates:
        """What was answered before the stop is shown whole: it is verified and stored already."""
        _, turns = self._read(conversation)
        return self._conversation(turns) | {self._screen.status: _status("Réponse arrêtée.")}

    def restart(self) -> Updates:
        return self._emptied("Nouvelle conversation.")

    @_explained
    def erase(self, conversation: object) -> Updates:
        conversation_id, _ = self._read(conversation)
        if conversation_id is not None:
            self._storage.delete(conversation_id)
        return self._emptied("Conversation effacée.")

    @_explained
    def like(self, turn_id: str) -> Updates:
        return self._opinion(turn_id, 1)

    @_explained
    def dislike(self, turn_id: str) -> Updates:
        return self._opinion(turn_id, -1)

    @_explained
    def add_comment(self, turn_id: str, opinion: int, comment: str) -> Updates:
        return self._opinion(turn_id, opinion, comment) | {self._screen.comment_box: self._gr.update(visible=False)}

    def explain(self, error: BoussoleError | KnowledgeError) -> Updates:
        return {self._screen.problem: render_problem(french(error))}

    def _ask(self, question: str, conversation_id: str | None) -> Exchange:
        try:
            return self._conversations.ask(question, conversation_id)
        except (BoussoleError, KnowledgeError):
            raise
        except Exception as exc:
            # The last handler of this surface: Gradio would show the visitor an error in English.
            _log.exception("Unexpected error while answering")
            raise Unavailable("internal_error") from exc

    def _read(self, conversation: object) -> tuple[str | None, list[Turn]]:
        """The conversation the browser remembers, None when it is not kept any more (or the browser made it up)."""
        if not isinstance(conversation, str) or not conversation:
            return None, []
        try:
            return conversation, self._storage.turns(conversation)
        except InvalidInput:
            return None, []

    def _conversation(self, turns: list[Turn], *, waiting_for: str | None = None) -> Updates:
        """The whole conversation: the latest answer whose marks lead to `#src-n`, the others above it."""
        screen, gr = self._screen, self._gr
        waiting = waiting_for is not None
        above = turns if waiting else turns[:-1]
        latest = None if waiting or not turns else turns[-1]
        if latest is not None:
            current = render_turn(latest.answer)
        else:
            current = render_waiting(waiting_for) if waiting_for is not None else ""
        updates = {
            screen.past: "".join(render_turn(turn.answer, prefix=f"src-t{n}") for n, turn in enumerate(above, 1)),
            screen.current: current,
            screen.problem: "",
            screen.status: "",
            screen.welcome: gr.update(visible=not turns and not waiting),
            screen.turn_id: latest.id if latest else "",
            screen.feedback: gr.update(visible=latest is not None),
            screen.comment_box: gr.update(visible=False),
            screen.comment: "",
            screen.thanks: "",
            screen.send: gr.update(visible=not waiting),
            screen.stop: gr.update(visible=waiting),
            screen.restart: gr.update(visible=bool(turns) or waiting),
            screen.erase: gr.update(visible=bool(turns)),
        }
        return updates | self._thumbs(0) | self._suggestions(latest.answer if latest else None)

    def _suggestions(self, answer: Answer | None) -> Updates:
        texts = answer.suggestions[:SUGGESTIONS] if answer else ()
        padded = [*texts, *[""] * (SUGGESTIONS - len(texts))]
        return {self._screen.follow_up: self._gr.update(visible=bool(texts))} | {
            button: self._gr.update(value=text, visible=bool(text))
            for button, text in zip(self._screen.suggestions, padded, strict=True)
        }

    def _emptied(self, said: str) -> Updates:
        return self._conversation([]) | {
            self._screen.conversation: "",
            self._screen.question: "",
            self._screen.status: _status(said),
        }

    def _opinion(self, turn_id: str, value: int, comment: str = "") -> Updates:
        self._storage.add_feedback(turn_id, value, comment)
        said = "Merci, commentaire enregistré." if comment.strip() else "Merci, avis enregistré."
        return self._thumbs(value) | {
            self._screen.comment_box: self._gr.update(visible=True),
            self._screen.problem: "",
            self._screen.thanks: f'<p class="b-thanks" role="status">{said}</p>',
        }

    def _thumbs(self, value: int) -> Updates:
        """The opinion given, +1 or -1, shown on its button; 0 for none."""
        screen = self._screen
        return {screen.opinion: value} | {
            button: self._gr.update(variant="primary" if value == meaning else "secondary")
            for button, meaning in ((screen.useful, 1), (screen.useless, -1))
        }


def _status(text: str) -> str:
    # The page's script says it: a region that appears with its text already in it is often not read.
    return f"<p hidden data-say>{escape(text)}</p>"
