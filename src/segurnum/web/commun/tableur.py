"""Requests that come as a JSON file or as a spreadsheet: which it is, of what, and the one report on either."""

import base64
from pathlib import PurePath
from typing import Any, NamedTuple

from django import forms

from segurnum.controles import Contexte, Correction, Rapport
from segurnum.controles.fichiers import RegleFichier, extension
from segurnum.controles.phrases_rapport import COLONNES, tableau
from segurnum.controles.problemes import MO
from segurnum.couloirs import par_fichier
from segurnum.editique.tableur import en_octets
from segurnum.fichiers.formats import TYPES
from segurnum.isolement.portes import verifier, verifier_tableur
from segurnum.kits.champs import ChampFichier, liste, proposer
from segurnum.kits.televersement import Televersement
from segurnum.regles.cycles import TypeDemande
from segurnum.tableurs import Conversion

# What a spreadsheet is called, those included that are refused in a sentence.
TABLEURS = frozenset({"xlsx", "ods", "csv", "tsv", "xls", "xlsm", "xlsb"})
DEMANDES = RegleFichier(frozenset({"json", "xlsx", "ods", "csv"}), 5 * MO)
# What the public pages receive.
FICHIER = Televersement("fichier", DEMANDES, "partagez les demandes entre plusieurs fichiers", garde=False)
TENU_MAX = MO  # of a file that the page of a report holds
RECONNU = "Reconnu d'après le fichier"


def est_un_tableur(nom: str) -> bool:
    return extension(nom) in TABLEURS


def champ_demandes(**options: Any) -> ChampFichier:
    """The file of the requests, JSON or spreadsheet."""
    choix: dict[str, Any] = {
        "label": "Votre fichier JSON ou tableur",
        "help_text": f"Un fichier .json encodé en UTF-8, ou un tableur .xlsx, .ods ou .csv, de {DEMANDES.limite} "
        "au plus.",
        "error_messages": {"required": "Choisissez le fichier JSON ou le tableur à contrôler."},
    }
    return ChampFichier(DEMANDES, juge=False, **choix | options)


class FormulaireDemandes(forms.Form):
    """The file; its couloir and type are told from it, or chosen where its columns suit several."""

    fichier = champ_demandes()
    nature = liste("Couloir et type de demande", invite=RECONNU)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        possibles = [
            (f"{couloir.dsr}|{type_}", f"{couloir.libelle}, {type_.libelle.lower()} ({couloir.dsr})")
            for couloir in par_fichier()
            for type_ in TypeDemande
        ]
        proposer(self, "nature", possibles)

    @property
    def contexte(self) -> Contexte:
        """What was chosen, for the check."""
        dsr, _, type_ = self.cleaned_data["nature"].partition("|")
        return Contexte(dsr=dsr or None, type=TypeDemande(type_) if type_ else None)


def lire(nom: str, octets: bytes, contexte: Contexte) -> tuple[Conversion | None, Rapport]:
    """The report of either kind of file, with the conversion of a spreadsheet. Raises ControleImpossible."""
    if est_un_tableur(nom):
        return verifier_tableur(octets, contexte)
    return None, verifier(octets, contexte)


class Suite(NamedTuple):
    """What can be done with a report: a button that leads to a page or saves a file."""

    libelle: str
    adresse: str
    nom: str = ""
    """Under which a file is saved; empty for a page."""


def _en_adresse(octets: bytes, genre: str) -> str:
    """A file that the page itself holds: what the portal forgets at once has no other address."""
    return f"data:{genre};base64,{base64.b64encode(octets).decode()}"


def suites_tenues(juge: Rapport, correction: Correction | None, nom_fichier: str) -> list[Suite]:
    """The files that the page holds: the portal has forgotten the one they come from. Too large ones are left out."""
    radical = PurePath(nom_fichier).stem
    fichiers = []
    if correction is not None and correction.octets is not None:
        fichiers.append(("Enregistrer le fichier corrigé", "corrige.json", correction.octets))
    if juge.anomalies:
        fichiers.append(("Rapport (CSV)", "rapport.csv", b"".join(en_octets(COLONNES, tableau(juge)))))
        fichiers.append(("Rapport (JSON)", "rapport.json", juge.en_json().encode()))
    return [
        Suite(libelle, _en_adresse(octets, TYPES[nom.rpartition(".")[2]]), f"{radical}-{nom}")
        for libelle, nom, octets in fichiers
        if len(octets) <= TENU_MAX
    ]
