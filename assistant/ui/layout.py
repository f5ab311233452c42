"""The page: its components, in the order they are read. What they do is in `chat.py`."""

from __future__ import annotations

from dataclasses import dataclass, fields
from html import escape
from typing import Any

from assistant.ui.theme import load_gradio

TAGLINE = "L’assistant de l’action internationale des collectivités"
SUGGESTIONS = 3
EXAMPLES = (
    "Une convention est-elle obligatoire pour un jumelage ?",
    "Quels sont les montants de la FICOL ?",
    "Qu’est-ce qu’un RRMA ?",
    "Une commune peut-elle financer un projet d’eau potable à l’étranger ?",
    "Faut-il transmettre une convention de coopération au préfet ?",
    "Par où commencer une stratégie d’action internationale ?",
)

# The only thing kept in the browser, written with the first answer. The library wants a secret to scramble it; a
# random one would lose the conversation each time the server restarts.
_BROWSER_KEY = "boussole-conversation"

_LOGO = (
    '<svg class="b-logo" viewBox="0 0 48 48" width="44" height="44" aria-hidden="true" focusable="false">'
    '<circle cx="24" cy="24" r="22" fill="none" stroke="#fff" stroke-width="2.5"/>'
    '<path d="M24 6v4M24 38v4M6 24h4M38 24h4" stroke="#fff" stroke-width="2.5" stroke-linecap="round"/>'
    '<path d="M34 14 27.500 27.500l-7-7z" fill="#f2a33a"/><path d="M14 34l6.500-13.500 7 7z" fill="#fff"/></svg>'
)


@dataclass(frozen=True)
class ChatOptions:
    """What the page says of itself. `third_party` names who receives the questions outside the server, "" for none."""

    title: str
    contact: str
    max_question_chars: int
    retention_days: int
    third_party: str


@dataclass(frozen=True)
class Screen:
    """Every component that something updates or listens to."""

    load: Any
    conversation: Any
    turn_id: Any
    opinion: Any
    welcome: Any
    examples: tuple[Any, ...]
    past: Any
    current: Any
    status: Any
    problem: Any
    feedback: Any
    useful: Any
    useless: Any
    thanks: Any
    comment_box: Any
    comment: Any
    send_comment: Any
    follow_up: Any
    suggestions: tuple[Any, ...]
    question: Any
    send: Any
    stop: Any
    restart: Any
    erase: Any
    sources: Any

    def components(self) -> list[Any]:
        """All of them, to be the outputs of an event that answers with only some."""
        named = [getattr(self, field.name) for field in fields(self) if field.name != "load"]
        return [part for value in named for part in (value if isinstance(value, tuple) else (value,))]


def _html(value: str, **options: Any) -> Any:
    """A block of our own markup, without Gradio's style for it."""
    return load_gradio().HTML(value, apply_default_css=False, js_on_load=None, **options)


def build_screen(options: ChatOptions) -> Screen:
    """The screen, inside the `gr.Blocks` being built."""
    gr = load_gradio()
    parts: dict[str, Any] = {
        "load": gr.context.Context.root_block.load,
        "conversation": gr.BrowserState("", storage_key=_BROWSER_KEY, secret=_BROWSER_KEY),
        "turn_id": gr.State(""),
        "opinion": gr.State(0),
    }
    _html(_header(options), elem_id="b-header")
    with gr.Tabs(elem_id="b-tabs"):
        with gr.Tab("Poser une question"):
            parts |= _conversation_parts(options)
            parts |= _feedback_parts()
            parts |= _composer_parts(options)
        with gr.Tab("Sources"):
            _html(_SOURCES_INTRODUCTION)
            parts["sources"] = _html("", elem_id="b-sources")
    return Screen(**parts)


def _conversation_parts(options: ChatOptions) -> dict[str, Any]:
    gr = load_gradio()
    with gr.Column(elem_id="b-welcome") as welcome:
        _html(_welcome(options))
        with gr.Row(elem_id="b-examples"):
            examples = tuple(gr.Button(example, elem_classes="b-example") for example in EXAMPLES)
    return {
        "welcome": welcome,
        "examples": examples,
        "past": _html("", elem_id="b-past"),
        "current": _html("", elem_id="b-current"),
        "status": _html("", elem_id="b-status"),
    }


