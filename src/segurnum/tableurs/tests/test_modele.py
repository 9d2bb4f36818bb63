"""The model of each couloir comes from its declaration: headings, drop-downs, texts, notes."""

from __future__ import annotations

import io
from dataclasses import replace

import openpyxl
import pytest

from segurnum.couloirs import Couloir
from segurnum.couloirs.champs import Choix
from segurnum.regles.cycles import TypeDemande
from segurnum.tableurs import modele, plan_de
from segurnum.tableurs.plan import type_de
from segurnum.tableurs.tests.test_aller_retour import TOUS


@pytest.mark.parametrize(("couloir", "type_demande"), TOUS, ids=str)
def test_le_modele_porte_une_colonne_par_champ_a_remplir(couloir: Couloir, type_demande: TypeDemande) -> None:
    plan = plan_de(couloir, type_demande)
    livre = openpyxl.load_workbook(io.BytesIO(modele(plan)))
    assert livre.sheetnames == ["Demandes", "Exemple", "Mode d'emploi"]
    feuille = livre["Demandes"]
    titres = [cellule.value for cellule in feuille[1]]
    assert titres == [colonne.intitule for colonne in plan.proposees]
    assert len(set(titres)) == len(titres)
    listes = {
        str(une.sqref).rstrip("0123456789").split(":")[0].rstrip("0123456789")
        for une in feuille.data_validations.dataValidation
    }
    formats = {
        place: large.number_format
        for large in feuille.column_dimensions.values()
        for place in range(large.min, large.max + 1)
    }
    for rang, colonne in enumerate(plan.proposees, 1):
        lettre = feuille.cell(1, rang).column_letter
        assert colonne.nom_chemin in feuille.cell(1, rang).comment.text
        assert (lettre in listes) >= isinstance(type_de(colonne), Choix)
        if "Montant" not in colonne.intitule:
            assert formats[rang] == "@"


def test_un_champ_ajoute_change_la_signature_du_modele() -> None:
    plan = plan_de(*TOUS[0])
    avant = replace(
        plan, colonnes=tuple(colonne for colonne in plan.colonnes if colonne != plan.proposees[-1])
    )
    assert plan.signature != avant.signature
