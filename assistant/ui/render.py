"""Turns of a conversation as HTML. Every word of a document or of a visitor goes through `html.escape`."""

from __future__ import annotations

from html import escape
from urllib.parse import urlsplit

from assistant.domain.answer import Answer, Citation, State
from assistant.ui.dates import french_date
from assistant.ui.markdown import to_html

_STATES: dict[State, tuple[str, str, str]] = {
    "fiable": ("reliable", "Fiable", "Les passages cités répondent directement à la question."),
    "à vérifier": (
        "check",
        "À vérifier",
        "Ouvrez les passages cités avant de vous appuyer sur cette réponse : ils sont incomplets, anciens ou proches"
        " de la question sans y répondre tout à fait.",
    ),
    "pas de réponse": ("none", "Pas de réponse", "Aucun passage connu ne permet de répondre avec certitude."),
}
# A long passage scrolls in its box, which the keyboard must be able to reach.
_QUOTATION = '<blockquote tabindex="0">'
# What is said to someone outside our subject is no gap in the knowledge base.
_OUTSIDE = ("none", "Pas de réponse", "Cette demande sort de ce que Boussole peut traiter.")


def render_question(question: str) -> str:
    """What the visitor asked."""
    return f'<div class="b-question"><p><span class="b-sr">Votre question : </span>{escape(question)}</p></div>'


def render_waiting(question: str) -> str:
    """A turn whose answer is being looked for."""
    return (
        f'<section class="b-turn">{render_question(question)}<div class="b-grid b-wide">'
        '<div class="b-answer" aria-busy="true">'
        '<p class="b-waiting"><span class="b-dots" aria-hidden="true"></span>Recherche dans les sources…</p>'
        "</div></div></section>"
    )


def render_problem(message: str) -> str:
    """What went wrong and what to do about it."""
    return f'<p class="b-alert" role="alert">{escape(message)}</p>'


def render_turn(answer: Answer, *, prefix: str = "src", shown: str | None = None) -> str:
    """A question and its answer; `shown` is the part of the answer to show while it appears, None for the whole.

    Citation n has the id `<prefix>-n`: the latest turn uses `src`, so that its marks lead to `#src-n`.
    """
    partial = shown is not None
    numbers = {citation.n for citation in answer.citations}
    text = to_html(answer.answer if shown is None else shown, lambda n: f"#{prefix}-{n}" if n in numbers else None)
    body = f'<div class="b-text">{text}</div>'
    if not partial:
        body = _badge(answer) + body + _warnings(answer) + _leads(answer, prefix) + _foot(answer)
    aside = _citations(answer, prefix)
    wide = "" if aside else " b-wide"
    return (
        f'<section class="b-turn">{render_question(answer.question)}<div class="b-grid{wide}">'
        f'<div class="b-answer" aria-busy="{str(partial).lower()}">{body}</div>{aside}</div></section>'
    )


def plain_text(answer: Answer) -> str:
    """The answer and its sources as text, to copy into a note."""
    lines = [answer.question, "", answer.answer]
    if answer.citations:
        lines += ["", "Sources :"]
        lines += [f"[{citation.n}] {_reference(citation)}" for citation in answer.citations]
    return "\n".join(lines)


def spoken(answer: Answer) -> str:
    """What a screen reader says once the answer is there."""
    count = len(answer.citations)
    sources = "aucune source" if not count else f"{count} source{'s' if count > 1 else ''}"
    return f"Réponse affichée : {_state(answer)[1].lower()}, {sources}."


def _state(answer: Answer) -> tuple[str, str, str]:
    return _OUTSIDE if answer.behaviour in ("redirect", "refuse") else _STATES[answer.state]


def _badge(answer: Answer) -> str:
    name, label, meaning = _state(answer)
    return f'<p class="b-state b-state-{name}"><strong>{label}</strong> <span>{meaning}</span></p>'


def _warnings(answer: Answer) -> str:
    if not answer.warnings:
        return ""
    items = "".join(f"<li>{escape(warning)}</li>" for warning in answer.warnings)
    return f'<div class="b-warnings"><p>À savoir</p><ul>{items}</ul></div>'


