"""The officers' instruction of the model documents: the queue, a document beside its file, answers (EXP-011)."""

from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse

from segurnum.comptes.models import Profil
from segurnum.fichiers.documents import Genre
from segurnum.journal.chronologie import MODELES, chronologie
from segurnum.journal.queries import evenements_de
from segurnum.kits.champs import motif
from segurnum.kits.criteres import critere_de_statut
from segurnum.kits.geste import admis, geste, par_code, sur
from segurnum.kits.navigation import vers
from segurnum.kits.tableau import Colonne, Tableau
from segurnum.kits.visionneuse import Piece, visionneuse
from segurnum.modeles import services
from segurnum.modeles.models import ModeleDocument
from segurnum.modeles.permissions import gestes
from segurnum.modeles.queries import soumis
from segurnum.regles.cycles_modeles import GesteModele, StatutModele
from segurnum.seuil.acces import Requete, agents, bouton_de, page_de, reserve_a
from segurnum.seuil.documents import modele_de_piece
from segurnum.seuil.telechargements import sert, servir
from segurnum.web.gestion.instruction import FileAttente, Instruction

STATUTS = tuple(statut for statut in StatutModele if statut is not StatutModele.EN_IMPORT)
TABLEAU = Tableau(
    "liste-modeles",
    "Modèles de documents, le plus ancien d'abord",
    (
        Colonne("nom", "Nom", titre=True, lien=vers("gestion:modele")),
        Colonne("type", "Type de document", cellule="libelle_type"),
        Colonne("denomination", "Dénomination sociale", cellule="entreprise.denomination"),
        Colonne("siret", "SIRET", cellule="entreprise.siret", insecable=True),
        Colonne("soumis", "Soumis le", cellule="soumis_le|jour", insecable=True),
        Colonne("statut", "Statut", cellule="statut|badge"),
        Colonne("depuis", "Depuis le", cellule="statut_depuis|jour", insecable=True),
    ),
    ordre=("soumis_le", "pk"),
)
GESTES = par_code(
    geste(
        "accepter",
        GesteModele.ACCEPTER,
        motif("Commentaire (facultatif)", "Envoyé tel quel au fournisseur."),
        sur("modele", services.accepter),
        "accepté",
    ),
    geste(
        "rejeter",
        GesteModele.REJETER,
        motif(
            "Commentaire",
            "Envoyé tel quel au fournisseur : dites ce qui est à corriger dans le modèle.",
            "Le commentaire est obligatoire pour rejeter : le fournisseur doit savoir quoi corriger.",
        ),
        sur("modele", services.rejeter),
        "rejeté",
        grave=True,
    ),
)


FILE = FileAttente(
    "Modèles de documents soumis par les entreprises",
    "Filtrer les modèles",
    TABLEAU,
    soumis,
    # What waits for an officer, unless another status is asked for.
    lambda _: [critere_de_statut(StatutModele.EN_ATTENTE, STATUTS)],
    fil="Modèles",
)


@page_de(agents)
@sert(Genre.MODELE)
def piece(requete: Requete, modele: int) -> HttpResponseBase:
    """The document, as a file to save."""
    return servir(requete, modele_de_piece(_trouver(modele)))


def _trouver(modele: int) -> ModeleDocument:
    ligne: ModeleDocument = get_object_or_404(soumis(), pk=modele)
    return ligne


def _contexte(requete: Requete, ligne: ModeleDocument, *_: Any) -> dict[str, Any]:
    adresse = reverse("gestion:piece_modele", args=[ligne.pk])
    document = Piece(ligne.pk, ligne.nom, modele_de_piece(ligne), adresse)
    return {
        "retour": reverse("gestion:modeles"),
        "objet": "le modèle",
        "visionneuse": visionneuse(requete, [document], INSTRUCTION.adresse(requete, ligne)),
        "moments": chronologie(evenements_de(ligne.chaine), ligne.nom, MODELES),
    }


INSTRUCTION: Instruction[ModeleDocument] = Instruction(
    sur="un modèle",
    gabarit="gestion/modele.html",
    page="gestion:modele",
    geste="gestion:geste_modele",
    phrase="Le modèle {0.nom} est {1} ; l'entreprise en est avertie par courriel.",
    trouver=_trouver,
    cle=lambda ligne: (ligne.pk,),
    gestes=lambda _: GESTES,
    permis=lambda personne, ligne: admis(GESTES, gestes(personne, ligne)),
    contexte=_contexte,
)
liste = page_de(agents)(FILE.montrer)
consultation = page_de(agents)(INSTRUCTION.montrer)
faire = bouton_de(reserve_a(Profil.GESTIONNAIRE))(INSTRUCTION.faire)
