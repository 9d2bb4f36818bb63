"""The mails by which a person learns what was done to their account, by them or by somebody in their place."""

from segurnum.comptes.models import Entreprise, Utilisateur
from segurnum.courriels.services import Envoi, envoyer
from segurnum.courriels.textes import rediger
from segurnum.regles.calendrier import instant_long, maintenant

# Fact -> what its mail is called, and what it says. The journal names the same facts.
FAITS = {
    "CHOISIR_MOT_DE_PASSE": (
        "mot de passe renouvelé",
        "Le mot de passe de votre compte vient d'être renouvelé par un lien envoyé à votre adresse.",
    ),
    "CHANGER_MOT_DE_PASSE": ("mot de passe changé", "Le mot de passe de votre compte vient d'être changé."),
    "ACTIVER_SECOND_FACTEUR": (
        "application d'authentification ajoutée",
        "Une application d'authentification vient d'être ajoutée à votre compte.",
    ),
    "RETIRER_APPLICATION": (
        "application d'authentification retirée",
        "L'application d'authentification de votre compte vient d'être retirée.",
    ),
    "RETIRER_SECOND_FACTEUR": (
        "second facteur retiré",
        "Tous les seconds facteurs de votre compte viennent d'être retirés.",
    ),
    "RENOUVELER_CODES_SECOURS": (
        "codes de secours renouvelés",
        "Les codes de secours de votre compte viennent d'être renouvelés.",
    ),
    "AJOUTER_CLE_ACCES": (
        "clé d'accès ajoutée",
        "La clé d'accès « {nom} » vient d'être ajoutée à votre compte.",
    ),
    "RETIRER_CLE_ACCES": (
        "clé d'accès retirée",
        "La clé d'accès « {nom} » vient d'être retirée de votre compte.",
    ),
    "LIER_IDENTITE": (
        "identité liée",
        "Votre compte s'ouvre désormais aussi par votre identité {nom}.",
    ),
    "DELIER_IDENTITE": ("identité déliée", "Votre compte ne s'ouvre plus par votre identité {nom}."),
    "CHANGER_ADRESSE": (
        "adresse électronique changée",
        "L'adresse électronique de votre compte vient d'être changée.",
    ),
    "NOUVEL_APPAREIL": (
        "connexion depuis un nouvel appareil",
        "Une connexion à votre compte vient d'avoir lieu depuis un appareil que le portail ne connaît pas : {nom}.",
    ),
}


def alerter(personne: Utilisateur, fait: str, *, nom: str = "", adresse: str = "") -> None:
    """Write to a person that something happened to their account (M51), in the caller's transaction.

    `nom`: what the fact is about. `adresse`: another than the account's, when it has just changed.
    """
    destinataire = adresse or personne.email
    if not destinataire:
        return
    objet, phrase = FAITS[fait]
    texte = rediger("M51", fait=objet, phrase=phrase.format(nom=nom), instant=instant_long(maintenant()))
    envoyer([Envoi(code="M51", texte=texte, destinataire=destinataire, sujet=personne.objet)])


def dire_le_role(personne: Utilisateur, entreprise: Entreprise, role: str) -> None:
    """Write to a person that what they may do for a company changed (M52). `role`: its label, empty for none."""
    if not personne.email:
        return
    texte = rediger("M52", entreprise=entreprise.denomination, siret=entreprise.siret, role=role)
    envoyer([Envoi(code="M52", texte=texte, destinataire=personne.email, sujet=personne.objet)])