def _leads(answer: Answer, prefix: str) -> str:
    if not answer.leads:
        return ""
    items = "".join(_citation(lead, f"{prefix}-piste", lead_number) for lead_number, lead in enumerate(answer.leads, 1))
    return (
        '<div class="b-leads"><p>Pistes proches, qui ne répondent pas à la question</p>'
        f'<ol class="b-sources">{items}</ol></div>'
    )


def _foot(answer: Answer) -> str:
    if answer.engine == "extractif":
        origin = "Phrases reprises des sources, sans modèle de langage."
    else:
        origin = f"Rédigé par un modèle de langage ({escape(answer.engine)}) à partir des passages cités."
    return (
        f'<div class="b-foot"><span>{origin if answer.citations else "Réponse automatique."}</span>'
        f'<button type="button" class="b-copy" data-copy="{escape(plain_text(answer))}">Copier la réponse</button>'
        "</div>"
    )


def _citations(answer: Answer, prefix: str) -> str:
    citations = answer.citations
    if not citations:
        return ""
    items = "".join(_citation(citation, prefix, citation.n) for citation in citations)
    title = "Source citée" if len(citations) == 1 else f"{len(citations)} sources citées"
    return (
        f'<aside class="b-aside" aria-label="Sources de la réponse à : {escape(answer.question)}"><h2>{title}</h2>'
        f'<ol class="b-sources">{items}</ol></aside>'
    )


def _citation(citation: Citation, prefix: str, number: int) -> str:
    facts = [citation.publisher, french_date(citation.date), citation.locator]
    meta = " · ".join(escape(fact) for fact in facts if fact)
    check = '<span class="b-tag">à vérifier</span>' if citation.confidence == "a_verifier" else ""
    return (
        f'<li class="b-source" id="{escape(prefix)}-{number}"><details><summary>'
        f'<span class="b-number" aria-hidden="true">{number}</span>'
        f'<span class="b-source-head"><span class="b-source-title"><span class="b-sr">Source {number} : </span>'
        f'{escape(citation.title)}</span><span class="b-meta">{meta}{check}</span></span></summary>'
        f'<div class="b-source-body">{_passage(citation)}{_facts(citation)}{_link(citation)}{_original(citation)}'
        "</div></details></li>"
    )


def _passage(citation: Citation) -> str:
    start, end = citation.start, citation.end
    passage = citation.passage
    if passage[start:end] != citation.quote:
        start = passage.find(citation.quote)
        end = start + len(citation.quote)
    if not citation.quote or start < 0:
        return f"{_QUOTATION}{escape(passage)}</blockquote>"
    return (
        f"{_QUOTATION}{escape(passage[:start])}<mark>{escape(passage[start:end])}</mark>"
        f"{escape(passage[end:])}</blockquote>"
    )


def _facts(citation: Citation) -> str:
    lines = []
    if citation.note:
        lines.append(escape(citation.note))
    if citation.confidence == "a_verifier":
        lines.append("Information à vérifier auprès de la source avant usage.")
    if citation.validity:
        lines.append(f"Validité : {escape(citation.validity)}")
    if citation.checked:
        lines.append(f"État des connaissances au {escape(french_date(citation.checked))}")
    return "".join(f'<p class="b-fact">{line}</p>' for line in lines)


def _original(citation: Citation) -> str:
    if not citation.original:
        return ""
    return (
        '<p class="b-fact">Texte remis en forme pour la lecture (césures, espaces, colonnes).</p>'
        '<details class="b-original"><summary>Voir le texte d’origine</summary>'
        '<p class="b-fact">Texte tel qu’il figure dans le document :</p>'
        f"{_QUOTATION}{escape(citation.original)}</blockquote></details>"
    )


def _link(citation: Citation) -> str:
    if not citation.url or urlsplit(citation.url).scheme not in ("http", "https"):
        return f'<p class="b-fact">Document : {escape(citation.doc)}</p>'
    return (
        f'<p class="b-fact"><a href="{escape(citation.url)}" target="_blank" rel="noopener noreferrer">'
        'Ouvrir la source<span class="b-sr"> (nouvel onglet)</span></a></p>'
    )


def _reference(citation: Citation) -> str:
    facts = [citation.title, citation.publisher, french_date(citation.date), citation.locator, citation.url or ""]
    return ", ".join(fact for fact in facts if fact)
