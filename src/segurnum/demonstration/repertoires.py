"""The directories of the demonstration: small invented files, in the form of the national ones."""

import json
import tempfile
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from segurnum.comptes.auteurs import PORTAIL
from segurnum.couloirs import par_fichier
from segurnum.couloirs.champs import FINESS, RPPS, Identifiant, element, exemple_du_champ, parcourir
from segurnum.demonstration import identites
from segurnum.regles.calendrier import jour_de_paris
from segurnum.regles.cycles import TypeDemande
from segurnum.repertoires import services
from segurnum.repertoires.lecture import Repertoire

RANGS = 2_000  # of the invented identities
_TITRES = (
    "Type d'identifiant PP|Identifiant PP|Identification nationale PP|Code profession|Libellé profession"
)


def charger(instant: datetime) -> None:
    """Load both by the service that the administration uses, as files of the morning before `instant`."""
    jour = jour_de_paris(instant) - timedelta(days=1)
    with tempfile.TemporaryDirectory() as temporaire:
        finess = Path(temporaire) / f"finess-structures_{jour:%Y%m%d}0600.json"
        finess.write_text(json.dumps(structures(_de_demonstration(FINESS)), ensure_ascii=False), "utf-8")
        rpps = Path(temporaire) / f"PS_LibreAcces_Personne_activite_{jour:%Y%m%d}0600.txt"
        rpps.write_text(professionnels(_de_demonstration(RPPS)), "utf-8")
        for repertoire, fichier in ((Repertoire.FINESS, finess), (Repertoire.RPPS, rpps)):
            services.charger(repertoire=repertoire, chemin=fichier, auteur=PORTAIL)


def structures(numeros: Iterable[str], fermes: Iterable[str] = ()) -> dict[str, Any]:
    """A file of FINESS: one legal entity, and each number an establishment of it."""
    clos = frozenset(fermes)
    return {
        "schemaVersion": "v1",
        "pmej": [
            {
                "informationsGeneralesPMEJ": {
                    "numFinessPm": numero,
                    "etatObjet": "I" if numero in clos else "A",
                },
                "ege": [
                    {
                        "informationsGeneralesEGE": {
                            "numFinessEge": numero,
                            "etatObjet": "I" if numero in clos else "A",
                        },
                        "categorieentiteGeographiqueExercice": "500",
                    }
                ],
            }
            for numero in numeros
        ],
    }


def professionnels(numeros: Iterable[str]) -> str:
    """A file of RPPS: one activity for each number."""
    lignes = (f"8|{numero}|8{numero}|10|Médecin" for numero in numeros)
    return "\n".join((_TITRES, *lignes)) + "\n"


def _de_demonstration(type_: Identifiant) -> list[str]:
    """The numbers of the invented identities, and those of the published examples."""
    numeros = [identites.identifiant(c, type_.sigle, rang) for c in par_fichier() for rang in range(1, RANGS)]
    juridiques = [identites.finess_juridique(rang) for rang in range(RANGS)] if type_ is FINESS else []
    return list(dict.fromkeys((*numeros, *juridiques, *_des_exemples(type_))))


def _des_exemples(type_: Identifiant) -> list[str]:
    trouves: list[str] = []
    for couloir in par_fichier():
        for type_demande in TypeDemande:
            for _, champ in parcourir(couloir.forme(type_demande)):
                if element(champ.type) == type_:
                    exemple = exemple_du_champ(champ)
                    trouves += exemple if isinstance(exemple, list) else [exemple] if exemple else []
    return trouves
