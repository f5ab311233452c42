"""The gate: what the assistant answers at all, and what it says to what it does not."""

from __future__ import annotations

import re
from typing import Literal

from knowledge.index.lexical import fold

Verdict = Literal["in_scope", "manipulation", "insult", "small_talk"]

_MANIPULATION = re.compile(
    r"(ignore|oublie|neglige|contourne|desactive|passe outre|disregard|forget|bypass)\w* .{0,40}"
    r"(instruction|consigne|regle|filtre|limite|precedent|prompt|rules|previous|guard|securite)"
    r"|(montre|affiche|revele|repete|donne|recopie|ecris|imprime|traduis|resume|show|reveal|print|repeat)\w*.{0,40}"
    r"(prompt|instructions? (initiales?|systeme|cachees?|secretes?|internes?)|consignes? (initiales?|systeme|cachees?|"
    r"secretes?|internes?)|message systeme|configuration interne|system message|cle (api|secrete)|mot de passe|api key)"
    r"|prompt (systeme|system|initial)|system prompt|\bjailbreak|\bdan mode|mode (developpeur|debug|admin|dieu|"
    r"sans filtre|libre)"
    r"|(fais comme si|fais semblant|pretend|imagine que) .{0,30}(tu|vous|you) "
    r"|(tu es|vous etes|you are) (desormais|maintenant|a present|now) "
    r"|(joue|jouez|jouons|endosse|prends) (le|un|a un) (role|jeu)|role ?play|act as "
    r"|(fais|faites|fait) (semblant|comme si)|fais[- ]toi passer|tu n'es plus|vous n'etes plus|reponds? toujours|"
    r"ne cite plus"
    r"|nouvelles? (regles?|consignes?|instructions?) ?:|</?(documents?|passages?|system|instructions?)>"
    r"|(raconte|dis|ecris)(-moi|-nous)? (une|la) (blague|vanne)|raciste|sexiste|homophobe|antisemite"
    r"|sans (citer|aucune) (de |tes |vos )?(source|restriction|regle|limite)"
    r"|reponds? (seulement|uniquement|juste)? ?(par|que par) (oui|non|ok)\b.{0,40}(sans|meme|quoi)"
    r"|(invente|invent(e|er|ez)|fabrique|forge|falsifi|imite)\w* .{0,40}(chiffre|source|citation|article|reponse|"
    r"statistique|"
    r"deliberation|signature|decret|convention|subvention|faux)"
    r"|(donne|dis|redige|ecris|fais)\w*.{0,30}\b(faux|fausse|fictif|fictive)\b"
    r"|\b(drop table|union select|<script|\{\{|\$\{|javascript:|rm -rf|select \* from)"
    r"|(pirate|hacke|detourne|blanchi|corromp|soudoy|contourner (la loi|le controle|le prefet))\w*"
)
_INSULT = re.compile(
    r"\b(connard|connasse|salope?|salaud|encul\w*|put(e|ain)|ordure|debile|cretin|abruti|idiot|imbecile|stupide|"
    r"nique\w*|"
    r"merde|ta gueule|va te faire|tu (sers a rien|es nul|es naze|crains)|vous etes (nuls?|des voleurs|incompetents?)|"
    r"fuck\w*|bitch|asshole|shut up|stupid|pauvre (type|con)|gros con|sale con)\b"
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
    if _MANIPULATION.search(folded):
        return "manipulation"
    if _INSULT.search(folded):
        return "insult"
    if _SMALL_TALK.match(folded):
        return "small_talk"
    return "in_scope"