def _feedback_parts() -> dict[str, Any]:
    gr = load_gradio()
    with gr.Column(visible=False, elem_id="b-feedback") as feedback:
        with gr.Row(elem_id="b-opinions"):
            _html('<p class="b-ask">Cette réponse vous aide-t-elle ?</p>')
            useful = gr.Button("Oui, utile", size="sm", elem_id="b-useful")
            useless = gr.Button("Non, à améliorer", size="sm", elem_id="b-useless")
            thanks = _html("", elem_id="b-thanks")
        with gr.Row(visible=False, elem_id="b-comment") as comment_box:
            comment = gr.Textbox(
                label="Que faudrait-il corriger ou ajouter ? (facultatif, sans donnée personnelle)",
                lines=2,
                max_lines=6,
                max_length=2000,
                scale=4,
            )
            send_comment = gr.Button("Envoyer le commentaire", size="sm", scale=1)
    with gr.Column(visible=False, elem_id="b-follow-up") as follow_up:
        _html('<p class="b-ask">Pour aller plus loin</p>')
        with gr.Row():
            suggestions = tuple(
                gr.Button("", visible=False, size="sm", elem_classes="b-example") for _ in range(SUGGESTIONS)
            )
    return {
        "feedback": feedback,
        "useful": useful,
        "useless": useless,
        "thanks": thanks,
        "comment_box": comment_box,
        "comment": comment,
        "send_comment": send_comment,
        "follow_up": follow_up,
        "suggestions": suggestions,
    }


def _composer_parts(options: ChatOptions) -> dict[str, Any]:
    gr = load_gradio()
    with gr.Column(elem_id="b-composer"):
        problem = _html("", elem_id="b-problem")
        with gr.Row(elem_id="b-ask-row"):
            question = gr.Textbox(
                label="Votre question",
                placeholder="Écrivez votre question, puis Entrée",
                lines=1,
                max_lines=5,
                max_length=options.max_question_chars,
                scale=5,
                elem_id="b-question",
            )
            send = gr.Button("Envoyer", variant="primary", min_width=110, scale=0, elem_id="b-send")
            stop = gr.Button("Arrêter", visible=False, min_width=110, scale=0, elem_id="b-stop")
        with gr.Row(elem_id="b-actions"):
            _html(_small_print(options))
            restart = gr.Button("Nouvelle conversation", visible=False, size="sm", scale=0, elem_id="b-restart")
            erase = gr.Button("Effacer la conversation", visible=False, size="sm", scale=0, elem_id="b-erase")
    return {
        "problem": problem,
        "question": question,
        "send": send,
        "stop": stop,
        "restart": restart,
        "erase": erase,
    }


def _header(options: ChatOptions) -> str:
    return (
        f'<header class="b-header"><a class="b-skip" href="#b-question">Aller à la question</a>{_LOGO}'
        f"<div><h1>{escape(options.title)}</h1><p>{TAGLINE}</p></div></header>"
    )


def _welcome(options: ChatOptions) -> str:
    contact = f" Une question sans réponse ? Contact : {escape(options.contact)}." if options.contact else ""
    return (
        '<div class="b-welcome"><h2>Que voulez-vous savoir ?</h2>'
        "<p>Posez votre question : chaque phrase de la réponse renvoie au passage exact qui l’appuie, que vous pouvez"
        " ouvrir et lire en entier. Quand les sources ne répondent pas, Boussole le dit.</p>"
        '<div class="b-notice" role="note"><p><strong>Réponses automatiques.</strong> Boussole n’est ni un avis'
        " juridique, ni un contrôle de légalité, ni une décision de financement : vérifiez les passages cités, et"
        f" demandez conseil avant de délibérer.{contact}</p><p>{_data(options)} Les conversations sont gardées"
        f" {options.retention_days} jours au plus, sans identité ni adresse IP. N’écrivez pas de donnée"
        " personnelle.</p></div>"
        "<h3>Par exemple</h3></div>"
    )


def _data(options: ChatOptions) -> str:
    if options.third_party:
        return f"Les questions sont transmises à {escape(options.third_party)} pour rédiger les réponses."
    return "Aucune donnée n’est envoyée à un tiers."


def _small_print(options: ChatOptions) -> str:
    return f'<p class="b-small">Réponses automatiques, à vérifier dans les passages cités. {_data(options)}</p>'


_SOURCES_INTRODUCTION = (
    '<div class="b-welcome"><h2>Sources</h2><p>Voici tout ce que les réponses peuvent citer, avec ce qui est connu'
    " de chaque source : qui la publie, sa date, jusqu’à quand elle vaut et ce qui reste à vérifier.</p></div>"
)
