"""Is the file shaped as declared? Everything is reported at once; the normal form comes out.

The declaration is compiled once into nested functions: `visiter(valeur, chemin, recueil)` gives the normal
value and adds its findings. Paths are only built where something is found or an object opens.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from segurnum.controles.catalogue import AVERTISSEMENT, ERREUR, Severite, declarer
from segurnum.controles.constats import Constat, citer, decrire, le_plus_proche
from segurnum.controles.lecture import ANOMALIES_MAX, CLE_REPETEE
from segurnum.controles.valeurs import TYPE, Controle, controle_du_type
from segurnum.couloirs.champs import ABSENT, Champ, Chemin, Objet, Tableau, Type, remplie
from segurnum.couloirs.phrases import attendu
from segurnum.regles.calendrier import instant_long

MANQUANT = declarer(
    "1101", "Champ manquant", ERREUR, "Un champ attendu est absent de son objet.", "Ajoutez le champ."
)
INCONNU = declarer(
    "1102",
    "Champ inconnu",
    ERREUR,
    "Le champ n'existe pas dans ce format ; le nom le plus proche est proposé.",
    "Corrigez le nom (majuscules comprises) ou retirez le champ.",
)
NUL = declarer(
    "1104",
    "Valeur vide",
    ERREUR,
    "Le champ vaut null alors qu'une valeur est attendue.",
    "Remplissez le champ.",
)
LISTE_VIDE = declarer(
    "1105", "Liste vide", ERREUR, "La liste doit compter au moins un élément.", "Ajoutez un élément."
)
AUCUNE_DEMANDE = declarer(
    "1106", "Aucune demande", ERREUR, "Le fichier ne contient aucune demande.", "Ajoutez de 1 à 200 demandes."
)
TROP_DE_DEMANDES = declarer(
    "1107",
    "Trop de demandes",
    ERREUR,
    "Un fichier contient au plus 200 demandes.",
    "Répartissez les demandes en plusieurs fichiers.",
)
UN_DES_CHAMPS = declarer(
    "1108",
    "Aucun des champs possibles n'est rempli",
    ERREUR,
    "L'un au moins de plusieurs champs doit être rempli.",
    "Remplissez l'un des champs indiqués.",
)
DEVENU_OBLIGATOIRE = declarer(
    "3055",
    "Champ devenu obligatoire",
    ERREUR,
    "Le champ est obligatoire pour les demandes déposées depuis une certaine date.",
    "Remplissez le champ.",
)
AUTRE_ECRITURE = declarer(
    "1201",
    "Autre écriture d'un champ",
    AVERTISSEMENT,
    "Le nom du champ est accepté sous une autre écriture que la sienne.",
    "Écrivez le nom comme la documentation.",
)
RESERVE = declarer(
    "1205",
    "Champ rempli par le portail",
    AVERTISSEMENT,
    "Le champ est vide au dépôt : sa valeur est ignorée.",
    "Écrivez null.",
)

IGNOREE: Any = object()
"""Stands for a request that is not to be visited: it belongs to another couloir or type."""


@dataclass
class Recueil:
    """What a visit gathers: findings, paths in error, and fields read under another name."""

    constats: list[Constat] = field(default_factory=list)
    en_erreur: set[Chemin] = field(default_factory=set)
    ecrits: dict[Chemin, Chemin] = field(default_factory=dict)

    def chemin_ecrit(self, chemin: Chemin) -> Chemin:
        """The path as the file writes it, for a path of the normal form."""
        for longueur in range(len(chemin), 0, -1) if self.ecrits else ():
            ecrit = self.ecrits.get(chemin[:longueur])
            if ecrit is not None:
                return (*ecrit, *chemin[longueur:])
        return chemin

    @property
    def plein(self) -> bool:
        """True when nothing more is worth gathering."""
        return len(self.constats) > ANOMALIES_MAX

    def ajouter(self, constat: Constat) -> None:
        self.constats.append(constat)
        if constat.code.severite == Severite.ERREUR:
            self.en_erreur.add(constat.chemin)


Visiteur = Callable[[Any, Chemin, Recueil], Any]


def compiler(type_: Type) -> Visiteur:
    """The visitor of a declared type."""
    if isinstance(type_, Objet):
        return _VisiteObjet(type_)
    if isinstance(type_, Tableau):
        return _visite_tableau(type_)
    controle = controle_du_type(type_)

    def visiter(valeur: Any, chemin: Chemin, recueil: Recueil) -> Any:
        return _juger(controle, valeur, chemin, recueil)

    return visiter


def squelette(type_: Type) -> Any:
    """The normal form of what could not be read: every field there, nothing in it."""
    if isinstance(type_, Objet):
        return {champ.nom: squelette(champ.type) for champ in type_.champs}
    return [] if isinstance(type_, Tableau) else None


def _juger(controle: Controle, valeur: Any, chemin: Chemin, recueil: Recueil) -> Any:
    ecarts = controle(valeur)
    if not ecarts:
        return valeur
    for ecart in ecarts:
        if ecart.code is not None:
            recueil.ajouter(Constat(ecart.code, ecart.message, chemin))
    return ecarts[-1].valeur


def _visite_tableau(type_: Tableau) -> Visiteur:
    visiter_element = compiler(type_.element)
    scalaire = None if isinstance(type_.element, (Objet, Tableau)) else controle_du_type(type_.element)
    de_demandes = type_.maximum is not None

    def visiter(valeur: Any, chemin: Chemin, recueil: Recueil) -> list[Any]:
        if type(valeur) is not list:
            message = f"Il faut une liste [ … ], pas {decrire(valeur)}."
            recueil.ajouter(Constat(TYPE, message, chemin))
            return []
        elements: list[Any] = valeur
        if len(elements) < type_.minimum:
            recueil.ajouter(_trop_peu(chemin, de_demandes))
        if recueil.plein:
            return []
        if type_.maximum is not None and len(elements) > type_.maximum:
            message = (
                f"Le fichier contient {len(elements)} demandes : {type_.maximum} au plus sont acceptées."
            )
            recueil.ajouter(Constat(TROP_DE_DEMANDES, message, chemin))
            elements = elements[: type_.maximum]
        if scalaire is not None and not any(map(scalaire, elements)):
            return elements
        return [
            visiter_element(element, (*chemin, rang), recueil)
            for rang, element in enumerate(elements)
            if not recueil.plein
        ]

    return visiter


def _trop_peu(chemin: Chemin, de_demandes: bool) -> Constat:
    if de_demandes:
        return Constat(
            AUCUNE_DEMANDE, "Le fichier ne contient aucune demande : de 1 à 200 sont attendues.", chemin
        )
    return Constat(LISTE_VIDE, f"La liste {chemin[-1]} est vide : au moins un élément est attendu.", chemin)


def _devenu_obligatoire(champ: Champ, depuis: datetime, chemin: Chemin) -> Constat:
    message = f"Le champ {champ.nom} ({champ.libelle}) est obligatoire depuis le {instant_long(depuis)} : il est vide."
    return Constat(DEVENU_OBLIGATOIRE, message, chemin)


class _VisiteObjet:
    """The visit of an object: known fields in their declared order, then the names that do not exist."""

    def __init__(self, objet: Objet) -> None:
        self._objet = objet
        self._noms = {champ.nom for champ in objet.champs}
        self._alias = {alias: champ.nom for champ in objet.champs for alias in champ.alias}
        self._plan = [
            (champ.nom, champ, None, compiler(champ.type))
            if isinstance(champ.type, (Objet, Tableau))
            else (champ.nom, champ, controle_du_type(champ.type), None)
            for champ in objet.champs
        ]

    def __call__(self, valeur: Any, chemin: Chemin, recueil: Recueil) -> dict[str, Any]:
        if type(valeur) is not dict:
            if valeur is not IGNOREE:
                message = f"Il faut un objet {{ … }}, pas {decrire(valeur)}."
                recueil.ajouter(Constat(TYPE, message, chemin))
            return {champ.nom: squelette(champ.type) for champ in self._objet.champs}
        devines: set[str] = set()
        cles: dict[str, str] = {}
        if not valeur.keys() <= self._noms:
            devines, cles = self._noms_inattendus(valeur, chemin, recueil)
        normal: dict[str, Any] = {}
        for nom, champ, controle, visiter in self._plan:
            lue = valeur.get(cles.get(nom, nom) if cles else nom, ABSENT)
            if controle is not None and lue is not None and lue is not ABSENT and not champ.reserve:
                ecarts = controle(lue)
                if not ecarts:
                    normal[nom] = lue
                    continue
                normal[nom] = _juger(controle, lue, (*chemin, cles.get(nom, nom)), recueil)
            elif visiter is not None and lue is not None and lue is not ABSENT:
                normal[nom] = visiter(lue, (*chemin, nom), recueil)
            else:
                normal[nom] = self._sans_valeur(champ, lue, (*chemin, nom), nom in devines, recueil)
        self._un_des_champs(normal, chemin, recueil)
        return normal

    def _sans_valeur(self, champ: Champ, lue: Any, chemin: Chemin, devine: bool, recueil: Recueil) -> Any:
        """The field is missing, null, or kept by the portal."""
        if champ.reserve:
            if lue is not None and lue is not ABSENT:
                message = (
                    f"Le champ {champ.nom} est rempli par le portail : la valeur {citer(lue)} est ignorée."
                )
                recueil.ajouter(Constat(RESERVE, message, chemin))
            return None
        if lue is ABSENT and champ.obligatoire:
            if devine:
                recueil.en_erreur.add(chemin)
            elif champ.depuis:
                recueil.ajouter(_devenu_obligatoire(champ, champ.depuis, chemin))
            else:
                message = f"Le champ {champ.nom} ({champ.libelle}) manque : il faut {attendu(champ.type)}."
                recueil.ajouter(Constat(MANQUANT, message, chemin))
        elif lue is None and not champ.accepte_null and champ.depuis:
            recueil.ajouter(_devenu_obligatoire(champ, champ.depuis, chemin))
        elif lue is None and not champ.accepte_null:
            message = f"Le champ {champ.nom} ({champ.libelle}) vaut null : il faut {attendu(champ.type)}."
            recueil.ajouter(Constat(NUL, message, chemin))
        return squelette(champ.type)

    def _noms_inattendus(
        self, valeur: dict[str, Any], chemin: Chemin, recueil: Recueil
    ) -> tuple[set[str], dict[str, str]]:
        """Report names that are not declared; returns the names they stood for, and the aliases to read."""
        devines: set[str] = set()
        cles: dict[str, str] = {}
        for nom in valeur:
            if nom in self._noms or recueil.plein:
                continue
            voulu = self._alias.get(nom)
            if voulu is None:
                proche = self._plus_proche(nom, valeur)
                if proche and proche not in valeur:
                    devines.add(proche)
                recueil.ajouter(
                    Constat(INCONNU, self._message_inconnu(nom, proche), (*chemin, nom), sur_cle=True)
                )
            elif voulu in valeur or voulu in cles:
                message = f"Le champ {citer(nom)} répète {citer(voulu)} : ne gardez que {citer(voulu)}."
                recueil.ajouter(Constat(CLE_REPETEE, message, (*chemin, nom), sur_cle=True))
            else:
                cles[voulu] = nom
                recueil.ecrits[(*chemin, voulu)] = (*chemin, nom)
                message = f"Le champ {citer(nom)} s'écrit {citer(voulu)} ; il est accepté."
                recueil.ajouter(Constat(AUTRE_ECRITURE, message, (*chemin, nom), sur_cle=True))
        return devines, cles

    def _plus_proche(self, nom: str, valeur: dict[str, Any]) -> str | None:
        """The declared name nearest to this one, a name missing from the object first."""
        absents = {n.lower(): n for n in self._noms if n not in valeur}
        presents = {n.lower(): n for n in self._noms if n in valeur}
        for noms in (absents, presents):
            proche = le_plus_proche(nom.lower(), noms, seuil=0.7)
            if proche:
                return noms[proche]
        return None

    def _message_inconnu(self, nom: str, proche: str | None) -> str:
        if proche:
            return f"Le champ {citer(nom)} est inconnu : vouliez-vous dire {citer(proche)} ?"
        possibles = ", ".join(champ.nom for champ in self._objet.champs)
        return f"Le champ {citer(nom)} est inconnu : les champs attendus ici sont {possibles}."

    def _un_des_champs(self, normal: dict[str, Any], chemin: Chemin, recueil: Recueil) -> None:
        for groupe in self._objet.un_de:
            if any(remplie(normal[nom]) or (*chemin, nom) in recueil.en_erreur for nom in groupe):
                continue
            message = f"Aucun des champs {' ou '.join(groupe)} n'est rempli : l'un au moins est attendu."
            recueil.ajouter(Constat(UN_DES_CHAMPS, message, chemin))
