"""Requests brought to every status by the same services as the screens, so that history, mails and letters are real."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from segurnum import couloirs
from segurnum.comptes.auteurs import Auteur, auteur
from segurnum.comptes.models import Entreprise, Utilisateur
from segurnum.demandes import montants, octrois
from segurnum.demandes import queries as demandes_lues
from segurnum.demandes import services as demandes
from segurnum.demandes.models import Demande
from segurnum.demonstration import documents, fabrique, fautes, reference
from segurnum.depots import modifications
from segurnum.depots import pieces as pieces_deposees
from segurnum.depots import services as depots
from segurnum.depots.models import Depot
from segurnum.fichiers import services as fichiers
from segurnum.financements import contestations
from segurnum.paiements import services as paiements
from segurnum.paiements.models import Versement
from segurnum.recouvrements import services as recouvrements
from segurnum.regles import calendrier
from segurnum.regles.argent import arrondir
from segurnum.regles.cycles import StatutDemande, TypeDemande
from segurnum.regles.cycles_contestation import PositionPartie


class Destin(Enum):
    """Where a request of the demonstration stands at the end."""

    EN_COURS = auto()
    MODIFIEE = auto()
    COMPLETEE = auto()
    EN_ATTENTE_PIECE = auto()
    A_MODIFIER = auto()
    VALIDEE = auto()
    DECIDEE = auto()
    MISE_EN_PAIEMENT = auto()
    PAYEE = auto()
    PAIEMENT_REJETE = auto()
    A_RECOUVRER = auto()
    RECOUVREE_EN_PARTIE = auto()
    REJETEE = auto()
    ANNULEE = auto()


D = Destin


@dataclass(frozen=True)
class Lot:
    """One deposit of avances, then one of soldes for the first of those that were paid. `code`: of a couloir."""

    compte: str
    code: str
    avances: tuple[Destin, ...]
    soldes: tuple[Destin, ...] = ()


LOTS = (
    Lot(
        "demo-fournisseur",
        "MS1-DUI",
        (
            *(D.PAYEE, D.PAYEE, D.PAYEE, D.EN_COURS, D.EN_COURS, D.EN_ATTENTE_PIECE, D.A_MODIFIER),
            *(D.VALIDEE, D.DECIDEE, D.REJETEE),
        ),
        (D.PAYEE, D.EN_COURS),
    ),
    Lot(
        "demo-fournisseur",
        "HOP-DPI-Va1",
        (D.PAYEE, D.PAYEE, D.EN_COURS, D.VALIDEE, D.ANNULEE, D.PAIEMENT_REJETE, D.MODIFIEE, D.COMPLETEE),
        (D.DECIDEE,),
    ),
    Lot(
        "demo-fournisseur",
        "MDV-LGC-Va1",
        (D.PAYEE, D.A_RECOUVRER, D.EN_COURS, D.VALIDEE, D.MISE_EN_PAIEMENT),
        (D.VALIDEE,),
    ),
    Lot("demo-fournisseur", "RAD-RIS", (D.RECOUVREE_EN_PARTIE, D.VALIDEE, D.EN_COURS)),
    Lot(
        "demo-fournisseur2",
        "MS1-DUI",
        (D.PAYEE, D.EN_COURS, D.VALIDEE, D.REJETEE, D.DECIDEE),
        (D.EN_ATTENTE_PIECE,),
    ),
)
# Imported, their pieces refused or not sent yet: to be completed within seven days.
NON_COMPLETES = (("demo-fournisseur", "MS1-DUI", 2), ("demo-fournisseur", "RAD-RIS", 3))


def _lots() -> Iterator[Lot]:
    """Those above, then a few requests of every other couloir whose window is open."""
    yield from LOTS
    joues = {couloirs.trouver(lot.code) for lot in LOTS}
    for couloir in couloirs.par_fichier():
        if couloir not in joues and (couloir.dsr, TypeDemande.AVANCE) != reference.FENETRE_FERMEE:
            yield Lot(reference.COMPTE_TEMOIN, couloir.dsr, (D.PAYEE, D.EN_COURS, D.VALIDEE), (D.EN_COURS,))


def jouer(dire: Callable[[str], None]) -> None:
    """Make every deposit; `dire` is told what is being done, in French."""
    acteurs = Acteurs()
    for lot in _lots():
        dire(
            f"{couloirs.trouver(lot.code).libelle} : avances ({len(lot.avances)}) et soldes ({len(lot.soldes)})"
        )
        _jouer_lot(lot, acteurs)
    dire("Un fichier refusé, pour voir un rapport d'erreurs")
    _simuler_des_erreurs(acteurs)
    for compte, code, nombre in NON_COMPLETES:
        dire(f"{couloirs.trouver(code).libelle} : demandes non complétées ({nombre})")
        _laisser_incomplet(compte, code, nombre, acteurs, avec_archive=code == "RAD-RIS")


def disputer() -> None:
    """Two establishments that a second supplier claims too: one to examine, one whose suppliers are asked."""
    acteurs = Acteurs()
    premier, second = (acteurs.comptes[nom] for nom in ("demo-fournisseur", "demo-fournisseur2"))
    source = fabrique.source_de(_entreprise(second), "MS1-DUI")
    voulues = demandes_lues.de_l_entreprise(_entreprise(premier)).filter(
        dsr=source.couloir.dsr, type=TypeDemande.AVANCE, statut=StatutDemande.EN_COURS
    )[:2]
    fichier = fabrique.fichier_d_avances(source, len(voulues))
    for ligne, voulue in zip(fichier["lignesImport"], voulues, strict=True):
        (sien, *_), (autre, *_) = (
            lu.identifiants
            for donnees in (ligne, demandes_lues.donnees_courantes(voulue))
            for lu in voulue.format().places.beneficiaires(donnees)[:1]
        )
        ligne.update(_au_lieu_de(sien, autre, ligne))
    *_, derniere = _deposer(source, second, fichier, TypeDemande.AVANCE)
    ouvertes = contestations.contester(
        demande=derniere.pk, auteur=acteurs.gestionnaire, motif="Deux bons de commande du même établissement."
    )
    contestations.repondre(
        partie=ouvertes[0].parties.get(demande=derniere).pk,
        auteur=auteur(second),
        position=PositionPartie.MAINTIEN,
        texte="Le bon de commande est signé de la directrice, qui nous l'a confirmé par téléphone.",
    )


def _au_lieu_de(ancien: str, nouveau: str, valeur: Any) -> Any:
    """The same data, this identifier being another wherever it stands."""
    if isinstance(valeur, dict):
        return {nom: _au_lieu_de(ancien, nouveau, dedans) for nom, dedans in valeur.items()}
    if isinstance(valeur, list):
        return [_au_lieu_de(ancien, nouveau, dedans) for dedans in valeur]
    return nouveau if valeur == ancien else valeur


class Acteurs:
    """The people of the demonstration, as authors."""

    def __init__(self) -> None:
        self.comptes = {
            u.username: u
            for u in Utilisateur.objects.select_related("entreprise").filter(username__startswith="demo-")
        }
        self.gestionnaire = auteur(self.comptes["demo-gestionnaire"])
        self.decideur = auteur(self.comptes["demo-decideur"])
        self.comptable = auteur(self.comptes["demo-comptable"])


def _entreprise(compte: Utilisateur) -> Entreprise:
    if compte.entreprise is None:
        raise AssertionError(f"le compte {compte} n'a pas d'entreprise")
    return compte.entreprise


def _jouer_lot(lot: Lot, acteurs: Acteurs) -> None:
    compte = acteurs.comptes[lot.compte]
    source, fournisseur = fabrique.source_de(_entreprise(compte), lot.code), auteur(compte)
    avances = _deposer(
        source, compte, fabrique.fichier_d_avances(source, len(lot.avances)), TypeDemande.AVANCE
    )
    for demande, destin in zip(avances, lot.avances, strict=True):
        mener(demande.pk, destin, acteurs, fournisseur)
    if not lot.soldes:
        return
    a_solder = [Demande.objects.get(pk=demande.pk) for demande in avances[: len(lot.soldes)]]
    soldes = _deposer(source, compte, fabrique.fichier_de_soldes(source, a_solder), TypeDemande.SOLDE)
    for demande, destin in zip(soldes, lot.soldes, strict=True):
        mener(demande.pk, destin, acteurs, fournisseur)


def _laisser_incomplet(compte: str, code: str, nombre: int, acteurs: Acteurs, *, avec_archive: bool) -> None:
    utilisateur = acteurs.comptes[compte]
    source = fabrique.source_de(_entreprise(utilisateur), code)
    fichier = fabrique.fichier_d_avances(source, nombre)
    depot = _importer(source, utilisateur, fichier, TypeDemande.AVANCE)
    if avec_archive:
        _envoyer(depot, auteur(utilisateur), fabrique.pieces(source, fichier)[:-1])


def _simuler_des_erreurs(acteurs: Acteurs) -> None:
    compte = acteurs.comptes["demo-fournisseur"]
    source = fabrique.source_de(_entreprise(compte), "MS1-DUI")
    depots.simuler(
        enrolement=source.enrolement,
        auteur=auteur(compte),
        type_demande=TypeDemande.AVANCE,
        taux_tva=source.enrolement.taux_tva,
        nom_fichier="commandes-a-corriger.json",
        octets=fabrique.en_octets(fautes.abimer_le_fichier(source, fabrique.fichier_d_avances(source, 4))),
    )


def _deposer(
    source: fabrique.Source, compte: Utilisateur, fichier: dict[str, object], type_demande: TypeDemande
) -> list[Demande]:
    depot = _importer(source, compte, fichier, type_demande)
    _envoyer(depot, auteur(compte), fabrique.pieces(source, fichier))
    pieces_deposees.terminer(depot=depot.pk, auteur=auteur(compte))
    return list(
        Demande.objects.filter(ligne_depot__depot=depot)
        .select_related("dossier")
        .order_by("ligne_depot__rang")
    )


def _importer(
    source: fabrique.Source, compte: Utilisateur, fichier: dict[str, object], type_demande: TypeDemande
) -> Depot:
    resultat = depots.simuler(
        enrolement=source.enrolement,
        auteur=auteur(compte),
        type_demande=type_demande,
        taux_tva=source.enrolement.taux_tva,
        nom_fichier=f"{source.couloir.code.lower()}-{type_demande.value.lower()}.json",
        octets=fabrique.en_octets(fichier),
    )
    if not resultat.rapport.conforme:
        raise AssertionError(f"le jeu de démonstration n'est pas conforme :\n{resultat.rapport.en_texte()}")
    return depots.importer(simulation=resultat.simulation.pk, auteur=auteur(compte))


def _envoyer(depot: Depot, fournisseur: Auteur, contenus: list[tuple[str, bytes]]) -> None:
    """Send the ZIP and check it here: the queue will find it checked."""
    archive = pieces_deposees.recevoir(
        depot=depot,
        auteur=fournisseur,
        nom_fichier=depot.nom_fichier.replace(".json", ".zip"),
        flux=io.BytesIO(documents.archiver(contenus)),
    )
    pieces_deposees.controler(archive=archive.pk)


def mener(cle: int, destin: Destin, acteurs: Acteurs, fournisseur: Auteur) -> None:
    match destin:
        case D.EN_COURS:
            pass
        case D.EN_ATTENTE_PIECE | D.COMPLETEE:
            _demander_piece(cle, acteurs, fournisseur, completer=destin is D.COMPLETEE)
        case D.A_MODIFIER | D.MODIFIEE:
            _demander_modification(cle, acteurs, fournisseur, modifier=destin is D.MODIFIEE)
        case D.REJETEE:
            motif = "Le bon de commande n'est pas signé par le client : la demande ne peut pas être financée."
            demandes.rejeter(demande=cle, auteur=acteurs.gestionnaire, motif=motif)
        case D.ANNULEE:
            _valider(cle, acteurs)
            motif = "Commande résiliée par le client avant l'installation."
            paiements.annuler(demande=cle, auteur=acteurs.gestionnaire, motif=motif)
        case _:
            _valider(cle, acteurs)
            if destin is not D.VALIDEE:
                _payer(cle, destin, acteurs)


def _valider(cle: int, acteurs: Acteurs) -> None:
    """As an officer does: what no ceiling covers is granted first, and approved by who decides."""
    demande = Demande.objects.select_related("dossier").get(pk=cle)
    plafond = montants.plafond_de(demande)
    if not plafond.montant_ht and plafond.inconnu and demande.montant_declare:
        octrois.octroyer(
            demande=cle,
            auteur=acteurs.gestionnaire,
            montant=demande.montant_declare,
            motif="Établissement ouvert après la publication de la table : plafond d'un établissement comparable.",
        )
        octrois.approuver(demande=cle, auteur=acteurs.decideur)
    demandes.valider(demande=cle, auteur=acteurs.gestionnaire)


def _payer(cle: int, destin: Destin, acteurs: Acteurs) -> None:
    decision = paiements.decider(demande=cle, auteur=acteurs.decideur)
    if destin is D.DECIDEE:
        return
    versement = Versement.objects.get(decision=decision)
    paiements.mettre_en_paiement(versement=versement.pk, auteur=acteurs.comptable)
    if destin in (D.PAYEE, D.A_RECOUVRER, D.RECOUVREE_EN_PARTIE):
        paiements.constater(
            versement=versement.pk,
            auteur=acteurs.comptable,
            montant=versement.montant_decide,
            jour=calendrier.jour_de_paris(calendrier.maintenant()),
        )
    elif destin is D.PAIEMENT_REJETE:
        paiements.rejeter(versement=versement.pk, auteur=acteurs.comptable, motif="AC04 : compte clôturé")

    if destin in (D.A_RECOUVRER, D.RECOUVREE_EN_PARTIE):
        _recouvrer(cle, acteurs, versement, emis=destin is D.RECOUVREE_EN_PARTIE)


def _recouvrer(cle: int, acteurs: Acteurs, versement: Versement, *, emis: bool) -> None:
    """Part of what was paid is asked back: proposed only, or issued and repaid by half."""
    moitie = arrondir(versement.montant_decide / 2)
    ordre = recouvrements.proposer(
        demande=cle,
        auteur=acteurs.gestionnaire,
        montant=moitie,
        motif="La commande a été résiliée pour la moitié des postes : la moitié de l'avance est à reverser.",
    )
    if not emis:
        return
    titre = recouvrements.emettre(recouvrement=ordre.pk, auteur=acteurs.decideur)
    recouvrements.rembourser(
        recouvrement=titre.pk,
        auteur=acteurs.comptable,
        montant=arrondir(moitie / 2),
        jour=calendrier.jour_de_paris(calendrier.maintenant()),
        reference="VIR-DEMONSTRATION-1",
        payeur=titre.entreprise.siret,
    )


def _demander_piece(cle: int, acteurs: Acteurs, fournisseur: Auteur, *, completer: bool) -> None:
    motif = "La page de signature du bon de commande est illisible : joignez une numérisation complète."
    demandes.demander_piece(demande=cle, auteur=acteurs.gestionnaire, motif=motif)
    if not completer:
        return
    demande = Demande.objects.select_related("dossier__enrolement__referencement").get(pk=cle)
    demandes.ajouter_piece(
        demande=cle,
        auteur=fournisseur,
        nom="bon-de-commande-signe.pdf",
        type_piece="BON_COMMANDE",
        fichier=fichiers.deposer(flux=io.BytesIO(_bon_signe(demande))),
    )
    demandes.valider_ajout(demande=cle, auteur=fournisseur)


def _bon_signe(demande: Demande) -> bytes:
    donnees = demandes_lues.donnees_courantes(demande)
    enrolement = demande.dossier.enrolement
    source = fabrique.Source(enrolement, demande.couloir, calendrier.jour_de_paris(demande.depose_le))
    return documents.fabriquer(fabrique.contenu(source, donnees, 0, "BON_COMMANDE"), "PDF")


def _demander_modification(cle: int, acteurs: Acteurs, fournisseur: Auteur, *, modifier: bool) -> None:
    motif = "Le nom du responsable n'est pas celui du bon de commande : corrigez-le."
    demandes.demander_modification(demande=cle, auteur=acteurs.gestionnaire, motif=motif)
    if not modifier:
        return
    demande = Demande.objects.select_related("dossier__enrolement__referencement", "entreprise").get(pk=cle)
    champ = next(
        champ.nom
        for champ in modifications.champs_de(demande)
        if champ.champ.nom == fabrique.premiere_liste(demande.couloir).nom
    )
    modifications.confirmer(demande=demande.pk, saisie={champ: "MARVAUZY-LORMELIN"}, auteur=fournisseur)
