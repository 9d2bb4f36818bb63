"""The pieces as the JSON announces them: names, formats, nomenclature, what must be there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from segurnum.controles.constats import Proposition, citer
from segurnum.controles.depot import Depot, chemin
from segurnum.controles.metier import Trouvailles, regle
from segurnum.couloirs.champs import Chemin
from segurnum.couloirs.nomenclature import (
    CODES_PIECES,
    EXTENSIONS,
    LIBELLES_PIECES,
    NomPiece,
    cle_de_nom,
    nom_piece,
    pieces_requises,
)


@regle(
    code="4001",
    titre="Nom de pièce en double",
    explication="Le même nom de fichier est annoncé deux fois : une pièce du ZIP ne peut servir deux fois.",
    remede="Donnez à chaque pièce son propre nom ; le numéro éditeur les distingue.",
)
def nom_unique(depot: Depot) -> Trouvailles:
    """Unique in the whole file, as the ZIP tells names apart."""
    vus: set[str] = set()
    for place, piece, *_ in depot.pieces:
        nom = piece["nomFichier"]
        if nom is not None and cle_de_nom(nom) in vus:
            yield (
                (*place, "nomFichier"),
                f"Le nom {citer(nom)} est déjà annoncé dans ce fichier : un nom unique est attendu.",
            )
        vus.add(cle_de_nom(nom or ""))


@regle(
    code="4002",
    titre="Extension et format discordants",
    explication="L'extension du nom n'est pas celle du format annoncé.",
    remede="Corrigez le nom ou formatFichier : PDF (.pdf), JPG (.jpg) ou PNG (.png).",
)
def extension_du_format(depot: Depot) -> Trouvailles:
    """Source: JSN-027, JSN-036."""
    for place, piece, *_ in depot.pieces:
        nom, format_ = piece["nomFichier"], piece["formatFichier"]
        if nom is None or format_ is None:
            continue
        extension = nom.rpartition(".")[2].lower()
        if extension != EXTENSIONS[format_]:
            yield (
                (*place, "nomFichier"),
                f"Le nom {citer(nom)} ne va pas avec le format {format_} : "
                f"l'extension .{EXTENSIONS[format_]} est attendue.",
            )


@regle(
    code="4003",
    titre="Nom hors nomenclature",
    explication="Le nom ne suit pas <couloir>-<logiciel>-va<vague>-<code>-<numeroEditeur>.<extension>.",
    remede="Renommez la pièce, dans le fichier JSON et dans le ZIP.",
)
def nomenclature(depot: Depot) -> Trouvailles:
    """Source: JSN-040."""
    for place, piece, numero, lu in depot.pieces:
        nom = piece["nomFichier"]
        if nom is not None and lu is None:
            attendu = _attendu(depot, piece, numero)
            message = f"Le nom {citer(nom)} ne suit pas la nomenclature : {citer(attendu)} est attendu."
            yield _au_nom(place, message, attendu)


@regle(
    code="4004",
    titre="Pièce d'un autre couloir",
    explication="Le nom de la pièce est celui d'un autre couloir, logiciel ou vague que le fichier.",
    remede="Renommez la pièce selon le DSR du fichier.",
)
def couloir_de_la_piece(depot: Depot) -> Trouvailles:
    """A request whose every piece says so is 3001 instead, as a whole."""
    ici = (depot.couloir.code, depot.couloir.vague)
    autres = [annonce for annonce in _lues(depot) if (annonce[3].code_couloir, annonce[3].vague) != ici]
    d_ailleurs = _demandes_d_ailleurs(depot) if autres else set()
    for place, piece, numero, lu in autres:
        if place[1] not in d_ailleurs:
            attendu = _attendu(depot, piece, numero)
            message = f"Le nom {citer(piece['nomFichier'])} désigne {lu.dsr} : {citer(attendu)} est attendu."
            yield _au_nom(place, message, attendu)


@regle(
    code="4005",
    titre="Code de pièce et type discordants",
    explication="Le code contenu dans le nom n'est pas celui du type de pièce annoncé.",
    remede="Corrigez le code du nom ou typeFichier.",
)
def code_du_type(depot: Depot) -> Trouvailles:
    """bdc for BON_COMMANDE, ht for PREUVE_HT, and so on."""
    for place, piece, numero, lu in _lues(depot):
        attendu = CODES_PIECES.get(piece["typeFichier"] or "")
        if attendu is not None and lu.code != attendu:
            message = (
                f"Le code {citer(lu.code)} du nom ne va pas avec le type {piece['typeFichier']} : "
                f"{citer(attendu)} est attendu."
            )
            yield _au_nom(place, message, _attendu(depot, piece, numero))


@regle(
    code="4006",
    titre="Numéro éditeur discordant",
    explication="Le numéro éditeur contenu dans le nom n'est pas celui de la demande.",
    remede="Renommez la pièce avec le numéro éditeur de sa demande.",
)
def numero_de_la_demande(depot: Depot) -> Trouvailles:
    """Source: JSN-033."""
    for place, piece, numero, lu in _lues(depot):
        if numero is not None and not lu.porte(numero):
            message = (
                f"Le nom {citer(piece['nomFichier'])} porte le numéro éditeur {citer(lu.numero_editeur)} : "
                f"{citer(numero)} est attendu."
            )
            if lu.numero_editeur.lstrip("0") == numero.lstrip("0"):  # a spreadsheet took them for nothing
                message += " Des zéros ont sans doute été perdus."
            yield _au_nom(place, message, _attendu(depot, piece, numero))


@regle(
    code="4007",
    titre="Pièce obligatoire manquante",
    explication="La demande n'annonce pas une pièce que son type ou son régime de TVA rend obligatoire.",
    remede="Ajoutez la pièce à piecesJustificatives, et au ZIP.",
)
def pieces_obligatoires(depot: Depot) -> Trouvailles:
    """Source: JSN-030."""
    for rang, demande in depot.demandes:
        types = {piece["typeFichier"] for piece in demande["piecesJustificatives"]}
        if None in types:
            continue
        regime = demande[depot.bloc.objet]["regimeTVA"]
        for groupe in pieces_requises(depot.type, regime):
            if types.isdisjoint(groupe):
                noms = " ou ".join(f"{type_} ({LIBELLES_PIECES[type_].lower()})" for type_ in groupe)
                raison = " : elle est obligatoire sous le régime HT" if "PREUVE_HT" in groupe else ""
                yield chemin(rang, "piecesJustificatives"), f"Une pièce {noms} est attendue{raison}."


def _lues(depot: Depot) -> Iterator[tuple[Chemin, dict[str, Any], str | None, NomPiece]]:
    for place, piece, numero, lu in depot.pieces:
        if lu is not None:
            yield place, piece, numero, lu


def _demandes_d_ailleurs(depot: Depot) -> set[str | int]:
    """Ranks of the requests whose readable names all tell the same other couloir."""
    dits: dict[str | int, set[str]] = {}
    for place, _, _, lu in _lues(depot):
        dits.setdefault(place[1], set()).add(lu.dsr)
    return {rang for rang, noms in dits.items() if len(noms) == 1}


def _attendu(depot: Depot, piece: dict[str, Any], numero: str | None) -> str:
    type_, format_ = piece["typeFichier"] or "BON_COMMANDE", piece["formatFichier"] or "PDF"
    return nom_piece(depot.couloir.code, depot.couloir.vague, type_, numero or "00001", format_)


def _au_nom(piece: Chemin, message: str, attendu: str) -> tuple[Chemin, str, Proposition]:
    """Said of a piece's name; never sure, since the file in the ZIP bears a name too."""
    place = (*piece, "nomFichier")
    return place, message, Proposition(place, attendu)
