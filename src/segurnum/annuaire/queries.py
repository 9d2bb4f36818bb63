"""Asking the company directory that this installation uses (setting SEGURNUM_ANNUAIRE)."""

from collections.abc import Callable
from functools import cache
from importlib.resources import as_file, files

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from segurnum.annuaire import api, stock
from segurnum.annuaire.entreprise import AnnuaireIndisponible, EntrepriseTrouvee, selon_le_repertoire
from segurnum.annuaire.models import EtablissementSirene
from segurnum.regles.identifiants import est_siret

Annuaire = Callable[[str], EntrepriseTrouvee | None]


def chercher(siret: str) -> EntrepriseTrouvee | None:
    """The establishment of this SIRET, open or closed; None when the directory does not know it (ENR-029).

    Raises AnnuaireIndisponible when nothing can be said for now: the person may then type it all.
    """
    annuaire = ANNUAIRES.get(settings.ANNUAIRE)
    if annuaire is None:
        raise ImproperlyConfigured(
            f"SEGURNUM_ANNUAIRE vaut « {settings.ANNUAIRE} » : {', '.join(ANNUAIRES)} sont attendus."
        )
    return annuaire(siret) if est_siret(siret) else None


def dans_le_stock(siret: str) -> EntrepriseTrouvee | None:
    """The imported stock file's answer."""
    ligne = EtablissementSirene.objects.filter(pk=siret).values().first()
    if ligne is not None:
        return selon_le_repertoire(**ligne)
    if not EtablissementSirene.objects.exists():
        raise AnnuaireIndisponible("Le fichier Sirene n'a pas été importé sur cette installation.")
    return None


def dans_l_extrait(siret: str) -> EntrepriseTrouvee | None:
    """The demonstration's answer: invented companies, one of them closed."""
    return _extrait().get(siret)


@cache
def _extrait() -> dict[str, EntrepriseTrouvee]:
    extrait = files("segurnum.annuaire").joinpath("donnees", "extrait.csv")
    with as_file(extrait) as chemin, stock.lire(chemin, stock.ETABLISSEMENT) as lignes:
        return {
            ligne[stock.SIRET]: selon_le_repertoire(
                siret=ligne[stock.SIRET],
                denomination=stock.denomination(ligne),
                actif=ligne[stock.ETAT] == stock.OUVERT,
                **{champ: ligne[colonne] for champ, colonne in stock.COLONNES.items()},
            )
            for ligne in lignes
        }


ANNUAIRES: dict[str, Annuaire] = {
    "api": api.chercher,
    "sirene": dans_le_stock,
    "demonstration": dans_l_extrait,
}


def stock_importe() -> bool:
    """Whether a stock file of establishments was imported."""
    return EtablissementSirene.objects.exists()
