"""The officers' gestures on a request: their address, their form, the service that makes them."""

from segurnum.comptes.auteurs import Auteur
from segurnum.demandes import services
from segurnum.demandes.examen import retenu_utile
from segurnum.demandes.models import Demande
from segurnum.paiements import services as paiements
from segurnum.regles.cycles import GesteDemande
from segurnum.web.gestion.formulaires import Annulation, Aucune, Retenu, motif
from segurnum.web.kits.geste import Saisie, geste, par_code, sur


def _valider(demande: Demande, auteur: Auteur, saisie: Saisie) -> object:
    retenu = retenu_utile(demande, saisie["retenu"])
    return services.valider(demande=demande.pk, auteur=auteur, retenu_ht=retenu)


GESTES = par_code(
    geste("valider", GesteDemande.VALIDER, Retenu, _valider, "est validée"),
    geste("decider", GesteDemande.DECIDER, Aucune, sur("demande", paiements.decider), "est décidée"),
    geste(
        "demander-piece",
        GesteDemande.DEMANDER_PIECE,
        motif(
            "Pièce à ajouter",
            "Envoyé tel quel au fournisseur : nommez la pièce et dites ce qu'elle doit montrer.",
            "Dites quelle pièce est attendue : le fournisseur ne lira que ce texte.",
        ),
        sur("demande", services.demander_piece),
        "attend une pièce du fournisseur, qui en est averti par courriel",
    ),
    geste(
        "demander-modification",
        GesteDemande.DEMANDER_MODIFICATION,
        motif(
            "Ce qui est à corriger",
            "Envoyé tel quel au fournisseur, qui a vingt jours pour corriger.",
            "Dites ce qui est à corriger : le fournisseur ne lira que ce texte.",
        ),
        sur("demande", services.demander_modification),
        "attend une correction du fournisseur, qui en est averti par courriel",
    ),
    geste(
        "rejeter",
        GesteDemande.REJETER,
        motif(
            "Motif du rejet",
            "Envoyé tel quel au fournisseur.",
            "Le motif du rejet est obligatoire : le fournisseur doit savoir pourquoi.",
        ),
        sur("demande", services.rejeter),
        "est rejetée ; le fournisseur en est averti par courriel",
        grave=True,
    ),
    geste(
        "annuler",
        GesteDemande.ANNULER,
        Annulation,
        sur("demande", paiements.annuler),
        "est annulée",
        grave=True,
    ),
)
