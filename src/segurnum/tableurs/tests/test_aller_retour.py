"""What the portal writes in a spreadsheet, it reads back as it was: every couloir and type, whatever the requests."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segurnum.controles import Contexte, Rapport, verifier
from segurnum.controles.ecriture import ecrire_json
from segurnum.controles.tests.strategies import fichiers
from segurnum.couloirs import Couloir, par_fichier
from segurnum.couloirs.vierges import exemple
from segurnum.regles.cycles import TypeDemande
from segurnum.tableurs import classeur, convertir, modele, plan_de

TOUS = [(couloir, type_demande) for couloir in par_fichier() for type_demande in TypeDemande]


def juger(couloir: Couloir, type_demande: TypeDemande, octets: bytes) -> Rapport:
    return verifier(octets, Contexte(dsr=couloir.dsr, type=type_demande))


def normal(rapport: Rapport) -> dict[str, Any]:
    """The file as the engine understands it."""
    return {**rapport.entete, "lignesImport": rapport.demandes_normalisees}


def _aller_retour(couloir: Couloir, type_demande: TypeDemande, donnees: dict[str, Any]) -> None:
    avant = normal(juger(couloir, type_demande, ecrire_json(donnees).encode()))
    lue = convertir(io.BytesIO(classeur(plan_de(couloir, type_demande), avant)), couloir.dsr, type_demande)
    assert lue.remarques == []
    assert normal(juger(couloir, type_demande, lue.octets)) == avant


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(fichiers())
def test_des_demandes_ecrites_dans_un_tableur_se_relisent_telles_quelles(cas: Any) -> None:
    _aller_retour(*cas)


@st.composite
def _de_plusieurs_elements(draw: st.DrawFn) -> tuple[Couloir, TypeDemande, dict[str, Any]]:
    """Lists of any length, of elements that may be alike."""
    couloir, type_demande, donnees = draw(fichiers())

    def multiplier(valeur: Any) -> Any:
        if isinstance(valeur, dict):
            return {nom: multiplier(un) for nom, un in valeur.items()}
        if isinstance(valeur, list):
            return [multiplier(un) for un in valeur for _ in range(draw(st.integers(1, 3)))]
        return valeur

    donnees["lignesImport"] = [multiplier(demande) for demande in donnees["lignesImport"]]
    return couloir, type_demande, donnees


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_de_plusieurs_elements())
def test_des_elements_semblables_qui_se_suivent_restent_plusieurs(cas: Any) -> None:
    _aller_retour(*cas)


@pytest.mark.parametrize(("couloir", "type_demande"), TOUS, ids=str)
def test_l_exemple_de_chaque_modele_est_le_fichier_d_exemple(
    couloir: Couloir, type_demande: TypeDemande
) -> None:
    """The sheet « Exemple », taken for the requests, gives the published example."""
    attendu = juger(couloir, type_demande, ecrire_json(exemple(couloir, type_demande)).encode())
    assert attendu.conforme
    lue = convertir(_avec_l_exemple(modele(plan_de(couloir, type_demande))))
    assert lue.reussie
    assert normal(juger(couloir, type_demande, lue.octets)) == normal(attendu)


def _avec_l_exemple(octets: bytes) -> io.BytesIO:
    """The model whose sheet of requests is the example's, under its name."""
    import openpyxl

    livre = openpyxl.load_workbook(io.BytesIO(octets))
    del livre["Demandes"]
    livre["Exemple"].title = "Demandes"
    sortie = io.BytesIO()
    livre.save(sortie)
    sortie.seek(0)
    return sortie
