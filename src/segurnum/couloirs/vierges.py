"""Blank models and filled examples, generated from the declaration so that they are never out of step."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from segurnum.couloirs.champs import Objet, exemple_du_type, vierge_du_type
from segurnum.couloirs.commun import forme_fichier
from segurnum.couloirs.declaration import Couloir, bloc_montant
from segurnum.couloirs.nomenclature import nom_piece, pieces_requises
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
