"""The file of a list, from a bare table: what the screen says, as a spreadsheet reads it."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import QueryDict

from segurnum.editorial.models import Actualite
from segurnum.kits.export import en_csv, exporter
from segurnum.kits.tableau import PAR_PAGE, Colonne
from segurnum.kits.tests.test_tableau import TABLEAU, publier
from segurnum.regles.cycles import StatutDemande

pytestmark = pytest.mark.django_db


def lire(octets: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(octets).decode("utf-8-sig")), delimiter=";"))


def cellule(valeur: object, contenu: str = "", **options: Any) -> str:
    (_, (dite,)) = lire(
        en_csv([Colonne("champ", "Champ", cellule=contenu, **options)], [SimpleNamespace(champ=valeur)])
    )
    return dite


@pytest.mark.parametrize(
    ("valeur", "contenu", "dite"),
    [
        (Decimal("1074.99"), "champ|euros", "1074,99"),
        (datetime(2026, 3, 1, 23, 30, tzinfo=UTC), "champ|jour", "02/03/2026"),
        (StatutDemande.A_MODIFIER, "champ|badge", StatutDemande.A_MODIFIER.libelle),
        (True, 'champ|yesno:"Oui,Non"', "Oui"),
        (None, "", ""),
        (None, "champ|jour", ""),
        ("L'été & l'hiver", "", "L'été & l'hiver"),
        ("=1+1", "", "'=1+1"),
        ("<b>", "champ|lower", "<b>"),
    ],
)
def test_une_cellule_dit_dans_le_fichier_ce_que_dit_l_ecran(valeur: object, contenu: str, dite: str) -> None:
    assert cellule(valeur, contenu) == dite


def test_une_colonne_peut_avoir_ses_mots_a_elle_dans_le_fichier_ou_n_y_etre_pas() -> None:
    assert cellule("MS1", export=lambda ligne: f"{ligne.champ} – vague 1") == "MS1 – vague 1"
    assert lire(en_csv([Colonne("a", "A"), Colonne("b", "B", export=False)], [{"a": "1", "b": "2"}])) == [
        ["A"],
        ["1"],
    ]


def test_le_fichier_a_toute_la_liste_telle_qu_elle_est_filtree_et_triee() -> None:
    publier("zéro", *(f"n {rang:02}" for rang in range(PAR_PAGE + 1)))
    lu = lire(exporter(TABLEAU, Actualite.objects.all(), QueryDict("f_titre=n+&tri=titre&page=2")))
    assert lu[0] == [colonne.libelle for colonne in TABLEAU.colonnes]
    assert [ligne[0] for ligne in lu[1:]] == [f"n {rang:02}" for rang in range(PAR_PAGE + 1)]
    sans_ordre = lire(exporter(replace(TABLEAU, ordre=("titre",)), Actualite.objects.all(), QueryDict("")))
    assert sans_ordre[-1][0] == "zéro"
