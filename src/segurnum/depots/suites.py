"""What becomes of the requests of an import whose pieces do not come: told, kept on its line, imported again.

INC-006, INC-011, INC-014. What was retained and is no more stays readable on its line of the import.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from segurnum.comptes.auteurs import PORTAIL, Auteur
from segurnum.comptes.droits import reserve
from segurnum.controles import Rapport
from segurnum.controles import pieces_attendues as annoncees
from segurnum.controles.ecriture import ecrire_json
from segurnum.controles.problemes import en_nombre
from segurnum.couloirs.nomenclature import cle_de_nom
from segurnum.courriels.adresses import adresse_de
from segurnum.courriels.services import Envoi, envoyer
from segurnum.courriels.textes import rediger
from segurnum.demandes import echeances, incompletes
from segurnum.demandes.accuses import accuser_reception
from segurnum.demandes.models import Demande, PieceJustificative
from segurnum.depots import services
from segurnum.depots.attentes import avec_un_zip_en_attente, manques, pretes
from segurnum.depots.models import Depot, LigneDepot, Simulation, Suppression
from segurnum.fichiers.services import lire
from segurnum.notifications.services import noter
from segurnum.regles.calendrier import date_fr, maintenant
from segurnum.regles.cycles import GesteDemande, StatutDemande, TypeDemande
from segurnum.regles.erreurs import GesteImpossible
from segurnum.regles.gestes import GesteDepot
from segurnum.regles.notifications import Famille, Page

CITEES = 20  # requests that a mail names
GARDE = timedelta(days=365)  # what was deleted is read, and imported again, for a year


def clore(depots: QuerySet[Depot]) -> None:
    """Note that these deposits wait for nothing more: the last of their requests is handed over, or is no more."""
    attendent = Demande.objects.filter(ligne_depot__depot=OuterRef("pk"), statut=StatutDemande.NON_COMPLETEE)
    depots.filter(~Exists(attendent), termine_le__isnull=True).update(termine_le=maintenant())


def accuser(lignes: Sequence[Demande]) -> None:
    """Write a receipt to each deposit of these requests, which have just been handed over."""
    for (depose_le, _), ensemble in groupby(sorted(lignes, key=_deposees_ensemble), key=_deposees_ensemble):
        siennes = list(ensemble)
        depot = Depot.objects.filter(lignes__demande=siennes[0]).first()
        accuser_reception(demandes=siennes, recu_le=depose_le, sujet=depot.sujet if depot else "")


@reserve(GesteDepot.IMPORTER)
@transaction.atomic
def supprimer(*, demandes_choisies: Collection[int], auteur: Auteur) -> int:
    """Delete incomplete avances at their supplier's wish, what they declared being kept (INC-011). Returns how many."""

    def noter(lignes: Sequence[Demande]) -> None:
        _noter(lignes, Suppression.VOULUE)

    return incompletes.supprimer(demandes=demandes_choisies, auteur=auteur, noter=noter)


def expirer(*, instant: datetime) -> int:
    """Delete what is past its last day, and say so; hand over what lacked nothing but « Terminer ». Returns how many
    were deleted. A ZIP that came in time is checked first, however late that is.
    """
    _transmettre_les_pretes(instant)
    return echeances.expirer(instant=instant, sauf=avec_un_zip_en_attente(), noter=_noter_l_expiration)


def prevenir(*, instant: datetime) -> int:
    """Write to those whose incomplete requests are nearly over. Returns of how many requests."""
    return echeances.prevenir(instant=instant, ecrire=_prevenir)


def _prevenir(lignes: Sequence[Demande]) -> None:
    _ecrire("M93", lignes)
    expire_le = lignes[0].expire_le
    noter(
        entreprise=lignes[0].entreprise,
        famille=Famille.REPONSE,
        numero="",
        page=Page.INCOMPLETES,
        texte=f"{en_nombre(len(lignes), 'demande attend', 'demandes attendent')} encore des pièces, "
        f"jusqu'au {date_fr(expire_le) if expire_le else ''} inclus",
    )


def _transmettre_les_pretes(instant: datetime) -> None:
    dues = Demande.objects.filter(expire_le__lt=instant).exclude(avec_un_zip_en_attente())
    for _, ensemble in groupby(
        pretes(dues).order_by("depose_le", "entreprise", "pk"), key=_deposees_ensemble
    ):
        _transmettre([demande.pk for demande in ensemble])


