"""The small language in which a couloir declares the shape of its file.

Pure data: the structure check, the models, the documentation, the JSON Schema and the screens are derived
from it, each in its own module. Nothing here knows how a value is checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from segurnum.couloirs.roles import Role
from segurnum.regles import identifiants
from segurnum.regles.textes import lisible

Chemin = tuple[str | int, ...]

TEXTE_MAX = 255  # characters of a text without a length of its own, and of the columns that keep one


class _Absent:
    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Any = _Absent()
"""No value given: distinct from None, which JSON writes null."""


@dataclass(frozen=True)
class Booleen:
    """true or false."""

    exemple: bool = False


@dataclass(frozen=True)
class Entier:
    """A whole number, from `minimum` to `maximum`."""

    minimum: int = 1
    maximum: int = 999_999_999
    exemple: int = 1


@dataclass(frozen=True)
class Montant:
    """Euros excluding tax: positive, two decimals at most, below a billion."""

    exemple: Decimal = Decimal("1074.99")


@dataclass(frozen=True)
class DateFr:
    """A calendar day written JJ/MM/AAAA. `passee`: of something that has happened, since the programme began.

    `apres`: the field of the avance that this day may not precede; `plancher` is that field's label and day, once the
    avance is known.
    """

    exemple: str = "18/10/2021"
    passee: bool = False
    apres: str = ""
    plancher: tuple[str, str] | None = None


@dataclass(frozen=True)
class Texte:
    """Printable text, not empty. `motif` is a regular expression, told to users by `attendu`."""

    longueur_max: int = TEXTE_MAX
    motif: str | None = None
    attendu: str = ""
    exemple: str = "DURAND"


@dataclass(frozen=True)
class Choix:
    """One of a few values; the letter case is forgiven with a warning."""

    valeurs: tuple[str, ...]
    exemple: str = ""


@dataclass(frozen=True)
class Identifiant:
    """Text that follows a national rule. `motif` is what a JSON Schema can say of it, `est_valide` all of it.

    `sigle`: « RPPS », how lists name it; `export`: how the exports do, where the guide says it otherwise.
    `nombre_tolere`: a number without quotes is accepted when its digits are themselves a valid identifier; reserved to
    identifiers whose length and key exclude a lost leading zero.
    """

    nom: str
    attendu: str
    est_valide: Callable[[str], bool]
    motif: str
    exemple: str
    code: str = "2000"
    nombre_tolere: bool = False
    sigle: str = ""
    export: str = ""


@dataclass(frozen=True)
class Objet:
    """Named fields. In each group of `un_de`, at least one field must be filled.

    `ordre`: that of the screen, where it is not the file's.
    """

    champs: tuple[Champ, ...]
    un_de: tuple[tuple[str, ...], ...] = ()
    ordre: tuple[str, ...] = ()

    def champ(self, nom: str) -> Champ | None:
        """The field of that name, if declared."""
        return next((champ for champ in self.champs if champ.nom == nom), None)

    def __getitem__(self, nom: str) -> Champ:
        champ = self.champ(nom)
        if champ is None:
            raise KeyError(nom)
        return champ


@dataclass(frozen=True)
class Tableau:
    """A list of values of one type; `maximum` is for the requests of a file."""

    element: Type
    minimum: int = 0
    maximum: int | None = None


Type = Booleen | Entier | Montant | DateFr | Texte | Choix | Identifiant | Objet | Tableau


@dataclass(frozen=True)
class Champ:
    """One field of an object: everything that is said of it is said here, once.

    `libelle`: its name on every screen, in the documentation and in spreadsheets; `colonne`: the title of its column
    where the label does not suit one. `role`: its place on the screens.
    `obligatoire`: the key must be there. `nullable`: null is accepted (always so for an optional field);
    `rempli_au_solde`: at the avance only. `exclut`: a field of the same object that is not true together with it.
    `si`: (field, value) of the same object that this one is filled for; it is empty otherwise, and what accepts null
    in it is then expected. `alias`: other spellings accepted with a warning. `reserve`: filled by the portal, ignored
    on input with a warning. `exemple`: overrides the type's own; a dict (or a list of dicts) completes the example of
    an object. `depuis`: not declared, told by the versions of a format: asked for since that instant.
    """

    nom: str
    type: Type
    libelle: str
    obligatoire: bool = True
    nullable: bool = False
    exemple: Any = field(default=ABSENT, hash=False)
    description: str = ""
    alias: tuple[str, ...] = ()
    reserve: bool = False
    role: Role | None = None
    colonne: str = ""
    exclut: str = ""
    si: tuple[str, str] | None = None
    rempli_au_solde: bool = False
    depuis: datetime | None = None

    @property
    def accepte_null(self) -> bool:
        """True when null is a possible value."""
        return self.nullable or not self.obligatoire


SIRET = Identifiant(
    "numéro SIRET",
    "14 chiffres dont la clé de contrôle est juste",
    identifiants.est_siret,
    "^[0-9]{14}$",
    "99900001100018",
    code="2002",
    nombre_tolere=True,
    sigle="SIRET",
)
NUMERO_ANS = Identifiant(
    "numéro ANS",
    "10 lettres ou chiffres sans accent",
    identifiants.est_numero_ans,
    "^[0-9A-Za-z]{10}$",
    "1234567890",
    code="2001",
)
FINESS = Identifiant(
    "numéro FINESS",
    "9 caractères (chiffres, ou 2A/2B pour la Corse) dont la clé de contrôle est juste",
    identifiants.est_finess,
    "^([0-9]{2}|2[AB])[0-9]{7}$",
    "990000010",
    code="2003",
    nombre_tolere=True,
    sigle="FINESS",
)
PMSI = Identifiant(
    "numéro PMSI",
    "9 caractères (chiffres, ou 2A/2B pour la Corse) dont la clé de contrôle est juste",
    identifiants.est_pmsi,
    "^([0-9]{2}|2[AB])[0-9]{7}$",
    "990000028",
    code="2004",
    nombre_tolere=True,
    sigle="PMSI",
    export="FINESS PMSI",
)
RPPS = Identifiant(
    "numéro RPPS",
    "11 chiffres dont la clé de contrôle est juste",
    identifiants.est_rpps,
    "^[0-9]{11}$",
    "99900000011",
    code="2005",
    nombre_tolere=True,
    sigle="RPPS",
)
COURRIEL = Identifiant(
    "adresse électronique",
    "une adresse sans accent ni espace comme nom@domaine.example",
    identifiants.est_courriel,
    "^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$",
    "contact@etablissement.example",
    code="2006",
)
TELEPHONE = Identifiant(
    "numéro de téléphone",
    "un numéro français, outre-mer compris, de 10 chiffres ou au format +33",
    identifiants.est_telephone,
    "^\\+?[0-9 .()-]{9,25}$",
    "0123456789",
    code="2007",
)
LIEN_WEB = Identifiant(
    "adresse de site web",
    "l'adresse d'une page que tout le monde peut ouvrir, en http:// ou https://, de 500 caractères au plus",
    identifiants.est_lien_web,
    "^https?://[^\\s/]+",
    "https://documentation.operateur.example",
    code="2009",
)
AM = Identifiant(
    "numéro Assurance Maladie",
    "9 chiffres",
    identifiants.est_am,
    "^[0-9]{9}$",
    "123456789",
    code="2008",
    sigle="AM",
)


def exemple_du_type(type_: Type) -> Any:
    """The example of a type, fields and elements included."""
    if isinstance(type_, Objet):
        return {champ.nom: exemple_du_champ(champ) for champ in type_.champs}
    if isinstance(type_, Tableau):
        return [exemple_du_type(type_.element)]
    if isinstance(type_, Choix):
        return type_.exemple or type_.valeurs[0]
    return type_.exemple


def exemple_du_champ(champ: Champ) -> Any:
    """The example of a field; one that the portal fills is null."""
    if champ.reserve:
        return None
    if champ.exemple is ABSENT:
        return exemple_du_type(champ.type)
    return _completer(champ.type, champ.exemple)


def _completer(type_: Type, valeur: Any) -> Any:
    if isinstance(type_, Objet) and isinstance(valeur, dict):
        return {
            c.nom: _completer(c.type, valeur[c.nom]) if c.nom in valeur else exemple_du_champ(c)
            for c in type_.champs
        }
    if isinstance(type_, Tableau) and isinstance(valeur, list):
        return [_completer(type_.element, element) for element in valeur]
    return valeur


def vierge_du_type(type_: Type) -> Any:
    """The empty value to fill in: nothing is invented, a list shows one empty element."""
    match type_:
        case Objet():
            return {c.nom: None if c.accepte_null else vierge_du_type(c.type) for c in type_.champs}
        case Tableau():
            return [vierge_du_type(type_.element)]
        case Choix(valeurs=(unique,)):
            return unique
        case Booleen() | Entier() | Montant():
            return None
        case _:
            return ""


def parcourir(objet: Objet, prefixe: str = "") -> Iterator[tuple[str, Champ]]:
    """Every field below an object, depth first, with its generic path (`lignesImport[].commande.regimeTVA`)."""
    for champ in objet.champs:
        chemin = f"{prefixe}{champ.nom}"
        yield chemin, champ
        type_: Type = champ.type
        while isinstance(type_, Tableau):
            chemin, type_ = f"{chemin}[]", type_.element
        if isinstance(type_, Objet):
            yield from parcourir(type_, f"{chemin}.")


def element(type_: Type) -> Type:
    """What lists are made of, however nested; the type itself when it is no list."""
    while isinstance(type_, Tableau):
        type_ = type_.element
    return type_


def remplie(valeur: Any) -> bool:
    """True for a value that says something: neither null nor an empty text or list."""
    return valeur is not None and valeur != "" and valeur != []


def ecrire_chemin(chemin: Chemin) -> str:
    """`("lignesImport", 3, "commande")` -> `lignesImport[3].commande`, each name as readable as a value."""
    texte = ""
    for pas in chemin:
        if isinstance(pas, int):
            texte += f"[{pas}]"
        else:
            texte += f".{lisible(pas)}" if texte else lisible(pas)
    return texte
