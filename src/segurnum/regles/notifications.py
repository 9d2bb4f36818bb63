"""Which gestures a company is told of, under which family: what each person chooses to be told of, and how."""

from segurnum.regles.cycles import EnumLibelle, GesteDemande, GestePaiement
from segurnum.regles.cycles_contestation import GesteContestation
from segurnum.regles.cycles_coordonnees import GesteModification
from segurnum.regles.cycles_enrolement import GesteEnrolement
from segurnum.regles.cycles_modeles import GesteModele
from segurnum.regles.cycles_recouvrements import GesteRecouvrement


class Famille(EnumLibelle):
    """The events of one kind, as a person chooses among them."""

    REPONSE = "REPONSE", "Une réponse, une pièce ou une modification vous est demandée"
    INSTRUCTION = "INSTRUCTION", "L'instruction d'une demande avance"
    DECISION = "DECISION", "Une demande est décidée, rejetée ou annulée"
    PAIEMENT = "PAIEMENT", "Un paiement est mis en route, effectué ou rejeté ; une somme est à reverser"
    MESSAGE = "MESSAGE", "Le service de gestion écrit, ou répond à un message"
    ENROLEMENT = "ENROLEMENT", "Un enrôlement attend vos documents, est validé ou rejeté"
    ENTREPRISE = "ENTREPRISE", "Vos coordonnées ou vos modèles de documents sont instruits"
    EXPORT = "EXPORT", "Un long export est prêt (un courriel part aussitôt à qui l'a demandé)"


class Page(EnumLibelle):
    """Where what is of no request is read."""

    COMPTES = "COMPTES", "Coordonnées bancaires"
    PERSONNES = "PERSONNES", "Personnes physiques"
    MODELES = "MODELES", "Modèles de documents"
    INCOMPLETES = "INCOMPLETES", "Suivi des demandes incomplètes"
    EXPORTS = "EXPORTS", "Exports préparés"


class Mode(EnumLibelle):
    """How a person is told of a family."""

    PORTAIL = "PORTAIL", "Sur le portail"
    QUOTIDIEN = "QUOTIDIEN", "Sur le portail, et dans le récapitulatif du jour"
    AUCUN = "AUCUN", "Ne pas me le dire"


