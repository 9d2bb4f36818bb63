"""Samples that a newcomer downloads from the import page and deposits at once: JSON files and their ZIP.

They are made when they are asked for, from what the company may still deposit: beneficiaries are the first that no
request bears yet, so that each download can be deposited. The names of the pieces never change for a sample: the ZIP
fits the JSON whenever one and the other are taken.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from segurnum import couloirs
from segurnum.comptes.models import Entreprise
from segurnum.couloirs import Couloir
from segurnum.demandes.models import STATUTS_ETEINTS, Demande
from segurnum.demandes.queries import de_l_entreprise
from segurnum.demonstration import documents, fautes, reference
from segurnum.demonstration.fabrique import (
    Source,
    en_octets,
    fichier_d_avances,
    fichier_de_soldes,
    pieces,
    source_de,
)
from segurnum.enrolements.models import Enrolement
from segurnum.regles.cycles import StatutDemande, TypeDemande

JSON, ZIP = "application/json", "application/zip"
NOMBRE = 4
_ABIME = "MS1-DUI"


class ExempleInconnu(KeyError):
    """No sample has this name for this company now."""


@dataclass(frozen=True)
class Exemple:
    """One sample; `nom` is the name of the downloaded file."""

    nom: str
    libelle: str
    description: str

    @property
    def groupe(self) -> str:
        """The couloir that the sample is for."""
        return self.libelle.rpartition(",")[0]


def catalogue(entreprise: Entreprise | None = None) -> list[Exemple]:
    """What a company (the demonstration's first one by default) can download now."""
    return [exemple for exemple, _ in _tous(entreprise or _entreprise_temoin()).values()]


def lire(nom: str, entreprise: Entreprise | None = None) -> tuple[bytes, str]:
    """Bytes and content type of a sample. Raises ExempleInconnu."""
    trouve = _tous(entreprise or _entreprise_temoin()).get(nom)
    if trouve is None:
        raise ExempleInconnu(nom)
    return trouve[1](), JSON if nom.endswith(".json") else ZIP


def _entreprise_temoin() -> Entreprise:
    return Entreprise.objects.get(utilisateurs__username=reference.COMPTE_TEMOIN)


_Fabrication = Callable[[], bytes]


def _tous(entreprise: Entreprise) -> dict[str, tuple[Exemple, _Fabrication]]:
    exemples: list[tuple[Exemple, _Fabrication]] = []
    for couloir in _couloirs_ouverts(entreprise):
        source = source_de(entreprise, couloir.dsr)
        exemples += _avances(source)
        if avance := _avance_a_solder(entreprise, couloir):
            exemples += _soldes(source, avance)
        if couloir.code == _ABIME:
            exemples += _a_corriger(source)
    return {exemple.nom: (exemple, fabrication) for exemple, fabrication in exemples}


def _couloirs_ouverts(entreprise: Entreprise) -> list[Couloir]:
    dsr = set(
        Enrolement.objects.filter(entreprise=entreprise, statut=Enrolement.Statut.VALIDEE).values_list(
            "referencement__dsr", flat=True
        )
    )
    return [couloir for couloir in couloirs.par_fichier() if couloir.dsr in dsr]


def _nom(couloir: Couloir) -> str:
    """« hop-dpi », « hop-dpi-va2 »: what the names of its files begin with."""
    return couloir.code.lower() if couloir.vague == 1 else f"{couloir.code.lower()}-va{couloir.vague}"


def _avances(source: Source) -> list[tuple[Exemple, _Fabrication]]:
    nom, libelle = f"{_nom(source.couloir)}-avance", source.couloir.libelle
    if (source.couloir.dsr, TypeDemande.AVANCE) == reference.FENETRE_FERMEE:
        description = f"{libelle} : la fenêtre de dépôt est fermée, le portail dit depuis quand."
        a_temps = replace(source, jour=source.jour - reference.FERMEE_DEPUIS)
        return [(Exemple(f"{nom}.json", f"{libelle}, hors délai", description), lambda: _json(a_temps))]
    return [
        (
            Exemple(
                f"{nom}.json", f"{libelle}, avances", f"{NOMBRE} demandes d'avance conformes, à importer."
            ),
            lambda: _json(source),
        ),
        (
            Exemple(f"{nom}.zip", f"{libelle}, pièces des avances", f"Les pièces qu'annonce {nom}.json."),
            lambda: documents.archiver(pieces(source, fichier_d_avances(source, NOMBRE))),
        ),
    ]


def _soldes(source: Source, avance: Demande) -> list[tuple[Exemple, _Fabrication]]:
    nom, libelle = f"{_nom(source.couloir)}-solde", source.couloir.libelle
    numero = avance.dossier.numero

    def fichier() -> dict[str, Any]:
        return fichier_de_soldes(source, [avance])

    return [
        (
            Exemple(
                f"{nom}.json",
                f"{libelle}, solde",
                f"Le solde du dossier {numero}, dont l'avance est décidée.",
            ),
            lambda: en_octets(fichier()),
        ),
        (
            Exemple(f"{nom}.zip", f"{libelle}, pièces du solde", f"Les pièces qu'annonce {nom}.json."),
            lambda: documents.archiver(pieces(source, fichier())),
        ),
    ]


def _a_corriger(source: Source) -> list[tuple[Exemple, _Fabrication]]:
    avance = f"{source.couloir.code.lower()}-avance.json"
    return [
        (
            Exemple(
                "a-corriger.json",
                f"{source.couloir.libelle}, fichier à corriger",
                "Des erreurs et des avertissements courants, pour voir le rapport de simulation.",
            ),
            lambda: en_octets(fautes.abimer_le_fichier(source, fichier_d_avances(source, NOMBRE))),
        ),
        (
            Exemple(
                "a-corriger.zip",
                f"{source.couloir.libelle}, pièces à corriger",
                f"À envoyer après l'import de {avance} : un programme renommé, un PDF tronqué, une pièce absente "
                "et une pièce non annoncée.",
            ),
            lambda: documents.archiver(
                fautes.abimer_les_pieces(pieces(source, fichier_d_avances(source, NOMBRE)))
            ),
        ),
    ]


def _json(source: Source) -> bytes:
    return en_octets(fichier_d_avances(source, NOMBRE))


def _avance_a_solder(entreprise: Entreprise, couloir: Couloir) -> Demande | None:
    """The last avance that may be followed by a solde; else the one whose solde still waits for its pieces."""
    demandes = de_l_entreprise(entreprise).filter(dsr=couloir.dsr)
    soldes = demandes.filter(type=TypeDemande.SOLDE).exclude(statut__in=STATUTS_ETEINTS)
    decidees = demandes.filter(type=TypeDemande.AVANCE, statut=StatutDemande.DECIDEE).select_related(
        "dossier"
    )
    libre = decidees.exclude(dossier__in=soldes.values("dossier")).order_by("-pk").first()
    incomplets = soldes.filter(statut=StatutDemande.NON_COMPLETEE)
    return libre or decidees.filter(dossier__in=incomplets.values("dossier")).order_by("-pk").first()
