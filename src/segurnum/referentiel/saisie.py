"""Reading what is said of an ANS number, typed in a form or written in a cell: the same rules, the same sentences."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from segurnum import couloirs
from segurnum.referentiel.models import Referencement
from segurnum.regles.calendrier import date_fr, lire_date_fr
from segurnum.regles.identifiants import est_numero_ans

LIBELLES = {
    "numero_ans": "Numéro ANS",
    "logiciel": "Nom du logiciel",
    "version": "Version du logiciel",
    "dsr": "DSR",
    "profils": "Profils",
    "date_effet": "Date d'effet",
    "valide": "Référencement validé à l'ANS",
    "nature": "Nature",
    "profil_operateur": "Profil opérateur",
}
OBLIGATOIRES = ("numero_ans", "logiciel", "version", "dsr")
CHAMPS = tuple(champ for champ in LIBELLES if champ != "numero_ans")
_DSR = re.compile(r"DSR(-[A-Z0-9]{2,6}){2,3}-VA[0-9]{1,2}")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_OUI, _NON = ("oui", "o", "1", "vrai", "true"), ("non", "n", "0", "faux", "false")

Valeurs = dict[str, Any]


def lire(brut: Mapping[str, str]) -> tuple[Valeurs, dict[str, str]]:
    """The values of the fields that are given, and what is wrong with the others: one French sentence each."""
    valeurs: Valeurs = {}
    fautes: dict[str, str] = {}
    for champ, texte in brut.items():
        try:
            valeurs[champ] = _LECTEURS[champ](texte.replace("\x00", "").strip())
        except ValueError as faute:
            fautes[champ] = str(faute)
    if {"dsr", "profil_operateur"} <= valeurs.keys() and (phrase := _profil_discordant(valeurs)):
        fautes["profil_operateur"] = phrase
    return valeurs, fautes


def ecrire(champ: str, valeur: Any) -> str:
    """A value as people read and write it; what `lire` reads back."""
    if champ == "profils":
        return ", ".join(valeur)
    if champ == "valide":
        return "Oui" if valeur else "Non"
    if champ == "date_effet":
        return date_fr(valeur) if valeur else ""
    if champ in _CHOIX and valeur:
        return str(_CHOIX[champ](valeur).label)
    return str(valeur)


def _numero(texte: str) -> str:
    if not est_numero_ans(texte):
        raise ValueError(f"« {texte} » n'est pas un numéro ANS : dix lettres ou chiffres sont attendus.")
    return texte


def _texte(maximum: int) -> Callable[[str], str]:
    def lecteur(texte: str) -> str:
        if not texte:
            raise ValueError("Ce champ est obligatoire : indiquez-le.")
        if len(texte) > maximum:
            raise ValueError(f"Ce texte a {len(texte)} caractères : {maximum} au plus sont attendus.")
        return texte

    return lecteur


def _dsr(texte: str) -> str:
    """A couloir of the portal by its DSR or its code, or another DSR of the same form (RUL-016)."""
    try:
        return couloirs.trouver(texte).dsr
    except couloirs.CouloirInconnu:
        pass
    if _DSR.fullmatch(texte.upper()) is None:
        raise ValueError(
            f"« {texte} » n'est pas un DSR : la forme DSR-couloir-logiciel-Va suivie du numéro de la vague est "
            "attendue, par exemple DSR-MS1-DUI-Va1."
        )
    return "-Va".join(texte.upper().rsplit("-VA", 1))


def _profils(texte: str) -> list[str]:
    profils = [profil for brut in re.split(r"[,;|]", texte) if (profil := brut.strip())]
    if any(len(profil) > 40 for profil in profils):
        raise ValueError("Un profil a 40 caractères au plus ; séparez les profils par des virgules.")
    return list(dict.fromkeys(profils))


def _jour(texte: str) -> date | None:
    if not texte:
        return None
    if iso := _ISO.fullmatch(texte):
        texte = f"{iso[3]}/{iso[2]}/{iso[1]}"
    return lire_date_fr(texte)


def _oui_ou_non(texte: str) -> bool:
    if texte.lower() in _OUI:
        return True
    if texte.lower() in _NON:
        return False
    raise ValueError(f"« {texte} » ne dit pas si le référencement est validé : oui ou non est attendu.")


def _choix(champ: str, *, vide: bool) -> Callable[[str], str]:
    def lecteur(texte: str) -> str:
        if vide and not texte:
            return ""
        for valeur, libelle in _CHOIX[champ].choices:
            if texte.casefold() in (valeur.casefold(), libelle.casefold(), libelle.casefold().split()[-1]):
                return str(valeur)
        attendus = " ou ".join(f"« {libelle} »" for libelle in _CHOIX[champ].labels)
        raise ValueError(f"« {texte} » n'est pas connu : {attendus} est attendu.")

    return lecteur


def _profil_discordant(valeurs: Valeurs) -> str:
    """Only an operator of secure messaging is a developer or a buyer (MSS-018)."""
    couloir = next((couloir for couloir in couloirs.tous() if couloir.dsr == valeurs["dsr"]), None)
    operateur = couloir is not None and couloir.a_des_profils
    if operateur and not valeurs["profil_operateur"]:
        return (
            "Le profil opérateur est obligatoire pour un DSR de messagerie (MSS) : développeur ou acheteur."
        )
    if valeurs["profil_operateur"] and not operateur:
        return "Le profil opérateur ne concerne que la messagerie (MSS) : laissez-le vide pour ce DSR."
    return ""


_CHOIX = {"nature": Referencement.Nature, "profil_operateur": Referencement.ProfilOperateur}
_LECTEURS: dict[str, Callable[[str], Any]] = {
    "numero_ans": _numero,
    "logiciel": _texte(100),
    "version": _texte(50),
    "dsr": _dsr,
    "profils": _profils,
    "date_effet": _jour,
    "valide": _oui_ou_non,
    "nature": _choix("nature", vide=False),
    "profil_operateur": _choix("profil_operateur", vide=True),
}
