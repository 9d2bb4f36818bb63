"""Blank models and filled examples, generated from the declaration so that they are never out of step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from segurnum.couloirs.champs import Objet, exemple_du_type, vierge_du_type
from segurnum.couloirs.commun import forme_fichier
from segurnum.couloirs.declaration import Couloir, bloc_montant
from segurnum.couloirs.edition import completer
from segurnum.couloirs.nomenclature import PIECES, nom_piece, pieces_requises
from segurnum.regles.cycles import TypeDemande
from segurnum.regles.numeros import NumeroDossier

RANG_EXEMPLE = 10719


def forme(couloir: Couloir, type_demande: TypeDemande, instant: datetime | None = None) -> Objet:
    """The shape of a whole file of this couloir and type, deposited at `instant` (now, by default)."""
    return forme_fichier(couloir.forme(type_demande, instant))


def fichier_vierge(couloir: Couloir, type_demande: TypeDemande) -> dict[str, Any]:
    """A file with one request to fill in; names of pieces are suggested, the rest is empty."""
    fichier: dict[str, Any] = vierge_du_type(forme(couloir, type_demande))
    demande = fichier["lignesImport"][0]
    demande["numLigne"] = 1
    demande["piecesJustificatives"] = pieces_proposees(couloir, type_demande, "HT", "00001")
    demande["numeroEditeur"] = "00001"
    return fichier


def exemple(
    couloir: Couloir, type_demande: TypeDemande, regime_tva: str = "TTC", instant: datetime | None = None
) -> dict[str, Any]:
    """A filled file with one invented request that passes every check."""
    fichier: dict[str, Any] = exemple_du_type(forme(couloir, type_demande, instant))
    demande = fichier["lignesImport"][0]
    if type_demande is TypeDemande.SOLDE:
        demande["numeroASP"] = str(NumeroDossier(couloir.sigle, RANG_EXEMPLE))
    demande[bloc_montant(type_demande).objet]["regimeTVA"] = regime_tva
    numero = demande["numeroEditeur"]
    demande["piecesJustificatives"] = pieces_proposees(couloir, type_demande, regime_tva, numero)
    return fichier


def pieces_proposees(
    couloir: Couloir, type_demande: TypeDemande, regime_tva: str, numero_editeur: str
) -> list[dict[str, str]]:
    """The required pieces of a request, named as the nomenclature asks."""
    return [
        {
            "nomFichier": nom_piece(couloir.code, couloir.vague, groupe[0], numero_editeur),
            "formatFichier": "PDF",
            "typeFichier": groupe[0],
        }
        for groupe in (*pieces_requises(type_demande, regime_tva), *couloir.pieces_en_plus(type_demande))
    ]


def solde_prerempli(
    couloir: Couloir, avance: Mapping[str, Any], dossier: str, numero_editeur: str, instant: datetime
) -> dict[str, Any]:
    """The balance of an advance as far as the advance says it: its invoice is left to be filled in, but for its most.

    `avance`: what it declares today; `dossier`: its number; `instant`: when the balance is to be deposited.
    """
    forme_solde = couloir.forme(TypeDemande.SOLDE, instant)
    solde: dict[str, Any] = vierge_du_type(forme_solde)
    for champ in forme_solde.champs:
        if champ.nom in avance and not champ.reserve:
            solde[champ.nom] = completer(champ.type, avance[champ.nom])
    commande, facture = bloc_montant(TypeDemande.AVANCE), bloc_montant(TypeDemande.SOLDE)
    regime = avance[commande.objet]["regimeTVA"]
    solde[facture.objet] |= {
        "regimeTVA": regime,
        facture.montant: couloir.montant_declare(avance, TypeDemande.AVANCE),
    }
    return solde | {
        "numeroASP": dossier,
        "numeroEditeur": numero_editeur,
        PIECES: pieces_proposees(couloir, TypeDemande.SOLDE, regime, numero_editeur),
    }
