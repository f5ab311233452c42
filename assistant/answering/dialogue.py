"""Follow-ups understood with the turns before: « et pour un département ? », « et quel montant ? »…

No language model: a question that leans on what was said is completed with the topic of the question before, or
takes its place in it when it names another case of the same kind (commune / département, 2024 / 2025, FICOL / JSI).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.domain.answer import Answer
from knowledge.index.lexical import fold, terms

TOPIC_MARK = " — "
SHORT_TERMS = 3
_END = " ?.!\u00a0\u202f"

_OPENING = re.compile(
    r"^(?:(?:(?:ah|oui|ok|d['’]accord|non|bon|super|merci)\b,? ?)?(?:et|mais|sinon|alors|donc|puis)\b(?: (?:sinon|"
    r"alors|donc|puis|"
    r"du coup))?|du coup|dans ce cas|et si)[ ,]*",
    re.IGNORECASE,
)
_ANAPHORA = re.compile(
    r"(?<!-)\b(?:il|ils|elle|elles)\b(?! (?:faut|existe|y a|convient)\b)|"
    # « Est-elle obligatoire ? » refers back, « Une convention est-elle obligatoire ? » does not.
    r"^(?:(?!(?:une?|l[ae]s?|des?|ces?|cette|nos|notre|vos|votre) |[ld]['’]|faut-|existe-|y a-)[^\s-]+ )*"
    r"(?!faut-|existe-)[^\s-]+-(?:t-)?(?:ils?|elles?)\b|"
    r"\b(?:ça|cela|ceci|celui|celle|ceux|celles|celui-ci|celle-ci|là-dedans|dedans|là-dessus|chacune?|"
    r"lequel|laquelle|lesquels|lesquelles)\b|\b(?:ce|cet|cette|ces) (?:dispositif|aide|fonds|appel|programme|texte|"
    r"article|"
    r"loi|convention|document|guide|réseau|organisme|service|cas|montant|étape|méthode|outil|tableau|formation|stage|"
    r"contraintes?|avantages?|partenaires?|démarche)\b|\b(?:son|sa|ses|leur|leurs) |\b[ldj]['’]y\b|"
    r"\by a-t-il d['’]autres"
    r"|\by (?:ont|a|avons|avez|sont|peu[tvx]\w*|participe\w*)\b(?!-t-il)"
    r"|\b(?:le|la|les) \w+(?:er|ir|re)\b"
    r"|\ben (?:fait|font|sont|est) |\bc['’]est\b|\bd['’]autres?\b",
    re.IGNORECASE,
)
_COMPLEMENT = re.compile(r"(?:pour|avec|dans|chez|en|à|au|aux|sur|sans|par|si|de|du|des|d['’]) ?", re.IGNORECASE)
_QUESTION_WORDS = re.compile(
    r"^(?:qu['’]est[- ]ce qu(?:e |['’])(?:c['’]est que )?|est[- ]ce qu(?:e |['’])|c['’]est quoi |quel(?:le)?s? (?:est|"
    r"sont|a été|ont été) "
    r"|quel(?:le)?s? |comment |combien (?:de |d['’])?|pourquoi |quand |où |qui |que |à quoi |de quoi |à qui |"
    r"parlez-moi de |"
    r"donnez-moi |citez(?:-moi)? |peut-on |faut-il |doit-on )+",
    re.IGNORECASE,
)
_SAME_KIND: tuple[frozenset[str], ...] = tuple(
    frozenset(group.split("|"))
    for group in (
        "commune|ville|mairie|département|région|epci|intercommunalité|communauté de communes|"
        "communauté d'agglomération|"
        "métropole|syndicat mixte|syndicat|association|entreprise|agglomération",
        "montant|taux|durée|délai|plafond|date|calendrier|budget|coût|tarif|prix|contact|adresse|téléphone|courriel|"
        "site",
        "avantages|contraintes|inconvénients|atouts|faiblesses|forces|limites|opportunités|menaces|risques",
        "vision|mission|valeurs|objectif général|objectifs spécifiques",
        "eau|déchets|énergie|mobilité|transports|assainissement",
        "cabinet|direction générale des services|dgs|directions opérationnelles|directions fonctionnelles|élus",
        "unité|valeur cible|valeur de référence|périodicité|sources",
    )
)
_AGREEMENT = {"la": "Quelle est", "le": "Quel est", "les": "Quels sont"}
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
_ACRONYM = re.compile(r"\b[A-ZÀ-Ý][\w-]*[A-ZÀ-Ý]\b")


def resolve(question: str, history: Sequence[Answer]) -> str:
    """`question` made complete with the turn before it, or as it is when it stands on its own."""
    on_topic = (turn for turn in reversed(history) if turn.behaviour in ("answer", "abstain"))
    previous = next((turn.resolved_question for turn in on_topic), "")
    if not previous or not leans_on_previous(question):
        return question
    rest = _OPENING.sub("", question).strip()
    if not terms(rest, keep_stop_words=True):
        return previous
    replaced = _put_in_place(rest, previous)
    if replaced:
        return replaced
    if _has_own_subject(rest):
        return rest[:1].upper() + rest[1:]
    topic = _topic(previous, rest)
    aspect = (rest[:1].upper() + rest[1:]).rstrip(_END)
    return f"{aspect}{TOPIC_MARK}{topic} ?"


def leans_on_previous(question: str) -> bool:
    """True for a question that says too little on its own: it opens with « et », refers back, or is a few words."""
    if _OPENING.match(question):
        return True
    own = terms(question)
    if _ANAPHORA.search(question) and len(own) <= SHORT_TERMS + 2:
        return True
    named = _ACRONYM.search(question) or re.search(r"\s[A-ZÀ-Ý]\w+", question)
    return len(own) <= 1 and not named


def aspect_of(resolved: str) -> str:
    """The part of a resolved question that asks, without the topic carried over from the turn before."""
    return resolved.split(TOPIC_MARK, 1)[0]


def _has_own_subject(rest: str) -> bool:
    """True for « et l'AIMF, créée quand ? »: a name of its own and more, or enough words to stand alone."""
    if _ANAPHORA.search(rest) or _COMPLEMENT.match(rest):
        return False
    own = terms(rest)
    return len(own) >= SHORT_TERMS or (bool(_ACRONYM.search(rest)) and len(own) > 1)


