"""Checks of one uploaded file: name, size, extension, and that the content is what the extension says.

Every screen has its own limits; they are the constants below. 1 Mo is 1 048 576 octets.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import BinaryIO

from segurnum.controles.catalogue import ERREUR, declarer
from segurnum.controles.contenus import verifier_contenu
from segurnum.controles.problemes import MO, Probleme, lisible, mo, octets, probleme

NOM_VIDE = declarer(
    "4101",
    "Nom de fichier inutilisable",
    ERREUR,
    "Le nom du fichier est vide ou contient un caractère invisible ou un séparateur de dossiers.",
    "Renommez le fichier avec des lettres, des chiffres, des tirets et une extension.",
)
NOM_LONG = declarer(
    "4102",
    "Nom de fichier trop long",
    ERREUR,
    "Le nom du fichier, extension comprise, dépasse la longueur permise.",
    "Raccourcissez le nom du fichier, et son annonce s'il est annoncé.",
)
NOM_SPECIAL = declarer(
    "4103",
    "Nom de fichier avec des caractères spéciaux",
    ERREUR,
    "Sur cet écran, seuls les lettres sans accent, les chiffres, « - », « _ » et « . » sont permis.",
    "Renommez le fichier sans espace, sans accent et sans autre signe.",
)
EXTENSION = declarer(
    "4104",
    "Extension non acceptée",
    ERREUR,
    "L'extension du fichier n'est pas de celles que cet écran accepte.",
    "Convertissez le fichier dans un format accepté, ou corrigez l'extension si elle seule est fausse.",
)
TROP_GROS = declarer(
    "4105",
    "Fichier trop volumineux",
    ERREUR,
    "La taille du fichier dépasse la limite ; 1 Mo vaut 1 048 576 octets, limite comprise.",
    "Réduisez le fichier, par exemple en numérisant en 200 ou 300 points par pouce.",
)
VIDE = declarer(
    "4106",
    "Fichier vide",
    ERREUR,
    "Le fichier ne contient aucun octet.",
    "Vérifiez le fichier d'origine et joignez-le à nouveau.",
)

_AUTRES_NOMS_DE_JPG = frozenset({"jpeg", "jpe", "jfif", "jfi", "jif", "pjpeg", "pjp"})
_NOM_SIMPLE = re.compile(r"[A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class RegleFichier:
    """What one screen accepts: `types` are lower-case extensions, `taille_max` is in octets and included."""

    types: frozenset[str]
    taille_max: int
    nom_max: int | None = None
    nom_simple: bool = False

    @property
    def formats(self) -> str:
        """The accepted extensions as a screen prints them: « .jpg, .pdf ou .png »."""
        *debut, fin = (f".{extension}" for extension in sorted(self.types))
        return f"{', '.join(debut)} ou {fin}" if debut else fin

    @property
    def limite(self) -> str:
        """The limit in words: « 4 Mo »."""
        return mo(self.taille_max)

    @property
    def limite_exacte(self) -> str:
        """« 4 Mo (4 194 304 octets) »."""
        return f"{self.limite} ({octets(self.taille_max)})"


PIECE_ZIP = RegleFichier(frozenset({"pdf", "png", "jpg"}), 3 * MO, nom_max=100)
PIECE_FORMULAIRE = RegleFichier(frozenset({"pdf", "png", "jpg", "jpeg"}), 4 * MO, nom_max=100)
CONTACT = RegleFichier(frozenset({"json", "pdf", "png", "txt", "zip"}), 2 * MO)
PUBLICATION = RegleFichier(frozenset({"pdf", "png", "jpg", "json", "zip"}), 20 * MO, nom_max=150)
MODELE = RegleFichier(frozenset({"pdf", "png", "jpg", "jpeg"}), 4 * MO, nom_max=50, nom_simple=True)


def verifier_fichier(flux: BinaryIO, nom: str, taille: int, regle: RegleFichier) -> list[Probleme]:
    """Every problem of one file as (code, French sentence); empty when the file is accepted.

    `flux` must be seekable; it is read only when name and size are acceptable, and left at any place.
    """
    problemes = verifier_nom(nom, regle) + verifier_taille(nom, taille, regle)
    if problemes:
        return problemes
    return verifier_contenu(flux, nom, taille, extension(nom))


def verifier_nom(nom: str, regle: RegleFichier) -> list[Probleme]:
    """Problems of the name alone (JSN-036, JSN-037, EXP-014)."""
    if not nom.strip() or any(c in "/\\" or unicodedata.category(c)[0] == "C" for c in nom):
        return [
            probleme(
                NOM_VIDE,
                f"le nom du fichier « {lisible(nom)} » est vide ou contient un signe interdit ; renommez-le.",
            )
        ]
    problemes = []
    if regle.nom_max is not None and len(nom) > regle.nom_max:
        problemes.append(
            probleme(
                NOM_LONG, f"le nom « {nom} » a {len(nom)} caractères ; {regle.nom_max} au plus sont acceptés."
            )
        )
    if regle.nom_simple and not _NOM_SIMPLE.fullmatch(nom):
        problemes.append(
            probleme(
                NOM_SPECIAL,
                f"le nom « {nom} » contient des caractères spéciaux ; utilisez des lettres sans accent, "
                "des chiffres, « - », « _ » et « . ».",
            )
        )
    if extension(nom) not in regle.types:
        problemes.append(probleme(EXTENSION, _phrase_extension(nom, regle)))
    return problemes


def verifier_taille(nom: str, taille: int, regle: RegleFichier) -> list[Probleme]:
    """Problems of the size alone: exactly the limit is accepted, one octet more is not (JSN-035)."""
    if taille == 0:
        return [probleme(VIDE, f"le fichier « {nom} » est vide.")]
    if taille > regle.taille_max:
        return [
            probleme(
                TROP_GROS,
                f"le fichier « {nom} » pèse {octets(taille)} ; il ne doit pas dépasser {regle.limite_exacte}.",
            )
        ]
    return []


def extension(nom: str) -> str:
    """The extension in lower case, without its dot; empty when there is none."""
    return nom.rpartition(".")[2].lower() if "." in nom else ""


def _phrase_extension(nom: str, regle: RegleFichier) -> str:
    suffixe = extension(nom)
    if suffixe in _AUTRES_NOMS_DE_JPG and "jpg" in regle.types:
        return f"le fichier « {nom} » porte l'extension .{suffixe}, refusée ici : renommez-le en .jpg."
    constat = f"porte l'extension .{suffixe}" if suffixe else "n'a pas d'extension"
    return f"le fichier « {nom} » {constat} ; les formats acceptés sont {regle.formats}."
