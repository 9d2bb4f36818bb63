"""The officers' gestures on a request: their address, their form, the service that makes them."""

from collections.abc import Callable

from django.db import transaction

from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.models import Utilisateur
from segurnum.demandes import cycle, permissions, services
from segurnum.demandes.models import Demande
from segurnum.journal.queries import evenements_de
from segurnum.paiements import services as paiements
from segurnum.regles.cycles import GesteDemande
from segurnum.regles.erreurs import GesteImpossible
from segurnum.web.gestion import formulaires
from segurnum.web.gestion.chronologie import chronologie, dernier_geste
from segurnum.web.gestion.montants import retenu_utile
from segurnum.web.kits.geste import Geste, Saisie, geste, par_code


def _valider(demande: Demande, auteur: Auteur, saisie: Saisie) -> object:
    retenu = retenu_utile(demande, saisie["retenu"])
    return services.valider(demande=demande.pk, auteur=auteur, retenu_ht=retenu)


def _decider(demande: Demande, auteur: Auteur, saisie: Saisie) -> object:
    return paiements.decider(demande=demande.pk, auteur=auteur)


def _avec_motif(service: Callable[..., object]) -> Callable[[Demande, Auteur, Saisie], object]:
    def agir(demande: Demande, auteur: Auteur, saisie: Saisie) -> object:
        return service(demande=demande.pk, auteur=auteur, motif=saisie["motif"])

    return agir


GESTES = par_code(
    geste("valider", GesteDemande.VALIDER, formulaires.Retenu, _valider, "est validée"),
    geste("decider", GesteDemande.DECIDER, formulaires.Aucune, _decider, "est décidée"),
    geste(
        "demander-piece",
        GesteDemande.DEMANDER_PIECE,
        formulaires.PieceDemandee,
        _avec_motif(services.demander_piece),
        "attend une pièce du fournisseur, qui en est averti par courriel",
    ),
    geste(
        "demander-modification",
        GesteDemande.DEMANDER_MODIFICATION,
        formulaires.ModificationDemandee,
        _avec_motif(services.demander_modification),
        "attend une correction du fournisseur, qui en est averti par courriel",
    ),
    geste(
        "rejeter",
        GesteDemande.REJETER,
        formulaires.MotifRejet,
        _avec_motif(services.rejeter),
        "est rejetée ; le fournisseur en est averti par courriel",
        grave=True,
    ),
    geste(
        "annuler",
        GesteDemande.ANNULER,
        formulaires.Annulation,
        _avec_motif(paiements.annuler),
        "est annulée",
        grave=True,
    ),
)


def permis(utilisateur: Utilisateur, demande: Demande) -> list[Geste[Demande]]:
    """What this person may do now, in the order of the screen."""
    admis = set(permissions.gestes(utilisateur, demande))
    return [possible for possible in GESTES.values() if possible.passages & admis]


def marque(demande: Demande) -> str:
    """What a page showed of a request, to tell later whether it still is so."""
    return f"{demande.pk}.{demande.version_courante}.{demande.statut_depuis:%Y%m%d%H%M%S%f}"


@transaction.atomic
def executer(choisi: Geste[Demande], demande: Demande, auteur: Auteur, saisie: Saisie, *, vue: str) -> None:
    """Make the gesture on the request as it was read (`vue`), or refuse: nobody acts on what he has not seen."""
    actuelle = cycle.verrouiller(demande.pk)
    if vue != marque(actuelle):
        raise GesteImpossible(
            f"Cette demande a changé depuis que vous l'avez ouverte{_dernier_geste(actuelle)}. Son statut est "
            f"maintenant « {actuelle.statut.libelle} ». Rien n'a été fait : relisez-la avant de recommencer."
        )
    choisi.agir(actuelle, auteur, saisie)


def _dernier_geste(demande: Demande) -> str:
    evenements = evenements_de(demande.dossier.chaine).filter(objet=demande.objet)
    return dernier_geste(chronologie(evenements, demande.dossier.numero))
