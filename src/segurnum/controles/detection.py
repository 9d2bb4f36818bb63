"""Which DSR and which type is this file? Given by the context, or told by what most requests say.

A request speaks by the names of its pieces, else by its shape; for its type, by `commande` or `facture`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

from segurnum.controles.catalogue import ERREUR, declarer
from segurnum.controles.constats import Constat
from segurnum.controles.contexte import Contexte
from segurnum.couloirs import Couloir, par_dsr, tous
from segurnum.couloirs.champs import parcourir
from segurnum.couloirs.commun import DEMANDES_MAX
from segurnum.couloirs.nomenclature import lire_nom
from segurnum.regles.cycles import TypeDemande

AUTRE_COULOIR = declarer(
    "3001",
    "Demande d'un autre couloir",
    ERREUR,
    "Toutes les demandes d'un fichier relèvent du même couloir et du même type de logiciel.",
    "Déposez cette demande dans un fichier à part, ou corrigez les noms de ses pièces.",
)
AUTRE_TYPE = declarer(
    "3002",
    "Demande d'un autre type",
    ERREUR,
    "Toutes les demandes d'un fichier sont du même type, avance ou solde : celui choisi au dépôt.",
    "Déposez les avances (objet commande) et les soldes (objet facture) dans des fichiers distincts.",
)
COULOIR_INCONNU = declarer(
    "3003",
    "Couloir indéterminé",
    ERREUR,
    "Ni les noms des pièces ni la forme des demandes ne disent de quel couloir il s'agit.",
    "Nommez les pièces selon la nomenclature, ou précisez le DSR.",
)

T = TypeVar("T")


@dataclass
class Nature:
    """What the file is, and the requests that say otherwise (not to be visited)."""

    couloir: Couloir | None
    type: TypeDemande
    etrangeres: set[int] = field(default_factory=set)
    constats: list[Constat] = field(default_factory=list)


def determiner(valeur: Any, contexte: Contexte) -> Nature:
    """The nature of a file. Raises CouloirInconnu when the context names a DSR that does not exist."""
    lignes = demandes_brutes(valeur)[:DEMANDES_MAX]
    demandes = [ligne if isinstance(ligne, dict) else {} for ligne in lignes]
    dits = [_couloirs_dits(demande) for demande in demandes]
    types = [_type_dit(demande) for demande in demandes]
    couloir = par_dsr(contexte.dsr) if contexte.dsr else _majorite(dits)
    nature = Nature(
        couloir, contexte.type or _majorite([t] if t else [] for t in types) or TypeDemande.AVANCE
    )
    if couloir is None:
        return _indetermine(nature, lignes)
    for rang, demande in enumerate(demandes):
        if dits[rang] and couloir not in dits[rang]:
            _autre_couloir(nature, couloir, dits[rang][0], rang, demande)
        elif (dit := types[rang]) not in (None, nature.type):
            _autre_type(nature, dit, rang)
    return nature


def demandes_brutes(valeur: Any) -> list[Any]:
    """`lignesImport` as it was read, empty when it is no list."""
    lignes = valeur.get("lignesImport") if isinstance(valeur, dict) else None
    return lignes if isinstance(lignes, list) else []


def _majorite(avis: Iterable[list[T]]) -> T | None:
    """The value that most say; those who hesitate between several count for each. The first wins a tie."""
    voix = Counter(valeur for valeurs in avis for valeur in valeurs)
    return max(voix, key=lambda valeur: voix[valeur]) if voix else None


def _indetermine(nature: Nature, lignes: list[Any]) -> Nature:
    nature.etrangeres = {rang for rang, ligne in enumerate(lignes) if isinstance(ligne, dict)}
    if nature.etrangeres:
        message = (
            "Le couloir du fichier n'a pu être déterminé : nommez les pièces selon la nomenclature, ou "
            "indiquez le DSR."
        )
        nature.constats.append(Constat(COULOIR_INCONNU, message, ("lignesImport",)))
    return nature


def _autre_couloir(
    nature: Nature, couloir: Couloir, dit: Couloir, rang: int, demande: dict[str, Any]
) -> None:
    message = (
        f"Cette demande relève de {dit.dsr} alors que le fichier est un dépôt {couloir.dsr} : un fichier ne "
        "concerne qu'un couloir et qu'un type de logiciel."
    )
    nature.constats.append(Constat(AUTRE_COULOIR, message, ("lignesImport", rang)))
    if couloir not in _selon_la_forme(demande):
        nature.etrangeres.add(rang)


def _autre_type(nature: Nature, dit: TypeDemande, rang: int) -> None:
    message = (
        f"Cette demande est {_un(dit)} alors que le fichier est un dépôt {_de(nature.type)} : un fichier ne "
        "contient que des demandes du même type."
    )
    nature.constats.append(Constat(AUTRE_TYPE, message, ("lignesImport", rang)))
    nature.etrangeres.add(rang)


def _un(type_demande: TypeDemande) -> str:
    return "une avance" if type_demande is TypeDemande.AVANCE else "un solde"


def _de(type_demande: TypeDemande) -> str:
    return "d'avances" if type_demande is TypeDemande.AVANCE else "de soldes"


def _type_dit(demande: dict[str, Any]) -> TypeDemande | None:
    """By its order or its invoice; without either, by the types of its pieces."""
    avance, solde = "commande" in demande, "facture" in demande
    if avance == solde:
        types = _textes(demande, "typeFichier")
        avance, solde = "BON_COMMANDE" in types, "FACTURE" in types
    if avance == solde:
        return None
    return TypeDemande.AVANCE if avance else TypeDemande.SOLDE


def _textes(demande: dict[str, Any], champ: str) -> list[str]:
    """What the pieces say in one field, whatever else is wrong with them."""
    pieces = demande.get("piecesJustificatives")
    valeurs = (
        [piece.get(champ) for piece in pieces if isinstance(piece, dict)] if isinstance(pieces, list) else []
    )
    return [valeur for valeur in valeurs if isinstance(valeur, str)]


def _couloirs_dits(demande: dict[str, Any]) -> list[Couloir]:
    """The couloirs that a request may belong to; none when it says nothing."""
    return _selon_les_pieces(demande) or _selon_la_forme(demande)


def _selon_les_pieces(demande: dict[str, Any]) -> list[Couloir]:
    """The couloir on which all readable names agree."""
    lus = {lu.dsr for nom in _textes(demande, "nomFichier") if (lu := lire_nom(nom.strip()))}
    couloir = _par_dsr().get(lus.pop().lower()) if len(lus) == 1 else None
    return [couloir] if couloir else []


def _selon_la_forme(demande: dict[str, Any]) -> list[Couloir]:
    """The couloirs whose declared fields are the most alike; nothing when none has a field of its own there.

    Those that declare no more than what is written come first, then those of the first wave.
    """
    champs = _noms(demande)
    scores = {
        couloir: (2 * len(champs & declares) - len(champs), -len(declares - champs))
        for couloir, declares in _champs_propres().items()
    }
    meilleur = max(scores.values(), default=(0, 0))
    trouves = [couloir for couloir, score in scores.items() if score == meilleur]
    return trouves if any(champs & _champs_propres()[couloir] for couloir in trouves) else []


def _noms(valeur: Any) -> set[str]:
    """Every field name below `beneficiaires` and `scenarioInstallation`: where couloirs differ."""
    noms: set[str] = set()
    a_voir = [valeur[nom] for nom in ("beneficiaires", "scenarioInstallation") if nom in valeur]
    while a_voir:
        courant = a_voir.pop()
        if isinstance(courant, dict):
            noms |= courant.keys()
            a_voir += courant.values()
        elif isinstance(courant, list):
            a_voir += courant
    return noms


def _par_dsr() -> dict[str, Couloir]:
    return _index(tous())[0]


def _champs_propres() -> dict[Couloir, frozenset[str]]:
    return _index(tous())[1]


@cache
def _index(couloirs: tuple[Couloir, ...]) -> tuple[dict[str, Couloir], dict[Couloir, frozenset[str]]]:
    propres = {
        couloir: frozenset(
            champ.nom
            for un in couloir.depot.formats(TypeDemande.AVANCE)
            for chemin, champ in parcourir(un.forme)
            if chemin.startswith(("beneficiaires", "scenarioInstallation")) and ("." in chemin)
        )
        for couloir in sorted(couloirs, key=lambda couloir: couloir.vague)
    }
    return {couloir.dsr.lower(): couloir for couloir in couloirs}, propres
