"""The output file returned to the supplier: the normal form, numbered, each request with its outcome."""

from __future__ import annotations

from collections.abc import Mapping

from segurnum.controles.ecriture import ecrire_json
from segurnum.controles.rapport import Rapport, resultat_demande


def sortie(rapport: Rapport, *, imp_id: int | None, numeros: Mapping[int, str]) -> bytes:
    """UTF-8 JSON of the imported file (JSN-014, JSN-029, JSN-053).

    `numeros`: dossier number given to each retained request, by rank in the file.
    """
    lignes = []
    for rang, demande in enumerate(rapport.demandes_normalisees):
        code, libelle = resultat_demande(rapport, rang)
        numero = numeros.get(rang, demande["numeroASP"])
        lignes.append({**demande, "numeroASP": numero, "codeTraitement": code, "libelleTraitement": libelle})
    return ecrire_json({**rapport.entete, "impId": imp_id, "lignesImport": lignes}).encode()
