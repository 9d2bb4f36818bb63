"""The life cycles that lives are drawn from, and how each of their gestures is made: one player by gesture.

Another life cycle joins by a `Table` and its players (in `joueurs`). A gesture that nobody makes by itself is said in
SANS_JOUEUR; most of those happen all the same, and the report of a campaign counts them (`Releve.faits`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from segurnum.comptes.auteurs import Auteur
from segurnum.essais.vies.monde import Monde
from segurnum.essais.vies.photo import Photo
from segurnum.essais.vies.tirage import Tirage
from segurnum.regles.cycles import (
    DEMANDE,
    PAIEMENT,
    Acteur,
    EnumLibelle,
    EtatPaiement,
    GesteDemande,
    GestePaiement,
    StatutDemande,
    Transition,
)
from segurnum.regles.cycles_contestation import CONTESTATION, GesteContestation, StatutContestation
from segurnum.regles.cycles_coordonnees import BANCAIRE, GesteModification, StatutModification
from segurnum.regles.cycles_enveloppes import MOUVEMENT
from segurnum.regles.cycles_recouvrements import RECOUVREMENT, GesteRecouvrement, StatutRecouvrement
from segurnum.regles.gestes import GesteUnicite

MOTIF = "Le bon de commande n'est pas signé."
Joueur = Callable[[Monde, Any, Auteur, Tirage], object]


@dataclass(frozen=True)
class Table:
    """A life cycle: its rows, its objects as the photo has them, and which of their columns is their status."""

    nom: str
    passages: tuple[Transition[Any, Any], ...]
    objets: Callable[[Photo], Sequence[Any]]
    etat: str = "statut"

    def depuis(self, objet: Any) -> EnumLibelle:
        etat: EnumLibelle = getattr(objet, self.etat)
        return etat


def _a_cote(depuis: EnumLibelle, geste: EnumLibelle) -> Transition[Any, Any]:
    """What is done of an object and moves another: who may is said by the rights, not by this row."""
    return Transition(depuis, geste, frozenset({Acteur.GESTIONNAIRE}), depuis, None, True, "")


TABLES = (
    Table("demande", DEMANDE, lambda photo: photo.demandes),
    Table("paiement", PAIEMENT, lambda photo: photo.versements, "etat"),
    Table("banque", BANCAIRE, lambda photo: photo.changements),
    Table("recouvrement", RECOUVREMENT, lambda photo: photo.recouvrements),
    Table("contestation", CONTESTATION, lambda photo: photo.parties),
    Table("mouvement", MOUVEMENT, lambda photo: photo.mouvements),
    Table(
        "bénéficiaires",
        tuple(_a_cote(StatutDemande.EN_COURS, geste) for geste in GesteUnicite),
        lambda photo: photo.demandes,
    ),
    Table(
        "ce qui est payé",
        (_a_cote(EtatPaiement.EFFECTUE, GesteRecouvrement.PROPOSER),),
        lambda photo: photo.demandes,
        "etat_paiement",
    ),
)


def suite(objet: Any, table: Table) -> EnumLibelle | None:
    """What is next for this object when nothing is wrong; None at its end."""
    prochains = SUITES.get(table.nom, {}).get(table.depuis(objet), ())
    return next((geste for geste in prochains if QUAND[nom_de(geste)](objet)), None)


SUITES: Mapping[str, Mapping[EnumLibelle, Sequence[EnumLibelle]]] = {
    "demande": {
        StatutDemande.NON_COMPLETEE: (GesteDemande.COMPLETER,),
        StatutDemande.EN_COURS: (GesteDemande.APPROUVER_OCTROI, GesteDemande.VALIDER),
        StatutDemande.VALIDEE: (GesteDemande.DECIDER, GesteDemande.CLORE_SANS_VERSEMENT),
    },
    "paiement": {EtatPaiement.EN_COURS: (GestePaiement.METTRE_EN_PAIEMENT, GestePaiement.CONSTATER)},
    "banque": {
        StatutModification.A_CONFIRMER: (GesteModification.CONFIRMER,),
        StatutModification.EN_COURS: (GesteModification.ACCEPTER,),
        StatutModification.A_CONTRESIGNER: (GesteModification.CONTRESIGNER,),
    },
    "recouvrement": {
        StatutRecouvrement.PROPOSE: (GesteRecouvrement.EMETTRE,),
        StatutRecouvrement.EMIS: (GesteRecouvrement.SOLDER,),
        StatutRecouvrement.PARTIEL: (GesteRecouvrement.SOLDER,),
    },
    "contestation": {
        StatutContestation.PROPOSEE: (GesteContestation.OUVRIR,),
        StatutContestation.EN_REPONSE: (GesteContestation.REPONDRE,),
        StatutContestation.A_TRANCHER: (GesteContestation.ATTRIBUER,),
    },
}


# By the name of their gesture: two tables may have gestures of the same value, which are equal.
JOUEURS: dict[str, Joueur] = {}
# How much more often than another a permitted gesture is made: lives are to reach their payments.
POIDS: dict[str, int] = {}
# Of which objects a gesture has a chance, besides their status: others are only tried at random.
QUAND: dict[str, Callable[[Any], bool]] = {}


def nom_de(geste: EnumLibelle) -> str:
    return f"{type(geste).__name__}.{geste.value}"


PAR_LA_NUIT = "by the sweeps"
AVEC_UN_AUTRE = "inside another gesture, which is played"
SANS_JOUEUR: Mapping[str, str] = {
    nom_de(geste): pourquoi
    for pourquoi, gestes in {
        "edits a draft, and changes no row of the request": (GesteDemande.MODIFIER,),
        "of the couloirs whose amounts a directory counts: `annuaire_sante` shows them": (
            GesteDemande.ARRETER_COMPTES,
            GesteDemande.CHANGER_COMPTES,
        ),
        PAR_LA_NUIT: (
            GesteDemande.EXPIRER,
            GesteDemande.TRANSMETTRE,
            GesteDemande.RELANCER,
            GesteDemande.CLORE_MODIFICATION,
            GesteDemande.CLORE_ATTENTE,
            GesteModification.ACTIVER,
            GesteRecouvrement.RELANCER,
            GesteContestation.RELANCER,
        ),
        AVEC_UN_AUTRE: (
            GesteDemande.HISTORISER,
            GesteDemande.ANNULER_RECOUVREE,
            GesteDemande.RECALCULER,
            GestePaiement.OUVRIR,
            GestePaiement.ANNULER,
            GestePaiement.COMPENSER,
            GestePaiement.DECOMPENSER,
            GesteContestation.RECUEILLIR,
            GesteContestation.CLASSER,
        ),
    }.items()
    for geste in gestes
}


def joue(
    *gestes: EnumLibelle, poids: int = 1, quand: Callable[[Any], bool] = lambda _: True
) -> Callable[[Joueur], Joueur]:
    """Say how these gestures are made on an object of their table, by whoever is drawn."""

    def retenir(joueur: Joueur) -> Joueur:
        for nom in map(nom_de, gestes):
            JOUEURS[nom], POIDS[nom], QUAND[nom] = joueur, poids, quand
        return joueur

    return retenir


def motif(tirage: Tirage) -> str:
    return tirage.parmi((MOTIF, MOTIF, MOTIF, MOTIF, " "))
