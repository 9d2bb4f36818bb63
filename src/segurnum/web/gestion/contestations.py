"""The contested beneficiaries: the queue of what waits, a contest beside its answers, what an officer settles."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse

from segurnum import couloirs
from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.models import Profil
from segurnum.fichiers.documents import Genre
from segurnum.financements import contestations as services
from segurnum.financements.models import Contestation, Partie
from segurnum.financements.permissions import gestes
from segurnum.financements.queries import (
    contestations,
    parties_de,
    pieces_de_reponse,
    revendiquees,
)
from segurnum.journal.chronologie import CONTESTATIONS, chronologie
from segurnum.journal.queries import evenements_de
from segurnum.kits.champs import motif
from segurnum.kits.criteres import Critere, critere_de_statut, egal
from segurnum.kits.geste import Geste, Saisie, admis, geste, par_code, sur
from segurnum.kits.navigation import vers
from segurnum.kits.tableau import Colonne, Tableau
from segurnum.kits.visionneuse import Piece, ouvrir, visionneuse
from segurnum.regles.cycles_contestation import (
    STATUTS_A_TRAITER,
    GesteContestation,
    StatutContestation,
)
from segurnum.seuil.acces import Requete, agents, bouton_de, page_de, reserve_a
from segurnum.seuil.documents import piece_de_reponse
from segurnum.seuil.telechargements import sert
from segurnum.web.gestion.instruction import FileAttente, Instruction

TABLEAU = Tableau(
    "liste-contestations",
    "Bénéficiaires contestés, le plus ancien d'abord",
    (
        Colonne(
            "beneficiaire",
            "Bénéficiaire",
            cellule="financement",
            titre=True,
            lien=vers("gestion:contestation"),
        ),
        Colonne("sons", "Programme", cellule="financement.sons"),
        Colonne("signalee", "Signalé le", cellule="proposee_le|jour", insecable=True),
        Colonne("echeance", "Réponses jusqu'au", cellule="echeance|jour", insecable=True),
        Colonne("statut", "Statut", cellule="statut|badge"),
        Colonne("depuis", "Depuis le", cellule="statut_depuis|jour", insecable=True),
    ),
    ordre=("proposee_le", "pk"),
)
AIDE_MOTIF = "Envoyé tel quel à chaque fournisseur : ne nommez ni l'un ni l'autre, ni leurs demandes."
SANS_MOTIF = "Le motif est obligatoire : chaque fournisseur doit savoir pourquoi."


A_TRAITER = "A_TRAITER"


def _de_statut(lignes: QuerySet[Contestation], valeur: str) -> QuerySet[Contestation]:
    return lignes.filter(statut__in=STATUTS_A_TRAITER if valeur == A_TRAITER else [valeur])


def _criteres(_requete: Requete) -> list[Critere]:
    """What waits for an officer, unless a status is asked for."""
    declares = [(c.dsr, f"{c.code} – {c.libelle}") for c in couloirs.tous()]
    return [
        critere_de_statut(
            A_TRAITER,
            tuple(StatutContestation),
            (A_TRAITER, "À examiner ou à trancher"),
            restreindre=_de_statut,
        ),
        Critere(
            "sons",
            "Programme",
            "",
            [("", "Tous les programmes"), *declares],
            restreindre=egal("financement__sons"),
        ),
    ]


FILE = FileAttente(
    "Bénéficiaires contestés",
    "Filtrer les bénéficiaires contestés",
    TABLEAU,
    contestations,
    _criteres,
)
COMMUNS = par_code(
    geste(
        "ouvrir",
        GesteContestation.OUVRIR,
        motif(
            "Motif de l'ouverture",
            "Gardé au dossier, et non envoyé. Chaque fournisseur est averti de sa seule demande et a dix jours ouvrés.",
            "Le motif de l'ouverture est obligatoire : il reste au dossier.",
        ),
        sur("contestation", services.ouvrir),
        "ouverte ; chaque fournisseur en est averti par courriel",
    ),
    geste(
        "ecarter",
        GesteContestation.ECARTER,
        motif(
            "Motif",
            "Gardé au dossier : dites pourquoi rien n'est contesté. La première demande validée est alors financée.",
            "Le motif est obligatoire : il reste au dossier.",
        ),
        sur("contestation", services.ecarter),
        "écartée",
    ),
    geste(
        "n-attribuer",
        GesteContestation.N_ATTRIBUER,
        motif("Motif", AIDE_MOTIF, SANS_MOTIF),
        sur("contestation", services.n_attribuer),
        "tranchée : le bénéficiaire n'est attribué à aucune demande",
        grave=True,
    ),
    geste(
        "rejeter",
        GesteContestation.REJETER,
        motif("Motif", AIDE_MOTIF, SANS_MOTIF),
        sur("contestation", services.rejeter),
        "tranchée : les demandes sont rejetées",
        grave=True,
    ),
)


def _attribuer(cle: int, ligne: Contestation, auteur: Auteur, saisie: Saisie) -> object:
    return services.attribuer(contestation=ligne.pk, auteur=auteur, motif=saisie["motif"], demande=cle)


def _gestes(ligne: Contestation) -> Mapping[str, Geste[Contestation]]:
    """One gesture gives the beneficiary to each request, then those that are about all."""
    attributions = (_geste_d_attribution(partie) for partie in parties_de(ligne))
    return par_code(*attributions, *COMMUNS.values())


def _geste_d_attribution(partie: Partie) -> Geste[Contestation]:
    demande = partie.demande
    return Geste(
        f"attribuer-{demande.pk}",
        f"Attribuer à la demande {demande.numero} de {demande.entreprise.denomination}",
        frozenset({GesteContestation.ATTRIBUER}),
        motif("Motif", AIDE_MOTIF, SANS_MOTIF),
        partial(_attribuer, demande.pk),
        f"tranchée : le bénéficiaire est attribué à la demande {demande.numero}",
    )


def _trouver(contestation: int) -> Contestation:
    ligne: Contestation = get_object_or_404(contestations(), pk=contestation)
    return ligne


def _contexte(requete: Requete, ligne: Contestation, *_: Any) -> dict[str, Any]:
    parties = list(parties_de(ligne))
    pieces = [
        Piece(
            piece.pk,
            piece.nom,
            piece_de_reponse(piece),
            reverse("gestion:piece_reponse", args=[ligne.pk, piece.pk]),
        )
        for partie in parties
        for piece in partie.pieces.all()
    ]
    return {
        "retour": reverse("gestion:contestations"),
        "parties": parties,
        "revendiquees": list(revendiquees(ligne.financement)),
        "visionneuse": visionneuse(requete, pieces, INSTRUCTION.adresse(requete, ligne)),
        "moments": chronologie(evenements_de(ligne.chaine), str(ligne.financement), CONTESTATIONS),
    }


@page_de(agents)
@sert(Genre.REPONSE)
def piece(requete: Requete, contestation: int, jointe: int) -> HttpResponseBase:
    """A piece of an answer, as a file to save."""
    ligne = get_object_or_404(pieces_de_reponse(), pk=jointe, partie__contestation=contestation)
    return ouvrir(requete, piece_de_reponse(ligne), reverse("gestion:contestation", args=[contestation]))


INSTRUCTION: Instruction[Contestation] = Instruction(
    sur="une contestation",
    gabarit="gestion/contestation.html",
    page="gestion:contestation",
    geste="gestion:geste_contestation",
    phrase="La procédure sur le bénéficiaire {0.financement} est {1}.",
    trouver=_trouver,
    cle=lambda ligne: (ligne.pk,),
    gestes=_gestes,
    permis=lambda personne, ligne: admis(_gestes(ligne), gestes(personne, ligne)),
    contexte=_contexte,
)
liste = page_de(agents)(FILE.montrer)
consultation = page_de(agents)(INSTRUCTION.montrer)
faire = bouton_de(reserve_a(Profil.GESTIONNAIRE))(INSTRUCTION.faire)
