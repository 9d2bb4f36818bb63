"""What an address becomes for Django, and the bounds of each kind of program."""

from typing import Any

import environ
import pytest

from segurnum.base.adresse import Delais, Programme, reglages


def _lire(adresse: str, *, delais: Delais | None = None, repartiteur: bool = False) -> dict[str, Any]:
    lue = environ.Env.db_url_config(adresse)
    return reglages(lue, programme=Programme.PAGES, connexions=20, delais=delais, repartiteur=repartiteur)


def test_une_adresse_de_plusieurs_serveurs_les_dit_tous_et_leur_laisse_le_temps():
    un = _lire("postgres://u:p@a:5432/base")
    deux = _lire("postgres://u:p%40@a:5432,b:5433/base?target_session_attrs=read-write")
    assert (deux["HOST"], deux["PORT"], deux["PASSWORD"]) == ("a,b", "5432,5433", "p@")
    assert deux["OPTIONS"]["target_session_attrs"] == "read-write"
    assert deux["OPTIONS"]["pool"]["timeout"] > un["OPTIONS"]["pool"]["timeout"]


def test_ce_que_dit_l_adresse_l_emporte_et_s_ajoute():
    options = _lire(
        "postgres://u:p@a/base?connect_timeout=9&sslmode=verify-full&options=-c%20work_mem%3D64MB",
        delais=Delais.lire("60/30/120"),
    )["OPTIONS"]
    assert (options["connect_timeout"], options["sslmode"]) == (9, "verify-full")
    assert options["options"].split(" -c ") == [
        "-c work_mem=64MB",
        "statement_timeout=60s",
        "lock_timeout=30s",
        "idle_in_transaction_session_timeout=120s",
    ]


def test_par_un_repartiteur_rien_n_est_demande_que_la_transaction_suivante_n_aurait_pas():
    lus = _lire("postgres://u:p@a:6432/base", delais=Delais.lire("60/30/120"), repartiteur=True)
    assert lus["DISABLE_SERVER_SIDE_CURSORS"]
    assert "options" not in lus["OPTIONS"]


@pytest.mark.parametrize("texte", ["60", "60/30", "60/30/deux", ""])
def test_des_delais_mal_ecrits_sont_refuses(texte: str):
    with pytest.raises(ValueError, match="60/30/120"):
        Delais.lire(texte)
