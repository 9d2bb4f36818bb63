"""The officers' instruction of the changes that companies ask for: lists, a change beside its pieces, answers."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil
from segurnum.comptes.permissions import peut_lire_les_identites
from segurnum.coordonnees.models import Modification
from segurnum.demandes.queries import SEUIL
from segurnum.journal.queries import evenements_de
from segurnum.regles.cycles_coordonnees import StatutModification
from segurnum.web.commun.acces import Requete, agents, reserve_a
from segurnum.web.commun.listes import lister
from segurnum.web.gestion.catalogue_modifications import GENRES, GESTES, Genre, Reponse, permis
from segurnum.web.gestion.chronologie import MODIFICATIONS, chronologie
from segurnum.web.gestion.file import TOUS
from segurnum.web.gestion.geste import AUCUN_REFUS, Refus, choisir, des_gestes, essayer, proposer
from segurnum.web.gestion.pieces import RESERVEE, lire, lisible

STATUTS = tuple(statut for statut in StatutModification if statut is not StatutModification.EN_PREPARATION)


@agents
def liste(requete: Requete) -> HttpResponse:
    """One kind at a time, the oldest first; what waits for an officer unless another status is asked for."""
    genre = GENRES.get(requete.GET.get("genre", ""), next(iter(GENRES.values())))
    demande = requete.GET.get("statut", StatutModification.EN_COURS)
    statut = demande if demande in STATUTS else TOUS
    lignes = genre.soumises
    if statut != TOUS:
        lignes = lignes.filter(statut=statut)
    contexte = {
        "genre": genre,
        "genres": GENRES.values(),
        "statut": statut,
        "statuts": STATUTS,
        "tous": TOUS,
        "liste": lister(lignes, (), requete.GET, ordre=("depose_le", "pk"), seuil=SEUIL, filtree=True),
    }
    return render(requete, "gestion/modifications/liste.html", contexte)


@agents
def consultation(requete: Requete, genre: str, modification: int) -> HttpResponse:
    return _page(requete, _genre(genre), modification)


@agents
def piece(requete: Requete, genre: str, modification: int, piece: int) -> HttpResponse:
    """A piece that justifies the change, in the frame or downloaded."""
    choisi = _genre(genre)
    lues = {lue.cle: lue for lue in choisi.pieces(_trouver(choisi, modification))}
    if piece not in lues:
        raise Http404("Cette pièce n'existe pas.")
    if lues[piece].identite and not peut_lire_les_identites(requete.user):
        raise PermissionDenied(RESERVEE)
    return lire(lues[piece].fichier, lues[piece].nom, telecharger="telecharger" in requete.GET)


@require_POST
@reserve_a(Profil.GESTIONNAIRE)
def faire(requete: Requete, genre: str, modification: int, geste: str) -> HttpResponse:
    """Accept or refuse. Made, it leads back to the change; refused, it shows the page again, text kept."""
    choisi, lue = choisir(GESTES, geste), _genre(genre)
    reponse = Reponse(lue, _trouver(lue, modification))
    refuse = essayer(
        requete,
        choisi,
        lambda saisie, _: choisi.agir(reponse, auteur(requete.user), saisie),
        lambda refus, statut: _page(requete, lue, modification, refus, statut),
    )
    if refuse is not None:
        return refuse
    messages.success(requete, f"La modification {choisi.fait}.")
    return redirect("gestion:modification", genre, modification)


def _genre(code: str) -> Genre:
    if code not in GENRES:
        raise Http404("Ce genre de modification n'existe pas.")
    return GENRES[code]


def _trouver(genre: Genre, cle: int) -> Modification:
    ligne: Modification = get_object_or_404(genre.soumises, pk=cle)
    return ligne


def _page(
    requete: Requete, genre: Genre, cle: int, refus: Refus = AUCUN_REFUS, statut: int = 200
) -> HttpResponse:
    ligne = _trouver(genre, cle)
    pieces = [
        lisible(
            lue.libelle,
            lue.fichier,
            reverse("gestion:piece_modification", args=[genre.code, cle, lue.cle]),
            permise=not lue.identite or peut_lire_les_identites(requete.user),
        )
        for lue in genre.pieces(ligne)
    ]
    contexte = {
        "genre": genre,
        "modification": ligne,
        "comparaisons": genre.comparer(ligne),
        "suites": genre.suites(ligne),
        **des_gestes(proposer(permis(requete.user, ligne), refus), refus),
        "pieces": pieces,
        "premiere": next((lue for lue in pieces if lue.affichable), None),
        "etapes": chronologie(
            evenements_de(ligne.chaine).filter(objet=ligne.objet), ligne.LIBELLE, MODIFICATIONS
        ),
    }
    return render(requete, "gestion/modifications/modification.html", contexte, status=statut)
