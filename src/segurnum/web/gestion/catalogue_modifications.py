"""The two kinds of changes that companies ask for: how each is read, and the services that answer it (GST-024)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.models import CoordonneesBancaires, Utilisateur
from segurnum.coordonnees import banque, queries, services
from segurnum.coordonnees.models import Modification, ModificationBancaire, ModificationPersonnes
from segurnum.coordonnees.permissions import peut_instruire
from segurnum.coordonnees.personnes import CHAMPS, INCONNUE, RolePersonne, lire
from segurnum.coordonnees.queries import Suite
from segurnum.fichiers.documents import Document
from segurnum.regles.cycles import Acteur, gestes_permis
from segurnum.regles.cycles_coordonnees import GesteModification, StatutModification
from segurnum.web.commun.coordonnees import LIBELLES, valeur_montree
from segurnum.web.commun.documents import piece_de_personnes, rib_de
from segurnum.web.commun.iban import IbanLu
from segurnum.web.gestion.formulaires import Aucune, ModificationRefusee
from segurnum.web.kits.geste import Geste, geste, par_code


@dataclass(frozen=True)
class Comparaison:
    """One value, before and after."""

    libelle: str
    avant: str
    apres: str
    changee: bool
    ibans: tuple[IbanLu | None, IbanLu | None] = (None, None)
    """How the reader sees the two accounts, where the value is an account."""


Ibans = Callable[[Sequence[CoordonneesBancaires]], Mapping[int, IbanLu]]


@dataclass(frozen=True)
class PieceLue:
    cle: int
    libelle: str
    document: Document


@dataclass(frozen=True)
class GenreModification:
    """`liees`: what one statement must bring with the row; `suites`: what accepting does beside changing the values."""

    code: str
    libelle: str
    modele: type[Modification]
    liees: tuple[str, ...]
    comparer: Callable[[Any, Ibans], list[Comparaison]]
    pieces: Callable[[Any], list[PieceLue]]
    suites: Callable[[Any], str]
    accepter: Callable[[int, Auteur], Any]
    refuser: Callable[[int, Auteur, str], Any]

    @property
    def soumises(self) -> "QuerySet[Any]":
        return queries.soumises(self.modele, *self.liees)


def _comparer_personnes(modification: ModificationPersonnes, ibans: Ibans) -> list[Comparaison]:
    en_cours = modification.statut is StatutModification.EN_COURS
    avant = queries.personnes_de(modification.entreprise) if en_cours else lire(modification.anciennes)
    return [
        _comparer(
            f"{LIBELLES[champ]} ({RolePersonne(role).label.lower()})",
            valeur_montree(avant.get(role, INCONNUE), champ),
            valeur_montree(personne, champ),
        )
        for role, personne in lire(modification.donnees).items()
        for champ in CHAMPS
    ]


def _pieces_de_personnes(modification: ModificationPersonnes) -> list[PieceLue]:
    return [
        PieceLue(piece.pk, f"{piece.get_type_display()} : {piece.nom}", piece_de_personnes(piece))
        for piece in modification.pieces.select_related("fichier").order_by("pk")
    ]


_SUITES = {
    Suite.SUIVRE: (
        "Le compte {identifiant} prend la nouvelle adresse et garde son mot de passe : c'est toujours {ancien}."
    ),
    Suite.CEDER: (
        "Le demandeur change : le compte {identifiant} de {ancien} passe à {nouveau}. Le mot de passe, le second "
        "facteur et les sessions de {ancien} n'ouvriront plus rien ; {nouveau} recevra à {courriel} un lien pour "
        "choisir son mot de passe."
    ),
    Suite.REMPLACER: (
        "Le demandeur change : {ancien} (compte {identifiant}) n'agira plus pour cette entreprise ; un accès sera "
        "ouvert à {nouveau}, à l'adresse {courriel}."
    ),
}


def _suites_de_personnes(modification: ModificationPersonnes) -> str:
    if modification.statut is not StatutModification.EN_COURS:
        return ""
    avant, apres = queries.personnes_de(modification.entreprise), lire(modification.donnees)
    suite = queries.suite_du_compte(modification.entreprise, avant, apres)
    if suite is None:
        return ""
    return "Si vous acceptez : " + _SUITES[suite.suite].format(
        identifiant=suite.compte.username,
        ancien=suite.compte.get_full_name() or suite.compte.username,
        nouveau=f"{suite.personne.prenom} {suite.personne.nom}",
        courriel=suite.personne.courriel,
    )


def _comparer(libelle: str, avant: str, apres: str) -> Comparaison:
    return Comparaison(libelle, avant, apres, avant != apres)


def _comparer_comptes(modification: ModificationBancaire, ibans: Ibans) -> list[Comparaison]:
    ancien, nouveau = modification.remplace, modification.compte
    lus = ibans([compte for compte in (ancien, nouveau) if compte is not None])
    avant, apres = lus.get(ancien.pk) if ancien else None, lus[nouveau.pk]
    # Judged on the accounts: two masks may look alike.
    change = ancien is None or ancien.iban != nouveau.iban
    valeurs = _valeurs(ancien)
    return [
        Comparaison("IBAN", avant.texte if avant else "", apres.texte, change, (avant, apres)),
        *(_comparer(nom, valeurs.get(nom, ""), valeur) for nom, valeur in _valeurs(nouveau).items()),
    ]


def _valeurs(compte: CoordonneesBancaires | None) -> dict[str, str]:
    if compte is None:
        return {}
    return {
        "BIC": compte.bic,
        "Titulaire": compte.titulaire,
        "Domiciliation": compte.domiciliation,
    }


def _rib(modification: ModificationBancaire) -> list[PieceLue]:
    return [PieceLue(modification.pk, f"RIB : {modification.nom_rib}", rib_de(modification))]


GENRES = {
    genre.code: genre
    for genre in (
        GenreModification(
            ModificationBancaire.GENRE,
            ModificationBancaire.LIBELLE,
            ModificationBancaire,
            ("compte__entreprise", "remplace__entreprise", "rib"),
            _comparer_comptes,
            _rib,
            lambda modification: "",
            lambda cle, qui: banque.accepter(modification=cle, auteur=qui),
            lambda cle, qui, motif: banque.refuser(modification=cle, auteur=qui, motif=motif),
        ),
        GenreModification(
            ModificationPersonnes.GENRE,
            ModificationPersonnes.LIBELLE,
            ModificationPersonnes,
            (),
            _comparer_personnes,
            _pieces_de_personnes,
            _suites_de_personnes,
            lambda cle, qui: services.accepter(modification=cle, auteur=qui),
            lambda cle, qui, motif: services.refuser(modification=cle, auteur=qui, motif=motif),
        ),
    )
}


@dataclass(frozen=True)
class Reponse:
    """A change of one kind, which an officer answers."""

    genre: GenreModification
    modification: Modification


GESTES: dict[str, Geste[Reponse]] = par_code(
    geste(
        "accepter",
        GesteModification.ACCEPTER,
        Aucune,
        lambda lue, qui, saisie: lue.genre.accepter(lue.modification.pk, qui),
        "est acceptée ; l'entreprise en est avertie par courriel",
    ),
    geste(
        "refuser",
        GesteModification.REFUSER,
        ModificationRefusee,
        lambda lue, qui, saisie: lue.genre.refuser(lue.modification.pk, qui, saisie["motif"]),
        "est refusée ; l'entreprise en est avertie par courriel",
        grave=True,
    ),
)


def permis(utilisateur: Utilisateur, modification: Modification) -> list[Geste[Reponse]]:
    """What this person may answer now."""
    if not peut_instruire(utilisateur):
        return []
    admis = set(gestes_permis(modification.TABLE, modification.statut, Acteur.GESTIONNAIRE))
    return [possible for possible in GESTES.values() if possible.passages & admis]


@dataclass(frozen=True)
class Attente:
    """How many changes of a kind wait for an officer, and since when."""

    genre: GenreModification
    nombre: int
    ancienne: datetime | None


def en_attente() -> list[Attente]:
    """What waits, by kind."""
    return [Attente(genre, *queries.en_attente(genre.modele)) for genre in GENRES.values()]
