"""Files kept while the antivirus did not answer: looked at as soon as it does, and their senders told of a threat."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction

from segurnum.comptes.auteurs import PORTAIL
from segurnum.coordonnees.models import ModificationBancaire, PieceModification
from segurnum.courriels.services import Envoi, envoyer
from segurnum.courriels.textes import rediger
from segurnum.demandes.models import PieceJustificative
from segurnum.editorial.models import Ticket
from segurnum.enrolements.models import PieceEnrolement
from segurnum.fichiers import antivirus, services
from segurnum.fichiers.models import Analyse, Fichier
from segurnum.financements.models import PiecePartie
from segurnum.journal.services import Fait, consigner
from segurnum.modeles.models import ModeleDocument
from segurnum.regles.calendrier import instant_fr

journal = logging.getLogger(__name__)


@dataclass(frozen=True)
class Concerne:
    """Who deposited a file, and for what. `quoi` is said in the mail, `objet` names it in the journal."""

    courriel: str
    nom: str
    quoi: str
    objet: str


def analyser_en_attente() -> int:
    """Look at what waits, the oldest first, until the antivirus stops answering again. Returns how many were looked at.

    Raises AntivirusIndisponible or StockageIndisponible: the next sweep goes on from there.
    """
    attendus = Fichier.objects.filter(analyse=Analyse.EN_ATTENTE).order_by("cree_le", "pk")
    if not antivirus.actif():  # it was taken away: nobody is going to answer
        attendus.update(analyse=Analyse.NON_ANALYSE)
        return 0
    faits = 0
    for fichier in attendus.iterator(100):
        try:
            _analyser(fichier)
        except FileNotFoundError:  # the nightly comparison says so
            journal.error("Fichier %s : introuvable, il n'est pas analysé.", fichier.pk)
            continue
        faits += 1
    return faits


def _analyser(fichier: Fichier) -> None:
    """No transaction lasts as long as the antivirus reads; the one that follows tells the threat once."""
    if services.analyser(fichier).analyse != Analyse.INFECTE:
        return
    with transaction.atomic():
        attendait = Fichier.objects.filter(pk=fichier.pk, analyse=Analyse.EN_ATTENTE)
        if attendait.update(analyse=Analyse.INFECTE):
            journal.error("Fichier %s : menace trouvée après coup.", fichier.pk)
            _prevenir(fichier)


def _prevenir(fichier: Fichier) -> None:
    concernes = list(dict.fromkeys(_concernes(fichier)))
    consigner(
        Fait(chaine=f"fichier:{fichier.pk}", objet=concerne.objet, geste="MENACE", auteur=PORTAIL)
        for concerne in concernes
    )
    envoyer(
        Envoi(
            code="M26",
            texte=rediger(
                "M26", nom=concerne.nom, sujet=concerne.quoi, depose_le=instant_fr(fichier.cree_le)
            ),
            destinataire=concerne.courriel,
            sujet=concerne.objet,
        )
        for concerne in concernes
        if concerne.courriel
    )


def _concernes(fichier: Fichier) -> Iterator[Concerne]:
    """Every deposit of these bytes but the drafts, whose page says it and which cannot be sent."""
    for piece in PieceJustificative.objects.filter(fichier=fichier).select_related(
        "demande__dossier__enrolement"
    ):
        demande = piece.demande
        adresse = demande.dossier.enrolement.courriel
        yield Concerne(adresse, piece.nom, f"la demande {demande.numero}", demande.objet)
    for jointe in PieceEnrolement.objects.filter(fichier=fichier).select_related("enrolement"):
        inscrit = jointe.enrolement
        yield Concerne(inscrit.courriel, jointe.nom, f"l'enrôlement {inscrit.numero}", inscrit.chaine)
    for rib in ModificationBancaire.objects.filter(rib=fichier).select_related("demandeur"):
        yield Concerne(rib.demandeur.email, rib.nom_rib, "de nouvelles coordonnées bancaires", rib.objet)
    for mandat in PieceModification.objects.filter(fichier=fichier).select_related("modification__demandeur"):
        change = mandat.modification
        yield Concerne(change.demandeur.email, mandat.nom, "un changement de personnes", change.objet)
    for modele in ModeleDocument.objects.filter(fichier=fichier).select_related("deposant"):
        yield Concerne(modele.deposant.email, modele.nom, "un modèle de document", modele.objet)
    for reponse in PiecePartie.objects.filter(fichier=fichier).select_related(
        "partie__demande__dossier__enrolement"
    ):
        demande = reponse.partie.demande
        quoi = f"votre réponse sur un bénéficiaire de la demande {demande.numero}"
        yield Concerne(demande.dossier.enrolement.courriel, reponse.nom, quoi, demande.objet)
    for ticket in Ticket.objects.filter(fichier=fichier):
        quoi = f"votre message {ticket.numero} à l'assistance"
        yield Concerne(ticket.courriel, ticket.nom_fichier, quoi, f"ticket:{ticket.pk}")
