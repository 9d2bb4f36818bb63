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
from segurnum.regles.cycles import TransitionRefusee
from segurnum.regles.cycles_coordonnees import StatutModification
from segurnum.regles.erreurs import GesteImpossible
from segurnum.web.commun.acces import Requete, agents, reserve_a
from segurnum.web.commun.listes import lister
from segurnum.web.gestion.catalogue_modifications import GENRES, GESTES, Genre, Geste, permis
from segurnum.web.gestion.chronologie import MODIFICATIONS, chronologie
from segurnum.web.gestion.consultation import AUCUN_REFUS, GestePropose, Refus, identifiants
from segurnum.web.gestion.file import TOUS
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
    choisi, demande = _genre(genre), GESTES.get(geste)
    ligne = _trouver(choisi, modification)
    if demande is None:
        raise Http404("Ce geste n'existe pas.")
    formulaire = demande.formulaire(requete.POST, auto_id=identifiants(geste))
    texte = requete.POST.get("motif", "")
    if not formulaire.is_valid():
        refus = Refus(geste=geste, formulaire=formulaire, texte=texte)
        return _page(requete, choisi, modification, refus, 422)
    try:
        demande.agir(choisi, ligne.pk, auteur(requete.user), formulaire.cleaned_data)
    except (GesteImpossible, TransitionRefusee) as raison:
        refus = Refus(str(raison), geste, formulaire, texte)
        return _page(requete, choisi, modification, refus, 409)
    messages.success(requete, f"La modification {demande.fait}.")
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
    gestes = _gestes(requete, ligne, refus)
    contexte = {
        "genre": genre,
        "modification": ligne,
        "comparaisons": genre.comparer(ligne),
        "suites": genre.suites(ligne),
        "gestes": gestes,
        "refus": refus,
        "texte_garde": refus.texte if refus.geste not in {propose.geste.code for propose in gestes} else "",
        "pieces": pieces,
        "premiere": next((lue for lue in pieces if lue.affichable), None),
        "etapes": chronologie(
            evenements_de(ligne.chaine).filter(objet=ligne.objet), ligne.LIBELLE, MODIFICATIONS
        ),
    }
    return render(requete, "gestion/modifications/modification.html", contexte, status=statut)


def _gestes(requete: Requete, ligne: Modification, refus: Refus) -> list[GestePropose[Geste]]:
    """What may be answered now. The form of a refused answer comes back as it was typed."""
    proposes = []
    for geste in permis(requete.user, ligne):
        refuse = refus.geste == geste.code and refus.formulaire is not None
        formulaire = refus.formulaire if refuse else geste.formulaire(auto_id=identifiants(geste.code))
        proposes.append(GestePropose(geste, formulaire, ouvert=refuse))
    return proposes
