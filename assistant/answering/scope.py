"""The gate: what the assistant answers at all, and what it says to what it does not."""

from __future__ import annotations

import re
from typing import Literal

from knowledge.index.lexical import fold

Verdict = Literal["in_scope", "manipulation", "insult", "small_talk"]

_ORDER = r"(?:^|[.!?:;,»] ?|\b(?:et|puis|alors|maintenant|donc|plait),? )"
"""Where an order begins: « Ignore la règle », not « la commune qui ignore la règle »."""

_MANIPULATION = re.compile(
    r"(ignor|oubli|neglig|contourn|desactiv|passe[rz]? outre|disregard|forget|bypass)\w* .{0,40}"
    r"(\b(tes|vos|ton|ta|votre|your)\b.{0,20}(instruction|consigne|regle|filtre|limite|securite)|"
    r"precedente?s?\b|prompt|rules|previous|guard)"
    rf"|{_ORDER}(ignore|oublie|neglige|contourne|desactive|passe outre)z? .{{0,40}}"
    r"(instruction|consigne|regle|filtre|limite|securite)"
    r"|(montre|affiche|revele|repete|donne|recopie|ecris|imprime|traduis|resume|show|reveal|print|repeat)\w*.{0,40}"
    r"(prompt|instructions? (initiales?|systeme|cachees?|secretes?|internes?)|consignes? (initiales?|systeme|cachees?|"
    r"secretes?|internes?)|message systeme|configuration interne|system message|cle (api|secrete)|mot de passe|api key)"
    r"|prompt (systeme|system|initial)|system prompt|\bjailbreak|\bdan mode|mode (developpeur|debug|admin|dieu|"
    r"sans filtre|libre)"
    r"|(fais comme si|fais semblant|pretend|imagine que) .{0,30}(tu|vous|you) "
    r"|(tu es|vous etes|you are) (desormais|maintenant|a present|now) "
    r"|(desormais|maintenant|a present),? tu (es|reponds)"
    rf"|{_ORDER}(joue|jouez|jouons|endosse|prends) (le|un|a un) (role|jeu)|role ?play|act as "
    r"|(fais|faites) (semblant|comme si)|fais[- ]toi passer|tu n'es plus|vous n'etes plus|reponds toujours|"
    r"ne cite plus"
    r"|nouvelles? (regles?|consignes?|instructions?) ?: ?(tu|vous|ne|n'|reponds|dis|cite|ignore|oublie)\b"
    r"|^system ?:|</?(documents?|passages?|system|instructions?)>"
    r"|(raconte|dis|ecris)(-moi|-nous)? (une|la) (blague|vanne)"
    r"|\b(raconte|dis|ecris|redige|fais|donne|invente|compose|produis|genere)(z|ez)?\b.{0,60}"
    r"(raciste|sexiste|homophobe|antisemite)"
    r"|sans (jamais )?citer (de |tes |vos )?source|(\bia\b|assistant|reponds|agis|parle)\b.{0,40} sans aucune "
    r"(source|restriction|regle|limite)"
    r"|reponds? (seulement|uniquement|juste)? ?(par|que par) (oui|non|ok)\b.{0,40}(sans|meme|quoi)"
    rf"|({_ORDER}(invente|fabrique|forge|imite)z?\b|\b(falsifier|(peux[- ]tu|pouvez[- ]vous|comment|moi) (a |m'en )?"
    r"(inventer|fabriquer|imiter)))(-moi|-nous)? .{0,40}"
    r"(chiffre|source|citation|article|reponse|statistique|deliberation|signature|decret|subvention|faux|fausse)"
    r"|(donne|dis|redige|ecris|fais)\w*.{0,30}\b(faux|fausse|fictif|fictive)\b"
    r"|\b(drop table|union select|javascript:|rm -rf|select \* from)|<script|\{\{|\$\{"
    r"|\b(comment|peux[- ]tu|pouvez[- ]vous|(je|on) (veux|veut|voudrais|souhaite)|(moyen|facon) de|moi a) "
    r"(pirater|hacker|detourner|blanchir|corrompre|soudoyer|contourner (la loi|le controle|le prefet))\b"
    rf"|{_ORDER}(pirate|hacke|detourne|corromps|soudoie|contourne) (le|la|les|l'|ce|cette|un|une|mon|notre)\b"
)
_AT_THE_MACHINE = re.compile(
    r"\b(tes|vos|ton|ta|votre) (propres? )?(instructions?|consignes?|prompt|configuration|parametres?|programmation|"
    r"code source|filtres?|garde-fous?|directives|donnees d'entrainement)\b"
    rf"|{_ORDER}(donne|affiche|montre|envoie|revele|liste)\w*.{{0,40}}"
    r"(mots? de passe|identifiants? de connexion|cles? (api|ssh))"
    r"|\bmots? de passe (du|de la|des|de l')(?: )?(serveur|base|site|administrat)"
    rf"|{_ORDER}repetez? (apres moi|cette phrase|le texte|mot pour mot)"
    r"|mot pour mot.{0,30}(consigne|instruction|ci-dessus)"
    r"|(a partir de maintenant|dorenavant),? (tu|vous|reponds|repondez)\b"
    rf"|{_ORDER}(confirme|certifie|atteste|declare|valide)z?\b.{{0,80}}(est|sont|soit) (bien )?"
    r"(accorde|legal|conforme|valide|eligible|approuve)"
    rf"|{_ORDER}(simule|incarne)z?\b|agis(sez)? (comme|en tant que)|comporte[- ]toi comme"
)
"""Orders given to the machine itself: to show or change what governs it, to play someone, to certify."""
_INSULT = re.compile(
    r"\b(connard|connasse|salope?|salaud|encul\w*|put(e|ain)|ordure(?! menag)|debile|cretin|abruti|idiot|imbecile|"
    r"stupide|nique\w*|merde|ta gueule|va te faire|tu (sers a rien|es nul|es naze|crains)|"
    r"vous etes (nuls?|des voleurs|incompetents?)|fuck\w*|bitch|asshole|shut up|stupid|pauvre (type|con)|"
    r"gros con|sale con)\b"
)
_SMALL_TALK = re.compile(
    r"^(bonjour|bonsoir|salut|coucou|hello|hi|merci( beaucoup| bien)?|au revoir|bonne journee|ok|d'accord|super|"
    r"ca va|comment (ca va|vas[- ]tu|allez[- ]vous)|qui (es[- ]tu|etes[- ]vous)|tu es qui|(es[- ]tu|"
    r"etes[- ]vous) .{0,30}"
    r"|(quel est|c'est quoi) (ton|votre) nom|test)[\s!.?,]*$"
)


def judge(question: str) -> Verdict:
    """What kind of message this is, by its words alone; off-topic questions are told by the search."""
    folded = fold(question).strip()
    if _MANIPULATION.search(folded) or _AT_THE_MACHINE.search(folded):
        return "manipulation"
    if _INSULT.search(folded):
        return "insult"
    if _SMALL_TALK.match(folded):
        return "small_talk"
    return "in_scope"
