"""The turns of phrase by which a question shows what it asks for, and by which a text shows that it gives it.

Patterns of questions are matched on folded text (lower case, no accents); those of texts on the text itself.
"""

from __future__ import annotations

import re
from typing import Literal

Shape = Literal["definition", "contact", "figure", "date", "comparison", "list", "procedure", "yes_no", "open"]

SHAPES: tuple[tuple[Shape, str], ...] = (
    (
        "definition",
        r"qu'est[- ]ce qu|c'est quoi|\bc quoi\b|keskc|kesako|defini|que (signifie|veut dire|designe)|sens (de|du) |"
        r"qu'entend|qu'appelle|signification|what is|what are|que es|was ist",
    ),
    (
        "contact",
        r"\bcontact|coordonnees|telephone|\btel\b|\bmail\b|e-mail|courriel|joindre|(?<!s')\badresses?\b|"
        r"a qui (s'adresser|ecrire)\b|"
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
        r"\b(depuis|jusqu'a|a partir de|de|c'est) quand\b(?! meme)|\bquand (est|a|ont|sont|se|ce|faut|doit|peut|"
        r"va)\b|quelle date|quelle annee|quel jour|depuis (quand|combien)|jusqu'a quand|a partir de quand|"
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
    # « La FICOL ? », « coopération décentralisée »: a name alone, when nothing else is asked.
    ("definition", r"^(?!pourquoi )(un|une|le|la|les|l')? ?[\w'-]+( [\w'-]+)? ?\?*$"),
)
SHAPES_BY_PATTERN = tuple((shape, re.compile(pattern)) for shape, pattern in SHAPES)
YEAR = re.compile(r"\b(?:1[89]|20)\d{2}\b")
PERCENT = re.compile(r"\b(\d+(?:[.,]\d+)?)\s?(?:%|pour ?cent)", re.IGNORECASE)
NAME = re.compile(r"(?<![\w’'-])[A-ZÀ-ÖØ-Þ][\w]*(?:[-’'][A-ZÀ-ÖØ-Þ]?[\w]+)*")

VERB_AT_THE_HEAD = re.compile(r"^\w[’'](?=[a-zà-ÿ])|-(?:t-)?(?:je|tu|ils?|elles?|on|nous|vous|moi|ce)\b")
"""What sticks to the verb that opens a question (« Existe-t-il », « Parlez-moi », « S’adresse… »): it is no name."""

EVERYDAY_ZIPF = 5.3
"""In a question typed without capitals, words this frequent in French (wordfreq's scale, 0 to 8) are no names."""

CAPITALISED_NOUNS = frozenset(
    """
    état états union région régions département départements ville villes conseil conseils ministère commune
    communes maire maires préfet préfecture mairie métropole métropoles agglomération intercommunalité
    collectivité collectivités élu élus loi lois code article articles nord sud est ouest monsieur madame
    bonjour merci guide stratégie action internationale coopération décentralisée république agence fonds
    french english german european spanish italian african foreign
    """.split()
)
"""Common nouns that administrative French likes to capitalise: they name nothing by themselves."""

FRENCH_WORDS = frozenset(
    """
    le la les un une des du de d l et est ce que qui quel quelle quels quelles pour dans sur avec par au
    aux en ne pas peut faut comment combien quand où pourquoi notre nos votre vos nous vous je il elle
    on à a son sa ses être
    """.split()
)
FOREIGN_WORDS = (
    frozenset(
        """
    the of and is are what how which does do can who when where many much for to in with under your our
    this that should el los las es son cuál cuáles qué cómo cuánto cuánta cuántos cuántas para con del
    por una puede quién der die das ist sind was wie viele viel welche welcher hat haben und für mit von
    ein eine einer zur kann wer il lo gli che cosa come quanto quali sono della delle per può chi o os
    as quais como uma são qual
    """.split()
    )
    - FRENCH_WORDS
)


ANSWER_TYPES: tuple[tuple[str, str, str], ...] = (
    ("phone", r"telephone|\btel\b|numero (de|d'|ou)|\bappeler\b|\bphone", r"(?:\d{2}[ .]?){4}\d{2}"),
    ("mail", r"\bmails?\b|e-?mail|courriel|adresse electronique", r"@"),
    (
        "address",
        r"adresse postale|quelle (est l'|)adresse (?!mail|electr|internet|web)|\bou (se trouve|est situe|sont situe|"
        r"se situe)|"
        r"code postal|quel(le)? (rue|etage)|dans quelle rue",
        r"\b\d{5}\b|\b(?:rue|boulevard|avenue|place|quai|cours)\b|étage",
    ),
    ("hour", r"quelles? heures?|horaires?", r"\b\d{1,2} ?(?:h|heures)\b"),
    (
        "price",
        r"how much|\bprix\b|\btarif|combien .{0,30}(cout|pay|depens|debours)|\bcout(e|ent|er)?\b.{0,30}combien|"
        r"a combien s'elev|quel(le)? (est |etait )?(la |le )?(cotisation|budget|cout|somme)|\bcotisation",
        r"\d\s?(?:k|m)?€|\d\s?[\w\s]{0,12}euros?|gratuit",
    ),
    ("amount", r"\bmontants?\b|quelle somme", r"\d\s?(?:k|m)?€|\d[\s\d]*(?:euros?|millions?|milliards?)"),
    ("ceiling", r"\bplafond|\bplancher|\bseuil", r"\d\s?(?:(?:k|m)?€|%)|\d[\s\d]*(?:euros?|millions?|milliards?)"),
    ("rate", r"\btaux\b|pourcentage|quelle (part|proportion)", r"\d\s?%|pour ?cent|\d+ ?[-–à] ?\d+ ?%|\b\d+, voire"),
    (
        "date",
        r"quelles? dates?|\bquand (est|a|ont|sont|se|ce|faut|doit|peut|va)\b|^quand\b|date (limite|de cloture)|"
        r"jusqu'a quand",
        r"\b(?:1[89]|20)\d{2}\b|\d{1,2}/\d{1,2}|\b(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|"
        r"octobre|novembre|"
        r"décembre)\b|calendrier|avant|après|dès|lors|mandat|chaque année|mois",
    ),
    ("year", r"quelle annee|depuis quand|depuis quelle", r"\b(?:1[89]|20)\d{2}\b"),
    (
        "number",
        r"\bcombien (de|d'|y a|sont|en)\b|quel(le)? (est le )?nombre|how many|wie viele|cuant[oa]s",
        r"\d|\b(?:deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quinze|seize|vingt|trente|"
        r"une seule|un seul|"
        r"aucune?|dizaine|douzaine|vingtaine|plusieurs|moitié|tiers|an|mois)\b",
    ),
)
"""Answer type -> what asks for it in a folded question -> what a text must hold to give it."""
ASKED = re.compile(
    r"(?:\bquel(?:le)?s? |\bcombien de |\bcombien d'|\bnombre de |\bnombre d'|s'appellent? |\bqui (?:est|sont) |"
    r"a combien s'elevent? |(?:existe|y a)-t-il |\bou (?:acheter|trouver) |donnez?[- ]moi )"
    r"(?:est |sont |a ete |etait )?(?:le |la |les |l'|un |une |des |du |de l')?"
    r"(?:noms? d[eu] |noms? de la |noms? des |nombre de |nombre d'|types? de |sortes? de )?(?:l'|la |le )?([a-z]+)"
)
WHO_DOES = re.compile(r"^qui (?:a |va |doit )?(presid\w+|dirig\w+|fond\w+|invent\w+|gagn\w+|remport\w+|command\w+)")
GENERIC = re.compile(
    r"bons?|bonnes?|grande?s?|principaux|principales?|differente?s?|meilleure?s?|nouve\w+|autres?|aussi|deja|encore|toujours|vraiment|possible|interlocuteurs?|referents?|responsables?|temps|pays|villes?|communes?|organismes?|organisations?|structures?|institutions?|acteurs?|personnes?|moments?|"
    r"frequence|"
    r"periodicite|rythme|pourcentage|proportion|part|differences?|cas|aides?|niveau|taille|lois?|textes?|articles?|"
    r"choses?|monde|argent|"
    r"types?|manieres?|facons?|moyens?|dispositifs?|programmes?|solutions?|roles?|buts?|raisons?|conditions?|"
    r"elements?|points?|"
    r"exemples?|informations?|questions?|choix|options?|outils?|documents?|dates?|delais?|durees?|montants?|taux|"
    r"tarifs?|prix|"
    r"couts?|budgets?|sommes?|annees?|mois|jours|semaines|plafonds?|seuils?|limites?|noms?|adresses?|site|numero|"
    r"contacts?|"
    r"coordonnees|telephones?|courriels?|mails?|horaires?|heures?|"
    r"domaines?|themes?|sujets?|lieux?|endroits?|service|direction|formules?|precautions?|consequences?|"
    r"effets?|"
    r"interets?|avantages?|inconvenients?|contraintes?|atouts?|risques?|etapes?|criteres?|regles?|obligations?|"
    r"mentions?|pieces?|"
    r"publics?|metiers?|suites?|demarches?|financements?|financeurs?|subventions?|bailleurs?|sources?|que|qu|ce|qui|"
    r"est|sont"
)
"""Nouns that a good answer need not repeat: it names the thing itself, or holds the figure they stand for."""
LONG_NAME = re.compile(
    r"(?<![.?!] )(?<!^)[A-ZÀ-ÖØ-Þ][^\W\d_]+(?:(?: (?:de |du |des |d['’]|la |l['’])?|-)[A-ZÀ-ÖØ-Þ][^\W\d_]+)+"
)
ANSWER_TYPES_BY_PATTERN = tuple(
    (name, re.compile(asks), re.compile(gives, re.IGNORECASE)) for name, asks, gives in ANSWER_TYPES
)
