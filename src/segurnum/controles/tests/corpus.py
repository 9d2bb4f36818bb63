"""The corpus as test data: each file, the context it is checked in, the anomalies it must get.

Beside `x.json`: `x.attendu.json` (every anomaly: code, path, line, column; none when absent) and
`x.contexte.json` (what the portal knows; nothing when absent). Every door of the engine runs the same files.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from segurnum.controles import AvanceConnue, Contexte, DejaDemande, Rapport
from segurnum.couloirs.baremes import Tarif
from segurnum.regles.calendrier import Fenetre
from segurnum.regles.cycles import StatutDemande, TypeDemande

CORPUS = Path(__file__).resolve().parents[4] / "corpus"


@dataclass(frozen=True)
class Cas:
    """One file of the corpus."""

    fichier: Path

    @property
    def nom(self) -> str:
        return str(self.fichier.relative_to(CORPUS).with_suffix(""))

    @property
    def conforme(self) -> bool:
        return self.fichier.is_relative_to(CORPUS / "conforme")

    @property
    def code(self) -> str | None:
        """The code that the file is there to show."""
        return None if self.conforme else self.fichier.parent.name

    @property
    def contexte_brut(self) -> dict[str, Any]:
        voisin = self.fichier.with_suffix(".contexte.json")
        return dict(json.loads(voisin.read_bytes())) if voisin.exists() else {}

    @property
    def contexte(self) -> Contexte:
        return contexte_de(self.contexte_brut)

    @property
    def attendu(self) -> list[dict[str, Any]]:
        voisin = self.fichier.with_suffix(".attendu.json")
        return list(json.loads(voisin.read_bytes())) if voisin.exists() else []


def cas_du_corpus() -> list[Cas]:
    """Every file, sorted by name."""
    fichiers = (
        f
        for f in CORPUS.rglob("*.json")
        if f.suffixes[-2:] not in ([".attendu", ".json"], [".contexte", ".json"])
    )
    return [Cas(fichier) for fichier in sorted(fichiers)]


def places(rapport: Rapport) -> list[dict[str, Any]]:
    """The anomalies of a report, as `attendu` writes them, in an order of their own."""
    lues = [
        {nom: a.en_dict()[nom] for nom in ("code", "chemin", "ligne", "colonne")} for a in rapport.anomalies
    ]
    return trier(lues)


def trier(anomalies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """By place, then by code."""
    return sorted(anomalies, key=lambda a: (a["ligne"], a["colonne"], a["code"], a["chemin"]))


def contexte_de(brut: Mapping[str, Any]) -> Contexte:
    """The context that a `.contexte.json` describes."""
    finances, avances = _deja_demandes(brut), brut.get("avances")
    connues = {numero: _avance(numero, avance) for numero, avance in (avances or {}).items()}
    return Contexte(
        dsr=brut.get("dsr"),
        type=TypeDemande(brut["type"]) if "type" in brut else None,
        numero_ans=brut.get("numero_ans"),
        siret=brut.get("siret"),
        taux_tva=Decimal(brut["taux_tva"]) if "taux_tva" in brut else None,
        instant=datetime.fromisoformat(brut["instant"]) if "instant" in brut else None,
        fenetre=_fenetre(brut["fenetre"]) if "fenetre" in brut else None,
        enrolement_valide=brut.get("enrolement_valide"),
        profils=frozenset(brut["profils"]) if "profils" in brut else None,
        pilotes=brut.get("pilotes"),
        beneficiaires_finances=None if finances is None else lambda _identifiants: finances,
        avances=None if avances is None else lambda _numeros: connues,
        commandes_jusqu_au=_jour(brut, "commandes_jusqu_au"),
        reference_le=_jour(brut, "reference_le"),
        chiffres=(lambda _identifiants: ((_tarif(brut["tarif"]),), {})) if "tarif" in brut else None,
    )


def _deja_demandes(brut: Mapping[str, Any]) -> dict[str, DejaDemande] | None:
    """What the beneficiary is known by; under `beneficiaires_concurrents`, by another that nobody has validated."""
    finances, concurrents = (brut.get(f"beneficiaires_{nom}") for nom in ("finances", "concurrents"))
    if finances is None and concurrents is None:
        return None
    connus = {cle: DejaDemande(par) for cle, par in (finances or {}).items()}
    return connus | {cle: DejaDemande(par, concurrent=True) for cle, par in (concurrents or {}).items()}


def _jour(brut: Mapping[str, Any], nom: str) -> date | None:
    return date.fromisoformat(brut[nom]) if nom in brut else None


def _tarif(brut: Mapping[str, str]) -> Tarif:
    return Tarif({nom: Decimal(valeur) for nom, valeur in brut.items()}, date(2021, 1, 1), "barème d'essai")


def _fenetre(brut: Mapping[str, str]) -> Fenetre:
    ouverture, fermeture = (datetime.fromisoformat(brut[nom]) for nom in ("ouverture", "fermeture"))
    return Fenetre(ouverture, fermeture, affichee=fermeture)


def _avance(numero: str, brut: Mapping[str, Any]) -> AvanceConnue:
    return AvanceConnue(
        numero=numero,
        numero_ans=brut["numero_ans"],
        declare_ht=Decimal(brut["declare_ht"]),
        statut=StatutDemande(brut["statut"]),
        beneficiaires=frozenset(brut["beneficiaires"]),
        solde_existant=brut.get("solde_existant"),
    )
