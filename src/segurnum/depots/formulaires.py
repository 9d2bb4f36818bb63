"""Deposit by web form: the values typed and the files of the zones become a request, handed over at once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from segurnum.annuaire_sante.verrous import lire_les_comptes
from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.droits import exiger, reserve
from segurnum.comptes.models import Entreprise
from segurnum.controles.contexte import Contexte
from segurnum.controles.fichiers import extension
from segurnum.controles.formulaire import empechements, lire_saisie
from segurnum.couloirs import Couloir
from segurnum.couloirs.formulaire import Formulaire, ZonePiece
from segurnum.couloirs.nomenclature import PIECES
from segurnum.demandes import baremes, brouillons, creation, queries
from segurnum.demandes.accuses import accuser_reception
from segurnum.demandes.models import STATUTS_ETEINTS, BrouillonDemande, Demande, PieceBrouillonDemande
from segurnum.depots import comptages
from segurnum.depots.contexte import contexte
from segurnum.enrolements.models import Enrolement
from segurnum.enrolements.queries import qui_deposent_par_formulaire
from segurnum.fichiers.services import exiger_sans_menace
from segurnum.regles import calendrier
from segurnum.regles.argent import Calcul
from segurnum.regles.cycles import StatutDemande, TypeDemande
from segurnum.regles.erreurs import GesteImpossible
from segurnum.regles.gestes import GesteDepot
from segurnum.regles.saisies import Envoi


@dataclass(frozen=True)
class Formulable:
    """One form of one enrolment, read once: what it asks, what is typed of it, what was deposited, and why nothing may
    be sent now (empty: it may). `derniere`: the last request of this type, dead or alive; `avance`: the living one.
    """

    enrolement: Enrolement
    type: TypeDemande
    couloir: Couloir
    formulaire: Formulaire
    zones: tuple[ZonePiece, ...]
    derniere: Demande | None
    avance: Demande | None
    brouillon: BrouillonDemande | None
    empechements: tuple[str, ...]

    @property
    def avance_ht(self) -> Decimal | None:
        """What the avance retained, euros HT, for its solde; None before it was looked at."""
        return self.avance.engagement_ht if self.avance and self.type is TypeDemande.SOLDE else None

    @property
    def avance_decidee(self) -> bool:
        return self.avance is not None and self.avance.statut is StatutDemande.DECIDEE


def formulable(
    enrolement: Enrolement, type_demande: TypeDemande, *, recu_le: datetime | None = None
) -> Formulable:
    """The form, as it stands for who asked for it then. Raises LookupError for a couloir deposited by a file."""
    couloir = enrolement.referencement.couloir
    if couloir is None:
        raise LookupError(f"Le DSR {enrolement.referencement.dsr} n'est pas encore traité par le portail.")
    derniere = queries.derniere(enrolement, type_demande)
    avance = (
        derniere if type_demande is TypeDemande.AVANCE else queries.derniere(enrolement, TypeDemande.AVANCE)
    )
    formulaire = formulaire_de(couloir, type_demande, _vivante(avance))
    connu = contexte(
        enrolement=enrolement,
        type_demande=type_demande,
        taux_tva=enrolement.taux_au(calendrier.instant_juge(recu_le)),
        instant=calendrier.instant_juge(recu_le),
    )
    return Formulable(
        enrolement=enrolement,
        type=type_demande,
        couloir=couloir,
        formulaire=formulaire,
        zones=formulaire.zones_de(enrolement.referencement.profil_operateur),
        derniere=derniere,
        avance=_vivante(avance),
        brouillon=brouillons.du_depot(enrolement, type_demande),
        empechements=_empechements(couloir, type_demande, connu, _vivante(derniere), _vivante(avance)),
    )


def formulaire_de(couloir: Couloir, type_demande: TypeDemande, avance: Demande | None) -> Formulaire:
    """The form of this type; that of a solde is held to what its avance declares."""
    formulaire = couloir.formulaire(type_demande)
    if avance is None or not formulaire.jours_suivis:
        return formulaire
    return formulaire.face_a(couloir.formulaire(TypeDemande.AVANCE), queries.donnees_courantes(avance))


def _vivante(demande: Demande | None) -> Demande | None:
    return None if demande is None or demande.statut in STATUTS_ETEINTS else demande


def _empechements(
    couloir: Couloir, type_demande: TypeDemande, connu: Contexte, deja: Demande | None, avance: Demande | None
) -> tuple[str, ...]:
    if connu.fenetre is None:
        return (
            f"Aucune fenêtre de dépôt n'est prévue pour {couloir.dsr} : le dépôt attendra qu'elle soit publiée.",
        )
    refus = empechements(couloir, type_demande, connu)
    if type_demande is TypeDemande.SOLDE and avance is None:
        refus.append(
            "Aucune demande d'avance n'est déposée, ou elle a été rejetée ou annulée : le solde ne se dépose "
            "qu'après une demande d'avance."
        )
    return (*refus, *([str(brouillons.DejaDeposee(deja))] if deja else []))


def prochaine_etape(entreprise: Entreprise, numero_ans: str = "") -> tuple[str, TypeDemande] | None:
    """What waits for the company, else the step that comes next: the avance, then the solde. None without enrolment.

    `numero_ans`: of this number only; all of them when it is empty.
    """
    inscrits = qui_deposent_par_formulaire(entreprise)
    if numero_ans:
        inscrits = inscrits.filter(referencement__numero_ans=numero_ans)
    attendues = queries.a_repondre(entreprise).filter(dossier__enrolement__in=inscrits)
    attendue = attendues.select_related("dossier__enrolement__referencement").first()
    if attendue is not None:
        return attendue.dossier.enrolement.referencement.numero_ans, attendue.type
    inscrit = inscrits.first()
    if inscrit is None:
        return None
    avance = queries.vivante(inscrit, TypeDemande.AVANCE)
    decidee = avance is not None and avance.statut is StatutDemande.DECIDEE
    return inscrit.referencement.numero_ans, TypeDemande.SOLDE if decidee else TypeDemande.AVANCE


@dataclass(frozen=True)
class Apercu:
    """What the form would bring today: the numbers that the portal counts, the amount and how it is computed.

    `declare`: euros HT, None like `calcul` before all is known; `refus`: why nothing can be computed.
    """

    comptes: comptages.Comptes | None
    calcul: Calcul | None = None
    declare: Decimal | None = None
    refus: str = ""

    @property
    def avertissement(self) -> str:
        """What is not known yet, and that the deposit is possible all the same."""
        return (self.comptes.avertissement if self.comptes else "") or self.refus


def apercu(forme: Formulable) -> Apercu:
    comptes = comptages.comptes_de(forme.enrolement) if forme.formulaire.comptes else None
    if comptes is not None and not comptes.connus:
        return Apercu(comptes)
    donnees = comptes.donnees if comptes else None
    jour = calendrier.jour_de_paris(calendrier.maintenant())
    solde = forme.avance if forme.type is TypeDemande.SOLDE else None
    try:
        calcul = baremes.calculer_du_bareme(
            forme.couloir,
            forme.type,
            taux_tva=forme.enrolement.taux_au(jour),
            jour=jour,
            donnees=donnees,
            avance_versee=solde.montant_decide if solde else None,
        )
    except GesteImpossible as refus:
        return Apercu(comptes, refus=str(refus))
    declare = baremes.montant_demande(
        forme.couloir, forme.type, jour=jour, donnees=donnees, avance_ht=forme.avance_ht
    )
    return Apercu(comptes, calcul, declare or Decimal(0))


@dataclass(frozen=True)
class Recu:
    """What became of a form that was sent: what is kept of it, and the request it became or why it did not."""

    garde: brouillons.Garde
    demande: Demande | None = None
    refus: str = ""


def recevoir(
    *,
    forme: Formulable,
    saisie: Mapping[str, str],
    auteur: Auteur,
    envoi: Envoi | None = None,
    pieces: Sequence[brouillons.PieceAGarder] = (),
    retirer: Collection[str] = (),
    importer: bool = False,
    recu_le: datetime | None = None,
) -> Recu:
    """Keep everything that came, then make the request of it if `importer` and nothing of it was refused.

    Raises what keeping raises (DejaDeposee, BrouillonModifie, SaisieDepassee): nothing is then kept.
    """
    garde = brouillons.garder(
        enrolement=forme.enrolement,
        type_demande=forme.type,
        saisie=saisie,
        auteur=auteur,
        envoi=envoi,
        pieces=pieces,
        retirer=retirer,
    )
    if not importer or garde.refus:
        return Recu(garde)
    try:
        demande = deposer(
            enrolement=forme.enrolement.pk, type_demande=forme.type, auteur=auteur, recu_le=recu_le
        )
    except brouillons.DejaDeposee:
        raise
    except GesteImpossible as refus:
        return Recu(garde, refus=str(refus))
    return Recu(garde, demande)


@reserve(GesteDepot.SAISIR)
@transaction.atomic
def deposer(
    *, enrolement: int, type_demande: TypeDemande, auteur: Auteur, recu_le: datetime | None = None
) -> Demande:
    """« Importer »: the draft becomes a request « En cours » (MSS-019). Raises GesteImpossible, and keeps the draft.

    `recu_le`: when the portal began to receive the gesture, which the window is judged on.
    """
    inscrit = (
        Enrolement.objects.select_for_update(of=("self",))
        .select_related("entreprise", "referencement")
        .get(pk=enrolement)
    )
    exiger(auteur, GesteDepot.SAISIR, inscrit)
    instant = calendrier.instant_juge(recu_le)
    forme = formulable(inscrit, type_demande, recu_le=instant)
    deja = _vivante(forme.derniere)
    if deja is not None:
        raise brouillons.DejaDeposee(deja)
    if forme.empechements:
        raise GesteImpossible(forme.empechements[0])
    brouillon = forme.brouillon
    if brouillon is None:
        raise GesteImpossible("Rien n'a été saisi : remplissez le formulaire avant de l'importer.")
    valeurs, fautes = lire_saisie(forme.formulaire.champs, brouillon.saisie)
    if fautes:
        raise GesteImpossible(next(iter(fautes.values()))[0])
    deposees = _pieces(forme, brouillon)
    exiger_sans_menace((piece.nom, piece.fichier) for piece in deposees)
    comptes = _comptes(forme)
    donnees = (
        valeurs | (comptes.donnees if comptes else {}) | {PIECES: [_annonce(piece) for piece in deposees]}
    )
    (demande,) = creation.enregistrer(
        enrolement=inscrit,
        couloir=forme.couloir,
        type_demande=type_demande,
        declarations=[
            creation.Declaration(
                donnees=donnees,
                montant_declare=baremes.montant_demande(
                    forme.couloir,
                    type_demande,
                    jour=calendrier.jour_de_paris(instant),
                    donnees=donnees,
                    avance_ht=forme.avance_ht,
                ),
                taux_tva=inscrit.taux_au(instant),
                dossier=forme.avance.dossier.numero
                if forme.avance and type_demande is TypeDemande.SOLDE
                else None,
                pieces=tuple(_jointe(piece) for piece in deposees),
            )
        ],
        auteur=auteur,
        instant=instant,
    )
    if comptes:
        comptages.garder_la_preuve(demande.pk, comptes)
    brouillons.effacer(brouillon)
    accuser_reception(demandes=[demande], recu_le=instant)
    return demande


def _comptes(forme: Formulable) -> comptages.Comptes | None:
    """What the portal counts itself, as far as it is known now: nobody changes it before the deposit is written."""
    if not forme.formulaire.comptes:
        return None
    lire_les_comptes()
    return comptages.comptes_de(forme.enrolement)


def _pieces(forme: Formulable, brouillon: BrouillonDemande) -> list[PieceBrouillonDemande]:
    """The files of the zones of this form, each mandatory one there, no two of the same name."""
    par_zone = {piece.zone: piece for piece in brouillon.pieces.all()}
    for zone in forme.zones:
        if zone.obligatoire and zone.type not in par_zone:
            raise GesteImpossible(f"Une pièce manque : « {zone.libelle} ». Choisissez son fichier.")
    deposees = [par_zone[zone.type] for zone in forme.zones if zone.type in par_zone]
    if len({piece.nom.lower() for piece in deposees}) != len(deposees):
        raise GesteImpossible(
            "Deux pièces portent le même nom de fichier : renommez l'une d'elles, puis choisissez-la de nouveau."
        )
    return deposees


def _annonce(piece: PieceBrouillonDemande) -> dict[str, str]:
    return {
        "nomFichier": piece.nom,
        "formatFichier": extension(piece.nom).upper(),
        "typeFichier": piece.zone,
    }


def _jointe(piece: PieceBrouillonDemande) -> creation.PieceJointe:
    """« MSS_GUIDE_PDF_API_FINMSS009266 » (MSS-025)."""
    return creation.PieceJointe(nom=piece.nom, type=f"{piece.zone}_{{dossier}}", fichier=piece.fichier)
