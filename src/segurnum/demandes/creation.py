"""Writing new requests: one short transaction, a number of statements that does not grow with the requests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from segurnum.comptes.auteurs import Auteur
from segurnum.controles import pieces_attendues
from segurnum.couloirs import Couloir
from segurnum.couloirs.places import Places
from segurnum.demandes.cycle import etat_de
from segurnum.demandes.models import (
    STATUTS_ETEINTS,
    Beneficiaire,
    Demande,
    Dossier,
    PieceJustificative,
    VersionDemande,
)
from segurnum.demandes.preuves import BENEFICIAIRES, CONTENU, VERSIONS, preuves
from segurnum.enrolements.models import Enrolement
from segurnum.fichiers.models import Fichier
from segurnum.financements import services as financements
from segurnum.journal import services as journal
from segurnum.journal.preuves import prouver_chacune
from segurnum.regles import calendrier
from segurnum.regles.cycles import StatutDemande, TypeDemande
from segurnum.regles.erreurs import GesteImpossible
from segurnum.regles.numeros import NumeroDossier


@dataclass(frozen=True, kw_only=True)
class PieceJointe:
    """A piece that comes with the request. `type` may be completed by the dossier's number, as « {dossier} »."""

    nom: str
    type: str
    fichier: Fichier


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """One request in the normal form of its couloir. `dossier` is the avance's, for a solde.

    `pieces` come with a form; those that a file announces come after it.
    """

    donnees: dict[str, Any]
    numero_editeur: str = ""
    montant_declare: Decimal | None  # euros HT
    taux_tva: Decimal  # %, 0 under « HT »
    dossier: str | None = None
    pieces: tuple[PieceJointe, ...] = ()


@transaction.atomic(savepoint=False)  # no caller goes on without them
def enregistrer(
    *,
    enrolement: Enrolement,
    couloir: Couloir,
    type_demande: TypeDemande,
    declarations: Sequence[Declaration],
    auteur: Auteur,
    instant: datetime,
) -> list[Demande]:
    """Create the requests, numbered, with their versions, beneficiaries and pieces.

    `instant` is when the portal began to receive them: the journal tells it beside the one when it writes.
    Those of a file are « Non complétée » until their pieces come; those of a form are handed over at once.
    """
    format_ = couloir.format(type_demande, instant)
    statut = format_.statut_initial
    fin = expiration(instant) if statut is StatutDemande.NON_COMPLETEE else None
    dossiers = _dossiers(enrolement, couloir, type_demande, declarations)
    demandes = Demande.objects.bulk_create(
        Demande(
            dossier=dossier,
            entreprise_id=enrolement.entreprise_id,
            numero=f"{dossier.numero}{type_demande.suffixe}",
            type=type_demande,
            dsr=couloir.dsr,
            numero_editeur=declaration.numero_editeur,
            statut=statut,
            statut_depuis=instant,
            depose_le=instant,
            expire_le=fin,
            rappel_le=prochain_rappel(fin, instant),
            montant_declare=declaration.montant_declare,
            taux_tva=declaration.taux_tva,
        )
        for dossier, declaration in zip(dossiers, declarations, strict=True)
    )
    _enregistrer_contenu(demandes, declarations, format_.places, auteur, instant)
    incompletes = statut is StatutDemande.NON_COMPLETEE
    if not incompletes:
        financements.transmettre(demandes)
    prouvees = preuves(demandes, (VERSIONS, BENEFICIAIRES) if incompletes else CONTENU)
    lignes = prouver_chacune(demandes)
    journal.consigner(
        [
            journal.Fait(
                chaine=demande.dossier.chaine,
                objet=demande.objet,
                geste="DEPOSER",
                auteur=auteur,
                apres=demande.statut,
                details={
                    "numero": demande.numero,
                    "etat": etat_de(demande),
                    "preuve": prouvees[demande.pk],
                    "recu_le": instant.isoformat(),
                    "montant_declare": ""
                    if demande.montant_declare is None
                    else str(demande.montant_declare),
                }
                | lignes[demande.pk],
            )
            for demande in demandes
        ]
    )
    return demandes


def expiration(instant: datetime) -> datetime:
    """The end of the seventh day: the day that is shown is a day that can still be used (INC-005)."""
    dernier = calendrier.jours_apres(instant, calendrier.DELAI_COMPLETION)
    return calendrier.fin_de_journee(calendrier.jour_de_paris(dernier))


