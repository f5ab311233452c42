"""The page of sources as HTML: what answers may cite, filtered in the browser by kind and words."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from html import escape
from urllib.parse import urlsplit

from assistant.ui.dates import french_date
from knowledge.documents import Kind, Source

_KINDS: dict[Kind, tuple[str, str]] = {
    "guide": ("Guide", "Guides"),
    "droit": ("Droit", "Textes de droit"),
    "appel": ("Appel à projets", "Appels à projets"),
    "acteur": ("Acteur", "Acteurs"),
    "document": ("Document", "Documents ajoutés"),
}


def render_sources(sources: Sequence[Source]) -> str:
    """The filter and the list, by kind then title."""
    if not sources:
        return '<p class="b-alert">Aucune source n’est encore indexée.</p>'
    order = list(_KINDS)
    ranked = sorted(sources, key=lambda source: (order.index(source.kind), _folded(source.title)))
    items = "".join(_source(source) for source in ranked)
    return (
        f'<div class="b-catalogue" data-catalogue>{_filter(sources)}'
        f'<p class="b-count" role="status" data-count>{_count(len(sources))}</p>'
        f'<ul class="b-list">{items}</ul></div>'
    )


def _filter(sources: Sequence[Source]) -> str:
    counts = Counter(source.kind for source in sources)
    options = "".join(
        f'<option value="{kind}">{plural} ({counts[kind]})</option>'
        for kind, (_, plural) in _KINDS.items()
        if counts[kind]
    )
    return (
        '<div class="b-filter"><div><label for="b-kind">Type de source</label>'
        f'<select id="b-kind" data-kind><option value="">Tous les types</option>{options}</select></div>'
        '<div><label for="b-words">Rechercher un titre, un éditeur</label>'
        '<input id="b-words" type="search" autocomplete="off" data-words></div></div>'
    )


def _count(number: int) -> str:
    return f"{number} source{'s' if number > 1 else ''}"


def _source(source: Source) -> str:
    words = " ".join([source.title, source.publisher, source.doc, _KINDS[source.kind][0]])
    published = [source.publisher, french_date(source.date)]
    meta = " · ".join(escape(fact) for fact in published if fact)
    check = '<span class="b-tag">à vérifier</span>' if source.confidence == "a_verifier" else ""
    return (
        f'<li class="b-entry" data-kind="{source.kind}" data-words="{escape(_folded(words))}">'
        f'<p class="b-kind">{_KINDS[source.kind][0]}{check}</p><h3>{_title(source)}</h3>'
        f'<p class="b-meta">{meta}</p>{_details(source)}</li>'
    )


def _title(source: Source) -> str:
    if not source.url or urlsplit(source.url).scheme not in ("http", "https"):
        return escape(source.title)
    return (
        f'<a href="{escape(source.url)}" target="_blank" rel="noopener noreferrer">{escape(source.title)}'
        '<span class="b-sr"> (nouvel onglet)</span></a>'
    )


def _details(source: Source) -> str:
    lines = []
    if source.checked:
        lines.append(f"État des connaissances au {escape(french_date(source.checked))}")
    if source.validity:
        lines.append(f"Validité : {escape(source.validity)}")
    elif source.valid_from or source.valid_until:
        bounds = [("à partir du", source.valid_from), ("jusqu’au", source.valid_until)]
        lines.append("Valable " + " et ".join(f"{word} {escape(french_date(day))}" for word, day in bounds if day))
    facts = "".join(f'<p class="b-fact">{line}</p>' for line in lines)
    warnings = "".join(f"<li>{escape(warning)}</li>" for warning in source.warnings)
    return facts + (f'<ul class="b-entry-warnings">{warnings}</ul>' if warnings else "")


def _folded(text: str) -> str:
    """`text` without accents or capitals, as the page's script folds what is typed."""
    decomposed = unicodedata.normalize("NFD", text.lower())
    return "".join(char for char in decomposed if not unicodedata.combining(char))
