"""What goes with an answer: the reserves a reader needs, and what could be asked next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from assistant.domain.answer import Citation
from knowledge.index.retrieval import SearchResult

MAX_SUGGESTIONS = 3
MONTHS = """
    janvier février mars avril mai juin juillet août septembre octobre novembre décembre
    """.split()


def french_date(iso: str) -> str:
    """« 24 novembre 2026 » for "2026-11-24"; what is not a full ISO date comes back as it is."""
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{'1er' if day.day == 1 else day.day} {MONTHS[day.month - 1]} {day.year}"


def reserves(citations: Sequence[Citation]) -> tuple[str, ...]:
    """The warnings of an answer: the date of knowledge of a call or a rule of law, and facts to be checked."""
    found: list[str] = []
    for citation in citations:
        known = french_date(citation.checked)
        if citation.kind == "appel":
            found.append(
                f"Appel à financement : informations connues au {known} ; dates, montants et taux sont à confirmer "
                "auprès du financeur."
            )
        elif citation.kind == "droit":
            found.append(
                f"Droit : état des connaissances au {known}"
                + (f" ({citation.validity})" if citation.validity else "")
                + ". Boussole informe et ne remplace ni la préfecture ni un juriste."
            )
    if any(citation.confidence == "a_verifier" for citation in citations):
        found.append("Au moins un élément cité est à vérifier : sa source est unique, ancienne ou indirecte.")
    return tuple(dict.fromkeys(found))


def suggestions(result: SearchResult, citations: Sequence[Citation]) -> tuple[str, ...]:
    """Questions about the neighbouring subjects found, at most MAX_SUGGESTIONS."""
    cited = {citation.title for citation in citations}
    titles: dict[str, None] = {}
    for hit in result.hits:
        title = hit.passage.title_path[-1]
        if " — ".join(hit.passage.title_path) not in cited and len(title) <= 70:
            titles[title] = None
    return tuple(f"Que disent les documents sur « {title} » ?" for title in list(titles)[:MAX_SUGGESTIONS])
