"""Checks of a request that is typed on screen: the rules of the file's fields, told beside the form's fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from segurnum.controles.catalogue import ERREUR
from segurnum.controles.contexte import Contexte
from segurnum.controles.depot import Depot
from segurnum.controles.fichiers import PIECE_FORMULAIRE, RegleFichier
from segurnum.controles.metier.droits import enrolement_valide, fenetre_non_fermee, fenetre_ouverte
from segurnum.controles.problemes import MO, nombre_fr
from segurnum.controles.valeurs import controle_du_type
from segurnum.couloirs import Couloir
from segurnum.couloirs.champs import LIEN_WEB, Booleen, Champ, DateFr, Entier, Montant, Objet, Tableau, Type
from segurnum.couloirs.formulaire import ZonePiece
from segurnum.regles.calendrier import DEBUT_DU_PROGRAMME, date_fr, jour_de_paris, lire_date_fr, maintenant
from segurnum.regles.cycles import TypeDemande
from segurnum.regles.identifiants import normaliser_lien_web

TAILLE_ZONE = 4 * MO
OUI, NON = "oui", "non"
_NOM_MAX = 100
# What only concerns the writing of a file.
_GUILLEMETS = re.compile(r" \((?:entre|sans) guillemets\)")
_MONTANT = re.compile(r"[0-9]{1,12}([.,][0-9]{1,6})?")
_SEPARATEURS = re.compile(r"[\s\u00a0\u202f]")


def lire_champ(champ: Champ, texte: str) -> tuple[Any, list[str]]:
    """The normal value of a typed field (None when empty), and French sentences for what is wrong with it."""
    if isinstance(champ.type, (Objet, Tableau)):
        raise TypeError(f"{champ.nom} ne se saisit pas dans un champ")
    texte = texte.strip()
    if not texte:
        return None, [] if champ.accepte_null else ["Ce champ est obligatoire : renseignez-le."]
    valeur = _convertir(champ.type, texte)
    if valeur is None:
        return None, [f"« {texte} » ne convient pas : {_attendu(champ.type)} est attendu."]
    ecarts = controle_du_type(champ.type)(valeur) or []
    if not ecarts and isinstance(champ.type, DateFr) and champ.type.passee and not _est_passee(texte):
        return texte, [
            f"Le {texte} ne convient pas : la date d'un jour passé est attendue, depuis le "
            f"{date_fr(DEBUT_DU_PROGRAMME)}."
        ]
    if not ecarts and isinstance(champ.type, DateFr) and (faute := _avant_le_plancher(champ.type, texte)):
        return texte, [faute]
    fautes = [_a_l_ecran(e.message) for e in ecarts if e.code is not None and e.code.severite == ERREUR]
    return (ecarts[-1].valeur if ecarts else valeur), fautes


def _est_passee(texte: str) -> bool:
    return DEBUT_DU_PROGRAMME <= lire_date_fr(texte) <= jour_de_paris(maintenant())


def _avant_le_plancher(type_: DateFr, texte: str) -> str:
    """Why this day comes too early for what the avance declares; empty when it does not."""
    if type_.plancher is None or lire_date_fr(texte) >= lire_date_fr(type_.plancher[1]):
        return ""
    libelle, jour = type_.plancher
    return f"Le {texte} ne convient pas : ce jour précède le {jour}, déclaré à l'avance (« {libelle} »)."


def lire_saisie(
    champs: tuple[Champ, ...], saisie: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """The normal values of typed fields, and what is wrong, by name of field."""
    valeurs: dict[str, Any] = {}
    fautes: dict[str, list[str]] = {}
    for champ in champs:
        valeurs[champ.nom], trouvees = lire_champ(champ, saisie.get(champ.nom, ""))
        if trouvees:
            fautes[champ.nom] = trouvees
    return valeurs, fautes


def regle_de_zone(zone: ZonePiece) -> RegleFichier:
    """What a deposit zone accepts: its own formats, 4 Mo (MSS-015, MSS-016)."""
    return RegleFichier(frozenset(zone.formats), TAILLE_ZONE, nom_max=_NOM_MAX)


def regle_de_piece(couloir: Couloir, type_demande: TypeDemande, type_piece: str) -> RegleFichier:
    """What is accepted of a piece added later: the formats of its zone, where the couloir has one."""
    zones = couloir.format(type_demande).zones
    return next((regle_de_zone(zone) for zone in zones if zone.type == type_piece), PIECE_FORMULAIRE)


def empechements(couloir: Couloir, type_demande: TypeDemande, contexte: Contexte) -> list[str]:
    """Why nothing may be deposited now: enrolment, window. The very rules that judge a file."""
    depot = Depot(couloir, type_demande, {}, [], contexte)
    regles = (enrolement_valide, fenetre_ouverte, fenetre_non_fermee)
    return [phrase for regle in regles for _, phrase, *_propose in regle(depot)]


def ecrire_champ(champ: Champ, valeur: Any) -> str:
    """A normal value as a field shows it, and as `lire_champ` reads it back."""
    if valeur is None:
        return ""
    if isinstance(champ.type, Booleen):
        return OUI if valeur else NON
    return _ecrire_montant(Decimal(str(valeur))) if isinstance(champ.type, Montant) else str(valeur)


def _ecrire_montant(montant: Decimal) -> str:
    """With its two decimals, and the others if there are any: what is wrong is shown as it is."""
    deux = montant.quantize(Decimal("0.01"))
    return str(deux if deux == montant else montant).replace(".", ",")


def _convertir(type_: Type, texte: str) -> Any:
    """The typed text in the Python type that the field's check expects; None when it cannot be read so."""
    serre = _SEPARATEURS.sub("", texte)
    match type_:
        case Entier():
            return int(serre) if serre.isascii() and serre.isdigit() and len(serre) <= 12 else None
        case Montant():
            return Decimal(serre.replace(",", ".")) if _MONTANT.fullmatch(serre) else None
        case Booleen():
            return {OUI: True, NON: False}.get(texte)
        case _:
            return normaliser_lien_web(texte) if type_ is LIEN_WEB else texte


def _attendu(type_: Type) -> str:
    match type_:
        case Entier():
            return f"un nombre entier de {type_.minimum} à {nombre_fr(type_.maximum)}"
        case Montant():
            return "un montant en euros et centimes, comme 1074,99,"
        case _:
            return "« oui » ou « non »"


def _a_l_ecran(phrase: str) -> str:
    return _GUILLEMETS.sub("", phrase)


def formats_acceptes(regles: Iterable[tuple[str, RegleFichier]]) -> str:
    """The formats of the pieces that a screen receives, for each label where they are not the same for all."""
    par_formats: dict[str, list[str]] = {}
    for libelle, regle in regles:
        formats = ", ".join(f".{suffixe}" for suffixe in sorted(regle.types))
        par_formats.setdefault(formats, []).append(f"« {libelle} »")
    if len(par_formats) == 1:
        return f"Formats acceptés : {next(iter(par_formats))} ; {PIECE_FORMULAIRE.limite} au plus."
    phrases = [f"{formats} pour {', '.join(libelles)}" for formats, libelles in par_formats.items()]
    return f"Formats acceptés : {' ; '.join(phrases)}. {PIECE_FORMULAIRE.limite} au plus."