def prochain_rappel(fin: datetime | None, instant: datetime) -> datetime | None:
    """When its supplier is next told that an incomplete request ends: the morning two days before, then of the day."""
    if fin is None:
        return None
    matins = (calendrier.matin(calendrier.jour_de_paris(fin) - timedelta(days=avant)) for avant in (2, 0))
    return next((matin for matin in matins if matin > instant), None)


def _dossiers(
    enrolement: Enrolement, couloir: Couloir, type_demande: TypeDemande, declarations: Sequence[Declaration]
) -> list[Dossier]:
    if type_demande is TypeDemande.SOLDE:
        numeros = [declaration.dossier for declaration in declarations]
        connus = {dossier.numero: dossier for dossier in enrolement.dossiers.filter(numero__in=numeros)}
        _tenir_les_avances(connus)
        return [connus[str(numero)] for numero in numeros]
    return Dossier.objects.bulk_create(
        Dossier(
            numero=str(NumeroDossier(couloir.sigle, sequence)),
            entreprise_id=enrolement.entreprise_id,
            enrolement=enrolement,
            dsr=couloir.dsr,
        )
        for sequence in _sequences(len(declarations))
    )


def _tenir_les_avances(dossiers: Mapping[str, Dossier]) -> None:
    """No avance goes while its solde comes: an officer who rejects or cancels it now waits, then sees the solde."""
    tenues = (
        Demande.objects.select_for_update(of=("self",))
        .filter(dossier__in=dossiers.values(), type=TypeDemande.AVANCE)
        .exclude(statut__in=STATUTS_ETEINTS)
        .order_by("pk")
        .values_list("dossier__numero", "statut")
    )
    statuts = dict(tenues)
    for numero in sorted(dossiers):
        if numero not in statuts:
            raise GesteImpossible(
                f"L'avance du dossier {numero} vient d'être rejetée ou annulée : son solde ne peut plus être déposé."
            )
        if statuts[numero] == StatutDemande.NON_COMPLETEE:
            raise GesteImpossible(
                f"L'avance du dossier {numero} attend encore ses pièces : terminez son dépôt avant celui de son solde."
            )


def _sequences(nombre: int) -> list[int]:
    """Numbers of the series shared by all couloirs (RUL-015): never given twice, even after a failure."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT nextval('dossier_sequence') FROM generate_series(1, %s)", [nombre])
        return sorted(ligne[0] for ligne in curseur.fetchall())


def _enregistrer_contenu(
    demandes: Sequence[Demande],
    declarations: Sequence[Declaration],
    places: Places,
    auteur: Auteur,
    instant: datetime,
) -> None:
    couples = list(zip(demandes, declarations, strict=True))
    VersionDemande.objects.bulk_create(
        VersionDemande(
            demande=demande,
            rang=1,
            donnees=declaration.donnees,
            auteur_id=auteur.cle,
            cree_le=instant,
            motif="Dépôt",
        )
        for demande, declaration in couples
    )
    declares = Beneficiaire.objects.bulk_create(
        beneficiaire
        for demande, declaration in couples
        for beneficiaire in beneficiaires(demande, declaration, places)
    )
    financements.revendiquer(declares)
    PieceJustificative.objects.bulk_create(
        piece for demande, declaration in couples for piece in _pieces(demande, declaration, instant)
    )


def _pieces(demande: Demande, declaration: Declaration, instant: datetime) -> list[PieceJustificative]:
    """The pieces that came with the request, or those that its file announces."""
    if declaration.pieces:
        return [
            PieceJustificative(
                demande=demande,
                nom=piece.nom,
                type=piece.type.format(dossier=demande.dossier.numero),
                fichier=piece.fichier,
                depose_le=instant,
            )
            for piece in declaration.pieces
        ]
    return [
        PieceJustificative(demande=demande, nom=piece.nom, type=piece.type)
        for piece in pieces_attendues(declaration.donnees)
    ]


def beneficiaires(demande: Demande, declaration: Declaration, places: Places) -> list[Beneficiaire]:
    """The rows to show and to check unicity on, from what is declared."""
    return [
        Beneficiaire(
            demande=demande,
            rang=rang,
            dsr=demande.dsr,
            type_identifiant=lu.type_identifiant,
            identifiants=list(lu.identifiants),
            nom=lu.nom or "",
            courriel=lu.courriel or "",
            telephone=lu.telephone or "",
            raison_sociale=lu.raison_sociale or "",
        )
        for rang, lu in enumerate(places.beneficiaires(declaration.donnees), start=1)
    ]
