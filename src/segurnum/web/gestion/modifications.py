"""The officers' instruction of the changes that companies ask for: lists, a change beside its pieces, answers."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse

from segurnum.comptes.models import Profil
from segurnum.coordonnees import banque, comparaison, services
from segurnum.coordonnees.comparaison import Comparaison
from segurnum.coordonnees.constats import constats_du_compte
from segurnum.coordonnees.models import Modification, ModificationBancaire, ModificationPersonnes
from segurnum.coordonnees.permissions import empechement, gestes
from segurnum.coordonnees.queries import A_INSTRUIRE, par_statut, soumises
from segurnum.demandes.queries import a_payer
from segurnum.fichiers.documents import Document, Genre
from segurnum.journal.chronologie import MODIFICATIONS, chronologie
from segurnum.journal.queries import evenements_de
from segurnum.kits.champs import motif
from segurnum.kits.criteres import critere_de_statut
from segurnum.kits.geste import Geste, admis, choisir, geste, par_code, sur
from segurnum.kits.navigation import Onglet
from segurnum.kits.tableau import Colonne, Tableau
from segurnum.kits.visionneuse import Piece, ouvrir, visionneuse
from segurnum.regles.cycles_coordonnees import GesteModification, StatutModification
from segurnum.seuil.acces import Requete, agents, bouton_de, formulaire_de, page_de, reserve_a
from segurnum.seuil.documents import piece_de_personnes, rib_de
from segurnum.seuil.iban import IbanLu, comptes_lus
from segurnum.seuil.telechargements import sert
from segurnum.web.gestion.formulaires import Aucune
from segurnum.web.gestion.instruction import FileAttente, Instruction, adresse_iban

STATUTS = tuple(statut for statut in StatutModification if statut is not StatutModification.EN_PREPARATION)


@dataclass(frozen=True)
class GenreModification:
    """One kind of changes. `liees`: what one statement must bring with a row; `services`: which accept and refuse;
    `suites`: what accepting does beside changing the values; `autres`: the gestures of this kind alone.
    """

    modele: type[Modification]
    liees: tuple[str, ...]
    comparer: Callable[[Any], Iterable[Comparaison]]
    pieces: Callable[[Any], Iterable[tuple[int, str, Document]]]
    suites: Callable[[Any], str]
    services: ModuleType
    autres: tuple[Geste[Modification], ...] = ()

    @property
    def code(self) -> str:
        return self.modele.GENRE

    @property
    def libelle(self) -> str:
        return self.modele.LIBELLE

    @property
    def soumises(self) -> QuerySet[Any]:
        return soumises(self.modele, *self.liees)

    @property
    def file(self) -> FileAttente:
        """What waits for an officer, unless another status is asked for."""
        legende = f"{self.libelle}, la plus ancienne d'abord"
        return FileAttente(
            "Modifications demandées par les entreprises",
            "Filtrer les modifications",
            Tableau("liste-modifications", legende, COLONNES, ordre=("depose_le", "pk")),
            lambda: self.soumises,
            lambda _: [
                critere_de_statut(A_INSTRUIRE, STATUTS, (A_INSTRUIRE, "À instruire"), restreindre=par_statut)
            ],
            fil="Modifications",
        )

    @property
    def gestes(self) -> dict[str, Geste[Modification]]:
        return par_code(
            geste(
                "accepter",
                GesteModification.ACCEPTER,
                Aucune,
                sur("modification", self.services.accepter),
                "est acceptée ; l'entreprise en est avertie par courriel",
            ),
            *self.autres,
            geste(
                "refuser",
                GesteModification.REFUSER,
                motif(
                    "Motif du refus",
                    "Envoyé tel quel à l'entreprise.",
                    "Le motif du refus est obligatoire : l'entreprise doit savoir pourquoi.",
                ),
                sur("modification", self.services.refuser),
                "est refusée ; l'entreprise en est avertie par courriel",
                grave=True,
            ),
        )


def _adresse(ligne: Modification) -> str:
    return reverse("gestion:modification", args=[ligne.GENRE, ligne.pk])


COLONNES = (
    Colonne(
        "denomination",
        "Dénomination sociale",
        cellule="gestion/cellules/modification.html",
        titre=True,
        lien=_adresse,
    ),
    Colonne("siret", "SIRET", cellule="entreprise.siret", insecable=True),
    Colonne("depot", "Demandée le", cellule="depose_le|jour", insecable=True),
    Colonne("demandeur", "Demandée par", cellule="demandeur.nom_complet"),
    Colonne("statut", "Statut", cellule="statut|badge"),
    Colonne("depuis", "Depuis le", cellule="statut_depuis|jour", insecable=True),
)


def _pieces_de_personnes(modification: ModificationPersonnes) -> Iterable[tuple[int, str, Document]]:
    for piece in modification.pieces.select_related("fichier").order_by("pk"):
        yield piece.pk, f"{piece.get_type_display()} : {piece.nom}", piece_de_personnes(piece)


def _rib(modification: ModificationBancaire) -> Iterable[tuple[int, str, Document]]:
    yield modification.pk, f"RIB : {modification.nom_rib}", rib_de(modification)


A_DEUX: tuple[Geste[Modification], ...] = (
    geste(
        "proposer",
        GesteModification.PROPOSER,
        Aucune,
        sur("modification", banque.accepter),
        "est acceptée ; une autre personne doit encore la confirmer",
    ),
    geste(
        "contresigner",
        GesteModification.CONTRESIGNER,
        Aucune,
        sur("modification", banque.contresigner),
        "est acceptée par deux personnes ; l'entreprise en est avertie par courriel",
    ),
    geste(
        "reprendre",
        GesteModification.REPRENDRE,
        motif(
            "Pourquoi elle est remise en instruction",
            "Lu par les agents, au journal.",
            "Dites pourquoi : qui l'avait acceptée doit le savoir.",
        ),
        sur("modification", banque.reprendre),
        "est de nouveau en cours d'instruction",
    ),
)
BANQUE = GenreModification(
    ModificationBancaire,
    ("compte__entreprise", "remplace__entreprise", "rib", "instructeur", "contresignataire"),
    comparaison.comparer_comptes,
    _rib,
    lambda _modification: "",
    banque,
    A_DEUX,
)
PERSONNES = GenreModification(
    ModificationPersonnes,
    (),
    comparaison.comparer_personnes,
    _pieces_de_personnes,
    comparaison.suites,
    services,
)
GENRES = {genre.code: genre for genre in (BANQUE, PERSONNES)}


@page_de(agents)
def liste(requete: Requete) -> HttpResponse:
    """One kind at a time."""
    genre = GENRES.get(requete.GET.get("genre", ""), BANQUE)
    adresse, filtre = reverse("gestion:modifications"), genre.file.filtre(requete)
    onglets = [
        Onglet(choix.libelle, f"{adresse}?genre={choix.code}&{filtre.adresse}", choix is genre)
        for choix in GENRES.values()
    ]
    return genre.file.montrer(
        requete, gardes=("genre",), onglets=onglets, legende_onglets="Genres de modifications"
    )


@formulaire_de(agents)
@sert(Genre.RIB, Genre.IDENTITE, Genre.PIECE_PERSONNES)
def piece(requete: Requete, genre: str, modification: int, piece: int) -> HttpResponseBase:
    """A piece that justifies the change, as a file to save; identity and RIB by a gesture."""
    ligne = _trouver(genre, modification)
    for cle, _, document in GENRES[genre].pieces(ligne):
        if cle == piece:
            return ouvrir(requete, document, _adresse(ligne))
    raise Http404("Cette pièce n'existe pas.")


def _trouver(genre: str, modification: int) -> Modification:
    ligne: Modification = get_object_or_404(choisir(GENRES, genre).soumises, pk=modification)
    return ligne


def _contexte(requete: Requete, ligne: Modification, *_: Any) -> dict[str, Any]:
    genre = GENRES[ligne.GENRE]
    pieces = [
        Piece(
            rang, libelle, document, reverse("gestion:piece_modification", args=[genre.code, ligne.pk, rang])
        )
        for rang, libelle, document in genre.pieces(ligne)
    ]
    evenements = evenements_de(ligne.chaine).filter(objet=ligne.objet)
    return {
        "genre": genre,
        "objet": "la modification",
        "retour": f"{reverse('gestion:modifications')}?genre={genre.code}",
        "comparaisons": [(lue, _ibans(requete, lue)) for lue in genre.comparer(ligne)],
        "suites": genre.suites(ligne),
        "empechement": empechement(requete.user, ligne),
        **_a_savoir(ligne),
        "visionneuse": visionneuse(requete, pieces, _adresse(ligne)),
        "moments": chronologie(evenements, ligne.LIBELLE, MODIFICATIONS),
    }


def _a_savoir(ligne: Modification) -> dict[str, Any]:
    """What an officer weighs of an account: what is odd about it, and how much is still to be paid to its company."""
    if not isinstance(ligne, ModificationBancaire):
        return {"constats": (), "a_payer": None}
    return {"constats": constats_du_compte(ligne.compte), "a_payer": a_payer(ligne.entreprise)}


def _ibans(requete: Requete, lue: Comparaison) -> list[IbanLu | None]:
    """How this person reads the two accounts; nothing where the value is no account."""
    if lue.comptes is None:
        return []
    lus = comptes_lus(requete, [compte for compte in lue.comptes if compte], adresse_iban)
    return [lus[compte.pk] if compte else None for compte in lue.comptes]


INSTRUCTION: Instruction[Modification] = Instruction(
    sur="une modification",
    gabarit="gestion/modification.html",
    page="gestion:modification",
    geste="gestion:geste_modification",
    phrase="La modification {1}.",
    trouver=_trouver,
    cle=lambda ligne: (ligne.GENRE, ligne.pk),
    gestes=lambda ligne: GENRES[ligne.GENRE].gestes,
    permis=lambda personne, ligne: admis(GENRES[ligne.GENRE].gestes, gestes(personne, ligne)),
    contexte=_contexte,
)
consultation = page_de(agents)(INSTRUCTION.montrer)
faire = bouton_de(reserve_a(Profil.GESTIONNAIRE))(INSTRUCTION.faire)
