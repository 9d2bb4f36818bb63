"""Messages to the assistance: received, taken in charge, answered, closed (PUB-033, GST-030)."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from segurnum import couloirs
from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.droits import reserve
from segurnum.comptes.models import Entreprise, Utilisateur
from segurnum.courriels.adresses import adresse_de
from segurnum.courriels.services import Envoi, envoyer
from segurnum.courriels.textes import rediger
from segurnum.demandes.models import Demande
from segurnum.editorial.models import PhaseConcernee, ReponseTicket, Ticket, TypeTicket
from segurnum.fichiers.models import Fichier
from segurnum.journal.services import Fait, consigner
from segurnum.notifications import services as notifications
from segurnum.regles.calendrier import instant_long
from segurnum.regles.erreurs import GesteImpossible
from segurnum.regles.gestes import GesteEditorial
from segurnum.regles.notifications import Famille

Etat = Ticket.Etat
# Where each gesture of an officer may start from, and where it leads.
PASSAGES = {
    "PRENDRE": ((Etat.OUVERT, Etat.EN_COURS), Etat.EN_COURS),
    "REPONDRE": ((Etat.OUVERT, Etat.EN_COURS), Etat.EN_COURS),
    "CLORE": ((Etat.OUVERT, Etat.EN_COURS), Etat.CLOS),
    "ROUVRIR": ((Etat.CLOS,), Etat.EN_COURS),
}


def gestes_permis(ticket: Ticket, auteur: Auteur) -> tuple[str, ...]:
    """What this person may do with it now: what somebody else deals with is taken over first."""
    return tuple(
        geste
        for geste, (depuis, _) in PASSAGES.items()
        if ticket.etat in depuis and not empechement(ticket, geste, auteur)
    )


def empechement(ticket: Ticket, geste: str, auteur: Auteur) -> str:
    """Why this person may not make a gesture that the state allows; empty when they may."""
    if geste == "PRENDRE":
        return "Vous avez déjà ce message en charge." if ticket.charge_id == auteur.cle else ""
    if geste == "ROUVRIR" or ticket.charge_id in (None, auteur.cle):
        return ""
    return (
        f"Le message {ticket.numero} est pris en charge par {ticket.pris_par} : prenez-le en charge à votre tour pour "
        "y répondre ou le clore."
    )


@reserve(GesteEditorial.ECRIRE)
@transaction.atomic
def recevoir(
    *,
    champs: Mapping[str, Any],
    fichier: Fichier | None = None,
    nom_fichier: str = "",
    auteur: Auteur,
    entreprise: Entreprise | None = None,
) -> Ticket:
    """Keep a message and acknowledge it by mail, together. `champs` are the fields of the form, already checked.

    `entreprise`: the one that its author writes for.
    """
    ticket = Ticket.objects.create(
        **champs,
        fichier=fichier,
        nom_fichier=nom_fichier,
        auteur_id=auteur.cle,
        entreprise=entreprise,
    )
    _consigner(ticket, "RECEVOIR", auteur)
    _ecrire(ticket, "M30", recu_le=instant_long(ticket.recu_le))
    return ticket


def signaler(
    *,
    demande: Demande,
    message: str,
    personne: Utilisateur,
    auteur: Auteur,
    type_message: TypeTicket = TypeTicket.MODIFICATION,
) -> Ticket:
    """What somebody of the company writes about one of its requests, for the officer to find on it (MOD-002)."""
    champs = _situe(demande) | {
        "type": type_message,
        "nom": personne.nom_complet,
        "courriel": personne.email,
        "telephone": "",
        "description": message,
    }
    return recevoir(champs=champs, auteur=auteur, entreprise=personne.entreprise)


def _situe(demande: Demande) -> dict[str, Any]:
    """What a message about a request says of it, so that it is found beside it."""
    rubriques = {rubrique: code for code, rubrique in couloirs.rubriques().items()}
    return {
        "couloir": rubriques[demande.couloir.rubrique],
        "phase": PhaseConcernee[demande.type],
        "raison_sociale": demande.entreprise.denomination,
        "numero_referencement": demande.dossier.enrolement.referencement.numero_ans,
        "numero_demande": demande.numero,
    }


@reserve(GesteEditorial.REPONDRE)
@transaction.atomic
def entamer(*, demande: Demande, texte: str, auteur: Auteur) -> Ticket:
    """What an officer writes to the company of a request: read on its thread, told by a mail that says none of it.

    Nothing is left to do of it: what the company answers is a message of its own, which the officers find.
    """
    inscrit = demande.dossier.enrolement
    ticket = Ticket.objects.create(
        **_situe(demande),
        type=TypeTicket.SUIVI,
        nom="Le service de gestion",
        courriel=inscrit.courriel,
        telephone="",
        description=texte,
        entreprise=demande.entreprise,
        auteur_id=auteur.personne,
        charge_id=auteur.personne,
        etat=Etat.CLOS,
        du_service=True,
    )
    _consigner(ticket, "ENTAMER", auteur)
    _prevenir(ticket, demande)
    return ticket


@reserve(GesteEditorial.REPONDRE)
@transaction.atomic
def prendre(*, ticket: int, auteur: Auteur) -> Ticket:
    return _passer(ticket, "PRENDRE", auteur)


@reserve(GesteEditorial.REPONDRE)
@transaction.atomic
def repondre(*, ticket: int, auteur: Auteur, texte: str, clore: bool = False) -> Ticket:
    """Send an answer, and close if asked. Raises GesteImpossible on a closed ticket.

    By mail to who has no account; to a company about one of its requests, on their thread, which a mail tells of.
    """
    ligne = _passer(ticket, "REPONDRE", auteur, motif=texte)
    ReponseTicket.objects.create(ticket=ligne, auteur_id=auteur.personne, texte=texte)
    demande = demande_du_fil(ligne)
    if demande is None:
        _ecrire(ligne, "M31", reponse=texte, description=ligne.description)
    else:
        _prevenir(ligne, demande)
    return _passer(ticket, "CLORE", auteur) if clore else ligne


def demande_du_fil(ticket: Ticket) -> Demande | None:
    """The request whose thread a message is in: one of the company that wrote it."""
    if ticket.entreprise_id is None:
        return None
    siennes = Demande.objects.filter(entreprise=ticket.entreprise_id, numero__iexact=ticket.numero_demande)
    return siennes.select_related("entreprise").first()


def _prevenir(ticket: Ticket, demande: Demande) -> None:
    """Something was written on the thread: what, is read there only."""
    _ecrire(ticket, "M120", demande=demande.numero, lien=adresse_de("fournisseur:messages", demande.numero))
    notifications.noter(
        entreprise=demande.entreprise,
        famille=Famille.MESSAGE,
        numero=demande.numero,
        texte="Le service de gestion vous a écrit",
    )


@reserve(GesteEditorial.REPONDRE)
@transaction.atomic
def clore(*, ticket: int, auteur: Auteur) -> Ticket:
    return _passer(ticket, "CLORE", auteur)


@reserve(GesteEditorial.REPONDRE)
@transaction.atomic
def rouvrir(*, ticket: int, auteur: Auteur) -> Ticket:
    return _passer(ticket, "ROUVRIR", auteur)


def _passer(cle: int, geste: str, auteur: Auteur, *, motif: str = "") -> Ticket:
    """Lock, look the step up, change, write it down."""
    ticket = Ticket.objects.select_for_update(of=("self",)).select_related("charge").get(pk=cle)
    depuis, vers = PASSAGES[geste]
    if ticket.etat not in depuis:
        raise GesteImpossible(
            f"Le message {ticket.numero} est à l'état « {ticket.get_etat_display()} » : rechargez la page pour voir "
            "ce qui a été fait depuis."
        )
    if refus := empechement(ticket, geste, auteur):
        raise GesteImpossible(refus)
    avant, ticket.etat = ticket.etat, vers
    ticket.charge_id = auteur.personne
    ticket.save(update_fields=["etat", "charge"])
    _consigner(ticket, geste, auteur, avant=avant, motif=motif)
    return ticket


def _consigner(ticket: Ticket, geste: str, auteur: Auteur, *, avant: str = "", motif: str = "") -> None:
    fait = Fait(
        chaine=f"assistance:{ticket.numero}",
        objet=f"ticket:{ticket.pk}",
        geste=geste,
        auteur=auteur,
        avant=avant,
        apres=ticket.etat,
        motif=motif,
    )
    consigner([fait])


def _ecrire(ticket: Ticket, code: str, **valeurs: Any) -> None:
    texte = rediger(code, numero=ticket.numero, **valeurs)
    envoyer([Envoi(code=code, texte=texte, destinataire=ticket.courriel, sujet=f"ticket:{ticket.pk}")])
