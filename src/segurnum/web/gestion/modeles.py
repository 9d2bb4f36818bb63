"""The officers' instruction of the model documents: the queue, a document beside its file, answers (EXP-011)."""

from functools import partial

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil
from segurnum.fichiers.documents import Genre
from segurnum.journal.chronologie import MODELES, chronologie
from segurnum.journal.queries import evenements_de
from segurnum.kits import geste as kit
from segurnum.kits.criteres import Filtre, critere_de_statut
from segurnum.kits.geste import AUCUN_REFUS, Refus, choisir, geste, par_code, sur
from segurnum.kits.navigation import vers
from segurnum.kits.tableau import Colonne, Tableau
from segurnum.modeles import services
from segurnum.modeles.permissions import peut_instruire
from segurnum.modeles.queries import soumis
from segurnum.regles.cycles import Acteur, gestes_permis
from segurnum.regles.cycles_modeles import MODELE, GesteModele, StatutModele
from segurnum.seuil.acces import Requete, agents, bouton_de, page_de, reserve_a
from segurnum.seuil.documents import modele_de_piece
from segurnum.seuil.telechargements import sert, servir
from segurnum.web.gestion.formulaires import motif
from segurnum.web.gestion.instruction import Piece, visionneuse

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


@page_de(agents)
def liste(requete: Requete) -> HttpResponse:
    """The oldest first; what waits for an officer unless another status is asked for."""
    filtre = Filtre.lire(requete.GET, critere_de_statut(StatutModele.EN_ATTENTE, STATUTS))
    contexte = {
        "titre": "Modèles de documents soumis par les entreprises",
        "fil": "Modèles",
        "criteres": filtre.criteres,
        "legende_criteres": "Filtrer les modèles",
        "affiche": TABLEAU.lire(filtre.restreindre(soumis()), requete.GET),
    }
    return render(requete, "gestion/liste.html", contexte)


@page_de(agents)
def consultation(requete: Requete, modele: int) -> HttpResponse:
    return _page(requete, modele)


@page_de(agents)
@sert(Genre.MODELE)
def piece(requete: Requete, modele: int) -> HttpResponseBase:
    """The document, as a file to save."""
    return servir(requete, modele_de_piece(get_object_or_404(soumis(), pk=modele)))


@bouton_de(reserve_a(Profil.GESTIONNAIRE))
def faire(requete: Requete, modele: int, geste: str) -> HttpResponse:
    """Accept or reject. Made, it leads back to the document; refused, it shows the page again, text kept."""
    choisi, ligne = choisir(GESTES, geste), get_object_or_404(soumis(), pk=modele)
    return kit.essayer(
        requete,
        choisi,
        lambda saisie, _: choisi.agir(ligne, auteur(requete.user), saisie),
        partial(_page, requete, modele),
        reverse("gestion:modele", args=[modele]),
        f"Le modèle {ligne.nom} est {choisi.fait} ; l'entreprise en est avertie par courriel.",
    )


def _page(requete: Requete, cle: int, refus: Refus = AUCUN_REFUS, statut: int = 200) -> HttpResponse:
    ligne = get_object_or_404(soumis(), pk=cle)
    possibles = gestes_permis(MODELE, ligne.statut, Acteur.GESTIONNAIRE)
    permis = kit.admis(GESTES, possibles) if peut_instruire(requete.user) else []
    proposes = kit.proposer(permis, refus, lambda code: reverse("gestion:geste_modele", args=[cle, code]))
    document = Piece(cle, ligne.nom, modele_de_piece(ligne), reverse("gestion:piece_modele", args=[cle]))
    contexte = {
        "ligne": ligne,
        "sur": "un modèle",
        "objet": "le modèle",
        "lue": ligne.objet,
        "retour": reverse("gestion:modeles"),
        **kit.des_gestes(proposes, refus),
        "visionneuse": visionneuse(requete, [document], reverse("gestion:modele", args=[cle])),
        "moments": chronologie(evenements_de(ligne.chaine), ligne.nom, MODELES),
    }
    return render(requete, "gestion/modele.html", contexte, status=statut)
