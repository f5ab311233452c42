"""What a question asks for, read from its words: its shape, and the facts an answer must not swap for others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from wordfreq import zipf_frequency

from knowledge.index.lexical import fold, terms

Shape = Literal["definition", "contact", "figure", "date", "comparison", "list", "procedure", "yes_no", "open"]

_SHAPES: tuple[tuple[Shape, str], ...] = (
    (
        "definition",
        r"qu'est[- ]ce qu|c'est quoi|\bc quoi\b|keskc|kesako|defini|que (signifie|veut dire|designe)|sens (de|du) |"
        r"qu'entend|qu'appelle|signification|what is|what are|que es|was ist|^(un|une|le|la|les|l')? ?[\w' -]{2,40} \?*$",
    ),
    (
        "contact",
        r"\bcontact|coordonnees|telephone|\btel\b|\bmail\b|e-mail|courriel|joindre|(?<!s')\badresses?\b|a qui (s'adresser|ecrire)\b|"
        r"qui (contacter|appeler)|numero|site (web|internet)|\bou (se (trouve|situe)|est situe|sont situe)",
    ),
    (
        "figure",
        r"\bcombien|montant|\btaux\b|pourcentage|\bprix\b|tarif|\bcout|couter|coute\b|plafond|seuil|\bduree|"
        r"delai|quelle (somme|part|proportion)|quel budget|chiffre|\bnombre de|how (much|many|long)|cuant|wie viel",
    ),
    (
        "date",
        r"^(et )?(depuis |jusqu'a |a partir de |c'est )?quand (?!on |nous |il |elle |le |la |les |un |une |meme)|"
        r"\b(depuis|jusqu'a|a partir de|de|c'est) quand\b(?! meme)|\bquand (est|a|ont|sont|se|ce|faut|doit|peut|va)\b|quelle date|quelle annee|quel jour|depuis (quand|combien)|jusqu'a quand|a partir de quand|"
        r"date (limite|de)|\bwhen\b|\bcuando\b|\bwann\b",
    ),
    ("comparison", r"difference|distingu|compar|\bversus\b|\bvs\b|plutot que|par rapport a|avantages? et|\bou bien\b"),
    (
        "list",
        r"\bquels\b|\bquelles\b|\bcitez|\bcite[rz]?\b|\bliste|enumer|lesquel|\bdonne[rz]? des|qui sont|exemples? de|"
        r"de quoi se compose|avantages|inconvenients|contraintes|atouts|criteres|etapes|missions|principes",
    ),
    (
        "procedure",
        r"^comment\b|\bcomment (faire|proceder|on|faut|mettre)|demarche|procedure|par quoi commencer|\bhow to",
    ),
    (
        "yes_no",
        r"^(est[- ]ce|peut|peuvent|faut|doit|doivent|dois|puis|a[- ]t|y a|existe|sommes|est[- ]il|est[- ]elle|avons|"
        r"can |does |is |must )|\b(peut|peuvent|doit|doivent|faut|est|sont|a)-(t-)?(on|il|elle|elles|ils|nous)\b|"
        r"obligatoire|a[- ]t[- ]on le droit|est possible|c'est possible|on peut",
    ),
)
_COMPILED = tuple((shape, re.compile(pattern)) for shape, pattern in _SHAPES)
_YEAR = re.compile(r"\b(?:1[89]|20)\d{2}\b")
_PERCENT = re.compile(r"\b(\d+(?:[.,]\d+)?)\s?(?:%|pour ?cent)", re.IGNORECASE)
_NAME = re.compile(r"(?<![\w’'-])[A-ZÀ-ÖØ-Þ][\w]*(?:[-’'][A-ZÀ-ÖØ-Þ]?[\w]+)*")


EVERYDAY_ZIPF = 5.3
"""In a question typed without capitals, words this frequent in French (wordfreq's scale, 0 to 8) are no names."""

_CAPITALISED_NOUNS = frozenset(
    """
    état états union région régions département départements ville villes conseil conseils ministère commune
    communes maire maires préfet préfecture mairie métropole métropoles agglomération intercommunalité
    collectivité collectivités élu élus loi lois code article articles nord sud est ouest monsieur madame
    bonjour merci guide stratégie action internationale coopération décentralisée république agence fonds
    """.split()
)
"""Common nouns that administrative French likes to capitalise: they name nothing by themselves."""

_FRENCH_WORDS = frozenset(
    """
    le la les un une des du de d l et est ce que qui quel quelle quels quelles pour dans sur avec par au
    aux en ne pas peut faut comment combien quand où pourquoi notre nos votre vos nous vous je il elle
    on à a son sa ses être
    """.split()
)
_FOREIGN_WORDS = (
    frozenset(
        """
    the of and is are what how which does do can who when where many much for to in with under your our
    this that should el los las es son cuál cuáles qué cómo cuánto cuánta cuántos cuántas para con del
    por una puede quién der die das ist sind was wie viele viel welche welcher hat haben und für mit von
    ein eine einer zur kann wer il lo gli che cosa come quanto quali sono della delle per può chi o os
    as quais como uma são qual
    """.split()
    )
    - _FRENCH_WORDS
)


ANSWER_TYPES: tuple[tuple[str, str, str], ...] = (
    ("phone", r"telephone|\btel\b|numero (de|d'|ou)|\bappeler\b|\bphone", r"(?:\d{2}[ .]?){4}\d{2}"),
    ("mail", r"\bmails?\b|e-?mail|courriel|adresse electronique", r"@"),
    (
        "address",
        r"adresse postale|quelle (est l'|)adresse (?!mail|electr|internet|web)|\bou (se trouve|est situe|sont situe|se situe)|"
        r"code postal|quel(le)? (rue|etage)|dans quelle rue",
        r"\b\d{5}\b|\b(?:rue|boulevard|avenue|place|quai|cours)\b|étage",
    ),
    ("hour", r"quelles? heures?|horaires?", r"\b\d{1,2} ?(?:h|heures)\b"),
    (
        "price",
        r"\bprix\b|\btarif|combien .{0,20}cout|\bcout(e|ent|er)?\b.{0,30}combien|quel(le)? .{0,25}(cotisation|budget|cout|somme)|"
        r"\bcotisation",
        r"\d ?(?:k|m)?€|\d ?[\w ]{0,12}euros?|gratuit",
    ),
    ("amount", r"\bmontants?\b|quelle somme", r"\d\s?(?:k|m)?€|\d[\s\d]*(?:euros?|millions?|milliards?)"),
    ("ceiling", r"\bplafond|\bplancher|\bseuil", r"\d\s?(?:(?:k|m)?€|%)|\d[\s\d]*(?:euros?|millions?|milliards?)"),
    ("rate", r"\btaux\b|pourcentage|quelle (part|proportion)", r"\d\s?%|pour ?cent|\d+ ?[-–à] ?\d+ ?%|\b\d+, voire"),
    (
        "date",
        r"quelles? dates?|\bquand (est|a|ont|sont|se|ce|faut|doit|peut|va)\b|^quand\b|date (limite|de cloture)|jusqu'a quand",
        r"\b(?:1[89]|20)\d{2}\b|\d{1,2}/\d{1,2}|\b(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|"
        r"décembre)\b|calendrier|avant|après|dès|lors|mandat|chaque année|mois",
    ),
    ("year", r"quelle annee|depuis quand|depuis quelle", r"\b(?:1[89]|20)\d{2}\b"),
    (
        "number",
        r"\bcombien (de|d'|y a|sont|en)\b|quel(le)? (est le )?nombre|how many|wie viele|cuant[oa]s",
        r"\d|\b(?:deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quinze|seize|vingt|trente|une seule|un seul|"
        r"aucune?|dizaine|douzaine|vingtaine|plusieurs|moitié|tiers|an|mois)\b",
    ),
)
"""Answer type -> what asks for it in a folded question -> what a text must hold to give it."""
_ASKED = re.compile(
    r"\b(?:quels?|quelles?|combien de|combien d'|nombre de|nombre d') ?(?:est |sont |a ete |etait )?(?:le |la |les |l'|un |une )?"
    r"(?:nombre de |nombre d'|types? de |sortes? de )?([a-z]+)"
)
_WHO_DOES = re.compile(r"^qui (?:a |va |doit )?(presid\w+|dirig\w+|fond\w+|invent\w+|gagn\w+|remport\w+|command\w+)")
_GENERIC = re.compile(
    r"temps|pays|villes?|communes?|organismes?|organisations?|structures?|institutions?|acteurs?|personnes?|moments?|frequence|"
    r"periodicite|rythme|pourcentage|proportion|part|differences?|cas|aides?|niveau|taille|lois?|textes?|articles?|choses?|monde|argent|"
    r"types?|manieres?|facons?|moyens?|dispositifs?|programmes?|solutions?|roles?|buts?|raisons?|conditions?|elements?|points?|"
    r"exemples?|informations?|questions?|choix|options?|outils?|documents?|dates?|delais?|durees?|montants?|taux|tarifs?|prix|"
    r"couts?|budgets?|sommes?|annees?|mois|jours|semaines|plafonds?|seuils?|limites?|noms?|adresses?|site|numero|contacts?|"
    r"coordonnees|domaines?|themes?|sujets?|lieux?|endroits?|service|direction|formules?|precautions?|consequences?|effets?|"
    r"interets?|avantages?|inconvenients?|contraintes?|atouts?|risques?|etapes?|criteres?|regles?|obligations?|mentions?|pieces?|"
    r"publics?|metiers?|suites?|demarches?|financements?|financeurs?|subventions?|bailleurs?|sources?|que|qu|ce|qui|est|sont"
)
"""Nouns that a good answer need not repeat: it names the thing itself, or holds the figure they stand for."""
_LONG_NAME = re.compile(
    r"(?<![.?!] )(?<!^)[A-ZÀ-ÖØ-Þ][^\W\d_]+(?:(?: (?:de |du |des |d['’]|la |l['’])?|-)[A-ZÀ-ÖØ-Þ][^\W\d_]+)+"
)
_ANSWER_TYPES = tuple((name, re.compile(asks), re.compile(gives, re.IGNORECASE)) for name, asks, gives in ANSWER_TYPES)


@dataclass(frozen=True)
class QuestionShape:
    """`shape` is the kind of answer expected; `years`, `percentages` are those written in the question.

    `capitalised` are the terms it writes with a capital inside the sentence, `everyday` those that are common
    nouns all the same; `uses_capitals` tells whether capitals mean anything in it; `french` is false in another language.
    `asked` are the terms of the noun asked for (« quelle couleur »), none when any answer names another thing
    (« quel organisme »); `names` are its names of several words, folded (« territoires volontaires »).
    """

    shape: Shape
    years: tuple[str, ...] = ()
    percentages: tuple[str, ...] = ()
    capitalised: frozenset[str] = frozenset()
    everyday: frozenset[str] = frozenset()
    uses_capitals: bool = True
    french: bool = True
    answer_types: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def is_given_by(self, text: str) -> bool:
        """True when `text` holds something of each type that the question asks for (a telephone number, a rate…)."""
        return all(gives.search(text) for name, _, gives in _ANSWER_TYPES if name in self.answer_types)


def analyse(question: str) -> QuestionShape:
    """The shape of `question`, by its first matching turn of phrase; "open" when none matches."""
    folded = fold(question).strip()
    capitals = question != question.lower()
    words = re.findall(r"[^\W\d_]+", question)
    first = words[0] if words else ""
    inside = [name for name in _NAME.findall(question) if name != first or (name.isupper() and len(name) > 1)]
    return QuestionShape(
        shape=next((name for name, pattern in _COMPILED if pattern.search(folded)), "open"),
        years=tuple(dict.fromkeys(_YEAR.findall(question))),
        percentages=tuple(_PERCENT.findall(question)),
        capitalised=frozenset(term for name in inside for term in terms(name)),
        everyday=frozenset(term for word in words if _is_everyday(word.lower(), capitals) for term in terms(word)),
        uses_capitals=capitals,
        french=is_french([word.lower() for word in words]),
        asked=asked_noun(question),
        names=tuple(fold(name) for name in _LONG_NAME.findall(question)),
        answer_types=tuple(name for name, asks, _ in _ANSWER_TYPES if asks.search(folded)),
    )


def _is_everyday(word: str, capitals: bool) -> bool:
    return word in _CAPITALISED_NOUNS or (not capitals and zipf_frequency(word, "fr") >= EVERYDAY_ZIPF)


def asked_noun(question: str) -> tuple[str, ...]:
    """The terms of the noun after « quel » or « combien de », or of the verb after « qui », unless it is generic."""
    folded = fold(question).strip()
    found = _ASKED.search(folded) or _WHO_DOES.search(folded)
    if found is None or _GENERIC.fullmatch(found.group(1)):
        return ()
    # The word as typed: its stem depends on its accents.
    typed = next((w for w in re.findall(r"[^\W\d_]+", question) if fold(w) == found.group(1)), found.group(1))
    return tuple(terms(typed))


def is_french(words: Sequence[str]) -> bool:
    """False when the small words of another European language outnumber those of French."""
    return sum(word in _FOREIGN_WORDS for word in words) <= sum(word in _FRENCH_WORDS for word in words)
