"""The officers' gestures on an enrolment: their address, their form, the service that makes them."""

from collections.abc import Callable

from django.db import transaction

from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.models import Profil, Utilisateur
from segurnum.enrolements import cycle, liens, permissions, services
from segurnum.enrolements.models import Enrolement
from segurnum.journal.queries import evenements_de
from segurnum.regles.cycles_enrolement import GesteEnrolement, StatutEnrolement
from segurnum.regles.erreurs import GesteImpossible
from segurnum.web.gestion.chronologie import ENROLEMENTS, chronologie, dernier_geste
from segurnum.web.gestion.formulaires import Aucune
from segurnum.web.gestion.formulaires_enrolements import CertificatsRefuses, EnrolementRejete, PiecesDemandees
from segurnum.web.kits.geste import Geste, Saisie, geste, par_code


def _accepter(enrolement: Enrolement, auteur: Auteur, saisie: Saisie) -> object:
    return services.accepter(enrolement=enrolement.pk, auteur=auteur)


def _avec_motif(service: Callable[..., object]) -> Callable[[Enrolement, Auteur, Saisie], object]:
    def agir(enrolement: Enrolement, auteur: Auteur, saisie: Saisie) -> object:
        return service(enrolement=enrolement.pk, auteur=auteur, motif=saisie["motif"])

    return agir


def _confirmer(enrolement: Enrolement, auteur: Auteur, saisie: Saisie) -> None:
    services.confirmer_entreprise(enrolement=enrolement.pk, auteur=auteur)


def _renvoyer_le_lien(enrolement: Enrolement, auteur: Auteur, saisie: Saisie) -> None:
    liens.renvoyer(enrolement=enrolement.pk, auteur=auteur)


ACCEPTER = Geste(
    "valider",
    "Valider",
    frozenset({GesteEnrolement.ACCEPTER, GesteEnrolement.ACCEPTER_PARTIELLEMENT}),
    Aucune,
    _accepter,
    "est validé ; le demandeur en est averti par courriel",
)
CONFIRMER = Geste(
    "confirmer-entreprise",
    "Confirmer l'entreprise",
    frozenset(),
    Aucune,
    _confirmer,
    "porte sur une entreprise désormais confirmée",
)
RENVOYER_LIEN = Geste(
    "renvoyer-lien",
    "Envoyer un nouveau lien de dépôt",
    frozenset(),
    Aucune,
    _renvoyer_le_lien,
    "a un nouveau lien de dépôt, envoyé au demandeur ; le précédent ne s'ouvre plus",
)
# What opens on demand, under the buttons.
REPLIES = (
    RENVOYER_LIEN,
    geste(
        "demander-pieces",
        GesteEnrolement.DEMANDER_PIECES,
        PiecesDemandees,
        _avec_motif(services.demander_pieces),
        "attend des pièces du demandeur, qui en est averti par courriel",
    ),
    geste(
        "refuser-certificats",
        GesteEnrolement.REFUSER_CERTIFICATS,
        CertificatsRefuses,
        _avec_motif(services.refuser_certificats),
        "attend d'autres certificats du demandeur, qui en est averti par courriel",
    ),
    geste(
        "rejeter",
        GesteEnrolement.REJETER,
        EnrolementRejete,
        _avec_motif(services.rejeter),
        "est rejeté ; le demandeur en est averti par courriel",
        grave=True,
    ),
)
GESTES = par_code(ACCEPTER, CONFIRMER, *REPLIES)


def permis(utilisateur: Utilisateur, enrolement: Enrolement) -> list[Geste[Enrolement]]:
    """What this person may do now, in the order of the screen."""
    admis = frozenset(permissions.gestes(utilisateur, enrolement))
    return [
        possible
        for possible in GESTES.values()
        if possible.passages & admis
        or (possible is CONFIRMER and _a_confirmer(utilisateur, enrolement))
        or (possible is RENVOYER_LIEN and permissions.peut_renvoyer_le_lien(utilisateur, enrolement))
    ]


def _a_confirmer(utilisateur: Utilisateur, enrolement: Enrolement) -> bool:
    """Once all is said there is nothing left to confirm."""
    clos = enrolement.statut in (StatutEnrolement.VALIDEE, StatutEnrolement.REJETEE)
    return enrolement.entreprise_a_verifier and not clos and utilisateur.profil == Profil.GESTIONNAIRE


def marque(enrolement: Enrolement) -> str:
    """What a page showed of an enrolment, to tell later whether it still is so."""
    return f"{enrolement.pk}.{enrolement.statut_depuis:%Y%m%d%H%M%S%f}"


@transaction.atomic
def executer(
    choisi: Geste[Enrolement], enrolement: Enrolement, auteur: Auteur, saisie: Saisie, *, vue: str
) -> None:
    """Make the gesture on the enrolment as it was read (`vue`), or refuse: nobody acts on what he has not seen."""
    actuel = cycle.verrouiller(enrolement.pk)
    if vue != marque(actuel):
        moments = chronologie(evenements_de(actuel.chaine), actuel.numero, ENROLEMENTS)
        raise GesteImpossible(
            f"Cet enrôlement a changé depuis que vous l'avez ouvert{dernier_geste(moments)}. Son statut est "
            f"maintenant « {actuel.statut.libelle} ». Rien n'a été fait : relisez-le avant de recommencer."
        )
    choisi.agir(actuel, auteur, saisie)
