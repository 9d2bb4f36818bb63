"""The officers' instruction of the changes that companies ask for: lists, a change beside its pieces, answers."""

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil
from segurnum.coordonnees.models import Modification
from segurnum.fichiers.documents import Genre
from segurnum.journal.queries import evenements_de
from segurnum.regles.cycles_coordonnees import StatutModification
from segurnum.web.commun.acces import Requete, agents, reserve_a
from segurnum.web.commun.iban import comptes_lus
from segurnum.web.commun.telechargements import sert
from segurnum.web.gestion.banque import adresse_iban
from segurnum.web.gestion.catalogue_modifications import GENRES, GESTES, GenreModification, Reponse, permis
from segurnum.web.gestion.chronologie import MODIFICATIONS, chronologie
from segurnum.web.gestion.pieces import Piece, ouvrir, visionneuse
from segurnum.web.kits.criteres import TOUS, critere_de_statut
from segurnum.web.kits.geste import AUCUN_REFUS, Refus, choisir, des_gestes, essayer, proposer
from segurnum.web.kits.navigation import Onglet
from segurnum.web.kits.tableau import Colonne, Tableau

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
        "titre": "Modifications demandées par les entreprises",
        "fil": "Modifications",
        "legende_onglets": "Genres de modifications",
        "onglets": [
            Onglet(
                choix.libelle,
                f"{reverse('gestion:modifications')}?genre={choix.code}&statut={statut}",
                choix is genre,
            )
            for choix in GENRES.values()
        ],
        "criteres": [critere_de_statut(statut, STATUTS)],
        "legende_criteres": "Filtrer les modifications",
        "affiche": _tableau(genre).lire(lignes, requete.GET, gardes=("genre",)),
    }
    return render(requete, "gestion/liste.html", contexte)


def _tableau(genre: GenreModification) -> Tableau:
    return Tableau(
        "liste-modifications",
        f"{genre.libelle}, la plus ancienne d'abord",
        (
            Colonne(
                "denomination",
                "Dénomination sociale",
                cellule="gestion/cellules/modification.html",
                titre=True,
                lien=lambda ligne: _adresse(genre, ligne.pk),
            ),
            Colonne("siret", "SIRET", cellule="entreprise.siret", insecable=True),
            Colonne("depot", "Demandée le", cellule="depose_le|jour", insecable=True),
            Colonne("demandeur", "Demandée par", cellule="demandeur.get_username"),
            Colonne("statut", "Statut", cellule="statut|badge"),
            Colonne("depuis", "Depuis le", cellule="statut_depuis|jour", insecable=True),
        ),
        ordre=("depose_le", "pk"),
    )


@agents
def consultation(requete: Requete, genre: str, modification: int) -> HttpResponse:
    return _page(requete, choisir(GENRES, genre), modification)


@agents
@require_http_methods(["GET", "HEAD", "POST"])
@sert(Genre.RIB, Genre.IDENTITE, Genre.PIECE_PERSONNES)
def piece(requete: Requete, genre: str, modification: int, piece: int) -> HttpResponseBase:
    """A piece that justifies the change, as a file to save; identity and RIB by a gesture."""
    choisi = choisir(GENRES, genre)
    lues = {lue.cle: lue for lue in choisi.pieces(_trouver(choisi, modification))}
    if piece not in lues:
        raise Http404("Cette pièce n'existe pas.")
    return ouvrir(requete, lues[piece].document, _adresse(choisi, modification))


@require_POST
@reserve_a(Profil.GESTIONNAIRE)
def faire(requete: Requete, genre: str, modification: int, geste: str) -> HttpResponse:
    """Accept or refuse. Made, it leads back to the change; refused, it shows the page again, text kept."""
    choisi, lue = choisir(GESTES, geste), choisir(GENRES, genre)
    reponse = Reponse(lue, _trouver(lue, modification))
    return essayer(
        requete,
        choisi,
        lambda saisie, _: choisi.agir(reponse, auteur(requete.user), saisie),
        lambda refus, statut: _page(requete, lue, modification, refus, statut),
        _adresse(lue, modification),
        f"La modification {choisi.fait}.",
    )


def _adresse(genre: GenreModification, cle: int) -> str:
    return reverse("gestion:modification", args=[genre.code, cle])


def _trouver(genre: GenreModification, cle: int) -> Modification:
    ligne: Modification = get_object_or_404(genre.soumises, pk=cle)
    return ligne


def _page(
    requete: Requete, genre: GenreModification, cle: int, refus: Refus = AUCUN_REFUS, statut: int = 200
) -> HttpResponse:
    ligne = _trouver(genre, cle)
    pieces = [
        Piece(
            lue.cle,
            lue.libelle,
            lue.document,
            reverse("gestion:piece_modification", args=[genre.code, cle, lue.cle]),
        )
        for lue in genre.pieces(ligne)
    ]
    contexte = {
        "genre": genre,
        "modification": ligne,
        "comparaisons": genre.comparer(ligne, lambda comptes: comptes_lus(requete, comptes, adresse_iban)),
        "suites": genre.suites(ligne),
        **des_gestes(proposer(permis(requete.user, ligne), refus), refus),
        "visionneuse": visionneuse(requete, pieces, _adresse(genre, cle)),
        "moments": chronologie(
            evenements_de(ligne.chaine).filter(objet=ligne.objet), ligne.LIBELLE, MODIFICATIONS
        ),
    }
    return render(requete, "gestion/modifications/modification.html", contexte, status=statut)
