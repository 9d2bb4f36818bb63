"""The mails of the portal, word for word. One class of values per mail, one text file each."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

OBJETS = {
    "M01": "Accusé de réception de votre demande d'enrôlement {numero}M0",
    "M02": "Acceptation de votre demande d'enrôlement {numero}",
    "M03": (
        "Acceptation de votre demande d'enrôlement « anticipé » dans le cadre du financement « numérique en santé » "
        "déposée le {depose_le} pour la solution référencée {numero_ans}."
    ),
    "M04": "Rejet de votre demande d'enrôlement {numero}",
    "M05": "Votre identifiant d'accès au portail",
    "M06": "Configurez votre mot de passe d'accès au portail",
    "M07": "Extension de votre habilitation sur le portail",
    "M08": "Des documents sont attendus pour votre demande d'enrôlement {numero}",
    "M09": "Votre demande de financement {numero} est à modifier",
    "M10": "Rappel : votre demande de financement {numero} est à modifier",
    "M11": "Une pièce complémentaire est attendue pour votre demande de financement {numero}",
    "M12": (
        "Acceptation de votre demande de financement dans le cadre du financement {couloir} {dossier} "
        "déposé le {depose_le} pour le SIRET {siret}."
    ),
    "M13": "Rejet de votre demande de financement {numero}",
    "M14": "Rappel de votre identifiant d'accès au portail",
    "M15": "Renouvellement de votre mot de passe",
    "M16": "Votre demande de modification des coordonnées personnes physiques du SIRET {siret}",
    "M17": "Acceptation de la modification des coordonnées personnes physiques du SIRET {siret}",
    "M18": "Refus de la modification des coordonnées personnes physiques du SIRET {siret}",
    "M19": "Confirmation attendue : nouvelles coordonnées bancaires du SIRET {siret}",
    "M20": "Acceptation des nouvelles coordonnées bancaires du SIRET {siret}",
    "M21": "Refus des nouvelles coordonnées bancaires du SIRET {siret}",
    "M22": "Les nouvelles coordonnées bancaires du SIRET {siret} sont actives",
    "M23": "Annulation du changement de coordonnées bancaires du SIRET {siret}",
    "M24": "Reprendre votre demande d'enrôlement",
    "M25": "Le contrôle des pièces {quoi} n'a pas abouti",
    "M26": "Menace trouvée dans un fichier que vous avez déposé : {nom}",
    "M30": "Votre message à l'assistance : {numero}",
    "M120": "Le service de gestion vous a écrit au sujet de votre demande de financement {demande}",
    "M31": "Réponse de l'assistance à votre message {numero}",
    "M40": "Acceptation de votre modèle de document {nom}",
    "M41": "Rejet de votre modèle de document {nom}",
    "M50": "Invitation à agir pour l'entreprise {entreprise}",
    "M51": "Sécurité de votre compte : {fait}",
    "M52": "Votre accès pour l'entreprise {entreprise}",
    "M60": "Votre accès d'agent au portail",
    "M93": "Vos demandes de l'import {depot} seront supprimées sans leurs pièces le {fin}",
    "M94": "Des demandes de votre import {depot} sont supprimées faute de pièces",
    "M95": "Des demandes de votre import {depot}, complètes, sont transmises",
    "M89": "Les nombres de boîtes aux lettres de votre demande de financement {numero} ont changé",
    "M108": "L'instruction de votre demande d'enrôlement {numero} reprend",
    "M109": "Suivre votre demande d'enrôlement {numero}",
    "M110": "Nouvelle adresse des courriels de la demande d'enrôlement {numero}",
    "M111": "Rappel : des documents sont attendus pour votre demande d'enrôlement {numero}",
    "M112": "Le référencement de votre solution {numero_ans} est validé : finalisez votre enrôlement {numero}",
    "M113": "Rappel : votre demande d'enrôlement commencée sera effacée le {expire_le}",
    "M118": "Votre export {nom} est prêt",
    "M119": "Votre export {nom} n'a pas pu être préparé",
    "M61": "Réponse attendue : un bénéficiaire de votre demande de financement {numero} figure dans une autre demande",
    "M62": "Rappel : votre réponse est attendue sur un bénéficiaire de votre demande de financement {numero}",
    "M63": "Issue de la procédure sur un bénéficiaire de votre demande de financement {numero}",
    "M64": "Fin de la procédure sur un bénéficiaire de votre demande de financement {numero}",
    "M80": "Titre de recette {numero} : une somme est à reverser",
    "M81": "Titre de recette {numero} : remboursement enregistré",
    "M82": "Rappel : titre de recette {numero} à régler",
    "M83": "Titre de recette {numero} : compensation",
    "M84": "Annulation du titre de recette {numero}",
    "M85": "Retour du virement de votre demande de financement {numero}",
    "M86": "Votre demande de solde {numero} est close sans versement",
    "M87": "Le grand livre contredit les comptes du portail",
    "M75": "Rappel : une pièce complémentaire est attendue pour votre demande de financement {numero}",
    "M76": "Votre demande de financement {numero} est instruite en l'état",
    "M77": "Aucune réponse n'est plus attendue de vous sur votre demande de financement {numero}",
    "M78": "Réponse attendue plus tôt pour votre demande de financement {numero}",
    "M79": "Compte bancaire payé pour votre demande de financement {numero}",
    "M65": "Accusé de réception de votre dépôt du {recu_le}, {couloir}",
    "M96": "Récépissé {numero} : {nature}",
    "M66": "Votre demande de financement {numero} est modifiée",
    "M67": "Fin du délai pour modifier votre demande de financement {numero}",
    "M68": "Annulation de votre demande de financement {numero}",
    "M69": "Paiement {titre} de votre dossier {dossier}",
    "M100": "Récapitulatif du jour : vos demandes de financement",
    "M70": "Rejet par la banque du paiement {titre} de votre dossier {dossier}",
}


@dataclass(frozen=True)
class Texte:
    objet: str
    corps: str


def rediger(code: str, **valeurs: Any) -> Texte:
    """The subject and the body of a mail. Raises KeyError for an unknown code or a value that its subject lacks."""
    commun = {
        "portail": settings.ADRESSE_PORTAIL,
        "agence": settings.NOM_AGENCE,
        "recours": "\n".join(settings.LETTRES["recours"]),
    }
    corps = render_to_string(f"courriels/{code}.txt", valeurs | commun).strip() + "\n"
    return Texte(objet=OBJETS[code].format(**valeurs), corps=corps)
