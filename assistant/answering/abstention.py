"""What is said when there is no answer: plainly, with leads, and with someone to turn to."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.question import analyse
from assistant.answering.scope import Verdict
from assistant.domain.answer import Answer, Behaviour, Citation
from knowledge.index.lexical import fold
from knowledge.index.retrieval import SearchResult

UNKNOWN = "Je ne trouve pas la réponse dans les documents disponibles."
LEADS_BELOW = "Les passages les plus proches sont proposés comme pistes : ils ne répondent pas à votre question."
OFF_TOPIC = (
    "Cette question sort de mon domaine : je réponds sur l’action internationale des collectivités territoriales "
    "(coopération décentralisée, jumelages, droit applicable, financements, élaboration d’une stratégie)."
)
REFUSAL = (
    "Je ne peux pas donner suite à cette demande. Je réponds, sources à l’appui, aux questions sur l’action "
    "internationale des collectivités territoriales."
)
COURTESY = (
    "Je vous invite à reformuler votre demande : je suis un assistant automatique, et je réponds volontiers à une "
    "question "
    "sur l’action internationale des collectivités territoriales."
)
GREETING = (
    "Bonjour. Je suis Boussole, un assistant automatique : posez-moi une question sur l’action internationale de votre "
    "collectivité, par exemple « Une convention est-elle obligatoire pour un jumelage ? »."
)
CONTACTS: tuple[tuple[str, str], ...] = (
    (
        r"deliber|convention|legal|droit|article|cgct|prefet|controle|tribunal|annul|competence|statut|elu|mandat|"
        r"laicite",
        "Pour un point de droit, tournez-vous vers le contrôle de légalité de votre préfecture ou sous-préfecture.",
    ),
    (
        r"subvention|financ|appel|ficol|budget|montant|taux|cofinanc|erasmus|interreg|afd|dispositif|aide|dossier|"
        r"candidat",
        "Pour un financement, tournez-vous vers la délégation du ministère chargé des affaires étrangères (DCTCIV), "
        "vers le "
        "financeur lui-même ou vers votre réseau régional multi-acteurs (RRMA).",
    ),
)
NETWORK = (
    "Tournez-vous vers votre réseau régional multi-acteurs (RRMA) ou vers une association nationale de collectivités "
    "(Cités Unies France, AFCCRE, AMF)."
)
SUGGESTIONS = (
    "Une convention est-elle obligatoire pour un jumelage ?",
    "Quels sont les montants de la FICOL ?",
    "Qu’est-ce qu’un RRMA ?",
)
NEAR_COSINE = 0.82
_DOMAIN = re.compile(
    r"collectivit|commune|mairie|\bmaire\b|departement|region|epci|intercommun|agglomer|metropole|cooperation|jumel|"
    r"international|europe|\baict\b|\baect\b|convention|deliberation|subvention|appel a projets|partenaria|ficol|"
    r"erasmus|"
    r"interreg|\brrma\b|\bdaect\b|\bdctciv\b|\bafd\b|strateg|solidarite|etranger|\bodd\b|humanitaire|diaspora|elus?\b|"
    r"territo|financ|guide|formation|indicateur|swot|afom|logique|reseau|dispositif|programme|projet|"
    r"atelier|\bstage\b|module|\bacteurs?\b|parties? prenantes?|rattach|cabinet|\bservices?\b|direction|objectif|"
    r"vision|"
    r"mission|\bvaleurs?\b|mandat|prefe|ambassade|\barticle|\b1 ?%|association|consultation|"
    r"citoyen|\baides?\b|candidat|"
    r"bruxelles|\bappels?\b|diagnostic|matrice|evaluation|\bbilan|"
    r"reciprocit|volontaire|subsid|cofinanc|ministere"
)


def outside(question: str, verdict: Verdict, *, id: str, timings_ms: dict[str, int]) -> Answer:
    """The answer to what is not a question for the assistant: manipulation, insult, small talk."""
    behaviour: Behaviour = "redirect" if verdict == "small_talk" else "refuse"
    text = {"manipulation": REFUSAL, "insult": COURTESY, "small_talk": GREETING}[verdict]
    return Answer(
        id=id,
        question=question,
        resolved_question=question,
        behaviour=behaviour,
        state="pas de réponse",
        answer=text,
        suggestions=SUGGESTIONS,
        timings_ms=timings_ms,
    )


def unknown(question: str, resolved: str, result: SearchResult, leads: Sequence[Citation], *, contact: str) -> Answer:
    """« Je ne trouve pas », with leads and a contact; or a redirection when the subject is not the assistant's."""
    if not in_domain(resolved, result):
        return Answer(
            question=question,
            resolved_question=resolved,
            behaviour="redirect",
            state="pas de réponse",
            answer=OFF_TOPIC,
            suggestions=SUGGESTIONS,
        )
    parts = [UNKNOWN]
    if leads:
        parts.append(LEADS_BELOW)
    parts.append(contact_for(resolved, contact))
    return Answer(
        question=question,
        resolved_question=resolved,
        behaviour="abstain",
        state="pas de réponse",
        answer="\n\n".join(parts),
        leads=tuple(leads),
    )


def in_domain(question: str, result: SearchResult) -> bool:
    """True when the question uses a word of the field, or names something the documents name.

    A question in another language has no word of the field: the nearest passage tells.
    """
    if _DOMAIN.search(fold(question)):
        return True
    if not analyse(question).french:
        return bool(result.hits) and result.hits[0].sentence >= NEAR_COSINE
    return any(result.vocabulary.is_proper(term) for term in result.query.terms)


def contact_for(question: str, own: str) -> str:
    """Whom to turn to, by the subject of the question; the operator's own contact comes after it."""
    folded = fold(question)
    advice = next((text for pattern, text in CONTACTS if re.search(pattern, folded)), NETWORK)
    return f"{advice} Contact de ce site : {own}" if own else advice
