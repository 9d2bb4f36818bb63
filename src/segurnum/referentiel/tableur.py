"""A file of ANS numbers: read, and compared with the referential, line by line. Nothing is written here."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from segurnum.controles.tableaux import Defaut, lire_tableau
from segurnum.isolement import executer
from segurnum.referentiel.models import Referencement
from segurnum.referentiel.saisie import CHAMPS, LIBELLES, OBLIGATOIRES, Valeurs, ecrire, lire
from segurnum.regles.cycles import EnumLibelle
from segurnum.regles.textes import cle_de_titre

LIGNES_MAX = 5_000
_SEPARATEUR = ";"


class Effet(EnumLibelle):
    """What a line does to the referential."""

    ERREUR = "ERREUR", "En erreur"
    NOUVEAU = "NOUVEAU", "Nouveau"
    MODIFIE = "MODIFIE", "Modifié"
    INCHANGE = "INCHANGE", "Inchangé"


@dataclass(frozen=True)
class Changement:
    """A field that takes another value, both as people read them."""

    libelle: str
    avant: str
    apres: str


@dataclass(frozen=True)
class Ligne:
    """A line of the file (`rang`, from 1, heading included) and its effect."""

    rang: int
    numero_ans: str
    effet: Effet
    fautes: tuple[str, ...] = ()
    changements: tuple[Changement, ...] = ()
    valeurs: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Rapport:
    """`faute`: why the whole file cannot be read; empty when it can."""

    lignes: tuple[Ligne, ...] = ()
    faute: str = ""

    @property
    def acceptable(self) -> bool:
        """True when the file may be taken in, whole (GST-009: nothing is half loaded)."""
        return not self.faute and not self.compte(Effet.ERREUR)

    @property
    def change(self) -> bool:
        return bool(self.compte(Effet.NOUVEAU) + self.compte(Effet.MODIFIE))

    @property
    def bilan(self) -> list[tuple[str, int]]:
        return [(effet.libelle, self.compte(effet)) for effet in Effet]

    def compte(self, effet: Effet) -> int:
        return sum(ligne.effet is effet for ligne in self.lignes)


def analyser(octets: bytes) -> Rapport:
    """What taking this file in would do (UTF-8 or Windows-1252; commas or semicolons)."""
    try:
        brutes = _lignes(octets)
    except ValueError as faute:
        return Rapport(faute=str(faute))
    numeros = [brut["numero_ans"].strip() for _, brut in brutes]
    connus = {r.numero_ans: r for r in Referencement.objects.filter(numero_ans__in=_possibles(numeros))}
    deja_vus: set[str] = set()
    lignes = []
    for (rang, brut), numero in zip(brutes, numeros, strict=True):
        lignes.append(_ligne(rang, brut, connus.get(numero), repete=numero in deja_vus))
        deja_vus.add(numero)
    return Rapport(tuple(lignes))


def exporter(referencements: Iterable[Referencement]) -> bytes:
    """The referential as a file that can be corrected and imported again; opens in a spreadsheet."""
    sortie = io.StringIO()
    tableau = csv.writer(sortie, delimiter=_SEPARATEUR, lineterminator="\r\n")
    tableau.writerow(LIBELLES.values())
    for reference in referencements:
        tableau.writerow(ecrire(champ, getattr(reference, champ)) for champ in LIBELLES)
    return sortie.getvalue().encode("utf-8-sig")


def changements(reference: Referencement, valeurs: Valeurs) -> dict[str, tuple[Any, Any]]:
    """The fields that `valeurs` changes: what is there, what would be."""
    return {
        champ: (getattr(reference, champ), valeur)
        for champ, valeur in valeurs.items()
        if champ in CHAMPS and getattr(reference, champ) != valeur
    }


def _possibles(numeros: Iterable[str]) -> list[str]:
    return [numero for numero in numeros if "\x00" not in numero]


def _lignes(octets: bytes) -> list[tuple[int, dict[str, str]]]:
    """Each line that says something, by its rank and its known columns. Raises ValueError (French sentence)."""
    lu = executer(lire_tableau, f"{_SEPARATEUR},", "cp1252", LIGNES_MAX, flux=octets)
    colonnes = _colonnes(lu.titres)
    if lu.defaut is Defaut.LIGNES:
        raise ValueError(f"Le fichier a plus de {LIGNES_MAX} lignes : partagez-le en plusieurs fichiers.")
    if lu.defaut is not None:
        raise ValueError(
            f"Le fichier ne se lit pas comme un CSV : vérifiez les guillemets de la ligne {lu.rang}."
        )
    if not lu.lignes:
        raise ValueError("Le fichier n'a aucune ligne sous ses titres : un numéro ANS par ligne est attendu.")
    return [
        (rang, dict(zip(colonnes, cellules + [""] * (len(colonnes) - len(cellules)), strict=False)))
        for rang, cellules in lu.lignes
    ]


def _colonnes(titres: list[str]) -> list[str]:
    """The fields that the titles name, in order. Raises ValueError for a title unknown, repeated or missing."""
    connus = {cle_de_titre(nom): champ for champ, libelle in LIBELLES.items() for nom in (champ, libelle)}
    inconnus = [titre for titre in titres if cle_de_titre(titre) not in connus]
    if inconnus:
        attendus = ", ".join(LIBELLES.values())
        raise ValueError(
            f"Colonne inconnue : « {inconnus[0][:60]} ». Les colonnes attendues sont : {attendus}."
        )
    colonnes = [connus[cle_de_titre(titre)] for titre in titres]
    for champ in LIBELLES:
        if colonnes.count(champ) > 1:
            raise ValueError(f"La colonne « {LIBELLES[champ]} » est là deux fois : une seule est attendue.")
        if champ in OBLIGATOIRES and champ not in colonnes:
            raise ValueError(f"Il manque la colonne « {LIBELLES[champ]} ».")
    return colonnes


def _ligne(rang: int, brut: dict[str, str], existant: Referencement | None, *, repete: bool) -> Ligne:
    # A column that the file does not have leaves what is there, and its usual value to a new number.
    defauts = existant or Referencement()
    valeurs, fautes = lire(
        {
            champ: brut[champ] if champ in brut else ecrire(champ, getattr(defauts, champ))
            for champ in LIBELLES
        }
    )
    numero = brut["numero_ans"].strip()
    phrases = [f"{LIBELLES[champ]} : {phrase}" for champ, phrase in fautes.items()]
    if repete:
        phrases.insert(0, "Ce numéro ANS est déjà sur une ligne précédente du fichier.")
    if existant and "dsr" in valeurs and (phrase := dsr_tenu(existant, valeurs["dsr"])):
        phrases.append(phrase)
    if phrases:
        return Ligne(rang, numero[:20], Effet.ERREUR, tuple(phrases))
    if existant is None:
        return Ligne(rang, numero, Effet.NOUVEAU, valeurs=valeurs)
    changes = tuple(
        Changement(LIBELLES[champ], ecrire(champ, avant), ecrire(champ, apres))
        for champ, (avant, apres) in changements(existant, valeurs).items()
    )
    return Ligne(rang, numero, Effet.MODIFIE if changes else Effet.INCHANGE, (), changes, valeurs)


def dsr_tenu(reference: Referencement, dsr: str) -> str:
    """Why this number cannot take another DSR; empty when it can."""
    if dsr == reference.dsr or not reference.enrolements.exists():
        return ""
    return (
        f"Le DSR de {reference.numero_ans} ne peut pas changer : des enrôlements en dépendent. "
        "Créez un autre numéro pour un autre DSR."
    )