def _put_in_place(rest: str, previous: str) -> str | None:
    """`previous` with the case that `rest` names instead of its own, or None when they share no kind of case."""
    folded_rest = fold(rest)
    years, before = _YEAR.findall(rest), _YEAR.findall(previous)
    if len(years) == 1 and before and len(terms(rest)) <= 2:
        return previous.replace(before[-1], years[0])
    acronym, acronym_before = _ACRONYM.findall(rest), _ACRONYM.findall(previous)
    if len(acronym) == 1 and acronym_before and len(terms(rest)) == 1:
        return previous.replace(acronym_before[-1], acronym[0])
    if len(terms(rest)) > 4:
        return None
    for group in _SAME_KIND:
        new = _mentioned(group, folded_rest)
        old = _mentioned(group, fold(previous))
        if new and old and new != old:
            return _swap(previous, old, _with_article(new, rest))
    return None


def _mentioned(group: frozenset[str], folded: str) -> str | None:
    """The longest name of `group` written in `folded`, or None."""
    found = [name for name in group if re.search(rf"\b{re.escape(fold(name).rstrip('s'))}s?\b", folded)]
    return max(found, key=len) if found else None


def _with_article(name: str, rest: str) -> str:
    """`name` with the article it has in `rest` (« la durée »), or bare when it has none."""
    found = re.search(rf"\b(une? |la |le |les |l['’]){re.escape(fold(name))}", fold(rest))
    return f"{found.group(1)}{name}" if found else name


def _swap(text: str, old: str, new: str) -> str:
    """`text` with `old` and its article replaced by `new`; « Quel est » agrees with the new article."""
    folded = fold(text)
    if len(folded) != len(text):
        return f"{new}{TOPIC_MARK}{text}"
    match = re.search(
        rf"(?:\b(?:une?|la|les?|des|du|au|aux|nos|notre) |\bl['’])?\b{re.escape(fold(old).rstrip('s'))}s?\b", folded
    )
    if match is None:
        return f"{new}{TOPIC_MARK}{text}"
    before = text[: match.start()]
    agreed = _AGREEMENT.get(new.split(" ")[0])
    if agreed:
        before = re.sub(r"^Quel(?:le)?s? (?:est|sont) $", f"{agreed} ", before)
    swapped = f"{before}{new}{text[match.end() :]}"
    return swapped[:1].upper() + swapped[1:]


def _topic(previous: str, rest: str) -> str:
    """What `previous` is about: its words without those that ask, nor the aspect that `rest` replaces."""
    topic = previous.split(TOPIC_MARK, 1)[1] if TOPIC_MARK in previous else previous
    topic = _QUESTION_WORDS.sub("", topic.strip()).strip(_END)
    return topic or previous.strip(_END)
