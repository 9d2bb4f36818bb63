"""Which gestures a company is told of, under which family: what each person chooses to be told of, and how."""

from segurnum.regles.cycles import EnumLibelle, GesteDemande, GestePaiement


class Famille(EnumLibelle):
    """The events of one kind, as a person chooses among them."""

    REPONSE = "REPONSE", "Une réponse, une pièce ou une modification vous est demandée"
    INSTRUCTION = "INSTRUCTION", "L'instruction d'une demande avance"
    DECISION = "DECISION", "Une demande est décidée, rejetée ou annulée"
    PAIEMENT = "PAIEMENT", "Un paiement est mis en route, effectué ou rejeté"
    MESSAGE = "MESSAGE", "Le service de gestion répond à un message"


class Mode(EnumLibelle):
    """How a person is told of a family."""

    PORTAIL = "PORTAIL", "Sur le portail"
    QUOTIDIEN = "QUOTIDIEN", "Sur le portail, et dans le récapitulatif du jour"
    AUCUN = "AUCUN", "Ne pas me le dire"


_G, _P = GesteDemande, GestePaiement
_FAMILLES = {
    Famille.REPONSE: (
        _G.DEMANDER_PIECE,
        _G.DEMANDER_MODIFICATION,
        _G.RELANCER,
        _G.AVANCER_ECHEANCE,
        _G.RETIRER_ATTENTE,
    ),
    Famille.INSTRUCTION: (
        _G.CLORE_MODIFICATION,
        _G.CLORE_ATTENTE,
        _G.CHANGER_COMPTES,
        _G.VALIDER,
        _G.REPRENDRE_VALIDATION,
        _G.RENVOYER,
    ),
    Famille.DECISION: (
        _G.DECIDER,
        _G.CLORE_SANS_VERSEMENT,
        _G.REJETER,
        _G.REFUSER,
        _G.ANNULER,
        _G.ANNULER_RECOUVREE,
    ),
    Famille.PAIEMENT: (_P.METTRE_EN_PAIEMENT, _P.CONSTATER, _P.REJETER, _P.REEMETTRE, _P.RETOURNER),
}
_PAR_GESTE: dict[tuple[type[EnumLibelle], str], Famille] = {
    (type(geste), geste.value): famille for famille, gestes in _FAMILLES.items() for geste in gestes
}


def famille_de(geste: EnumLibelle) -> Famille | None:
    """The family of a gesture; None for one that a company is not told of."""
    return _PAR_GESTE.get((type(geste), geste.value))
