"""The full check of a file of 200 requests, against reading its JSON and against a JSON Schema library."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from jsonschema import Draft202012Validator

from bench.fichiers import DEMANDES, fichier_d_avances, source, source_de_couloir
from bench.mesures import Ligne, Reglages, entier_fr, mediane
from segurnum.controles import verifier
from segurnum.couloirs import par_fichier
from segurnum.couloirs.schema import schema
from segurnum.demonstration import fabrique
from segurnum.demonstration.fabrique import en_octets
from segurnum.depots.contexte import contexte
from segurnum.isolement import portes
from segurnum.regles.calendrier import maintenant
from segurnum.regles.cycles import TypeDemande


def mesurer(reglages: Reglages) -> Iterator[Ligne]:
    fichier = fichier_d_avances(DEMANDES)
    octets = en_octets(fichier)
    validateur = Draft202012Validator(schema(source().couloir, TypeDemande.AVANCE))
    assert verifier(octets).conforme
    assert not _erreurs(validateur, octets)
    yield from _comparer(
        f"Contrôle de {DEMANDES} demandes MS1 ({entier_fr(len(octets))} octets)", octets, validateur, reglages
    )

    _fausser(fichier)
    fautif = en_octets(fichier)
    anomalies, erreurs = len(verifier(fautif).anomalies), len(_erreurs(validateur, fautif))
    libelle = f"Même fichier avec {anomalies} anomalies, chacune à sa ligne ({erreurs} selon jsonschema)"
    yield from _comparer(libelle, fautif, validateur, reglages)

    yield from _par_couloir(reglages)

    portes.verifier(octets)  # its matrice has long been there when a file comes
    for quoi, lus in (("sans anomalie", octets), (f"et ses {anomalies} anomalies", fautif)):
        yield Ligne(
            f"Même fichier, {quoi}, lu dans un processus isolé",
            mediane(lambda lus=lus: portes.verifier(lus), reglages.passes),  # type: ignore[misc]
            "le même contrôle sur place",
            mediane(lambda lus=lus: verifier(lus), reglages.passes),  # type: ignore[misc]
            "processus d'un seul fichier, sans secret, borné en mémoire et en temps",
        )

    enrolement = source().enrolement
    duree = mediane(
        lambda: portes.verifier(
            octets,
            contexte(
                enrolement=enrolement,
                type_demande=TypeDemande.AVANCE,
                taux_tva=Decimal(20),
                instant=maintenant(),
            ),
        ),
        reglages.passes,
    )
    reference = mediane(lambda: _erreurs(validateur, octets), reglages.passes)
    yield Ligne(
        "Contrôle du portail (fenêtre, enrôlement, déjà financés)",
        duree,
        "jsonschema",
        reference,
        "dans un processus isolé ; bénéficiaires comparés à la base",
    )


def _par_couloir(reglages: Reglages) -> Iterator[Ligne]:
    """The same for every other couloir that the demonstration deposits in, right and at fault."""
    for couloir in par_fichier():
        depuis = source_de_couloir(couloir.code)
        if depuis is None or couloir == source().couloir:
            continue
        fichier = fabrique.fichier_d_avances(depuis, DEMANDES)
        validateur = Draft202012Validator(schema(couloir, TypeDemande.AVANCE))
        for quoi in ("conformes", "avec deux anomalies chacune"):
            octets = en_octets(fichier)
            yield Ligne(
                f"Contrôle de {DEMANDES} demandes {couloir.code} {quoi}",
                mediane(lambda lus=octets: verifier(lus), reglages.passes),  # type: ignore[misc]
                "json.loads et jsonschema",
                mediane(lambda v=validateur, lus=octets: _erreurs(v, lus), reglages.passes),  # type: ignore[misc]
            )
            _fausser(fichier)


def _fausser(fichier: dict[str, Any]) -> None:
    """Two anomalies in each request."""
    for demande in fichier["lignesImport"]:
        demande["commande"]["montantSegurHT"] = -1
        demande["commande"]["regimeTVA"] = "TTCC"


def _comparer(libelle: str, octets: bytes, validateur: Any, reglages: Reglages) -> Iterator[Ligne]:
    duree = mediane(lambda: verifier(octets), reglages.passes)
    lecture = mediane(lambda: json.loads(octets), reglages.passes)
    reference = mediane(lambda: _erreurs(validateur, octets), reglages.passes)
    yield Ligne(libelle, duree, "json.loads seul", lecture)
    yield Ligne(libelle, duree, "json.loads et jsonschema", reference, "schéma tiré de la même déclaration")


def _erreurs(validateur: Any, octets: bytes) -> list[Any]:
    return list(validateur.iter_errors(json.loads(octets)))
