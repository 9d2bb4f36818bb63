"""What a gesture is told as once done, to who follows a request or an enrolment: the tables name what is to do."""

from collections.abc import Mapping

from segurnum.regles.cycles import GesteDemande, GestePaiement
from segurnum.regles.cycles_enrolement import GesteEnrolement

_G, _P, _E = GesteDemande, GestePaiement, GesteEnrolement
_PIECES = {
    "JOINDRE_PIECE": "Pièce ajoutée",
    "RETIRER_PIECE": "Pièce retirée",
    "ECARTER_PIECE": "Pièce écartée, faute de confirmation",
    "ETABLIR_LETTRE": "Lettre de décision établie",
}

DEMANDES: Mapping[str, str] = _PIECES | {
    "DEPOSER": "Demande déposée",
    _G.COMPLETER: "Pièces justificatives transmises",
    _G.SUPPRIMER: "Demande supprimée",
    _G.TRANSMETTRE: "Demande transmise à l'échéance, ses pièces étant là",
    _G.EXPIRER: "Demande supprimée, faute de pièces",
    _G.REMPLACER: "Demande remplacée par un nouvel import",
    _G.DEMANDER_PIECE: "Pièce complémentaire demandée",
    _G.AJOUTER_PIECE: "Ajout de pièces validé",
    _G.DEMANDER_MODIFICATION: "Modification demandée",
    _G.MODIFIER: "Modification commencée",
    _G.RELANCER: "Rappel envoyé",
    _G.CONFIRMER_MODIFICATION: "Modification confirmée",
    _G.NE_PAS_MODIFIER: "Demande laissée telle quelle",
    _G.CLORE_MODIFICATION: "Délai passé sans modification : la demande est instruite en l'état",
    _G.CLORE_ATTENTE: "Délai passé sans pièce : la demande est instruite en l'état",
    _G.RETIRER_ATTENTE: "Votre réponse n'est plus attendue",
    _G.AVANCER_ECHEANCE: "Date limite de votre réponse avancée",
    _G.CHANGER_COMPTES: "Nombres de boîtes aux lettres changés",
    _G.VALIDER: "Demande validée",
    _G.REPRENDRE_VALIDATION: "Validation reprise : la demande est de nouveau instruite",
    _G.DECIDER: "Financement décidé",
    _G.RENVOYER: "Demande renvoyée à l'instruction",
    _G.REFUSER: "Financement refusé : la demande est rejetée",
    _G.REJETER: "Demande rejetée",
    _G.ANNULER: "Demande annulée",
    _G.CLORE_SANS_VERSEMENT: "Solde clos sans versement",
    _G.ANNULER_RECOUVREE: "Demande annulée, la somme versée étant recouvrée",
    f"PAIEMENT_{_P.OUVRIR}": "Paiement préparé",
    f"PAIEMENT_{_P.CONFIRMER_COMPTE}": "Paiement dirigé vers votre nouveau compte",
    f"PAIEMENT_{_P.METTRE_EN_PAIEMENT}": "Paiement transmis à la banque",
    f"PAIEMENT_{_P.CONSTATER}": "Virement effectué",
    f"PAIEMENT_{_P.REJETER}": "Virement rejeté par la banque",
    f"PAIEMENT_{_P.REEMETTRE}": "Paiement réémis",
    f"PAIEMENT_{_P.ANNULER}": "Paiement annulé",
    f"PAIEMENT_{_P.RETOURNER}": "Virement rendu par la banque",
}
ENROLEMENTS: Mapping[str, str] = _PIECES | {
    "DEPOSER": "Demande déposée",
    _E.DEMANDER_PIECES: "Documents demandés",
    _E.TERMINER_DEPOT: "Documents transmis",
    _E.ACCEPTER: "Enrôlement validé",
    _E.ACCEPTER_PARTIELLEMENT: "Enrôlement anticipé validé, dans l'attente du certificat",
    _E.REJETER: "Demande rejetée",
    _E.DEPOSER_CERTIFICATS: "Certificat transmis",
    _E.REFUSER_CERTIFICATS: "Certificat refusé",
    _E.REPRENDRE: "Instruction reprise sans attendre de documents",
}
