"""What became of a mail, in the words of the screens."""

import re

from segurnum.courriels.models import Courriel, EtatServeur
from segurnum.regles.calendrier import instant_fr

# By status of RFC 3463, the most precise first.
_RAISONS = (
    ("X.1.1", "cette adresse n'existe pas"),
    ("X.1.2", "le domaine de cette adresse n'existe pas"),
    ("X.1.10", "ce domaine ne reçoit pas de courriel"),
    ("X.1", "cette adresse n'est pas acceptée"),
    ("X.2.1", "cette boîte est fermée"),
    ("X.2.2", "cette boîte est pleine"),
    ("X.2", "cette boîte ne reçoit pas de courriel pour le moment"),
    ("X.3", "le serveur du destinataire ne peut pas recevoir ce courriel"),
    ("X.4", "le serveur du destinataire n'est pas joignable"),
    ("X.7", "le serveur du destinataire le refuse selon ses règles de sécurité"),
)
_STATUT = re.compile(r"\b[245](\.\d{1,3}\.\d{1,3})\b")
_CODE = re.compile(r" [45]\d\d\b")
MAL_FORMEE = "cette adresse ne peut pas s'écrire dans un courriel"
SANS_RAISON = "le serveur n'a pas donné de raison que le portail connaisse"
SERVEUR_MUET = "le serveur de courriel ne répond pas"


def situation(courriel: Courriel, serveur: EtatServeur | None = None) -> str:
    """Where a mail is, in one sentence without its full stop. `serveur`: looked at for a mail that waits."""
    if courriel.est_retenu:
        return f"Retenu par le portail le {instant_fr(courriel.retenu_le)}"  # type: ignore[arg-type]
    if courriel.revenu_le:
        return f"Revenu le {instant_fr(courriel.revenu_le)} : {raison(courriel)}"
    if courriel.refuse_le:
        return f"Refusé le {instant_fr(courriel.refuse_le)} : {raison(courriel)}"
    if courriel.envoye_le:
        retard = f", retardé : {raison(courriel)}" if courriel.derniere_erreur else ""
        return f"Parti le {instant_fr(courriel.envoye_le)}{retard}"
    if courriel.a_remettre_le is None:
        return "Classé sans être parti"
    depuis = f"En attente d'envoi depuis le {instant_fr(courriel.attendu_depuis or courriel.cree_le)}"
    if serveur is not None and serveur.panne_depuis:
        return f"{depuis} ({SERVEUR_MUET})"
    return f"{depuis}, remis à plus tard : {raison(courriel)}" if courriel.derniere_erreur else depuis


def constat(courriel: Courriel) -> str:
    """Why a mail that did not arrive did not, for a list that says the rest; the codes are for who looks after it."""
    if courriel.est_retenu:
        return courriel.derniere_erreur
    if not courriel.derniere_erreur:
        return "Pas encore remis au serveur"
    dite = raison(courriel)
    return f"{dite[0].upper()}{dite[1:]} ({courriel.derniere_erreur})"


def raison(courriel: Courriel) -> str:
    """Why, from the codes that were kept of an answer."""
    statut = _STATUT.search(courriel.derniere_erreur)
    if statut:
        lu = f"X{statut[1]}."
        return next((phrase for debut, phrase in _RAISONS if lu.startswith(f"{debut}.")), SANS_RAISON)
    if _CODE.search(courriel.derniere_erreur):
        return SANS_RAISON
    return MAL_FORMEE if courriel.refuse_le else SERVEUR_MUET