def _deposees_ensemble(demande: Demande) -> tuple[datetime, int]:
    return demande.depose_le, demande.entreprise_id


@transaction.atomic
def _transmettre(cles: Collection[int]) -> None:
    lignes = incompletes.completer(demandes=cles, auteur=PORTAIL, geste=GesteDemande.TRANSMETTRE)
    accuser(lignes)
    clore(Depot.objects.filter(lignes__demande__in=cles))
    _ecrire("M95", lignes)


def _noter_l_expiration(lignes: Sequence[Demande]) -> None:
    _ecrire("M94", lignes)
    _noter(lignes, Suppression.EXPIREE)


def _noter(lignes: Sequence[Demande], suppression: Suppression) -> None:
    """Keep on the lines of their import that these requests, which are about to go, were."""
    par_demande = {ligne.demande_id: ligne for ligne in LigneDepot.objects.filter(demande__in=lignes)}
    for demande in lignes:
        if ligne := par_demande.get(demande.pk):
            ligne.demande, ligne.supprimee = None, demande.numero
            ligne.supprimee_le, ligne.suppression = maintenant(), suppression
    LigneDepot.objects.bulk_update(
        par_demande.values(), ["demande", "supprimee", "supprimee_le", "suppression"]
    )
    clore(Depot.objects.filter(pk__in={ligne.depot_id for ligne in par_demande.values()}))


def _ecrire(code: str, lignes: Sequence[Demande]) -> None:
    """One mail for the requests of one import, to the address given at enrolment."""
    ligne = (
        LigneDepot.objects.filter(demande__in=lignes)
        .select_related("depot__enrolement")
        .order_by("pk")
        .first()
    )
    if ligne is None:
        return
    depot, nombre = ligne.depot, len(lignes)
    a_completer = code == "M93"
    texte = rediger(
        code,
        depot=depot.pk,
        nom=depot.nom_fichier,
        nombre=nombre,
        fin=date_fr(lignes[0].expire_le) if lignes[0].expire_le else "",
        demandes=_liste(lignes),
        lien=adresse_de("fournisseur:incompletes")
        if a_completer
        else adresse_de("fournisseur:depot", depot.pk),
    )
    envoyer([Envoi(code=code, texte=texte, destinataire=depot.enrolement.courriel, sujet=depot.sujet)])


def _liste(lignes: Sequence[Demande]) -> str:
    """The first of these requests, and what each lacks."""
    dites = [
        f"- {manque.demande.dossier.numero} (n° éditeur {manque.demande.numero_editeur}) : {manque.phrase}"
        for manque in manques(lignes[:CITEES])
    ]
    if (autres := len(lignes) - CITEES) > 0:
        dites.append(f"- et {en_nombre(autres, 'autre')}.")
    return "\n".join(dites)


# --- What was deleted


@dataclass(frozen=True)
class Supprimee:
    """A request that was deleted, as its line of the import keeps it. `montant`: euros HT."""

    ligne: LigneDepot
    montant: Decimal
    beneficiaires: tuple[str, ...]
    pieces: tuple[str, ...]


def supprimees(depot: Depot) -> list[Supprimee]:
    """What was deleted of an import less than a year ago, as it was declared."""
    couloir = depot.couloir
    places = couloir.format(depot.type, depot.depose_le).places
    parties = list(_parties(depot))
    declarees = _sortie(depot)["lignesImport"] if parties else []
    return [
        Supprimee(
            ligne,
            couloir.montant_declare(declaree, depot.type),
            tuple(lu.nom or ", ".join(lu.identifiants) for lu in places.beneficiaires(declaree)),
            tuple(piece.nom for piece in annoncees(declaree)),
        )
        for ligne, declaree in ((partie, declarees[partie.rang]) for partie in parties)
    ]


def _parties(depot: Depot) -> QuerySet[LigneDepot]:
    recentes = depot.lignes.filter(supprimee_le__gt=maintenant() - GARDE)
    return recentes.exclude(suppression=Suppression.REMPLACEE).order_by("rang")