_G, _P, _F = GesteDemande, GestePaiement, Famille
_E, _C, _R = GesteEnrolement, GesteContestation, GesteRecouvrement
_DE_NOUVEAU = "La demande est de nouveau en cours d'instruction"
_EN_L_ETAT = "Délai passé : la demande est instruite en l'état"
# Each gesture that a company is told of: its family, and what is said of it.
_DITS: tuple[tuple[EnumLibelle, Famille, str], ...] = (
    (_G.DEMANDER_PIECE, _F.REPONSE, "Une pièce vous est demandée"),
    (_G.DEMANDER_MODIFICATION, _F.REPONSE, "Une modification vous est demandée"),
    (_G.RELANCER, _F.REPONSE, "Rappel : une réponse est attendue de vous"),
    (_G.AVANCER_ECHEANCE, _F.REPONSE, "Votre réponse est attendue plus tôt"),
    (_G.RETIRER_ATTENTE, _F.REPONSE, "Aucune réponse n'est plus attendue de vous"),
    (_G.CLORE_MODIFICATION, _F.INSTRUCTION, _EN_L_ETAT),
    (_G.CLORE_ATTENTE, _F.INSTRUCTION, _EN_L_ETAT),
    (_G.CHANGER_COMPTES, _F.INSTRUCTION, "Les nombres de boîtes aux lettres ont changé"),
    (_G.VALIDER, _F.INSTRUCTION, "La demande est validée : sa décision est attendue"),
    (_G.REPRENDRE_VALIDATION, _F.INSTRUCTION, _DE_NOUVEAU),
    (_G.RENVOYER, _F.INSTRUCTION, _DE_NOUVEAU),
    (_G.DECIDER, _F.DECISION, "Le financement est décidé"),
    (_G.CLORE_SANS_VERSEMENT, _F.DECISION, "Le solde est clos sans versement"),
    (_G.REJETER, _F.DECISION, "La demande est rejetée"),
    (_G.REFUSER, _F.DECISION, "La demande est rejetée"),
    (_G.ANNULER, _F.DECISION, "La demande est annulée"),
    (_G.ANNULER_RECOUVREE, _F.DECISION, "La demande est annulée"),
    (_P.METTRE_EN_PAIEMENT, _F.PAIEMENT, "Le paiement est transmis à la banque"),
    (_P.CONFIRMER_COMPTE, _F.PAIEMENT, "Le compte bancaire payé pour cette demande a changé"),
    (_P.CONSTATER, _F.PAIEMENT, "Le paiement est effectué"),
    (_P.REJETER, _F.PAIEMENT, "Le paiement est rejeté par la banque : vérifiez vos coordonnées bancaires"),
    (_P.REEMETTRE, _F.PAIEMENT, "Le paiement est réémis"),
    (_P.RETOURNER, _F.PAIEMENT, "Le virement est rendu par la banque : vérifiez vos coordonnées bancaires"),
    (_R.EMETTRE, _F.PAIEMENT, "Une somme est à reverser : un titre de recette est émis"),
    (_R.RELANCER, _F.PAIEMENT, "Rappel : le titre de recette est à régler"),
    (_R.ANNULER, _F.PAIEMENT, "Le titre de recette est annulé"),
    (_C.OUVRIR, _F.REPONSE, "Un bénéficiaire figure dans une autre demande : votre réponse est attendue"),
    (_C.RELANCER, _F.REPONSE, "Rappel : votre réponse sur un bénéficiaire est attendue"),
    (_C.ATTRIBUER, _F.DECISION, "La procédure sur un bénéficiaire a son issue"),
    (_C.N_ATTRIBUER, _F.DECISION, "La procédure sur un bénéficiaire a son issue"),
    (_C.REJETER, _F.DECISION, "La procédure sur un bénéficiaire a son issue"),
    (_E.DEMANDER_PIECES, _F.ENROLEMENT, "Des documents vous sont demandés"),
    (_E.ACCEPTER, _F.ENROLEMENT, "L'enrôlement est validé"),
    (_E.ACCEPTER_PARTIELLEMENT, _F.ENROLEMENT, "L'enrôlement anticipé est validé : finalisez-le"),
    (_E.REFUSER_CERTIFICATS, _F.ENROLEMENT, "Le certificat est refusé : déposez-en un autre"),
    (_E.REPRENDRE, _F.ENROLEMENT, "Aucun document n'est plus attendu de vous"),
    (_E.REJETER, _F.ENROLEMENT, "L'enrôlement est rejeté"),
    (GesteModification.ACCEPTER, _F.ENTREPRISE, "Vos nouvelles coordonnées sont acceptées"),
    (GesteModification.CONTRESIGNER, _F.ENTREPRISE, "Vos nouvelles coordonnées sont acceptées"),
    (
        GesteModification.REFUSER,
        _F.ENTREPRISE,
        "Vos nouvelles coordonnées sont refusées : le motif vous est écrit",
    ),
    (
        GesteModification.CONTESTER,
        _F.ENTREPRISE,
        "Le représentant légal a contesté le nouveau compte bancaire",
    ),
    (GesteModification.ACTIVER, _F.ENTREPRISE, "Le nouveau compte bancaire est actif"),
    (GesteModele.ACCEPTER, _F.ENTREPRISE, "Un modèle de document est accepté"),
    (GesteModele.REJETER, _F.ENTREPRISE, "Un modèle de document est rejeté : consultez le commentaire"),
)
# Two lists of gestures have words in common: which one it is belongs to the key.
_PAR_GESTE = {(type(geste), geste.value): (famille, phrase) for geste, famille, phrase in _DITS}


def dit_de(geste: EnumLibelle) -> tuple[Famille, str] | None:
    """Of a gesture: its family, and what is said of it; None for one that a company is not told of."""
    return _PAR_GESTE.get((type(geste), geste.value))
