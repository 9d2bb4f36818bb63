"""What the documentation says is what the code does."""

import re
from pathlib import Path

import pytest

from segurnum.regles.cycles import DEMANDE, ETATS_PAIEMENT_INITIAUX, PAIEMENT, STATUTS_INITIAUX, en_mermaid
from segurnum.regles.cycles_annuaire import (
    COMPTAGES,
    EXTRAIT,
    STATUTS_COMPTAGES_INITIAUX,
    STATUTS_EXTRAIT_INITIAUX,
)
from segurnum.regles.cycles_contestation import CONTESTATION, STATUTS_CONTESTATION_INITIAUX
from segurnum.regles.cycles_coordonnees import (
    BANCAIRE,
    PERSONNES,
    STATUTS_BANCAIRES_INITIAUX,
    STATUTS_PERSONNES_INITIAUX,
)
from segurnum.regles.cycles_enrolement import ENROLEMENT, STATUTS_ENROLEMENT_INITIAUX
from segurnum.regles.cycles_enveloppes import MOUVEMENT, STATUTS_MOUVEMENT_INITIAUX
from segurnum.regles.cycles_modeles import MODELE, STATUTS_MODELE_INITIAUX
from segurnum.regles.cycles_recouvrements import RECOUVREMENT, STATUTS_RECOUVREMENT_INITIAUX
from segurnum.regles.cycles_reglages import PROJET, STATUTS_PROJET_INITIAUX

RACINE = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize(
    ("table", "initiaux"),
    [
        (DEMANDE, STATUTS_INITIAUX),
        (PAIEMENT, ETATS_PAIEMENT_INITIAUX),
        (ENROLEMENT, STATUTS_ENROLEMENT_INITIAUX),
        (PERSONNES, STATUTS_PERSONNES_INITIAUX),
        (BANCAIRE, STATUTS_BANCAIRES_INITIAUX),
        (MODELE, STATUTS_MODELE_INITIAUX),
        (PROJET, STATUTS_PROJET_INITIAUX),
        (EXTRAIT, STATUTS_EXTRAIT_INITIAUX),
        (COMPTAGES, STATUTS_COMPTAGES_INITIAUX),
        (CONTESTATION, STATUTS_CONTESTATION_INITIAUX),
        (MOUVEMENT, STATUTS_MOUVEMENT_INITIAUX),
        (RECOUVREMENT, STATUTS_RECOUVREMENT_INITIAUX),
    ],
    ids=[
        "demande",
        "paiement",
        "enrolement",
        "personnes",
        "bancaire",
        "modele",
        "projet",
        "extrait",
        "comptages",
        "contestation",
        "mouvement",
        "recouvrement",
    ],
)
def test_les_diagrammes_des_cycles_de_vie_sont_ceux_des_tables(table: object, initiaux: object) -> None:
    page = (RACINE / "docs" / "cycles.md").read_text("utf-8")
    assert en_mermaid(table, initiaux) in page  # type: ignore[arg-type]


def test_chaque_decision_est_dans_la_table_des_decisions_a_son_rang() -> None:
    dossier = RACINE / "docs" / "decisions"
    table = re.findall(r"^\| \[(\d+)\]\((\S+)\)", (dossier / "README.md").read_text("utf-8"), re.MULTILINE)
    pages = sorted(page.name for page in dossier.glob("0*.md"))
    assert [nom for _, nom in table] == pages
    assert [int(rang) for rang, _ in table] == [int(nom[:4]) for nom in pages] == [*range(1, len(pages) + 1)]


def test_la_page_de_liste_donnee_en_exemple_est_celle_du_code() -> None:
    """Some of its lines are left out, none is written otherwise."""
    guide = (RACINE / "CONTRIBUTING.md").read_text("utf-8")
    (exemple,) = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)
    (ecrite,) = re.findall(r"`(src/\S+\.py)`", guide)
    lignes = iter((RACINE / ecrite).read_text("utf-8").splitlines())
    assert [ligne for ligne in exemple.splitlines() if ligne not in lignes] == []
