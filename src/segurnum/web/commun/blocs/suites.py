"""The pieces of a request and what followed: « Courriels automatiques envoyés », « Suivi Financier »."""

from dataclasses import dataclass

from segurnum.courriels.models import Courriel
from segurnum.courriels.phrases import situation
from segurnum.courriels.queries import courriels_de, etat_du_serveur
from segurnum.demandes.models import Demande, PieceJustificative
from segurnum.demandes.queries import lettres_de_l_avance
from segurnum.depots.queries import sujets_de
from segurnum.kits.tableau import Affiche, Colonne, Tableau
from segurnum.paiements.models import Versement
from segurnum.paiements.queries import suivi_financier
from segurnum.recouvrements.models import Recouvrement
from segurnum.recouvrements.queries import du_dossier
from segurnum.regles.calendrier import date_fr
from segurnum.regles.cycles import TypeDemande
from segurnum.regles.textes import tronquer
from segurnum.web.commun.blocs.consultee import Consultee

OBJET_MAX = 80
SUIVI = Tableau(
    "suivi",
    "Suivi financier du dossier, avance et solde",
    (
        Colonne("numero", "Numéro de la demande", cellule="demande.numero"),
        Colonne("objet", "Objet du versement", cellule="versement.objet"),
        Colonne("type", "Type du versement", cellule="versement.type"),
        Colonne("etat", "État du paiement", cellule="commun/composants/etat_paiement.html"),
        Colonne("montant_decide", "Montant décidé", cellule="versement.montant_decide|euros"),
        Colonne("valide_le", "Date de validation", cellule="demande.valide_le|jour"),
        Colonne(
            "mis_en_paiement_le", "Date de mise en paiement", cellule="versement.mis_en_paiement_le|jour"
        ),
        Colonne("montant_paye", "Montant payé", cellule="commun/composants/montant_paye.html"),
        Colonne("paye_le", "Date de paiement effective", cellule="versement.paye_le|jour"),
        Colonne("avis", "Avis de paiement", cellule="commun/composants/avis_paiement.html"),
    ),
)


@dataclass(frozen=True)
class CourrielEcrit:
    """`situation`: empty once it left and nothing was heard of it since."""

    courriel: Courriel
    situation: str

    @property
    def titre(self) -> str:
        return f"{date_fr(self.courriel.cree_le)} - {tronquer(self.courriel.objet, OBJET_MAX)}"

    @property
    def destinataire(self) -> str:
        return self.courriel.destinataire


def courriels(consultee: Consultee) -> tuple[CourrielEcrit, ...]:
    """Every mail written about the request, newest first (REQ-068)."""
    return courriels_sur(*sujets_de(consultee.demande))


def courriels_sur(*sujets: str) -> tuple[CourrielEcrit, ...]:
    """Every mail written about these things, newest first."""
    lus = list(courriels_de(*sujets))
    serveur = etat_du_serveur() if any(courriel.a_remettre_le for courriel in lus) else None
    return tuple(
        CourrielEcrit(lu, "" if lu.envoye_le and not lu.derniere_erreur else situation(lu, serveur))
        for lu in lus
    )


@dataclass(frozen=True)
class LigneSuivi:
    """A payment; `avis`: where its notice is read, once there is one."""

    versement: Versement
    avis: str

    @property
    def demande(self) -> Demande:
        return self.versement.decision.demande


TITRES = Tableau(
    "titres",
    "Titres de recette du dossier : sommes à reverser",
    (
        Colonne("numero", "Titre", cellule="titre.numero"),
        Colonne("demande", "Numéro de la demande", cellule="titre.demande.numero"),
        Colonne("nature", "Nature", cellule="titre.nature", precision="titre.motif"),
        Colonne("statut", "État", cellule="titre.statut.libelle"),
        Colonne("montant", "Montant", cellule="titre.montant|euros"),
        Colonne("recu", "Reversé ou compensé", cellule="titre.recu|euros"),
        Colonne("reste", "Reste dû", cellule="commun/composants/reste_du.html"),
        Colonne("echeance", "À reverser avant le", cellule="titre.echeance|jour"),
        Colonne("lettre", "Titre de recette", cellule="commun/composants/titre_de_recette.html"),
    ),
)


@dataclass(frozen=True)
class LigneTitre:
    """A recovery order; `adresse`: where its letter is read."""

    titre: Recouvrement
    adresse: str


@dataclass(frozen=True)
class Suivi:
    """What was paid of the dossier, and what is asked back of it; each None where there is none."""

    versements: Affiche | None
    titres: Affiche | None


def suivi(consultee: Consultee) -> Suivi | None:
    """The payments of the dossier, common to avance and solde; hidden until the avance is decided (REQ-059)."""
    dossier = consultee.demande.dossier
    lignes = [
        LigneSuivi(versement, consultee.adresses.avis(versement) if versement.avis_id else "")
        for versement in suivi_financier(dossier)
    ]
    titres = [LigneTitre(titre, consultee.adresses.titre(titre)) for titre in du_dossier(dossier)]
    if not lignes and not titres:
        return None
    return Suivi(
        versements=consultee.tableau(SUIVI, lignes) if lignes else None,
        titres=consultee.tableau(TITRES, titres) if titres else None,
    )


PIECES = Tableau(
    "pieces",
    "Pièces justificatives de la demande",
    (
        Colonne("nom", "Nom fichier", cellule="commun/composants/nom_piece.html"),
        Colonne("type", "Type", cellule="piece.type", precision="libelle"),
        Colonne("depose_le", "Date de dépôt", cellule="piece.depose_le|jour"),
        Colonne("adresse", "Consulter", cellule="commun/composants/lire_piece.html"),
    ),
)


@dataclass(frozen=True)
class LignePiece:
    """`adresse` is empty while there is nothing to download; `empechement` then says why."""

    piece: PieceJustificative
    libelle: str
    adresse: str
    empechement: str


def pieces(consultee: Consultee, tableau: Tableau = PIECES) -> Affiche:
    """The pieces deposited, added, and those of the agency (REQ-050, REQ-051)."""
    demande = consultee.demande
    de_l_avance = lettres_de_l_avance(demande) if consultee.type is TypeDemande.SOLDE else ()
    siennes = [piece for piece in demande.pieces.all() if _etait_la(piece, consultee)]
    lignes = [_ligne_piece(piece, consultee) for piece in (*siennes, *de_l_avance)]
    return consultee.tableau(tableau, lignes)


def _etait_la(piece: PieceJustificative, consultee: Consultee) -> bool:
    """An older version is read with the pieces of its deposit, and those that it was confirmed with."""
    if not consultee.ancienne or piece.origine == PieceJustificative.Origine.DEPOT:
        return True
    return piece.depose_le is not None and piece.depose_le <= consultee.version.cree_le


def _ligne_piece(piece: PieceJustificative, consultee: Consultee) -> LignePiece:
    empechement = ""
    if piece.fichier is None:
        empechement = "Annoncée, pas encore déposée"
    elif piece.fichier.retenu:
        empechement = f"Téléchargement bloqué : {piece.fichier.retenu}"
    return LignePiece(
        piece=piece,
        libelle=consultee.couloir.depot.libelle_piece(piece.type),
        adresse="" if empechement else consultee.adresses.piece(piece),
        empechement=empechement,
    )
