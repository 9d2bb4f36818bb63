"""What is read of a status is the word of the rules, whichever way it was written."""

import pytest
from django.db import connection

from segurnum.base.champs import ChampEnum
from segurnum.modeles.models import ModeleDocument
from segurnum.regles.cycles_modeles import StatutModele


def test_un_statut_donne_par_son_texte_est_le_mot() -> None:
    assert ModeleDocument(**{"statut": "EN_IMPORT"}).statut is StatutModele.EN_IMPORT


def test_un_statut_lu_de_la_base_est_le_mot() -> None:
    champ = ModeleDocument._meta.get_field("statut")

    assert champ.from_db_value("EN_IMPORT", None, connection) is StatutModele.EN_IMPORT


def test_un_statut_inconnu_n_entre_pas() -> None:
    with pytest.raises(ValueError, match="INCONNU"):
        ModeleDocument(**{"statut": "INCONNU"})


def test_un_filtre_sur_un_statut_inconnu_ne_trouve_rien_et_ne_tombe_pas() -> None:
    assert ModeleDocument._meta.get_field("statut").get_prep_value("INCONNU") == "INCONNU"


def test_les_migrations_connaissent_un_texte() -> None:
    _, chemin, _, options = ChampEnum(
        StatutModele, default=StatutModele.EN_IMPORT, max_length=10
    ).deconstruct()

    assert chemin == "django.db.models.CharField"
    assert type(options["default"]) is str
