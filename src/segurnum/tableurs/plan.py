"""The columns of a spreadsheet, derived from the shape of a couloir's file: for the model, for reading, for writing.

A file is a tree of lists: requests, in them beneficiaries, in them sites… Each list is a `Niveau`, each scalar of its
elements a `Colonne`. A row carries at most one element of each list.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from segurnum.couloirs import Couloir
from segurnum.couloirs.champs import Champ, Choix, Entier, Identifiant, Objet, Tableau, Type
from segurnum.couloirs.commun import forme_fichier
from segurnum.couloirs.formats import Format
from segurnum.couloirs.formulaire import PIECES
from segurnum.couloirs.phrases import attendu
from segurnum.regles.cycles import TypeDemande

Pas = tuple[str, ...]
"""Names from the top of the file; « * » stands for any element of a list."""

TOUS = "*"
DEMANDE: Pas = ("lignesImport", TOUS)
CLE = "numeroEditeur"
_NUMERO_ASP = "numeroASP"
# What the portal finds by itself: proposed to nobody, read where it is there.
_AUTOMATIQUES = frozenset({"numLigne"})


@dataclass(eq=False)
class Niveau:
    """One list of the file: its path, what its elements are, its columns, the lists inside.

    The file itself is the first one, of one element.
    """

    chemin: Pas
    libelle: str
    element: Type
    parent: Niveau | None = None
    colonnes: list[Colonne] = field(default_factory=list)
    enfants: list[Niveau] = field(default_factory=list)

    @property
    def scalaire(self) -> bool:
        """True for a list of values rather than of objects."""
        return not isinstance(self.element, Objet)


@dataclass(eq=False)
class Colonne:
    """One field: its path, what is declared of it, its heading.

    `proposee`: the model has it. `liee_a`: where it is blank, the value of this column on the same row is meant (the
    scenario of a site names the site). `numero`: it numbers the elements of its list, where they could be mixed up.
    """

    chemin: Pas
    champ: Champ
    niveau: Niveau
    groupe: str
    proposee: bool = True
    intitule: str = ""
    liee_a: Colonne | None = None
    numero: bool = False

    @property
    def nom_chemin(self) -> str:
        """« lignesImport[].commande.dateCommande », as the documentation writes it."""
        return ecrire_pas(self.chemin)

    @property
    def relatif(self) -> Pas:
        """Its path inside an element of its list."""
        return self.chemin[len(self.niveau.chemin) :]

    @property
    def attendue(self) -> bool:
        """True when no request does without it."""
        return self.proposee and self.niveau.chemin in ((), DEMANDE) and not self.champ.accepte_null


@dataclass(frozen=True, eq=False)
class Plan:
    """Every column of the files of a couloir and type, in the order of the declaration. `depuis`: since when."""

    couloir: Couloir
    type: TypeDemande
    depuis: datetime | None
    niveaux: tuple[Niveau, ...]
    colonnes: tuple[Colonne, ...]
    numeros: dict[Niveau, Colonne]

    @property
    def racine(self) -> Niveau:
        return self.niveaux[0]

    @property
    def demande(self) -> Niveau:
        return next(niveau for niveau in self.niveaux if niveau.chemin == DEMANDE)

    @property
    def cle(self) -> Colonne:
        """The column that tells one request from the next."""
        return next(colonne for colonne in self.colonnes if colonne.chemin == (*DEMANDE, CLE))

    @property
    def proposees(self) -> list[Colonne]:
        return [colonne for colonne in self.colonnes if colonne.proposee]

    @property
    def signature(self) -> str:
        """Eight figures that change when the columns of the model do."""
        texte = "\n".join(f"{c.nom_chemin}:{c.intitule}:{attendu(type_de(c))}" for c in self.proposees)
        return hashlib.sha256(texte.encode()).hexdigest()[:8]


def plan_de(couloir: Couloir, type_demande: TypeDemande) -> Plan:
    """The plan of this couloir and type, by the format in force."""
    return _plan(couloir, type_demande, couloir.format(type_demande))


@cache
def _plan(couloir: Couloir, type_demande: TypeDemande, format_: Format) -> Plan:
    fichier = forme_fichier(format_.forme)
    racine = Niveau((), "Fichier", fichier)
    colonnes = list(_parcourir(racine, fichier, (), ""))
    niveaux = tuple(_niveaux(racine))
    for colonne in colonnes:
        colonne.niveau.colonnes.append(colonne)
        colonne.proposee = _est_proposee(colonne, type_demande)
    _lier(colonnes)
    _intituler(colonnes)
    numeros = {niveau: _numero(niveau) for niveau in niveaux if len(niveau.chemin) > len(DEMANDE)}
    return Plan(couloir, type_demande, format_.depuis, niveaux, tuple(colonnes), numeros)


def ecrire_pas(chemin: Pas) -> str:
    """« beneficiaires[].nom » of `("beneficiaires", "*", "nom")`."""
    return ".".join(chemin).replace(f".{TOUS}", "[]")


def _parcourir(niveau: Niveau, objet: Type, chemin: Pas, groupe: str) -> Iterator[Colonne]:
    if not isinstance(objet, Objet):
        raise AssertionError("seuls des objets et leurs listes font un fichier")
    for champ in objet.champs:
        place, type_ = (*chemin, champ.nom), champ.type
        if champ.reserve:
            continue
        if isinstance(type_, Objet):
            yield from _parcourir(niveau, type_, place, champ.libelle)
        elif isinstance(type_, Tableau):
            liste = Niveau((*place, TOUS), champ.libelle, type_.element, niveau)
            niveau.enfants.append(liste)
            if liste.scalaire:
                yield Colonne(liste.chemin, champ, liste, groupe)
            else:
                yield from _parcourir(liste, type_.element, liste.chemin, champ.libelle)
        else:
            yield Colonne(place, champ, niveau, groupe)


def _niveaux(niveau: Niveau) -> Iterator[Niveau]:
    yield niveau
    for enfant in niveau.enfants:
        yield from _niveaux(enfant)


def type_de(colonne: Colonne) -> Type:
    """The type of its cells: of one value, where the field is a list of them."""
    return colonne.niveau.element if colonne.niveau.scalaire else colonne.champ.type


def constante(champ: Champ) -> str | None:
    """The only value that the field may have, if there is one."""
    return champ.type.valeurs[0] if isinstance(champ.type, Choix) and len(champ.type.valeurs) == 1 else None


def _est_proposee(colonne: Colonne, type_demande: TypeDemande) -> bool:
    if colonne.champ.nom == _NUMERO_ASP and type_demande is TypeDemande.AVANCE:
        return False
    if colonne.niveau.chemin == (*DEMANDE, PIECES, TOUS) and colonne.champ.nom == "formatFichier":
        return False  # the extension tells it
    return colonne.champ.nom not in _AUTOMATIQUES and constante(colonne.champ) is None


def _lier(colonnes: list[Colonne]) -> None:
    """A key of a list that repeats the values of another list of the request: it is typed once."""
    sites = {(c.champ.nom, type_de(c)): c for c in colonnes if c.niveau.scalaire}
    for colonne in colonnes:
        if colonne.niveau.scalaire or colonne.niveau.chemin in ((), DEMANDE):
            continue
        site = sites.get((colonne.champ.nom, colonne.champ.type))
        if site is not None and isinstance(colonne.champ.type, Identifiant):
            colonne.liee_a, colonne.proposee = site, False


def _intituler(colonnes: list[Colonne]) -> None:
    """The label of the field, with that of what holds it where several fields have the same."""
    nombres = Counter(colonne.champ.libelle for colonne in colonnes)
    for colonne in colonnes:
        seul = nombres[colonne.champ.libelle] == 1
        colonne.intitule = colonne.champ.libelle if seul else f"{colonne.champ.libelle} – {colonne.groupe}"
    repetes = Counter(colonne.intitule for colonne in colonnes)
    for colonne in colonnes:
        if repetes[colonne.intitule] > 1:
            colonne.intitule = colonne.nom_chemin


def _numero(niveau: Niveau) -> Colonne:
    champ = Champ("", Entier(), f"N° d'ordre – {niveau.libelle}", obligatoire=False)
    return Colonne(niveau.chemin, champ, niveau, "", False, champ.libelle, numero=True)
