"""The officers' instruction of the model documents: the queue, a document beside its file, answers (EXP-011)."""

from collections.abc import Callable

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from segurnum.comptes.auteurs import Auteur, auteur
from segurnum.comptes.models import Profil
from segurnum.fichiers.documents import Genre
from segurnum.journal.queries import evenements_de
from segurnum.modeles import services
from segurnum.modeles.models import ModeleDocument
from segurnum.modeles.permissions import peut_instruire
from segurnum.modeles.queries import soumis
from segurnum.regles.cycles import Acteur, gestes_permis
from segurnum.regles.cycles_modeles import MODELE, GesteModele, StatutModele
from segurnum.web.commun.acces import Requete, agents, reserve_a
from segurnum.web.commun.documents import modele_de_piece
from segurnum.web.commun.telechargements import sert, servir
from segurnum.web.gestion.chronologie import MODELES, chronologie
from segurnum.web.gestion.formulaires import ModeleAccepte, ModeleRejete
from segurnum.web.gestion.pieces import Piece, visionneuse
from segurnum.web.kits.criteres import TOUS, critere_de_statut
from segurnum.web.kits.geste import (
    AUCUN_REFUS,
    Geste,
    Refus,
    Saisie,
    choisir,
    des_gestes,
    essayer,
    geste,
    par_code,
    proposer,
)
from segurnum.web.kits.tableau import Colonne, Tableau

STATUTS = tuple(statut for statut in StatutModele if statut is not StatutModele.EN_IMPORT)
TABLEAU = Tableau(
    "liste-modeles",
    "Modèles de documents, le plus ancien d'abord",
    (
        Colonne("nom", "Nom", titre=True, lien=lambda modele: reverse("gestion:modele", args=[modele.pk])),
        Colonne("type", "Type de document", cellule="libelle_type"),
        Colonne("denomination", "Dénomination sociale", cellule="entreprise.denomination"),
        Colonne("siret", "SIRET", cellule="entreprise.siret", insecable=True),
        Colonne("soumis", "Soumis le", cellule="soumis_le|jour", insecable=True),
        Colonne("statut", "Statut", cellule="statut|badge"),
        Colonne("depuis", "Depuis le", cellule="statut_depuis|jour", insecable=True),
    ),
    ordre=("soumis_le", "pk"),
)


def _par(service: Callable[..., object]) -> Callable[[ModeleDocument, Auteur, Saisie], object]:
    return lambda modele, qui, saisie: service(modele=modele.pk, auteur=qui, motif=saisie["motif"])


GESTES = par_code(
    geste("accepter", GesteModele.ACCEPTER, ModeleAccepte, _par(services.accepter), "accepté"),
    geste("rejeter", GesteModele.REJETER, ModeleRejete, _par(services.rejeter), "rejeté", grave=True),
)


@agents
def liste(requete: Requete) -> HttpResponse:
    """The oldest first; what waits for an officer unless another status is asked for."""
    demande = requete.GET.get("statut", StatutModele.EN_ATTENTE)
    statut = demande if demande in STATUTS else TOUS
    lignes = soumis() if statut == TOUS else soumis().filter(statut=statut)
    contexte = {
        "titre": "Modèles de documents soumis par les entreprises",
        "fil": "Modèles",
        "criteres": [critere_de_statut(statut, STATUTS)],
        "legende_criteres": "Filtrer les modèles",
        "affiche": TABLEAU.lire(lignes, requete.GET),
    }
    return render(requete, "gestion/liste.html", contexte)


@agents
def consultation(requete: Requete, modele: int) -> HttpResponse:
    return _page(requete, modele)


@agents
@sert(Genre.MODELE)
def piece(requete: Requete, modele: int) -> HttpResponseBase:
    """The document, as a file to save."""
    return servir(requete, modele_de_piece(get_object_or_404(soumis(), pk=modele)))


@require_POST
@reserve_a(Profil.GESTIONNAIRE)
def faire(requete: Requete, modele: int, geste: str) -> HttpResponse:
    """Accept or reject. Made, it leads back to the document; refused, it shows the page again, text kept."""
    choisi, ligne = choisir(GESTES, geste), get_object_or_404(soumis(), pk=modele)
    return essayer(
        requete,
        choisi,
        lambda saisie, _: choisi.agir(ligne, auteur(requete.user), saisie),
        lambda refus, statut: _page(requete, modele, refus, statut),
        reverse("gestion:modele", args=[modele]),
        f"Le modèle {ligne.nom} est {choisi.fait} ; l'entreprise en est avertie par courriel.",
    )


def _page(requete: Requete, cle: int, refus: Refus = AUCUN_REFUS, statut: int = 200) -> HttpResponse:
    ligne = get_object_or_404(soumis(), pk=cle)
    adresse = reverse("gestion:piece_modele", args=[cle])
    contexte = {
        "modele": ligne,
        **des_gestes(proposer(_permis(requete, ligne), refus), refus),
        "visionneuse": visionneuse(
            requete,
            [Piece(cle, ligne.nom, modele_de_piece(ligne), adresse)],
            reverse("gestion:modele", args=[cle]),
        ),
        "moments": chronologie(evenements_de(ligne.chaine), ligne.nom, MODELES),
    }
    return render(requete, "gestion/modeles/modele.html", contexte, status=statut)


def _permis(requete: Requete, ligne: ModeleDocument) -> list[Geste[ModeleDocument]]:
    """What this person may answer now."""
    if not peut_instruire(requete.user):
        return []
    admis = set(gestes_permis(MODELE, ligne.statut, Acteur.GESTIONNAIRE))
    return [possible for possible in GESTES.values() if possible.passages & admis]
