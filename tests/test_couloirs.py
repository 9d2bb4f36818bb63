"""Every couloir that is declared, from its example to its solde: nothing but its file says what it is."""

from __future__ import annotations

import pytest

from segurnum.controles.declarations import manques
from segurnum.couloirs import Couloir, par_fichier, par_formulaire, tous
from segurnum.essais.depots import Deposant
from segurnum.essais.operateurs import Operateur
from segurnum.regles.cycles import TypeDemande
from segurnum.web.tests.depot import Fournisseur
from segurnum.web.tests.lecture import mots
from tests.parcours_couloirs import lire_la_documentation, parcourir

VAGUE_1 = (
    "MDV-LGC", "HOP-DPI", "HOP-PFI", "HOP-RI", "RAD-RIS", "PHA-LGO", "BIO-SGL", "BIO-LOINC", "MS1-DUI", "MS2-DUI-PDE",
    "MS2-DUI-PDS", "MSS-MSS", "SAS-AGE",
)  # fmt: skip
VAGUE_2 = ("HOP-DPI", "HOP-PFI", "IMG-RIS", "IMG-DB", "MDV-LGC", "MS-DUI", "BIO-SGL", "PHA-LGO")


@pytest.mark.exigence("RUL-016", "RUL-017")
def test_les_couloirs_des_deux_vagues_sont_declares() -> None:
    vagues = {1: VAGUE_1, 2: VAGUE_2}
    attendus = {f"DSR-{code}-Va{vague}" for vague, codes in vagues.items() for code in codes}
    assert {couloir.dsr for couloir in tous()} == attendus


@pytest.mark.parametrize("couloir", tous(), ids=repr)
def test_rien_ne_manque_a_une_declaration(couloir: Couloir) -> None:
    assert manques(couloir) == []


@pytest.mark.django_db
@pytest.mark.exigence("RUL-019")
@pytest.mark.parametrize("couloir", par_fichier(), ids=repr)
def test_un_couloir_a_fichier_va_de_son_exemple_a_son_solde(couloir: Couloir) -> None:
    solde = parcourir(couloir)
    assert (solde.dsr, solde.type) == (couloir.dsr, TypeDemande.SOLDE)
    texte = lire_la_documentation(couloir)
    assert ("propre à ce portail" in texte) is not couloir.format_public


@pytest.mark.django_db
@pytest.mark.parametrize("couloir", par_formulaire(), ids=repr)
def test_un_couloir_a_formulaires_se_depose_et_se_lit(couloir: Couloir) -> None:
    operateur = Operateur.nouveau(couloir.code)
    demande = operateur.deposer()
    fournisseur = Fournisseur(Deposant(operateur.enrolement, operateur.utilisateur))
    texte = mots(fournisseur.lire("demande", demande.numero))
    for groupe in demande.format().groupes:
        for champ in groupe.champs:
            assert champ.libelle in texte
