"""An extract or counts that are put in force behind the program's back are found, and named."""

from datetime import timedelta
from pathlib import Path

import pytest

from segurnum.annuaire_sante import jugements, propositions, services
from segurnum.annuaire_sante.tests.fichiers import charger, fournir
from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil
from segurnum.essais import usines
from segurnum.essais.falsifications import de_force
from segurnum.installation.tests.test_falsifications import anomalies
from segurnum.regles.calendrier import maintenant
from segurnum.regles.cycles_annuaire import GesteExtrait

pytestmark = [pytest.mark.django_db, pytest.mark.exigence("GST-028", "GST-032")]

UN = "un.mssante.example"


def _agent() -> object:
    return auteur(usines.utilisateur(Profil.GESTIONNAIRE))


@pytest.fixture
def retenu(tmp_path: Path) -> int:
    """An extract that counts, one that waits, one that was set aside, and counts that were confirmed."""
    numero = usines.referencement("MSS-MSS").numero_ans
    services.rattacher_domaine(numero_ans=numero, domaine=UN, auteur=_agent())  # type: ignore[arg-type]
    boites = [("PER", f"p{rang}@{UN}") for rang in range(20)]
    jadis = maintenant() - timedelta(days=9)
    charger(tmp_path, *boites, au=jadis)
    ecarte = charger(tmp_path, *boites[:5], au=jadis + timedelta(hours=1))
    jugements.juger(
        extrait=ecarte.pk,
        geste=GesteExtrait.ECARTER,
        motif="Coupé",
        auteur=_agent(),  # type: ignore[arg-type]
    )
    chemin = tmp_path / "comptages.csv"
    chemin.write_text(f"domaine;nombre;date;source\n{UN};100;01/06/2026;ANS\n", encoding="utf-8")
    fournir(chemin)
    propositions.proposer(cellules=[UN, "900", "02/06/2026", "ANS"], auteur=_agent())  # type: ignore[arg-type]
    return charger(tmp_path, *boites[:9], au=jadis + timedelta(hours=2)).pk


def test_des_comptes_tenus_honnetement_se_verifient_sans_anomalie(retenu: int) -> None:
    assert not [dite for dite in anomalies() if "Annuaire" in dite or "Comptages" in dite]


def test_un_extrait_mis_en_vigueur_par_la_base_est_trouve(retenu: int) -> None:
    de_force(f"UPDATE annuaire_sante_extrait SET statut = 'EN_VIGUEUR' WHERE id = {retenu}")
    assert (
        f"Extrait de l'Annuaire Santé {retenu}, statut : le journal dit « RETENU », la table dit « EN_VIGUEUR »."
        in anomalies()
    )


def test_des_adresses_comptees_autrement_et_des_comptages_confirmes_de_force_aussi(retenu: int) -> None:
    de_force(f"UPDATE annuaire_sante_extrait SET nombre_adresses = 12 WHERE id = {retenu}")
    de_force("UPDATE annuaire_sante_propositioncomptages SET statut = 'REFUSES' WHERE statut = 'CONFIRMES'")
    dites = "\n".join(anomalies())
    assert "nombre d'adresses : le journal dit « 9 », la table dit « 12 »" in dites
    assert "le journal dit « CONFIRMES », la table dit « REFUSES »" in dites
