"""The French sentence of each error, in one place for all the surfaces."""

from __future__ import annotations

from assistant.domain.errors import BoussoleError
from knowledge.errors import KnowledgeError

SENTENCES = {
    # Documents
    "missing": "« {shown} » n’existe pas.",
    "not_a_file": "« {shown} » n’est ni un fichier ni un dossier lisible.",
    "empty": "« {shown} » est vide.",
    "too_large": "« {shown} » dépasse la taille acceptée ({limit_mb} Mo).",
    "permission": "« {shown} » ne peut pas être lu : les droits d’accès manquent.",
    "encrypted_pdf": "« {shown} » est protégé par un mot de passe : enregistrez-le sans protection.",
    "image_only_pdf": (
        "« {shown} » ne contient que des images : installez tesseract (tesseract-ocr-fra) et l’option « ocr » "
        "pour le lire."
    ),
    "binary": "« {shown} » n’est pas un texte malgré son nom.",
    "corrupt": "« {shown} » est endommagé ou n’est pas du type annoncé.",
    "unsupported_type": "« {shown} » : ce type de document n’est pas pris en charge (PDF, DOCX, ODT, HTML, MD, TXT).",
    "no_text": "« {shown} » ne contient aucun texte lisible.",
    "unreachable": "« {url} » ne répond pas.",
    "http_error": "« {url} » a répondu par une erreur ({status}).",
    "private_address": "« {url} » désigne une adresse privée : elle n’est pas lue.",
    # Content
    "content_invalid": "Fiche invalide : {file}, ligne {line}, champ « {field} » : {problem}.",
    # Index
    "index_missing": "Aucun index dans « {data_dir} » : lancez « boussole index » ou « boussole serve ».",
    "index_busy": "Une autre indexation est en cours dans « {data_dir} » : attendez qu’elle se termine, puis relancez.",
    "index_engine": (
        "L’index a été fait par un autre moteur ({made_by}) : lancez « boussole index --rebuild » "
        "ou rétablissez le réglage."
    ),
    "index_damaged": "L’index de « {data_dir} » est illisible : lancez « boussole index --rebuild ».",
    "disk_full": (
        "Le disque de « {data_dir} » est plein : libérez de la place et relancez ; l’index précédent répond toujours."
    ),
    "data_dir_unusable": "Le dossier de données « {data_dir} » est inutilisable : {detail}.",
    "engine_missing": "Le moteur {engine} n’est pas installé : pip install 'boussole[{extra}]'.",
    "model_missing": "Le modèle « {model} » est introuvable : vérifiez le nom ou le dossier local.",
    # Questions
    "question_empty": "La question est vide.",
    "question_unreadable": "La question contient des caractères illisibles : écrivez-la en UTF-8.",
    "question_too_long": "La question dépasse {limit} caractères : raccourcissez-la.",
    "batch_line": "Ligne {line} : {problem}.",
    "batch_missing": "« {path} » n’existe pas ou ne peut pas être lu.",
    "conversation_unknown": "Cette conversation n’existe pas ou a été supprimée.",
    "turn_unknown": "Cette réponse n’existe pas ou a été supprimée.",
    "request_invalid": "La demande est incomplète ou mal formée (champ « {field} »).",
    "comment_too_long": "Le commentaire dépasse {limit} caractères : raccourcissez-le.",
    "feedback_invalid": "Un avis vaut 1 ou -1.",
    "route_unknown": "Cette adresse n’existe pas.",
    "method_not_allowed": "Cette adresse n’accepte pas cette méthode.",
    "index_empty": "Rien n’est indexé pour l’instant.",
    "internal_error": "Une erreur imprévue est survenue. Rien n’a été perdu ; réessayez.",
    "storage_url_invalid": "L’adresse de la base des conversations est invalide : {detail}.",
    # Settings and services
    "setting_unknown": "Le réglage {name} n’existe pas : voyez docs/reglages.md.",
    "setting_invalid": "Le réglage {name} est invalide : {problem}.",
    "storage_unavailable": "Les conversations ne peuvent pas être enregistrées pour l’instant : {detail}.",
    "port_busy": "Le port {port} est déjà pris sur {host} : choisissez-en un autre avec --port.",
}


def french(error: BoussoleError | KnowledgeError) -> str:
    """The sentence for `error`, its facts filled in; an unknown code is shown as it is rather than hidden."""
    facts = {"shown": error.facts.get("path") or error.facts.get("url") or "", **error.facts}
    sentence = SENTENCES.get(error.code)
    if sentence is None:
        return f"Erreur « {error.code} »."
    try:
        return sentence.format(**facts)
    except KeyError:
        return f"Erreur « {error.code} » : {facts}."