@reserve(GesteDepot.IMPORTER, sur="depot")
@transaction.atomic
def reimporter(*, depot: Depot, auteur: Auteur, recu_le: datetime | None = None) -> Simulation:
    """Simulate again what was deleted of an import, as it was declared, and import it where it conforms.

    What was imported again once is not a second time. Raises GesteImpossible where nothing is left to be, and as a
    simulation does.
    """
    Depot.objects.select_for_update(of=("self",)).get(pk=depot.pk)
    parties = list(_parties(depot).filter(reimportee_par__isnull=True))
    if not parties:
        raise GesteImpossible("Aucune demande supprimée de cet import n'est à importer de nouveau.")
    sortie = _sortie(depot)
    declarees = [sortie["lignesImport"][partie.rang] for partie in parties]
    lignes = [_a_nouveau(declaree, rang, depot) for rang, declaree in enumerate(declarees, start=1)]
    fichier = sortie | {"impId": None, "lignesImport": lignes}
    simulation = services.simuler(
        enrolement=depot.enrolement,
        auteur=auteur,
        type_demande=depot.type,
        taux_tva=depot.simulation.taux_tva,
        nom_fichier=depot.nom_fichier,
        octets=ecrire_json(fichier).encode(),
        recu_le=recu_le,
    ).simulation
    if simulation.conforme:
        nouveau = services.importer(simulation=simulation.pk, auteur=auteur, recu_le=recu_le)
        depot.lignes.filter(pk__in=[partie.pk for partie in parties]).update(reimportee_par=nouveau)
    return simulation


def _sortie(depot: Depot) -> dict[str, Any]:
    """The output file of an import, its amounts exact."""
    lue: dict[str, Any] = json.loads(lire(depot.sortie), parse_float=Decimal)
    return lue


class RemplacantRefuse(GesteImpossible):
    """The file that was to replace a request is not right; `rapport` says why, or it is of several requests."""

    def __init__(self, phrase: str, rapport: Rapport) -> None:
        super().__init__(phrase)
        self.rapport = rapport


@reserve(GesteDepot.IMPORTER, sur="demande")
@transaction.atomic
def remplacer(
    *,
    demande: Demande,
    nom_fichier: str,
    octets: bytes,
    auteur: Auteur,
    recu_le: datetime | None = None,
) -> Depot:
    """Import again one incomplete request with other data; its pieces that are announced again stay received.

    All or nothing: where the file does not conform the request stays as it is. Raises RemplacantRefuse.
    """
    depot = demande.ligne_depot.depot
    recues = {cle_de_nom(p.nom): p for p in demande.pieces.select_related("fichier") if p.fichier}
    incompletes.ceder_la_place(
        demande=demande.pk, auteur=auteur, noter=partial(_noter, suppression=Suppression.REMPLACEE)
    )
    resultat = services.simuler(
        enrolement=depot.enrolement,
        auteur=auteur,
        type_demande=demande.type,
        taux_tva=depot.simulation.taux_tva,
        nom_fichier=nom_fichier,
        octets=octets,
        recu_le=recu_le,
    )
    if not resultat.rapport.conforme:
        raise RemplacantRefuse(
            "Le fichier a des erreurs : la demande reste comme elle est.", resultat.rapport
        )
    if resultat.rapport.demandes != 1:
        raise RemplacantRefuse(
            f"Le fichier compte {resultat.rapport.demandes} demandes : une seule est attendue, celle qui remplace "
            f"la demande {demande.numero}.",
            resultat.rapport,
        )
    nouveau = services.importer(simulation=resultat.simulation.pk, auteur=auteur, recu_le=recu_le)
    annoncees = PieceJustificative.objects.filter(demande__ligne_depot__depot=nouveau)
    gardees = {p.pk: recues[cle_de_nom(p.nom)].fichier for p in annoncees if cle_de_nom(p.nom) in recues}
    incompletes.recevoir_pieces(recues={cle: f for cle, f in gardees.items() if f}, le=nouveau.depose_le)
    return nouveau


def _a_nouveau(declaree: dict[str, Any], rang: int, depot: Depot) -> dict[str, Any]:
    """A line of the output file as it was sent: what the portal had written in it is taken out."""
    numero = declaree["numeroASP"][:12] if depot.type is TypeDemande.SOLDE else None
    return declaree | {
        "numLigne": rang,
        "numeroASP": numero,
        "codeTraitement": None,
        "libelleTraitement": None,
    }
